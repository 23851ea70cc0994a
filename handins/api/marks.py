"""Marks as they go out and come in."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from handins.models import Mark


class HandinMarkSerializer(serializers.ModelSerializer[Mark]):
    by = serializers.CharField(source="by.name", read_only=True, allow_null=True)
    rubric = serializers.IntegerField(source="rubric.number", read_only=True, allow_null=True)
    levels = serializers.DictField(child=serializers.IntegerField(), read_only=True)
    comments = serializers.DictField(child=serializers.CharField(), read_only=True)

    class Meta:
        model = Mark
        fields = ["rubric", "levels", "comments", "comment", "score", "passed", "late_points", "because", "by", "at"]
        read_only_fields = fields


class NewHandinMarkSerializer(serializers.Serializer[Any]):
    levels = serializers.DictField(
        child=serializers.IntegerField(min_value=0, max_value=100),
        required=False,
        help_text="{criterion: level}, from 0.",
    )
    comments = serializers.DictField(
        child=serializers.CharField(max_length=5000, allow_blank=True), required=False, help_text="{criterion: words}."
    )
    comment = serializers.CharField(max_length=20_000, required=False, allow_blank=True)
    percent = serializers.IntegerField(
        min_value=0, max_value=100, required=False, allow_null=True, help_text="The score, where there is no rubric."
    )
    passed = serializers.BooleanField(
        required=False, allow_null=True, help_text="Asked for where the assignment has no pass mark."
    )
    because = serializers.CharField(
        max_length=300, required=False, allow_blank=True, help_text="Why a released mark is corrected."
    )
