"""Bring the boundaries back to what a release says, as one gesture that undo takes back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from gridadmin.base.errors import EditError
from gridadmin.domain.change import RESTORING_GESTURE, Change
from gridadmin.domain.model import Area
from gridadmin.edit.draft import Desk, Draft
from gridadmin.edit.past_state import Past
from gridadmin.edit.release_commands import release_of
from gridadmin.edit.release_content import borders_sha256
from gridadmin.partition.snapshot import Snapshot

_RESTORED = ("exempt", "dispute", "stacked_part")


@dataclass(frozen=True)
class RollBack:
    """Restore borders, areas, exempt land and towers as a release has them.

    Areas that came since are retired, not deleted, and lineage that came since is withdrawn.
    People, buildings, plans and settings stay as they are. Borders that are locked stay locked:
    the command is refused then.
    """

    release: int
    may_move_frame: bool = True

    def propose(self, snapshot: Snapshot, desk: Desk) -> Change:
        """Return the change; takes long, for it reads the log.

        Raises: EditError ``edit.unknown_release``, ``edit.release_unreachable``,
        ``edit.nothing_changes``; StoreError.
        """
        release = release_of(snapshot, self.release)
        past = desk.past(release.at_revision)
        if borders_sha256(past.snapshot) != release.partition_sha256:
            raise EditError("edit.release_unreachable", release=release.number)
        draft = Draft(snapshot)
        draft.borders((row.after, row.before) for row in past.since.of("border"))
        retired = _restore_areas(draft, desk, past, snapshot)
        for table in _RESTORED:
            for row in past.since.of(table):
                if row.before is None:
                    draft.remove(table, row.key)
                else:
                    draft.put(table, row.before)
        for row in past.since.of("lineage"):
            if row.before is None:
                draft.remove("lineage", row.key)
        posts = [
            one
            for uid in retired
            for one in snapshot.linked("assignment", uid)
            if one.valid_to is None
        ]
        draft.tell(release=release.number, retired=len(retired), posts=len(posts))
        change = draft.change(RESTORING_GESTURE, note=f"r{release.number:04}")
        if not change.rows:
            raise EditError("edit.nothing_changes")
        return change


def _restore_areas(draft: Draft, desk: Desk, past: Past, now: Snapshot) -> list[str]:
    """Put the areas as they were and retire those that weren't; return the uids of the latter."""
    retired = []
    for before, after in _pairs(past):
        if before is not None:
            _put_back(draft, desk, before, after)
        elif after is not None and after.valid_to is None:
            draft.retire(now.area(after.uid), desk)
            retired.append(after.uid)
    return retired


def _pairs(past: Past) -> Iterable[tuple[Area | None, Area | None]]:
    rows = sorted(past.since.of("area"), key=lambda row: str(row.key))
    return [(row.before, row.after) for row in rows]


def _put_back(draft: Draft, desk: Desk, before: Area, after: Area | None) -> None:
    """Put an area as it was; its code gets a period of its own where it had lost it."""
    had_ended = after is None or (after.valid_to is not None and before.valid_to is None)
    if after is None or before.code != after.code or had_ended:
        bare = replace(before, code=None)
        draft.put("area", draft.new_code(bare, before.code, desk))
        return
    draft.put("area", before)
