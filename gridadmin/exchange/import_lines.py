"""Roads, water and railways taken into a project: new ones added, known ones brought up to date."""

from __future__ import annotations

from dataclasses import dataclass, replace

import shapely

from gridadmin.domain.change import Change
from gridadmin.domain.model import LineObject
from gridadmin.edit.draft import Desk, Draft
from gridadmin.exchange.pieces import Piece
from gridadmin.exchange.reference_file import ReferenceFile
from gridadmin.exchange.reference_kinds import WATER_KINDS
from gridadmin.exchange.reference_match import KnownObject, kept_shape, matched
from gridadmin.partition.snapshot import Snapshot

KINDS_OF = {"roads": ("road",), "railways": ("railway",), "water": WATER_KINDS}
"""The kinds of line objects that an import of each level brings."""


@dataclass(frozen=True)
class ImportLines:
    """Take the lines of a file; with *replaces* those of its level that it lacks go."""

    file: ReferenceFile
    replaces: bool = False
    may_move_frame: bool = False

    def propose(self, snapshot: Snapshot, desk: Desk) -> Change:
        """Return the change."""
        draft = Draft(snapshot)
        rows: dict[str, LineObject] = {
            uid: row
            for uid, row in snapshot.rows("line_object").items()
            if row.kind in KINDS_OF[self.file.level]
        }
        uids = matched(self.file.objects, [_known(rows[uid]) for uid in sorted(rows)])
        counts = dict.fromkeys(("new", "updated", "known", "removed"), 0)
        for piece, uid in zip(self.file.objects, uids, strict=True):
            old = None if uid is None else rows[uid]
            row = _row(piece, old, desk)
            counts["new" if old is None else "known" if row == old else "updated"] += 1
            draft.put("line_object", row)
        if self.replaces:
            for uid in sorted(rows.keys() - set(uids)):
                draft.remove("line_object", uid)
                counts["removed"] += 1
        draft.tell(**self.file.told(), **counts)
        return draft.change(f"import_{self.file.level}", note=self.file.path.name)


def _known(row: LineObject) -> KnownObject:
    shape = None if row.line is None else shapely.from_wkb(row.line)
    return KnownObject(row.uid, shape, row.kind, row.name, row.source_id)


def _row(piece: Piece, old: LineObject | None, desk: Desk) -> LineObject:
    if old is None:
        blob = shapely.to_wkb(piece.shape, byte_order=1)
        return LineObject(
            desk.new_uid(),
            piece.kind,
            piece.name,
            piece.category,
            blob,
            source_id=piece.source_id,
        )
    return replace(
        old,
        name=piece.name or old.name,
        road_class=piece.category or old.road_class,
        line=kept_shape(old.line, piece.shape),
        source_id=_source_id(piece, old.uid, old.source_id),
    )


def _source_id(piece: Piece, uid: str, known: str | None) -> str | None:
    """Return the id to keep: an object that bears its own uid in the file needs no other."""
    return known if piece.source_id in (None, uid) else piece.source_id
