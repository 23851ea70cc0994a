"""What the trainer adds to the site."""

from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

import memotrainer.packaging  # noqa: F401 -- registers how goals go into packages of courses
from assessments.registry import Watch, watches
from ecosystem.addresses import address
from ecosystem.look import term
from ecosystem.models import Element, Membership
from ecosystem.registry import (
    ActivityType,
    ElementKind,
    InlineForm,
    Measure,
    NavEntry,
    RolePage,
    Todo,
    activity_types,
    audit_acts,
    element_kinds,
    inline_forms,
    measures,
    nav,
    remembered,
    role_pages,
    todos,
)
from ecosystem.rules import is_author, may_see_results
from memotrainer.badge import due_count
from memotrainer.daily import today_of
from memotrainer.enums import REMINDER
from memotrainer.goal_forms import InlineGoalForm, inline_goal_make
from memotrainer.insight import readiness_of_environment, remembered_by_person
from memotrainer.models import GoalPart
from memotrainer.selectors import retention_of_environment
from memotrainer.services.everywhere import pause_week_everywhere
from memotrainer.services.goals import KIND
from memotrainer.watching import misleading_ids, remembered_of, reported_count
from notifications.models import Channel
from notifications.registry import Group, NoticeKind, Urgency, notice_kinds


def _goal_href(element: Element) -> str:
    return address("memotrainer:goal", element.slug)


def _goal_uses(element: Element) -> set[int]:
    return set(GoalPart.objects.filter(element=element).values_list("of_id", flat=True))


def cards_today(membership: Membership) -> list[Todo]:
    """The daily cards, when some are due."""
    today = today_of(person_id=membership.person_id, here=membership)
    count = len(today.ids)
    if not count:
        return []
    facts = {"cards": term("memo", membership.environment.words), "count": count}
    title = ngettext("%(cards)s: %(count)s question", "%(cards)s: %(count)s questions", count) % facts
    return [
        Todo(
            rank=40,
            kind=_("Cards"),
            icon="layers",
            title=title,
            href=address("memotrainer:session"),
            action=_("Start"),
            minutes=today.minutes,
            why=_("Asked today, these stay in your memory."),
        )
    ]


def questions_to_mend(membership: Membership) -> list[Todo]:
    """What learners say about questions, for who may change them."""
    count = reported_count() if is_author(membership) else 0
    if not count:
        return []
    title = ngettext("%(count)s question was reported", "%(count)s questions were reported", count) % {"count": count}
    return [
        Todo(
            rank=45,
            kind=_("Questions"),
            icon="flag",
            title=title,
            href=address("memotrainer:questions"),
            action=_("Look"),
            why=_("Learners said that something is wrong with them."),
        )
    ]


todos.register("memo", cards_today)
todos.register("memo-questions", questions_to_mend)
nav.register(
    "memo",
    NavEntry(
        "memo",
        gettext_lazy("Daily cards"),
        gettext_lazy("Cards"),
        "layers",
        lambda: address("memotrainer:session"),
        badge=due_count,
    ),
)
measures.register(
    "retention",
    Measure(
        "retention",
        gettext_lazy("Recall"),
        "%",
        gettext_lazy(
            "How much of what people have met in quizzes they would answer right at this moment, as the memory"
            " model predicts from all their answers."
        ),
        retention_of_environment,
    ),
)
measures.register(
    "readiness",
    Measure(
        "readiness",
        gettext_lazy("Readiness by learning objective"),
        "%",
        gettext_lazy(
            "How much of each learning objective people would answer right at this moment, with the interval in which 9 of"
            " 10 such figures lie. Objectives that fewer than five people have met are left out."
        ),
        readiness_of_environment,
    ),
)
watches.register("memo", Watch(remembered_of, misleading_ids))
remembered.register("memo", remembered_by_person)
role_pages.register(
    "memo-courses",
    RolePage(gettext_lazy("What stays"), lambda: address("memotrainer:courses"), may_see_results),
)
role_pages.register(
    "memo-questions", RolePage(gettext_lazy("Questions to mend"), lambda: address("memotrainer:questions"), is_author)
)
role_pages.register(
    "memo-goals", RolePage(gettext_lazy("MemoTrainer goals"), lambda: address("memotrainer:goals"), is_author)
)
notice_kinds.register(
    REMINDER,
    NoticeKind(
        REMINDER,
        gettext_lazy("Daily cards"),
        gettext_lazy("your daily cards"),
        gettext_lazy("You get this on the days you chose, when cards are ready."),
        group=Group.DATES,
        urgency=Urgency.NOW,  # at the hour the person chose, and once a day by itself
        channels=frozenset(Channel.values),
        icon="layers",
        settings_href="/memo/settings/",
        term="memo",
        pause=pause_week_everywhere,
    ),
)
audit_acts.register("memotrainer.goal_made", gettext_lazy("MemoTrainer goal made"))
audit_acts.register("memotrainer.goal_changed", gettext_lazy("MemoTrainer goal changed"))
audit_acts.register("memotrainer.goal_ended", gettext_lazy("MemoTrainer goal ended, or begun again"))
audit_acts.register("memotrainer.training_changed", gettext_lazy("Daily cards of a course changed"))
audit_acts.register("memotrainer.reports_settled", gettext_lazy("Reports about a question settled"))
element_kinds.register(KIND, ElementKind(KIND, gettext_lazy("MemoTrainer goal"), "target", _goal_href, _goal_uses))
activity_types.register(
    KIND,
    ActivityType(
        KIND,
        gettext_lazy("MemoTrainer goal"),
        "target",
        lambda element, onward: f"{_goal_href(element)}?{urlencode({'next': onward})}",
    ),
)
inline_forms.register(
    KIND,
    InlineForm(gettext_lazy("MemoTrainer goal"), "target", InlineGoalForm, inline_goal_make, rule=is_author),
)
