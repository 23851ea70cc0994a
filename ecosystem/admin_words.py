"""Names of columns and fields in the admin, for fields whose model gives them none: Django would show their Python names.

Given when a model is registered, so that migrations do not see it.
"""

from django.db.models import Field, Model
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

WORDS: dict[str, Promise] = {
    "analysis": pgettext_lazy("field", "analysis"),
    "answers": pgettext_lazy("field", "answers"),
    "assessment": pgettext_lazy("field", "quiz"),
    "assignment": pgettext_lazy("field", "assignment"),
    "at": pgettext_lazy("field", "when"),
    "attempt": pgettext_lazy("field", "try"),
    "attempts": pgettext_lazy("field", "tries"),
    "bank": pgettext_lazy("field", "question bank"),
    "because": pgettext_lazy("field", "because"),
    "by": pgettext_lazy("field", "by"),
    "context": pgettext_lazy("field", "circumstances"),
    "correction": pgettext_lazy("field", "correction"),
    "created_at": pgettext_lazy("field", "made at"),
    "declared": pgettext_lazy("field", "declared as own work"),
    "device": pgettext_lazy("field", "device"),
    "done": pgettext_lazy("field", "done"),
    "done_at": pgettext_lazy("field", "done at"),
    "due_at": pgettext_lazy("field", "due at"),
    "element": pgettext_lazy("field", "element"),
    "error": pgettext_lazy("field", "error"),
    "event": pgettext_lazy("field", "event"),
    "evidence": pgettext_lazy("field", "evidence"),
    "figures": pgettext_lazy("field", "figures"),
    "file": pgettext_lazy("field", "file"),
    "flags": pgettext_lazy("field", "signals"),
    "group": pgettext_lazy("field", "group"),
    "html": pgettext_lazy("field", "text"),
    "joined_at": pgettext_lazy("field", "member since"),
    "key": pgettext_lazy("field", "key"),
    "last_active_at": pgettext_lazy("field", "last active at"),
    "late_surprise": pgettext_lazy("field", "surprise after days"),
    "late_weight": pgettext_lazy("field", "weight after days"),
    "model_version": pgettext_lazy("field", "version of the model"),
    "notice": pgettext_lazy("field", "notice"),
    "number": pgettext_lazy("field", "number"),
    "objective": pgettext_lazy("field", "learning objective"),
    "occurred_at": pgettext_lazy("field", "happened at"),
    "onward": pgettext_lazy("field", "goes on to"),
    "person": pgettext_lazy("field", "person"),
    "population": pgettext_lazy("field", "population"),
    "position": pgettext_lazy("field", "place"),
    "question": pgettext_lazy("field", "question"),
    "queue": pgettext_lazy("field", "queue"),
    "reached": pgettext_lazy("field", "came to question"),
    "reaction": pgettext_lazy("field", "reaction"),
    "report": pgettext_lazy("field", "report"),
    "result": pgettext_lazy("field", "result"),
    "review": pgettext_lazy("field", "looking back"),
    "run": pgettext_lazy("field", "run"),
    "runs": pgettext_lazy("field", "turns"),
    "seat": pgettext_lazy("field", "seat"),
    "series": pgettext_lazy("field", "series"),
    "slug": pgettext_lazy("field", "address"),
    "state": pgettext_lazy("field", "state"),
    "statement_id": pgettext_lazy("field", "learning record"),
    "statement_stored_at": pgettext_lazy("field", "record stored at"),
    "stored_at": pgettext_lazy("field", "stored at"),
    "submission": pgettext_lazy("field", "hand-in"),
    "surprise": pgettext_lazy("field", "surprise"),
    "team": pgettext_lazy("field", "team"),
    "template": pgettext_lazy("field", "template"),
    "total": pgettext_lazy("field", "total"),
    "turn_at": pgettext_lazy("field", "place in the queue"),
    "tx": pgettext_lazy("field", "transaction"),
    "uid": pgettext_lazy("field", "identifier"),
    "updated_at": pgettext_lazy("field", "changed at"),
    "version": pgettext_lazy("field", "version"),
    "waiting": pgettext_lazy("field", "waits for marking"),
    "weight": pgettext_lazy("field", "weight"),
}


def nameless(model: type[Model]) -> list[Field]:
    """The fields to which their model gives no words."""
    return [field for field in model._meta.fields if "verbose_name" not in field.deconstruct()[3]]


def words_give(model: type[Model]) -> None:
    for field in nameless(model):
        if field.name in WORDS:
            field.verbose_name = WORDS[field.name]
