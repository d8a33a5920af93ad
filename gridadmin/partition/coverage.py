"""Proves that polygons cover land once: every gap and overlap as one face with its exact area.

The edges without a partner alone carry the answer (see ``cover``).
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import shapely

from gridadmin.base.progress import SILENT, Progress, checkpoint
from gridadmin.partition.arrange import run_lengths_mm
from gridadmin.partition.conflicts import find_conflicts
from gridadmin.partition.cover import Claims, Cover, regions
from gridadmin.partition.even_odd import even_odd_chains
from gridadmin.partition.face_search import FaceSearch, Twins
from gridadmin.partition.face_shapes import FaceShapes
from gridadmin.partition.grid import Bools, unpack_point
from gridadmin.partition.near_misses import NearMiss, near_misses_of
from gridadmin.partition.outlines import Outlines, outlines_of, with_chains
from gridadmin.partition.runs import OUTER
from gridadmin.partition.validity import InvalidRow, collapsed, invalid_rows
from gridadmin.partition.widths import widest_circles

_MM2_PER_M2 = 1_000_000.0
_ROUNDING_MM = 1.5

Bounds = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault: a face, or for ``multipart`` a row.

    ``areas`` are rows: who claims the face, for gaps who borders it. ``face_class`` is ``open``
    where the face touches the outside, else ``enclosed``. ``width_m`` is the diameter of the
    greatest circle inside, ``point`` its centre; metres as the polygons came.
    """

    kind: str
    face_class: str
    area_m2: float
    width_m: float
    areas: tuple[int, ...]
    point: tuple[float, float]
    bbox: Bounds


@dataclass(frozen=True, slots=True)
class Dust:
    """Faces of one kind below the least area that is listed."""

    count: int
    area_m2: float


@dataclass(frozen=True, slots=True)
class Coverage:
    """What a check of polygons found.

    ``moved`` tells for each row how far snapping moved it at most, in mm. Without a frame only
    enclosed gaps are proved. ``near_misses`` are the causes of thin faces, of class ``vertex`` or
    ``edge``; None when the lines are too dense for them to mean anything.
    """

    findings: tuple[Finding, ...]
    dust: dict[str, Dust]
    invalid: tuple[InvalidRow, ...]
    moved: dict[int, float]
    has_frame: bool
    near_misses: tuple[Finding, ...] | None = ()


def check_coverage(
    polygons: np.ndarray,
    *,
    parent: np.ndarray | None = None,
    snap_m: float = 0.001,
    min_area_m2: float = 0.01,
    near_m: float = 0.0,
    progress: Progress = SILENT,
) -> Coverage:
    """Return all gaps, overlaps, overhangs, duplicates, contained, multipart and invalid rows.

    *polygons*, *parent*: shapely (multi)polygons in metres. With a *parent* gaps are what it has
    and the polygons lack, overhangs the other way round. Polygons that cross themselves count by
    the even-odd rule. Near misses are looked for up to *near_m*; 0 = not at all.
    Raises: InputError ``partition.too_large``; Cancelled.
    """
    origin_mm = _origin_mm(polygons, parent)
    outlines, invalid = _taken_up(polygons, origin_mm, progress)
    framing = np.empty(0, dtype=object) if parent is None else parent
    frames, _ = _taken_up(framing, origin_mm, progress)
    twins = Twins(outlines)
    outlines.leave_out(outlines.rows_of(twins.copies))
    conflicts = find_conflicts(outlines, frames, outlines.rows_of(twins.copies), snap_m * 1000)
    checkpoint(progress, "progress.checking", 0, 2)
    search = FaceSearch(polygons, outlines, conflicts, twins, origin_mm, snap_m, parent is not None)
    cover, claims = search.faces()
    checkpoint(progress, "progress.checking", 1, 2)
    report = _Report(cover, claims, outlines, origin_mm, snap_m, min_area_m2, search.has_frame)
    findings = (*report.findings(), *_multipart(polygons))
    misses = near_misses_of(outlines, conflicts, snap_m * 1000, near_m * 1000)
    return Coverage(
        findings,
        report.dust,
        tuple(sorted(invalid)),
        conflicts.moved_mm,
        search.has_frame,
        None if misses is None else tuple(_near_miss(miss, origin_mm) for miss in misses),
    )


