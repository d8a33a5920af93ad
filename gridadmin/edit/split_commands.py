"""Split areas: along a line, along roads and rivers, or into equal parts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import numpy as np
import shapely

from gridadmin.base.errors import EditError
from gridadmin.base.ids import oid_of
from gridadmin.domain.change import Change
from gridadmin.domain.model import Area, Land
from gridadmin.edit.area_commands import checked_name
from gridadmin.edit.chain import Chain
from gridadmin.edit.command import Metres, find_area, kernel_point, label
from gridadmin.edit.dividing import CHILDREN, CUT, REFUSE, WHOLE, divide_area
from gridadmin.edit.draft import Desk, Draft
from gridadmin.edit.papers import NO_PAPERS, Papers
from gridadmin.edit.parting import part_area, split_line
from gridadmin.partition.blocks import (
    BY,
    cut_lines,
    joined_pieces,
    lines_through,
    pieces_between,
)
from gridadmin.partition.equal_parts import cuts_for, regions_between
from gridadmin.partition.grid import Ints
from gridadmin.partition.land_alone import halves_of, in_mm
from gridadmin.partition.snapshot import Snapshot
from gridadmin.partition.walk import land_parts


@dataclass(frozen=True)
class Split:
    """Cut areas, and all below them, along a line; each keeps one side, a new sibling the other.

    *keep* is ``left``, ``right``, the ``larger`` side by land, or that with most ``households``.
    *children* as in :func:`divide_area`. *name* is for the new area of a single one.
    """

    areas: Sequence[str]
    line: Sequence[Metres]
    keep: str = "larger"
    children: str = REFUSE
    name: str | None = None
    papers: Papers = NO_PAPERS
    may_move_frame: bool = False

    def propose(self, snapshot: Snapshot, desk: Desk) -> Change:
        """Return the change. Raises: EditError."""
        areas = distinct_areas(snapshot, self.areas)
        _check_keep(self.keep, ("left", "right", *KEEPS_PART))
        if self.children not in CHILDREN:
            raise EditError("edit.bad_value", field="children", value=self.children)
        line = kernel_line(snapshot, self.line)
        chain = Chain(snapshot)
        for area in areas:
            uid = self._cut(chain, desk, area, line)
            _record(chain, desk, area, [uid])
            if self.name is not None and len(areas) == 1:
                _rename(chain, uid, checked_name(self.name))
        return self.papers.recorded(chain.change("split", created=_created(chain)))

    def _cut(self, chain: Chain, desk: Desk, area: Area, line: Ints) -> str:
        """Cut an area as it is in the chain; return the uid of its new sibling."""
        now = chain.snapshot.area(area.uid)
        if now.land != Land.DRAWN:
            raise EditError("edit.not_drawn", area=label(now))
        halves = halves_of(chain.snapshot.partition, oid_of(now.uid), line)
        sides = [in_mm(halves.left), in_mm(halves.right)]
        keeps_left = self.keep == "left"
        if self.keep in KEEPS_PART:
            keeps_left = _kept(chain.snapshot, now, sides, self.keep) == 0
        if self.children == WHOLE:
            kept_first = sides if keeps_left else sides[::-1]
            divided = divide_area(chain.snapshot, desk, now, [halves.line], kept_first, WHOLE)
            chain.take(divided.draft.change("split"))
            return divided.siblings[0].uid
        is_cutting = self.children == CUT
        parted = part_area(
            chain.snapshot, desk, now, halves, keeps_left=keeps_left, cuts_children=is_cutting
        )
        chain.take(parted.draft.change("split"))
        return parted.successors[area.uid].uid


@dataclass(frozen=True)
class SplitEqually:
    """Cut areas by straight lines, each into parts with equal households or equal land.

    *by* is ``households`` or ``land``; *direction* says how the parts follow each other: ``ns``
    from north to south, ``ew`` from west to east, ``auto`` along the longer axis. An area keeps
    the part that *keep* says: the ``first``, the ``larger`` by land, or that with most
    ``households``. *children* as in :func:`divide_area`. *names* are for the new parts in order.
    """

    areas: str | Sequence[str]
    parts: int
    by: str = "households"
    direction: str = "auto"
    children: str = REFUSE
    keep: str = "first"
    names: Sequence[str] = ()
    papers: Papers = NO_PAPERS
    may_move_frame: bool = False

    def propose(self, snapshot: Snapshot, desk: Desk) -> Change:
        """Return the change. Raises: EditError."""
        _check_keep(self.keep, ("first", *KEEPS_PART))

        def regions_of(area: Area) -> list[shapely.Geometry]:
            lines = cuts_for(snapshot, area, self.parts, self.by, self.direction)
            return regions_between(land_of(snapshot, area), lines)

        return _divided(snapshot, desk, self, regions_of)


@dataclass(frozen=True)
class SplitByLines:
    """Cut areas along the roads, rivers or railways that run through them.

    *by* is one of ``roads``, ``rivers``, ``railways``, ``all``. What ends inside an area cuts
    nothing. A part with less than *least_m2*, or (unless *keeps_empty*) without a building where
    there are any, goes to the part that it borders most. *keep*, *children*, *names* as with
    :class:`SplitEqually`; the new parts are ordered from north to south.
    """

    areas: str | Sequence[str]
    by: str = "roads"
    least_m2: float = 1000.0
    keeps_empty: bool = False
    children: str = REFUSE
    keep: str = "larger"
    names: Sequence[str] = ()
    papers: Papers = NO_PAPERS
    may_move_frame: bool = False

    def propose(self, snapshot: Snapshot, desk: Desk) -> Change:
        """Return the change. Raises: EditError."""
        _check_keep(self.keep, KEEPS_PART)
        if self.by not in BY:
            raise EditError("edit.bad_value", field="by", value=self.by)
        return _divided(snapshot, desk, self, lambda area: self._regions(snapshot, area))

    def _regions(self, snapshot: Snapshot, area: Area) -> list[shapely.Geometry]:
        land = land_of(snapshot, area)
        pieces = pieces_between(land, lines_through(snapshot, land, {self.by}))
        buildings = snapshot.counts.on_land(snapshot.partition, oid_of(area.uid))
        xy = np.array([(b.x_mm, b.y_mm) for b in buildings], dtype=np.float64).reshape(-1, 2)
        xy -= np.array(snapshot.origin_mm)

        def is_too_small(piece: shapely.Geometry) -> bool:
            if piece.area < self.least_m2 * 1e6 or _is_lost(piece):
                return True
            is_asked = len(xy) > 0 and not self.keeps_empty
            return is_asked and not shapely.contains_xy(piece, xy[:, 0], xy[:, 1]).any()

        # A lost piece that borders no other is left to whoever is nearest.
        parts = [part for part in joined_pieces(pieces, is_too_small) if not _is_lost(part)]
        if len(parts) < 2:
            raise EditError("edit.no_lines_through", area=label(area))
        return sorted(parts, key=_from_north)


KEEPS_PART = ("larger", "households")
_LOST_MM = 2.0
"""A piece narrower than twice this may have no land left once its outline is rounded."""


def _is_lost(piece: shapely.Geometry) -> bool:
    return bool(shapely.buffer(piece, -_LOST_MM).is_empty)


def _check_keep(keep: str, known: Sequence[str]) -> None:
    if keep not in known:
        raise EditError("edit.bad_value", field="keep", value=keep)


def _from_north(part: shapely.Geometry) -> tuple[float, float]:
    middle = part.representative_point()
    return -middle.y, middle.x


def land_of(snapshot: Snapshot, area: Area) -> shapely.Geometry:
    """Return the land of an area in mm of the kernel. Raises: EditError ``edit.not_drawn``."""
    land = in_mm(land_parts(snapshot.partition, oid_of(area.uid)))
    if area.land != Land.DRAWN or land.is_empty:
        raise EditError("edit.not_drawn", area=label(area))
    return land


def _divided(
    snapshot: Snapshot,
    desk: Desk,
    command: SplitEqually | SplitByLines,
    regions_of: Callable[[Area], list[shapely.Geometry]],
) -> Change:
    """Return the change that divides each area of a command into the regions found for it."""
    names = [command.areas] if isinstance(command.areas, str) else command.areas
    chain = Chain(snapshot)
    fresh_names = [checked_name(name) for name in command.names]
    parts: list[list[str]] = []
    for area in distinct_areas(snapshot, names):
        regions = regions_of(area)
        kept = _kept(snapshot, area, regions, command.keep)
        ordered = [regions[kept], *regions[:kept], *regions[kept + 1 :]]
        lines = cut_lines(land_of(snapshot, area), *regions)
        now = chain.snapshot.area(area.uid)
        divided = divide_area(chain.snapshot, desk, now, lines, ordered, command.children)
        chain.take(divided.draft.change("split"))
        _check_land(chain, divided.draft)
        uids = [sibling.uid for sibling in divided.siblings]
        _record(chain, desk, area, uids)
        for uid in uids:
            if fresh_names:
                _rename(chain, uid, fresh_names.pop(0))
        at = min(kept, len(uids))
        parts.append([*uids[:at], area.uid, *uids[at:]])
    return command.papers.recorded(chain.change("split", created=_created(chain), parts=parts))


def _check_land(chain: Chain, draft: Draft) -> None:
    """Refuse parts that rounding left without land. Raises: EditError ``edit.cuts_nothing``."""
    for row in draft.change("split").of("area"):
        if row.before is None and not chain.snapshot.partition.has_land(oid_of(str(row.key))):
            raise EditError("edit.cuts_nothing")


def _kept(snapshot: Snapshot, area: Area, regions: Sequence[shapely.Geometry], keep: str) -> int:
    """Return which of its regions an area keeps."""
    if keep == "first":
        return 0
    figures = [region.area for region in regions]
    if keep == "households":
        buildings = snapshot.counts.on_land(snapshot.partition, oid_of(area.uid))
        lived = np.array([building.households for building in buildings])
        xy = np.array([(b.x_mm, b.y_mm) for b in buildings]) - np.array(snapshot.origin_mm)
        if lived.sum():
            figures = [
                float(lived[shapely.contains_xy(region, xy[:, 0], xy[:, 1])].sum())
                for region in regions
            ]
    return int(np.argmax(figures))


def distinct_areas(snapshot: Snapshot, names: Sequence[str]) -> list[Area]:
    """Return the areas of these names, each once, none of which lies below another.

    Raises: EditError ``edit.nested_areas`` and what :func:`find_area` raises.
    """
    areas = {area.uid: area for area in (find_area(snapshot, name) for name in names)}
    if not areas:
        raise EditError("edit.bad_value", field="areas", value="")
    for area in areas.values():
        for above in snapshot.ancestors(area.uid):
            if above.uid in areas:
                raise EditError("edit.nested_areas", area=label(area), above=label(above))
    return list(areas.values())


def kernel_line(snapshot: Snapshot, line: Sequence[Metres]) -> Ints:
    """Return a drawn line as points of the kernel, repeats left out.

    Raises: EditError ``edit.cuts_nothing`` when fewer than two are left, ``edit.bad_place``.
    """
    points = [point for point, _ in groupby(kernel_point(snapshot, place) for place in line)]
    if len(points) < 2:
        raise EditError("edit.cuts_nothing")
    return np.array(points, dtype=np.int64)


def _record(chain: Chain, desk: Desk, area: Area, uids: Sequence[str]) -> None:
    """Record what share of an area went to each of its successors."""
    draft = Draft(chain.snapshot)
    for uid, share in zip(uids, _shares(chain.snapshot, area, uids), strict=True):
        draft.put("lineage", split_line(desk, area, chain.snapshot.area(uid), share))
    chain.take(draft.change("split"))


def _shares(snapshot: Snapshot, area: Area, uids: Sequence[str]) -> list[float]:
    """Return the share of each successor: of the households, unknown of the land."""
    everybody = [area.uid, *uids]
    figures = [snapshot.counts.households_of(oid_of(uid)) for uid in everybody]
    if not sum(figures):
        figures = [snapshot.land_twice_mm2(uid) for uid in everybody]
    return [figure / sum(figures) for figure in figures[1:]]


def _rename(chain: Chain, uid: str, name: str) -> None:
    draft = Draft(chain.snapshot)
    draft.put("area", replace(chain.snapshot.area(uid), name=name))
    chain.take(draft.change("split"))


def _created(chain: Chain) -> list[dict[str, str | None]]:
    """Return the areas that are new, those on upper levels first."""
    rank = chain.snapshot.level_rank
    fresh = sorted(chain.added("area"), key=lambda a: (rank(a.level), a.code or "", a.uid))
    return [{"uid": area.uid, "code": area.code} for area in fresh]
