"""Selects of the admin with as many options as there are people or elements: read and written without a row object each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms.models import ModelChoiceIterator

from ecosystem.models import Element, Person

NAMED_BY: dict[Any, str] = {Person: "name", Element: "title"}  # the column that ``str`` of a row gives


class NamedOptions(ModelChoiceIterator):
    def __iter__(self) -> Iterator[tuple[Any, Any]]:
        if self.field.empty_label is not None:
            yield "", self.field.empty_label
        yield from self.queryset.values_list("pk", NAMED_BY[self.queryset.model])


class LongSelect(forms.Select):
    def optgroups(self, name: str, value: Any, attrs: Any = None) -> list[Any]:
        """What Django gives to the renderer, of options without groups and with no attributes of their own."""
        template = self.option_template_name
        options = [
            {
                "value": key,
                "label": words,
                "attrs": {"selected": True} if str(key) in value else {},
                "template_name": template,
            }
            for key, words in self.choices
        ]
        return [(None, options, 0)]


class NamedChoice(forms.ModelChoiceField):
    widget = LongSelect
    iterator = NamedOptions