def _near_miss(miss: NearMiss, origin_mm: tuple[int, int]) -> Finding:
    x, y = (
        (at + shift) / 1000 for at, shift in zip(unpack_point(miss.vertex), origin_mm, strict=True)
    )
    reach = miss.distance_mm / 1000
    return Finding(
        "near_miss",
        "edge" if miss.other is None else "vertex",
        0.0,
        reach,
        tuple(sorted(miss.holders ^ miss.missed)),
        (x, y),
        (x - reach, y - reach, x + reach, y + reach),
    )


def _origin_mm(polygons: np.ndarray, parent: np.ndarray | None) -> tuple[int, int]:
    everything = polygons if parent is None else np.concatenate((polygons, parent))
    bounds = shapely.total_bounds(everything) if len(everything) else np.full(4, np.nan)
    if not np.isfinite(bounds).all():
        return 0, 0
    return round((bounds[0] + bounds[2]) * 500), round((bounds[1] + bounds[3]) * 500)


def _taken_up(
    polygons: np.ndarray, origin_mm: tuple[int, int], progress: Progress
) -> tuple[Outlines, list[InvalidRow]]:
    """Return the outlines and the invalid rows; these are taken up by the even-odd rule."""
    with ThreadPoolExecutor(1) as beside:
        # GEOS lets go of the interpreter, so the second core can judge while this one reads.
        judged = beside.submit(invalid_rows, polygons)
        outlines = outlines_of(polygons, origin_mm, progress=progress)
        invalid = judged.result()
    if invalid:
        rows = [one.row for one in invalid]
        extra = [
            (row, chain) for row in rows for chain in even_odd_chains(polygons[row], origin_mm)
        ]
        outlines = with_chains(outlines, rows, extra)
    return outlines, [*invalid, *collapsed(outlines, {one.row for one in invalid})]


