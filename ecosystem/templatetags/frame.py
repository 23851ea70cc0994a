from django import template
from django.template import Context
from django.utils.safestring import SafeString

from ecosystem.frame import frame_render

register = template.Library()


@register.simple_tag(takes_context=True)
def frame(context: Context, part: str) -> SafeString:
    """`{% frame "top" %}`: a part of the frame around a member's page; see `ecosystem.frame`."""
    return frame_render(part, context["frame"], csrf_token=str(context["csrf_token"]))
