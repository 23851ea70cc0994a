"""Condition: how far somebody is with a hand-in."""

from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ecosystem.predicates import Ask, Facts, Invention, Names, Predicate, Source, Subject, predicate_add, sources
from handins.models import Round, RoundState, Share, Submission

SOME_DAY = datetime(2030, 1, 1, tzinfo=UTC)
STEPS = {
    "submitted": gettext_lazy("handed in"),
    "returned": gettext_lazy("feedback given"),
    "passed": gettext_lazy("passed"),
}
# What each state of knowledge tells: who has passed has got feedback, and who got feedback has handed in.
TOLD = {step: frozenset(list(STEPS)[: place + 1]) for place, step in enumerate(STEPS)}


class HandinState(Predicate):
    """``of``: the assignment, ``is``: how far."""

    key, source, label = "handin", "handins", gettext_lazy("Has handed in")
    group = gettext_lazy("What the learner has done")
    joint = True
    asks = (
        Ask("of", "element", gettext_lazy("Which"), kinds=lambda: frozenset({"handin"})),
        Ask("is", "choice", gettext_lazy("How far"), choices=lambda: list(STEPS.items())),
    )

    def holds(self, value: Any, facts: Facts) -> bool:
        return value["is"] in facts.known.get("handins", {}).get(value["of"], frozenset())

    def words(self, value: Any, names: Names, *, negated: bool, facts: Facts | None) -> str:
        title = {"title": names.element(value["of"])}
        if value["is"] == "submitted":
            return (_("you have not handed in “%(title)s”") if negated else _("you have handed in “%(title)s”")) % title
        if value["is"] == "returned":
            said = _("you have no feedback on “%(title)s”") if negated else _("you have feedback on “%(title)s”")
            return said % title
        said = _("your hand-in “%(title)s” is not accepted") if negated else _("your hand-in “%(title)s” is accepted")
        return said % title

    def impossible(self, value: Any, kinds: Mapping[int, str], names: Names) -> str:
        if kinds.get(value["of"], "handin") == "handin":
            return ""
        return _("“%(title)s” is no hand-in") % {"title": names.element(value["of"])}

    def samples(self, value: Any, together: Iterable[tuple[Predicate, Any]] = ()) -> list[Facts]:
        known = [{}, *({"handins": {value["of"]: told}} for told in TOLD.values())]
        return [Facts(SOME_DAY, known=one) for one in known]

    def many(self, together: Any) -> int:
        return 1 + len(TOLD)


def _known(person_ids: Collection[int], subjects: Collection[Subject]) -> Mapping[int, Mapping[int, frozenset[str]]]:
    """By person and assignment: the steps they have reached. What was taken back is not handed in."""
    found: dict[int, dict[int, frozenset[str]]] = {}
    alone = Round.objects.filter(person_id__in=person_ids, element_id__in=subjects, submission__team=None)
    shared = Share.objects.filter(person_id__in=person_ids, round__element_id__in=subjects)
    rounds = alone.exclude(state=RoundState.DRAFT).order_by().values_list("person_id", "element_id", "state")
    parts = shared.exclude(round__state=RoundState.DRAFT).values_list("person_id", "round__element_id", "round__state")
    for person_id, element_id, state in rounds.union(parts):
        of = found.setdefault(person_id, {})
        of[element_id] = (
            of.get(element_id, frozenset()) | TOLD["returned" if state == RoundState.RETURNED else "submitted"]
        )
    passed = Submission.objects.filter(person_id__in=person_ids, element_id__in=subjects, team=None, passed=True)
    for person_id, element_id in passed.values_list("person_id", "element_id"):
        found.setdefault(person_id, {})[element_id] = TOLD["passed"]
    return found


INVENTED = Invention(
    gettext_lazy("Hand-in"),
    Ask("is", "choice", gettext_lazy("How far"), choices=lambda: list(STEPS.items())),
    lambda step, at: TOLD[step],
    lambda step: str(STEPS[step]),
)
sources.register("handins", Source("handins", _known, {}, invent=INVENTED))
predicate_add(HandinState())
