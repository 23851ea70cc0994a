"""The parts of a package as one person sees them."""

from __future__ import annotations

from dataclasses import dataclass

from content.models import Package, PackageUnit, UnitState, UnitStatus
from ecosystem.percents import percent_of


@dataclass(frozen=True)
class UnitShown:
    unit: PackageUnit
    state: UnitState | None

    @property
    def is_done(self) -> bool:
        return self.state is not None and self.state.status in {UnitStatus.COMPLETED, UnitStatus.PASSED}

    @property
    def percent(self) -> int | None:
        score = self.state.score if self.state else None
        return None if score is None else percent_of(score)


def units_shown(*, package: Package, person_id: int) -> list[UnitShown]:
    states = {
        row.identifier: row
        for row in UnitState.objects.filter(person_id=person_id, element_id=package.element_id).defer("cmi")
    }
    return [UnitShown(unit, states.get(unit.identifier)) for unit in package.units.order_by("position")]
