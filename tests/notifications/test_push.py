"""Web push: readable for one browser only, sent to push services only, forgotten when the browser is gone."""

import json
from datetime import timedelta
from hashlib import sha256

import http_ece
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from django.core.management import call_command
from django.utils import timezone

from ecosystem.scope import open_scope
from notifications.checks import push_key_can_be_read
from notifications.exceptions import NotificationsError
from notifications.models import Channel, Notice, Push, PushDevice, PushState
from notifications.push_endpoints import EndpointError, endpoint_check, endpoint_post
from notifications.registry import Group, NoticeKind, Urgency, notice_kinds
from notifications.services import choices_save, device_add, notices_seen, notify, push_send_due, push_send_one
from notifications.webpush import (
    KeyFormatError,
    decoded,
    encoded,
    encrypt,
    new_private_key,
    private_key,
    public_text,
    receiver_key,
)

pytestmark = pytest.mark.django_db
KIND = "test-push"
if KIND not in notice_kinds:
    notice_kinds.register(
        KIND,
        NoticeKind(
            KIND,
            "Tea time",
            "tea",
            "A test.",
            group=Group.DATES,
            urgency=Urgency.NOW,
            channels=frozenset(Channel.values),
        ),
    )
FCM = "https://fcm.googleapis.com/fcm/send/abc"


@pytest.fixture(autouse=True)
def _key(settings):
    settings.VAPID_KEY = new_private_key()


class Browser:
    """What a browser keeps to itself; the reader of RFC 8188 and 8291 is Mozilla's, not ours."""

    def __init__(self) -> None:
        self.private, self.secret = ec.generate_private_key(ec.SECP256R1()), b"sixteen byte key"
        self.p256dh, self.auth = public_text(self.private), encoded(self.secret)

    def read(self, body: bytes) -> dict:
        plain = http_ece.decrypt(body, private_key=self.private, auth_secret=self.secret, version="aes128gcm")
        return json.loads(plain)


def subscribe(who, endpoint, browser=None, label="Firefox, Linux"):
    browser = browser or Browser()
    with open_scope(environment_id=who.environment_id):
        return device_add(
            person_id=who.person_id, endpoint=endpoint, p256dh=browser.p256dh, auth=browser.auth, label=label
        )


def tell(who, key="tea", **facts):
    with open_scope(environment_id=who.environment_id):
        return notify(person_id=who.person_id, key=key, kind=KIND, title="Secret words", href="/memo/", **facts)


def pushes(env):
    with open_scope(environment_id=env.pk):
        return list(Push.objects.order_by("pk"))


def test_the_example_of_rfc_8291():
    """Appendix A, to the byte."""
    sealed = encrypt(
        b"When I grow up, I want to be a watermelon",
        p256dh="BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
        auth="BTBZMqHH6r4Tts7J_aSIgg",
        salt=decoded("DGv6ra1nlYgDCS1FRnbzlw"),
        ephemeral=private_key("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"),
    )
    assert encoded(sealed) == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_"
        "yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )


def test_a_push_reaches_its_browser_and_names_the_kind_only(env, member, push_service, settings):
    who, browser = member(), Browser()
    subscribe(who, f"{push_service.origin}/one", browser)
    notice = tell(who)
    assert [push_send_due(), push_send_due()] == [1, 0]
    ((path, headers, body),) = push_service.got
    assert path == "/one"
    assert b"Secret" not in body
    assert browser.read(body) == {
        "web_push": 8030,
        "notification": {
            "title": "Tea time",
            "body": "Alpha",
            "lang": "en",
            "tag": f"notice-{notice.pk}",
            "navigate": f"http://alpha.localhost:8000/notices/{notice.pk}/open/",
        },
    }
    assert (headers["Content-Encoding"], headers["TTL"]) == ("aes128gcm", "86400")
    token, public = headers["Authorization"].removeprefix("vapid t=").split(", k=")
    signed, signature = token.rsplit(".", 1)
    raw = decoded(signature)
    der = encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
    receiver_key(public).verify(der, signed.encode(), ec.ECDSA(hashes.SHA256()))
    claims = json.loads(decoded(signed.split(".")[1]))
    assert claims["aud"] == push_service.origin
    assert claims["sub"].startswith("mailto:")
    assert 0 < claims["exp"] - timezone.now().timestamp() < 24 * 3600
    assert pushes(env)[0].state == PushState.SENT


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_is_gone_is_forgotten(env, member, push_service, status):
    who = member()
    subscribe(who, f"{push_service.origin}/gone")
    subscribe(who, f"{push_service.origin}/here")
    tell(who)
    push_service.replies = [(status, {})]
    assert push_send_due() == 1
    with open_scope(environment_id=env.pk):
        assert [device.endpoint[-5:] for device in PushDevice.objects.all()] == ["/here"]
        assert Push.objects.count() == 1


