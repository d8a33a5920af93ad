"""Buildings taken into a project with households, floors, entrances and the compound they are in.

A building may be a footprint or a mere point. Known ones keep their uid: posts, stacked micro-grids
and the history hang on it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import shapely

from gridadmin.domain.change import Change
from gridadmin.domain.model import Building, Compound, Entrance
from gridadmin.edit.compound_homes import homes_of
from gridadmin.edit.draft import Desk, Draft
from gridadmin.exchange.import_compounds import compound_type
from gridadmin.exchange.pieces import Piece
from gridadmin.exchange.reference_file import ReferenceFile
from gridadmin.exchange.reference_match import KnownObject, kept_shape, matched
from gridadmin.partition.snapshot import Snapshot


@dataclass(frozen=True)
class ImportBuildings:
    """Take the buildings of a file; with *replaces* those that it lacks go.

    One that a stacked micro-grid lists stays in any case.
    """

    file: ReferenceFile
    replaces: bool = False
    may_move_frame: bool = False

    def propose(self, snapshot: Snapshot, desk: Desk) -> Change:
        """Return the change."""
        draft = Draft(snapshot)
        rows: Mapping[str, Building] = snapshot.rows("building")
        uids = matched(self.file.objects, [_known(rows[uid]) for uid in sorted(rows)])
        compounds = _Compounds(snapshot, draft, desk)
        counts = dict.fromkeys(("new", "updated", "known", "removed"), 0)
        made: list[Building] = []
        fresh: set[str] = set()
        for piece, uid in zip(self.file.objects, uids, strict=True):
            old = None if uid is None else rows[uid]
            row = _row(piece, old, desk, compounds.of(piece))
            made.append(row)
            entrances = _put_entrances(draft, snapshot, row, piece.facts.get("entrances"), desk)
            if old is None:
                fresh.add(row.uid)
            elif row == old and not entrances:
                counts["known"] += 1
            else:
                counts["updated"] += 1
        counts["new"] = len(fresh)
        homes = homes_of(
            [row for row in made if row.compound is None], list(snapshot.rows("compound").values())
        )
        for row in made:
            home = homes.get(row.uid, row.compound)
            draft.put("building", row if home == row.compound else replace(row, compound=home))
        if self.replaces:
            counts["removed"] = _remove(draft, snapshot, sorted(rows.keys() - set(uids)))
        draft.tell(
            **self.file.told(),
            **counts,
            households=sum(row.households for row in made),
        )
        return draft.change("import_buildings", note=self.file.path.name)


class _Compounds:
    """Compounds by name: those of the project, and those that buildings name first."""

    def __init__(self, snapshot: Snapshot, draft: Draft, desk: Desk) -> None:
        self._draft, self._desk, self._scheme = draft, desk, snapshot.scheme
        rows = snapshot.rows("compound")
        self._shapes: dict[str, shapely.Geometry] = {}
        self._by_name: dict[str, list[str]] = {}
        for uid in sorted(rows):
            self._by_name.setdefault(rows[uid].name, []).append(uid)
            if rows[uid].outline is not None:
                self._shapes[uid] = shapely.from_wkb(rows[uid].outline)

    def of(self, piece: Piece) -> str | None:
        """Return the compound that a building names, of several the nearest; None for none."""
        name = piece.facts.get("compound")
        if not name:
            return None
        known = self._by_name.get(name, [])
        uid = min(known, key=lambda one: self._away(one, piece), default=None)
        if uid is None:
            kind = compound_type(piece.facts.get("compound_type"), self._scheme)
            row = Compound(self._desk.new_uid(), name, kind)
            self._draft.put("compound", row)
            self._by_name[name] = [row.uid]
            uid = row.uid
        return uid

    def _away(self, uid: str, piece: Piece) -> float:
        shape = self._shapes.get(uid)
        return float("inf") if shape is None else float(shapely.distance(shape, piece.shape))


def _known(row: Building) -> KnownObject:
    if row.footprint is not None:
        shape = shapely.from_wkb(row.footprint)
    else:
        shape = shapely.Point(row.x_mm / 1000, row.y_mm / 1000)
    return KnownObject(row.uid, shape, "building", row.name, row.source_id)


def _row(piece: Piece, old: Building | None, desk: Desk, compound: str | None) -> Building:
    facts: Mapping[str, Any] = piece.facts
    is_drawn = shapely.get_dimensions(piece.shape) == 2
    point = piece.shape.representative_point() if is_drawn else piece.shape
    if old is None:
        return Building(
            desk.new_uid(),
            round(point.x * 1000),
            round(point.y * 1000),
            facts.get("households") or 0,
            facts.get("floors"),
            piece.name,
            facts.get("address"),
            compound,
            shapely.to_wkb(piece.shape, byte_order=1) if is_drawn else None,
            source_id=piece.source_id,
        )
    row = replace(
        old,
        households=facts.get("households", old.households),
        floors=facts.get("floors", old.floors),
        name=piece.name or old.name,
        address=facts.get("address") or old.address,
        compound=compound or old.compound,
        source_id=old.source_id if piece.source_id in (None, old.uid) else piece.source_id,
    )
    if not is_drawn:
        # A point tells nothing about a footprint that is known.
        stands = shapely.Point(old.x_mm / 1000, old.y_mm / 1000)
        is_same = old.footprint is not None or shapely.dwithin(stands, point, 0.01)
        return row if is_same else _moved_to(row, point)
    blob = kept_shape(old.footprint, piece.shape)
    if blob == old.footprint:
        return row
    row = replace(row, footprint=blob)
    stands = shapely.Point(old.x_mm / 1000, old.y_mm / 1000)
    # The point says whose the building is: it moves only when it no longer stands in it.
    return row if shapely.intersects(piece.shape, stands) else _moved_to(row, point)


def _moved_to(row: Building, point: shapely.Point) -> Building:
    return replace(row, x_mm=round(point.x * 1000), y_mm=round(point.y * 1000))


def _put_entrances(
    draft: Draft,
    snapshot: Snapshot,
    building: Building,
    entrances: Sequence[tuple[str, int]] | None,
    desk: Desk,
) -> bool:
    """Set the entrances of a building where the file tells them; return whether any changed."""
    if not entrances:
        return False
    rows: dict[str, Entrance] = {row.name: row for row in snapshot.linked("entrance", building.uid)}
    changed = False
    for name, households in entrances:
        old = rows.pop(name, None)
        if old is None:
            draft.put("entrance", Entrance(desk.new_uid(), building.uid, name, households))
            changed = True
        elif old.households != households:
            draft.put("entrance", replace(old, households=households))
            changed = True
    for row in rows.values():
        draft.remove("entrance", row.uid)
    return changed or bool(rows)


def _remove(draft: Draft, snapshot: Snapshot, uids: Sequence[str]) -> int:
    removed = 0
    for uid in uids:
        if snapshot.linked("stacked_part", uid):
            continue
        for entrance in snapshot.linked("entrance", uid):
            draft.remove("entrance", entrance.uid)
        draft.remove("building", uid)
        removed += 1
    return removed
