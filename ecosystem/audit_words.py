"""The audit log as people read it: what an act is called, and what it changed, field by field."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db.models import Field
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.timezone import is_aware, localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ecosystem.models import AuditEntry
from ecosystem.registry import audit_acts

# Those of this app; apps above register theirs in ``audit_acts``.
ACTS = {
    "audit.exported": _("Audit log exported"),
    "data_export.asked": _("Copy of data asked for"),
    "delegation.extended": _("Powers prolonged"),
    "delegation.granted": _("Powers given"),
    "delegation.reattested": _("Powers confirmed as still needed"),
    "delegation.revoked": _("Powers taken back"),
    "element.moved_away": _("Element moved away from here"),
    "element.moved_here": _("Element moved here"),
    "email.change_asked": _("New e-mail address asked for"),
    "email.changed": _("E-mail address changed"),
    "environment.archived": _("Environment archived"),
    "environment.copy_asked": _("Copy of an environment asked for"),
    "environment.copy_downloaded": _("Copy of an environment downloaded"),
    "environment.created": _("Environment made"),
    "environment.entered_from_above": _("Signed in from an environment above"),
    "environment.look_changed": _("Look or words changed"),
    "environment.removal_planned": _("Removal of an environment planned"),
    "environment.removed": _("Environment removed for good"),
    "environment.restored": _("Environment restored"),
    "erasure.asked": _("Erasure asked for"),
    "erasure.confirmed": _("Erasure confirmed"),
    "erasure.done": _("Person erased"),
    "erasure.withdrawn": _("Erasure no longer wanted"),
    "group.deleted": _("Group removed"),
    "group.member_removed": _("Person taken out of a group"),
    "group.members_added": _("People put into a group"),
    "group.saved": _("Group made or changed"),
    "identity_provider.removed": _("Sign-in of the organisation removed"),
    "identity_provider.saved": _("Sign-in of the organisation changed"),
    "invitation.accepted": _("Invitation accepted"),
    "list.exported": _("List taken along as a file"),
    "list.imported": _("List brought in from a file"),
    "member.admitted": _("Person let in by the organisation’s sign-in"),
    "member.ended": _("Membership ended"),
    "member.signed_out": _("Member signed out everywhere here"),
    "member.roles_set": _("Roles changed"),
    "member.taken_back": _("Person taken back"),
    "member.updated": _("Person changed"),
    "members.added": _("People added"),
    "password.changed": _("Password changed"),
    "people.invitations_withdrawn": _("Invitations withdrawn"),
    "people.invited": _("People invited"),
    "people.invited_again": _("Invitations sent again"),
    "second_factor.added": _("Second factor added"),
    "second_factor.removed": _("Second factor removed"),
    "second_factor.taken_away": _("Second factors taken away by whoever runs the installation"),
    "setting.changed": _("Setting changed"),
    "sign_in.method_used_first": _("Signed in with a new method"),
    "view_as.ended": _("Stopped looking as somebody else"),
    "view_as.started": _("Looked at the site as somebody else"),
}
MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d")
NOTHING = "–"


@dataclass(frozen=True)
class Difference:
    """One field of an entry: what it is called, what it was and what it became (``–``: nothing)."""

    label: str
    before: str
    after: str


def act_words(act: str) -> str:
    """What an act is called; an act that no app knows any more reads as it is written."""
    return str(audit_acts.get(act) or act)


def acts_by_words() -> list[tuple[str, str]]:
    """(act, words) of every act, by words."""
    return sorted(((act, str(words)) for act, words in audit_acts.items()), key=lambda pair: pair[1].casefold())


def differences_of(entry: AuditEntry) -> list[Difference]:
    """What the entry says of each field, in the order in which it was written down."""
    fields = _fields_of(entry.model)
    old, new = dict(_flat(entry.before)), dict(_flat(entry.after))
    found = []
    for name in [*old, *(name for name in new if name not in old)]:
        field = fields.get(name)
        label = str(field.verbose_name) if field else name.replace("_", " ").replace(".", ": ")
        found.append(Difference(capfirst(label), _shown(old.get(name), field), _shown(new.get(name), field)))
    return found


def _flat(values: dict[str, Any], start: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in values.items():
        if isinstance(value, dict) and value:
            yield from _flat(value, f"{start}{name}.")
        else:
            yield f"{start}{name}", value


def _fields_of(label: str) -> dict[str, Field]:
    """The fields of the model that an entry is about; none for one that is no more."""
    try:
        model = apps.get_model(label)
    except (LookupError, ValueError):
        return {}
    return {field.name: field for field in model._meta.concrete_fields}


def _shown(value: Any, field: Field | None) -> str:
    if value is None or value in ("", [], {}):
        return NOTHING
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, list):
        return ", ".join(_shown(one, getattr(field, "base_field", None)) for one in value)
    if isinstance(value, str) and MOMENT.match(value) and (moment := parse_datetime(value)):
        return _moment(moment)
    choices = dict(getattr(field, "flatchoices", None) or ())
    return str(choices.get(value, value))


def _moment(moment: datetime) -> str:
    return date_format(localtime(moment) if is_aware(moment) else moment, "j F Y, H:i")