def test_later_please_is_tried_again_and_no_is_no(env, member, push_service):
    who = member()
    subscribe(who, f"{push_service.origin}/x")
    tell(who)
    push_service.replies = [(429, {"Retry-After": "600"}), (413, {})]
    assert push_send_due() == 0
    (push,) = pushes(env)
    assert push.state == PushState.WAITING
    assert push.due_at > timezone.now() + timedelta(seconds=550)
    for _time in range(2):
        with open_scope(environment_id=env.pk):
            Push.objects.filter(state=PushState.WAITING).update(due_at=timezone.now())
        assert push_send_due() == 0
    assert (pushes(env)[0].state, len(push_service.got)) == (PushState.FAILED, 2)


def test_a_service_that_is_away_is_tried_five_times(env, member, push_service):
    who = member()
    subscribe(who, f"{push_service.origin}/x")
    tell(who)
    push_service.server.shutdown()
    push_service.server.server_close()
    for _time in range(6):
        with open_scope(environment_id=env.pk):
            Push.objects.filter(state=PushState.WAITING).update(due_at=timezone.now())
        assert push_send_due() == 0
    assert (pushes(env)[0].state, pushes(env)[0].attempts) == (PushState.FAILED, 5)


def test_a_worker_that_died_and_two_workers(env, member, push_service):
    who = member()
    subscribe(who, f"{push_service.origin}/x")
    tell(who)
    (push,) = pushes(env)
    assert [push_send_one(environment_id=env.pk, push_id=push.pk) for _worker in range(2)] == [True, False]
    with open_scope(environment_id=env.pk):
        Push.objects.update(state=PushState.CLAIMED, claimed_at=timezone.now() - timedelta(minutes=11))
    push_send_due()
    assert push_send_due() == 1, "again: the tag makes it one on the device"


def test_seen_or_unwanted_or_no_key_is_no_push(env, other, member, push_service, settings):
    who, stranger = member(), member(environment=other)
    subscribe(who, f"{push_service.origin}/x")
    subscribe(stranger, f"{push_service.origin}/x")
    tell(who, "seen")
    with open_scope(environment_id=env.pk):
        notices_seen(person_id=who.person_id)
    assert push_send_due() == 0
    with open_scope(environment_id=env.pk):
        choices_save(person_id=who.person_id, wanted={KIND: {Channel.APP}})
    tell(who, "unwanted")
    settings.VAPID_KEY = ""
    with open_scope(environment_id=env.pk):
        choices_save(person_id=who.person_id, wanted={KIND: {Channel.APP, Channel.PUSH}})
    tell(who, "no key")
    assert len(pushes(env)) == 1
    assert push_service.got == []


def test_the_same_browser_is_one_device_of_whoever_asked_last(env, member):
    first, second = member(), member()
    subscribe(first, FCM)
    subscribe(second, FCM)
    with open_scope(environment_id=env.pk):
        assert PushDevice.objects.get().person_id == second.person_id
    for number in range(11):
        subscribe(first, f"{FCM}{number}")
    with open_scope(environment_id=env.pk):
        assert PushDevice.objects.filter(person_id=first.person_id).count() == 10


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://fcm.googleapis.com/x",
        "https://fcm.googleapis.com:8443/x",
        "https://u:p@fcm.googleapis.com/x",
        "https://fcm.googleapis.com.evil.example/x",
        "https://evilfcm.googleapis.com/x",
        "https://127.0.0.1/x",
        "https://[::1]/x",
        "https://169.254.169.254/latest/",
        "https://0x7f000001/",
        "https://push.apple.com/x",
        "file:///etc/passwd",
        "gopher://fcm.googleapis.com/",
        "https://fcm.googleapis.com:99999/",
        "not an address",
        "",
    ],
)
def test_only_push_services_are_sent_to(env, member, endpoint):
    with pytest.raises(EndpointError):
        endpoint_check(endpoint)
    with pytest.raises(NotificationsError):
        subscribe(member(), endpoint)


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "10.1.2.3", "169.254.169.254", "::1", "fd00::1", "::ffff:10.0.0.1", "0.0.0.0"]
)
def test_a_name_that_leads_inside_is_refused_when_it_is_used(env, member, monkeypatch, address):
    """The name is fine and so was the address yesterday: judged once more, and connected to what was judged."""
    import socket

    who = member()
    subscribe(who, FCM)
    tell(who)
    connected = []
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda *args, **more: [(2, 1, 6, "", (address, 443)), (2, 1, 6, "", ("8.8.8.8", 443))]
    )
    monkeypatch.setattr(socket, "create_connection", lambda *args, **more: connected.append(args))
    with pytest.raises(EndpointError):
        endpoint_post(FCM, body=b"", headers={})
    assert push_send_due() == 0
    assert connected == []


