"""Work packages: a project file of one area for somebody else, and what comes back of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from gridadmin.app.export_log import note_export
from gridadmin.app.session import Session, author, read_snapshot
from gridadmin.base.errors import InputError
from gridadmin.base.ids import OUTSIDE, new_uid, oid_of
from gridadmin.base.progress import SILENT, Progress, checkpoint
from gridadmin.domain.change import TABLES
from gridadmin.domain.export_note import Exported
from gridadmin.domain.model import Area, BorderRow, Context, Setting
from gridadmin.edit.command import find_area, label
from gridadmin.edit.document import lands_of
from gridadmin.edit.past_state import past_state
from gridadmin.edit.take_in_command import (
    PACKAGE_SETTING,
    PACKAGES_SETTING,
    Clashes,
    NoteHandOut,
    Returned,
)
from gridadmin.partition.base import arrays_of
from gridadmin.partition.faces import faces_of
from gridadmin.partition.overlay import border_changes, overlay
from gridadmin.partition.planar import Partition
from gridadmin.partition.rewire import BorderIds
from gridadmin.partition.snapshot import Snapshot
from gridadmin.partition.walk import land_parts, to_polygon
from gridadmin.store.project_file import ProjectFile, create_project

_KEPT_SETTINGS = (
    "scheme", "plane", "origin", "snap_m", "min_area_m2", "checks", "check_set", "check_sets",
)  # fmt: skip
_AROUND_M = 300.0
"""Streets and waters this near to the area go along, to trace borders by."""


@dataclass(frozen=True)
class HandedOut:
    """A work package that was written: its file, and what the project notes of it."""

    file: Path
    note: NoteHandOut
    areas: int


def hand_out(session: Session, area_name: str, out: Path, progress: Progress = SILENT) -> HandedOut:
    """Write the project file of an area with all below it, its neighbours around it to look at.

    Its outline is the frame, which is locked; nobody's name goes along. The note is to be carried
    out as a command by whoever asked. Raises: InputError ``work_package.no_land``,
    ``store.exists`` and others, EditError ``edit.unknown_area``, StoreError, Cancelled.
    """
    return package_of(session.snapshot, find_area(session.snapshot, area_name), out, progress)


def package_of(snapshot: Snapshot, area: Area, out: Path, progress: Progress = SILENT) -> HandedOut:
    """Write a work package of a state; as :func:`hand_out` else."""
    if not snapshot.partition.has_land(oid_of(area.uid)):
        raise InputError("work_package.no_land", area=area.name)
    if area.parent is None:
        raise InputError("work_package.is_root", area=area.name)
    uid = new_uid()
    facts = {
        "uid": uid,
        "area": area.uid,
        "name": area.name,
        "code": area.code,
        "file": out.name,
        "revision": snapshot.revision,
        "author": author(),
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    checkpoint(progress, "progress.export_prepare", 0, 2)
    content = _Content(snapshot, area)
    settings = {
        name: snapshot.rows("setting")[name].value
        for name in _KEPT_SETTINGS
        if name in snapshot.rows("setting")
    }
    settings |= {
        "frame": "true",
        "name": json.dumps(area.name, ensure_ascii=False),
        PACKAGE_SETTING: json.dumps(facts, ensure_ascii=False),
    }
    records = [*content.records(), *content.borders(uid)]
    checkpoint(progress, "progress.export_prepare", 1, 2)
    create_project(
        out, settings, records, author(), lands=content.lands(records, settings), progress=progress
    )
    return HandedOut(out, NoteHandOut(facts), len(content.areas))


class _Content:
    """What of a project goes into the package of one area."""

    def __init__(self, snapshot: Snapshot, root: Area) -> None:
        self._snapshot = snapshot
        self._root = root
        below = [root, *snapshot.descendants(root.uid)]
        self.areas: dict[str, Area] = {area.uid: replace(area, revision=0) for area in below}
        self.areas[root.uid] = replace(self.areas[root.uid], parent=None)
        self._disputes = {
            uid: replace(row, revision=0)
            for uid, row in snapshot.rows("dispute").items()
            if all(claim in self.areas for claim in row.claims.split())
        }

    def records(self) -> Iterator[Any]:
        """Yield the rows of all tables but borders and settings."""
        yield from self.areas.values()
        yield from self._disputes.values()
        buildings = self._buildings()
        linked: dict[str, Any] = {
            "code_period": lambda row: row.area in self.areas,
            "reference_outline": lambda row: row.area in self.areas,
            "lineage": lambda row: row.predecessor in self.areas and row.successor in self.areas,
            "stacked_part": lambda row: row.area in self.areas,
            "building": lambda row: row.uid in buildings,
            "entrance": lambda row: row.building in buildings,
            "compound": self._is_near_compound,
            "line_object": self._is_near_line,
            "border_lock": lambda row: row.scope == "area" and row.target in self.areas,
        }
        for table, belongs in linked.items():
            for row in self._snapshot.rows(table).values():
                if belongs(row):
                    yield replace(row, revision=0)
        yield from self._rim()

    def _buildings(self) -> set[str]:
        counts = self._snapshot.counts
        found = counts.on_land(self._snapshot.partition, oid_of(self._root.uid))
        return {building.uid for building in found}

    def _outline(self) -> shapely.MultiPolygon:
        parts = land_parts(self._snapshot.partition, oid_of(self._root.uid))
        return to_polygon(parts, self._snapshot.place)

    def _is_near(self, wkb: bytes | None) -> bool:
        if wkb is None:
            return False
        x0, y0, x1, y1 = self._outline().bounds
        around = shapely.box(x0 - _AROUND_M, y0 - _AROUND_M, x1 + _AROUND_M, y1 + _AROUND_M)
        return bool(shapely.from_wkb(wkb).intersects(around))

    def _is_near_compound(self, row: Any) -> bool:
        return self._is_near(row.outline)

    def _is_near_line(self, row: Any) -> bool:
        return self._is_near(row.line)

    def _rim(self) -> Iterator[Context]:
        """Yield the neighbours, to look at."""
        snapshot = self._snapshot
        seen = set()
        for border in snapshot.partition.outline(oid_of(self._root.uid)):
            for oid in (border.left, border.right):
                area = snapshot.owning_area(oid)
                if area is None or area.uid in self.areas or oid in seen:
                    continue
                seen.add(oid)
                shape = to_polygon(land_parts(snapshot.partition, oid), snapshot.place)
                yield Context(
                    new_uid(), area.name, shapely.to_wkb(shape, byte_order=1), area.level, area.code
                )

    def borders(self, uid: str) -> list[BorderRow]:
        """Return the borders of the area's land alone; what lies beyond is outside."""
        snapshot = self._snapshot
        kept = {oid_of(one) for one in (*self.areas, *self._disputes)}
        owners: list[int] = []
        shapes: list[shapely.MultiPolygon] = []
        for oid in sorted(kept & snapshot.partition.owners()):
            for face in faces_of(snapshot.partition, oid):
                owners.append(oid)
                shapes.append(to_polygon(face.parts(), snapshot.place))
        polygons = np.empty(len(shapes), dtype=object)
        polygons[:] = shapes
        empty = Partition.of([], {})
        laid = overlay(
            empty,
            polygons,
            [0] * len(owners),
            origin_mm=snapshot.origin_mm,
            snap_m=0.0,
            progress=SILENT,
        )
        owner = np.array(
            [owners[min(claims)] if claims else OUTSIDE for claims in laid.arrangement.claims],
            dtype=np.int64,
        )
        changes = border_changes(empty, laid, owner, BorderIds(uid), has_frame=True)
        return [after for _, after in changes if after is not None]

    def lands(self, records: list[Any], settings: dict[str, str]) -> dict[int, bytes]:
        """Return the polygons for readers of the file, by kernel number."""
        table_of = {record: table for table, record in TABLES.items()}
        rows: dict[str, list[Any]] = {table: [] for table in TABLES}
        for record in records:
            rows[table_of[type(record)]].append(record)
        rows["setting"] = [Setting(name, value) for name, value in settings.items()]
        borders = arrays_of(rows.pop("border"))
        state = Snapshot.of(0, rows, borders)
        found = lands_of(state, frozenset(oid_of(uid) for uid in self.areas))
        return {oid: land for oid, land in found.items() if land is not None}


