"""Repair polygons without a project: gaps, overlaps and near misses settled by one policy.

The polygons become a partition with one owner for each row; land that several claim is held by
the set of its claimants until it is given out. No row may lose its last land.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import shapely

from gridadmin.base.errors import EditError
from gridadmin.base.ids import NOBODY, OUTSIDE
from gridadmin.base.progress import SILENT, Progress, checkpoint
from gridadmin.domain.model import BorderRow
from gridadmin.partition.arrange import enclosed_as_nobodys, labelled_borders
from gridadmin.partition.cuts import insert_lines
from gridadmin.partition.faces import Face, faces_of
from gridadmin.partition.grid import Ints
from gridadmin.partition.overlay import Overlay, overlay
from gridadmin.partition.planar import Partition
from gridadmin.partition.polygons import own_polygons
from gridadmin.partition.rewire import BorderIds, relabelled
from gridadmin.partition.runs import OUTER
from gridadmin.repair.medial import centre_lines, sides_of
from gridadmin.repair.near_misses import with_misses_settled

LONGEST, MAJORITY, CENTRE = "longest", "majority", "centre"
POLICIES = (LONGEST, MAJORITY, CENTRE)

_TWICE_MM2_PER_M2 = 2_000_000.0
_MOST_ROUNDS = 20


@dataclass(frozen=True, slots=True)
class LeftFace:
    """A face that was not settled: ``why`` is ``too_large`` or ``no_neighbour``.

    ``rows`` claim it, or lie around a gap; ``point`` in metres.
    """

    kind: str
    area_m2: float
    rows: tuple[int, ...]
    point: tuple[float, float]
    why: str


@dataclass
class Tally:
    """What each row gains from gaps and gives up of what it claimed, in m² of the plane."""

    gained: dict[int, float] = field(default_factory=dict)
    lost: dict[int, float] = field(default_factory=dict)
    settled: Counter[str] = field(default_factory=Counter)
    land_m2: float = 0.0

    def count_misses(
        self, counts: Mapping[int, int], before: np.ndarray, after: np.ndarray
    ) -> None:
        """Take in near misses that were settled, and what that did to the land of each row."""
        for row, count in counts.items():
            self.settled["near_miss"] += count
            change = float(shapely.area(after[row]) - shapely.area(before[row]))
            side = self.gained if change > 0 else self.lost
            side[row] = side.get(row, 0.0) + abs(change)
            self.land_m2 += abs(change)


@dataclass(frozen=True)
class Repaired:
    """Polygons in whole millimetres from ``origin_mm``, one for each row, and what became of them.

    ``snapped`` tells how far vertices of a row were moved at most, in mm.
    """

    polygons: np.ndarray
    origin_mm: tuple[int, int]
    tally: Tally
    left: tuple[LeftFace, ...]
    snapped: Mapping[int, float]


def repair_polygons(
    polygons: np.ndarray,
    policy: str,
    *,
    max_area_m2: float | None = None,
    snap_m: float = 0.001,
    near_m: float = 0.0,
    progress: Progress = SILENT,
) -> Repaired:
    """Return *polygons* (metres) with gaps and overlaps settled, all or those up to a size.

    Vertices that miss the neighbour's border by up to *near_m* are put onto it first.

    Raises: InputError ``partition.too_large``; Cancelled.
    """
    x0, y0, x1, y1 = shapely.total_bounds(polygons).tolist()
    origin = round((x0 + x1) * 500), round((y0 + y1) * 500)
    laid = _laid(polygons, origin, snap_m, near_m, progress)
    tally = Tally()
    if laid.near_misses:
        mended, counts = with_misses_settled(polygons, laid.near_misses, origin, max_area_m2)
        if counts:
            tally.count_misses(counts, polygons, mended)
            laid = _laid(mended, origin, snap_m, 0.0, progress)
    claims = laid.arrangement.claims
    contests = sorted({claim for claim in claims if len(claim) > 1}, key=sorted)
    number = {claim: len(polygons) + 1 + at for at, claim in enumerate(contests)}
    owner = np.array(
        [
            OUTSIDE if not claim else number[claim] if len(claim) > 1 else min(claim) + 1
            for claim in claims
        ],
        dtype=np.int64,
    )
    owner[OUTER] = OUTSIDE
    owner = enclosed_as_nobodys(laid.arrangement, owner)
    runs, left, right = labelled_borders(laid.arrangement, owner)
    rows = [
        BorderRow(run + 1, runs.points(run).tobytes(), a, b)
        for run, (a, b) in enumerate(zip(left.tolist(), right.tolist(), strict=True))
    ]
    work = _Work(
        Partition.of(rows, {}), {number[c]: c for c in contests}, policy, max_area_m2, tally
    )
    work.give_to_landless(len(polygons))
    work.settle_all(progress)
    shapes = _shapes(work, len(polygons))
    faces = tuple(work.left_faces(origin))
    return Repaired(shapes, origin, work.tally, faces, laid.moved_mm)


def _laid(
    polygons: np.ndarray,
    origin: tuple[int, int],
    snap_m: float,
    near_m: float,
    progress: Progress,
) -> Overlay:
    return overlay(
        Partition.of([], {}),
        polygons,
        [0] * len(polygons),
        origin_mm=origin,
        snap_m=snap_m,
        near_m=near_m,
        progress=progress,
    )


class _Work:
    """A partition of rows, and what of it is not settled yet."""

    def __init__(
        self,
        partition: Partition,
        claims: Mapping[int, frozenset[int]],
        policy: str,
        max_area_m2: float | None,
        tally: Tally,
    ) -> None:
        self.partition = partition
        self.claims = claims
        self.tally = tally
        self._policy = policy
        self._most = None if max_area_m2 is None else max_area_m2 * _TWICE_MM2_PER_M2
        self._ids = BorderIds("repair")

    def loose(self) -> list[Face]:
        """Return all faces that are not settled, the smallest first."""
        owners = [NOBODY, *self.claims]
        faces = [face for owner in owners for face in faces_of(self.partition, owner)]
        return sorted(
            faces, key=lambda face: (face.twice_area(), min(h.key for h in face.halves()))
        )

    # Rows that would be left without land

    def give_to_landless(self, count: int) -> None:
        """Give rows that hold nothing by themselves a face that they claim."""
        landless = {row for row in range(count) if not self.partition.has_land(row + 1)}
        if not landless:
            return
        for owner, claim in sorted(self.claims.items()):
            heirs = sorted(claim & landless)
            for face in faces_of(self.partition, owner) if heirs else ():
                if self._is_too_large(face):
                    continue
                if len(heirs) == 1:
                    self._give([(face, heirs[0] + 1)])
                elif not self._divide_equally(face, heirs):
                    continue
                landless -= set(heirs)
                break

    def _divide_equally(self, face: Face, heirs: Sequence[int]) -> bool:
        """Cut a face that is all that several rows have into equal parts, one for each."""
        cuts = equal_cuts(face, len(heirs))
        order: list[tuple[float, Face]] = []

        def note(piece: Face) -> int:
            order.append((cuts.place(piece), piece))
            return face.owner

        changes = insert_lines(self.partition, cuts.lines, {face.owner}, note, self._ids)
        if len(order) != len(heirs):
            return False
        ranked = {id(piece): at for at, (_, piece) in enumerate(sorted(order, key=_first))}
        turn = iter([ranked[id(piece)] for _, piece in order])

        def give(piece: Face) -> int:
            row = heirs[next(turn)]
            self._count(piece, face.owner, row)
            return row + 1

        changes = insert_lines(self.partition, cuts.lines, {face.owner}, give, self._ids)
        self.partition = self.partition.applied(changes, {})
        self.tally.settled["duplicate"] += 1
        return True

    # Everything else

    def settle_all(self, progress: Progress) -> None:
        """Settle faces by the policy, until none can be settled any more."""
        if self._policy == CENTRE:
            self._part_along_centres(progress)
        for round_number in range(_MOST_ROUNDS):
            checkpoint(progress, "progress.repairing", round_number, _MOST_ROUNDS)
            given = []
            for face in self.loose():
                heir = None if self._is_too_large(face) else self._longest(face)
                if heir is not None:
                    given.append((face, heir))
            if not given:
                break
            self._give(given)
        checkpoint(progress, "progress.repairing", _MOST_ROUNDS, _MOST_ROUNDS)

    def _part_along_centres(self, progress: Progress) -> None:
        faces = self.loose()
        for number, face in enumerate(faces):
            if number % 32 == 0:
                checkpoint(progress, "progress.repairing", number, len(faces))
            if not self._is_too_large(face):
                self._part(face)

    def _part(self, face: Face) -> None:
        who = {oid: oid for oid in self._heirs(face)}
        lines = centre_lines(face, sides_of(face, who)) if len(who) > 1 else []
        if not lines:
            return
        given: list[tuple[Face, int]] = []

        def give(piece: Face) -> int:
            shared = {o: mm for o, mm in piece.neighbours().items() if o in who}
            heir = max(shared, key=lambda o: (shared[o], -o), default=next(iter(who)))
            given.append((piece, heir))
            return heir

        try:
            changes = insert_lines(self.partition, lines, {face.owner}, give, self._ids)
        except EditError:  # pragma: no cover - a line that snapping leads out of the face
            return
        if changes:
            for piece, heir in given:
                self._count(piece, face.owner, heir - 1)
            self.partition = self.partition.applied(changes, {})
            self.tally.settled[self._kind(face.owner)] += 1

    def _heirs(self, face: Face) -> dict[int, float]:
        """Return the rows across the border of a face that may have it, with what they share."""
        claim = self.claims.get(face.owner)
        return {
            oid: mm
            for oid, mm in face.neighbours().items()
            if oid > 0 and oid not in self.claims and (claim is None or oid - 1 in claim)
        }

    def _longest(self, face: Face) -> int | None:
        shared = self._heirs(face)
        if shared:
            return max(shared, key=lambda oid: (shared[oid], -oid))
        return None

    def _is_too_large(self, face: Face) -> bool:
        return self._most is not None and face.twice_area() > self._most

    def _give(self, given: Iterable[tuple[Face, int]]) -> None:
        owner_of: dict[tuple[int, bool], int] = {}
        for face, heir in given:
            self._count(face, face.owner, heir - 1)
            self.tally.settled[self._kind(face.owner)] += 1
            owner_of.update((half.key, heir) for half in face.halves())
        self.partition = self.partition.applied(relabelled(self.partition, owner_of, self._ids), {})

    def _kind(self, owner: int) -> str:
        return "gap" if owner == NOBODY else "overlap"

    def _count(self, piece: Face, owner: int, row: int) -> None:
        land_m2 = piece.twice_area() / _TWICE_MM2_PER_M2
        self.tally.land_m2 += land_m2
        if owner == NOBODY:
            self.tally.gained[row] = self.tally.gained.get(row, 0.0) + land_m2
        for claimant in self.claims.get(owner, frozenset()) - {row}:
            self.tally.lost[claimant] = self.tally.lost.get(claimant, 0.0) + land_m2

    def left_faces(self, origin_mm: tuple[int, int]) -> Iterable[LeftFace]:
        """Yield what is not settled."""
        for face in self.loose():
            x, y = face.inner_point()
            rows = self.claims.get(face.owner)
            if rows is None:
                rows = frozenset(oid - 1 for oid in self._heirs(face))
            yield LeftFace(
                self._kind(face.owner),
                face.twice_area() / _TWICE_MM2_PER_M2,
                tuple(sorted(rows)),
                ((x + origin_mm[0]) / 1000, (y + origin_mm[1]) / 1000),
                "too_large" if self._is_too_large(face) else "no_neighbour",
            )


def _size(face: Face) -> tuple[int, tuple[int, bool]]:
    return face.twice_area(), min(half.key for half in face.halves())


def _first(one: tuple[float, Face]) -> float:
    return one[0]


@dataclass(frozen=True)
class EqualCuts:
    """Lines that cut a face into parts of equal land, across its longer axis."""

    lines: list[Ints]
    along: np.ndarray

    def place(self, piece: Face) -> float:
        """Return how far along the axis a piece lies."""
        return float(np.array(piece.inner_point()) @ self.along)


def equal_cuts(face: Face, count: int) -> EqualCuts:
    """Return the lines that cut a face into *count* parts of equal land."""
    part = face.part()
    land = shapely.Polygon(part.shell, part.holes)
    box = shapely.get_coordinates(shapely.minimum_rotated_rectangle(land))[:3]
    sides = np.diff(box, axis=0)
    longer = sides[int(np.argmax(np.hypot(sides[:, 0], sides[:, 1])))]
    along = longer / np.hypot(*longer)
    across = np.array([-along[1], along[0]])
    points = part.shell.astype(np.float64)
    low, high = float((points @ along).min()), float((points @ along).max())
    left, right = float((points @ across).min()) - 10, float((points @ across).max()) + 10
    lines = []
    for number in range(1, count):
        at = _halving(land, along, across, (low, high, left, right), number / count)
        ends = [along * at + across * left, along * at + across * right]
        lines.append(np.rint(np.array(ends)).astype(np.int64))
    return EqualCuts(lines, along)


def _halving(
    land: shapely.Polygon,
    along: np.ndarray,
    across: np.ndarray,
    box: tuple[float, float, float, float],
    share: float,
) -> float:
    """Return where along an axis a share of the land lies behind."""
    low, high, left, right = box
    begin = low - 10
    a, b = low, high
    for _ in range(40):
        middle = (a + b) / 2
        behind = shapely.Polygon(
            [
                along * begin + across * left,
                along * middle + across * left,
                along * middle + across * right,
                along * begin + across * right,
            ]
        )
        if shapely.area(shapely.intersection(land, behind)) < share * land.area:
            a = middle
        else:
            b = middle
    return (a + b) / 2


def _shapes(work: _Work, count: int) -> np.ndarray:
    """Return the land of each row in mm; what is left disputed belongs to all that claim it."""
    own = own_polygons(work.partition, lambda xy: xy.astype(np.float64))
    shapes = np.empty(count, dtype=object)
    parts: list[list[shapely.Geometry]] = [[] for _ in range(count)]
    for oid, land in own.items():
        if oid == NOBODY:
            continue
        for row in work.claims.get(oid, frozenset({oid - 1})):
            parts[row].append(land)
    for row, mine in enumerate(parts):
        shapes[row] = mine[0] if len(mine) == 1 else shapely.union_all(mine)
    return shapes
