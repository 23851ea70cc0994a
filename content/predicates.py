"""Condition: somebody has used a job aid, wherever that was."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ecosystem.predicates import Ask, Facts, Names, Predicate, predicate_add
from records.predicates import SOME_DAY, Known

USED = ("launched", "completed")


class Used(Predicate):
    key, source, label = "used", "records", gettext_lazy("Has used a job aid")
    group = gettext_lazy("What the learner has done")
    asks = (Ask("of", "element", gettext_lazy("Which"), kinds=lambda: frozenset({"job_aid", "checklist"})),)

    def holds(self, value: Any, facts: Facts) -> bool:
        return any(facts.recorded(verb, value) for verb in USED)

    def words(self, value: Any, names: Names, *, negated: bool, facts: Facts | None) -> str:
        sentence = _("you have not used “%(title)s” yet") if negated else _("you have used “%(title)s”")
        return sentence % {"title": names.element(value)}

    def impossible(self, value: Any, kinds: Mapping[int, str], names: Names) -> str:
        if kinds.get(value, "job_aid") in {"job_aid", "checklist"}:
            return ""
        return _("“%(title)s” is no job aid") % {"title": names.element(value)}

    def about(self, value: Any) -> Any:
        return (self.key, value)

    def samples(self, value: Any, together: Any = ()) -> list[Facts]:
        used = {("launched", value): Known(1, SOME_DAY, SOME_DAY)}
        return [Facts(SOME_DAY), Facts(SOME_DAY, known={"records": used})]


predicate_add(Used())
