"""What a locked activity waits for, as a sentence."""

from django.utils.translation import gettext as _

from courses.conditions import Group, Lacking, Missing, Tree
from courses.conditions.trees import whole
from ecosystem.predicates import Facts, Names


class LockWords:
    """Sentences about locks, for one reader in one language: for many of them, what they share is looked up once."""

    def __init__(self, *, names: Names, facts: Facts | None = None) -> None:
        self.names, self.facts = names, facts
        self.opens, self.all, self.one = _("Opens when %(reasons)s."), _(" and "), _(" or ")
        self._said: dict[Lacking, str] = {}
        self._ended: dict[Lacking, str] = {}

    def sentence(self, missing: Missing) -> str:
        """``Opens when you have passed “Check 1”.`` When time has run out for it: ``It was open until 1 March 2026.``"""
        over = self._over(missing)
        return over or self.opens % {"reasons": self._words(missing)}

    def clause(self, missing: Missing) -> str:
        """What goes after *when*, for a sentence of somebody else's."""
        return self._words(missing)

    def _words(self, missing: Missing) -> str:
        if isinstance(missing, Lacking):
            if missing not in self._said:
                value, negated = missing.value, missing.negated
                self._said[missing] = missing.predicate.words(value, self.names, negated=negated, facts=self.facts)
            return self._said[missing]
        # A way that is over is no way: it is not among those to choose from.
        parts = [part for part in missing.parts if missing.every or not self._over(part)]
        return (self.all if missing.every else self.one).join(map(self._part, parts))

    def _part(self, part: Missing) -> str:
        """In brackets when it joins by itself: “a and b or c” could be read two ways."""
        words = self._words(part)
        return f"({words})" if isinstance(part, Group) else words

    def _over(self, missing: Missing) -> str:
        """Why nothing can open it any more; nothing while something can."""
        if self.facts is None:
            return ""
        if isinstance(missing, Lacking):
            if missing not in self._ended:
                value, negated = missing.value, missing.negated
                self._ended[missing] = missing.predicate.over(value, negated=negated, facts=self.facts)
            return self._ended[missing]
        parts = [self._over(part) for part in missing.parts]
        if missing.every:
            return next((part for part in parts if part), "")
        return parts[0] if all(parts) else ""


def lock_sentence(missing: Missing, *, names: Names, facts: Facts | None = None) -> str:
    """One of them."""
    return LockWords(names=names, facts=facts).sentence(missing)


def condition_sentence(tree: Tree | None, *, names: Names) -> str:
    """Everything that a condition asks for, as its author reads it."""
    if tree is None:
        return _("Open from the start.")
    return lock_sentence(whole(tree), names=names)
