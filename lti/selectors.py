"""What pages show of tools, and what a message says of a launch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Case, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery, When
from django.utils.http import urlencode
from django.utils.translation import get_language

from courses.models import ActivityState, Enrolment, EnrolmentState
from ecosystem.addresses import address
from ecosystem.models import Membership, Power
from ecosystem.rules import is_author
from ecosystem.scope import current_scope
from ecosystem.slugs import row_of_slug
from ecosystem.spans import RESULTS, span_of
from ecosystem.visibility import openable
from lti.addresses import Platform
from lti.claims import AGS_CLAIM, CLAIM, COURSE, DONE, MARKED, ROLE, SCOPES
from lti.models import Launch, OpensIn, PlatformKey, Pseudonym, Score, Shares, Tool, ToolLink

MOST_ITEMS, MOST_RESULTS = 1000, 10_000
# What counts comes first: the newest that is final, or else the newest on the way.
FINAL = Q(progress=DONE, grading=MARKED)
COUNTING = (Case(When(FINAL, then=0), default=1), "-said_at")


@dataclass(frozen=True)
class Place:
    """Where somebody opens an activity: in a course they are in, or as one who looks after it."""

    enrolment: Enrolment | None
    is_learner: bool


def links_for(membership: Membership) -> QuerySet[ToolLink]:
    """What the person may open. Those from above have a tool that is not known here."""
    rows = ToolLink.objects.select_related("element").filter(openable(membership, element="element__"))
    return rows.prefetch_related(Prefetch("tool", tools_here()))


def link_shown(*, membership: Membership, slug: str) -> ToolLink:
    """The one that this address means, or 404."""
    return row_of_slug(links_for(membership), slug, element="element__")


def link_own(*, slug: str) -> ToolLink:
    """Those from above are changed there."""
    rows = ToolLink.objects.select_related("element", "tool").filter(environment_id=current_scope().environment_id)
    return row_of_slug(rows, slug, element="element__")


def links_here() -> QuerySet[ToolLink]:
    rows = ToolLink.objects.filter(environment_id=current_scope().environment_id)
    return rows.select_related("element", "tool").order_by("-pk")


def tools_here(*, only_on: bool = False) -> QuerySet[Tool]:
    rows = Tool.objects.filter(environment_id=current_scope().environment_id).order_by("name")
    return rows.filter(is_on=True) if only_on else rows


def place_of(*, membership: Membership, element: Any) -> Place:
    """A learner of the newest course in which it is a step; else whoever marks or makes it is an instructor to the tool."""
    state = (
        ActivityState.objects.select_related("enrolment__run", "enrolment__element")
        .filter(
            person_id=membership.person_id,
            target_id=element.pk,
            enrolment__state__in=EnrolmentState.living(),
        )
        .order_by("-enrolment_id")
        .first()
    )
    if state is not None:
        return Place(state.enrolment, is_learner=True)
    teaches = is_author(membership) or span_of(membership, Power.MARK).everything
    return Place(None, is_learner=not teaches)


def message_about(
    *, link: ToolLink, launch: Launch, membership: Membership, place: Place, platform: Platform
) -> dict[str, Any]:
    """The claims of a resource link launch, without those that make it a token (who it is for, until when)."""
    tool = link.tool
    presented = {
        "document_target": "iframe" if link.opens_in == OpensIn.FRAME else "window",
        "locale": get_language() or "en",
    }
    if link.opens_in != OpensIn.FRAME:  # in a frame there is nothing to come back to: the page stands around it
        back = address("lti:activity", link.element.slug)
        back += f"?{urlencode({'next': launch.onward})}" if launch.onward else ""
        presented["return_url"] = platform.issuer + back
    claims: dict[str, Any] = {
        "iss": platform.issuer,
        f"{CLAIM}message_type": "LtiResourceLinkRequest",
        f"{CLAIM}version": "1.3.0",
        f"{CLAIM}deployment_id": str(tool.deployment_id),
        f"{CLAIM}target_link_uri": link.target_url or tool.target_url,
        f"{CLAIM}resource_link": {"id": str(link.uid), "title": link.element.title},
        f"{CLAIM}roles": [f"{ROLE}{'Learner' if place.is_learner else 'Instructor'}"],
        f"{CLAIM}tool_platform": {"guid": platform.issuer, "name": membership.environment.name, "product_family_code": "grove"},
        f"{CLAIM}launch_presentation": presented,
        AGS_CLAIM: {"scope": list(SCOPES), "lineitems": platform.items_url, "lineitem": platform.item_url(link.uid)},
    }  # fmt: skip
    if link.custom:
        claims[f"{CLAIM}custom"] = dict(link.custom)
    if place.enrolment is not None:
        course = place.enrolment
        claims[f"{CLAIM}context"] = {"id": str(course.run.uid), "title": course.element.title, "type": [COURSE]}
    return claims | _shared(tool, membership)


def _shared(tool: Tool, membership: Membership) -> dict[str, str]:
    """What the administrator lets this tool know of people."""
    if tool.shares == Shares.NOTHING:
        return {}
    known = {"name": membership.person.name}
    return known | {"email": membership.person.email} if tool.shares == Shares.NAME_AND_EMAIL else known


@dataclass(frozen=True)
class Standing:
    """Where a person is with an activity in a tool. ``score``: what counts, or is on the way. ``lost``: it was begun, and the tool never asked for its message."""

    last: Launch | None
    score: Score | None
    lost: bool
    passed: bool | None


def standing_of(*, link: ToolLink, person_id: int) -> Standing:
    mine = {"element_id": link.element_id, "person_id": person_id}
    last = Launch.objects.filter(**mine).order_by("-began_at", "-pk").first()
    said = Score.objects.filter(**mine, tool_id=link.tool_id)
    score = said.order_by(*COUNTING).first() if link.tool_id else None
    passed = None if score is None or not score.is_final or score.share is None else link.is_passed(score.share)
    return Standing(last, score, lost=last is not None and last.came_at is None, passed=passed)


def launched(*, tool: Tool, element_id: int) -> QuerySet[Launch]:
    """Launches that reached the tool."""
    return Launch.objects.filter(tool=tool, element_id=element_id, came_at__isnull=False)


def people_of(*, link: ToolLink, membership: Membership) -> QuerySet[Launch]:
    """The last launch of each person whose results one may see, with what counts of what the tool said (``given``, ``maximum``)."""
    span = span_of(membership, *RESULTS)
    later = Launch.objects.filter(
        person_id=OuterRef("person_id"), element_id=OuterRef("element_id"), began_at__gt=OuterRef("began_at")
    )
    said = Score.objects.filter(
        person_id=OuterRef("person_id"), element_id=OuterRef("element_id"), tool_id=OuterRef("tool_id")
    ).order_by(*COUNTING)
    rows = Launch.objects.filter(span.of_work(), ~Exists(later), element_id=link.element_id).select_related("person")
    newest = {name: Subquery(said.values(name)[:1]) for name in ("given", "maximum", "progress", "grading", "said_at")}
    return rows.annotate(**newest).order_by("-began_at", "-pk")


def keys_here() -> QuerySet[PlatformKey]:
    return PlatformKey.objects.filter(environment_id=current_scope().environment_id).order_by("-pk")


def links_of_tool(*, tool: Tool) -> list[ToolLink]:
    return list(ToolLink.objects.select_related("element").filter(tool=tool).order_by("pk")[:MOST_ITEMS])


def link_of_tool(*, tool: Tool, uid: UUID) -> ToolLink | None:
    return ToolLink.objects.select_related("element", "tool").filter(tool=tool, uid=uid).first()


def results_of(*, link: ToolLink, tool: Tool, user_id: str = "") -> list[tuple[UUID, Score]]:
    """What the tool said last and finally of each of its people in this activity, where it gave points: (pseudonym, score)."""
    people = dict(Pseudonym.objects.filter(tool=tool).values_list("person_id", "sub"))
    if user_id:
        people = {person_id: sub for person_id, sub in people.items() if str(sub) == user_id}
    newer = Score.objects.filter(
        person_id=OuterRef("person_id"), element_id=OuterRef("element_id"), tool_id=OuterRef("tool_id"),
        said_at__gt=OuterRef("said_at"),
    )  # fmt: skip
    rows = Score.objects.filter(~Exists(newer.filter(FINAL)), FINAL, element_id=link.element_id, tool=tool)
    found = rows.filter(given__isnull=False, person_id__in=people).order_by("pk")[:MOST_RESULTS]
    return [(people[row.person_id], row) for row in found]
