"""Components: small templates in templates/components/ that declare their parameters in their first lines.

    {# about: What it is and when to use it. #}
    {# params: title, href="", tone="brand" #}

A parameter without a default is required. A parameter that is not declared, or a required one that is missing, is
refused when the page's template is compiled, not when a person opens it. `content` is the parameter a component
takes its block from (`{% slot %}`).
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.template import Context, Engine, Template, TemplateDoesNotExist, TemplateSyntaxError
from django.utils.safestring import SafeString

FOLDER = "components"
CONTENT = "content"
# What a component sees of the page besides its parameters: who is asking and where, never the page's own variables.
AMBIENT = ("request", "csrf_token", "environment", "person")


class Required:
    """Marks a parameter that has no default."""


@dataclass(frozen=True)
class Declaration:
    """What a component says about itself."""

    name: str
    about: str
    parameters: dict[str, Any]

    @property
    def required(self) -> set[str]:
        return {name for name, default in self.parameters.items() if default is Required}

    def check(self, given: set[str]) -> None:
        """Raise `TemplateSyntaxError` unless `given` is exactly what the component allows and needs."""
        unknown, missing = given - set(self.parameters), self.required - given
        if unknown:
            raise TemplateSyntaxError(
                f"Component {self.name!r} has no parameter {', '.join(sorted(unknown))}. "
                f"It takes: {', '.join(self.parameters) or 'nothing'}."
            )
        if missing:
            raise TemplateSyntaxError(f"Component {self.name!r} needs {', '.join(sorted(missing))}.")

    def with_defaults(self, given: dict[str, Any]) -> dict[str, Any]:
        return {name: given.get(name, default) for name, default in self.parameters.items()}


def component_template(name: str, engine: Engine | None = None) -> Template:
    """The template of a component; an unknown name is a `TemplateSyntaxError`."""
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        raise TemplateSyntaxError(f"{name!r} is no component name.")
    try:
        return (engine or Engine.get_default()).get_template(f"{FOLDER}/{name}.html")
    except TemplateDoesNotExist as missing:
        raise TemplateSyntaxError(f"There is no component {name!r}.") from missing


def declaration_of(name: str, template: Template) -> Declaration:
    """Read the declaration from the top of a component's template."""
    return _parse(name, str(template.source))


def render_component(template: Template, declaration: Declaration, given: dict[str, Any], page: Context) -> SafeString:
    """Render with the given parameters, defaults for the rest, and nothing of the page but `AMBIENT`."""
    declaration.check(set(given))
    ambient = {name: page[name] for name in AMBIENT if name in page}
    return template.render(page.new({**ambient, **declaration.with_defaults(given)}))


@lru_cache(maxsize=256)
def _parse(name: str, source: str) -> Declaration:
    about = re.search(r"\{# about: (.*?) #\}", source)
    declared = re.search(r"\{# params:(.*?)#\}", source)
    if about is None or declared is None:
        raise TemplateSyntaxError(f"Component {name!r} must begin with its about and params comments.")
    try:
        return Declaration(name, about[1], _parse_parameters(declared[1].strip()))
    except (SyntaxError, ValueError) as wrong:
        raise TemplateSyntaxError(f"The params comment of component {name!r} cannot be read: {wrong}") from wrong


def _parse_parameters(text: str) -> dict[str, Any]:
    """`title, href=""` as a mapping name -> default; the grammar is Python's for keyword-only parameters."""
    if not text:
        return {}
    # A lambda can hold nothing but its parameters here, and only literals are taken as defaults.
    function = ast.parse(f"lambda *, {text}: None", mode="eval").body
    arguments = next(node for node in ast.walk(function) if isinstance(node, ast.arguments))
    pairs = zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    return {one.arg: Required if default is None else ast.literal_eval(default) for one, default in pairs}
