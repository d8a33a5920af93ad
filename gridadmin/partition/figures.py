"""Figures of an area: households with where they come from, land on the ellipsoid."""

from __future__ import annotations

from gridadmin.base.ids import oid_of
from gridadmin.domain.model import Area, HouseholdsState, Land, StackedPart
from gridadmin.partition.snapshot import Snapshot


def households_of(snapshot: Snapshot, area: Area) -> tuple[int | None, HouseholdsState]:
    """Return the households of an area and the state of the figure.

    Counted from the buildings on its land (or, stacked, from its entrances and floors) where there
    are any; else what somebody typed.
    """
    counted = _stacked(snapshot, area) if area.land == Land.STACKED else _on_land(snapshot, area)
    if counted is not None and (counted > 0 or area.households_typed is None):
        return counted, HouseholdsState.COUNTED
    if area.households_typed is None:
        return None, HouseholdsState.UNKNOWN
    state = HouseholdsState.STALE if area.is_stale else HouseholdsState.TYPED
    return area.households_typed, state


def typed_beside(snapshot: Snapshot, area: Area) -> int | None:
    """Return what somebody typed where buildings say another number; None where both agree.

    The buildings' figure is the one that counts.
    """
    counted, state = households_of(snapshot, area)
    if state != HouseholdsState.COUNTED or area.households_typed in (None, counted):
        return None
    return area.households_typed


def _on_land(snapshot: Snapshot, area: Area) -> int | None:
    counts = snapshot.counts
    oid = oid_of(area.uid)
    if not len(counts) or not snapshot.partition.has_land(oid):
        return None
    return counts.households_of(oid)


def _stacked(snapshot: Snapshot, area: Area) -> int | None:
    parts = [part for part in snapshot.linked("stacked_part", area.uid) if part.area == area.uid]
    if not parts:
        return None
    return sum(part_households(snapshot, part) for part in parts)


def part_households(snapshot: Snapshot, part: StackedPart) -> int:
    """Return the households of what a stacked micro-grid holds of one building."""
    building = snapshot.rows("building").get(part.building)
    if building is None:
        return 0
    households: int = building.households
    if part.entrance is not None:
        households = sum(
            entrance.households
            for entrance in snapshot.linked("entrance", part.building)
            if part.entrance in (entrance.name, entrance.uid)
        )
    floors = building.floors
    if not floors:
        return households
    first = 1 if part.floor_from is None else part.floor_from
    last = floors if part.floor_to is None else part.floor_to
    # Households spread evenly over the floors; whole numbers that add up over all floors. Nobody
    # is counted in a basement or above the roof.
    below = households * min(max(first - 1, 0), floors) // floors
    upto = households * min(max(last, 0), floors) // floors
    shared: int = max(upto - below, 0)
    return shared
