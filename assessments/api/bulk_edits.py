"""What other software says and hears when many questions change at once."""

from typing import Any

from rest_framework import serializers

from assessments.models import Objective
from assessments.selectors.bulk_edits import Change
from assessments.services.questions import MOST_AT_ONCE


class BulkSerializer(serializers.Serializer[Any]):
    """What is left out stays as it is."""

    questions = serializers.ListField(
        child=serializers.IntegerField(min_value=1), max_length=MOST_AT_ONCE, help_text="Ids."
    )
    to = serializers.SlugField(
        max_length=100, required=False, help_text="Move them to this bank; nothing else is done then."
    )
    add_tags = serializers.ListField(child=serializers.CharField(max_length=100), max_length=30, default=list)
    remove_tags = serializers.ListField(child=serializers.CharField(max_length=100), max_length=30, default=list)
    objective = serializers.SlugField(max_length=100, allow_null=True, required=False)
    difficulty = serializers.IntegerField(min_value=1, max_value=5, allow_null=True, required=False)
    review_on = serializers.DateField(allow_null=True, required=False)
    retired = serializers.BooleanField(required=False)
    preview = serializers.BooleanField(default=False, help_text="Only say how many would change.")


class QuestionsChangedSerializer(serializers.Serializer[Any]):
    changed = serializers.IntegerField(help_text="How many are different now.")
    already = serializers.IntegerField(required=False, help_text="In a preview: how many are like that already.")
    edit = serializers.IntegerField(
        required=False, allow_null=True, help_text="To take it back with; null when nothing changed."
    )


class QuestionsUndoSerializer(serializers.Serializer[Any]):
    edit = serializers.IntegerField(min_value=1, max_value=2**63 - 1, help_text="As the change answered.")


def change_of(wish: dict[str, Any], *, objective: Objective | None) -> Change:
    """The change that a body asks for; ``objective`` is the row it names."""
    return Change(
        add_tags=tuple(wish["add_tags"]),
        remove_tags=tuple(wish["remove_tags"]),
        objective=(objective or False) if "objective" in wish else None,
        difficulty=(wish["difficulty"] or 0) if "difficulty" in wish else None,
        review_on=(wish["review_on"] or False) if "review_on" in wish else None,
        retired=wish.get("retired"),
    )
