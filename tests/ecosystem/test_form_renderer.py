"""Fields of forms come out as Django's own templates write them, but for empty lines between options."""

from datetime import date
from decimal import Decimal

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils import translation
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy

from ecosystem.form_renderer import WRITTEN, FormRenderer

OURS, THEIRS = FormRenderer(), DjangoTemplates()
HOSTILE = "\"><script>alert('x')</script>&amp;"
CHOICES = [
    ("", "---"),
    (1, "One"),
    ("two", gettext_lazy("Yes")),
    (HOSTILE, HOSTILE),
    ("safe", mark_safe("<b>bold</b>")),
    (Decimal("2.5"), Decimal("1234.5")),
    (None, None),
    (True, True),
    ("day", date(2026, 11, 29)),
    ("A group & more", [("in", "Within"), (3, 4.5)]),
]
ATTRIBUTES = [
    {},
    {
        "id": "id_x",
        "class": "wide",
        "required": True,
        "disabled": False,
        "maxlength": 20,
        "data-x": HOSTILE,
        "step": 0.5,
    },
    {"id": "id_x", "aria-label": gettext_lazy("Yes"), "placeholder": mark_safe("<i>"), "value-none": None},
]
VALUES = [
    None,
    "",
    0,
    1,
    "two",
    "1",
    HOSTILE,
    mark_safe("<b>"),
    gettext_lazy("Yes"),
    1234.5,
    date(2026, 11, 29),
    True,
    False,
]
LISTS = [*VALUES, [], ["two", 1], [HOSTILE, "in", None]]
WIDGETS = [
    *(forms.TextInput, forms.NumberInput, forms.EmailInput, forms.URLInput, forms.ColorInput, forms.SearchInput, forms.TelInput),
    *(forms.PasswordInput, forms.HiddenInput, forms.DateInput, forms.DateTimeInput, forms.TimeInput, forms.Textarea),
    *(forms.CheckboxInput, forms.FileInput),
]  # fmt: skip


@pytest.fixture(params=["en", "nl"])
def language(request):
    with translation.override(request.param):
        yield request.param


def same(widget: forms.Widget, value: object, attributes: dict) -> None:
    ours, theirs = (widget.render("a<b", value, attrs=attributes, renderer=one) for one in (OURS, THEIRS))
    assert ours == theirs.replace("</option>\n\n", "</option>\n")


@pytest.mark.parametrize("kind", WIDGETS)
def test_inputs(kind, language):
    for attributes in ATTRIBUTES:
        for value in VALUES:
            same(kind(attrs=attributes), value, {})
            same(kind(), value, attributes)


@pytest.mark.parametrize("kind", [forms.Select, forms.SelectMultiple, forms.NullBooleanSelect])
def test_lists(kind, language):
    how = {} if kind is forms.NullBooleanSelect else {"choices": CHOICES}
    for attributes in ATTRIBUTES:
        for value in LISTS if kind is forms.SelectMultiple else VALUES:
            same(
                kind(**how),
                value if kind is not forms.SelectMultiple or isinstance(value, list) else [value],
                attributes,
            )


def test_an_option_may_have_attributes_of_its_own():
    class Some(forms.Select):
        def create_option(self, *given, **more):
            option = super().create_option(*given, **more)
            return option | {"attrs": option["attrs"] | {"disabled": option["value"] == "two", "data-x": HOSTILE}}

    for value in ("two", 1):
        same(Some(choices=CHOICES), value, {"id": "id_x"})


def test_what_is_written_here_is_what_django_has_templates_for():
    for name in WRITTEN:
        assert THEIRS.get_template(name)


def test_a_form_is_written_by_it():
    assert type(forms.Form().renderer) is FormRenderer
