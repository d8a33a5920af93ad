"""A plan beside its base: areas that came, went or changed, land and buildings that changed hands.

What is returned is plain data: a table and a map of the window, a file, or a sheet that shows
before and after can be made of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

import shapely

from gridadmin.app.area_facts import lands_m2, plane_crs
from gridadmin.app.handed_land import old_lines, pieces, united
from gridadmin.app.plan_persons import has_people, persons_by_pair
from gridadmin.base.ids import oid_of
from gridadmin.base.progress import SILENT, Progress, checkpoint
from gridadmin.domain.model import Area, Plan
from gridadmin.domain.scheme import LEVELS
from gridadmin.edit.past_state import Past
from gridadmin.edit.plan_dates import changed_areas
from gridadmin.edit.shifts import Shifts
from gridadmin.exchange.ellipsoid import land_m2
from gridadmin.partition.base import chain_of
from gridadmin.partition.figures import households_of
from gridadmin.partition.snapshot import Snapshot
from gridadmin.partition.walk import land_parts, to_polygon


class Difference(StrEnum):
    """What is different of an area."""

    ADDED = "added"
    REMOVED = "removed"
    RESHAPED = "reshaped"
    REPARENTED = "reparented"
    RENAMED = "renamed"
    RECODED = "recoded"


@dataclass(frozen=True)
class Side:
    """An area before or after: names, and figures where they are known.

    ``land_m2`` is on the ellipsoid, None without land of its own outline; ``parent`` is the name.
    """

    name: str
    code: str | None
    parent: str
    land_m2: float | None
    households: int | None
    buildings: int


class Named(Protocol):
    """What a comparison asks of an area."""

    @property
    def parent(self) -> str | None:
        """The uid of the area above."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def code(self) -> str | None:
        """Its code."""


@dataclass(frozen=True)
class AreaDifference:
    """One area that is not as it was. ``before`` is None for one that came, ``after`` for one gone.

    ``successors`` are the areas that it went into, ``predecessors`` those that it came from.
    """

    uid: str
    level: str
    kinds: tuple[Difference, ...]
    before: Side | None
    after: Side | None
    predecessors: tuple[str, ...] = ()
    successors: tuple[str, ...] = ()

    @property
    def code(self) -> str:
        """The code that the area bears, else the one that it bore."""
        side = self.after or self.before
        return "" if side is None or side.code is None else side.code


@dataclass(frozen=True)
class Handover:
    """Land that changed hands between two areas of a level; None = no area of that level.

    ``polygon`` is in metres of the plane, ``land_m2`` on the ellipsoid. ``buildings`` are uids.
    ``persons`` hold a post on an area that went over; None where nobody holds a post.
    """

    level: str
    before: str | None
    after: str | None
    polygon: shapely.MultiPolygon
    land_m2: float
    households: int
    buildings: tuple[str, ...]
    persons: int | None = None


@dataclass(frozen=True)
class LevelTotals:
    """How many living areas a level has, and their households, before and after."""

    level: str
    areas_before: int
    areas_after: int
    households_before: int
    households_after: int


@dataclass(frozen=True)
class Comparison:
    """All that is different between two states; areas by code, handovers by level, the top first.

    ``land_m2``, ``households`` and ``buildings`` are what is other people's to look after now, at
    the lowest level, each piece of land and each building once; ``persons`` those whose post
    stands on an area that belongs elsewhere now, None where nobody holds a post. ``changed`` is
    that land in plane metres; ``old_lines`` are, by level, the borders between areas that are none
    any more.
    """

    base_revision: int
    revision: int
    areas: tuple[AreaDifference, ...]
    handovers: tuple[Handover, ...]
    levels: tuple[LevelTotals, ...]
    changed: shapely.MultiPolygon
    old_lines: Mapping[str, shapely.MultiLineString]
    land_m2: float
    households: int
    buildings: int
    plan: Plan | None = None
    persons: int | None = None

    def count_of(self, kind: Difference) -> int:
        """Return how many areas differ in one way."""
        return sum(kind in area.kinds for area in self.areas)


def compare_with_base(
    past: Past, now: Snapshot, plan: Plan | None = None, progress: Progress = SILENT
) -> Comparison:
    """Return how *now* differs from the state in *past*; takes long, for a worker.

    Raises: Cancelled.
    """
    base = past.snapshot
    checkpoint(progress, "progress.comparing", 0, 4)
    moved = _moved_areas(past, now)
    checkpoint(progress, "progress.comparing", 1, 4)
    buildings = _moved_buildings(past, now)
    handovers = _handovers(base, now, moved, buildings)
    checkpoint(progress, "progress.comparing", 2, 4)
    uids = changed_areas(past, now) | _with_other_figures(base, now, buildings)
    areas = _differences(base, now, uids, moved)
    checkpoint(progress, "progress.comparing", 3, 4)
    changed = united(handover.polygon for handover in handovers)
    return Comparison(
        base_revision=base.revision,
        revision=now.revision,
        areas=areas,
        handovers=handovers,
        levels=_level_totals(base, now),
        changed=changed,
        old_lines=_old_lines(base, now, moved),
        land_m2=_lands(now, [changed])[0],
        households=sum(now.counts.building(uid).households for uid in buildings),
        buildings=len(buildings),
        plan=plan,
        persons=_persons(base, now),
    )


