"""What hangs on areas that are about to vanish: what goes over by itself, what needs a decision."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from gridadmin.app.posts_affected import held_on
from gridadmin.partition.snapshot import Snapshot

_MOST_NAMES = 5


@dataclass(frozen=True)
class Hanging:
    """Things of one kind: ``children``, ``stacked``, ``locks``, ``groupings``.

    Of people ``posts`` (names of person and post), ``pairings`` (units), ``bodies`` (party
    organisations, units, facilities). ``names`` are the first few, for locks the reasons.
    """

    kind: str
    count: int
    names: Sequence[str]


def hanging_on(snapshot: Snapshot, areas: Sequence[str], lang: str = "zh") -> list[Hanging]:
    """Return what hangs on areas, kinds without anything left out; posts named in *lang*."""
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
        ("posts", _posts(snapshot, areas, lang)),
        ("pairings", _pairings(snapshot, areas)),
        ("bodies", _bodies(snapshot, gone)),
    )
    return [
        Hanging(kind, len(names), sorted(names)[:_MOST_NAMES]) for kind, names in found if names
    ]


def _posts(snapshot: Snapshot, areas: Sequence[str], lang: str) -> list[str]:
    """Return person and post of the assignments that stand on areas and aren't over."""
    persons = snapshot.rows("person")
    names = {post.key: post.zh if lang == "zh" else post.en for post in snapshot.scheme.posts}
    return [
        f"{persons[one.person].name} {names.get(one.post, one.post)}"
        for one in held_on(snapshot, areas)
        if one.person in persons
    ]


def _pairings(snapshot: Snapshot, areas: Sequence[str]) -> list[str]:
    """Return the units that are paired with areas."""
    units = snapshot.rows("organization")
    return [
        units[one.organization].name
        for uid in areas
        for one in snapshot.linked("pairing", uid)
        if one.anchor == uid and one.valid_to is None and one.organization in units
    ]


def _bodies(snapshot: Snapshot, areas: Collection[str]) -> list[str]:
    """Return what else belongs to areas: party organisations, units, facilities, teams."""
    rows = [
        *snapshot.rows("party_node").values(),
        *snapshot.rows("organization").values(),
        *snapshot.rows("point_object").values(),
    ]
    found = [one for one in rows if one.area in areas and getattr(one, "valid_to", None) is None]
    found += [
        team
        for uid in areas
        for team in snapshot.linked("team", uid)
        if team.anchor == uid and team.valid_to is None
    ]
    return [one.name or "" for one in found]
