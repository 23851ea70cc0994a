"""A logo as SVG that may stand in our pages: shapes and colours, nothing that acts or loads."""

import nh3
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

SHAPES = {"svg", "g", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "title"}
COMMON = {"fill", "fill-rule", "stroke", "stroke-width", "stroke-linecap", "stroke-linejoin", "opacity", "transform"}
ATTRIBUTES = {
    "svg": COMMON | {"viewbox", "viewBox", "xmlns", "width", "height"},
    "g": COMMON,
    "path": COMMON | {"d"},
    "rect": COMMON | {"x", "y", "width", "height", "rx", "ry"},
    "circle": COMMON | {"cx", "cy", "r"},
    "ellipse": COMMON | {"cx", "cy", "rx", "ry"},
    "line": COMMON | {"x1", "y1", "x2", "y2"},
    "polyline": COMMON | {"points"},
    "polygon": COMMON | {"points"},
}
LARGEST = 20_000


def clean_logo(svg: str) -> str:
    """The drawing with only shapes and colours left. Refuses what is too large or is no SVG."""
    if not svg.strip():
        return ""
    if len(svg) > LARGEST:
        raise ValidationError(_("This logo is too large: at most 20 kB of SVG."))
    cleaned: str = nh3.clean(
        svg,
        tags=SHAPES,
        attributes=ATTRIBUTES,
        clean_content_tags={"script", "style", "foreignobject"},
        url_schemes=set(),
        attribute_filter=lambda _tag, _name, value: None if "url(" in value.lower() else value,
    ).strip()
    if not cleaned.startswith("<svg"):
        raise ValidationError(_("A logo must be an SVG drawing."))
    return cleaned.replace("viewbox=", "viewBox=")
