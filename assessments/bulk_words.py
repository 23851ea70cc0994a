"""What a change of many questions is called, before it is made and afterwards."""

from typing import Any

from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from assessments.models import BulkEdit, Difficulty
from assessments.selectors.bulk_edits import Change


def change_words(change: Change) -> str:
    """What the change does, in one line."""
    return _line(
        added=change.added,
        removed=change.removed,
        fields={
            name: getattr(change, name) or None
            for name in ("objective", "difficulty", "review_on", "retired")
            if getattr(change, name) is not None
        },
    )


def move_words(bank: str) -> str:
    return _("move to %(bank)s") % {"bank": bank}


def ask_words(quiz: str) -> str:
    return _("ask in %(quiz)s") % {"quiz": quiz}


def edit_words(edit: BulkEdit) -> str:
    """What was changed, in one line."""
    said = dict(edit.said)
    if said.get("review_on"):
        said["review_on"] = parse_date(said["review_on"])
    if "to" in said:
        return move_words(said["to"])
    if "quiz" in said:
        return ask_words(said["quiz"])
    return _line(added=said.get("add_tags", []), removed=said.get("remove_tags", []), fields=said)


def _line(*, added: list[str], removed: list[str], fields: dict[str, Any]) -> str:
    found = []
    if added:
        found.append(_("add the tags %(tags)s") % {"tags": ", ".join(added)})
    if removed:
        found.append(_("take away the tags %(tags)s") % {"tags": ", ".join(removed)})
    if "objective" in fields:
        found.append(_("learning objective: %(what)s") % {"what": fields["objective"] or _("none")})
    if "difficulty" in fields:
        level = Difficulty(fields["difficulty"]).label if fields["difficulty"] else _("not said")
        found.append(_("difficulty: %(what)s") % {"what": level})
    if "review_on" in fields:
        day = date_format(fields["review_on"], "j N Y") if fields["review_on"] else _("no day")
        found.append(_("look at it again on: %(day)s") % {"day": day})
    if "retired" in fields:
        found.append(_("retire") if fields["retired"] else _("use again"))
    return "; ".join(found)
