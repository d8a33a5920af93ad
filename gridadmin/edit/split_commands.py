"""Split areas: along a line, or into parts with equal households or equal land."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import numpy as np

from gridadmin.base.errors import EditError
from gridadmin.base.ids import oid_of
from gridadmin.domain.change import Change
from gridadmin.domain.model import Area
from gridadmin.edit.area_commands import checked_name
from gridadmin.edit.chain import Chain
from gridadmin.edit.command import Metres, find_area, kernel_point, label
from gridadmin.edit.draft import Desk, Draft
from gridadmin.edit.papers import NO_PAPERS, Papers
from gridadmin.edit.parting import KEEPS, part_area, split_line
from gridadmin.partition.equal_parts import cuts_for
from gridadmin.partition.grid import Ints
from gridadmin.partition.snapshot import Snapshot


@dataclass(frozen=True)
class Split:
    """Cut areas, and all below them, along a line; each keeps one side, a new sibling the other.

    *keep* is ``left``, ``right`` or ``larger``. Areas below that the line cuts are refused, unless
    *cuts_children*: then they become two as well. *name* is for the new area of a single one.
    """

    areas: Sequence[str]
    line: Sequence[Metres]
    keep: str = "larger"
    cuts_children: bool = False
    name: str | None = None
    papers: Papers = NO_PAPERS
    may_move_frame: bool = False

    def propose(self, snapshot: Snapshot, desk: Desk) -> Change:
        """Return the change. Raises: EditError."""
        areas = distinct_areas(snapshot, self.areas)
        if self.keep not in KEEPS:
            raise EditError("edit.bad_value", field="keep", value=self.keep)
        line = kernel_line(snapshot, self.line)
        chain = Chain(snapshot)
        for area in areas:
            uid = _cut(chain, desk, area, line, self.keep, cuts_children=self.cuts_children)
            _record(chain, desk, area, [uid])
            if self.name is not None and len(areas) == 1:
                _rename(chain, uid, checked_name(self.name))
        return self.papers.recorded(chain.change("split", created=_created(chain)))


@dataclass(frozen=True)
class SplitEqually:
    """Cut an area by straight lines into parts with equal households or equal land.

    *by* is ``households`` or ``land``; *direction* says how the parts follow each other: ``ns``
    from north to south, ``ew`` from west to east, ``auto`` along the longer axis. The area keeps
    the first part.
    """

    area: str
    parts: int
    by: str = "households"
    direction: str = "auto"
    cuts_children: bool = False
    papers: Papers = NO_PAPERS
    may_move_frame: bool = False

    def propose(self, snapshot: Snapshot, desk: Desk) -> Change:
        """Return the change. Raises: EditError."""
        (area,) = distinct_areas(snapshot, [self.area])
        lines = cuts_for(snapshot, area, self.parts, self.by, self.direction)
        chain = Chain(snapshot)
        uids: list[str] = []
        rest = area
        for line in lines:
            uid = _cut(chain, desk, rest, line, "left", cuts_children=self.cuts_children)
            uids.append(uid)
            rest = chain.snapshot.area(uid)
        _record(chain, desk, area, uids)
        return self.papers.recorded(chain.change("split", created=_created(chain)))


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


def _cut(
    chain: Chain, desk: Desk, area: Area, line: Ints, keep: str, *, cuts_children: bool
) -> str:
    """Cut an area as it is in the chain; return the uid of its new sibling."""
    now = chain.snapshot.area(area.uid)
    parted = part_area(chain.snapshot, desk, now, line, keep, cuts_children=cuts_children)
    chain.take(parted.draft.change("split"))
    return parted.successors[area.uid].uid


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
