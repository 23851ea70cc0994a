"""What a tour of the API needs: bodies of requests that work, and rows in the states that routes ask for."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from ecosystem.models import Group
from events.models import Event
from events.services import event_make, question_add, seat_take, session_add
from handins.models import Assignment, Exemplar, Round, Team
from handins.services import assignment_make, mark_give, round_save, round_start, round_submit
from handins.services.comments import comment_keep
from handins.services.double import independent_mark_give
from handins.services.teams import team_make
from lti.models import Tool
from social.models import Post


def soon(days: int) -> str:
    return (timezone.now() + timedelta(days=days)).isoformat()


def bodies(run: str, *, enrolment: int, group: int, code: str) -> dict[str, Any]:
    """For operations whose body must name rows that are there, or keep to a rule that no schema can say."""
    period = {"since": "2026-01-01T00:00:00Z", "until": "2026-01-02T00:00:00Z"}
    return {
        "POST /api/v1/connections/": {"source": "page-1", "target": "quiz", "kind": "practises"},
        "PATCH /api/v1/connections/{id}/": {"hypothesis": "It helps"},
        "POST /api/v1/enrolments/": {"run": run, "person": "ada@example.org"},
        "POST /api/v1/enrolments/bulk/": {"run": run, "people": ["ada@example.org", "nobody@example.org"]},
        "POST /api/v1/elements/": {"title": "Wiki", "slug": "wiki", "url": "https://wiki.example.org"},
        "PATCH /api/v1/elements/{slug}/": {"title": "New title"},
        "POST /api/v1/elements/{slug}/offer/": {"to": "below"},
        "POST /api/v1/elements/{slug}/take_back/": {"to": "below"},
        "POST /api/v1/elements/{slug}/move/": {"to": "below", "preview": True},
        "POST /api/v1/environments/": {"name": "New", "host": "new.alpha.localhost"},
        "POST /api/v1/members/": {"email": "new@example.org", "name": "New"},
        "POST /api/v1/members/bulk/": {"items": [{"email": "new@example.org", "name": "New"}]},
        "PATCH /api/v1/members/{id}/": {"roles": ["learner"]},
        "POST /api/v1/members/{id}/back/": {},
        "POST /api/v1/invitations/": {"email": "invite@example.org", "name": "Invited"},
        "POST /api/v1/delegations/": {"person": "lee@example.org", "powers": ["invite"], "until": soon(30)},
        "POST /api/v1/delegations/{id}/extend/": {"until": soon(60)},
        "POST /api/v1/groups/": {"name": "New group", "rule": {"role": "author"}},
        "PUT /api/v1/groups/{id}/": {"name": "Other name"},
        "POST /api/v1/groups/{id}/members/": {"people": ["ada@example.org"]},
        "POST /api/v1/groups/{id}/remove/": {"person": "ada@example.org"},
        "POST /api/v1/drafts/": {"course": "course"},
        "POST /api/v1/drafts/{slug}/edits/": {"act": "block_add", "title": "New chapter", "seen": 0},
        "PUT /api/v1/conditions/{uid}/": {"condition": None},
        "POST /api/v1/questions/": {
            "bank": "quiz-bank",
            "type": "true_false",
            "stem": "<p>Is it?</p>",
            "body": {"answer": True},
        },
        "POST /api/v1/events/": {"title": "Other", "zone": "UTC"},
        "PATCH /api/v1/events/{slug}/": {"summary": "Said"},
        "POST /api/v1/events/{slug}/cancel/": {"reason": "Storm"},
        "POST /api/v1/events/{slug}/sessions/": {"starts_at": soon(20), "ends_at": soon(21)},
        "PATCH /api/v1/event-sessions/{id}/": {"place": "Hall"},
        "POST /api/v1/event-sessions/{id}/attendance/": {
            "marks": [{"person": "ada@example.org", "presence": "present"}]
        },
        "POST /api/v1/event-sessions/{id}/check-in/": {"code": code},
        "POST /api/v1/events/{slug}/repeat/": {"frequency": "daily", "count": 2},
        "POST /api/v1/events/{slug}/questions/": {"kind": "text", "text": "Why?"},
        "POST /api/v1/event-codes/": {"event": "event"},
        "POST /api/v1/equipment/": {"name": "Car"},
        "PATCH /api/v1/equipment/{id}/": {"pieces": 2},
        "POST /api/v1/seats/": {"event": "event"},
        "POST /api/v1/assignments/": {"title": "Other", "markdown": "Do"},
        "PATCH /api/v1/assignments/{slug}/": {"summary": "Said"},
        "POST /api/v1/assignments/{slug}/rubric/": {"criteria": []},
        "POST /api/v1/assignments/{slug}/extensions/": {"person": "lee@example.org", "until": soon(40)},
        "POST /api/v1/handins/{uid}/mark/": {"passed": True, "percent": 80},
        "POST /api/v1/seats/{uid}/answer/": {"accept": True},
        "POST /api/v1/drafts/{slug}/publish/": {"seen": 0},
        "POST /api/v1/marking/{id}/mark/": {"percent": 50},
        "POST /api/v1/handins/": {"assignment": "handin", "text": "Mine"},
        "POST /api/v1/discussions/": {"title": "Other", "markdown": "Talk"},
        "PATCH /api/v1/tool-activities/{slug}/": {"pass_mark": 70},
        "PATCH /api/v1/discussions/{slug}/": {"summary": "Said"},
        "POST /api/v1/threads/": {"discussion": "discussion", "circle": run, "title": "Other", "text": "Words"},
        "POST /api/v1/threads/{uid}/pin/": {"is_pinned": True},
        "PATCH /api/v1/posts/{uid}/": {"text": "Others"},
        "POST /api/v1/posts/{uid}/hide/": {"why": "Rude"},
        "POST /api/v1/posts/{uid}/helpful/": {"is_helpful": True},
        "POST /api/v1/task-reports/": {"task": "task", "note": "Done again"},
        "POST /api/v1/task-reports/{uid}/answer/": {"confirm": False, "words": "Where?"},
        "POST /api/v1/runs/": {"course": "course", "title": "Spring"},
        "POST /api/v1/runs/{uid}/people/": {"act": "pause", "enrolments": [enrolment]},
        "POST /api/v1/runs/{uid}/groups/": {"group": group},
        "POST /api/v1/runs/{uid}/guides/": {"person": "ada@example.org", "role": "mentor"},
        "PATCH /api/v1/pages/{slug}/": {"title": "New title", "base": 1},
        "POST /api/v1/pages/{slug}/restore/": {"number": 1, "base": 1},
        "POST /api/v1/links/": {"title": "Elsewhere", "url": "https://example.org/"},
        "POST /api/v1/packages/{slug}/open/": {"position": 1},
        "PATCH /api/v1/me/": {"time_zone": "Europe/Paris"},
        "POST /api/v1/attempts/{uid}/answers/": {"items": [{"position": 1, "fields": {"answer": ["1"]}}]},
        "POST /api/v1/cards/answers/": {"items": [{}]},
        "PUT /api/v1/cards/pause/": {"until": None},
        "POST /api/v1/goals/": {"title": "Stays", "quizzes": ["quiz"]},
        "PATCH /api/v1/goals/{slug}/": {"recall": 70},
        "PATCH /api/v1/trainings/{slug}/": {"minutes_a_day": 9},
        "POST /api/v1/kpis/": {"name": "Claims", "direction": "up", "baseline": 1, "target": 2},
        "PUT /api/v1/charter/": {"business_issue": "Why", "why": "Because"},
        "POST /api/v1/banks/{slug}/change/": {"questions": [1], "add_tags": ["one"]},
        "POST /api/v1/banks/{slug}/undo/": {"edit": 1},
        "POST /api/v1/banks/{slug}/objectives/": {"text": "Say hello"},
        "POST /api/v1/quizzes/": {"title": "Another quiz", "bank": "quiz-bank"},
        "PATCH /api/v1/quizzes/{slug}/": {"pass_mark": 0.4},
        "POST /api/v1/quizzes/{slug}/questions/": {"questions": []},
        "POST /api/v1/quizzes/{slug}/sections/": {"title": "A case"},
        "POST /api/v1/quizzes/{slug}/draws/": {"bank": "quiz-bank"},
        "POST /api/v1/quizzes/{slug}/arrange/": {"questions": [], "section": None},
        "POST /api/v1/quizzes/{slug}/exceptions/": {"person": "ada@example.org", "extra_minutes": 5},
        "POST /api/v1/banks/{slug}/import/": {"content": "<quiz></quiz>"},
        "POST /api/v1/certificates/{uid}/revoke/": {"because": "By mistake"},
        "POST /api/v1/webhooks/": {"url": "http://127.0.0.1:65001/", "name": "CRM"},
        "PATCH /api/v1/webhooks/{uid}/": {"name": "CRM"},
        "POST /api/v1/webhooks/{uid}/replay/": period,
    }


def for_two(learner: Any, markers: list[Any], author: Any) -> Round:
    """Handed in for two to mark, and marked by these."""
    number = Round.objects.count()
    assignment = assignment_make(title=f"For two {number}", markdown="Do", is_double=True, by=author)
    round = round_save(round=round_start(assignment=assignment, by=learner), text="C", by=learner)
    round_submit(round=round, by=learner)
    for one in markers:
        independent_mark_give(round=round, percent=70, passed=True, by=one)
    return round


def handed_in(learner: Any, author: Any, **facts: Any) -> Round:
    number = Round.objects.count()
    assignment = assignment_make(title=f"Other {number}", markdown="Do", by=author, **facts)
    round = round_save(round=round_start(assignment=assignment, by=learner), text="D", by=learner)
    return round_submit(round=round, by=learner)


def more_to_do(
    learner: Any, marker: Any, other: Any, second: Any, keeper: Any
) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    """What hand-ins and events need beyond the row there is: bodies, and whose row an operation is about."""
    when = timezone.now() + timedelta(days=15)
    facts = {"markdown": "Do", "takes_files": True, "by": marker}
    draft = round_save(
        round=round_start(assignment=assignment_make(title="Draft", **facts), by=learner), text="A", by=learner
    )
    judged = round_save(
        round=round_start(assignment=assignment_make(title="Judged", **facts), by=learner), text="B", by=learner
    )
    round_submit(round=judged, by=learner)
    mark_give(round=judged, passed=True, by=marker)
    example = Exemplar.objects.get(person_id=learner.person_id).round
    waiting = Round.objects.filter(person_id=learner.person_id).earliest("pk")
    event = Event.objects.get(element__slug="event")
    question = question_add(event=event, kind="text", text="Lunch?", by=marker)
    asking = event_make(title="Asking", slug="asking", zone="UTC", approval="organiser", by=marker)
    session_add(event=asking, starts_at=when, ends_at=when + timedelta(hours=1), by=marker)
    request = seat_take(event=asking, by=other)
    team = Team.objects.get()
    together = round_start(assignment=Assignment.objects.get(element=team.element), by=learner)
    round_save(round=together, text="Ours", by=learner)
    round_submit(round=together, by=learner)
    nameless = handed_in(learner, marker, is_anonymous=True)
    doubtful = handed_in(learner, marker, moderation="failing")
    mark_give(round=doubtful, passed=False, by=second)
    idle = team_make(assignment=together.submission.assignment, name="Idle", person_ids=[other.person_id], by=marker)
    reply = Post.objects.select_related("thread").get(is_opening=False)
    made = {
        "POST /api/v1/tool-activities/": {"title": "Other", "tool": Tool.objects.get().pk},
        "POST /api/v1/posts/": {"thread": str(reply.thread.uid), "text": "Words"},
        "POST /api/v1/handins/{uid}/reveal/": {"because": "A doubt"},
        "POST /api/v1/handins/{uid}/verdict/": {"upheld": True},
        "POST /api/v1/confirmations/{uid}/answer/": {"confirm": True},
        "POST /api/v1/conflicts/": {"marker": second.person.email, "person": learner.person.email},
        "POST /api/v1/peer-samples/": {"assignment": "good-work", "title": "Try", "text": "A", "levels": {"0": 1}},
        "POST /api/v1/peer-samples/{uid}/attempt/": {"levels": {"0": 1}},
        "POST /api/v1/handins/{uid}/similarity/": {"service": "Elsewhere", "percent": 5},
        "POST /api/v1/remarks/": {"handin": str(waiting.uid), "quote": "Work", "words": "Good"},
        "POST /api/v1/handins/{uid}/agree/": {"average": True},
        "POST /api/v1/handins/{uid}/independent/": {"passed": True, "percent": 80},
        "POST /api/v1/assignments/{slug}/allocate/": {"markers": [second.person.email]},
        "POST /api/v1/saved-comments/": {"words": "Often"},
        "PATCH /api/v1/saved-comments/{uid}/": {"words": "Oftener"},
        "POST /api/v1/exemplars/": {"handin": str(example.uid)},
        "POST /api/v1/uploads/": {"handin": str(draft.uid), "name": "b.webm", "size": 9},
        "POST /api/v1/handins/allocate/": {"rounds": [str(waiting.uid)], "marker": None},
        "POST /api/v1/handins/stage/": {"rounds": [str(judged.uid)], "to": "ready"},
        "POST /api/v1/handins/release/": {"rounds": [str(judged.uid)]},
        "POST /api/v1/teams/": {"assignment": "together", "name": "New", "people": [marker.person.email]},
        "POST /api/v1/teams/form/": {"assignment": "together", "groups": [Group.objects.get().pk]},
        "POST /api/v1/teams/{uid}/join/": {"person": marker.person.email},
        "POST /api/v1/teams/{uid}/leave/": {"person": learner.person.email},
        "POST /api/v1/handins/{uid}/adjust/": {"person": learner.person.email, "points": -5, "because": "Away"},
        "POST /api/v1/handins/{uid}/unmark/": {"because": "Again"},
        "POST /api/v1/handins/{uid}/reopen/": {"because": "Again"},
        "PATCH /api/v1/handins/{uid}/": {"text": "Better"},
        "POST /api/v1/events/{slug}/end-question/": {"question": question.pk},
        "POST /api/v1/seats/{uid}/move/": {"event": "asking"},
        "POST /api/v1/seats/{uid}/decide/": {"approve": True},
        "POST /api/v1/seats/{uid}/change/": {"event": "asking"},
        "POST /api/v1/files/": {"title": "Plan", "upload": b"%PDF-1.7 plan"},
        "POST /api/v1/videos/{slug}/watched/": {"position": 1, "spans": [[0, 1]]},
    }
    sealed, both = for_two(learner, [second], marker), for_two(learner, [second, marker], marker)
    kept = str(comment_keep(words="Kept", by=keeper).uid)
    places = {
        "POST /api/v1/posts/{uid}/helpful/": {"uid": str(reply.uid)},
        "DELETE /api/v1/teams/{uid}/": {"uid": str(idle.uid)},
        "POST /api/v1/handins/{uid}/adjust/": {"uid": str(together.uid)},
        "POST /api/v1/handins/{uid}/agree/": {"uid": str(both.uid)},
        "POST /api/v1/handins/{uid}/reveal/": {"uid": str(nameless.uid)},
        "POST /api/v1/handins/{uid}/verdict/": {"uid": str(doubtful.uid)},
        "POST /api/v1/handins/{uid}/independent/": {"uid": str(sealed.uid)},
        "PATCH /api/v1/saved-comments/{uid}/": {"uid": kept},
        "DELETE /api/v1/saved-comments/{uid}/": {"uid": kept},
        "POST /api/v1/handins/{uid}/unmark/": {"uid": str(judged.uid)},
        "POST /api/v1/handins/{uid}/reopen/": {"uid": str(example.uid)},
        "PATCH /api/v1/handins/{uid}/": {"uid": str(draft.uid)},
        "POST /api/v1/seats/{uid}/decide/": {"uid": str(request.uid)},
    }
    return made, places
