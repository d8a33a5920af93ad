"""What hangs on areas that are about to vanish: what goes over by itself, what needs a decision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gridadmin.partition.snapshot import Snapshot

_MOST_NAMES = 5


@dataclass(frozen=True)
class Hanging:
    """Things of one kind: ``children``, ``stacked``, ``locks`` or ``groupings``.

    ``names`` are the first few of them, or for locks the reasons.
    """

    kind: str
    count: int
    names: Sequence[str]


def hanging_on(snapshot: Snapshot, areas: Sequence[str]) -> list[Hanging]:
    """Return what hangs on areas, kinds without anything left out."""
    children = [child.name for uid in areas for child in snapshot.children(uid)]
    stacked = [
        one.name for uid in areas for one in snapshot.linked("area", uid) if one.valid_to is None
    ]
    locks = [
        lock.reason
        for uid in areas
        for lock in snapshot.linked("border_lock", uid)
        if lock.scope == "area"
    ]
    gone = set(areas)
    groupings = sorted(
        {
            snapshot.rows("grouping")[member.grouping].name
            for member in snapshot.rows("grouping_member").values()
            if member.member_kind == "area"
            and member.member in gone
            and member.grouping in snapshot.rows("grouping")
        }
    )
    found = (
        ("children", children),
        ("stacked", stacked),
        ("locks", locks),
        ("groupings", groupings),
    )
    return [
        Hanging(kind, len(names), sorted(names)[:_MOST_NAMES]) for kind, names in found if names
    ]
