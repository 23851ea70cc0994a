"""What a locked activity waits for, as a sentence."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from courses.conditions import Group, Lacking, Missing


def lock_sentence(missing: Missing, *, titles: Mapping[int, str]) -> str:
    """``Opens when you have passed “Check 1”.`` ``titles``: what the learner knows the elements as, by id."""
    return _("Opens when %(reasons)s.") % {"reasons": _words(missing, titles)}


def _words(missing: Missing, titles: Mapping[int, str]) -> str:
    if isinstance(missing, Lacking):
        return _leaf(missing, titles.get(missing.element_id) or _("another activity"))
    return (_(" and ") if missing.every else _(" or ")).join(_part(part, titles) for part in missing.parts)


def _part(part: Missing, titles: Mapping[int, str]) -> str:
    """In brackets when it joins by itself: “a and b or c” could be read two ways."""
    words = _words(part, titles)
    return f"({words})" if isinstance(part, Group) else words


def _leaf(leaf: Lacking, title: str) -> str:
    words = {
        ("passed", False): _("you have passed “%(title)s”"),
        ("passed", True): _("you have not passed “%(title)s”"),
        ("completed", False): _("you have finished “%(title)s”"),
        ("completed", True): _("you have not finished “%(title)s”"),
        ("failed", False): _("you have tried “%(title)s” without passing"),
        ("failed", True): _("you have not failed “%(title)s”"),
    }
    return words[leaf.verb, leaf.negated] % {"title": title}
