"""Keep what a file says of areas as their reference outlines, without moving a border."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from gridadmin.base.errors import EditError
from gridadmin.domain.change import Change
from gridadmin.domain.model import ReferenceOutline
from gridadmin.edit.draft import Desk, Draft
from gridadmin.partition.snapshot import Snapshot


@dataclass(frozen=True)
class TakeReference:
    """Keep outlines (WKB, plane metres) by the uid of their area; later differences are told.

    The outline of the root stays: it is the frame.
    """

    source: str
    outlines: Mapping[str, bytes]
    document: str | None = None
    may_move_frame: bool = False

    def propose(self, snapshot: Snapshot, desk: Desk) -> Change:
        """Return the change. Raises: EditError ``edit.no_reference``."""
        draft = Draft(snapshot)
        rows = snapshot.rows("area")
        taken = 0
        for uid, outline in sorted(self.outlines.items()):
            area = rows.get(uid)
            if area is None or area.valid_to is not None or uid == snapshot.root.uid:
                continue
            digest = hashlib.sha256(outline).hexdigest()
            draft.put(
                "reference_outline",
                ReferenceOutline(
                    desk.new_uid(),
                    uid,
                    outline,
                    self.source,
                    digest,
                    date=desk.today,
                    document=self.document,
                ),
            )
            taken += 1
        if not taken:
            raise EditError("edit.no_reference", file=self.source)
        draft.tell(areas=taken)
        return draft.change("reference", note=self.source)
