"""What a learner says of a step."""

from typing import Any

from rest_framework import serializers


class DoneSerializer(serializers.Serializer[Any]):
    done = serializers.BooleanField()
