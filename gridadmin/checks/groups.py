"""Groups of areas: clusters that hang together, and thematic nets against the base grid."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import shapely

from gridadmin.base.ids import oid_of
from gridadmin.checks.finding import area_issue, is_on
from gridadmin.checks.look import Look
from gridadmin.checks.reference import newest_outline
from gridadmin.checks.registry import Check
from gridadmin.domain.issue import Issue, issue_id
from gridadmin.domain.model import Area, Grouping, Land
from gridadmin.partition.base import chain_of
from gridadmin.partition.snapshot import Snapshot
from gridadmin.partition.walk import land_parts, to_polygon

CENTRE = "centre"
"""Role of the member that is the centre of its cluster."""


def _cluster(look: Look, uid: str) -> Iterator[Issue]:
    """Yield what is wrong with a cluster as a whole: not contiguous, not one centre."""
    snapshot = look.snapshot
    grouping = snapshot.rows("grouping").get(uid)
    if grouping is None or grouping.kind not in _cluster_kinds(snapshot):
        return
    rows = [row for row in snapshot.linked("grouping_member", uid) if row.grouping == uid]
    areas = _living(snapshot, [row.member for row in rows])
    centres = sum(row.role == CENTRE for row in rows)
    if centres != 1:
        yield _group_issue(snapshot, "cluster_centre", grouping, areas, count=centres)
    without = [area for area in areas if area.land != Land.DRAWN]
    if without:
        yield _group_issue(snapshot, "cluster_unjudged", grouping, without, count=len(without))
    pieces = pieces_of(snapshot, [area for area in areas if area.land == Land.DRAWN])
    if pieces > 1 and not without:
        yield _group_issue(snapshot, "cluster_adjacent", grouping, areas, pieces=pieces)


def _cluster_kinds(snapshot: Snapshot) -> set[str]:
    return {entry.key for entry in snapshot.scheme.groupings}


def _living(snapshot: Snapshot, uids: Sequence[str]) -> list[Area]:
    rows = snapshot.rows("area")
    return [rows[uid] for uid in sorted(uids) if uid in rows and rows[uid].valid_to is None]


def pieces_of(snapshot: Snapshot, areas: Sequence[Area]) -> int:
    """Return into how many pieces areas fall that don't share a border with each other."""
    left = {oid_of(area.uid) for area in areas}
    pieces = 0
    while left:
        pieces += 1
        reached = [left.pop()]
        while reached:
            for border in snapshot.partition.outline(reached.pop()):
                for side in (border.left, border.right):
                    met = left.intersection(chain_of(side, snapshot.partition.parents))
                    reached += met
                    left -= met
    return pieces


def _group_issue(
    snapshot: Snapshot, kind: str, grouping: Grouping, areas: Sequence[Area], **params: object
) -> Issue:
    level = areas[0].level if areas else ""
    return Issue(
        issue_id(kind, level, (grouping.uid,), None),
        kind,
        snapshot.check(kind).severity,
        level,
        areas=tuple(sorted(area.uid for area in areas)),
        params=(("group", grouping.name), *params.items()),
    )


def _membership(look: Look, uid: str) -> Iterator[Issue]:
    """Yield an area that isn't in exactly one cluster of each kind that the scheme has for it."""
    snapshot = look.snapshot
    area = snapshot.area(uid)
    for entry in snapshot.scheme.groupings:
        if area.level not in entry.levels or not _has_any(snapshot, entry.key):
            continue
        rows = [row for row in snapshot.linked("grouping_member", uid) if row.member == uid]
        groupings = snapshot.rows("grouping")
        kinds = [groupings[row.grouping].kind for row in rows if row.grouping in groupings]
        count = kinds.count(entry.key)
        if count != 1:
            yield area_issue(snapshot, "cluster_membership", uid, count=count)


def _has_any(snapshot: Snapshot, kind: str) -> bool:
    return any(grouping.kind == kind for grouping in snapshot.rows("grouping").values())


def _net(look: Look, uid: str) -> Iterator[Issue]:
    """Yield where the area of a thematic net and the base area that it names differ.

    A net is a grouping; its members name base areas, and the outline that a file gave of a member
    is kept as the reference outline of the member's own uid.
    """
    snapshot = look.snapshot
    net = snapshot.rows("grouping").get(uid)
    if net is None or net.kind not in {term.key for term in snapshot.scheme.nets}:
        return
    if not is_on(snapshot, "net_difference"):
        return
    least_m2 = snapshot.check("net_difference").param("min_area_m2")
    for row in snapshot.linked("grouping_member", uid):
        base = snapshot.rows("area").get(row.member)
        outline = newest_outline(snapshot, row.uid)
        if row.grouping != uid or outline is None or base is None or base.valid_to is not None:
            continue
        theirs = shapely.make_valid(shapely.from_wkb(outline.outline))
        ours = to_polygon(land_parts(snapshot.partition, oid_of(base.uid)), snapshot.place)
        more = float(shapely.area(shapely.difference(theirs, ours)))
        less = float(shapely.area(shapely.difference(ours, theirs)))
        if more + less >= least_m2:
            yield area_issue(
                snapshot,
                "net_difference",
                base.uid,
                area_m2=more + less,
                net=net.name,
                more_m2=round(more, 2),
                less_m2=round(less, 2),
            )


CHECKS = (
    Check(("cluster_centre", "cluster_unjudged", "cluster_adjacent"), "group", _cluster),
    Check(("net_difference",), "group", _net),
    Check(("cluster_membership",), "area", _membership),
)
