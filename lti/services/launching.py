"""The way into a tool: begun on the page of the activity, asked for by the tool, answered with a signed message.

The steps are those of OpenID Connect's login that a third party begins, as the LTI security framework 1.1 has them.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ecosystem import clock
from ecosystem.gates import closed_to
from ecosystem.models import Environment, Membership
from ecosystem.scope import current_scope
from ecosystem.visibility import may_open
from lti.addresses import platform_of
from lti.exceptions import LtiError
from lti.messages import signed
from lti.models import DoneWhen, Launch, Pseudonym, Tool, ToolLink
from lti.reading import hashed, uid_in
from lti.selectors import Place, message_about, place_of
from lti.services.registering import signing_key
from records.models import Fact
from records.services import record

LASTS = timedelta(minutes=5)  # between the page of the activity and the tool's question
MESSAGE_SECONDS = 300
LONGEST = 2000  # characters of a nonce or state
# What the tool must ask for (security framework 5.1.1.2), word for word.
ASKED = {"scope": "openid", "response_type": "id_token", "response_mode": "form_post", "prompt": "none"}


@dataclass(frozen=True)
class Sending:
    """A form that the browser sends on: where to, and its fields."""

    tool: Tool
    address: str
    fields: dict[str, str]
    link: ToolLink


@transaction.atomic
def launch_begin(*, link: ToolLink, by: Membership, environment: Environment, onward: str = "") -> Sending:
    """Begin a launch for this person; the answer is what the tool is sent first. Refuses what opens nothing.

    One that never reached the tool is begun again, and its older hint opens nothing any more.
    """
    tool = link.tool
    if tool is None or not tool.is_on or link.environment_id != by.environment_id:
        raise LtiError(_("This tool cannot be opened here now."))
    hint = secrets.token_urlsafe(32)
    mine = {"person_id": by.person_id, "element_id": link.element_id, "tool_id": tool.pk}
    row = Launch.objects.select_for_update().filter(**mine, came_at=None).order_by("-pk").first()
    row = row or Launch(environment_id=current_scope().environment_id, **mine)
    row.hint_hash, row.began_at, row.onward = hashed(hint), clock.now(), onward if len(onward) <= 500 else ""
    row.save()
    fields = {
        "iss": platform_of(environment).issuer,
        "target_link_uri": link.target_url or tool.target_url,
        "login_hint": hint,
        "lti_message_hint": str(row.uid),
        "client_id": str(tool.client_id),
        "lti_deployment_id": str(tool.deployment_id),
    }
    return Sending(tool, tool.login_url, fields, link)


@transaction.atomic
def launch_answer(*, asked: dict[str, str], by: Membership, environment: Environment) -> Sending:
    """The message of a launch, once, for the person who began it, to an address that was registered.

    Refuses (LtiError) everything else; then nothing is used up.
    """
    tool = _tool_asking(asked)
    row = _launch_of(asked, tool, by)
    link = ToolLink.objects.select_related("element", "tool").filter(element_id=row.element_id).first()
    if link is None or link.tool_id != tool.pk:
        raise LtiError(_("This activity opens another tool now. Start it again."))
    _refuse_closed(link, by)
    if not Launch.objects.filter(pk=row.pk, came_at=None).update(came_at=clock.now()):
        raise LtiError(_("This has been opened already. Start it again."))
    place = place_of(membership=by, element=link.element)
    _opened(link, place, by.person_id)
    pseudonym, _made = Pseudonym.objects.get_or_create(
        environment_id=row.environment_id, tool=tool, person_id=by.person_id
    )
    claims = message_about(link=link, launch=row, membership=by, place=place, platform=platform_of(environment))
    now = int(timezone.now().timestamp())
    claims |= {
        "aud": str(tool.client_id),
        "sub": str(pseudonym.sub),
        "nonce": asked["nonce"],
        "iat": now,
        "exp": now + MESSAGE_SECONDS,
        "jti": uuid4().hex,
    }
    fields = {"id_token": signed(claims, key=signing_key())}
    if "state" in asked:
        fields["state"] = asked["state"]
    return Sending(tool, asked["redirect_uri"], fields, link)


def _tool_asking(asked: dict[str, str]) -> Tool:
    """The tool, when the address is one of its own and the question is the one that LTI asks."""
    client = uid_in(asked.get("client_id", ""))
    tool = Tool.objects.filter(client_id=client, is_on=True).first() if client else None
    if tool is None:
        raise LtiError(_("No tool of this name is known here."))
    if asked.get("redirect_uri") not in tool.redirect_urls:
        raise LtiError(_("The tool asks us to send you where it may not. Tell who looks after this site."))
    if any(asked.get(name) != value for name, value in ASKED.items()) or not asked.get("nonce"):
        raise LtiError(_("The tool does not ask in the way that LTI 1.3 asks."))
    if any(len(asked.get(name, "")) > LONGEST for name in ("nonce", "state")):
        raise LtiError(_("The tool does not ask in the way that LTI 1.3 asks."))
    if asked.get("lti_deployment_id", str(tool.deployment_id)) != str(tool.deployment_id):
        raise LtiError(_("No tool of this name is known here."))
    return tool


def _launch_of(asked: dict[str, str], tool: Tool, by: Membership) -> Launch:
    """The launch that the hints name: of this tool, begun by this person, not long ago and not used yet."""
    uid = uid_in(asked.get("lti_message_hint", ""))
    hint = hashed(asked.get("login_hint", ""))
    rows = Launch.objects.select_for_update().filter(hint_hash=hint, uid=uid, tool=tool, person_id=by.person_id)
    row = rows.filter(began_at__gt=clock.now() - LASTS).first() if uid else None
    if row is None:
        raise LtiError(_("This launch is over, or was begun by somebody else. Start it again."))
    if row.came_at is not None:
        raise LtiError(_("This has been opened already. Start it again."))
    return row


def _refuse_closed(link: ToolLink, by: Membership) -> None:
    """What has closed since the launch began, as the page of the activity would say it."""
    if closed := closed_to(by, link.element):
        raise LtiError(closed.because)
    if not may_open(by, link.element):
        raise LtiError(_("This tool cannot be opened here now."))


def _opened(link: ToolLink, place: Place, person_id: int) -> None:
    """Opening is a record; where that is all that is asked for, the activity is done by it."""
    record(verb="launched", element=link.element, person_id=person_id)
    if link.done_when == DoneWhen.OPENED and place.is_learner:
        known = Fact.objects.filter(person_id=person_id, element_id=link.element_id, verb="completed")
        if not known.exists():
            record(verb="completed", element=link.element, person_id=person_id, result={"completion": True})
