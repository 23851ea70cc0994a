"""Rounds as other software reads and sends them."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers

from handins.anonymity import day_of, neutral_name
from handins.api.marks import HandinMarkSerializer
from handins.models import HandinFile, Round, RoundState


class HandinFileSerializer(serializers.ModelSerializer[HandinFile]):
    path = serializers.SerializerMethodField()

    class Meta:
        model = HandinFile
        fields = ["uid", "name", "media_type", "size", "path"]
        read_only_fields = fields

    def get_path(self, row: HandinFile) -> str:
        return f"/handins/files/{row.uid}/"


class HandinSerializer(serializers.ModelSerializer[Round]):
    """``marks``, oldest first, are those that whoever asks may see."""

    assignment = serializers.SlugField(source="element.slug", read_only=True)
    person = serializers.EmailField(
        source="person.email", read_only=True, allow_null=True, help_text="Nothing where it is marked without names."
    )
    saved_at = serializers.DateTimeField(
        read_only=True, allow_null=True, help_text="Nothing where it is marked without names."
    )
    called = serializers.SerializerMethodField(help_text="The name, or a pseudonym as long as names are hidden.")
    link = serializers.CharField(read_only=True, help_text="An address, or nothing.")
    files = HandinFileSerializer(many=True, read_only=True)
    team = serializers.CharField(source="submission.team.name", read_only=True, default=None, allow_null=True)
    people = serializers.SerializerMethodField(help_text="Whose work it is.")
    marker = serializers.SerializerMethodField(help_text="Whom it is allocated to; for whoever marks only.")
    second = serializers.SerializerMethodField(help_text="The other, where two mark; for whoever marks only.")
    marks = serializers.SerializerMethodField()

    class Meta:
        model = Round
        fields = [
            "uid", "assignment", "person", "called", "number", "state", "text", "link", "saved_at", "submitted_at", "is_late",
            "released_at", "team", "people", "marker", "second", "files", "marks",
        ]  # fmt: skip
        read_only_fields = fields

    def _is_own(self, row: Round) -> bool:
        me = self.context["by"].person_id
        return row.person_id == me or any(one.person_id == me for one in row.shares.all())

    def _hides_names(self, row: Round) -> bool:
        return row.hides_names and not self._is_own(row)

    def _day(self, row: Round) -> str:
        return serializers.DateTimeField().to_representation(day_of(row.submitted_at))

    def get_called(self, row: Round) -> str:
        if self._is_own(row):
            return str(row.submission.team.name if row.submission.team_id is not None else row.person.name)
        return row.called

    def get_people(self, row: Round) -> list[str]:
        return [one.person.email for one in row.shares.all()] or [row.person.email]

    def get_marker(self, row: Round) -> str | None:
        return row.marker.email if row.marker and not self._is_own(row) else None

    def get_second(self, row: Round) -> str | None:
        return row.second.email if row.second and not self._is_own(row) else None

    def to_representation(self, instance: Round) -> dict[str, Any]:
        """To their learner a mark on its way is a hand-in that somebody looks at."""
        shown: dict[str, Any] = super().to_representation(instance)
        if self._hides_names(instance):
            shown.update(person=None, people=[], team=None, saved_at=None, submitted_at=self._day(instance))
            for file, said in zip(instance.files.all(), shown["files"], strict=True):
                said["name"] = neutral_name(file)
        if self._is_own(instance) and instance.state in (
            RoundState.CHECKING,
            RoundState.READY,
        ):
            shown["state"] = RoundState.MARKED.value
        return shown

    @extend_schema(responses=HandinMarkSerializer(many=True))
    def get_marks(self, row: Round) -> list[dict[str, Any]]:
        if self._is_own(row) and row.state != RoundState.RETURNED:
            return []
        if row.is_sealed:  # type: ignore[attr-defined]
            return []
        return list(HandinMarkSerializer(sorted(row.marks.all(), key=lambda one: one.pk), many=True).data)


class HandinDraftSerializer(serializers.Serializer[Any]):
    text = serializers.CharField(max_length=200_000, required=False, allow_blank=True, trim_whitespace=False)
    link = serializers.URLField(max_length=500, required=False, allow_blank=True)


class HandinSavedSerializer(HandinDraftSerializer):
    seen = serializers.DateTimeField(
        required=False, help_text="The saved_at it began from: nothing is written over that was saved since."
    )


class NewHandinSerializer(HandinDraftSerializer):
    assignment = serializers.SlugField()


class HandinSubmitSerializer(serializers.Serializer[Any]):
    declares = serializers.BooleanField(default=False, help_text="Agrees to what the assignment asks to declare.")


class HandinUploadSerializer(serializers.Serializer[Any]):
    upload = serializers.FileField(help_text="PDF, office documents, pictures, sound or text.")


class FileNamedSerializer(serializers.Serializer[Any]):
    file = serializers.UUIDField()


class HandinReopenSerializer(serializers.Serializer[Any]):
    because = serializers.CharField(max_length=300)


class HandinConflictSerializer(serializers.Serializer[Any]):
    because = serializers.CharField(max_length=300, required=False, allow_blank=True)


class HandinsReleaseSerializer(serializers.Serializer[Any]):
    rounds = serializers.ListField(child=serializers.UUIDField(), min_length=1, max_length=200)


class HandinsStageSerializer(HandinsReleaseSerializer):
    to = serializers.ChoiceField(choices=[state.value for state in RoundState.judged()])


class HandinsAllocateSerializer(HandinsReleaseSerializer):
    marker = serializers.EmailField(
        required=False, allow_null=True, help_text="Of a member who marks the work; nothing for nobody in particular."
    )
    second = serializers.BooleanField(default=False, help_text="As the second of two who mark.")


class HandinsMovedSerializer(serializers.Serializer[Any]):
    moved = serializers.IntegerField()


class HandinsReleasedSerializer(serializers.Serializer[Any]):
    released = serializers.IntegerField()
