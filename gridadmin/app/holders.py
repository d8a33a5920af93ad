"""Who holds land, in one form for areas, exempt land, disputes, nobody and the outside."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from gridadmin.base.ids import OUTSIDE
from gridadmin.partition.snapshot import Snapshot


class HolderKind(StrEnum):
    """What kind of holder."""

    AREA = "area"
    EXEMPT = "exempt"
    DISPUTE = "dispute"
    NOBODY = "nobody"
    OUTSIDE = "outside"


@dataclass(frozen=True)
class Holder:
    """A holder of land; ``uid`` is empty for nobody and the outside."""

    kind: HolderKind
    uid: str = ""


def holder_of(snapshot: Snapshot, oid: int) -> Holder:
    """Return who holds land under that kernel number."""
    if oid == OUTSIDE:
        return Holder(HolderKind.OUTSIDE)
    owner = snapshot.owner(oid)
    if owner is None:
        return Holder(HolderKind.NOBODY)
    table, uid = owner
    return Holder(HolderKind(table), uid)


def chain_above(snapshot: Snapshot, uid: str) -> list[str]:
    """Return the uids from the root down to an area, both included."""
    return [*reversed([area.uid for area in snapshot.ancestors(uid)]), uid]
