"""Tags of questions: as they are kept, and changed in many questions by one statement."""

from collections.abc import Iterable
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import CharField, Expression, F, Func, Value

MOST_TAGS = 30
TAGS: Any = ArrayField(CharField(max_length=100))


def tags_kept(tags: Iterable[str]) -> list[str]:
    """Tags as they are kept: each once, in the order of the alphabet, no longer than a tag may be."""
    plain = {" ".join(tag.replace("\x00", "").split())[:100] for tag in tags}
    return sorted(plain - {""}, key=str.casefold)[:MOST_TAGS]


class _Without(Func):
    """The first list without what is in the second."""

    template = "ARRAY(SELECT one FROM unnest(%(expressions)s))"
    arg_joiner = ") AS one WHERE one <> ALL("
    output_field = TAGS


class _Both(Func):
    """Two lists as one, kept as ``tags_kept`` does; only where ß stands in the alphabet differs."""

    template = (
        "ARRAY(SELECT one FROM (SELECT DISTINCT one FROM unnest(%(expressions)s) AS one) AS kept"
        ' ORDER BY lower(one) COLLATE "C", one COLLATE "C" LIMIT %(most)s)'
    )
    arg_joiner = " || "
    output_field = TAGS


def tags_changed(*, add: list[str], remove: list[str]) -> Expression:
    """The tags of a row with these and without those."""
    kept: Any = _Without(F("tags"), Value(remove, output_field=TAGS)) if remove else F("tags")
    return _Both(kept, Value(add, output_field=TAGS), most=MOST_TAGS)
