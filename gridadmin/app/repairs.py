"""Ways to settle something with what each would do, ranked; and what is left of it afterwards."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from gridadmin.app.effects import AreaEffect, Effects, effects_of
from gridadmin.base.errors import EditError
from gridadmin.base.ids import NOBODY, OUTSIDE
from gridadmin.checks.book import IssueBook
from gridadmin.checks.scopes import sides_of
from gridadmin.domain.issue import Issue
from gridadmin.edit.document import Document, Done
from gridadmin.partition.planar import Partition
from gridadmin.partition.walk import own_parts, to_polygon
from gridadmin.repair.ways import Way

LAND_KINDS = frozenset(
    {"gap", "overlap", "overhang", "duplicate", "contained", "remainder", "multipart", "sliver"}
)
"""Kinds of issues that a repair of land may leave behind or bring about."""

_SPECK_MM2 = 1000.0
"""What new nodes bend is no land that somebody gets."""


@dataclass(frozen=True)
class Proposal:
    """A way to settle something and what it would do.

    ``done`` is None where something must be filled in first, and where it is refused: ``refusal``
    says why then.
    """

    way: Way
    done: Done | None = None
    effects: Effects | None = None
    refusal: EditError | None = None

    @property
    def leaving(self) -> list[AreaEffect]:
        """The areas whose households leave their band."""
        return [one for one in self._areas() if one.band_before == "in" != one.band_after]

    @property
    def entering(self) -> list[AreaEffect]:
        """The areas whose households come into their band."""
        return [one for one in self._areas() if one.band_after == "in" != one.band_before]

    @property
    def rank(self) -> tuple[bool, bool, int, int]:
        """What can be done first, what keeps areas in their band before what doesn't."""
        is_open = self.way.command is None
        return self.refusal is not None, is_open, len(self.leaving), self.way.rank

    def _areas(self) -> Iterable[AreaEffect]:
        areas = () if self.effects is None else self.effects.areas
        return [one for one in areas if one.band is not None and one.band_after is not None]


def proposal_of(document: Document, way: Way, *, waits: bool = True) -> Proposal:
    """Return a way with its effects; without *waits* as :func:`effects_of` says."""
    if way.command is None:
        return Proposal(way)
    try:
        done = document.preview(way.command)
    except EditError as refusal:
        return Proposal(way, refusal=refusal)
    return Proposal(way, done, effects_of(done, waits=waits))


def ranked(proposals: Iterable[Proposal]) -> list[Proposal]:
    """Return proposals, the best first."""
    return sorted(proposals, key=lambda proposal: proposal.rank)


@dataclass(frozen=True, eq=False)
class Gain:
    """The land that an area gets by a change: rings ``(n, 2)`` in local metres, and m²."""

    uid: str
    rings: tuple[np.ndarray, ...]
    land_m2: float


def gains_of(done: Done) -> list[Gain]:
    """Return who gets which land by a change, the most first."""
    before, after = done.before.partition, done.after.partition
    found = []
    for oid in sorted(sides_of(done.change) - {NOBODY, OUTSIDE}):
        area = done.after.owning_area(oid)
        if area is None:
            continue
        gained = shapely.difference(_own_land(after, oid), _own_land(before, oid))
        parts = [
            part
            for part in shapely.get_parts(gained)
            if part.geom_type == "Polygon" and part.area > _SPECK_MM2
        ]
        rings = tuple(
            shapely.get_coordinates(ring) / 1000
            for part in parts
            for ring in shapely.get_rings(part)
        )
        if rings:
            found.append(Gain(area.uid, rings, sum(part.area for part in parts) / 1e6))
    return sorted(found, key=lambda gain: (-gain.land_m2, gain.uid))


def _own_land(partition: Partition, oid: int) -> shapely.Geometry:
    land = to_polygon(own_parts(partition, oid), lambda xy: xy.astype(np.float64))
    return land if land.is_valid else shapely.make_valid(land)


def left_of(issues: Sequence[Issue], settled: Issue) -> list[Issue]:
    """Return the issues about land that lie where one was, itself if it is still there.

    *issues* are those of the state after a repair.
    """
    if settled.bbox is None:
        return [one for one in issues if one.id == settled.id]
    x0, y0, x1, y1 = settled.bbox
    place = shapely.box(x0, y0, x1, y1)
    found = []
    for one in issues:
        is_there = one.point is not None and shapely.intersects_xy(place, *one.point)
        if one.id == settled.id or (one.kind in LAND_KINDS and is_there):
            found.append(one)
    return found


def left_after(book: IssueBook, settled: Issue) -> list[Issue]:
    """Return :func:`left_of` a book of issues."""
    return left_of(book.issues(), settled)