class _Report:
    """Turns faces into findings; what is too small only counts."""

    def __init__(
        self,
        cover: Cover,
        claims: dict[int, Claims],
        outlines: Outlines,
        origin_mm: tuple[int, int],
        snap_m: float,
        min_area_m2: float,
        has_frame: bool,
    ) -> None:
        self.dust: dict[str, Dust] = {}
        self._cover = cover
        self._claims = claims
        self._outlines = outlines
        self._origin = np.asarray(origin_mm, dtype=np.float64)
        self._slack_mm = snap_m * 1000 + _ROUNDING_MM
        self._min_area_m2 = min_area_m2
        self._has_frame = has_frame
        self._shapes = FaceShapes(cover)
        self._run_length = run_lengths_mm(cover.runs)
        self._first_frame = len(outlines.twice_area)

    def findings(self) -> list[Finding]:
        """Return all faces that are worth listing, and count the rest in :attr:`dust`."""
        rows: list[tuple[str, str, float, tuple[int, ...], list[int]]] = []
        rows += self._gaps()
        rows += self._overlaps()
        if self._has_frame:
            rows += self._overhangs()
        rows = [row for row in rows if not self._is_dust(row[0], row[2])]
        if not rows:
            return []
        polygons = self._shapes.polygons([row[4] for row in rows])
        circles = widest_circles(polygons)
        bounds = (shapely.bounds(polygons) + np.tile(self._origin, 2)) / 1000
        centres = (circles.centre + self._origin) / 1000
        return [
            Finding(kind, face_class, area, width / 1000, areas, (x, y), (x0, y0, x1, y1))
            for (kind, face_class, area, areas, _), width, (x, y), (x0, y0, x1, y1) in zip(
                rows, circles.width.tolist(), centres.tolist(), bounds.tolist(), strict=True
            )
        ]

    def _is_dust(self, kind: str, area_m2: float) -> bool:
        if area_m2 >= self._min_area_m2:
            return False
        sum_so_far = self.dust.get(kind, Dust(0, 0.0))
        self.dust[kind] = Dust(sum_so_far.count + 1, sum_so_far.area_m2 + area_m2)
        return True

    def _gaps(self) -> list[tuple[str, str, float, tuple[int, ...], list[int]]]:
        is_gap = self._cover.count == 0
        is_gap[OUTER] = False
        if self._has_frame:
            is_gap &= self._cover.frames > 0
        groups = regions(self._cover, np.where(is_gap, 0, -1))
        borders = [self._shapes.border(group) for group in groups]
        return [
            ("gap", self._class(border), self._area_m2(group), areas, group)
            for group, border, areas in zip(groups, borders, self._neighbours(borders), strict=True)
        ]

    def _overlaps(self) -> list[tuple[str, str, float, tuple[int, ...], list[int]]]:
        groups = self._claimed(self._cover.count > 1)
        found = []
        for group in groups:
            border = self._shapes.border(group)
            claims = self._claims[group[0]]
            kind = self._kind(group, border, claims)
            areas = tuple(sorted(claims))
            found.append((kind, self._class(border), self._area_m2(group), areas, group))
        return found

    def _overhangs(self) -> list[tuple[str, str, float, tuple[int, ...], list[int]]]:
        groups = self._claimed((self._cover.count > 0) & (self._cover.frames == 0))
        return [
            (
                "overhang",
                self._class(self._shapes.border(group)),
                self._area_m2(group),
                tuple(sorted(self._claims[group[0]])),
                group,
            )
            for group in groups
        ]

    def _claimed(self, wanted: Bools) -> list[list[int]]:
        """Return groups of neighbouring faces that the same polygons claim."""
        number: dict[Claims, int] = {}
        label = np.full(len(self._cover.faces), -1, dtype=np.int64)
        for face in np.nonzero(wanted)[0].tolist():
            label[face] = number.setdefault(self._claims[face], len(number))
        return regions(self._cover, label)

    def _kind(self, group: list[int], border: list[int], claims: Claims) -> str:
        slack = 2 * self._slack_mm * sum(self._run_length[half >> 1] for half in border)
        area = sum(int(self._cover.faces.twice_area[face]) for face in group)
        whole = sum(abs(int(self._outlines.twice_area[claim]) - area) <= slack for claim in claims)
        if whole == len(claims):
            return "duplicate"
        return "contained" if whole == len(claims) - 1 else "overlap"

    def _area_m2(self, group: list[int]) -> float:
        return sum(int(self._cover.faces.twice_area[face]) for face in group) / 2 / _MM2_PER_M2

    def _class(self, border: list[int]) -> str:
        face, count, frames = self._cover.faces.face, self._cover.count, self._cover.frames
        for half in border:
            beyond = int(face[half ^ 1])
            if frames[beyond] == 0 if self._has_frame else beyond == OUTER and count[beyond] == 0:
                return "open"
        return "enclosed"

    def _neighbours(self, borders: list[list[int]]) -> list[tuple[int, ...]]:
        """Return who holds the land on the other side of each border."""
        halves = np.array([half for border in borders for half in border], dtype=np.int64)
        group = np.repeat(np.arange(len(borders)), [len(border) for border in borders])
        place, claim, is_left = self._cover.beside(halves >> 1)
        # The gap lies left of a half; along its run that is the run's left for even halves.
        is_beyond = (is_left != ((halves[place] & 1) == 0)) & (claim < self._first_frame)
        found: list[set[int]] = [set() for _ in borders]
        for number, one in zip(
            group[place[is_beyond]].tolist(), claim[is_beyond].tolist(), strict=True
        ):
            found[number].add(one)
        return [tuple(sorted(areas)) for areas in found]


def _multipart(polygons: np.ndarray) -> list[Finding]:
    found = []
    for row in np.nonzero(shapely.get_num_geometries(polygons) > 1)[0].tolist():
        parts = shapely.get_parts(polygons[row])
        sizes = shapely.area(parts)
        inside = shapely.point_on_surface(parts[int(sizes.argmin())])
        x0, y0, x1, y1 = shapely.bounds(polygons[row]).tolist()
        found.append(
            Finding(
                "multipart",
                "",
                float(sizes.sum()),
                0.0,
                (row,),
                (float(inside.x), float(inside.y)),
                (x0, y0, x1, y1),
            )
        )
    return found
