"""Settings that inherit: what holds where, what a change does below, who may, and that the code reads them."""

import pytest
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.backends.db import SessionStore
from django.db import transaction
from django.test import RequestFactory
from hypothesis import given, settings
from hypothesis import strategies as st

from catalogue.exceptions import CatalogueError
from catalogue.services import offer_make, offer_take
from ecosystem.environment_forms import SettingForm
from ecosystem.exceptions import EcosystemError
from ecosystem.hosts import forget_hosts
from ecosystem.models import AuditEntry, Environment, EnvironmentSetting, Role
from ecosystem.post import sender_of
from ecosystem.scope import open_scope
from ecosystem.services.elements import element_create
from ecosystem.services.entering import environment_enter
from ecosystem.services.environments import environment_create
from ecosystem.services.people import member_add
from ecosystem.services.settings import setting_save
from ecosystem.setting_kinds import setting_kinds, setting_of
from ecosystem.setting_tree import Own, effects_of, resolve, settings_here
from notifications.selectors import preference_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def tree(env, make_environment):
    """env above left and right, leaf below left."""
    left = make_environment("left", parent=env)
    return {
        "env": env,
        "left": left,
        "right": make_environment("right", parent=env),
        "leaf": make_environment("leaf", parent=left),
    }


@pytest.fixture
def save(member):
    """``save(environment, key, value, locked=False)`` as an administrator of that environment."""

    def act(environment, key, value, *, locked=False, by=None):
        with open_scope(environment_id=environment.pk):
            own = None if value is None else Own(value, locked)
            by = by or member(Role.ADMIN, environment=environment, email=f"admin@{environment.slug}.example.org")
            return setting_save(key=key, own=own, by=by)

    return act


def come_to(tree, key):
    return {name: setting_of(Environment.objects.get(pk=row.pk), key) for name, row in tree.items()}


def test_the_nearest_own_value_holds(tree, save, other):
    save(tree["env"], "session_days", 7)
    assert come_to(tree, "session_days") == {"env": 7, "left": 7, "right": 7, "leaf": 7}
    save(tree["left"], "session_days", 3)
    assert come_to(tree, "session_days") == {"env": 7, "left": 3, "right": 7, "leaf": 3}
    assert [one.name for one in save(tree["env"], "session_days", 9)] == ["Alpha", "Right"]
    save(tree["left"], "session_days", None)
    assert come_to(tree, "session_days") == {"env": 9, "left": 9, "right": 9, "leaf": 9}
    assert setting_of(Environment.objects.get(pk=other.pk), "session_days") == 14


def test_a_lock_holds_below_and_gives_own_values_back(tree, save):
    save(tree["left"], "language", "nl")
    save(tree["env"], "language", "en", locked=True)
    assert set(come_to(tree, "language").values()) == {"en"}
    with pytest.raises(EcosystemError, match="Alpha has locked"):
        save(tree["leaf"], "language", "nl")
    line = next(line for line in settings_here(environment_id=tree["leaf"].pk) if line.kind.key == "language")
    assert (line.is_locked, line.source_name, line.is_here) == (True, "Alpha", False)
    save(tree["env"], "language", "en")
    assert come_to(tree, "language") == {"env": "en", "left": "nl", "right": "en", "leaf": "nl"}


def test_what_would_change_says_who_keeps_theirs_and_writes_nothing(tree, save):
    save(tree["left"], "digest", "daily")
    effects = effects_of(environment_id=tree["env"].pk, key="digest", own=Own("daily"))
    assert [(one.name, one.changes, one.keeps_own) for one in effects] == [
        ("Alpha", True, False), ("Left", False, True), ("Right", True, False), ("Leaf", False, False),
    ]  # fmt: skip
    assert EnvironmentSetting.objects.filter(environment=tree["env"]).count() == 0


