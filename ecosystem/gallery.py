"""The gallery at /ui/: every component with every parameter it declares, in light or dark, and the CSS classes.

It is also the page on which accessibility and screenshots of the components are tested, so each declared parameter
appears in at least one example; a test compares the examples with the declarations.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import RequestContext
from django.utils.safestring import SafeString

from ecosystem.art import ARTS
from ecosystem.components import Declaration, Required, component_template, declaration_of, render_component
from ecosystem.gallery_examples import gallery_examples
from ecosystem.gallery_frame import CLASSES, WRAPPERS, SampleForm
from ecosystem.templatetags.ui import icon_names

APPEARANCES = ("light", "dark")


class Shown(NamedTuple):
    """One component of the gallery with its rendered examples."""

    declaration: Declaration
    wrapper: str
    parameters: list[tuple[str, str]]
    rendered: list[SafeString]


def gallery(request: HttpRequest) -> HttpResponse:
    """`?theme=light` or `?theme=dark` shows the page in that appearance, whatever the person's own choice is."""
    context: dict[str, Any] = {
        "shown": [_shown(request, name, examples) for name, examples in gallery_examples().items()],
        "arts": list(ARTS),
        "icons": sorted(icon_names()),
        "classes": CLASSES,
        "form": SampleForm(),
        "refused": SampleForm({"name": "", "mail": "ama@", "role": "care"}, prefix="refused"),
    }
    if request.GET.get("theme") in APPEARANCES:
        context["appearance"] = request.GET["theme"]
    return render(request, "ui/gallery.html", context)


def _shown(request: HttpRequest, name: str, examples: list[dict[str, Any]]) -> Shown:
    template = component_template(name)
    declaration = declaration_of(name, template)
    page = RequestContext(request)
    with page.bind_template(template):
        rendered = [render_component(template, declaration, example, page) for example in examples]
    parameters = [
        (parameter, "" if default is Required else repr(default))
        for parameter, default in declaration.parameters.items()
    ]
    return Shown(declaration, WRAPPERS.get(name, ""), parameters, rendered)
