"""The audit log on the site: who may look, what is found, how an entry reads, and what a file of it holds."""

import csv
import io
import json
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ecosystem.audit_selectors import PER_PAGE
from ecosystem.models import AuditEntry, Role
from ecosystem.registry import audit_acts
from ecosystem.scope import open_scope
from ecosystem.services.audit import audit
from ecosystem.services.people import member_roles_set
from tests.guards.code import calls_of

pytestmark = pytest.mark.django_db
LOG = "/settings/audit/"


def acted(environment, *names, act="group.saved", by=None, at=None, **values):
    """An entry per name; with ``at`` as if it had been written then."""
    with open_scope(environment_id=environment.pk):
        for name in names:
            entry = AuditEntry(
                environment_id=environment.pk, at=at or timezone.now(), act=act, object_name=name,
                actor_id=by.person_id if by else None, actor_name=by.person.name if by else "", after=values,
            )  # fmt: skip
            entry.save(force_insert=True)
    return entry


@pytest.fixture
def admin(member):
    return member(Role.ADMIN, name="Ada Admin")


@pytest.fixture
def below(env, make_environment):
    return make_environment("ward", parent=env)


def names(page) -> list[str]:
    return [row["entry"].object_name for row in page.context["rows"]]


@pytest.mark.parametrize("role", [Role.LEARNER, Role.MANAGER, Role.GARDENER, Role.SPONSOR])
@pytest.mark.parametrize("path", [LOG, LOG + "1/"])
def test_only_administrators_look(member, browser_of, role, path):
    assert browser_of(member(role)).get(path).status_code == 404


def test_newest_first_and_nothing_of_strangers(env, other, admin, browser_of):
    acted(other, "CANARY")
    acted(env, "first", "second", by=admin)
    client = browser_of(admin)
    page = client.get(LOG)
    assert names(page) == ["second", "first"]
    assert "CANARY" not in page.text
    assert "Group made or changed: second" in page.text
    assert client.get(LOG, {"environment": "beta"}).status_code == 404
    foreign = acted(other, "CANARY")
    assert client.get(f"{LOG}{foreign.pk}/").status_code == 404
    assert client.get(f"{LOG}{2**70}/").status_code == 404


@pytest.mark.parametrize(
    ("wish", "found"),
    [
        ({"q": "night"}, ["Night shift"]),
        ({"q": "NIGHT shift"}, ["Night shift"]),
        ({"q": "hidden value"}, ["Roles of Jan"]),
        ({"q": "100%"}, []),
        ({"who": "ada"}, ["Roles of Jan"]),
        ({"act": "member.roles_set"}, ["Roles of Jan"]),
        ({"since": "2026-03-02"}, ["Night shift"]),
        ({"until": "2026-03-01"}, ["Roles of Jan"]),
        ({"since": "2026-03-01", "until": "2026-03-02"}, ["Night shift", "Roles of Jan"]),
        ({"since": "nonsense", "until": "2026-99-99", "actor": "x", "after": "y"}, ["Night shift", "Roles of Jan"]),
        ({"since": "0001-01-01", "until": "9999-12-31"}, ["Night shift", "Roles of Jan"]),
        ({"after": "999999999"}, []),
        ({"model": "ecosystem.group", "object": "7"}, []),
    ],
)
def test_found_by_words_people_acts_and_days(env, admin, browser_of, wish, found):
    local = ZoneInfo("Europe/Amsterdam")  # the environment's
    acted(
        env,
        "Roles of Jan",
        act="member.roles_set",
        by=admin,
        at=datetime(2026, 3, 1, 23, 30, tzinfo=local),
        note="hidden value",
    )
    acted(env, "Night shift", at=datetime(2026, 3, 2, 0, 30, tzinfo=local))
    assert names(browser_of(admin).get(LOG, wish)) == found


def test_everything_by_somebody_and_everything_about_something(env, admin, member, browser_of):
    jan = member(name="Jan")
    with open_scope(environment_id=env.pk, person_id=admin.person_id):
        member_roles_set(membership=jan, roles=[Role.AUTHOR], by=admin)
        entry = AuditEntry.objects.get()
    acted(env, "something else")
    client = browser_of(admin)
    page = client.get(f"{LOG}{entry.pk}/").text
    for query in (f"actor={admin.person_id}", f"model=ecosystem.membership&amp;object={jan.pk}"):
        assert f"{LOG}?{query}" in page
        assert names(client.get(LOG + "?" + query.replace("&amp;", "&"))) == ["Jan"]


def test_an_entry_reads_as_a_difference(env, admin, member, browser_of):
    jan = member(name="Jan <b>Bold</b>")
    with open_scope(environment_id=env.pk, person_id=admin.person_id):
        member_roles_set(membership=jan, roles=[Role.AUTHOR, Role.LEARNER], by=admin)
        entry = AuditEntry.objects.get()
    page = browser_of(admin).get(f"{LOG}{entry.pk}/")
    (one,) = page.context["differences"]
    assert (one.label, one.before, one.after) == ("Roles", "learner", "author, learner")
    assert "Roles changed" in page.text
    assert "Jan &lt;b&gt;Bold" in page.text


