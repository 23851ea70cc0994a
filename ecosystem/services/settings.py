"""Settings that inherit: giving an environment a value of its own, locking it, taking it away."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from ecosystem.exceptions import EcosystemError
from ecosystem.hosts import forget_hosts
from ecosystem.models import Environment, EnvironmentAncestor, EnvironmentSetting, Membership
from ecosystem.powers import administers
from ecosystem.services.audit import audit
from ecosystem.services.ways_in import refuse_lock_out
from ecosystem.setting_kinds import COLUMNS, SettingKind, setting_kinds
from ecosystem.setting_tree import Effect, Own, effects_of, settings_here
from ecosystem.ways_in import SETTING as WAYS_IN


def may_change(*, kind: SettingKind, by: Membership) -> bool:
    """Administrators here and above; limits of a subenvironment only those above."""
    is_root = not EnvironmentAncestor.objects.filter(environment_id=by.environment_id, depth__gt=0).exists()
    return administers(by, from_above=kind.from_above and not is_root)


@transaction.atomic
def setting_save(*, key: str, own: Own | None, by: Membership) -> list[Effect]:
    """Give the environment of ``by`` this value of its own, or (None) that of above; returns where it changes what.

    Refuses whoever may not, what an environment above has locked, what is no value, and ways to sign in with which no
    administrator could come in.
    """
    kind = setting_kinds.get(key)
    if kind is None or not may_change(kind=kind, by=by):
        raise EcosystemError(_("You cannot change this setting here."))
    here = by.environment_id
    _lock_tree(here)
    line = next(line for line in settings_here(environment_id=here) if line.kind is kind)
    if line.is_locked:
        raise EcosystemError(
            _("%(name)s has locked this setting for everything below it.") % {"name": line.source_name}
        )
    if own is not None and not kind.accepts(own.value):
        raise EcosystemError(_("This is no value for this setting."))
    effects = effects_of(environment_id=here, key=key, own=own)
    if own is None:
        EnvironmentSetting.objects.filter(environment_id=here, key=key).delete()
    else:
        EnvironmentSetting.objects.update_or_create(
            environment_id=here, key=key, defaults={"value": own.value, "locked": own.locked}
        )
    changed = [effect for effect in effects if effect.changes]
    if key == WAYS_IN and changed:
        refuse_lock_out(ways={effect.environment_id: effect.after.value for effect in changed})
    _keep(changed, key)
    if line.own != own:
        environment = Environment.objects.get(pk=here)
        audit(
            act="setting.changed",
            by=by.person,
            target=environment,
            before=_facts(key, line.own),
            after=_facts(key, own),
        )
    transaction.on_commit(forget_hosts)
    return changed


def settings_begin(*, environment: Environment, own: dict[str, Any]) -> None:
    """The settings of a new environment: values of its own, and for the rest those of above."""
    EnvironmentSetting.objects.bulk_create(
        [EnvironmentSetting(environment=environment, key=key, value=value) for key, value in own.items()]
    )
    if environment.parent_id is None:
        return
    for line in settings_here(environment_id=environment.pk):
        if line.held.source_id is not None:
            _put(environment, line.kind.key, line.held.value)
    environment.save(update_fields=["resolved", *COLUMNS])


def _lock_tree(environment_id: int) -> None:
    """One change at a time in a tree, so that what is kept below is what the rows say."""
    chain = EnvironmentAncestor.objects.filter(environment_id=environment_id).order_by("-depth")
    root_id = chain.values_list("ancestor_id", flat=True)[0]
    Environment.objects.select_for_update(no_key=True).only("pk").get(pk=root_id)


def _keep(effects: list[Effect], key: str) -> None:
    places = Environment.objects.only("resolved", *COLUMNS).in_bulk([effect.environment_id for effect in effects])
    for effect in effects:
        _put(places[effect.environment_id], key, effect.after.value)
    Environment.objects.bulk_update(places.values(), [key] if key in COLUMNS else ["resolved"])


def _put(environment: Environment, key: str, value: Any) -> None:
    if key in COLUMNS:
        setattr(environment, key, value)
    else:
        environment.resolved[key] = value


def _facts(key: str, own: Own | None) -> dict[str, Any]:
    return {key: own.value if own else None, "locked": bool(own and own.locked)}
