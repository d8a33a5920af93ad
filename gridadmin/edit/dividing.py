"""Divide one area into several parts at once, with all that lies below it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely

from gridadmin.base.errors import EditError
from gridadmin.base.ids import oid_of
from gridadmin.domain.model import Area, Land
from gridadmin.edit.command import label
from gridadmin.edit.draft import Desk, Draft
from gridadmin.edit.land_commands import cut_off
from gridadmin.edit.parting import split_line
from gridadmin.edit.reparent_commands import hang_below
from gridadmin.partition.cuts import insert_lines
from gridadmin.partition.faces import Face, faces_of
from gridadmin.partition.grid import Ints
from gridadmin.partition.land_alone import in_mm
from gridadmin.partition.rewire import composed, relabelled
from gridadmin.partition.snapshot import Snapshot
from gridadmin.partition.walk import land_parts, own_parts

REFUSE, CUT, WHOLE = "keep", "cut", "whole"
CHILDREN = (REFUSE, CUT, WHOLE)
"""What becomes of areas below that a cut runs through: refused, made several of, kept whole."""


@dataclass(frozen=True)
class Divided:
    """What became of an area: the draft that divides it, and its new siblings by region."""

    draft: Draft
    siblings: Sequence[Area]


def divide_area(
    snapshot: Snapshot,
    desk: Desk,
    area: Area,
    lines: Sequence[Ints],
    regions: Sequence[shapely.Geometry],
    children: str,
) -> Divided:
    """Divide *area* along *lines* ``(n, 2)`` into *regions*, all in mm; it keeps the first.

    Areas below that lie in one region go along with it. Those that several regions share stay in
    the one that holds most of their households (unknown: of their land); by *children* they get
    successors in the others, or go there whole; then regions that get no land are left out.
    Raises: EditError ``edit.cuts_nothing``, ``edit.cuts_children``, ``edit.no_sibling``,
    ``edit.not_drawn``, ``edit.no_free_code``.
    """
    if area.land != Land.DRAWN:
        raise EditError("edit.not_drawn", area=label(area))
    if area.parent is None:
        raise EditError("edit.no_sibling")
    if children not in CHILDREN:
        raise EditError("edit.bad_value", field="children", value=children)
    for region in regions:
        shapely.prepare(region)
    if children == WHOLE:
        regions = _regions_used(snapshot, area, regions)
    return _Dividing(snapshot, desk, area, regions, children).carried_out(lines)


class _Dividing:
    """One area on its way to become several."""

    def __init__(
        self,
        snapshot: Snapshot,
        desk: Desk,
        area: Area,
        regions: Sequence[shapely.Geometry],
        children: str,
    ) -> None:
        self._snapshot = snapshot
        self._desk = desk
        self._area = area
        self._regions = regions
        self._children = children
        self._draft = Draft(snapshot)
        self._successors: dict[tuple[str, int], Area] = {}
        self._home: dict[str, int] = {area.uid: 0}
        """The region in which an area that is cut stays, by uid."""

    def carried_out(self, lines: Sequence[Ints]) -> Divided:
        """Return what it comes to."""
        siblings = [self._sibling(self._area, n) for n in range(1, len(self._regions))]
        self._sort_out(self._area)
        partition = self._snapshot.partition
        cut_ones = {oid_of(uid): uid for uid in self._home}
        changes = insert_lines(partition, lines, cut_ones, self._owner_of, self._desk.ids)
        cut = partition.applied(changes, partition.parents)
        owner_of: dict[tuple[int, bool], int] = {}
        for oid in cut_ones:
            for face in faces_of(cut, oid):
                owner = self._owner_of(face)
                if owner != oid:
                    owner_of.update((half.key, owner) for half in face.halves())
        if not changes and not owner_of and not self._draft.change("split").of("area"):
            raise EditError("edit.cuts_nothing")
        self._draft.borders(composed(changes, relabelled(cut, owner_of, self._desk.ids)))
        for (uid, region), made in self._successors.items():
            if uid != self._area.uid:
                share = _shares(self._snapshot, self._snapshot.area(uid), self._regions)[region]
                line = split_line(self._desk, self._snapshot.area(uid), made, share)
                self._draft.put("lineage", line)
        return Divided(self._draft, siblings)

    def _owner_of(self, face: Face) -> int:
        area = self._snapshot.owning_area(face.owner)
        if area is None or area.uid not in self._home:
            # A face that a successor holds by now.
            return face.owner
        return oid_of(self._sibling(area, self._region_at(*face.inner_point())).uid)

    def _region_at(self, x: float, y: float) -> int:
        for number, region in enumerate(self._regions):
            if shapely.contains_xy(region, x, y):
                return number
        # A sliver that rounding left beside all regions.
        here = shapely.Point(x, y)
        return int(np.argmin([region.distance(here) for region in self._regions]))

    def _sibling(self, area: Area, region: int) -> Area:
        """Return what an area that is cut becomes in a region: itself, or a new one."""
        if self._home[area.uid] == region:
            return area
        known = self._successors.get((area.uid, region))
        if known is not None:
            return known
        parent = self._snapshot.area(area.parent or "")
        if area.uid != self._area.uid:
            parent = self._sibling(parent, region)
        made = cut_off(self._snapshot, self._draft, self._desk, area, parent)
        if area.is_divided:
            made = replace(made, is_divided=True, valid_from=self._desk.today)
            self._draft.put("area", made)
        self._successors[area.uid, region] = made
        return made

    def _sort_out(self, area: Area) -> None:
        """Hang the children of a cut area below its successors, and cut those that are shared."""
        for child in self._snapshot.children(area.uid):
            if child.land != Land.DRAWN:
                continue
            shares = _shares(self._snapshot, child, self._regions)
            home = int(np.argmax(shares))
            if self._children == WHOLE or not self._is_shared(child, shares):
                self._hang(child, self._sibling(area, home))
            elif self._children == CUT:
                self._home[child.uid] = home
                self._hang(child, self._sibling(area, home))
                self._sort_out(child)
            else:
                raise EditError("edit.cuts_children", area=label(area), areas=label(child))

    def _hang(self, child: Area, parent: Area) -> None:
        if child.parent != parent.uid:
            hang_below(self._snapshot, self._draft, child, parent)

    def _is_shared(self, area: Area, shares: Sequence[float]) -> bool:
        """Return whether more than a bend of an area lies outside the region of its largest share.

        A line along its border strays into it by the millimetre of rounding.
        """
        land = _land(self._snapshot, area)
        home = self._regions[int(np.argmax(shares))]
        rest = shapely.difference(land, home)
        return not shapely.buffer(rest, -_STRAY_MM).is_empty


def _regions_used(
    snapshot: Snapshot, area: Area, regions: Sequence[shapely.Geometry]
) -> list[shapely.Geometry]:
    """Return the regions that get any land when the areas below go whole."""
    own = in_mm(own_parts(snapshot.partition, oid_of(area.uid)))
    used = {
        int(np.argmax(_shares(snapshot, child, regions)))
        for child in snapshot.children(area.uid)
        if child.land == Land.DRAWN
    }
    for number, region in enumerate(regions):
        if not shapely.buffer(shapely.intersection(own, region), -_STRAY_MM).is_empty:
            used.add(number)
    if len(used) < 2:
        raise EditError("edit.cuts_nothing")
    return [regions[number] for number in sorted(used)]


def _shares(snapshot: Snapshot, area: Area, regions: Sequence[shapely.Geometry]) -> list[float]:
    """Return which share of an area lies in each region: of households, unknown of land."""
    oid = oid_of(area.uid)
    if snapshot.counts.households_of(oid):
        buildings = snapshot.counts.on_land(snapshot.partition, oid)
        xy = np.array([(b.x_mm, b.y_mm) for b in buildings]) - np.array(snapshot.origin_mm)
        lived = np.array([b.households for b in buildings])
        sums = [
            float(lived[shapely.contains_xy(region, xy[:, 0], xy[:, 1])].sum())
            for region in regions
        ]
        if sum(sums):
            return [one / sum(sums) for one in sums]
    land = _land(snapshot, area)
    parts = [shapely.intersection(land, region).area for region in regions]
    return [float(part / max(sum(parts), 1.0)) for part in parts]


def _land(snapshot: Snapshot, area: Area) -> shapely.Geometry:
    return in_mm(land_parts(snapshot.partition, oid_of(area.uid)))


_STRAY_MM = 2.0
