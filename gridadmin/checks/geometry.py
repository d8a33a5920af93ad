"""The shape of an area's land: in parts, with holes, too narrow, with spikes."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import numpy as np
import shapely

from gridadmin.checks.finding import area_issue, placed_issue
from gridadmin.checks.look import Look, Survey, canonical
from gridadmin.checks.registry import Check
from gridadmin.domain.issue import Issue
from gridadmin.domain.model import Area, AreaKind
from gridadmin.partition.grid import Bools, Ints
from gridadmin.partition.portions import slices_of
from gridadmin.partition.snapshot import Snapshot
from gridadmin.partition.walk import Part
from gridadmin.partition.widths import widest_circles


def allowed_parts(snapshot: Snapshot, area: Area) -> int:
    """Return how many parts the land of an area may have, 0 = any number."""
    level = snapshot.scheme.level(area.level)
    return 0 if level is None or area.kind == AreaKind.EXCLUSIVE else level.allowed_parts


def _parts(look: Look, uid: str) -> Iterator[Issue]:
    allowed = allowed_parts(look.snapshot, look.snapshot.area(uid))
    if not allowed or look.is_one_ring(uid):
        return
    parts = look.parts(uid)
    if len(parts) > allowed:
        yield area_issue(
            look.snapshot,
            "multipart",
            uid,
            area_m2=min(part.twice_area() for part in parts) / 2_000_000,
            parts=len(parts),
            allowed=allowed,
        )


def _in_parts(survey: Survey) -> Collection[str]:
    several = survey.land_uids[shapely.get_num_geometries(survey.land_shapes) > 1]
    return [
        uid for uid in several.tolist() if allowed_parts(survey.snapshot, survey.snapshot.area(uid))
    ]


def _holes(look: Look, uid: str) -> Iterator[Issue]:
    """Yield each piece of land that lies enclosed in an area and isn't its own."""
    if look.is_one_ring(uid):
        return
    for part in look.parts(uid):
        for hole in canonical(part).holes:
            enclosed = shapely.Polygon(look.snapshot.place(hole))
            yield placed_issue(
                look.snapshot,
                "hole",
                enclosed,
                level=look.snapshot.area(uid).level,
                areas=[uid],
                area_m2=float(enclosed.area),
                area=look.snapshot.area(uid).name,
            )


def _with_holes(survey: Survey) -> Collection[str]:
    found: list[str] = []
    for start, shapes in slices_of(survey.land_shapes):
        parts, at = shapely.get_parts(shapes, return_index=True)
        with_holes = np.unique(at[shapely.get_num_interior_rings(parts) > 0])
        found += survey.land_uids[start + with_holes].tolist()
    return found


def _sliver(look: Look, uid: str) -> Iterator[Issue]:
    """Yield an area in which no circle of the least width fits."""
    if look.snapshot.has_drawn_children(uid):
        # What is divided is as wide as what it is divided into; so too with spikes and necks.
        return
    least_m = look.snapshot.check("sliver").param("width_m")
    parts = look.parts(uid)
    if not parts or _surely_wider(parts, least_m):
        return
    land = look.shape(uid)
    polygons = np.array(list(land.geoms), dtype=object)
    width_m = float(widest_circles(polygons).width.max())
    if width_m < least_m:
        yield area_issue(
            look.snapshot, "sliver", uid, area_m2=float(land.area), width=round(width_m, 3)
        )


def _surely_wider(parts: list[Part], least_m: float) -> bool:
    """Return whether land is wide enough without looking closer: width ≥ 2 × area / border."""
    for part in parts:
        length = sum(_length_mm(ring) for ring in (part.shell, *part.holes))
        if part.twice_area() >= least_m * 1000 * length:
            return True
    return False


def _length_mm(ring: Ints) -> float:
    steps = np.diff(ring, axis=0).astype(np.float64)
    return float(np.hypot(steps[:, 0], steps[:, 1]).sum())


def _thin(survey: Survey) -> Collection[str]:
    widest = np.zeros(len(survey.land_uids))
    for start, shapes in slices_of(survey.land_shapes):
        parts, at = shapely.get_parts(shapes, return_index=True)
        width_mm = 2 * shapely.area(parts) / np.maximum(shapely.length(parts), 1e-9)
        np.maximum.at(widest, start + at, width_mm)
    least_mm = survey.snapshot.check("sliver").param("width_m") * 1000
    return list(survey.land_uids[widest < least_mm])


