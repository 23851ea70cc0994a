"""What a locked activity waits for, as a sentence."""

from django.utils.translation import gettext as _

from courses.conditions import Group, Lacking, Missing, Tree
from courses.conditions.trees import whole
from ecosystem.predicates import Facts, Names


def lock_sentence(missing: Missing, *, names: Names, facts: Facts | None = None) -> str:
    """``Opens when you have passed “Check 1”.`` When time has run out for it: ``It was open until 1 March 2026.``"""
    over = _over(missing, facts) if facts else ""
    return over or _("Opens when %(reasons)s.") % {"reasons": _words(missing, names, facts)}


def condition_sentence(tree: Tree | None, *, names: Names) -> str:
    """Everything that a condition asks for, as its author reads it."""
    if tree is None:
        return _("Open from the start.")
    return lock_sentence(whole(tree), names=names)


def _over(missing: Missing, facts: Facts) -> str:
    """Why nothing can open it any more; nothing while something can."""
    if isinstance(missing, Lacking):
        return missing.predicate.over(missing.value, negated=missing.negated, facts=facts)
    parts = [_over(part, facts) for part in missing.parts]
    if missing.every:
        return next((part for part in parts if part), "")
    return parts[0] if all(parts) else ""


def _words(missing: Missing, names: Names, facts: Facts | None) -> str:
    if isinstance(missing, Lacking):
        return missing.predicate.words(missing.value, names, negated=missing.negated, facts=facts)
    # A way that is over is no way: it is not among those to choose from.
    parts = [part for part in missing.parts if missing.every or not (facts and _over(part, facts))]
    return (_(" and ") if missing.every else _(" or ")).join(_part(part, names, facts) for part in parts)


def _part(part: Missing, names: Names, facts: Facts | None) -> str:
    """In brackets when it joins by itself: “a and b or c” could be read two ways."""
    words = _words(part, names, facts)
    return f"({words})" if isinstance(part, Group) else words
