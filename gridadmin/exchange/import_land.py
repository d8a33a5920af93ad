"""Import as one undoable command: areas of a level, the frame, exempt land, or context."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import shapely

from gridadmin.base.errors import InputError
from gridadmin.base.ids import NOBODY, OUTSIDE, oid_of
from gridadmin.base.progress import SILENT, Progress
from gridadmin.domain.change import Change
from gridadmin.domain.model import Context, Exempt, Land, ReferenceOutline, Setting
from gridadmin.edit.area_commands import check_level
from gridadmin.edit.draft import Desk, Draft
from gridadmin.edit.land_commands import check_date, set_frame
from gridadmin.exchange.disputed_places import beyond_frame, disputed_places, may_hold
from gridadmin.exchange.import_rows import (
    ColumnChoice,
    Matching,
    Row,
    RowMatcher,
    chosen_columns,
    polygons_of,
)
from gridadmin.exchange.import_source import Brought
from gridadmin.exchange.settlement import AreaTree, Settlement
from gridadmin.exchange.source import RowProblem
from gridadmin.partition.claims import Contest, Verdict
from gridadmin.partition.grid import unpack_point
from gridadmin.partition.overlay import Overlay, overlay
from gridadmin.partition.snapshot import Snapshot

_ORIGIN_STEP_MM = 1_000_000


@dataclass(frozen=True)
class ImportAreas:
    """Bring the rows of a file in as areas of one level."""

    brought: Brought
    level: str
    columns: ColumnChoice = field(default_factory=ColumnChoice)
    replaces: bool = False
    snap_m: float | None = None
    progress: Progress = SILENT
    may_move_frame: bool = True

    def propose(self, snapshot: Snapshot, desk: Desk) -> Change:
        """Return the change. Raises: EditError, InputError, Cancelled."""
        check_level(snapshot, self.level, snapshot.root)
        columns = chosen_columns(self.brought, self.columns)
        matching = RowMatcher(
            snapshot, self.brought, columns, self.level, desk, replaces=self.replaces
        ).match()
        draft = Draft(snapshot)
        for area in (*matching.made, *(row.area for row in matching.rows if row.is_new)):
            draft.add_area(area, desk)
        for area in matching.adopted:
            draft.put("area", area)
        landed = [row for row in matching.rows if row.takes_land]
        told: dict[str, Any] = {}
        if landed:
            told = self._lay(snapshot, draft, desk, matching, landed)
        draft.tell(
            level=self.level,
            columns={"code": columns.code, "name": columns.name, "parent": columns.parent},
            new=sum(row.is_new for row in matching.rows),
            known=matching.known,
            made_parents=len(matching.made),
            adopted=len(matching.adopted),
            outside_root=matching.outside_root,
            drawn=len(landed),
            **told,
        )
        tell_rows(draft, self.brought, matching.left_out)
        return draft.change("import", note=self.brought.table.path.name)

    def _lay(
        self,
        snapshot: Snapshot,
        draft: Draft,
        desk: Desk,
        matching: Matching,
        landed: Sequence[Row],
    ) -> dict[str, Any]:
        polygons = polygons_of(self.brought, list(landed))
        origin = place_plane(snapshot, draft, self.brought, polygons)
        for row, polygon in zip(landed, polygons, strict=True):
            _keep_outline(draft, desk, row, polygon, self.brought)
        new = [row.area for row in matching.rows if row.is_new]
        tree = AreaTree(snapshot, [*matching.made, *new, *matching.adopted])
        oids = [oid_of(row.area.uid) for row in landed]
        # What they held before, through children that came first, they hold only by the file now.
        claimants = tree.claimants(oids, replaced=oids)
        overlaid = overlay(
            snapshot.partition,
            polygons,
            [snapshot.level_rank(self.level)] * len(landed),
            origin_mm=origin,
            snap_m=snapshot.snap_m if self.snap_m is None else self.snap_m,
            near_m=_near_m(snapshot),
            progress=self.progress,
        )
        settlement = Settlement(snapshot, draft, desk, overlaid, tree)
        claims = [frozenset(oids[index] for index in face) for face in overlaid.arrangement.claims]
        old = overlaid.arrangement.old_owner
        beyond = beyond_frame(snapshot, disputed_places(snapshot, overlaid))
        settlement.decide(
            lambda face: claimants.settle(claims[face], int(old[face]), is_beyond=face in beyond)
        )
        told = settlement.finish(claims)
        told["moved"] = {
            landed[index].row_id: round(float(mm), 3)
            for index, mm in sorted(overlaid.moved_mm.items())
        }
        told["near_misses"] = _told_misses(overlaid, landed, origin)
        _mark_landless(draft, landed, settlement)
        return told


def _near_m(snapshot: Snapshot) -> float:
    check = snapshot.check("near_miss")
    return check.param("distance_m") if check.on else 0.0


def _told_misses(
    overlaid: Overlay, landed: Sequence[Row], origin_mm: tuple[int, int]
) -> list[dict[str, Any]]:
    """Return the near misses for the answer, the widest first; what stands already has no name."""
    told = []
    for miss in reversed(overlaid.near_misses or ()):
        x, y = unpack_point(miss.vertex)
        areas = [landed[one].area for one in sorted(miss.holders ^ miss.missed) if one >= 0]
        told.append(
            {
                "class": "edge" if miss.other is None else "vertex",
                "distance_m": round(miss.distance_mm / 1000, 4),
                "areas": [area.code or area.name for area in areas],
                "point": [(x + origin_mm[0]) / 1000, (y + origin_mm[1]) / 1000],
            }
        )
    return told


def _mark_landless(draft: Draft, landed: Sequence[Row], settlement: Settlement) -> None:
    """Keep as listed what ended without land: squeezed out, duplicate, or wholly disputed."""
    holding = settlement.owners()
    for row in landed:
        now = draft.now("area", row.area.uid)
        if now is not None and oid_of(row.area.uid) not in holding:
            draft.put("area", replace(now, land=Land.LISTED))


def place_plane(
    snapshot: Snapshot, draft: Draft, brought: Brought, polygons: np.ndarray
) -> tuple[int, int]:
    """Set plane and origin with the first land; return the origin in mm."""
    if snapshot.setting("plane") is None and brought.plane is not None:
        draft.put("setting", Setting("plane", brought.plane.as_setting()))
    if snapshot.setting("origin") is not None:
        return snapshot.origin_mm
    x0, y0, x1, y1 = shapely.total_bounds(polygons).tolist()
    step = _ORIGIN_STEP_MM
    origin = tuple(
        int(np.floor(middle * 1000 / step + 0.5)) * step
        for middle in ((x0 + x1) / 2, (y0 + y1) / 2)
    )
    draft.put("setting", Setting("origin", json.dumps(origin)))
    return origin[0], origin[1]


def _keep_outline(
    draft: Draft, desk: Desk, row: Row, polygon: shapely.Geometry, brought: Brought
) -> None:
    blob = shapely.to_wkb(polygon, byte_order=1)
    outline = ReferenceOutline(
        desk.new_uid(),
        row.area.uid,
        blob,
        brought.table.path.name,
        hashlib.sha256(blob).hexdigest(),
        date=desk.today,
    )
    draft.put("reference_outline", outline)


def tell_rows(draft: Draft, brought: Brought, left_out: Sequence[RowProblem] = ()) -> None:
    """Keep for the answer which rows were left out and what was noticed."""
    rows = [*brought.table.left_out, *left_out]
    draft.tell(
        file=brought.table.path.name,
        layer=brought.table.layer,
        crs=brought.crs_text,
        rows=len(brought.table) + len(brought.table.left_out),
        left_out=[{"row": p.row, "code": p.code, "params": _plain(p.params)} for p in rows],
        warnings=[
            {"row": p.row, "code": p.code, "params": _plain(p.params)} for p in brought.warnings
        ],
    )


def _plain(params: Mapping[str, object]) -> dict[str, Any]:
    return {
        name: value if isinstance(value, int | float | bool) or value is None else str(value)
        for name, value in params.items()
    }


@dataclass(frozen=True)
class ImportFrame:
    """Take the union of a layer's polygons as the frame of the project."""

    brought: Brought
    replaces: bool = False
    snap_m: float | None = None
    progress: Progress = SILENT
    may_move_frame: bool = True

    def propose(self, snapshot: Snapshot, desk: Desk) -> Change:
        """Return the change. Raises: InputError ``import.frame_stands``, ``import.no_land``."""
        if snapshot.has_frame and not self.replaces:
            raise InputError("import.frame_stands", file=self.brought.table.path.name)
        draft = Draft(snapshot)
        polygons = _usable(self.brought)
        origin = place_plane(snapshot, draft, self.brought, polygons)
        overlaid = _laid(snapshot, polygons, origin, self.snap_m, 0, self.progress)
        set_frame(draft, snapshot, desk, shapely.union_all(polygons), self.brought.table.path.name)
        settlement = Settlement(snapshot, draft, desk, overlaid, AreaTree(snapshot, []))
        old = overlaid.arrangement.old_owner
        disputed = disputed_places(snapshot, overlaid)

        def verdict(face: int) -> Verdict:
            owner = int(old[face])
            if overlaid.arrangement.claims[face]:
                if face in disputed:
                    return _inside_now(snapshot, owner, disputed[face])
                return NOBODY if owner == OUTSIDE else owner
            if owner in (NOBODY, OUTSIDE):
                return OUTSIDE
            # Land beyond the frame waits for a decision: clip it, or enlarge the frame.
            return Contest("overhang", frozenset({owner})) if _is_area(snapshot, owner) else owner

        settlement.decide(verdict)
        told = settlement.finish([frozenset()] * len(old))
        draft.tell(level="frame", drawn=len(polygons), moved={}, **told)
        tell_rows(draft, self.brought)
        return draft.change("import_frame", note=self.brought.table.path.name)


