"""Abuse cases A54 to A57: no address that somebody named is a way into our own network."""

import ipaddress
import socket
import time

import pytest
import requests

from ecosystem.outbound import (
    GuardedSession,
    UnsafeAddressError,
    asking,
    is_public,
    post,
    posting,
    resolve_target,
    target_of,
)
from tests.api.receiver import receiver

PRIVATE = [
    "127.0.0.1", "127.9.9.9", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
    "192.0.2.1", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "::", "::1", "fe80::1", "fec0::1", "fc00::1",
    "fd00:ec2::254", "ff02::1", "2001:db8::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::a9fe:a9fe",
    "64:ff9b::7f00:1", "2002:7f00:1::", "2002:a00:1::", "2001:0:0:0:0:0:80ff:fffe",
]  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
def test_a54_private_addresses(address):
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_public_addresses(address):
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/", "ftp://example.org/", "file:///etc/passwd", "gopher://example.org/", "//example.org/",
        "https:///x", "https://user:pw@example.org/", "https://example.org:22/", "https://example.org:99999/",
        "https://ex\u0430mple.org/", "https://example.org/a b", "https://example.org/\r\nHost: x", "javascript:1", "",
    ],
)  # fmt: skip
def test_a54_addresses_of_another_form(url):
    with pytest.raises(UnsafeAddressError):
        target_of(url)


@pytest.mark.parametrize(
    "host", ["localhost", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "0", "[::]"]
)
def test_a54_this_machine_in_other_words(host):
    with pytest.raises(UnsafeAddressError):
        resolve_target(target_of(f"https://{host}/"))


def test_a55_a_name_that_answers_differently_the_second_time(monkeypatch):
    """The first answer is looked at and connected to; there is no second question."""
    asked, connected = [], []

    def answer(host, *_args, **_kwargs):
        asked.append(host)
        address = "93.184.216.34" if len(asked) == 1 else "127.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443))]

    def connect(address, *_args, **_kwargs):
        connected.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "getaddrinfo", answer)
    monkeypatch.setattr(socket, "create_connection", connect)
    assert post(url="https://rebind.example.org/", body=b"{}", headers={}).status == 0
    assert asked == ["rebind.example.org"]
    assert connected == [("93.184.216.34", 443)]


def test_a55_one_private_address_among_public_ones(monkeypatch):
    both = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, 443)) for one in ("93.184.216.34", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_kwargs: both)
    with pytest.raises(UnsafeAddressError):
        resolve_target(target_of("https://two.example.org/"))


def test_a55_redirects_are_not_followed(settings):
    settings.WEBHOOKS_TO_THIS_MACHINE = True
    with receiver() as site:
        site.status, site.location = 302, site.url
        outcome = post(url=site.url, body=b"{}", headers={})
        assert (outcome.status, outcome.is_success) == (302, False)
        assert len(site.messages) == 1


def test_a56_an_answer_that_never_ends(settings, monkeypatch):
    settings.WEBHOOKS_TO_THIS_MACHINE = True
    monkeypatch.setattr(posting, "TOTAL_SECONDS", 0.6)
    with receiver() as site:
        site.status, site.drip = 200, 0.05
        start = time.monotonic()
        post(url=site.url, body=b"{}", headers={})
        assert time.monotonic() - start < 3


@pytest.mark.parametrize("part", ["drip", "drip_headers"])
def test_a56_no_provider_is_listened_to_for_ever(settings, monkeypatch, part):
    """Each byte comes within the timeout of the socket. Control: with a later end it is still listened to."""
    with receiver() as site:
        settings.ISSUERS_INSIDE = [site.url.split("/")[2]]
        site.status = 200
        setattr(site, part, 0.05)
        for seconds in (0.3, 1.0):
            monkeypatch.setattr(asking, "TOTAL_SECONDS", seconds)
            start = time.monotonic()
            with pytest.raises(requests.RequestException):
                GuardedSession().post(site.url, data=b"x")
            assert seconds <= time.monotonic() - start < seconds + 3


def test_in_production_this_machine_is_closed(settings):
    assert settings.WEBHOOKS_TO_THIS_MACHINE is False
    with receiver() as site:
        assert post(url=site.url, body=b"{}", headers={}).error
        assert post(url=site.url.replace("http", "https"), body=b"{}", headers={}).error
        assert site.messages == []


def test_a57_no_redirect_takes_a_secret_along(settings):
    """The session that asks identity providers goes nowhere else, whatever the answer says."""
    with receiver() as named, receiver() as elsewhere:
        settings.ISSUERS_INSIDE = [named.url.split("/")[2], elsewhere.url.split("/")[2]]
        named.status, named.location = 302, elsewhere.url
        answer = GuardedSession().post(named.url, data=b"x", headers={"Authorization": "Basic canary"})
        assert answer.status_code == 302
        assert len(named.messages) == 1
        assert elsewhere.messages == []


def test_a55_a_name_that_leads_inside_is_not_connected_to(settings, monkeypatch):
    """Not even to look who answers: open ports inside are nobody's business."""
    settings.ISSUERS_INSIDE = []
    connected = []
    both = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, 443)) for one in ("93.184.216.34", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_kwargs: both)
    monkeypatch.setattr(socket, "create_connection", lambda *args, **_more: connected.append(args))
    with pytest.raises(requests.ConnectionError, match="private network"):
        GuardedSession().get("https://two.example.org/")
    assert connected == []
