"""What is said about anything that an author makes."""

from typing import Any

from django.conf import settings
from rest_framework import serializers

from ecosystem.models import Visibility


class FactsSerializer(serializers.Serializer[Any]):
    """What is left out stays as it is."""

    title = serializers.CharField(max_length=200, required=False)
    summary = serializers.CharField(max_length=500, allow_blank=True, required=False)
    language = serializers.CharField(max_length=8, required=False)
    minutes = serializers.IntegerField(min_value=0, max_value=10_000, required=False)
    tags = serializers.ListField(child=serializers.CharField(max_length=60), max_length=20, required=False)
    visibility = serializers.ChoiceField(choices=Visibility.choices, required=False)

    def validate_language(self, value: str) -> str:
        if value not in dict(settings.LANGUAGES):
            raise serializers.ValidationError("There is no such language here.")
        return value
