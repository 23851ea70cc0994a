"""Every route of the API, read from the resolver, with an address that exists in the scene."""

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver

from api.models import WebhookDelivery, WebhookEndpoint
from assessments.models import Answer, Question
from certificates.models import Certificate
from content.models import MissedSearch
from courses.models import Activity, CourseRun, Enrolment, TaskReport, VersionState
from ecosystem.models import Connection, Delegation, Group, Invitation, Membership
from ecosystem.scope import open_scope
from events.models import Equipment, EventCode, Seat, Session
from gardening.models import Kpi
from handins.models import (
    Confirmation,
    Conflict,
    Exemplar,
    PeerReview,
    PeerSample,
    Remark,
    Round,
    SavedComment,
    Team,
    Upload,
)
from memotrainer.models import Card, Goal
from notifications.models import Notice
from social.models import Post, Thread

# Routes that anybody may call.
PUBLIC = {"schema/", "docs/", "", "<anything:rest>"}


def patterns(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        path = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from patterns(entry, path)
        else:
            yield path, entry


def api_patterns() -> dict[str, URLPattern]:
    """Route below /api/ -> pattern."""
    return {path[4:]: entry for path, entry in patterns(get_resolver()) if path.startswith("api/")}


def methods_of(pattern: URLPattern) -> list[str]:
    actions = getattr(pattern.callback, "actions", None)
    if actions:
        return sorted(set(actions) - {"head"})  # REST framework adds it at the first request
    view = getattr(pattern.callback, "view_class", None)
    return [name for name in ("get", "put", "post", "patch", "delete") if hasattr(view, name)] or ["get"]


def addresses_of(life) -> dict[str, str]:
    """Route -> the address of the learner's own row, or of the one there is."""
    with open_scope(environment_id=life.environment.pk):
        learner = life.people["learner"]
        person = learner.person_id
        attempt = life.attempt_of(person).uid
        certificate = Certificate.objects.get(person_id=person).uid
        run = CourseRun.objects.get().uid
        keys = {
            "runs": run,
            "drafts": "course",
            "course-packages": "course",
            "task-reports": TaskReport.objects.get(person_id=person).uid,
            "conditions": Activity.objects.filter(version__state=VersionState.DRAFT)[0].uid,
            "goals": Goal.objects.get().element.slug,
            "trainings": "course",
            "cards": Card.objects.get(person_id=person).pk,
            "events": "event",
            "event-sessions": Session.objects.order_by("starts_at")[0].pk,
            "equipment": Equipment.objects.get().pk,
            "event-codes": EventCode.objects.get().pk,
            "seats": Seat.objects.get(person_id=person).uid,
            "assignments": "handin",
            "handins": Round.objects.filter(person_id=person).earliest("pk").uid,
            "peer-plans": "good-work",
            "peer-reviews": PeerReview.objects.get(person_id=person).uid,
            "peer-samples": PeerSample.objects.get().uid,
            "teams": Team.objects.get().uid,
            "saved-comments": SavedComment.objects.earliest("pk").uid,
            "remarks": Remark.objects.get(person_id=person).uid,
            "confirmations": Confirmation.objects.get(person_id=person).uid,
            "conflicts": Conflict.objects.get().uid,
            "exemplars": Exemplar.objects.get(person_id=person).uid,
            "uploads": Upload.objects.get(person_id=person).uid,
            "tool-activities": "tool",
            "discussions": "discussion",
            "threads": Thread.objects.get().uid,
            "posts": Post.objects.get(is_opening=True).uid,
            "elements": "page-0",
            "connections": Connection.objects.get().pk,
            "courses": "course",
            "enrolments": Enrolment.objects.get(person_id=person).pk,
            "assessments": "quiz",
            "attempts": attempt,
            "quizzes": "quiz",
            "marking": Answer.objects.filter(person_id=person)[0].pk,
            "certificates": certificate,
            "pages": "page-0",
            "files": "file",
            "links": "link",
            "videos": "video",
            "packages": "package",
            "missed-searches": MissedSearch.objects.get().pk,
            "measures": "enrolled",
            "members": Membership.objects.get(person_id=person).pk,
            "banks": life.bank,
            "questions": Question.objects.filter(element__slug=life.bank)[0].pk,
            "kpis": Kpi.objects.get().pk,
            "webhooks": WebhookEndpoint.objects.get().uid,
            "webhook-messages": WebhookDelivery.objects.get().pk,
            "tokens": 1,
            "invitations": Invitation.objects.get().uid,
            "delegations": Delegation.objects.get().pk,
            "groups": Group.objects.get().pk,
            "environments": life.environment.slug,
            "notices": Notice.objects.filter(person_id=person).order_by("-pk")[0].pk,
        }
    found = {}
    for route in api_patterns():
        path = route
        if "<" in route and route not in PUBLIC:
            start, end = route.index("<"), route.index(">")
            path = route[:start] + str(keys[route[len("v1/") : start].strip("/")]) + route[end + 1 :]
        found[route] = f"/api/{path.replace('<uuid:uid>', str(run))}"
    return found


def names_a_number(route: str) -> bool:
    """Rows are named by a number or a random id: what another environment has is not there."""
    return "<int:" in route or "<uuid:" in route or "<str:uid>" in route
