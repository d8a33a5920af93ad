"""四至 in words: what the outline of an area follows in the east, south, west and north.

A stretch follows a named road, river or railway that runs along it within 15 m; else it follows the
neighbour beyond it. The sides go by the outward direction of each piece of the outline.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from gridadmin.base.ids import NOBODY, OUTSIDE, oid_of
from gridadmin.domain.model import Area
from gridadmin.partition.base import chain_of
from gridadmin.partition.border import points_of
from gridadmin.partition.grid import twice_area
from gridadmin.partition.ground import Ground
from gridadmin.partition.snapshot import Snapshot
from gridadmin.partition.walk import Half, ring_points, rings_of_land

SIDES = "东南西北"
_REACH_M = 15.0
_PIECE_M = 10.0
"""An outline is looked at piece by piece, none longer than this."""
_ALONG = 0.86
"""A line runs along a piece when the cosine of the angle between them is at least this: 30°."""
_ALSO = 0.35
"""A second name is told when it holds for this share of a side."""
_MOST_NAMES = 2

_Floats = NDArray[np.float64]


@dataclass(frozen=True)
class _Pieces:
    """Pieces of an outline: middle, direction (land on the left), length, who lies beyond."""

    middles: _Floats
    ways: _Floats
    lengths: _Floats
    beyond: NDArray[np.int64]


def four_bounds(snapshot: Snapshot, area: Area, ground: Ground) -> str | None:
    """Return the 四至 of an area as approval papers have them; None without land.

    ``东至示例路，南至…，西至…，北至…``: of each side the name that most of it follows, and a second
    one where that holds for a good part. A stacked area has those of its cell.
    """
    pieces = _pieces_of(snapshot, oid_of(area.cell or area.uid))
    if pieces is None:
        return None
    lines = _lines_along(ground, pieces)
    holder = snapshot.area(area.cell) if area.cell else area
    neighbours = {oid: _neighbour(snapshot, holder, oid) for oid in set(pieces.beyond.tolist())}
    names = [
        line or neighbours[oid] for line, oid in zip(lines, pieces.beyond.tolist(), strict=True)
    ]
    sides = _sides(pieces.ways)
    told = [_told(side, sides, names, pieces) for side in range(4)]
    return "，".join(f"{SIDES[side]}至{words}" for side, words in enumerate(told))


def _pieces_of(snapshot: Snapshot, oid: int) -> _Pieces | None:
    """Return the outer outline of an owner's land in pieces, in local metres."""
    partition = snapshot.partition
    halves = [
        Half(border, oid in chain_of(border.left, partition.parents))
        for border in partition.outline(oid)
    ]
    middles, ways, lengths, beyond = [], [], [], []
    for ring in rings_of_land(halves):
        if twice_area(ring_points(ring)) <= 0:
            # What lies inside an area does not bound it.
            continue
        for half in ring:
            xy = points_of(half.border) / 1000.0
            starts, ends = (xy[:-1], xy[1:]) if half.is_along else (xy[1:], xy[:-1])
            steps = ends - starts
            far = np.hypot(steps[:, 0], steps[:, 1])
            count = np.maximum(np.ceil(far / _PIECE_M), 1).astype(np.int64)
            row = np.repeat(np.arange(len(far)), count)
            place = np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count)
            share = ((place + 0.5) / count[row])[:, None]
            middles.append(starts[row] + steps[row] * share)
            ways.append(steps[row] / far[row, None])
            lengths.append(far[row] / count[row])
            beyond.append(np.full(len(row), half.opposite_owner, dtype=np.int64))
    if not middles:
        return None
    return _Pieces(
        np.concatenate(middles), np.concatenate(ways), np.concatenate(lengths),
        np.concatenate(beyond),
    )  # fmt: skip


