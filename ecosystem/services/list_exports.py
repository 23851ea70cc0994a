"""Lists as files, which stands in the audit log: they hold what people with power may look at."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, replace
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from ecosystem.exceptions import EcosystemError
from ecosystem.member_selectors import MemberWish, members_found
from ecosystem.models import Membership
from ecosystem.people_access import may_see_people
from ecosystem.scope import open_scope
from ecosystem.services.audit import audit
from ecosystem.spreadsheets import csv_lines

MEMBER_COLUMNS = ("email", "name", "job_title", "roles", "groups", "joined_at", "ended_at")


@transaction.atomic
def list_export(*, name: str, columns: list[str], rows: Iterable[Iterable[Any]], by: Membership) -> str:
    """``rows`` that somebody was shown as one CSV text. Refused to those who do not belong here."""
    if not may_see_people(by) and not by.is_current:
        raise EcosystemError(_("You cannot take this list with you."))
    found = [list(row) for row in rows]
    audit(act="list.exported", by=by.person, after={"list": name, "lines": len(found)})
    return "".join(csv_lines(columns=columns, rows=found))


@transaction.atomic
def members_export(*, wish: MemberWish, by: Membership) -> Iterator[str]:
    """Everybody who fits, by name, as the lines of a CSV file that are read when they are asked for."""
    if not may_see_people(by):
        raise EcosystemError(_("Only a manager can take this list."))
    wanted = {name: value for name, value in asdict(wish).items() if value not in ("", None)}
    audit(act="list.exported", by=by.person, after={"list": "members", **wanted})
    rows = _members(replace(wish, after=None), environment_id=by.environment_id, person_id=by.person_id)
    return csv_lines(columns=MEMBER_COLUMNS, rows=rows)


def _members(wish: MemberWish, *, environment_id: int, person_id: int) -> Iterator[list[Any]]:
    while True:
        with open_scope(environment_id=environment_id, person_id=person_id):
            page = members_found(wish=wish)
        for row in page.members:
            groups = "|".join(page.groups.get(row.person_id, []))
            times = (row.joined_at.isoformat(), row.ended_at.isoformat() if row.ended_at else "")
            yield [row.person.email, row.person.name, row.job_title, "|".join(row.roles), groups, *times]
        if page.next is None:
            return
        wish = replace(wish, after=page.next)
