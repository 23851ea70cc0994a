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
from collections.abc import Set
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from django.template import Context, Engine, Template, TemplateDoesNotExist, TemplateSyntaxError
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import get_language

FOLDER = "components"
# Looks at the page or the moment, or holds a block of the page that is another each time.
IMPURE = re.compile(
    r"\b(request|csrf_token|environment|person|content)\b|\|(date|time|timesince|timeuntil)\b|\{% (now|slot|include|get_)"
)
CONTENT = "content"
MISSING = object()
# Kept rendered texts: at most 4 MB a process.
KEPT_COUNT, KEPT_LENGTH = 2000, 2000
SIMPLE = frozenset({str, SafeString, int, float, bool, type(None)})
_rendered: dict[tuple[Any, ...], SafeString] = {}
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
    is_pure: bool = False  # looks at its parameters only: not at the page, the moment or the time zone

    @cached_property
    def required(self) -> set[str]:
        return {name for name, default in self.parameters.items() if default is Required}

    def check(self, given: Set[str]) -> None:
        """Raise `TemplateSyntaxError` unless `given` is exactly what the component allows and needs."""
        unknown, missing = given - self.parameters.keys(), self.required - given
        if unknown:
            raise TemplateSyntaxError(
                f"Component {self.name!r} has no parameter {', '.join(sorted(unknown))}. "
                f"It takes: {', '.join(self.parameters) or 'nothing'}."
            )
        if missing:
            raise TemplateSyntaxError(f"Component {self.name!r} needs {', '.join(sorted(missing))}.")

    @cached_property
    def defaults(self) -> dict[str, Any]:
        return {name: default for name, default in self.parameters.items() if default is not Required}


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


def render_component(
    template: Template, declaration: Declaration, given: dict[str, Any], page: Context, *, language: str | None = None
) -> SafeString:
    """Render with the given parameters, defaults for the rest, and nothing of the page but `AMBIENT`.

    What may be given was checked when the tag was compiled. The same text comes out for the same parameters in the
    same language, so what was rendered is kept: a course page asks for the same steps for everybody. ``language`` is
    the one of the page, where the caller has asked for it already.
    """
    key = _key(declaration, given, language or get_language())
    if key is not None and (kept := _rendered.get(key)) is not None:
        return kept
    declaration.check(given.keys())
    values = {**declaration.defaults, **given}
    for name in AMBIENT:
        value = page.get(name, MISSING)
        if value is not MISSING:
            values.setdefault(name, value)
    made = template.render(page.new(values))
    if key is not None and len(made) <= KEPT_LENGTH:
        if len(_rendered) >= KEPT_COUNT:
            _rendered.clear()
        _rendered[key] = made
    return made


def _key(declaration: Declaration, given: dict[str, Any], language: str | None) -> tuple[Any, ...] | None:
    """What decides how a component looks; None when that is more than its parameters and the language.

    Types belong to it: a safe text and the same text that is still to be escaped are equal, as are 1 and True.
    """
    if not declaration.is_pure:
        return None
    values = given.values()
    kinds = tuple(map(type, values))
    if SIMPLE.issuperset(kinds):
        return (declaration.name, language, tuple(given), kinds, tuple(values))
    try:
        return (declaration.name, language, *map(_part, given.items()))
    except TypeError:
        return None


def _part(value: Any) -> Any:
    kind = type(value)
    if kind in SIMPLE:
        return kind, value
    if kind is tuple or kind is list:
        return (kind, *map(_part, value))
    if kind is dict:
        return (kind, *map(_part, value.items()))
    if isinstance(value, Promise):
        return kind, str(value)
    raise TypeError(f"{kind} has no lasting value.")


@lru_cache(maxsize=256)
def _parse(name: str, source: str) -> Declaration:
    about = re.search(r"\{# about: (.*?) #\}", source)
    declared = re.search(r"\{# params:(.*?)#\}", source)
    if about is None or declared is None:
        raise TemplateSyntaxError(f"Component {name!r} must begin with its about and params comments.")
    try:
        pure = IMPURE.search(source.partition(declared[0])[2]) is None
        return Declaration(name, about[1], _parse_parameters(declared[1].strip()), pure)
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
