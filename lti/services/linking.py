"""Activities in tools: made and changed by authors."""

from __future__ import annotations

import re
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from ecosystem.models import Membership
from ecosystem.rules import is_author
from ecosystem.scope import current_scope
from ecosystem.services.audit import audit
from ecosystem.services.elements import element_create, element_update
from ecosystem.slugs import slug_free
from lti.addresses import is_for_browsers
from lti.exceptions import LtiError
from lti.models import Tool, ToolLink
from lti.models.tools import origin_of

KIND = "external_tool"
SET = ("tool", "target_url", "custom", "opens_in", "done_when", "pass_mark", "points")
NAME = re.compile(r"[A-Za-z0-9_.-]{1,64}\Z")
MOST_CUSTOM, LONGEST_CUSTOM = 20, 500


@transaction.atomic
def link_make(*, title: str, by: Membership, wanted: str = "", **facts: Any) -> ToolLink:
    """A new activity; ``facts`` are those of ``SET`` and of the element. Without a tool it opens nothing yet."""
    if not is_author(by):
        raise LtiError(_("Only who makes content can do that."))
    own = {name: facts.pop(name) for name in SET if name in facts}
    made = ToolLink(environment_id=current_scope().environment_id, wanted=wanted[:120], **own)
    _refuse_nonsense(made)
    facts.setdefault("slug", slug_free(title=title, kind=KIND))
    facts.setdefault("creators", [by.person])
    made.element = element_create(kind=KIND, title=title, **facts)
    made.save()
    audit(act="lti_link.made", by=by.person, target=made, after={"title": title, "tool": str(made.tool or "")})
    return made


@transaction.atomic
def link_set(*, link: ToolLink, by: Membership, element: dict[str, Any], **facts: Any) -> ToolLink:
    """Change what is given; ``element`` are facts of the element. What people did stays."""
    if not is_author(by) or link.environment_id != current_scope().environment_id:
        raise LtiError(_("Only who makes content can do that."))
    held = ToolLink.objects.select_for_update(of=("self",)).select_related("element", "tool").get(pk=link.pk)
    before = _said(held, element)
    for name, value in facts.items():
        if name not in SET:
            raise TypeError(name)
        setattr(held, name, value)
    _refuse_nonsense(held)
    held.save()
    held.element = element_update(element=held.element, **element)
    after = _said(held, element)
    if before != after:
        audit(act="lti_link.changed", by=by.person, target=held, before=before, after=after)
    return held


def _said(link: ToolLink, element: dict[str, Any]) -> dict[str, Any]:
    own = {name: getattr(link, name) for name in SET} | {"tool": str(link.tool or "")}
    return own | {name: getattr(link.element, name) for name in element}


def _refuse_nonsense(link: ToolLink) -> None:
    if link.tool is not None:
        refuse_elsewhere(tool=link.tool, url=link.target_url)
    elif link.target_url and not is_for_browsers(link.target_url):
        raise LtiError(
            _("“%(address)s” must begin with https:// and a host in plain letters, such as tool.example.org.")
            % {"address": link.target_url[:100]}
        )
    if link.pass_mark is not None and not 0 <= link.pass_mark <= 100:
        raise LtiError(_("A pass mark lies between 0 and 100 percent."))
    if len(link.custom) > MOST_CUSTOM:
        raise LtiError(_("At most %(count)s custom parameters.") % {"count": MOST_CUSTOM})
    for name, value in link.custom.items():
        if not NAME.match(name) or not isinstance(value, str) or len(value) > LONGEST_CUSTOM:
            raise LtiError(_("“%(name)s” cannot be a custom parameter.") % {"name": name[:60]})


def refuse_elsewhere(*, tool: Tool, url: str) -> None:
    """An address of another site than those that the administrator entered for the tool."""
    if url and (not is_for_browsers(url) or origin_of(url) not in tool.origins):
        raise LtiError(_("This address is not on a site of “%(name)s”.") % {"name": tool.name})
