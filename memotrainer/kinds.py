"""What the trainer adds to the site."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from ecosystem.addresses import address
from ecosystem.models import Membership
from ecosystem.registry import Measure, NavEntry, Todo, audit_acts, measures, nav, todos
from memotrainer.enums import REMINDER
from memotrainer.selectors import due_count, due_ids, minutes_for, retention_of_environment
from notifications.models import Channel
from notifications.registry import Group, NoticeKind, Urgency, notice_kinds


def cards_today(membership: Membership) -> list[Todo]:
    """The daily cards, when some are due."""
    count = len(due_ids(person_id=membership.person_id))
    if not count:
        return []
    title = ngettext("Daily cards: %(count)s question", "Daily cards: %(count)s questions", count) % {"count": count}
    return [
        Todo(
            rank=40,
            kind=_("Cards"),
            icon="layers",
            title=title,
            href=address("memotrainer:session"),
            action=_("Start"),
            minutes=minutes_for(count),
            why=_("Asked today, these stay in your memory."),
        )
    ]


todos.register("memo", cards_today)
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
    ),
)
audit_acts.register("memotrainer.training_changed", gettext_lazy("Daily cards of a course changed"))
audit_acts.register("memotrainer.reports_settled", gettext_lazy("Reports about a question settled"))