def _persons(base: Snapshot, now: Snapshot) -> int | None:
    """Return how many persons' posts belong elsewhere now at any level, each once."""
    if not has_people(base):
        return None
    pairs = (persons_by_pair(base, now, level) for level in LEVELS)
    return len({person for found in pairs for several in found.values() for person in several})


# Areas


def _moved_areas(past: Past, now: Snapshot) -> set[str]:
    """Return the areas whose outline is another line; those that live on one side alone, too."""
    shifts = Shifts(past.snapshot, now, past.since)
    owners = (
        now.owning_area(oid) or past.snapshot.owning_area(oid) for oid in shifts.moved_exactly()
    )
    return {area.uid for area in owners if area is not None}


def living(snapshot: Snapshot, uid: str) -> Area | None:
    """Return an area that lives in a state, or None."""
    area: Area | None = snapshot.rows("area").get(uid)
    return None if area is None or area.valid_to is not None else area


def _differences(
    base: Snapshot, now: Snapshot, uids: Iterable[str], moved: set[str]
) -> tuple[AreaDifference, ...]:
    concerned = sorted(uids)
    before = _sides(base, concerned)
    after = _sides(now, concerned)
    heirs, forebears = _lineage(base, now)
    found = []
    for uid in concerned:
        old, new = living(base, uid), living(now, uid)
        area = new or old
        if area is None:
            continue
        found.append(
            AreaDifference(
                uid=uid,
                level=area.level,
                kinds=kinds_between(old, new, is_moved=uid in moved),
                before=before.get(uid),
                after=after.get(uid),
                predecessors=tuple(forebears.get(uid, ())),
                successors=tuple(heirs.get(uid, ())),
            )
        )
    rank = now.level_rank
    return tuple(sorted(found, key=lambda d: (rank(d.level), d.code or "~", d.uid)))


def kinds_between(
    old: Named | None, new: Named | None, *, is_moved: bool
) -> tuple[Difference, ...]:
    """Return in which ways an area differs between two states; None = it isn't there."""
    if old is None or new is None:
        return (Difference.ADDED if old is None else Difference.REMOVED,)
    tests = (
        (Difference.RESHAPED, is_moved),
        (Difference.REPARENTED, old.parent != new.parent),
        (Difference.RENAMED, old.name != new.name),
        (Difference.RECODED, old.code != new.code),
    )
    return tuple(kind for kind, is_so in tests if is_so)


def _sides(snapshot: Snapshot, uids: Sequence[str]) -> dict[str, Side]:
    areas = [area for area in (living(snapshot, uid) for uid in uids) if area is not None]
    lands = lands_m2(snapshot, areas)
    sides = {}
    for area in areas:
        parent = "" if area.parent is None else snapshot.area(area.parent).name
        sides[area.uid] = Side(
            area.name,
            area.code,
            parent,
            lands.get(area.uid),
            households_of(snapshot, area)[0],
            snapshot.counts.buildings_of(oid_of(area.uid)),
        )
    return sides


