"""Which unit could be paired with which village or community: pairs that are there stay.

Each base unit without a pairing of the kind gets one. Units get pairs in proportion to the
officials they have (their quota, where one is given), and near places before far ones.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gridadmin.base.progress import SILENT, Progress
from gridadmin.domain.model import Area
from gridadmin.domain.people import Organization
from gridadmin.domain.scheme import Entry
from gridadmin.staffing.book import BASE_UNIT_LEVEL, StaffBook
from gridadmin.staffing.candidates import middle_of
from gridadmin.staffing.figures import in_printed_order
from gridadmin.staffing.proposals.parts import solve_parts
from gridadmin.staffing.proposals.task import NONE, Doors, Floats, Places, Rows, Task

_UNKNOWN = (float("nan"), float("nan"))
_USUAL_WEIGHT = 10


@dataclass(frozen=True, slots=True)
class ProposedPair:
    """One new pair. ``rank`` says how near the unit is among ``choices``.

    ``pairs`` is how many the unit has then.
    """

    area: Area
    unit: Organization
    way_m: float | None
    rank: int
    choices: int
    pairs: int

    @property
    def key(self) -> str:
        """What tells the line from others of one proposal."""
        return self.area.uid


@dataclass(frozen=True)
class PairProposal:
    """New pairs of one kind, by code of the place; ``kept`` is how many there are already."""

    book: StaffBook
    kind: Entry
    pairs: tuple[ProposedPair, ...]
    kept: int
    units: int
    without: tuple[Area, ...]
    """Base units that stay without one, because there is no unit at all."""


def pairing_kinds(book: StaffBook) -> list[Entry]:
    """Return the kinds of pairings that base units have in the mode of a book."""
    return [
        kind
        for kind in book.scheme.pairings
        if BASE_UNIT_LEVEL in kind.levels and (not kind.modes or book.mode in kind.modes)
    ]


def propose_pairs(book: StaffBook, kind: Entry, progress: Progress = SILENT) -> PairProposal:
    """Return the best new pairs of a kind. Raises: Cancelled."""
    there = {unit.uid: _pairs_on(book, unit.uid, kind) for unit in book.base_units()}
    free = [unit for unit in book.base_units() if not there[unit.uid]]
    counts = Counter(uid for found in there.values() for uid in found)
    units = _units(book, counts)
    if not free or not units:
        kept = sum(counts.values())
        return PairProposal(book, kind, (), kept, len(units), () if units else tuple(free))
    task = _task(book, free, units, counts, there)
    door_of = solve_parts(task, progress).door_of
    totals = counts + Counter(units[int(door)].uid for door in door_of)
    lines = tuple(
        _line(task, row, int(door_of[row]), area, units, totals) for row, area in enumerate(free)
    )
    return PairProposal(book, kind, lines, sum(counts.values()), len(units), ())


def _pairs_on(book: StaffBook, area: str, kind: Entry) -> list[str]:
    return [one.organization for one in book.pairings_on(area) if one.kind == kind.key]


def _units(book: StaffBook, counts: Counter[str]) -> list[Organization]:
    """Return plain units, and whatever is paired already, as a department lists them."""
    found = [one for one in book.organizations.values() if one.kind is None or counts[one.uid] > 0]
    return sorted(found, key=in_printed_order)


def _task(
    book: StaffBook,
    free: Sequence[Area],
    units: Sequence[Organization],
    counts: Counter[str],
    there: dict[str, list[str]],
) -> Task:
    n, m = len(free), len(units)
    none = np.full(m, NONE, dtype=np.int64)
    return Task(
        Rows(
            np.zeros(n, dtype=np.int64),
            np.full(n, NONE),
            np.full(n, NONE),
            _points([middle_of(book.snapshot, area.uid) for area in free]),
        ),
        Doors(
            np.arange(m),
            np.ones((1, m), dtype=bool),
            np.zeros((0, m), dtype=bool),
            np.zeros(m, dtype=bool),
            _points([_middle_of_unit(book, unit, there) for unit in units]),
            none,
            none,
            np.zeros(m, dtype=np.int64),
        ),
        Places(
            np.array([counts[unit.uid] for unit in units], dtype=np.int64),
            np.zeros(m, dtype=np.int64),
            none,
            np.zeros(m, dtype=bool),
            _weights(book, units),
        ),
    )


def _points(found: Sequence[tuple[float, float] | None]) -> Floats:
    points = [_UNKNOWN if one is None else one for one in found]
    return np.array(points, dtype=np.float64).reshape(-1, 2)


def _middle_of_unit(
    book: StaffBook, unit: Organization, there: dict[str, list[str]]
) -> tuple[float, float] | None:
    """Return where a unit is: its area, else the middle of the places that it is paired with."""
    own = None if unit.area is None else middle_of(book.snapshot, unit.area)
    if own is not None:
        return own
    paired = [middle_of(book.snapshot, uid) for uid, found in there.items() if unit.uid in found]
    known = [one for one in paired if one is not None]
    if not known:
        return None
    return sum(x for x, _ in known) / len(known), sum(y for _, y in known) / len(known)


def _weights(book: StaffBook, units: Sequence[Organization]) -> np.ndarray:
    """Return what another pair weighs for each unit: half as much for one twice as large."""
    sizes: dict[str, int] = {}
    for row in sorted(
        book.snapshot.rows("headcount").values(), key=lambda one: (one.as_of or "", one.uid)
    ):
        if (row.as_of or "") <= book.day:
            sizes[row.organization] = row.quota or row.officials
    known = [sizes[unit.uid] for unit in units if sizes.get(unit.uid)]
    if not known:
        return np.ones(len(units), dtype=np.int64)
    usual = sum(known) / len(known)
    weights = [_USUAL_WEIGHT * usual / (sizes.get(unit.uid) or usual) for unit in units]
    return np.clip(np.rint(weights), 1, 1000).astype(np.int64)


def _line(
    task: Task,
    row: int,
    door: int,
    area: Area,
    units: Sequence[Organization],
    totals: Counter[str],
) -> ProposedPair:
    doors = np.arange(len(units))
    ways = np.hypot(*(task.rows.xy[row] - task.doors.xy[doors]).T)
    known = not np.isnan(ways[door])
    rank = int(np.count_nonzero(ways < ways[door])) + 1 if known else 1
    return ProposedPair(
        area,
        units[door],
        float(ways[door]) if known else None,
        rank,
        len(units),
        totals[units[door].uid],
    )
