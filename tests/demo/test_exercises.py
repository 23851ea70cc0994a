"""The bank of exercises of the demo: every kind that is not a choice, each one that can be asked."""

import pytest

from assessments.models import Picture, Question
from demo.loading.exercises import exercises_load
from ecosystem.models import Person


@pytest.mark.django_db
@pytest.mark.scoped
def test_the_exercises_come_in(env, member, settings, tmp_path):
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}},
    }
    author = Person.objects.get(pk=member("author").person_id)
    assert exercises_load({"author@demo.example.org": author}) == 7
    rows = Question.objects.order_by("pk")
    assert [row.type for row in rows] == [
        "ordering", "hotspot", "drag_text", "cloze", "numeric", "likert", "file_upload",
    ]  # fmt: skip
    assert all(row.tags and row.text for row in rows)
    assert Picture.objects.get().media_type == "image/png"
