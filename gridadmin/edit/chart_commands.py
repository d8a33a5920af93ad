"""What a project keeps for its charts: the map approval number and the borders it stands for."""

from __future__ import annotations

import json
from dataclasses import dataclass

from gridadmin.base.errors import EditError
from gridadmin.domain.change import Change
from gridadmin.domain.model import Setting
from gridadmin.edit.draft import Desk, Draft
from gridadmin.partition.audit import partition_sha256
from gridadmin.partition.snapshot import Snapshot

APPROVAL_SETTING = "map_approval"
_LONGEST = 80


@dataclass(frozen=True)
class KeepApproval:
    """Keep the map approval number (审图号) of the borders as they are now; None forgets it."""

    number: str | None
    may_move_frame: bool = False

    def propose(self, snapshot: Snapshot, desk: Desk) -> Change:
        """Return the change. Raises: EditError ``edit.bad_value``."""
        draft = Draft(snapshot)
        known = snapshot.rows("setting").get(APPROVAL_SETTING)
        if self.number is None:
            if known is not None:
                draft.remove("setting", APPROVAL_SETTING)
            return draft.change("map_approval")
        number = " ".join(self.number.split())
        if not number or len(number) > _LONGEST:
            raise EditError("edit.bad_value", field="number", value=self.number)
        value = {"number": number, "sha256": boundary_sha256(snapshot)}
        text = json.dumps(value, ensure_ascii=False, sort_keys=True)
        if known is None or known.value != text:
            draft.put("setting", Setting(APPROVAL_SETTING, text))
        return draft.change("map_approval")


@dataclass(frozen=True, slots=True)
class Approval:
    """The number that is kept, and whether the borders are still those that it stands for."""

    number: str
    is_current: bool


def kept_approval(snapshot: Snapshot) -> Approval | None:
    """Return the map approval number that a project keeps, None without one."""
    kept = snapshot.setting(APPROVAL_SETTING)
    if not isinstance(kept, dict) or not kept.get("number"):
        return None
    return Approval(str(kept["number"]), kept.get("sha256") == boundary_sha256(snapshot))


def boundary_sha256(snapshot: Snapshot) -> str:
    """Return the hash of all borders and owners: what an approval of a map stands for."""
    return partition_sha256(snapshot.partition, snapshot.owner_name, snapshot.origin_mm)