def test_a_public_address_is_pinned(monkeypatch):
    import socket

    connected = []

    def connect(address, *_args, **_more):
        connected.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **more: [(2, 1, 6, "", ("8.8.8.8", 443))])
    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(ConnectionRefusedError):
        endpoint_post(FCM, body=b"", headers={})
    assert connected == [("8.8.8.8", 443)]


@pytest.mark.parametrize("bad", ["", "abc", "A" * 87, "****"])
def test_keys_that_are_none(env, member, bad):
    who = member()
    with open_scope(environment_id=env.pk), pytest.raises(NotificationsError):
        device_add(person_id=who.person_id, endpoint=FCM, p256dh=bad, auth=Browser().auth, label="")
    with open_scope(environment_id=env.pk), pytest.raises(NotificationsError):
        device_add(person_id=who.person_id, endpoint=FCM, p256dh=Browser().p256dh, auth=bad, label="")


def test_the_key_of_the_installation(settings, capsys):
    call_command("make_push_key")
    made = capsys.readouterr().out.strip().removeprefix("GROVE_VAPID_KEY=")
    assert private_key(made)
    settings.VAPID_KEY = "nonsense"
    assert [error.id for error in push_key_can_be_read()] == ["notifications.E001"]
    for broken in ("A" * 43, "_" * 43):
        with pytest.raises(KeyFormatError):
            private_key(broken)
    settings.VAPID_KEY = ""
    assert push_key_can_be_read() == []


def post(browser, browser_keys, endpoint):
    return browser.post(
        "/notices/devices/",
        {"endpoint": endpoint, "p256dh": browser_keys.p256dh, "auth": browser_keys.auth, "label": "Chrome"},
    )


def test_subscribing_and_leaving_by_the_page(env, member, browser_of, settings):
    who, neighbour = member(), member()
    browser, keys = browser_of(who), Browser()
    page = browser.get("/notices/preferences/").text
    assert "Turn on for this device" in page
    assert post(browser, keys, FCM).status_code == 201
    assert post(browser, keys, "https://evil.example/").json()["error"].startswith("This browser's push service")
    assert browser.post("/notices/devices/", {}).status_code == 400
    with open_scope(environment_id=env.pk):
        device = PushDevice.objects.get()
    page = browser.get("/notices/preferences/").text
    assert "Chrome" in page
    assert f'data-mark="{sha256(FCM.encode()).hexdigest()}"' in page  # by which the browser knows itself
    assert browser_of(neighbour).post(f"/notices/devices/{device.pk}/remove/").status_code == 404
    assert browser.get(f"/notices/devices/{device.pk}/remove/").status_code == 405
    assert browser.post(f"/notices/devices/{device.pk}/remove/", follow=True).status_code == 200
    with open_scope(environment_id=env.pk):
        assert not PushDevice.objects.exists()
    settings.VAPID_KEY = ""
    assert "Turn on for this device" not in browser.get("/notices/preferences/").text
    assert post(browser, keys, FCM).status_code == 404


def test_the_worker_has_a_scope_of_its_own(env, browser_of):
    answer = browser_of(env).get("/notices/sw.js")
    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert "notificationclick" in answer.text


def test_opening_a_push_is_seeing_the_notice(env, other, member, browser_of):
    mine, theirs = member(), member()
    notice, foreign = tell(mine), tell(theirs, "theirs")
    browser = browser_of(mine)
    answer = browser.get(f"/notices/{notice.pk}/open/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/memo/")
    assert browser.get(f"/notices/{foreign.pk}/open/").status_code == 404
    with open_scope(environment_id=env.pk):
        assert list(Notice.objects.filter(seen_at=None)) == [foreign]
