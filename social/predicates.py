"""Condition: how often somebody has posted in a discussion."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from ecosystem.predicates import Ask, Facts, Invention, Names, Predicate, Source, predicate_add, sources
from social.selectors.counting import posts_known

SOME_DAY = datetime(2030, 1, 1, tzinfo=UTC)
MOST = 100
TIMES = Ask("least", "number", gettext_lazy("How often, at least"), lowest=1, highest=MOST)


class Posted(Predicate):
    """``of``: the discussion, ``least``: how many threads and replies together."""

    key, source, label = "posted", "posts", gettext_lazy("Has posted in a discussion")
    group = gettext_lazy("What the learner has done")
    asks = (Ask("of", "element", gettext_lazy("Which"), kinds=lambda: frozenset({"discussion"})), TIMES)

    def holds(self, value: Any, facts: Facts) -> bool:
        return self._count(value, facts) >= value["least"]

    def words(self, value: Any, names: Names, *, negated: bool, facts: Facts | None) -> str:
        told = {"title": names.element(value["of"]), "n": value["least"]}
        if negated:
            said = ngettext(
                "you have not posted in “%(title)s”",
                "you have posted less than %(n)s times in “%(title)s”",
                value["least"],
            )
            return said % told
        said = (
            ngettext("you have posted in “%(title)s”", "you have posted %(n)s times in “%(title)s”", value["least"])
            % told
        )
        if facts is None or not 0 < (count := self._count(value, facts)) < value["least"]:
            return said
        return _("%(said)s (%(count)s so far)") % {"said": said, "count": count}

    def impossible(self, value: Any, kinds: Mapping[int, str], names: Names) -> str:
        if kinds.get(value["of"], "discussion") == "discussion":
            return ""
        return _("“%(title)s” is no discussion") % {"title": names.element(value["of"])}

    def samples(self, value: Any, together: Iterable[tuple[Predicate, Any]] = ()) -> list[Facts]:
        counts = ({}, {value["of"]: value["least"]})
        return [Facts(SOME_DAY, known={"posts": count} if count else {}) for count in counts]

    @staticmethod
    def _count(value: Any, facts: Facts) -> int:
        found: int = facts.known.get("posts", {}).get(value["of"], 0)
        return found


INVENTED = Invention(
    gettext_lazy("Discussion"),
    Ask("least", "number", gettext_lazy("How often they have posted"), lowest=1, highest=MOST),
    lambda count, at: count,
    lambda count: ngettext("posted once", "posted %(n)s times", count) % {"n": count},
)
sources.register("posts", Source("posts", posts_known, {}, invent=INVENTED))
predicate_add(Posted())