def _sides(ways: _Floats) -> NDArray[np.int64]:
    """Return the side that each piece looks to: 0 east, 1 south, 2 west, 3 north."""
    # With the land on the left, out is to the right of the way.
    out_x, out_y = ways[:, 1], -ways[:, 0]
    is_wide = np.abs(out_x) >= np.abs(out_y)
    sides: NDArray[np.int64] = np.where(
        is_wide, np.where(out_x > 0, 0, 2), np.where(out_y > 0, 3, 1)
    ).astype(np.int64)
    return sides


def _lines_along(ground: Ground, pieces: _Pieces) -> list[str]:
    """Return the name of the line that each piece follows; empty for those that follow none."""
    found = [""] * len(pieces.lengths)
    lines = ground.lines
    if not len(lines.objects):
        return found
    points = shapely.points(pieces.middles)
    piece, line = lines.tree.query(points, predicate="dwithin", distance=_REACH_M)
    is_named = np.array([bool(lines.objects[n].name) for n in line.tolist()], dtype=bool)
    piece, line = piece[is_named], line[is_named]
    if not len(piece):
        return found
    shapes = lines.shapes[line]
    along = shapely.line_locate_point(shapes, points[piece])
    back = shapely.line_interpolate_point(shapes, np.maximum(along - 1.0, 0.0))
    on = shapely.line_interpolate_point(shapes, along + 1.0)
    ways = shapely.get_coordinates(on) - shapely.get_coordinates(back)
    length = np.hypot(ways[:, 0], ways[:, 1])
    cosine = np.abs((ways * pieces.ways[piece]).sum(axis=1)) / np.maximum(length, 1e-9)
    distance = shapely.distance(shapes, points[piece])
    # The nearest comes last and has the last word.
    for number in np.lexsort((line, -distance)).tolist():
        if cosine[number] >= _ALONG:
            found[int(piece[number])] = lines.objects[int(line[number])].name or ""
    return found


def _neighbour(snapshot: Snapshot, area: Area, oid: int) -> str:
    """Return what lies beyond an outline: the area that stands where the two trees part."""
    if oid == OUTSIDE:
        return outside_name(snapshot)
    if oid == NOBODY:
        return "未划定地块"
    owner = snapshot.owner(oid)
    if owner is not None and owner[0] == "exempt":
        exempt = snapshot.exempt(owner[1])
        return exempt.name or exempt.reason
    other = snapshot.owning_area(oid)
    if other is None:
        return "争议地块"
    own = {area.uid, *(above.uid for above in snapshot.ancestors(area.uid))}
    found = other
    for above in snapshot.ancestors(other.uid):
        if above.uid in own:
            break
        found = above
    if found.uid in own:
        # The parent keeps that land itself.
        return f"{found.name}未划分地块"
    return found.name


def outside_name(snapshot: Snapshot) -> str:
    """Return what bounds land where the project ends: the border of the whole, where it has one."""
    return f"{snapshot.root.name}界" if snapshot.has_frame else "已绘范围之外"


def _told(side: int, sides: NDArray[np.int64], names: Sequence[str], pieces: _Pieces) -> str:
    """Return the names of one side; of a side without pieces what lies farthest that way."""
    chosen = np.flatnonzero(sides == side).tolist()
    if not chosen:
        way = ((1, 0), (0, -1), (-1, 0), (0, 1))[side]
        chosen = [int(np.argmax(pieces.middles @ np.array(way)))]
    shares: dict[str, float] = {}
    for number in chosen:
        shares[names[number]] = shares.get(names[number], 0.0) + float(pieces.lengths[number])
    return "、".join(_most(shares))


def _most(shares: Mapping[str, float]) -> list[str]:
    total = sum(shares.values())
    ordered = sorted(shares.items(), key=lambda item: (-item[1], item[0]))
    return [
        name
        for place, (name, share) in enumerate(ordered[:_MOST_NAMES])
        if place == 0 or share >= _ALSO * total
    ]


def names_by_side(text: str) -> dict[str, str]:
    """Return what bounds each side by a text in the official style; other words are left out."""
    found = {}
    for part in text.replace("；", "，").rstrip("。").split("，"):
        if part[:1] in SIDES and part[1:2] == "至" and part[2:]:
            found[part[0]] = part[2:]
    return found
