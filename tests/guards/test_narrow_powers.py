"""A21 and A22: who was given one course or one group sees exactly that, on every page, in the admin and over the API.

One environment with everything in it, and a second course and group whose people carry a canary. Everything is asked for
by whoever holds all that can be given over the first course, over the first group, and over a group that nobody is in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import transaction
from django.test import Client
from django.utils import timezone

from assessments.models import Assessment, Attempt
from assessments.services import attempt_start
from courses.models import Enrolment
from courses.services import (
    enrolment_create,
    enrolments_create,
)
from courses.services.many import enrolment_withdraw
from ecosystem.exceptions import EcosystemError
from ecosystem.models import Delegation, Element, Group, GroupMember, Membership, Reach, Role
from ecosystem.scope import open_scope
from ecosystem.services.delegations import delegation_grant
from ecosystem.services.groups import group_delete, group_members_add
from ecosystem.services.people import member_add
from tests.guards.cross_arena import arena
from tests.guards.cross_attack import WITHOUT_ROWS
from tests.guards.cross_routes import Filler, routes
from tests.guards.narrow_scene import Holder, browser, scene_of_holders
from tests.guards.scene import scene_make
from tests.guards.twins import CANARY, Twin
from tests.remembering import Memory

# Pages that hold no row of others, and the public page of a certificate, which is for whoever has its number.
UNASKED = (
    *WITHOUT_ROWS,
    "verify/",
    "dev/",
    "accounts/",
    "oauth/",
    "i18n/",
    "theme/",
    "legal/",
    "static/",
    "me/",
    "invitations/",
)

ADMIN_PAGE = re.compile(r"admin/(\w+/\w+)/(.*)")  # of one model; its list has nothing behind

pytestmark = pytest.mark.xdist_group("narrow-powers")  # one scene, in one process


@pytest.fixture(scope="module")
def scene(django_db_setup, django_db_blocker) -> Iterator[tuple[Twin, dict[str, Holder]]]:
    with django_db_blocker.unblock(), arena(scene_of_holders, on=scene_make) as made:
        yield made


@pytest.fixture(autouse=True)
def _undone(scene) -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def crawl(twin: Twin, client: Client, memory: Memory, *, below: tuple[str, ...] = ("",)) -> tuple[int, int, list[str]]:
    """(routes, answers of 200, where the canary stood), over every address that can be read, with the newest rows.

    In the admin a list that is refused is followed by the page of a row only: the others refuse by the same rule.
    """
    filler, told, shown, asked, refused = Filler(twin), [], 0, 0, set()
    for route in routes():
        if route.template.startswith(UNASKED) or not route.template.startswith(below) or "GET" not in route.verbs:
            continue
        model, page = (
            ADMIN_PAGE.fullmatch(route.template).groups() if ADMIN_PAGE.fullmatch(route.template) else ("", "")
        )
        if model in refused and page != "<path:object_id>/change/":
            continue
        asked += 1
        fills = filler.real(route, twin) if route.parameters else [{}]
        for values in fills[-1:]:
            with memory.undone():
                answer = client.get(route.path(values), follow=False)
                body = answer.getvalue() if answer.streaming else answer.content
            shown += answer.status_code == 200
            if model and not page and answer.status_code == 403:
                refused.add(model)
            if CANARY.lower().encode() in body.lower():
                told.append(route.template)
            assert answer.status_code < 500, route.template
    return asked, shown, told


def test_a21_nothing_of_another_course_or_group_is_shown(scene):
    twin, holders = scene
    clients = {name: browser(twin, holders[name].membership) for name in ("course", "group")}
    admin, memory = browser(twin, twin.people["admin"]), Memory()
    for name, client in clients.items():
        asked, shown, told = crawl(twin, client, memory)
        print(f"{name}: {asked} routes, {shown} answers, {len(told)} findings")
        assert told == []
        assert shown > 40
    # The same looking finds it for who may see everything.
    lists = ("people/", "delegations/", "api/v1/members/", "api/v1/enrolments/", "api/v1/delegations/", "admin/ass")
    _asked, _shown, found = crawl(twin, admin, memory, below=lists)
    assert len(set(found)) >= 10, found


LISTS = {
    "/api/v1/members/": "email",
    "/api/v1/enrolments/": "person.email",
    "/api/v1/attempts/": "person",
}


def emails(rows: list[dict], path: str) -> set[str]:
    found = set()
    for row in rows:
        value = row
        for name in path.split("."):
            value = value[name]
        found.add(value)
    return found


def test_a21_a22_lists_hold_exactly_what_was_given(scene):
    twin, holders = scene
    for name, holder in holders.items():
        client = browser(twin, holder.membership)
        for path, where in LISTS.items():
            rows = client.get(f"{path}?limit=100").json()["results"]
            wanted = set(holder.people)
            if path != "/api/v1/members/":
                with open_scope(environment_id=twin.environment.pk):
                    model = Enrolment if "enrol" in path else Attempt
                    rows_of = model.objects.filter(person__email__in=holder.people)
                    if model is Attempt and name == "course":  # feedback about somebody is no step of the course
                        rows_of = rows_of.exclude(assessment__mode="feedback")
                    wanted = set(rows_of.values_list("person__email", flat=True))
            assert emails(rows, where) == wanted, (name, path)
        page = client.get("/people/").text
        admin = client.get("/admin/ecosystem/membership/").text
        for email in holder.people:
            assert email in page
            assert email in admin
        assert page.count("@example.org") == len(holder.people) + page.count(f"{name}@example.org")
    assert holders["course"].people


ADMIN_LISTS = (
    "courses/enrolment",
    "assessments/attempt",
    "certificates/certificate",
    "records/statement",
    "ecosystem/membership",
)


def test_a20_a_file_holds_no_more_whatever_it_is_filtered_by(scene):
    """Lists taken away from the admin: with rows of others ticked, filters for them, and everything across pages."""
    twin, holders = scene
    asked, found = 0, 0
    for client, is_control in (
        *((browser(twin, holder.membership), False) for holder in holders.values()),
        (browser(twin, twin.people["admin"]), True),
    ):
        for path in ADMIN_LISTS:
            model = apps.get_model(*path.split("/"))
            with open_scope(environment_id=twin.environment.pk):
                ticked = [str(pk) for pk in model.objects.values_list("pk", flat=True)]
            for query in ("", f"?q={CANARY}", "?environment__id__exact=1", "?person__email__icontains=canary", "?all="):
                data = {"action": "export_csv", "select_across": "1", "_selected_action": ticked}
                answer = client.post(f"/admin/{path}/{query}", data)
                asked += 1
                if answer.status_code != 200 or "text/csv" not in answer.headers["Content-Type"]:
                    continue
                assert is_control or CANARY not in answer.text, (path, query)
                found += is_control and CANARY in answer.text
    assert asked == 100
    assert found >= len(ADMIN_LISTS), "the control finds them in each list"


def test_a22_a_group_that_nobody_is_in_opens_nothing(scene):
    twin, holders = scene
    client = browser(twin, holders["nobody"].membership)
    assert "There is nobody in your groups and courses so far" in client.get("/people/").text
    for path in LISTS:
        assert client.get(path).json()["results"] == []
    assert "Too few people for a report" in client.get("/reports/ecosystem/").text
    assert client.get("/reports/ecosystem.csv").status_code == 404
    figures = client.get("/api/v1/measures/").json()["results"]
    assert {row["key"] for row in figures} >= {"reached", "finished"}
    assert all(row["value"] is None and row["of"] is None and not row["series"] for row in figures)


def test_a21_a_report_is_about_the_course_only(scene):
    twin, holders = scene
    with open_scope(environment_id=twin.environment.pk):
        course = Delegation.objects.get(person=holders["course"].membership.person).element
        run = course.runs.first()
        for number in range(5):
            more = member_add(email=f"more{number}@example.org", name=f"More {number}")
            enrolment_create(run=run, person=more.person)
        enrolled = Enrolment.objects.filter(element=course).count()
        assert Enrolment.objects.count() > enrolled
    client = browser(twin, holders["course"].membership)
    figures = {row["key"]: row for row in client.get("/api/v1/measures/").json()["results"]}
    assert figures["enrolled"]["value"] == enrolled
    assert {"kpi", "budget", "retention"}.isdisjoint(figures)
    page = client.get("/reports/ecosystem/").text
    assert f"Only about: {course.title}" in page
    assert "Other course" not in page
    assert course.title in client.get("/reports/ecosystem.csv").text
    for path in ("/garden/", "/people/groups/", "/people/invitations/", "/people/invite/", "/people/import/"):
        assert client.get(path).status_code == 404, path


def test_a21_writing_reaches_no_further_than_reading(scene):
    twin, holders = scene
    group, course = holders["group"].membership, holders["course"].membership
    canary = f"{CANARY.lower()}0@example.org"
    with open_scope(environment_id=twin.environment.pk):
        run = Element.objects.get(slug="other-course").runs.order_by("pk").first()
        strange = Enrolment.objects.filter(person__email=canary).first()
        by = {who.pk: Membership.objects.select_related("person").get(pk=who.pk) for who in (group, course)}
        report = enrolments_create(run=run, emails=[canary, "lee@example.org", "none@example.org"], by=by[group.pk])
        assert [line.outcome for line in report] == ["refused", "enrolled", "refused"]
        assert report[0].why == report[2].why
        with pytest.raises(EcosystemError):
            enrolments_create(run=run, emails=["lee@example.org"], by=by[course.pk])
        for who in by.values():
            with pytest.raises(EcosystemError):
                enrolment_withdraw(enrolment=strange, by=who)
        team = Group.objects.get(name="Own team")
        with pytest.raises(EcosystemError):  # nobody puts people into the group that they were given
            group_members_add(group=team, person_ids=[strange.person_id], by=by[group.pk])
        before = GroupMember.objects.count()
    client = browser(twin, group)
    assert client.post("/people/act/", {"chosen": [strange.pk], "group": team.pk}).status_code == 404
    with open_scope(environment_id=twin.environment.pk):
        member = Membership.objects.get(person__email="lee@example.org")
        other = Membership.objects.get(person__email=canary)
        assert GroupMember.objects.count() == before
    assert client.post(f"/people/members/{member.pk}/", {"job_title": "Boss"}).status_code == 200
    assert client.patch(f"/api/v1/members/{member.pk}/", {"job_title": "Boss"}, "application/json").status_code == 403
    assert client.get(f"/people/members/{other.pk}/").status_code == 404
    assert client.get(f"/delegations/new/{other.person_id}/").status_code == 404
    assert client.get(f"/delegations/new/{member.person_id}/").status_code == 200
    wish = {"person": canary, "powers": ["mark"], "until": str(timezone.now() + timedelta(days=5)), "reach": "group"}
    refused = client.post("/api/v1/delegations/", {**wish, "group": team.pk}, "application/json")
    nobody = client.post("/api/v1/delegations/", {**wish, "person": "no@example.org"}, "application/json")
    assert refused.status_code == 400
    assert refused.json()["errors"] == nobody.json()["errors"]


def test_powers_over_a_group_end_with_the_group(scene):
    twin, holders = scene
    admin = twin.people["admin"]
    with open_scope(environment_id=twin.environment.pk):
        row = Delegation.objects.get(group__name="Nobody")
        group_delete(group=row.group, by=replace_admin(admin))
        row.refresh_from_db()
        assert row.revoked_at is not None
        assert row.group_id is None
    assert browser(twin, holders["nobody"].membership).get("/people/").status_code == 404


def replace_admin(admin: Membership) -> Membership:
    return Membership.objects.select_related("person").get(pk=admin.pk)


def test_as_many_queries_for_many_people(scene, django_assert_max_num_queries):
    twin, holders = scene
    client = browser(twin, holders["group"].membership)
    admin = twin.people["admin"]

    with open_scope(environment_id=twin.environment.pk):
        lee = Membership.objects.select_related("person").get(person__email="lee@example.org")
        enrolment_create(run=Element.objects.get(slug="other-course").runs.first(), person=lee.person)

    def costs() -> dict[str, int]:
        found = {}
        for path in ("/people/", "/api/v1/enrolments/", "/api/v1/attempts/", "/admin/ecosystem/membership/"):
            client.get(path)  # what is looked up once
            with django_assert_max_num_queries(60) as asked:
                assert client.get(path).status_code == 200, path
            found[path] = len(asked)
        return found

    of_one = costs()
    with open_scope(environment_id=twin.environment.pk):
        team = Group.objects.get(name="Own team")
        run = Element.objects.get(slug="other-course").runs.first()
        quiz = Assessment.objects.get(element__slug="other-quiz")
        for number in range(3):
            more = member_add(email=f"many{number}@example.org", name=f"Many {number}")
            group_members_add(group=team, person_ids=[more.person_id], by=replace_admin(admin))
            enrolment_create(run=run, person=more.person)
            attempt_start(assessment=quiz, person_id=more.person_id)
    assert costs() == of_one


def test_a21_nobody_is_enrolled_in_a_run_that_is_not_listed(scene):
    """Not even by its number; the answer is that for a run that does not exist."""
    twin, holders = scene
    client = browser(twin, holders["group"].membership)
    with open_scope(environment_id=twin.environment.pk):
        course = Element.objects.get(slug="other-course")
        run = course.runs.order_by("pk").first()

    def enrol(uid: object, address: str = "") -> Any:
        wish = (
            {"run": str(uid), "people": ["lee@example.org"]}
            if address
            else {"run": str(uid), "person": "lee@example.org"}
        )
        return client.post(f"/api/v1/enrolments/{address}", wish, "application/json")

    for visibility, listed in (("members", True), ("private", False)):
        with open_scope(environment_id=twin.environment.pk):
            Element.objects.filter(pk=course.pk).update(visibility=visibility)
        uids = {row["uid"] for row in client.get("/api/v1/runs/?limit=100").json()["results"]}
        assert (str(run.uid) in uids) is listed
        nowhere = enrol("00000000-0000-4000-8000-000000000000")
        for address in ("", "bulk/"):
            answer = enrol(run.uid, address)
            assert (answer.status_code < 300) is listed
            assert listed or answer.json() == nowhere.json()


def test_who_holds_a_role_is_not_narrowed_by_a_delegation(scene):
    twin, _holders = scene
    admin = twin.people["admin"]
    with open_scope(environment_id=twin.environment.pk):
        manager = member_add(email="role@example.org", name="Role", roles=[Role.MANAGER])
        team = Group.objects.get(name="Own team")
        delegation_grant(
            person=manager.person, powers=["manage_people"], until=timezone.now() + timedelta(days=3),
            by=replace_admin(admin), reach=Reach.GROUP, group=team,
        )  # fmt: skip
    assert CANARY in browser(twin, manager).get("/people/?q=canary").text