def _spikes(look: Look, uid: str) -> Iterator[Issue]:
    """Yield each corner of an area that is as sharp as a needle."""
    snapshot = look.snapshot
    if snapshot.has_drawn_children(uid):
        return
    for part in look.parts(uid):
        for ring in (part.shell, *part.holes):
            closes = np.arange(len(ring)) == len(ring) - 1
            corners = np.nonzero(_is_spiky(snapshot, ring, closes))[0]
            for x, y in snapshot.place(ring[corners]).tolist():
                yield placed_issue(
                    snapshot,
                    "spike",
                    shapely.Point(x, y),
                    level=snapshot.area(uid).level,
                    areas=[uid],
                    area=snapshot.area(uid).name,
                )


def _is_spiky(snapshot: Snapshot, xy: np.ndarray, closes: Bools) -> Bools:
    """Return which points of closed rings are corners sharper than the least angle, on long legs.

    ``closes`` marks the last point of each ring, which is its first one again and never told.
    """
    check = snapshot.check("spike")
    ends = np.nonzero(closes)[0]
    starts = np.append(0, ends[:-1] + 1)
    onward = np.zeros(xy.shape)
    onward[:-1] = xy[1:] - xy[:-1]
    back = np.empty_like(onward)
    back[1:] = -onward[:-1]
    back[starts] = -onward[ends - 1]
    dot = onward[:, 0] * back[:, 0] + onward[:, 1] * back[:, 1]
    spiky: Bools = (dot > 0) & ~closes
    sharp = np.nonzero(spiky)[0]
    legs = [np.hypot(way[sharp, 0], way[sharp, 1]) for way in (onward, back)]
    is_long = np.minimum(*legs) >= check.param("length_m") * 1000
    least_cosine = np.cos(np.radians(check.param("angle_deg")))
    spiky[sharp] = is_long & (dot[sharp] > least_cosine * legs[0] * legs[1])
    return spiky


def _spiky(survey: Survey) -> Collection[str]:
    found: list[str] = []
    for start, shapes in slices_of(survey.land_shapes):
        rings, part = _rings_of(shapes)
        xy, ring = shapely.get_coordinates(rings, return_index=True)
        if len(xy):
            hit = _is_spiky(survey.snapshot, xy, np.append(ring[1:] != ring[:-1], True))
            found += survey.land_uids[start + np.unique(part[ring[hit]])].tolist()
    return found


def _rings_of(shapes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return all rings of multipolygons, and which of these each belongs to."""
    parts, shape = shapely.get_parts(shapes, return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    return rings, shape[part]


def _narrow(look: Look, uid: str) -> Iterator[Issue]:
    """Yield where land of an area hangs together by a neck narrower than the least width."""
    snapshot = look.snapshot
    least_m = snapshot.check("narrow").param("width_m")
    if snapshot.has_drawn_children(uid):
        return
    for polygon in look.shape(uid).geoms:
        core = shapely.buffer(polygon, -least_m / 2, quad_segs=4)
        pieces = [piece for piece in shapely.get_parts(core) if piece.area > least_m**2]
        if len(pieces) < 2:
            continue
        wide = shapely.buffer(shapely.union_all(pieces), least_m / 2 * _SLACK, quad_segs=4)
        necks = shapely.get_parts(shapely.difference(polygon, wide))
        touching = [neck for neck in necks if _joins(neck, pieces, least_m)]
        place = max(touching or [polygon], key=lambda neck: float(neck.area))
        area = snapshot.area(uid)
        yield placed_issue(
            snapshot, "narrow", place, level=area.level, areas=[uid], about=uid, area=area.name,
            least=least_m,
        )  # fmt: skip


_SLACK = 1.05


def _joins(neck: shapely.Geometry, pieces: list[shapely.Geometry], least_m: float) -> bool:
    near = [piece for piece in pieces if shapely.dwithin(neck, piece, least_m)]
    return len(near) > 1


def _undivided(survey: Survey) -> Collection[str]:
    snapshot = survey.snapshot
    return [uid for uid in survey.lands if not snapshot.has_drawn_children(uid)]


CHECKS = (
    Check(("multipart",), "area", _parts, _in_parts),
    Check(("hole",), "area", _holes, _with_holes),
    Check(("sliver",), "area", _sliver, _thin),
    Check(("spike",), "area", _spikes, _spiky),
    Check(("narrow",), "area", _narrow, _undivided),
)
