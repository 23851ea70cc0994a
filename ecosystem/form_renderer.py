"""Fields of forms as Django's templates of widgets write them, without those templates.

They include one template for each option of a list and one for the attributes of each tag: a list of all time zones took 50 ms
of a page. What comes out is the same but for empty lines between options; widgets that are not here are written by Django.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.utils.formats import localize
from django.utils.html import conditional_escape as escape

Widget = dict[str, Any]
FOLDER = "django/forms/widgets/"


class FormRenderer(DjangoTemplates):
    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        write = WRITTEN.get(template_name)
        return write(context["widget"]) if write else super().render(template_name, context, request=request)


def _attributes(attributes: dict[str, Any]) -> str:
    written = (
        f" {escape(name)}" if value is True else f' {escape(name)}="{escape(str(value))}"'
        for name, value in attributes.items()
        if value is not False
    )
    return "".join(written)


def _said(value: Any) -> str:
    return escape(localize(value))


def _input(widget: Widget) -> str:
    value = widget["value"]
    given = "" if value is None else f' value="{escape(str(value))}"'
    return (
        f'<input type="{escape(widget["type"])}" name="{escape(widget["name"])}"{given}{_attributes(widget["attrs"])}>'
    )


def _textarea(widget: Widget) -> str:
    words = _said(widget["value"]) if widget["value"] else ""
    return f'<textarea name="{escape(widget["name"])}"{_attributes(widget["attrs"])}>\n{words}</textarea>'


def _select(widget: Widget) -> str:
    groups = []
    for name, options, _index in widget["optgroups"]:
        within = "".join(f"\n  {_option(one)}" for one in options)
        groups.append(f'\n  <optgroup label="{_said(name)}">{within}\n  </optgroup>' if name else within)
    return f'<select name="{escape(widget["name"])}"{_attributes(widget["attrs"])}>{"".join(groups)}\n</select>'


def _option(option: Widget) -> str:
    return f'<option value="{escape(str(option["value"]))}"{_attributes(option["attrs"])}>{_said(option["label"])}</option>'


INPUTS = (
    "checkbox", "color", "date", "datetime", "email", "file", "hidden", "input", "number", "password", "search", "tel", "text",
    "time", "url",
)  # fmt: skip
WRITTEN: dict[str, Callable[[Widget], str]] = {
    **{f"{FOLDER}{name}.html": _input for name in INPUTS},
    f"{FOLDER}textarea.html": _textarea,
    f"{FOLDER}select.html": _select,
}
