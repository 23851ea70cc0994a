"""What administrators do with the environments below theirs: make, archive, restore, and let one go for good.

Everything is asked from an environment above and written into the audit log of both. What has none above it is archived,
restored and removed by whoever runs the installation (`manage.py environment`): then ``by`` is None.
"""

from __future__ import annotations

import re
import secrets
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ecosystem.exceptions import EcosystemError
from ecosystem.hints import hint
from ecosystem.models import Environment, EnvironmentAncestor, Host, Membership, SignIn
from ecosystem.models.environments import HOST_NAME
from ecosystem.powers import administers
from ecosystem.scope import open_scope
from ecosystem.services.audit import audit
from ecosystem.services.environments import environment_create
from ecosystem.services.seats import refuse_if_full
from ecosystem.tasks import remove_environments

INHERITED = ("tagline", "brand", "accent", "font", "radius", "logo_svg", "favicon_svg", "words", "legal")
GRACE_DAYS = (0, 7, 30)
LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")


@transaction.atomic
def subenvironment_create(*, name: str, host: str, parent: Environment, by: Membership) -> Environment:
    """A new environment below ``parent``, which is the one of ``by`` or below it; it begins with the look of its parent.

    Refuses a name that is empty, and an address that is none, taken, or not below one that this tree was given: only whoever
    runs the installation gives a new one (``add_host``).
    """
    above = _locked(parent, by, itself=True)
    if above.archived_at is not None:
        raise EcosystemError(_("%(name)s is archived. Restore it first.") % {"name": above.name})
    name, host = " ".join(name.split()), host.strip().lower()
    if not name or len(name) > 120:
        raise EcosystemError(_("Give it a name of at most 120 letters."))
    _refuse_host(host, parent=above)
    look = {field: getattr(above, field) for field in INHERITED}
    try:
        with transaction.atomic():
            made = environment_create(slug=_free_slug(name), name=name, hosts=[host], parent=above, **look)
    except IntegrityError as error:
        raise EcosystemError(_("This address is taken.")) from error
    _audit(act="environment.created", environment=made, by=by, after={"host": host, "parent": above.name})
    return made


@transaction.atomic
def environment_archive(*, environment: Environment, by: Membership | None) -> Environment:
    """Nobody can sign in any more, its pages say so, and workers leave it alone; nothing is lost. Twice is once.

    Refuses one with environments below it that are not archived.
    """
    row = _locked(environment, by)
    if row.archived_at is not None:
        return row
    below = EnvironmentAncestor.objects.filter(ancestor=row, depth__gt=0, environment__archived_at=None).count()
    if below:
        text = ngettext(
            "There is %(count)s environment below it. Archive that first.",
            "There are %(count)s environments below it. Archive those first.",
            below,
        )
        raise EcosystemError(text % {"count": below})
    row.archived_at = timezone.now()
    row.save(update_fields=["archived_at"])
    with open_scope(environment_id=row.pk):
        SignIn.objects.filter(ended_at=None).update(ended_at=row.archived_at)
    _audit(act="environment.archived", environment=row, by=by)
    return row


@transaction.atomic
def environment_restore(*, environment: Environment, by: Membership | None) -> Environment:
    """As it was; people sign in anew. Also takes back that it goes for good, until that has begun. Twice is once.

    Refuses when its people would be more than a limit of an environment above lets in.
    """
    row = _locked(environment, by)
    if row.archived_at is None:
        return row
    _refuse_begun(row)
    parent = Environment.objects.select_for_update(no_key=True).filter(pk=row.parent_id).first()
    if parent is not None and parent.archived_at is not None:
        raise EcosystemError(_("%(name)s is archived. Restore it first.") % {"name": parent.name})
    row.archived_at = row.remove_at = None
    row.save(update_fields=["archived_at", "remove_at"])
    with open_scope(environment_id=row.pk):
        refuse_if_full()  # its people count again
    _audit(act="environment.restored", environment=row, by=by)
    return row


