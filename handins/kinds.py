"""What hand-ins add to the site."""

from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

import handins.packaging  # noqa: F401 -- registers how assignments go into packages of courses
from ecosystem.addresses import address
from ecosystem.models import Element
from ecosystem.registry import (
    ActivityType,
    ElementKind,
    InlineForm,
    RolePage,
    TranscriptSection,
    activity_types,
    audit_acts,
    element_kinds,
    group_joins,
    inline_forms,
    leavings,
    role_pages,
    todos,
    transcript_sections,
)
from ecosystem.rules import is_author, is_manager, is_member
from handins.access import may_review
from handins.inline import InlineHandinForm, inline_handin_make
from handins.selectors import handin_todos, passed_assignments
from handins.selectors.confirming import confirming_todos
from handins.selectors.peers_planned import peer_todos
from handins.selectors.queue import review_todos
from handins.services.leaving import marker_left
from handins.services.teams import group_joined
from handins.services.telling import CONFIRMING, HANDINS, REVIEWING
from notifications.registry import NoticeKind, Urgency, notice_kinds

KIND = "handin"


def _href(element: Element) -> str:
    return address("handins:work", element.slug)


element_kinds.register(KIND, ElementKind(KIND, _("hand-in"), "pen-line", _href))
activity_types.register(
    KIND,
    ActivityType(
        KIND,
        _("Hand-in"),
        "pen-line",
        lambda element, onward: f"{_href(element)}?{urlencode({'next': onward})}",
        passes=frozenset({"passed"}),
        fails=frozenset({"failed"}),
    ),
)
inline_forms.register(KIND, InlineForm(_("Hand-in"), "pen-line", InlineHandinForm, inline_handin_make, rule=is_author))
role_pages.register("handins", RolePage(_("Hand-ins"), lambda: address("handins:home"), is_member, is_term=True))
role_pages.register("assignments", RolePage(_("Assignments"), lambda: address("assignments:home"), is_author))
role_pages.register("reviewing", RolePage(_("To review"), lambda: address("reviewing:queue"), may_review))
role_pages.register(
    "markers", RolePage(_("How markers compare"), lambda: address("reviewing:calibrations"), is_manager)
)
group_joins.register("handins", group_joined)
leavings.register("handins", marker_left)
todos.register("handins", handin_todos)
todos.register("handin-peers", peer_todos)
todos.register("confirming", confirming_todos)
todos.register("reviewing", review_todos)
transcript_sections.register("handins", TranscriptSection(35, _("Passed hand-ins"), "pen-line", passed_assignments))
notice_kinds.register(
    HANDINS,
    NoticeKind(
        HANDINS,
        _("Hand-ins"),
        _("feedback on what you hand in"),
        _("You get this because you work on this assignment."),
        urgency=Urgency.NOW,
        icon="pen-line",
        term="handins",
    ),
)
notice_kinds.register(
    REVIEWING,
    NoticeKind(
        REVIEWING,
        _("Work to review"),
        _("work that waits for your feedback"),
        _("You get this because you give feedback on this assignment."),
        icon="pen-line",
    ),
)
notice_kinds.register(
    CONFIRMING,
    NoticeKind(
        CONFIRMING,
        _("Work to confirm"),
        _("work on the job that waits for you to confirm it"),
        _("You get this because you look after whoever did this work."),
        urgency=Urgency.NOW,
        icon="clipboard-list",
    ),
)
for _act, _said in (
    ("assignment.made", _("Assignment made")),
    ("assignment.set", _("Assignment changed")),
    ("handin.rubric_saved", _("Rubric of an assignment changed")),
    ("handin.extended", _("More time for an assignment")),
    ("handin.review_begun", _("Review of a hand-in begun")),
    ("handin.marked", _("Hand-in marked")),
    ("handin.released", _("Mark of a hand-in released")),
    ("handin.feedback_added", _("File added to feedback")),
    ("handin.remarked", _("Remark made about a hand-in")),
    ("handin.reported_similar", _("Report of a service outside about a hand-in")),
    ("handin.exemplar_asked", _("Asked whether a hand-in may be an example")),
    ("handin.exemplar_answered", _("Answered whether a hand-in may be an example")),
    ("handin.sheet_applied", _("Marks given from a sheet")),
    ("handin.reopened", _("Hand-in opened again")),
    ("handin.staged", _("Mark of a hand-in moved on")),
    ("handin.marking_reopened", _("Hand-in back to marking")),
    ("handin.independent_marked", _("One of two marks of a hand-in given")),
    ("handin.marks_agreed", _("Two marks of a hand-in became one")),
    ("handin.comment_shared", _("Saved comment shared with who marks")),
    ("handin.comment_dropped", _("Shared comment deleted")),
    ("handin.allocated", _("Hand-in allocated to a marker")),
    ("handin.team_made", _("Team of an assignment made")),
    ("handin.team_joined", _("Put into a team of an assignment")),
    ("handin.team_left", _("Taken out of a team of an assignment")),
    ("handin.team_removed", _("Team of an assignment taken away")),
    ("handin.peers_set", _("Peer review of an assignment changed")),
    ("handin.peers_opened", _("Peer review of an assignment opened")),
    ("handin.peer_dropped", _("Taken out of a peer review")),
    ("handin.peer_excluded", _("Review of a peer left out, or taken back in")),
    ("handin.sample_added", _("Sample for peer review added")),
    ("handin.sample_removed", _("Sample for peer review removed")),
    ("handin.moderated", _("Mark of a hand-in upheld or not")),
    ("handin.conflict_recorded", _("Conflict of interest in marking recorded")),
    ("handin.conflict_ended", _("Conflict of interest in marking ended")),
    ("handin.name_revealed", _("Name behind a pseudonym looked up")),
    ("handin.confirmed", _("Work on the job confirmed")),
    ("handin.not_confirmed", _("Work on the job sent back by a supervisor")),
    ("handin.adjusted", _("Result of one person of a team changed")),
):
    audit_acts.register(_act, _said)