def _inside_now(snapshot: Snapshot, dispute: int, place: shapely.Point) -> int:
    """Return whose a disputed face within a new frame is.

    Its only claimant gets it where nothing but the former frame stood against that.
    """
    owner = snapshot.owner(dispute)
    claims = [] if owner is None else snapshot.dispute(owner[1]).claims.split()
    if len(claims) == 1 and may_hold(snapshot, claims[0], place):
        return oid_of(claims[0])
    return dispute


def _is_area(snapshot: Snapshot, oid: int) -> bool:
    return snapshot.owning_area(oid) is not None


def _usable(brought: Brought) -> np.ndarray:
    polygons = brought.polygons[~shapely.is_missing(brought.polygons)]
    if not len(polygons):
        raise InputError("import.no_land", file=brought.table.path.name)
    usable: np.ndarray = shapely.make_valid(polygons)
    return usable


def _laid(
    snapshot: Snapshot,
    polygons: np.ndarray,
    origin: tuple[int, int],
    snap_m: float | None,
    rank: int,
    progress: Progress,
) -> Overlay:
    return overlay(
        snapshot.partition,
        polygons,
        [rank] * len(polygons),
        origin_mm=origin,
        snap_m=snapshot.snap_m if snap_m is None else snap_m,
        progress=progress,
    )


