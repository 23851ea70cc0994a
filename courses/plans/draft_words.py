"""What an edit of a draft was, as a sentence, and which edits can be undone."""

from django.utils.translation import gettext as _

from courses.models import DraftEdit

UNDONE, REDONE = "undone", "redone"


def edit_words(edit: DraftEdit) -> str:
    """``Ama Mensah renamed the chapter “Start”``."""
    return _phrases().get(edit.act, _("%(name)s changed “%(title)s”")) % {"name": edit.by.name, "title": edit.title}


def _phrases() -> dict[str, str]:
    return {
        "block_added": _("%(name)s added the chapter “%(title)s”"),
        "block_renamed": _("%(name)s renamed the chapter “%(title)s”"),
        "block_moved": _("%(name)s moved the chapter “%(title)s”"),
        "block_removed": _("%(name)s removed the chapter “%(title)s”"),
        "activity_added": _("%(name)s added “%(title)s”"),
        "activity_changed": _("%(name)s changed “%(title)s”"),
        "activity_moved": _("%(name)s moved “%(title)s”"),
        "activity_removed": _("%(name)s removed “%(title)s”"),
        "condition_changed": _("%(name)s changed when “%(title)s” opens"),
        UNDONE: _("%(name)s took back a change of “%(title)s”"),
        REDONE: _("%(name)s did a change of “%(title)s” again"),
    }


def histories(edits: list[DraftEdit]) -> tuple[list[DraftEdit], list[DraftEdit]]:
    """(edits that an undo takes back from the end, edits that a redo does again from the end)."""
    done: list[DraftEdit] = []
    undone: list[DraftEdit] = []
    for edit in edits:
        if edit.act == UNDONE:
            undone.append(done.pop())
        elif edit.act == REDONE:
            done.append(undone.pop())
        else:
            done.append(edit)
            undone.clear()
    return done, undone
