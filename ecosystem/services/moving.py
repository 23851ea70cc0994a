"""Moving an element, with what it uses, to another environment of the same root; first what would change.

What is part of the elements goes: their texts, questions, pictures, plans, credits and the connections between them.
What people did stays where they did it. Upwards the environment keeps using them, as offered from above; downwards
and sideways they leave it, so they must not be in use there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.core.files.storage import default_storage
from django.db import IntegrityError, connection, models, transaction
from django.utils.translation import gettext as _

from ecosystem.element_uses import column_of, content_models, content_of, element_fields, uses_of
from ecosystem.exceptions import EcosystemError
from ecosystem.models import (
    Availability,
    Connection,
    Element,
    Environment,
    EnvironmentAncestor,
    Membership,
    Person,
    SearchEntry,
    TenantModel,
)
from ecosystem.powers import administers, reasons_for
from ecosystem.scope import open_scope
from ecosystem.services.audit import audit
from ecosystem.services.elements import element_closure
from ecosystem.services.storage import file_remove, file_store


@dataclass(frozen=True)
class Move:
    """What a move does. ``stays``: rows here that use the elements and go on doing so. ``refusals``: why it cannot be."""

    upwards: bool
    elements: tuple[Element, ...]
    parts: dict[str, int]
    stays: dict[str, int]
    refusals: tuple[str, ...]

    @property
    def ids(self) -> set[int]:
        return {row.pk for row in self.elements}


def move_preview(*, element: Element, to: Environment, by: Membership) -> Move:
    """Everything a move would do, and every reason against it. Writes nothing."""
    here = by.environment_id
    ids = element_closure(element=element)
    rows = tuple(Element.objects.filter(pk__in=ids).order_by("kind", "title"))
    upwards = EnvironmentAncestor.objects.filter(environment_id=here, ancestor=to, depth__gt=0).exists()
    stays = uses_of(environment_id=here, element_ids=ids, inside=False)
    refusals = []
    if any(row.environment_id != here for row in rows):
        refusals.append(_("It uses elements of another environment, which stay there."))
    with open_scope(environment_id=to.pk):
        slugs = [row.slug for row in rows]
        taken = Element.objects.filter(environment_id=to.pk, slug__in=slugs).order_by("slug")
        if names := list(taken.values_list("slug", flat=True)):
            refusals.append(_("These addresses are taken there: %(names)s.") % {"names": ", ".join(names)})
    if not upwards:
        if stays:
            said = ", ".join(f"{name}: {count}" for name, count in stays.items())
            refusals.append(_("It is in use here, and what people did stays here (%(used)s).") % {"used": said})
        if names := _lent_beyond(ids, here, to):
            refusals.append(_("It is lent to %(names)s: take it back first.") % {"names": ", ".join(names)})
    return Move(upwards, rows, content_of(ids), stays if upwards else {}, tuple(refusals))


@transaction.atomic
def element_move(*, element: Element, to: Environment, by: Membership) -> int:
    """Move it; returns how many elements went. Twice is once.

    Refuses (with all reasons) what ``move_preview`` says, and who is no administrator of both environments.
    """
    places = Environment.objects.select_for_update().filter(pk__in=[by.environment_id, to.pk]).order_by("pk")
    here, there = (next((row for row in places if row.pk == pk), None) for pk in (by.environment_id, to.pk))
    if here is None or there is None or here == there or not _may(by, there):
        raise EcosystemError(_("Only who is administrator here and there can move something."))
    fresh = Element.objects.select_for_update().filter(pk=element.pk).first()
    if fresh is None or fresh.environment_id != here.pk:
        if element.environment_id == there.pk or (fresh is not None and fresh.environment_id == there.pk):
            return 0
        raise EcosystemError(_("It comes from the environment above and is changed there."))
    move = move_preview(element=fresh, to=there, by=by)
    if move.refusals:
        raise EcosystemError(" ".join(move.refusals))
    try:
        with transaction.atomic():
            _carry(move, here, there)
            with connection.cursor() as cursor:  # now, so that what does not fit can be said
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    except IntegrityError as error:
        raise EcosystemError(_("Something else here still uses a part of it. Move or change that first.")) from error
    facts = {"from": here.name, "to": there.name, "elements": len(move.elements)}
    audit(act="element.moved_away", by=by.person, target=fresh, after=facts)
    with open_scope(environment_id=there.pk):
        audit(act="element.moved_here", by=by.person, target=fresh, after=facts)
    return len(move.elements)


def _may(by: Membership, there: Environment) -> bool:
    root = EnvironmentAncestor.objects.filter(environment_id=by.environment_id).order_by("-depth")[:1]
    same = EnvironmentAncestor.objects.filter(environment=there, ancestor_id__in=root.values("ancestor_id")).exists()
    if not same or there.archived_at is not None or not administers(by):
        return False
    with open_scope(environment_id=there.pk, person_id=by.person_id):
        return any(reason.is_administrator for reason in reasons_for(person_id=by.person_id))


def _lent_to(ids: set[int], here: int) -> dict[int, str]:
    """Environments below that have one of the elements, with their names."""
    below = EnvironmentAncestor.objects.filter(ancestor_id=here, depth__gt=0).values_list("environment_id", flat=True)
    with open_scope(environment_id=here, readable=tuple(below)):
        rows = Availability.objects.filter(element_id__in=ids, origin_id=here, offered=True)
        return dict(rows.values_list("environment_id", "environment__name").distinct())


def _lent_beyond(ids: set[int], here: int, to: Environment) -> list[str]:
    inside = set(EnvironmentAncestor.objects.filter(ancestor=to).values_list("environment_id", flat=True))
    return sorted(name for pk, name in _lent_to(ids, here).items() if pk not in inside)


def _carry(move: Move, here: Environment, there: Environment) -> None:
    ids, rows = move.ids, []
    lent = _lent_to(ids, here.pk)
    for model in content_models():
        found = model.objects.filter(environment_id=here.pk, **{f"{column_of(model)}__in": ids})
        rows.append((model, list(found.values())))
    inside = Connection.objects.filter(source_id__in=ids, target_id__in=ids, environment_id=here.pk)
    rows.append((Connection, list(inside.values())))
    for model, found in rows:
        mine = model.objects.filter(environment_id=here.pk, pk__in=[row["id"] for row in found])
        mine._raw_delete("default")  # noqa: SLF001 -- what points at them is put right below; PostgreSQL checks
        _take_files(model, found, here, there)
    own = Availability.objects.filter(environment_id=here.pk, element_id__in=ids)
    if move.upwards:
        own.update(origin_id=there.pk, offered=True)
    else:
        _drop_loose(ids)
        own.delete()
    for place in set(lent) - {there.pk}:
        with open_scope(environment_id=place):
            Availability.objects.filter(environment_id=place, element_id__in=ids).update(origin_id=there.pk)
    with open_scope(environment_id=there.pk):
        for pk in ids:
            Availability.objects.update_or_create(
                environment_id=there.pk, element_id=pk, defaults={"origin_id": there.pk, "offered": False}
            )
        members = set(Membership.objects.values_list("person_id", flat=True))
        known = set(Availability.objects.filter(environment_id=there.pk).values_list("element_id", flat=True))
        for model, found in rows:
            _insert(model, [_fitted(model, row, there, members, known) for row in found])
    _search(ids, here, there, keep=move.upwards)


def _drop_loose(ids: set[int]) -> None:
    """What is of no use here without the elements, such as their places on the map."""
    for model in apps.get_models():
        if issubclass(model, TenantModel) and model.loose:
            for field in element_fields(model):
                model.objects.filter(**{f"{field.attname}__in": ids}).delete()


def _fitted(
    model: type[TenantModel], row: dict[str, Any], there: Environment, members: set[int], known: set[int]
) -> dict[str, Any]:
    """The row as it is there: people who are no members there are left out, and so is what it mentions that is not there."""
    fitted = {**row, "environment_id": there.pk}
    for field in model._meta.local_concrete_fields:
        value = fitted[field.attname]
        if value is None or not field.null:
            continue
        if (field.related_model is Person and value not in members) or (
            field in set(element_fields(model)) and value not in known
        ):
            fitted[field.attname] = None
    return fitted


def _insert(model: type[TenantModel], rows: list[dict[str, Any]]) -> None:
    """As they are, with their numbers and times."""
    if rows:
        fields = model._meta.local_concrete_fields
        model.objects.all()._insert([model(**row) for row in rows], fields=fields, raw=True)  # noqa: SLF001 -- bulk_create would set the times anew


def _take_files(model: type[TenantModel], rows: list[dict[str, Any]], here: Environment, there: Environment) -> None:
    """Copies of the files under a path of there; they go from here when nobody here uses them."""
    for field in model._meta.local_concrete_fields:
        if not isinstance(field, models.FileField):
            continue
        for row in rows:
            path = row[field.attname]
            if not path or not default_storage.exists(path):
                continue
            with default_storage.open(path) as file:
                content = file.read()
            with open_scope(environment_id=there.pk):
                goal = path.replace(f"/{here.pk}/", f"/{there.pk}/", 1)
                row[field.attname] = file_store(path=goal, content=content, keep=True)
            if goal != path and not model.objects.filter(environment_id=here.pk, **{field.name: path}).exists():
                file_remove(path=path)


def _search(ids: set[int], here: Environment, there: Environment, *, keep: bool) -> None:
    """What full text finds goes along."""
    SearchEntry.objects.filter(environment=there, element_id__in=ids).delete()
    mine = SearchEntry.objects.filter(environment=here, element_id__in=ids)
    if keep:
        SearchEntry.objects.bulk_create(
            [SearchEntry(environment=there, element_id=row.element_id, vector=row.vector) for row in mine]
        )
    else:
        mine.update(environment=there)
