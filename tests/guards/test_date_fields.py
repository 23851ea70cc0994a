"""Fields that a browser shows as a calendar or a clock: their value stands as browsers read it, in every language."""

from collections.abc import Iterator

from django import forms
from django.urls import get_resolver

STAMPS = {"date": "%Y-%m-%d", "time": "%H:%M", "datetime-local": "%Y-%m-%dT%H:%M"}


def all_forms(above: type = forms.BaseForm) -> Iterator[type]:
    for one in above.__subclasses__():
        yield one
        yield from all_forms(one)


def badly_written(found: Iterator[type]) -> list[str]:
    """A widget without a format writes the date as the language does; a browser then shows an empty field, and saving loses it."""
    return [
        f"{one.__module__}.{one.__name__}.{name}"
        for one in found
        for name, field in getattr(one, "base_fields", {}).items()
        if isinstance(field.widget, (forms.DateInput, forms.DateTimeInput, forms.TimeInput))
        if (kind := field.widget.attrs.get("type") or field.widget.input_type) in STAMPS
        if field.widget.format != STAMPS[kind]
    ]


def test_dates_and_times_are_written_as_browsers_read_them():
    assert get_resolver().url_patterns  # every form is read with the pages
    own = [
        one
        for one in all_forms()
        if not one.__module__.startswith(("django.", "allauth.", "rest_framework.", "tests."))
    ]
    assert len(own) > 50
    assert badly_written(iter(own)) == []


def test_a_date_without_a_format_is_found():
    planted = type("Planted", (forms.Form,), {"on": forms.DateField(widget=forms.DateInput(attrs={"type": "date"}))})
    assert badly_written(iter([planted])) == [f"{planted.__module__}.Planted.on"]
