"""Compounds taken into a project, and the buildings that stand in them told so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import shapely

from gridadmin.domain.change import Change
from gridadmin.domain.model import Building, Compound
from gridadmin.domain.scheme import Scheme
from gridadmin.edit.compound_homes import homes_of
from gridadmin.edit.draft import Desk, Draft
from gridadmin.exchange.pieces import Piece
from gridadmin.exchange.reference_file import ReferenceFile
from gridadmin.exchange.reference_match import KnownObject, kept_shape, matched
from gridadmin.partition.snapshot import Snapshot


@dataclass(frozen=True)
class ImportCompounds:
    """Take the compounds of a file; with *replaces* those that it lacks go."""

    file: ReferenceFile
    replaces: bool = False
    may_move_frame: bool = False

    def propose(self, snapshot: Snapshot, desk: Desk) -> Change:
        """Return the change."""
        draft = Draft(snapshot)
        rows: Mapping[str, Compound] = snapshot.rows("compound")
        uids = matched(self.file.objects, [_known(rows[uid]) for uid in sorted(rows)])
        counts = dict.fromkeys(("new", "updated", "known", "removed"), 0)
        made: list[Compound] = []
        for piece, uid in zip(self.file.objects, uids, strict=True):
            old = None if uid is None else rows[uid]
            row = _row(piece, old, snapshot.scheme, desk)
            counts["new" if old is None else "known" if row == old else "updated"] += 1
            draft.put("compound", row)
            made.append(row)
        gone: set[str] = set()
        if self.replaces:
            gone = rows.keys() - set(uids)
            for uid in sorted(gone):
                draft.remove("compound", uid)
            counts["removed"] = len(gone)
        settle_in(draft, snapshot, made, gone)
        draft.tell(**self.file.told(), **counts)
        return draft.change("import_compounds", note=self.file.path.name)


def settle_in(
    draft: Draft, snapshot: Snapshot, compounds: Sequence[Compound], gone: set[str]
) -> None:
    """Let buildings without a compound belong to that of *compounds* which they stand in."""
    buildings: list[Building] = [
        row
        for uid in sorted(snapshot.rows("building"))
        if (row := snapshot.rows("building")[uid]).compound is None or row.compound in gone
    ]
    homes = homes_of(buildings, compounds)
    for building in buildings:
        home = homes.get(building.uid)
        if home != building.compound:
            draft.put("building", replace(building, compound=home))


def compound_type(text: str | None, scheme: Scheme) -> str | None:
    """Return the key of a type of the scheme that *text* names in any language, else *text*."""
    if text is None:
        return None
    for term in scheme.compound_types:
        if text in (term.key, term.zh, term.en):
            return term.key
    return text


def _known(row: Compound) -> KnownObject:
    shape = None if row.outline is None else shapely.from_wkb(row.outline)
    return KnownObject(row.uid, shape, "compound", row.name, row.source_id)


def _row(piece: Piece, old: Compound | None, scheme: Scheme, desk: Desk) -> Compound:
    kind = compound_type(piece.category, scheme)
    if old is None:
        blob = shapely.to_wkb(piece.shape, byte_order=1)
        return Compound(
            desk.new_uid(), piece.name or "", kind, None, blob, source_id=piece.source_id
        )
    return replace(
        old,
        name=piece.name or old.name,
        compound_type=kind or old.compound_type,
        outline=kept_shape(old.outline, piece.shape),
        source_id=old.source_id if piece.source_id in (None, old.uid) else piece.source_id,
    )