def read_returned(path: Path, project: Snapshot, progress: Progress = SILENT) -> Returned:
    """Return a work package that came back, as it was handed out and as it is.

    Raises: InputError ``work_package.not_one``, ``work_package.not_ours``; StoreError; Cancelled.
    """
    with ProjectFile.open(path, write=False) as store:
        now = read_snapshot(store)
        facts = now.setting(PACKAGE_SETTING)
        if not isinstance(facts, dict) or "uid" not in facts:
            raise InputError("work_package.not_one", file=path.name)
        known = {one["uid"] for one in project.setting(PACKAGES_SETTING, [])}
        if facts["uid"] not in known:
            raise InputError("work_package.not_ours", file=path.name)
        base = past_state(now, 0, store.change_at, progress).snapshot
    return Returned(str(facts["uid"]), path.name, base, now)


def packages_of(snapshot: Snapshot) -> list[dict[str, Any]]:
    """Return the work packages that were handed out, the newest first."""
    found: list[dict[str, Any]] = snapshot.setting(PACKAGES_SETTING, [])
    return found[::-1]


def hand_out_and_note(
    session: Session, area_name: str, out: Path, progress: Progress = SILENT
) -> HandedOut:
    """Write a work package and note it in the project; without the note there is no file.

    Raises: as :func:`hand_out`; EditError ``edit.busy``.
    """
    made = hand_out(session, area_name, out, progress)
    try:
        session.document.execute(made.note)
        note_export(session.store, author(), Exported.BOUNDARIES, file=out, count=made.areas)
    except BaseException:
        out.unlink(missing_ok=True)
        raise
    return made


def clashes_json(clashes: Clashes, project: Snapshot, package: Returned) -> list[dict[str, Any]]:
    """Return what both sides changed as JSON values, each with the key to choose it by."""
    areas = {**package.now.rows("area"), **project.rows("area")}
    borders = [
        {
            "key": one.key,
            "kind": "border",
            "areas": [{"uid": uid, "name": label(areas[uid])} for uid in one.areas],
            "ours_m2": one.ours_m2,
            "theirs_m2": one.theirs_m2,
        }
        for one in clashes.borders
    ]
    fields = [{"kind": "field", **asdict(one)} for one in clashes.fields]
    return [*borders, *fields]
