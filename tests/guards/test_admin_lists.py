"""Every list of the admin: searched, taken along as a file, nothing of others, and no query per row."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator

import pytest
from django.contrib import admin
from django.contrib.admin.templatetags.admin_list import results
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ecosystem.admin_rows import ScopedChangeList
from ecosystem.admin_site import ScopedAdmin
from ecosystem.admin_words import WORDS, nameless
from ecosystem.models import AuditEntry, Membership
from ecosystem.scope import open_scope
from ecosystem.services.elements import element_create
from tests.assessments.answering import make_assessment
from tests.guards.cross_arena import arena
from tests.guards.scene import Scene, scene_make
from tests.guards.twins import CANARY

VALUES = re.compile(r"\b\d+\b|'[^']*'")
FREE = ("SAVEPOINT", "RELEASE", "SELECT set_config")
# Lists in which there is nothing to search for, each with its reason.
UNSEARCHED = {
    "gardening.charter": "one row",
    "memotrainer.card": "answers of people, looked at by question or date",
    "memotrainer.review": "answers of people, looked at by rating or date",
    "memotrainer.trainer": "one row a person",
    "memotrainer.ease": "sums by question",
    "memotrainer.fit": "history of fits, looked at by date",
    "memotrainer.profile": "one row a person",
    "memotrainer.questionreport": "open reports, looked at by date",
    "memotrainer.training": "one row a course",
    "memotrainer.withdrawal": "answers taken back, looked at by date",
    "notifications.push": "follows its notice",
}


def lists() -> list[ScopedAdmin]:
    return [view for view in admin.site._registry.values() if isinstance(view, ScopedAdmin)]


def address(view: ScopedAdmin) -> str:
    return f"/admin/{view.model._meta.label_lower.replace('.', '/')}/"


def administrator(scene: Scene) -> Client:
    client = Client(HTTP_HOST=scene.attacker.host)
    client.cookies["session"] = scene.attacker.sessions["admin"]
    return client


def repeated(queries: list[dict[str, str]]) -> list[str]:
    """Statements that were run several times with other values."""
    seen = Counter(VALUES.sub("?", query["sql"]) for query in queries if not query["sql"].startswith(FREE))
    return [sql[:300] for sql, times in seen.items() if times > 1]


@pytest.fixture
def scene(django_db_setup, django_db_blocker) -> Iterator[Scene]:
    with django_db_blocker.unblock(), arena(scene_make) as made:
        yield made


def test_all_lists(scene):
    client = administrator(scene)
    looked_at = 0
    for view in lists():
        label, path = view.model._meta.label_lower, address(view)
        count = len(scene.attacker.rows[view.model._meta.label])
        assert bool(view.search_fields) != (label in UNSEARCHED), label
        # Before queries are counted, which are fewer the second time.
        assert client.get(path, {"q": "a 1 %"} if view.search_fields else {}).status_code == 200, path
        with CaptureQueriesContext(connection) as queries:
            page = client.get(path)
        assert page.status_code == 200, path
        if count > 1:
            assert repeated(list(queries)) == [], path
            looked_at += 1
        ids = scene.attacker.ids(view.model._meta.label) + scene.victim.ids(view.model._meta.label)
        answer = client.post(path, {"action": "export_csv", "_selected_action": ids, "index": "0"})
        assert answer["Content-Type"].startswith("text/csv"), path
        text = answer.content.decode()
        assert CANARY not in text, path
        rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
        assert len(rows) == count + 1, path
    print(f"\n{len(lists())} lists, {looked_at} with several rows")
    assert len(lists()) > 20
    assert looked_at > 15
    with open_scope(environment_id=scene.attacker.environment.pk):
        assert AuditEntry.objects.filter(act="list.exported").count() == len(lists())


def test_rows_and_what_they_point_at_are_those_of_django(scene):
    """As when the database joins them, cell by cell."""
    client = administrator(scene)
    looked_at = 0
    for view in lists():
        path = address(view)
        changes = client.get(path).context_data["cl"]
        assert isinstance(changes, ScopedChangeList), path
        written = ["".join(row) for row in results(changes)]
        with open_scope(environment_id=scene.attacker.environment.pk):
            joined = changes.queryset.select_related(*view.list_select_related or ())
            assert changes.result_count == joined.count(), path
            changes.result_list = list(joined[: view.list_per_page])
            assert written == ["".join(row) for row in results(changes)], path
            for row in changes.result_list:
                assert admin.ModelAdmin.action_checkbox(view, row) == view.action_checkbox(row), path
        looked_at += len(written)
    assert looked_at > 40


def test_the_pages_of_a_list_hold_each_row_once(scene, monkeypatch):
    client = administrator(scene)
    path, view = "/admin/ecosystem/membership/", admin.site._registry[Membership]
    whole = client.get(path).context_data["cl"].result_list
    assert len(whole) > 2
    monkeypatch.setattr(view, "list_per_page", 2)
    seen = []
    for number in range(1, -(-len(whole) // 2) + 1):
        changes = client.get(path, {"p": number}).context_data["cl"]
        assert (changes.result_count, changes.multi_page) == (len(whole), True)
        seen += changes.result_list
    assert seen == whole
    assert client.get(path, {"all": ""}).context_data["cl"].result_list == whole
    assert client.get(path, {"p": 999}).status_code == 302


@pytest.mark.django_db
def test_a_garden_is_no_reason_to_see_what_single_people_did(member, browser_of):
    """Every list of rows about somebody is for who may see results, looks after people, or runs the place."""
    about_people = [view.model for view in lists() if {"person", "holder"} & {f.name for f in view.model._meta.fields}]
    assert len(about_people) > 12
    gardener, manager, admin_here = (browser_of(member(role)) for role in ("gardener", "manager", "admin"))
    for model in about_people:
        path = f"/admin/{model._meta.label_lower.replace('.', '/')}/"
        assert gardener.get(path).status_code in {403, 404}, path
        assert admin_here.get(path).status_code == 200, path
    for path in ("records/statement", "records/fact", "memotrainer/card", "certificates/certificate"):
        assert manager.get(f"/admin/{path}/").status_code == 200, path
    for path in ("ecosystem/element", "assessments/question", "records/delivery"):
        assert gardener.get(f"/admin/{path}/").status_code == 200, path


def test_a_query_per_row_would_be_found():
    rows = [{"sql": f'SELECT * FROM "person" WHERE id = {number}'} for number in (1, 22)]
    assert repeated(rows)
    assert not repeated(rows[:1])


def test_no_column_or_field_has_its_python_name_and_no_page_shows_what_opens_something():
    """For fields whose model gives them no words ``ecosystem.admin_words`` has some, and none too many."""
    shown, named = set(), set()
    for view in lists():
        fields = set(view.fields or {field.name for field in view.model._meta.fields})
        for model in (view.model, *(inline.model for inline in view.inlines)):
            named |= {field.name for field in nameless(model)}
        shown |= {field.name for field in nameless(view.model)} & fields - set(view.exclude or ()) - {"id"}
    assert shown - set(WORDS) == set()
    assert set(WORDS) - named == set()
    assert not shown & {"password_hash", "moderation_seed", "auth", "p256dh"}


def test_the_page_of_a_row_says_in_words_which_it_is(scene):
    """Not ``str(row)``, which stands in logs: numbers, and nobody's name."""
    client = administrator(scene)
    looked_at = 0
    for view in lists():
        path = address(view)
        if ids := scene.attacker.ids(view.model._meta.label):
            page = client.get(f"{path}{ids[0]}/change/")
            if page.status_code != 200:  # hidden from whoever may mark it: work without names
                continue
            looked_at += 1
            name = page.context_data["subtitle"]
            assert re.search(r"[^\W\d_]{3}", name), (path, name)
            assert not re.match(r"(trainer|memory|ease|report|card|training) (of|about|\d)", name), (path, name)
    assert looked_at > 30


@pytest.mark.django_db
def test_the_history_of_a_row_is_the_audit_log_for_whoever_may_read_that(env, member, browser_of):
    who, gardener = member("admin"), member("gardener")
    with open_scope(environment_id=env.pk):
        row = element_create(kind="external", title="Map", creators=[who.person], url="https://example.org")
        quiz = make_assessment("single")
    answer = browser_of(who).get(f"/admin/assessments/assessment/{quiz.pk}/history/")
    assert answer.headers["Location"].endswith(f"?model=ecosystem.element&object={quiz.element_id}")
    path = f"/admin/ecosystem/element/{row.pk}"
    assert f"{path}/history/" in browser_of(who).get(f"{path}/change/").text
    answer = browser_of(who).get(f"{path}/history/")
    assert answer.headers["Location"] == f"/settings/audit/?model=ecosystem.element&object={row.pk}"
    assert browser_of(who).get(answer.headers["Location"]).status_code == 200
    assert f"{path}/history/" not in browser_of(gardener).get(f"{path}/change/").text
    assert browser_of(gardener).get(f"{path}/history/").status_code == 404
    assert browser_of(who).get("/admin/ecosystem/element/999999/history/").status_code == 404
