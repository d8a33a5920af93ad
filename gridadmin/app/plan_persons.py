"""Persons whose post stands on an area that changed hands, or is no more."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from gridadmin.app.posts_affected import held_on
from gridadmin.domain.model import Area
from gridadmin.partition.snapshot import Snapshot

Pair = tuple[str | None, str | None]


def persons_by_pair(base: Snapshot, now: Snapshot, level: str) -> Mapping[Pair, set[str]]:
    """Return the persons, by uid, whose area belonged to one area of a level and now to another.

    Of an area that is no more it is the heir that counts. Posts that are over are left out.
    """
    found: dict[Pair, set[str]] = defaultdict(set)
    for uid in _anchors(base, now):
        pair = _holder_at(base, uid, level), _holder_at(now, _heir(now, uid), level)
        if pair[0] is not None and pair[0] != pair[1]:
            found[pair].update(one.person for one in held_on(base, [uid]))
    return {pair: persons for pair, persons in found.items() if persons}


def has_people(snapshot: Snapshot) -> bool:
    """Return whether anybody holds a post in a project."""
    return bool(snapshot.rows("assignment"))


def _anchors(base: Snapshot, now: Snapshot) -> list[str]:
    """Return the areas that hang elsewhere now or are no more, and all that were below them."""
    areas = now.rows("area")
    moved = [
        area.uid
        for area in base.areas()
        if area.uid not in areas
        or areas[area.uid].valid_to is not None
        or areas[area.uid].parent != area.parent
    ]
    found = dict.fromkeys(moved)
    for uid in moved:
        found.update((one.uid, None) for one in base.descendants(uid))
    return list(found)


def _heir(now: Snapshot, uid: str) -> str | None:
    """Return the area itself while it lives, else the one that took most of its households."""
    seen: set[str] = set()
    while uid not in seen:
        seen.add(uid)
        area = now.rows("area").get(uid)
        if area is None:
            return None
        if area.valid_to is None:
            return uid
        heirs = [one for one in now.linked("lineage", uid) if one.predecessor == uid]
        if not heirs:
            return None
        uid = max(heirs, key=lambda one: (one.household_share or 0.0, one.successor)).successor
    return None


def _holder_at(snapshot: Snapshot, uid: str | None, level: str) -> str | None:
    area: Area | None = snapshot.rows("area").get(uid) if uid is not None else None
    if area is None:
        return None
    for one in (area, *snapshot.ancestors(area.uid)):
        if one.level == level:
            return one.uid
    return None
