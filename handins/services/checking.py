"""What people chose and typed, looked at before it is kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _

from handins.exceptions import HandinError
from handins.models import Rubric


def levels_checked(*, rubric: Rubric | None, levels: Mapping[str, int], is_whole: bool = True) -> dict[str, int]:
    """{place of the criterion: place of its level}. Refuses a level or a criterion that there is not, and with ``is_whole``
    a level that is missing."""
    chosen, criteria = {}, rubric.criteria if rubric else []
    if unknown := sorted(set(levels) - {str(place) for place in range(len(criteria))}):
        raise HandinError(_("There is no criterion with the number %(n)s.") % {"n": unknown[0][:20]})
    for place, criterion in enumerate(criteria):
        level: Any = levels.get(str(place))
        if level is None and not is_whole:
            continue
        # To Python true is 1; to who sent it, it is not.
        if isinstance(level, bool) or not isinstance(level, int) or not 0 <= level < len(criterion["levels"]):
            raise HandinError(_("Choose a level for “%(title)s”.") % {"title": criterion["title"]})
        chosen[str(place)] = level
    return chosen


def words_kept(*, said: str, most: int) -> str:
    """As they are kept; what is longer is cut."""
    return said.replace("\x00", "").replace("\r\n", "\n").strip()[:most]


def words_checked(*, said: str, most: int) -> str:
    """The same, but what is longer is refused."""
    if len(words := words_kept(said=said, most=most + 1)) > most:
        raise HandinError(_("At most %(most)s characters.") % {"most": most})
    return words


def address_checked(*, link: str, schemes: list[str], most: int) -> str:
    """An address of a page, or nothing."""
    link = link.strip()
    try:
        if link:
            URLValidator(schemes=schemes)(link)
    except ValidationError:
        raise HandinError(_("This is no address of a page.")) from None
    if len(link) > most:
        raise HandinError(_("This address is too long."))
    return link