def test_values_of_any_form_can_be_read(env, admin, browser_of):
    entry = acted(
        env,
        "x",
        empty="",
        none=None,
        yes=True,
        moment="2026-03-01T10:00:00Z",
        tree={"deep": {"er": [1, 2]}},
        words="<script>",
    )
    page = browser_of(admin).get(f"{LOG}{entry.pk}/")
    found = {one.label: one.after for one in page.context["differences"]}
    assert found == {
        "Empty": "–", "None": "–", "Yes": "yes", "Moment": "1 March 2026, 11:00", "Tree: deep: er": "1, 2", "Words": "<script>",
    }  # fmt: skip
    assert "<script>" not in page.text.split("<main")[1].split("</main>")[0]


def test_administrators_look_below_and_not_above(env, below, admin, member, browser_of):
    acted(below, "Done below")
    acted(env, "Done here")
    client = browser_of(admin)
    assert names(client.get(LOG)) == ["Done here"]
    page = client.get(LOG, {"environment": "ward"})
    assert names(page) == ["Done below"]
    detail = client.get(LOG + page.context["rows"][0]["href"])
    assert "Done below" in detail.text
    assert client.get(f"{LOG}{page.context['rows'][0]['entry'].pk}/").status_code == 404
    there = browser_of(member(Role.ADMIN, environment=below))
    assert names(there.get(LOG)) == ["Done below"]
    assert there.get(LOG, {"environment": "alpha"}).status_code == 404


def test_pages_follow_without_gap_or_double_at_constant_cost(env, admin, browser_of):
    client = browser_of(admin)
    at = timezone.now()

    def cost(path=LOG):
        with CaptureQueriesContext(connection) as queries:
            page = client.get(path)
        return page, len(queries)

    acted(env, "n0", at=at)
    cost()
    _page, one = cost()
    acted(env, *(f"n{number}" for number in range(1, PER_PAGE + 7)), at=at)  # all at the same moment
    first, many = cost()
    assert many == one
    second, following = cost(LOG + first.context["next"])
    assert following == one + 1  # where the page begins
    assert len(names(first)) == PER_PAGE
    assert sorted(names(first) + names(second)) == sorted(f"n{number}" for number in range(PER_PAGE + 7))
    assert second.context["next"] == ""


def sent(client, **wish):
    answer = client.post(LOG + "export/", wish)
    assert answer.status_code == 200
    return answer, b"".join(answer.streaming_content).decode()


def test_csv_holds_what_was_searched_for_and_runs_no_formula(env, admin, browser_of):
    acted(env, "left out")
    acted(env, '=HYPERLINK("http://evil.example.org")', "@SUM(1)", by=admin, act="member.updated", cell="=1+1")
    answer, text = sent(browser_of(admin), kind="csv", act="member.updated")
    assert answer["Content-Disposition"].startswith('attachment; filename="audit-alpha-')
    assert text.startswith("\ufeff")
    rows = list(csv.DictReader(io.StringIO(text[1:], newline="")))
    assert [row["object_name"] for row in rows] == ["'@SUM(1)", '\'=HYPERLINK("http://evil.example.org")']
    assert json.loads(rows[0]["after"]) == {"cell": "=1+1"}
    assert rows[0]["actor"] == "Ada Admin"


def test_json_lines_hold_all_of_a_long_log(env, admin, browser_of, monkeypatch):
    monkeypatch.setattr("ecosystem.services.audit_exports.BATCH", 4)
    acted(env, *(f"n{number}" for number in range(11)), at=timezone.now() - timedelta(days=1))
    _answer, text = sent(browser_of(admin), kind="jsonl")
    rows = [json.loads(line) for line in text.splitlines()]
    assert [row["object_name"] for row in rows] == ["Alpha", *(f"n{number}" for number in reversed(range(11)))]
    assert rows[0]["act"] == "audit.exported"  # the file says of itself that it was made


def test_an_export_is_audited_where_the_rows_are_from(env, below, admin, browser_of):
    acted(below, "Done below", by=admin)
    _answer, text = sent(browser_of(admin), kind="jsonl", environment="ward", act="group.saved")
    assert [json.loads(line)["object_name"] for line in text.splitlines()] == ["Done below"]
    with open_scope(environment_id=below.pk):
        entry = AuditEntry.objects.get(act="audit.exported")
        assert (entry.actor_name, entry.after) == ("Ada Admin", {"format": "jsonl", "act": "group.saved"})
    with open_scope(environment_id=env.pk):
        assert not AuditEntry.objects.exists()


def test_what_cannot_be_exported(env, other, admin, member, browser_of):
    client = browser_of(admin)
    assert client.get(LOG + "export/").status_code == 405
    assert client.post(LOG + "export/", {"kind": "xml"}).status_code == 404
    assert client.post(LOG + "export/", {"kind": "csv", "environment": "beta"}).status_code == 404
    assert browser_of(member(Role.MANAGER)).post(LOG + "export/", {"kind": "csv"}).status_code == 404
    for place in (env, other):
        with open_scope(environment_id=place.pk):
            assert not AuditEntry.objects.exists()


def test_every_act_in_the_code_has_words():
    acts = {act for name in ("audit", "_audit", "_set", "_state") for act in calls_of(name, "act")}
    assert len(acts) > 40
    assert {act for act in acts if act not in audit_acts} == set()
    assert {act for act, _words in audit_acts.items() if act not in acts} == set()


def test_an_act_without_words_reads_as_it_is_written(env, admin, browser_of):
    with open_scope(environment_id=env.pk):
        audit(act="thing.of_the_past", by=None)
    assert "thing.of_the_past" in browser_of(admin).get(LOG).text
