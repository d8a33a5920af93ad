"""The ways to settle an issue or a face, the likeliest first, each with the reason for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import shapely

from gridadmin.base.errors import EditError
from gridadmin.base.ids import NOBODY, oid_of
from gridadmin.checks.geometry import allowed_parts
from gridadmin.domain.issue import Issue
from gridadmin.domain.model import CELL_LEVEL, Area, Land
from gridadmin.edit.command import Command, Metres, face_of_point, label
from gridadmin.edit.land_commands import Give
from gridadmin.partition.faces import Face, faces_of
from gridadmin.partition.figures import households_of
from gridadmin.partition.ground import Ground
from gridadmin.partition.snapshot import Snapshot
from gridadmin.partition.widths import widest_circles
from gridadmin.repair.commands import (
    AroundBuilding,
    Dissolve,
    Divide,
    GiveParts,
    OwnArea,
    Settle,
    footprint_ring,
    parts_to_give,
    shares_under,
    sibling_beside,
)
from gridadmin.repair.majority import Votes
from gridadmin.repair.medial import centre_lines, sides_of
from gridadmin.repair.roads import road_inside
from gridadmin.repair.takers import Case, Taker, by_neighbour, case_of, takers_of


@dataclass(frozen=True)
class Way:
    """One way to settle something.

    ``key`` names it in edit lines, ``to`` is the uid of the area that gets the land, empty where
    it is none or several; ``facts`` are what its sentence ``repair.why_<key>`` needs. ``rank``
    orders ways whose effects don't tell them apart. Without ``command`` something must be filled
    in first: who approves exempt land, or which area is chosen.
    """

    key: str
    rank: int
    command: Command | None
    to: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)


CHOSEN, EXEMPT = "chosen", "exempt"
ANSWERED = frozenset({"multipart", "building_cut", "sliver"})
"""Kinds of issues without a face of their own that there are ways for."""


def ways_of(snapshot: Snapshot, issue: Issue) -> list[Way]:
    """Return the ways to settle an issue to choose from; none when a repair has no answer to it.

    Of those that give all to one area it has the likeliest alone.
    """
    return _distinct(every_way_of(snapshot, issue))


def every_way_of(snapshot: Snapshot, issue: Issue) -> list[Way]:
    """Return the ways to settle an issue, likeliest first, also where two of them do the same."""
    if issue.kind == "multipart":
        ways = _parts_ways(snapshot, issue)
    elif issue.kind == "building_cut":
        ways = _building_ways(snapshot, issue)
    elif issue.kind == "sliver" and issue.areas:
        ways = _sliver_ways(snapshot, issue)
    else:
        ways = iter(()) if issue.point is None else _every_way_at(snapshot, issue.point)
    return _by_rank(ways)


def why_none(snapshot: Snapshot, issue: Issue) -> str:
    """Return the code of the sentence why an issue has no ways; empty when there is none to say."""
    if issue.kind != "multipart" or not issue.areas:
        return ""
    if snapshot.has_drawn_children(issue.areas[0]):
        return "edit.parts_have_children"
    return "" if list(_parts_ways(snapshot, issue)) else "edit.no_heir_of_part"


def ways_at(snapshot: Snapshot, place: Metres) -> list[Way]:
    """Return the ways to settle the face at a place, none when there is nothing to settle."""
    return _distinct(_by_rank(_every_way_at(snapshot, place)))


def _every_way_at(snapshot: Snapshot, place: Metres) -> Iterator[Way]:
    try:
        face = face_of_point(snapshot, place, is_inside=True)
    except EditError:
        return
    case = case_of(snapshot, face.owner)
    if case is None:
        return
    ways = _FaceWays(snapshot, face, place)
    if case is Case.OVERHANG:
        yield from ways.of_overhang()
    else:
        yield from ways.of_overlap() if case is Case.OVERLAP else ways.of_gap()


def _by_rank(ways: Iterable[Way]) -> list[Way]:
    return sorted(ways, key=lambda way: way.rank)


def chosen_way(snapshot: Snapshot, place: Metres, area: Area) -> Way:
    """Return the way that gives the face at a place to an area that somebody chose."""
    command = Settle(
        Give(place, area.uid, is_inside=True), frozenset({area.uid, *_holder(snapshot, place)})
    )
    return Way(CHOSEN, 90, command, area.uid, {"name": label(area)})


def _holder(snapshot: Snapshot, place: Metres) -> set[str]:
    """Return the area that holds the face at a place itself, if one does."""
    face = face_of_point(snapshot, place, is_inside=True)
    area = snapshot.owning_area(face.owner)
    return set() if area is None else {area.uid}


def _distinct(ways: list[Way]) -> list[Way]:
    """Return ways in their order, of those that give all to one area the first alone."""
    seen: set[str] = set()
    found = []
    for way in ways:
        if not way.to or way.to not in seen:
            found.append(way)
        if way.to:
            seen.add(way.to)
    return found


class _FaceWays:
    """The ways to settle one face."""

    def __init__(self, snapshot: Snapshot, face: Face, place: Metres) -> None:
        self._snapshot = snapshot
        self._face = face
        self._place = place
        self._takers = takers_of(snapshot, face)
        holder = snapshot.owning_area(face.owner)
        self._held = set() if holder is None else {holder.uid}

    def of_gap(self) -> Iterator[Way]:
        """Yield the ways to settle a gap."""
        takers = self._takers
        yield from self._snap(5)
        if takers:
            yield self._give("longest", 20, takers[0], length_m=takers[0].shared_mm / 1000)
            yield from self._by_majority(10)
            yield from self._by_households(50)
        if len(takers) > 1:
            yield from self._along_road(30)
            yield from self._along_centre(40)
        yield from self._own_area(80)
        yield Way(CHOSEN, 90, None)
        yield Way(EXEMPT, 95, None)

    def of_overlap(self) -> Iterator[Way]:
        """Yield the ways to settle land that several claim."""
        yield from self._snap(5)
        yield from self._by_newer_source(10)
        yield from self._by_majority(20)
        for number, taker in enumerate(self._takers):
            yield self._give("keep", 30 + number, taker, length_m=taker.shared_mm / 1000)
        if len(self._takers) > 1:
            yield from self._along_centre(60)

    def of_overhang(self) -> Iterator[Way]:
        """Yield the ways to settle land that an area claims beyond its parent."""
        rank = self._snapshot.level_rank
        claimants = [(taker, self._snapshot.area(taker.claim)) for taker in self._takers]
        deepest = max((rank(area.level) for _, area in claimants), default=0)
        below = [taker for taker, area in claimants if rank(area.level) == deepest]
        others = [taker for taker, area in claimants if rank(area.level) < deepest]
        for number, taker in enumerate(others):
            yield self._give("clip", 10 + number, taker, child=label(below[0].area))
        if not others:
            command = Settle(Give(self._place, None, is_inside=True), frozenset())
            yield Way("clip_free", 10, command, "", {"child": label(below[0].area)})
        for number, taker in enumerate(below):
            parent = self._snapshot.area(taker.area.parent or taker.area.uid)
            yield self._give("enlarge", 20 + number, taker, parent=label(parent))

    def _give(self, key: str, rank: int, taker: Taker, **facts: object) -> Way:
        give = Give(self._place, taker.area.uid, is_inside=True)
        concerned = frozenset({taker.area.uid, *self._held})
        return Way(
            key, rank, Settle(give, concerned), taker.area.uid, {"name": label(taker.area), **facts}
        )

    def _divide(self, key: str, rank: int, divide: Divide, **facts: object) -> Way:
        concerned = frozenset({*(taker.area.uid for taker in self._takers), *self._held})
        return Way(key, rank, Settle(divide, concerned), "", facts)

    def _snap(self, rank: int) -> Iterator[Way]:
        """Yield putting the two borders of a face together where they merely miss each other."""
        check = self._snapshot.check("near_miss")
        if not self._takers or not check.on:
            return
        width_m = _width_up_to(self._face, check.param("distance_m"))
        if width_m is not None:
            yield self._give("snap", rank, self._takers[0], width_mm=1000 * width_m)

    def _by_majority(self, rank: int) -> Iterator[Way]:
        if len(self._takers) < 2:
            return
        votes = Votes(self._snapshot, self._face, self._takers)
        winner = votes.winner() if votes.on_land else None
        if winner is not None:
            yield self._give("majority", rank, winner, buildings=len(votes.on_land))

    def _by_households(self, rank: int) -> Iterator[Way]:
        known = [
            (count, taker.area.uid, taker)
            for taker in self._takers
            if taker.area.level == self._takers[0].area.level
            and (count := households_of(self._snapshot, taker.area)[0]) is not None
        ]
        if len(known) > 1:
            count, _, taker = min(known)
            yield self._give("fewer_households", rank, taker, households=count)

    def _by_newer_source(self, rank: int) -> Iterator[Way]:
        dated: list[tuple[str, str, Taker]] = []
        for taker in self._takers:
            outlines = self._snapshot.linked("reference_outline", taker.claim or taker.area.uid)
            if not outlines:
                continue
            newest = max(outlines, key=lambda outline: (outline.revision, outline.uid))
            if newest.date:
                dated.append((newest.date, newest.source, taker))
        if len(dated) != len(self._takers) or len(dated) < 2:
            return
        dated.sort(key=lambda one: one[0], reverse=True)
        (date, source, taker), (before, _, _) = dated[:2]
        if date > before:
            yield self._give("newer", rank, taker, source=source, date=date)

    def _along_road(self, rank: int) -> Iterator[Way]:
        road = road_inside(self._face, Ground.of(self._snapshot))
        if road is not None:
            key = "along_road" if road.name else "along_a_road"
            yield self._divide(key, rank, Divide(self._place, along_road=True), road=road.name)

    def _along_centre(self, rank: int) -> Iterator[Way]:
        who = by_neighbour(self._snapshot, self._face, self._takers)
        if centre_lines(self._face, sides_of(self._face, who)):
            yield self._divide("centre", rank, Divide(self._place), sides=len(self._takers))

    def _own_area(self, rank: int) -> Iterator[Way]:
        """Yield making an area of the face, of the kind that lies beside it."""
        if not self._takers:
            return
        sibling = self._takers[0].area
        if self._face.owner != NOBODY:
            while sibling.parent is not None and sibling.parent not in self._held:
                sibling = self._snapshot.area(sibling.parent)
        if sibling.parent is None:
            return
        parent = self._snapshot.area(sibling.parent)
        level = "micro_grid" if sibling.level == CELL_LEVEL else sibling.level
        command = Settle(OwnArea(self._place, sibling.uid), frozenset(self._held))
        yield Way("own_area", rank, command, "", {"parent": label(parent), "level": level})


def _width_up_to(face: Face, most_m: float) -> float | None:
    """Return the greatest width of a face in m, None where it is more than *most_m*."""
    part = face.part()
    polygon = shapely.Polygon(part.shell, part.holes)
    # The greatest circle inside is at least this wide; it saves a look at all that is not thin.
    if 2 * polygon.area > most_m * 1000 * polygon.length:
        return None
    width_m = float(widest_circles(np.array([polygon], dtype=object)).width[0]) / 1000
    return width_m if width_m <= most_m else None


def _parts_ways(snapshot: Snapshot, issue: Issue) -> Iterator[Way]:
    """Yield giving the small parts of an area away."""
    area = snapshot.area(issue.areas[0])
    if snapshot.has_drawn_children(area.uid):
        # Its parts are those of the areas below it.
        return
    keeps = max(allowed_parts(snapshot, area), 1)
    given = parts_to_give(snapshot, area, keeps)
    heirs = {heir.uid: heir for _, heir in given if heir is not None}
    if not given or any(heir is None for _, heir in given):
        return
    land_m2 = sum(face.twice_area() for face, _ in given) / 2_000_000
    to = next(iter(heirs)) if len(heirs) == 1 else ""
    names = ", ".join(sorted(label(heir) for heir in heirs.values()))
    yield Way(
        "give_part",
        10,
        Settle(GiveParts(area.uid, keeps), frozenset({area.uid, *heirs})),
        to,
        {"name": names, "parts": len(given), "land_m2": land_m2},
    )


def _sliver_ways(snapshot: Snapshot, issue: Issue) -> Iterator[Way]:
    """Yield making a narrow area part of the sibling it borders most."""
    area = snapshot.rows("area").get(issue.areas[0])
    if area is None or area.valid_to is not None or area.land != Land.DRAWN:
        return
    faces = faces_of(snapshot.partition, oid_of(area.uid))
    if not faces or snapshot.has_drawn_children(area.uid):
        return
    sibling = sibling_beside(snapshot, area, max(faces, key=Face.twice_area))
    if sibling is not None:
        command = Settle(Dissolve(area.uid, sibling.uid), frozenset({area.uid, sibling.uid}))
        yield Way("dissolve", 10, command, sibling.uid, {"name": label(sibling)})


def _building_of(snapshot: Snapshot, issue: Issue) -> str:
    """Return the uid of the building that an issue is about, by its place; empty for none."""
    if issue.point is None or issue.bbox is None:
        return str(dict(issue.params).get("building", ""))
    x, y = (one / 1000 for one in snapshot.origin_mm)
    place = shapely.Point(issue.point[0] - x, issue.point[1] - y)
    x0, y0, x1, y1 = issue.bbox
    near = [
        (shapely.distance(shapely.Polygon(one.footprint), place), one.uid)
        for one in Ground.of(snapshot).buildings_in((x0 - x, y0 - y, x1 - x, y1 - y))
        if one.footprint is not None
    ]
    return min(near)[1] if near else ""


def _building_ways(snapshot: Snapshot, issue: Issue) -> Iterator[Way]:
    """Yield leading the border around a building, for each of the areas it stands on."""
    building = _building_of(snapshot, issue)
    try:
        ring = footprint_ring(snapshot, building)
    except EditError:
        return
    shares = shares_under(snapshot, ring)
    whole = sum(shares.values())
    ordered: Sequence[int] = sorted(shares, key=lambda oid: (-shares[oid], oid))
    for number, oid in enumerate(ordered):
        area = snapshot.owning_area(oid)
        if area is not None and len(ordered) > 1:
            concerned = frozenset(
                one.uid for other in ordered if (one := snapshot.owning_area(other)) is not None
            )
            command = Settle(AroundBuilding(building, area.uid), concerned)
            facts = {"name": label(area), "percent": round(100 * shares[oid] / whole)}
            yield Way("around_building", 10 + number, command, area.uid, facts)