@settings(max_examples=40, deadline=None)
@given(st.lists(st.one_of(st.none(), st.builds(Own, st.integers(0, 3), st.booleans())), max_size=6))
def test_resolving_is_the_highest_lock_else_the_deepest_value(owns):
    locked = [own.value for own in owns if own and own.locked]
    values = [own.value for own in owns if own]
    held = resolve(default=9, chain=enumerate(owns))
    assert held.value == (locked or values[::-1] or [9])[0]
    assert (held.locked_by_id is not None) == bool(locked)


@settings(max_examples=8, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.sampled_from([None, 1, 2, 3]), st.booleans()), min_size=1, max_size=6))
def test_what_is_kept_is_always_what_the_rows_say(steps):
    with transaction.atomic():
        places = []
        for number in range(4):
            above = places[(number - 1) // 2] if number else None
            places.append(
                environment_create(slug=f"p{number}", name=f"P{number}", hosts=[f"p{number}.test"], parent=above)
            )
        for at, value, locked in steps:
            with open_scope(environment_id=places[at].pk):
                by = member_add(email=f"a{at}@example.org", name="A", roles=[Role.ADMIN])
                try:
                    setting_save(key="session_days", own=None if value is None else Own(value, locked), by=by)
                except EcosystemError as refusal:
                    assert "locked" in str(refusal)
        for place in places:
            line = next(li for li in settings_here(environment_id=place.pk) if li.kind.key == "session_days")
            assert setting_of(Environment.objects.get(pk=place.pk), "session_days") == line.held.value
        transaction.set_rollback(True)


def test_a_new_subenvironment_begins_with_what_is_above(tree, save, make_environment):
    save(tree["env"], "language", "nl")
    save(tree["env"], "mail_sender", "The Academy")
    below = make_environment("new", parent=tree["env"])
    assert (below.language, setting_of(below, "mail_sender")) == ("nl", "The Academy")
    own = make_environment("own", parent=tree["env"], language="en")
    save(tree["env"], "language", "nl", locked=True)
    assert come_to({"own": own}, "language") == {"own": "nl"}


@pytest.mark.parametrize(
    ("key", "wrong"),
    [("language", "xx"), ("time_zone", "Mars/Base"), ("session_days", 0), ("session_days", "7"), ("people_limit", -1),
     ("mail_sender", "a\r\nBcc: b"), ("sign_in_methods", ["magic"]), ("self_enrolment", "maybe"), ("nothing", 1)],
)  # fmt: skip
def test_what_is_no_value_is_refused(env, save, key, wrong):
    with pytest.raises(EcosystemError):
        save(env, key, wrong)
    assert EnvironmentSetting.objects.count() == 0


def test_every_usual_value_is_a_value():
    assert [kind.key for kind in setting_kinds if not kind.accepts(kind.default)] == []


def test_only_administrators_and_limits_only_from_above(tree, save, member):
    for role in (Role.LEARNER, Role.MANAGER, Role.GARDENER):
        with pytest.raises(EcosystemError):
            save(tree["env"], "digest", "daily", by=member(role))
    with pytest.raises(EcosystemError):
        save(tree["left"], "people_limit", 500)
    above = member(Role.ADMIN)
    with open_scope(environment_id=tree["left"].pk, person_id=above.person_id):
        setting_save(key="people_limit", own=Own(5), by=environment_enter(person=above.person))
    assert come_to(tree, "people_limit") == {"env": 0, "left": 5, "right": 0, "leaf": 5}


def test_the_code_reads_them(env, save, member, browser_of, settings):
    settings.DEFAULT_FROM_EMAIL = "Grove <no-reply@example.org>"
    assert sender_of(env) == settings.DEFAULT_FROM_EMAIL
    save(env, "mail_sender", "The Academy")
    save(env, "digest", "daily")
    save(env, "self_enrolment", False)
    save(env, "session_days", 2)
    learner = member()
    request = RequestFactory().get("/")
    request.environment, request.session = Environment.objects.get(pk=env.pk), SessionStore()
    with open_scope(environment_id=env.pk, person_id=learner.person_id):
        user_logged_in.send(sender=Environment, request=request, user=learner.person)
    assert request.session.get_expiry_age() == 2 * 24 * 3600
    assert sender_of(Environment.objects.get(pk=env.pk)) == "The Academy <no-reply@example.org>"
    with open_scope(environment_id=env.pk):
        assert preference_of(person_id=learner.person_id).digest == "daily"
        course = element_create(kind="course", title="Course", creators=[learner.person])
        offer = offer_make(element=course)
        with pytest.raises(CatalogueError, match="by yourself here"):
            offer_take(offer=offer, person=learner.person)


def test_the_page_says_value_source_and_lock(tree, save, member, browser_of):
    save(tree["env"], "language", "nl", locked=True)
    forget_hosts()
    page = browser_of(member(Role.ADMIN, environment=tree["left"])).get("/settings/", HTTP_ACCEPT_LANGUAGE="en").text
    assert "Alpha" in page
    assert page.count("/settings/values/") == len(list(setting_kinds)) - 1


def test_saving_upstream_asks_first_and_then_does_it(tree, save, member, browser_of):
    save(tree["left"], "digest", "daily")
    client = browser_of(member(Role.ADMIN))
    typed = {"own": "own", "value": "daily", "locked": ""}
    answer = client.post("/settings/values/digest/", typed)
    assert "What would change" in answer.text
    assert come_to(tree, "digest")["right"] == "weekly"
    assert client.post("/settings/values/digest/", {**typed, "confirmed": "1"}).status_code == 302
    assert come_to(tree, "digest")["right"] == "daily"
    with open_scope(environment_id=tree["env"].pk):
        assert AuditEntry.objects.get(act="setting.changed").after["digest"] == "daily"
    assert client.post("/settings/values/digest/", {"own": "own", "value": "hourly"}).status_code == 200
    assert client.get("/settings/values/nothing/").status_code == 404


@pytest.mark.parametrize("role", [Role.LEARNER, Role.MANAGER, Role.SPONSOR])
def test_pages_are_not_there_for_others(member, browser_of, role):
    client = browser_of(member(role))
    assert client.get("/settings/").status_code == client.get("/settings/values/digest/").status_code == 404


@pytest.mark.parametrize("count", [1, 5])
def test_the_list_costs_the_same_for_any_number_of_values(
    env, save, member, browser_of, django_assert_num_queries, count
):
    for key, value in list(
        {"digest": "daily", "session_days": 3, "mail_sender": "X", "people_limit": 9, "language": "nl"}.items()
    )[:count]:
        save(env, key, value)
    client = browser_of(member(Role.ADMIN))
    with django_assert_num_queries(9):
        client.get("/settings/")


def test_a_typed_value_wins_whichever_is_ticked(tree, save, member, browser_of):
    save(tree["env"], "session_days", 7)
    client, key = browser_of(member(Role.ADMIN, environment=tree["right"])), "session_days"
    address = f"/settings/values/{key}/"
    assert client.post(address, {"own": "above", "value": "7"}).status_code == 302
    assert come_to(tree, key)["right"] == 7
    with open_scope(environment_id=tree["right"].pk):
        assert not EnvironmentSetting.objects.filter(environment=tree["right"], key=key).exists()
    assert client.post(address, {"own": "above", "value": "9"}).status_code == 302
    assert come_to(tree, key)["right"] == 9
    assert client.post(address, {"own": "above", "value": "9"}).status_code == 302
    assert come_to(tree, key)["right"] == 7


def test_what_a_page_shows_counts_as_typed_for_no_setting(tree):
    with open_scope(environment_id=tree["left"].pk):
        for line in settings_here(environment_id=tree["left"].pk):
            shown = SettingForm(line=line, above="", has_below=False)["value"].value()
            sent = {} if shown in (None, False) else {"value": "on" if shown is True else shown}
            form = SettingForm({"own": "above", **sent}, line=line, above="", has_below=False)
            assert form.is_valid(), line.kind.key
            assert form.result is None, line.kind.key
