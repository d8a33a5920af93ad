"""Faces of an import on their way to owners: verdicts, dust, disputes, and what to tell of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from gridadmin.base.ids import NOBODY, OUTSIDE, oid_of
from gridadmin.domain.model import Area, Dispute
from gridadmin.edit.draft import Desk, Draft
from gridadmin.partition.arrange import enclosed_as_nobodys
from gridadmin.partition.claims import Claimants, Contest, Oids, Verdict
from gridadmin.partition.grid import Ints
from gridadmin.partition.overlay import Overlay, border_changes, settle_dust
from gridadmin.partition.runs import OUTER
from gridadmin.partition.snapshot import Snapshot


class AreaTree:
    """The area tree with new areas, and known ones under new parents, in it by kernel number."""

    def __init__(self, snapshot: Snapshot, new: Sequence[Area]) -> None:
        self._snapshot = snapshot
        parents = dict(snapshot.partition.parents)
        parents.update({oid_of(a.uid): oid_of(a.parent) for a in new if a.parent is not None})
        self.parents = parents
        self.area = {oid_of(area.uid): area for area in (*snapshot.areas(), *new)}

    def claimants(self, outlined: Sequence[int], replaced: Sequence[int]) -> Claimants:
        """Return the rules for settling with these areas among the outlined ones."""
        snapshot = self._snapshot
        known = {oid_of(outline.area) for outline in snapshot.rows("reference_outline").values()}
        root = oid_of(snapshot.root.uid)
        return Claimants(
            self.parents,
            {oid: snapshot.level_rank(area.level) for oid, area in self.area.items()},
            (known | set(outlined)) - {root},
            root,
            snapshot.has_frame,
            set(replaced),
            {oid_of(uid) for uid in snapshot.rows("exempt")},
            {
                oid_of(dispute.uid): frozenset(oid_of(uid) for uid in dispute.claims.split())
                for dispute in snapshot.rows("dispute").values()
            },
        )

    def is_line(self, one: int, other: int) -> bool:
        """Return whether one of two owners is the other or lies above it."""
        for low, high in ((one, other), (other, one)):
            current: int | None = low
            while current is not None:
                if current == high:
                    return True
                current = self.parents.get(current)
        return False


class Settlement:
    """Faces of an overlay on their way to owners."""

    def __init__(
        self, snapshot: Snapshot, draft: Draft, desk: Desk, overlaid: Overlay, tree: AreaTree
    ) -> None:
        self._snapshot = snapshot
        self._draft = draft
        self._desk = desk
        self._overlaid = overlaid
        self._tree = tree
        self._owner: Ints = overlaid.arrangement.old_owner.copy()
        self._dispute_uid: dict[Contest, str] = {
            Contest(d.kind, frozenset(oid_of(u) for u in d.claims.split())): d.uid
            for d in snapshot.rows("dispute").values()
        }

    def decide(self, verdict_of: Callable[[int], Verdict]) -> None:
        """Ask for the verdict on each face; face 0 stays outside."""
        for face in range(len(self._owner)):
            if face == OUTER:
                self._owner[face] = OUTSIDE
                continue
            verdict = verdict_of(face)
            self._owner[face] = self._dispute(verdict) if isinstance(verdict, Contest) else verdict

    def _dispute(self, contest: Contest) -> int:
        if contest not in self._dispute_uid:
            self._dispute_uid[contest] = self._desk.new_uid()
        return oid_of(self._dispute_uid[contest])

    def owners(self) -> set[int]:
        """Return everybody who holds a face, with their ancestors."""
        found: set[int] = set()
        for oid in np.unique(self._owner).tolist():
            current: int | None = oid
            while current is not None and current not in found:
                found.add(current)
                current = self._tree.parents.get(current)
        return found

    def finish(self, claims: Sequence[Oids]) -> dict[str, Any]:
        """Settle the dust, put borders and disputes into the draft, and tell what came out."""
        snapshot = self._snapshot
        unsettled = self._unsettled()
        before = self._owner
        self._owner, dust = settle_dust(
            self._overlaid,
            before,
            unsettled,
            snapshot.min_area_m2,
            lambda face, who: self._may_have_dust(face, who, claims[face]),
        )
        self._draft.borders(
            border_changes(
                snapshot.partition,
                self._overlaid,
                self._owner,
                self._desk.ids,
                has_frame=self._has_frame(),
            )
        )
        self._put_disputes()
        areas = self._overlaid.areas_m2()
        return {
            "disputed": self._told_disputes(areas),
            "gaps": self._told_gaps(areas),
            "dust": {
                "count": len(dust),
                "area_m2": round(float(areas[dust].sum()), 6) if dust else 0.0,
            },
        }

    def _has_frame(self) -> bool:
        row = self._draft.now("setting", "frame")
        return row is not None and bool(json.loads(row.value))

    def _unsettled(self) -> np.ndarray:
        """Return which faces nobody holds finally: gaps, disputes, slivers left with a parent."""
        owner = self._owner
        disputed = set(self._disputed())
        with_children = {
            self._tree.parents[oid]
            for oid in np.unique(owner).tolist()
            if oid in self._tree.parents
        }
        loose = disputed | with_children | {NOBODY}
        if not self._has_frame():
            loose.add(OUTSIDE)
        result = np.isin(owner, list(loose))
        result[OUTER] = False
        return result

    def _may_have_dust(self, face: int, who: int, claims: Oids) -> bool:
        """Return whether *who* has a better right to a small face than just being near."""
        old = int(self._overlaid.arrangement.old_owner[face])
        if who == OUTSIDE:
            return self._has_frame() and old == OUTSIDE
        if who == NOBODY or who in self._disputed():
            return False
        if self._has_frame() and old == OUTSIDE:
            return False
        if old not in (NOBODY, OUTSIDE) and old in self._tree.area:
            return self._tree.is_line(old, who)
        return not claims or who in claims

    def _disputed(self) -> dict[int, Contest]:
        return {oid_of(uid): contest for contest, uid in self._dispute_uid.items()}

    def _put_disputes(self) -> None:
        held = set(np.unique(self._owner).tolist())
        for contest, uid in self._dispute_uid.items():
            if oid_of(uid) in held and self._snapshot.owner(oid_of(uid)) is None:
                uids = sorted(self._tree.area[claim].uid for claim in contest.claims)
                self._draft.put("dispute", Dispute(uid, " ".join(uids), contest.kind))

    def _told_disputes(self, areas: np.ndarray) -> list[dict[str, Any]]:
        contests = self._disputed()
        area = self._tree.area
        told = []
        for face in np.nonzero(np.isin(self._owner, list(contests)))[0].tolist():
            contest = contests[int(self._owner[face])]
            told.append(
                {
                    "kind": contest.kind,
                    "areas": sorted(area[c].code or area[c].name for c in contest.claims),
                    "area_m2": float(areas[face]),
                }
            )
        return sorted(told, key=lambda one: -one["area_m2"])

    def _told_gaps(self, areas: np.ndarray) -> list[dict[str, Any]]:
        gaps = self._owner == NOBODY
        if not self._has_frame():
            gaps = enclosed_as_nobodys(self._overlaid.arrangement, self._owner) == NOBODY
        return [{"area_m2": a} for a in sorted(areas[gaps].tolist(), reverse=True)]
