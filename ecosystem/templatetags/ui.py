"""Template tags of the design system: icon, art, ring, spark, component, slot. See docs/design-system.md."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token, token_kwargs
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from ecosystem import charts, look
from ecosystem.art import ARTS
from ecosystem.components import CONTENT, Declaration, component_template, declaration_of, render_component

register = template.Library()

SPRITE = Path(__file__).resolve().parent.parent.parent / "static" / "img" / "icons.svg"


@lru_cache(maxsize=1)
def icon_names() -> frozenset[str]:
    """The icons in the sprite (tools/icons.txt lists them, tools/vendor.py makes it)."""
    return frozenset(re.findall(r'<symbol id="([^"]+)"', SPRITE.read_text(encoding="utf-8")))


@register.simple_tag
@lru_cache(maxsize=256)
def asset(path: str) -> str:
    """The address of a file of ours, as `{% static %}` gives it, kept for as long as the process lives."""
    return static(path)


@register.simple_tag
@lru_cache(maxsize=1024)  # a page has dozens; the address of the sprite is the same for as long as the process lives
def icon(name: str, css: str = "") -> SafeString:
    """An icon beside text that says the same; it is hidden from screen readers."""
    if name not in icon_names():
        raise ValueError(f"There is no icon {name!r}. Add it to tools/icons.txt and run tools/vendor.py.")
    return format_html(
        '<svg class="{}" aria-hidden="true"><use href="{}#{}"/></svg>',
        f"icon {css}".strip(),
        static("img/icons.svg"),
        name,
    )


@register.simple_tag
@lru_cache(maxsize=64)
def art(name: str = "rings") -> SafeString:
    """Decorative cover art; takes the text colour of what it lies in."""
    if name not in ARTS:
        raise ValueError(f"There is no art {name!r}. There are: {', '.join(ARTS)}.")
    return format_html(
        '<svg class="art" viewBox="0 0 400 180" preserveAspectRatio="xMaxYMid slice" fill="none" '
        'stroke="currentColor" aria-hidden="true">{}</svg>',
        mark_safe(ARTS[name]),  # noqa: S308 - a constant of ours
    )


@register.filter
def term(words: dict[str, str], key: str) -> str:
    """What an environment with these own words calls a page: `{{ environment.words|term:"courses" }}`."""
    return str(look.term(key, words))


@register.simple_tag
def ring(percent: float, text: str = "", css: str = "") -> SafeString:
    """A ring filled to `percent` (0 to 100) with a short text inside. Say the same in words beside it."""
    filled = min(100.0, max(0.0, float(percent or 0)))
    return format_html(
        '<span class="{}" aria-hidden="true"><svg viewBox="0 0 40 40"><circle class="tr" cx="20" cy="20" r="17"/>'
        '<circle class="va" cx="20" cy="20" r="17" pathLength="100" stroke-dasharray="{} 100"/></svg><b>{}</b></span>',
        f"ring {css}".strip(),
        f"{filled:g}",
        text,
    )


@register.simple_tag
def spark(values: list[float], said: str) -> SafeString:
    """A small line without axes; `said` tells in words what it shows."""
    return charts.spark(values, palette=charts.screen_palette(), title=said)


class ComponentNode(template.Node):
    """A component with its parameters; with a nodelist, what is between the tags becomes `content`."""

    def __init__(
        self,
        source: template.Template,
        declaration: Declaration,
        parameters: dict[str, FilterExpression],
        nodelist: NodeList | None = None,
    ) -> None:
        self.source = source
        self.declaration = declaration
        self.parameters = parameters
        self.nodelist = nodelist or NodeList()
        self.has_content = nodelist is not None

    def render(self, context: template.Context) -> SafeString:
        given: dict[str, Any] = {name: value.resolve(context) for name, value in self.parameters.items()}
        if self.has_content:
            given[CONTENT] = self.nodelist.render(context)
        return render_component(self.source, self.declaration, given, context)


@register.tag
def component(parser: Parser, token: Token) -> ComponentNode:
    """`{% component "chip" text="Due" tone="warn" %}`"""
    source, declaration, parameters = _compile(parser, token)
    declaration.check(set(parameters))
    return ComponentNode(source, declaration, parameters)


class EachNode(template.Node):
    """A component once for each of a list of parameters."""

    def __init__(self, source: template.Template, declaration: Declaration, rows: FilterExpression) -> None:
        self.source, self.declaration, self.rows = source, declaration, rows

    def render(self, context: template.Context) -> SafeString:
        language = get_language()
        rendered = (
            render_component(self.source, self.declaration, row, context, language=language)
            for row in self.rows.resolve(context)
        )
        return mark_safe("".join(rendered))  # noqa: S308 -- rendered


@register.tag
def each(parser: Parser, token: Token) -> EachNode:
    """`{% each "step" chapter.shown %}`: for long lists, whose parameters are made in Python (a list of dictionaries)."""
    tag, *bits = token.split_contents()
    if len(bits) != 2:
        raise template.TemplateSyntaxError(f"{tag} needs the component's name and a list of its parameters.")
    source, declaration, _none = _compile(parser, Token(token.token_type, f"{tag} {bits[0]}"))
    return EachNode(source, declaration, parser.compile_filter(bits[1]))


@register.tag
def slot(parser: Parser, token: Token) -> ComponentNode:
    """`{% slot "card" title="Your week" %} … {% endslot %}`: the block is the component's `content`."""
    source, declaration, parameters = _compile(parser, token)
    declaration.check({*parameters, CONTENT})
    nodelist = parser.parse(("endslot",))
    parser.delete_first_token()
    return ComponentNode(source, declaration, parameters, nodelist)


def _compile(parser: Parser, token: Token) -> tuple[template.Template, Declaration, dict[str, FilterExpression]]:
    tag, *bits = token.split_contents()
    if not bits or bits[0][0] not in "\"'" or bits[0][-1] != bits[0][0]:
        raise template.TemplateSyntaxError(f"{tag} needs the component's name in quotes.")
    name, rest = bits[0][1:-1], bits[1:]
    parameters = token_kwargs(rest, parser)
    if rest:
        raise template.TemplateSyntaxError(f"{tag} {name!r}: write {rest[0]!r} as name=value.")
    # Loaded here, not when rendering, so that a wrong name or parameter stops the page's template from compiling.
    source = component_template(name)
    return source, declaration_of(name, source), parameters
