"""A campus that straddles communities: exclusive areas that name each other, one in each.

An exclusive area belongs to one community. A school that lies in two is therefore two areas, and a
grouping of the kind :data:`CAMPUS` says that they are one. It is no cluster and no net: schemes
don't list it, so that the rules of those leave it alone.
"""

from __future__ import annotations

import re
from functools import lru_cache

from gridadmin.domain.model import Area, AreaKind, Grouping
from gridadmin.partition.snapshot import Snapshot

CAMPUS = "campus"
"""Kind of the groupings whose members are one campus."""

_COMMUNITY = "community"
_ASIDE = re.compile(r"[(（].*?[)）]|\s")
_LEVEL = re.compile(r"(专属)?(微网格|网格)$")
_SIDE = re.compile(r"[东西南北](区|片|院|部|校区|院区)?$")
_NUMBER = re.compile(r"第?[0-9０-９一二三四五六七八九十百]*")


def campus_of(snapshot: Snapshot, uid: str) -> Grouping | None:
    """Return the campus that an area is a part of, or None."""
    groupings = snapshot.rows("grouping")
    for row in snapshot.linked("grouping_member", uid):
        grouping: Grouping | None = groupings.get(row.grouping)
        if row.member == uid and grouping is not None and grouping.kind == CAMPUS:
            return grouping
    return None


def members_of(snapshot: Snapshot, campus: str) -> list[str]:
    """Return the uids of the areas of a campus, also of those that are gone, sorted."""
    rows = snapshot.linked("grouping_member", campus)
    return sorted(row.member for row in rows if row.grouping == campus)


def twins_of(snapshot: Snapshot, uid: str) -> list[Area]:
    """Return the other areas of the campus of an area, also those that are gone."""
    campus = campus_of(snapshot, uid)
    if campus is None:
        return []
    rows = snapshot.rows("area")
    return [rows[one] for one in members_of(snapshot, campus.uid) if one != uid and one in rows]


def community_of(snapshot: Snapshot, area: Area) -> Area | None:
    """Return the community that an area lies in, or None."""
    for above in snapshot.ancestors(area.uid):
        if above.level == _COMMUNITY:
            return above
    return None


def is_part(area: Area | None) -> bool:
    """Return whether an area may be a part of a campus: a living exclusive one."""
    return area is not None and area.valid_to is None and area.kind == AreaKind.EXCLUSIVE


@lru_cache(maxsize=4096)
def stem_of(name: str) -> str:
    """Return what two parts of a campus have in common in their names; empty for a mere number.

    虚构小学（东区）, 虚构小学西区 and 虚构小学专属网格 are all 虚构小学.
    """
    bare = _LEVEL.sub("", _ASIDE.sub("", name))
    stem = _SIDE.sub("", bare) or bare
    return "" if _NUMBER.fullmatch(stem) else stem
