"""What the rules of clusters say of a choice of members, before it is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gridadmin.checks.groups import CENTRE, pieces_of
from gridadmin.domain.model import Area, Grouping, Land
from gridadmin.partition.snapshot import Snapshot


@dataclass(frozen=True)
class GroupFacts:
    """What is wrong with a choice; a rule that the project doesn't check says nothing.

    ``centres`` is None when there is exactly one, ``pieces`` None when the members hang together.
    ``elsewhere`` are members that another grouping of the kind has already, with its name.
    """

    centres: int | None
    pieces: int | None
    undrawn: tuple[Area, ...]
    elsewhere: tuple[tuple[Area, Grouping], ...]


def group_facts(
    snapshot: Snapshot, kind: str, members: Sequence[tuple[str, str | None]], own: str | None
) -> GroupFacts:
    """Return what is wrong with areas (uid and role) as the members of a grouping of a kind.

    *own* is the grouping itself, None for a new one.
    """
    rows = snapshot.rows("area")
    areas = [rows[uid] for uid, _ in members if uid in rows and rows[uid].valid_to is None]
    centres = sum(role == CENTRE for _, role in members)
    undrawn = [area for area in areas if area.land != Land.DRAWN]
    pieces = 1 if undrawn else pieces_of(snapshot, areas)
    return GroupFacts(
        centres if snapshot.check("cluster_centre").on and centres != 1 else None,
        pieces if snapshot.check("cluster_adjacent").on and pieces > 1 else None,
        tuple(undrawn) if snapshot.check("cluster_unjudged").on else (),
        tuple(_elsewhere(snapshot, kind, areas, own))
        if snapshot.check("cluster_membership").on
        else (),
    )


def _elsewhere(
    snapshot: Snapshot, kind: str, areas: Sequence[Area], own: str | None
) -> list[tuple[Area, Grouping]]:
    groupings = snapshot.rows("grouping")
    found = []
    for area in areas:
        for row in snapshot.linked("grouping_member", area.uid):
            other = groupings.get(row.grouping)
            if other is not None and other.kind == kind and other.uid != own:
                found.append((area, other))
    return found
