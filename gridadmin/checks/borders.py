"""Borders against what lies on the ground: along a road or river, across a river or railway."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import numpy as np
import shapely

from gridadmin.base.ids import NOBODY, OUTSIDE
from gridadmin.checks.finding import placed_issue
from gridadmin.checks.look import Look, Survey, border_line, box_of_border
from gridadmin.checks.registry import Check
from gridadmin.domain.issue import Issue
from gridadmin.domain.model import BorderRow
from gridadmin.partition.ground import GroundLine
from gridadmin.partition.snapshot import Snapshot

FOLLOWED = ("road", "street", "river", "water")
"""Kinds of lines that a border should follow where one runs near."""
_BARRIERS = ("river", "railway")
_TRUNK = ("motorway", "trunk", "primary", "expressway")
_STEP_M = 5.0


def _off_line(look: Look, key: str) -> Iterator[Issue]:
    """Yield a border that runs beside a road or river for long without following it."""
    snapshot = look.snapshot
    border = _inner_border(snapshot, int(key))
    if border is None:
        return
    check = snapshot.check("border_off_line")
    reach_m, beside_m = check.param("reach_m"), check.param("beside_m")
    lines = look.ground.lines_near(box_of_border(snapshot, border.id, reach_m), FOLLOWED)
    if not lines:
        return
    line = border_line(snapshot, border.id)
    along = [ground for ground in lines if _runs_along(line, ground, reach_m)]
    if not along:
        return
    near = shapely.MultiLineString([ground.points for ground in along])
    steps = shapely.line_interpolate_point(line, np.arange(0.0, line.length, _STEP_M))
    away = shapely.distance(steps, near)
    length_m = _STEP_M * float(((away > beside_m) & (away <= reach_m)).sum())
    if length_m >= check.param("length_m") and length_m > _MOST * line.length:
        name = next((ground.name for ground in along if ground.name), "")
        yield placed_issue(
            snapshot,
            "border_off_line",
            look.to_plane(line),
            level=_level_of(snapshot, border),
            areas=_areas_of(snapshot, border),
            line=name,
            length_m=round(length_m),
        )


_MOST = 0.5
"""A border counts as beside a road when more of it than this is."""


def _runs_along(line: shapely.LineString, ground: GroundLine, reach_m: float) -> bool:
    """Return whether a road lies beside a border for longer than it takes to cross it."""
    shape = shapely.LineString(ground.points)
    if not shapely.dwithin(line, shape, reach_m):
        return False
    stretch = shapely.intersection(shape, shapely.buffer(line, reach_m, quad_segs=2))
    return bool(shapely.length(stretch) > 2.5 * reach_m)


def _crosses(look: Look, key: str) -> Iterator[Issue]:
    """Yield a border that leads across a river, a railway or a trunk road."""
    snapshot = look.snapshot
    border = _inner_border(snapshot, int(key))
    if border is None:
        return
    lines = look.ground.lines_near(box_of_border(snapshot, border.id))
    barriers = [ground for ground in lines if _is_barrier(ground)]
    if not barriers:
        return
    line = border_line(snapshot, border.id)
    for ground in barriers:
        met = shapely.intersection(line, shapely.LineString(ground.points))
        points = [one for one in shapely.get_parts(met) if isinstance(one, shapely.Point)]
        if points:
            yield placed_issue(
                snapshot,
                "border_crosses",
                look.to_plane(points[0]),
                level=_level_of(snapshot, border),
                areas=_areas_of(snapshot, border),
                line=ground.name or "",
                times=len(points),
            )


def _is_barrier(ground: GroundLine) -> bool:
    if ground.is_shore:
        # Along a shore a border may well change sides; across it the river's own line tells.
        return False
    return ground.kind in _BARRIERS or (ground.road_class or "") in _TRUNK


def _inner_border(snapshot: Snapshot, number: int) -> BorderRow | None:
    """Return a border between areas; None for the frame and what lies beside nobody's land."""
    if not snapshot.partition.has(number):
        return None
    border = snapshot.partition.border(number)
    sides = (border.left, border.right)
    return None if OUTSIDE in sides or NOBODY in sides else border


def _areas_of(snapshot: Snapshot, border: BorderRow) -> list[str]:
    areas = (snapshot.owning_area(side) for side in (border.left, border.right))
    return [area.uid for area in areas if area is not None]


def _level_of(snapshot: Snapshot, border: BorderRow) -> str:
    """Return the lower of the two levels that a border parts."""
    levels = [snapshot.area(uid).level for uid in _areas_of(snapshot, border)]
    return max(levels, key=snapshot.level_rank, default="")


def _near_lines(survey: Survey) -> Collection[str]:
    reach_m = survey.snapshot.check("border_off_line").param("reach_m")
    return _borders_near(survey, reach_m, [g.kind in FOLLOWED for g in survey.ground.lines.objects])


def _near_barriers(survey: Survey) -> Collection[str]:
    return _borders_near(survey, 0.0, [_is_barrier(g) for g in survey.ground.lines.objects])


def _borders_near(survey: Survey, reach_m: float, is_wanted: list[bool]) -> Collection[str]:
    shapes = survey.ground.lines.shapes[np.array(is_wanted, dtype=bool)] if is_wanted else []
    if not len(shapes):
        return []
    ids, lines = survey.borders
    hit, _ = shapely.STRtree(shapes).query(lines, predicate="dwithin", distance=reach_m)
    return [str(number) for number in ids[np.unique(hit)].tolist()]


CHECKS = (
    Check(("border_off_line",), "border", _off_line, _near_lines),
    Check(("border_crosses",), "border", _crosses, _near_barriers),
)