@dataclass(frozen=True)
class ImportExempt:
    """Take the land of each row out of what grids must cover."""

    brought: Brought
    reason: str
    approver: str
    until: str | None = None
    columns: ColumnChoice = field(default_factory=ColumnChoice)
    snap_m: float | None = None
    progress: Progress = SILENT
    may_move_frame: bool = False

    def propose(self, snapshot: Snapshot, desk: Desk) -> Change:
        """Return the change. Raises: InputError, EditError."""
        check_date(self.until)
        draft = Draft(snapshot)
        polygons = _usable(self.brought)
        origin = place_plane(snapshot, draft, self.brought, polygons)
        column = chosen_columns(self.brought, self.columns).name
        names = (
            [None] * len(self.brought.table) if column is None else self.brought.table.texts(column)
        )
        is_land = ~shapely.is_missing(self.brought.polygons)
        exempts = [
            Exempt(desk.new_uid(), self.reason, self.approver, self.until, name, since=desk.today)
            for name, has in zip(names, is_land, strict=True)
            if has
        ]
        for exempt in exempts:
            draft.put("exempt", exempt)
        overlaid = _laid(snapshot, polygons, origin, self.snap_m, 0, self.progress)
        settlement = Settlement(snapshot, draft, desk, overlaid, AreaTree(snapshot, []))
        arrangement = overlaid.arrangement

        def verdict(face: int) -> Verdict:
            owner = int(arrangement.old_owner[face])
            claims = arrangement.claims[face]
            if not claims or (owner == OUTSIDE and snapshot.has_frame):
                return owner
            return oid_of(exempts[min(claims)].uid)

        settlement.decide(verdict)
        told = settlement.finish([frozenset()] * len(arrangement.claims))
        held = settlement.owners()
        for exempt in exempts:
            if oid_of(exempt.uid) not in held:
                draft.remove("exempt", exempt.uid)
        draft.tell(level="exempt", drawn=len(exempts), moved={}, **told)
        tell_rows(draft, self.brought)
        return draft.change("import_exempt", note=self.brought.table.path.name)


@dataclass(frozen=True)
class ImportContext:
    """Keep polygons as read-only land around the project."""

    brought: Brought
    columns: ColumnChoice = field(default_factory=ColumnChoice)
    may_move_frame: bool = False

    def propose(self, snapshot: Snapshot, desk: Desk) -> Change:
        """Return the change. Raises: InputError."""
        draft = Draft(snapshot)
        polygons = _usable(self.brought)
        place_plane(snapshot, draft, self.brought, polygons)
        columns = chosen_columns(self.brought, self.columns)
        table = self.brought.table
        is_land = ~shapely.is_missing(self.brought.polygons)
        names = [""] * len(table) if columns.name is None else table.texts(columns.name)
        codes = [None] * len(table) if columns.code is None else table.texts(columns.code)
        for place, index in enumerate(np.nonzero(is_land)[0].tolist()):
            blob = shapely.to_wkb(polygons[place], byte_order=1)
            row = Context(desk.new_uid(), names[index] or "", blob, code=codes[index])
            draft.put("context", row)
        draft.tell(level="context", drawn=len(polygons), moved={}, disputed=[], gaps=[])
        tell_rows(draft, self.brought)
        return draft.change("import_context", note=table.path.name)
