"""Part one area in two along a line, with all that lies below it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import shapely

from gridadmin.base.errors import EditError
from gridadmin.base.ids import oid_of
from gridadmin.domain.model import Area, Land, Lineage
from gridadmin.edit.command import label
from gridadmin.edit.draft import Desk, Draft
from gridadmin.edit.land_commands import cut_off
from gridadmin.partition.cuts import insert_what_cuts
from gridadmin.partition.faces import faces_of
from gridadmin.partition.land_alone import Halves, in_mm
from gridadmin.partition.rewire import composed, relabelled
from gridadmin.partition.snapshot import Snapshot
from gridadmin.partition.walk import Part, land_parts


@dataclass(frozen=True)
class Parted:
    """What became of an area: the draft that parts it, and the areas that are new."""

    draft: Draft
    successors: Mapping[str, Area]
    """New areas by the uid of the one that each was cut off, the parted area first."""


def part_area(
    snapshot: Snapshot,
    desk: Desk,
    area: Area,
    halves: Halves,
    *,
    keeps_left: bool,
    cuts_children: bool,
) -> Parted:
    """Part *area* into its *halves*; it keeps one, a new sibling gets the other.

    Raises: EditError ``edit.cuts_nothing``, ``edit.cuts_children``, ``edit.no_sibling``,
    ``edit.no_free_code``.
    """
    if area.parent is None:
        raise EditError("edit.no_sibling")
    kept = "left" if keeps_left else "right"
    return _Parting(snapshot, desk, area, halves, kept, cuts_children).carried_out()


class _Parting:
    """One area on its way to become two."""

    def __init__(
        self,
        snapshot: Snapshot,
        desk: Desk,
        area: Area,
        halves: Halves,
        kept: str,
        cuts_children: bool,
    ) -> None:
        self._snapshot = snapshot
        self._desk = desk
        self._area = area
        self._line = halves.line
        self._kept = kept
        self._cuts_children = cuts_children
        self._fresh = in_mm(halves.right if kept == "left" else halves.left)
        shapely.prepare(self._fresh)
        self._draft = Draft(snapshot)
        self._successors: dict[str, Area] = {}
        self._cut: dict[str, Area] = {}

    def carried_out(self) -> Parted:
        """Return what it comes to."""
        partition = self._snapshot.partition
        changes = insert_what_cuts(
            partition, self._line, self._decide, self._desk.ids, spare_outside=True
        )
        cut = partition.applied(changes, partition.parents)
        owner_of: dict[tuple[int, bool], int] = {}
        self._sort_out(self._area)
        for area in (self._area, *self._cut.values()):
            for face in faces_of(cut, oid_of(area.uid)):
                if self._is_fresh(face.inner_point()):
                    successor = oid_of(self._successor(area).uid)
                    owner_of.update((half.key, successor) for half in face.halves())
        self._refuse_cut_children()
        if not self._successors:  # pragma: no cover - a sliver that no face has a point in
            raise EditError("edit.cuts_nothing")
        self._draft.borders(composed(changes, relabelled(cut, owner_of, self._desk.ids)))
        for uid, successor_area in self._successors.items():
            if uid != self._area.uid:
                self._record(self._snapshot.area(uid), successor_area)
        return Parted(self._draft, self._successors)

    def _decide(self, owner: int, side: str) -> int:
        area = self._snapshot.owning_area(owner)
        if side == self._kept or area is None or not self._is_ours(area):
            return owner
        self._note_cut(area)
        return oid_of(self._successor(area).uid)

    def _is_ours(self, area: Area) -> bool:
        above = (one.uid for one in self._snapshot.ancestors(area.uid))
        return self._area.uid in (area.uid, *above)

    def _note_cut(self, area: Area) -> None:
        """Keep in mind that an area is cut, and with it all between it and the parted one."""
        while area.uid != self._area.uid:
            self._cut[area.uid] = area
            area = self._snapshot.area(area.parent or "")

    def _successor(self, area: Area) -> Area:
        """Return the new area that gets the other side of one; made when first asked for."""
        known = self._successors.get(area.uid)
        if known is not None:
            return known
        parent = self._snapshot.area(area.parent or "")
        if area.uid != self._area.uid:
            parent = self._successor(parent)
        made = cut_off(self._snapshot, self._draft, self._desk, area, parent)
        if area.is_divided:
            made = replace(made, is_divided=True, valid_from=self._desk.today)
            self._draft.put("area", made)
        self._successors[area.uid] = made
        return made

    def _sort_out(self, area: Area) -> None:
        """Hang the children of a cut area that lie on the other side below its successor."""
        for child in self._snapshot.children(area.uid):
            if child.land != Land.DRAWN:
                continue
            sides = {True, False} if child.uid in self._cut else self._sides(child)
            if sides == {True}:
                self._move(child, self._successor(area))
            elif len(sides) == 2:
                self._note_cut(child)
                self._sort_out(child)

    def _sides(self, area: Area) -> set[bool]:
        """Return whether the pieces of an area that the line doesn't cut lie on the new side."""
        pieces = land_parts(self._snapshot.partition, oid_of(area.uid))
        return {self._is_fresh(_inner_point(piece)) for piece in pieces}

    def _is_fresh(self, point: tuple[float, float]) -> bool:
        return bool(shapely.contains_xy(self._fresh, *point))

    def _move(self, child: Area, parent: Area) -> None:
        self._draft.put("area", replace(child, parent=parent.uid))
        for sharing in self._snapshot.linked("area", child.uid):
            if sharing.valid_to is None and sharing.parent == child.parent:
                self._draft.put("area", replace(sharing, parent=parent.uid))

    def _refuse_cut_children(self) -> None:
        if self._cuts_children or not self._cut:
            return
        children = self._snapshot.children(self._area.uid)
        cut = [label(child) for child in children if child.uid in self._cut]
        raise EditError("edit.cuts_children", area=label(self._area), areas=", ".join(cut))

    def _record(self, old: Area, new: Area) -> None:
        share = share_on(self._snapshot, old, self._fresh)
        self._draft.put("lineage", split_line(self._desk, old, new, share))


def split_line(desk: Desk, old: Area, new: Area, share: float) -> Lineage:
    """Return the lineage of an area that was cut off another."""
    return Lineage(desk.new_uid(), old.uid, new.uid, "split", round(share, 6), date=desk.today)


def share_on(snapshot: Snapshot, area: Area, land: shapely.Geometry) -> float:
    """Return which share of an area lies on *land* (mm): of its households, unknown of its land."""
    oid = oid_of(area.uid)
    if snapshot.counts.households_of(oid):
        origin = np.array(snapshot.origin_mm)
        buildings = snapshot.counts.on_land(snapshot.partition, oid)
        xy = np.array([(b.x_mm, b.y_mm) for b in buildings]) - origin
        households = np.array([b.households for b in buildings])
        on = shapely.contains_xy(land, xy[:, 0], xy[:, 1])
        return float(households[on].sum() / households.sum())
    whole = in_mm(land_parts(snapshot.partition, oid))
    return float(shapely.intersection(whole, land).area / whole.area)


def _inner_point(part: Part) -> tuple[float, float]:
    point = shapely.Polygon(part.shell, part.holes).representative_point()
    return point.x, point.y