def _lineage(base: Snapshot, now: Snapshot) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Return the names of successors and of predecessors that came since, by uid."""
    heirs: dict[str, list[str]] = {}
    forebears: dict[str, list[str]] = {}
    known, areas = base.rows("lineage"), now.rows("area")
    for uid, line in sorted(now.rows("lineage").items()):
        if uid in known or line.predecessor not in areas or line.successor not in areas:
            continue
        heirs.setdefault(line.predecessor, []).append(areas[line.successor].name)
        forebears.setdefault(line.successor, []).append(areas[line.predecessor].name)
    return heirs, forebears


def _with_other_figures(
    base: Snapshot, now: Snapshot, moved: Mapping[str, tuple[int, int]]
) -> set[str]:
    """Return the areas that won or lost buildings, or whose typed figure is another one."""
    found = set()
    for old, new in moved.values():
        chains = chain_of(old, base.partition.parents), chain_of(new, now.partition.parents)
        for oid in set(chains[0]) ^ set(chains[1]):
            area = now.owning_area(oid) or base.owning_area(oid)
            if area is not None:
                found.add(area.uid)
    return found


# Land and buildings that changed hands


def _moved_buildings(past: Past, now: Snapshot) -> dict[str, tuple[int, int]]:
    """Return the buildings of both states whose land is somebody else's, with both owners.

    Somebody else's is also land whose holder hangs below another area now. Only buildings near
    what changed are looked at: there may be many more.
    """
    base = past.snapshot
    old, new = base.counts, now.counts
    near = set(old.handed_over(new, [(r.before, r.after) for r in past.since.of("border")]))
    near.update(str(row.key) for row in past.since.of("building"))
    for row in past.since.of("area"):
        if row.after is not None and (row.before is None or row.before.parent != row.after.parent):
            near.update(b.uid for b in new.on_land(now.partition, oid_of(row.after.uid)))
    known, standing = base.rows("building"), now.rows("building")
    found = {}
    for uid in sorted(near):
        if uid not in known or uid not in standing:
            continue
        owners = old.owner_of(uid), new.owner_of(uid)
        chains = (
            chain_of(owners[0], base.partition.parents),
            chain_of(owners[1], now.partition.parents),
        )
        if chains[0] != chains[1]:
            found[uid] = owners
    return found


def _handovers(
    base: Snapshot, now: Snapshot, moved: set[str], buildings: Mapping[str, tuple[int, int]]
) -> tuple[Handover, ...]:
    found: list[Handover] = []
    for level in LEVELS:
        before = _polygons(base, moved, level)
        after = _polygons(now, moved, level)
        handed = pieces(before, after)
        lands = _lands(now, [polygon for _, _, polygon in handed])
        homes = _buildings_by_pair(base, now, buildings, level)
        people = persons_by_pair(base, now, level) if has_people(base) else None
        for (old, new, polygon), land in zip(handed, lands, strict=True):
            uids = tuple(homes.get((old, new), ()))
            count = sum(now.counts.building(uid).households for uid in uids)
            persons = None if people is None else len(people.get((old, new), ()))
            found.append(Handover(level, old, new, polygon, land, count, uids, persons))
    return tuple(found)


def _polygons(snapshot: Snapshot, uids: set[str], level: str) -> dict[str, shapely.MultiPolygon]:
    found = {}
    for uid in sorted(uids):
        area = living(snapshot, uid)
        if area is None or not stands_on(area.level, level):
            continue
        if snapshot.partition.has_land(oid_of(uid)):
            found[uid] = to_polygon(land_parts(snapshot.partition, oid_of(uid)), snapshot.place)
    return found


def stands_on(own: str, level: str) -> bool:
    """Return whether areas of a level are compared with those of another."""
    return own == level or (level == "micro_grid" and own == "cell")


def _buildings_by_pair(
    base: Snapshot, now: Snapshot, buildings: Mapping[str, tuple[int, int]], level: str
) -> dict[tuple[str | None, str | None], list[str]]:
    found: dict[tuple[str | None, str | None], list[str]] = {}
    for uid, (old, new) in sorted(buildings.items()):
        pair = _holder_at(base, old, level), _holder_at(now, new, level)
        if pair[0] != pair[1]:
            found.setdefault(pair, []).append(uid)
    return found


def _holder_at(snapshot: Snapshot, owner: int, level: str) -> str | None:
    for oid in chain_of(owner, snapshot.partition.parents):
        area = snapshot.owning_area(oid)
        if area is not None and stands_on(area.level, level):
            return area.uid
    return None


def _lands(snapshot: Snapshot, polygons: Sequence[shapely.MultiPolygon]) -> list[float]:
    plane = plane_crs(snapshot)
    if plane is None:
        return [float(polygon.area) for polygon in polygons]
    return land_m2(polygons, plane)


def _old_lines(
    base: Snapshot, now: Snapshot, moved: set[str]
) -> dict[str, shapely.MultiLineString]:
    """Return the lines that parted areas of a level before and part none now, by level."""
    found = {}
    for level in LEVELS:
        lines = old_lines(_polygons(base, moved, level), _polygons(now, moved, level))
        if lines is not None:
            found[level] = lines
    return found


# Totals


def _level_totals(base: Snapshot, now: Snapshot) -> tuple[LevelTotals, ...]:
    before, after = _totals(base), _totals(now)
    nothing = (0, 0)
    return tuple(
        LevelTotals(
            level,
            before.get(level, nothing)[0],
            after.get(level, nothing)[0],
            before.get(level, nothing)[1],
            after.get(level, nothing)[1],
        )
        for level in LEVELS
        if level in before or level in after
    )


def _totals(snapshot: Snapshot) -> dict[str, tuple[int, int]]:
    """Return how many areas there are of each level, and their households as far as known."""
    found: dict[str, tuple[int, int]] = {}
    for area in snapshot.areas():
        count, households = found.get(area.level, (0, 0))
        found[area.level] = count + 1, households + (households_of(snapshot, area)[0] or 0)
    return found
