"""Checks of single areas: parts, code, name, size, and the outline that a file once gave."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import shapely

from gridadmin.base.ids import oid_of
from gridadmin.checks.finding import Findings, area_issue, is_on
from gridadmin.domain.issue import Issue
from gridadmin.domain.model import CELL_LEVEL, Area, AreaKind, HouseholdsState, ReferenceOutline
from gridadmin.partition.figures import households_of
from gridadmin.partition.grid import twice_area
from gridadmin.partition.rewire import from_least
from gridadmin.partition.snapshot import Snapshot
from gridadmin.partition.walk import Part, land_parts, to_polygon


def check_area(
    snapshot: Snapshot, uid: str, *, is_in_parts: bool = True, is_as_in_file: bool = False
) -> Findings:
    """Return what is wrong with one area.

    It may be known already that it is not in parts, or that its land is as a file said.
    """
    area = snapshot.rows("area").get(uid)
    if area is None or area.valid_to is not None:
        return Findings()
    issues = [
        *(_parts(snapshot, area) if is_in_parts else ()),
        *_code(snapshot, area),
        *_households(snapshot, area),
        *(() if is_as_in_file else _reference(snapshot, area)),
    ]
    return Findings([issue for issue in issues if is_on(snapshot, issue.kind)])


def allowed_parts(snapshot: Snapshot, area: Area) -> int:
    """Return how many parts the land of an area may have, 0 = any number."""
    level = snapshot.scheme.level(area.level)
    return 0 if level is None or area.kind == AreaKind.EXCLUSIVE else level.allowed_parts


def _parts(snapshot: Snapshot, area: Area) -> Iterator[Issue]:
    allowed, oid = allowed_parts(snapshot, area), oid_of(area.uid)
    if not allowed:
        return
    parts = land_parts(snapshot.partition, oid)
    if len(parts) > allowed:
        yield area_issue(
            snapshot,
            "multipart",
            area.uid,
            area_m2=min(part.twice_area() for part in parts) / 2_000_000,
            parts=len(parts),
            allowed=allowed,
        )


def _code(snapshot: Snapshot, area: Area) -> Iterator[Issue]:
    if not area.name.strip():
        yield area_issue(snapshot, "name_missing", area.uid)
    if area.level == CELL_LEVEL or snapshot.root.code is None:
        # A project without a root code has no codes to be checked against.
        return
    if area.code is None:
        yield area_issue(snapshot, "code_missing", area.uid)
        return
    parent = None if area.parent is None else snapshot.area(area.parent)
    level = snapshot.scheme.level(area.level)
    template = None if level is None else level.code
    if template is not None:
        parts = template.parse(area.code)
        above = "" if parent is None or parent.code is None else parent.code
        if parts is None:
            yield area_issue(snapshot, "code_form", area.uid, parent=above)
        elif above and parts.parent_code != above:
            yield area_issue(snapshot, "code_parent", area.uid, parent=above)
    elif not _is_statistical(area):
        yield area_issue(snapshot, "code_form", area.uid, parent="")
    elif parent is not None and parent.code and not area.code.startswith(parent.code):
        yield area_issue(snapshot, "code_parent", area.uid, parent=parent.code)


_DIGITS = {"city": 4, "district": 6, "street": 9, "community": 12}


def _is_statistical(area: Area) -> bool:
    """Return whether a code has the digits of its level. Source: 国家统计局, 统计用区划代码."""
    code = area.code or ""
    wanted = _DIGITS.get(area.level)
    return wanted is None or (code.isascii() and code.isdigit() and len(code) == wanted)


def _households(snapshot: Snapshot, area: Area) -> Iterator[Issue]:
    count, state = households_of(snapshot, area)
    if state == HouseholdsState.STALE:
        yield area_issue(snapshot, "households_stale", area.uid, households=count)
    band = snapshot.scheme.band_of(area.level, area.kind, area.area_class)
    if count is not None and band is not None and not band.holds(count):
        yield area_issue(
            snapshot, "household_band", area.uid, households=count, low=band.low, high=band.high
        )


def newest_outline(snapshot: Snapshot, uid: str) -> ReferenceOutline | None:
    """Return what a file said last of the land of an area; that of the root is the frame."""
    outlines = snapshot.linked("reference_outline", uid)
    if not outlines or uid == snapshot.root.uid:
        return None
    newest: ReferenceOutline = max(outlines, key=lambda outline: (outline.revision, outline.uid))
    return newest


def _reference(snapshot: Snapshot, area: Area) -> Iterator[Issue]:
    if not is_on(snapshot, "reference_difference"):
        return
    newest = newest_outline(snapshot, area.uid)
    if newest is None:
        return
    outline = shapely.from_wkb(newest.outline)
    parts = land_parts(snapshot.partition, oid_of(area.uid))
    if _is_same(snapshot, outline, parts):
        return
    land = to_polygon(parts, snapshot.place)
    # Rounding to the grid alone moves every edge by up to a millimetre.
    least = max(
        snapshot.scheme.check("reference_difference").param("min_area_m2"),
        shapely.length(land) * snapshot.snap_m,
    )
    if not outline.is_valid:
        outline = shapely.make_valid(outline)
    lost = shapely.area(shapely.difference(outline, land))
    gained = shapely.area(shapely.difference(land, outline))
    if lost + gained >= least:
        yield area_issue(
            snapshot,
            "reference_difference",
            area.uid,
            area_m2=float(lost + gained),
            gained_m2=round(float(gained), 2),
            lost_m2=round(float(lost), 2),
            source=newest.source,
        )


def _is_same(snapshot: Snapshot, outline: shapely.Geometry, parts: Sequence[Part]) -> bool:
    """Return whether an outline of one ring has the very vertices of the land: the usual case."""
    if len(parts) != 1 or parts[0].holes:
        return False
    rings = shapely.get_rings(shapely.get_parts(outline))
    if len(rings) != 1:
        return False
    ring = snapshot.to_kernel(shapely.get_coordinates(rings[0]))
    if twice_area(ring) < 0:
        ring = ring[::-1]
    shell = parts[0].shell
    return len(ring) == len(shell) and bool((from_least(ring) == from_least(shell)).all())