@transaction.atomic
def environment_removal_plan(*, environment: Environment, name: str, days: int, by: Membership | None) -> Environment:
    """Let an archived environment go for good, with all its rows and files, after ``days`` (0, 7 or 30).

    Refuses unless its ``name`` is given as it is written, and one with anything below it. Until the day it can be
    restored; after that there is no way back.
    """
    row = _locked(environment, by)
    if row.archived_at is None:
        raise EcosystemError(_("Archive it first."))
    _refuse_begun(row)
    if name.strip() != row.name:
        raise EcosystemError(_("That is not its name. Write “%(name)s”.") % {"name": row.name})
    if days not in GRACE_DAYS:
        raise EcosystemError(_("Choose when."))
    if Environment.objects.filter(parent=row).exists():
        raise EcosystemError(_("Other environments are below it. They have to go first."))
    row.remove_at = timezone.now() + timedelta(days=days)
    row.save(update_fields=["remove_at"])
    _audit(act="environment.removal_planned", environment=row, by=by, after={"on": row.remove_at})
    if not days:
        hint(remove_environments, queue="bulk")
    return row


def _locked(environment: Environment, by: Membership | None, *, itself: bool = False) -> Environment:
    """The row as it is now, for this transaction alone. Refuses who is no administrator above it."""
    if by is not None:
        chain = EnvironmentAncestor.objects.filter(environment=environment, ancestor_id=by.environment_id)
        if not administers(by) or not chain.filter(depth__gte=0 if itself else 1).exists():
            raise EcosystemError(_("Only an administrator of an environment above can do this."))
    return Environment.objects.select_for_update(no_key=True).get(pk=environment.pk)


def _refuse_begun(row: Environment) -> None:
    if row.remove_at is not None and row.remove_at <= timezone.now():
        raise EcosystemError(_("It is being removed. There is no way back any more."))


def _refuse_host(host: str, *, parent: Environment) -> None:
    """The nearest host above the name decides whose it is, so that nobody takes one below that of another tree."""
    try:
        HOST_NAME(host)
    except ValidationError as error:
        raise EcosystemError(error.message) from error
    labels = host.split(".")
    if len(host) > 253 or not all(LABEL.fullmatch(label) for label in labels):
        raise EcosystemError(_("Write a host name in small letters, without port."))
    root_id = _root_id(parent.pk)
    above = Host.objects.filter(name__in=[".".join(labels[start:]) for start in range(1, len(labels))])
    nearest = max(above, key=lambda one: len(one.name), default=None)
    if nearest is None or _root_id(nearest.environment_id) != root_id:
        names = Host.objects.filter(environment_id=root_id).order_by("-is_primary", "pk").values_list("name", flat=True)
        raise EcosystemError(
            _("An address here ends in %(endings)s. Any other is added by whoever runs this installation.")
            % {"endings": _(" or ").join(f".{name}" for name in names)}
        )
    if Host.objects.filter(name=host).exists():  # asked last: of other trees nobody hears which there are
        raise EcosystemError(_("This address is taken."))


def _root_id(environment_id: int) -> int:
    chain = EnvironmentAncestor.objects.filter(environment_id=environment_id).order_by("-depth")
    root_id: int = chain.values_list("ancestor_id", flat=True)[0]
    return root_id


def _free_slug(name: str) -> str:
    """Always with an end by chance: a number that counts up would tell what others call theirs."""
    base = slugify(name)[:50] or "environment"
    while True:
        slug = f"{base}-{secrets.token_hex(3)}"
        if not Environment.objects.filter(slug=slug).exists():
            return slug


def _audit(*, act: str, environment: Environment, by: Membership | None, after: dict[str, Any] | None = None) -> None:
    """Above, where it was done, and in the environment itself."""
    if by is not None:
        audit(act=act, by=by.person, target=environment, after=after)
    with open_scope(environment_id=environment.pk):
        audit(act=act, by=by.person if by else None, target=environment, after=after)
