"""Tools registered by administrators, and the keys with which the environment signs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from ecosystem import clock
from ecosystem.models import Environment, Membership
from ecosystem.rules import is_admin
from ecosystem.scope import current_scope
from ecosystem.sealing import seal_facts, unseal_facts
from ecosystem.services.audit import audit
from lti.addresses import is_for_browsers, is_for_us
from lti.exceptions import LtiError
from lti.messages import MessageError, key_new, keys_pasted
from lti.models import Launch, PlatformKey, Pseudonym, Score, ServiceToken, Tool, ToolLink
from lti.services.tool_keys import keys_forget, keys_shown

FIELDS = ("name", "login_url", "target_url", "redirect_urls", "keys_url", "shares", "is_on")
MOST_REDIRECTS = 10
# So long tools find a retired key where they look; whatever was signed with it is long too old by then.
KEPT = timedelta(days=7)


@transaction.atomic
def tool_save(*, by: Membership, tool: Tool | None = None, pasted: str = "", **facts: Any) -> Tool:
    """Register a tool or change it; ``facts`` are ``FIELDS``. Its keys are ``pasted``, or asked for at ``keys_url``.

    Nothing pasted keeps the pasted keys there are, unless there is an address now. Administrators of this environment only.
    """
    _refuse(by)
    row = tool or Tool(environment_id=current_scope().environment_id, added_at=clock.now())
    before = {name: getattr(row, name) for name in FIELDS} if row.pk else {}
    keys_before = row.keys
    for name in FIELDS:
        setattr(row, name, facts[name])
    _refuse_addresses(row)
    if pasted.strip():
        row.keys = _pasted(pasted)
    if row.keys_url:
        row.keys = None
    elif not row.keys:
        raise LtiError(_("How do we know that it is this tool? Enter the address of its public keys, or paste one."))
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise LtiError(_("There is one with this name already.")) from error
    keys_forget(tool=row)
    if before and (not row.is_on or (row.keys, row.keys_url) != (keys_before, before["keys_url"])):
        ServiceToken.objects.filter(tool=row).delete()  # given to whoever had the key that is not believed now
    signing_key(lock=True)
    after = {name: getattr(row, name) for name in FIELDS} | ({"keys": "new"} if pasted.strip() else {})
    audit(act="lti_tool.saved", by=by.person, target=row, before=before, after=after)
    return row


@transaction.atomic
def tool_remove(*, tool: Tool, by: Membership) -> None:
    """One that nothing opens and nobody has opened. Refuses another, which can be switched off."""
    _refuse(by)
    # Launches go after a while; scores stay.
    if any(model.objects.filter(tool=tool).exists() for model in (ToolLink, Launch, Score)):
        raise LtiError(_("Activities open it, or people have opened it. Switch it off instead."))
    audit(act="lti_tool.removed", by=by.person, target=tool, before={"name": tool.name})
    Pseudonym.objects.filter(tool=tool).delete()
    tool.delete()


def tool_test(*, tool: Tool, by: Membership) -> int:
    """How many keys the tool shows now, asked anew; refuses with a sentence when there are none or nobody answers."""
    _refuse(by)
    keys_forget(tool=tool)
    found = keys_shown(tool=tool)
    if not found:
        raise LtiError(_("There are no keys that fit: it needs one of RSA with 2048 bits or more."))
    return len(found)


def signing_key(*, lock: bool = False) -> dict[str, Any]:
    """The private key that signs now, as a JWK; the first is made when it is first needed."""
    row = PlatformKey.objects.filter(retired_at=None).first()
    if row is None:
        if lock:
            _hold()
        row = PlatformKey.objects.filter(retired_at=None).first() or _make()
    return unseal_facts(row.sealed)


@transaction.atomic
def keys_rotate(*, by: Membership) -> PlatformKey:
    """Another key signs from now on. The one before stays among those that are shown for a week."""
    _refuse(by)
    _hold()
    PlatformKey.objects.filter(retired_at__lt=clock.now() - KEPT).delete()
    PlatformKey.objects.filter(retired_at=None).update(retired_at=clock.now())
    made = _make()
    audit(act="lti_key.rotated", by=by.person, target=made)
    return made


def keys_public() -> dict[str, Any]:
    """What tools check our signatures with (RFC 7517)."""
    rows = PlatformKey.objects.exclude(retired_at__lt=clock.now() - KEPT).order_by("-pk")
    return {"keys": list(rows.values_list("public", flat=True))}


def _make() -> PlatformKey:
    kid = uuid4().hex
    public, private = key_new(kid)
    return PlatformKey.objects.create(
        environment_id=current_scope().environment_id,
        kid=kid,
        public=public,
        sealed=seal_facts(private),
        made_at=clock.now(),
    )


def _hold() -> None:
    """One at a time: two must not make the first key."""
    Environment.objects.select_for_update(no_key=True).get(pk=current_scope().environment_id)


def _refuse(by: Membership) -> None:
    if not is_admin(by) or by.environment_id != current_scope().environment_id:
        raise LtiError(_("Only an administrator can change this."))


def _refuse_addresses(row: Tool) -> None:
    if not row.redirect_urls or len(row.redirect_urls) > MOST_REDIRECTS:
        raise LtiError(_("Say where the tool gets its messages: one to ten redirect addresses."))
    for url in (row.login_url, row.target_url, *row.redirect_urls):
        if len(url) > 500 or not is_for_browsers(url):
            raise LtiError(
                _("“%(address)s” must begin with https:// and a host in plain letters, such as tool.example.org.")
                % {"address": url[:100]}
            )
    if row.keys_url and not is_for_us(row.keys_url):
        raise LtiError(
            _("“%(address)s” must begin with https:// and a host in plain letters, such as tool.example.org.")
            % {"address": row.keys_url[:100]}
        )


def _pasted(text: str) -> dict[str, Any]:
    try:
        return keys_pasted(text)
    except MessageError as refusal:
        if str(refusal) == "a private key":
            raise LtiError(_("That is a private key. Paste the public one, and keep that one to the tool.")) from None
        raise LtiError(_("That is no public key that we can use: RSA, 2048 bits or more, as PEM or JWK.")) from None
