"""The parts of a package as one person sees them."""

from __future__ import annotations

from dataclasses import dataclass

from content.models import Package, PackageUnit, UnitState, UnitStatus


@dataclass(frozen=True)
class UnitShown:
    unit: PackageUnit
    state: UnitState | None

    @property
    def is_done(self) -> bool:
        return self.state is not None and self.state.status in {UnitStatus.COMPLETED, UnitStatus.PASSED}

    @property
    def percent(self) -> int | None:
        """Rounded down, so that 69.6 does not look like the 70 that was asked for."""
        score = self.state.score if self.state else None
        return None if score is None else int(score * 100 + 1e-6)


def units_shown(*, package: Package, person_id: int) -> list[UnitShown]:
    states = {
        row.identifier: row
        for row in UnitState.objects.filter(person_id=person_id, element_id=package.element_id).defer("cmi")
    }
    return [UnitShown(unit, states.get(unit.identifier)) for unit in package.units.order_by("position")]
