"""Who holds which post, which unit is paired with which place, on one day in one mode."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from copy import copy
from typing import Any, TypeVar, cast

from gridadmin.domain.change import Change, RowChange
from gridadmin.domain.check_settings import CHECKS_SETTING, changed_check
from gridadmin.domain.model import Area
from gridadmin.domain.people import (
    ANCHOR_TABLES,
    Assignment,
    Organization,
    Pairing,
    PartyNode,
    Person,
    Team,
    holds_on,
)
from gridadmin.domain.scheme import Check, Post, Scheme
from gridadmin.partition.figures import households_of
from gridadmin.partition.snapshot import Snapshot
from gridadmin.staffing.anchors import seats_by_hand

BASE_UNIT_LEVEL = "community"
"""Communities and villages stand on the same level; both are base units."""

Anchor = tuple[str, str]
"""A logged table and a uid in it."""

T = TypeVar("T")


class StaffBook:
    """The people of a snapshot as they are on *day* (ISO 8601) in *mode*.

    Without *mode* it is the one that the project has on that day.
    """

    def __init__(self, snapshot: Snapshot, day: str, mode: str | None = None) -> None:
        self.snapshot = snapshot
        self.day = day
        self._mode_said = mode
        self.mode = mode_on(snapshot, day) if mode is None else mode
        self.posts: Mapping[str, Post] = {post.key: post for post in snapshot.scheme.posts}
        self.persons: dict[str, Person] = {person.uid: person for person in self.holding("person")}
        self.organizations: Mapping[str, Organization] = self._organizations()
        self._on: dict[Anchor, list[Assignment]] = {}
        self._of: dict[str, list[Assignment]] = {}
        rows = snapshot.rows("assignment")
        for uid in sorted(rows):
            one = rows[uid]
            if self._counts(one):
                self._on.setdefault((one.anchor_kind, one.anchor), []).append(one)
                self._of.setdefault(one.person, []).append(one)
        self._pairings = self._pairings_by_anchor()
        self._once: dict[Any, Any] = {}

    def after(self, snapshot: Snapshot, change: Change) -> StaffBook:
        """Return the book of the same day and mode after a change, quicker than a new one.

        *snapshot* is the state after it. What the change doesn't touch is shared with this book.
        """
        if any(change.of(table) for table in ("setting", "mode_switch")):
            return StaffBook(snapshot, self.day, self._mode_said)
        book = copy(self)
        book.follow(snapshot, change)
        return book

    def follow(self, snapshot: Snapshot, change: Change) -> None:
        """Become the book after a change; for a copy alone, which shares what stays."""
        areas = self._once.get(_areas_by_level)
        self.snapshot = snapshot
        self._once = {}
        if areas is not None and not any(is_other_place(row) for row in change.of("area")):
            # The same areas; their rows may be others, so they are looked up again by uid.
            self._once[_areas_by_level] = _looked_up(areas, snapshot, change)
        if change.of("person"):
            self.persons = dict(self.persons)
            for row in change.of("person"):
                self.persons.pop(str(row.key), None)
                if row.after is not None and holds_on(row.after, self.day):
                    self.persons[str(row.key)] = row.after
        if change.of("organization"):
            self.organizations = self._organizations()
        if change.of("organization") or change.of("pairing"):
            self._pairings = self._pairings_by_anchor()
        self._take_up(*self.held_anew(snapshot, change))

    def held_anew(self, snapshot: Snapshot, change: Change) -> tuple[set[Anchor], set[str]]:
        """Return the objects and the persons whose posts a change may alter."""
        anchors: set[Anchor] = set()
        persons: set[str] = set()
        rows: list[Assignment] = []
        for row in change.of("assignment"):
            rows += [one for one in (row.before, row.after) if one is not None]
        for row in change.of("person"):
            persons.add(str(row.key))
            rows += snapshot.linked("assignment", str(row.key))
        for table in ANCHOR_TABLES:
            for row in change.of(table):
                if _lives(row.before) != _lives(row.after):
                    rows += snapshot.linked("assignment", str(row.key))
        for one in rows:
            anchors.add((one.anchor_kind, one.anchor))
            persons.add(one.person)
        return anchors, persons

    def _take_up(self, anchors: set[Anchor], persons: set[str]) -> None:
        """Read the posts of some objects and persons again."""
        if not anchors and not persons:
            return
        self._on, self._of = dict(self._on), dict(self._of)
        linked = self.snapshot.linked
        for kind, anchor in anchors:
            held = [one for one in linked("assignment", anchor) if one.anchor == anchor]
            self._on[kind, anchor] = [
                one for one in held if one.anchor_kind == kind and self._counts(one)
            ]
        for person in persons:
            held = [one for one in linked("assignment", person) if one.person == person]
            self._of[person] = [one for one in held if self._counts(one)]

    def _organizations(self) -> dict[str, Organization]:
        units: list[Organization] = self.holding("organization")
        return {one.uid: one for one in units if self.is_in_mode(one.mode)}

    def _pairings_by_anchor(self) -> Mapping[Anchor, list[Pairing]]:
        found: dict[Anchor, list[Pairing]] = defaultdict(list)
        for pairing in self.holding("pairing"):
            if self.is_in_mode(pairing.mode) and pairing.organization in self.organizations:
                found[pairing.anchor_kind, pairing.anchor].append(pairing)
        return found

    @property
    def scheme(self) -> Scheme:
        """The project's scheme."""
        return self.snapshot.scheme

    def check(self, kind: str) -> Check:
        """Return what holds for a kind of check: the scheme's word, changed by the project's.

        Named sets of checks are for the land; they don't turn these off. Raises: KeyError.
        """
        own = self.once(_own_checks)
        return changed_check(self.scheme.check(kind), own.get(kind, {}))

    def once(self, make: Callable[[StaffBook], T]) -> T:
        """Return what *make* makes of this book, made when first asked for and kept."""
        if make not in self._once:
            self._once[make] = make(self)
        return cast("T", self._once[make])

    # Areas

    def areas(self, level: str) -> Sequence[Area]:
        """Return the living areas of a level by code; listed and stacked ones count."""
        return self.once(_areas_by_level).get(level, ())

    def base_units(self) -> Sequence[Area]:
        """Return the communities and villages by code."""
        return self.areas(BASE_UNIT_LEVEL)

    def households(self, area: Area) -> int | None:
        """Return the households of an area, None when unknown."""
        return households_of(self.snapshot, area)[0]

    # Posts

    def on(self, anchor: str, kind: str = "area") -> Sequence[Assignment]:
        """Return the assignments on an object."""
        return self._on.get((kind, anchor), ())

    def of(self, person: str) -> Sequence[Assignment]:
        """Return the assignments of a person."""
        return self._of.get(person, ())

    def holders(self, anchor: str, post: str, kind: str = "area") -> list[Person]:
        """Return who holds a post of an object, each once, by name."""
        uids = {one.person for one in self.on(anchor, kind) if one.post == post}
        return sorted((self.persons[uid] for uid in uids), key=lambda one: (one.name, one.uid))

    def below(self, area: str) -> Iterable[Assignment]:
        """Yield the assignments on an area and on all areas below it."""
        yield from self.on(area)
        for one in self.snapshot.descendants(area):
            yield from self.on(one.uid)

    def cadres(self) -> frozenset[str]:
        """Return the uids of the persons who hold a cadre's post: persons, not person-times."""
        return self.once(_cadres)

    def holders_of(self, posts: Collection[str]) -> frozenset[str]:
        """Return the uids of the persons who hold one of some posts anywhere."""
        return frozenset(
            person for person, held in self._of.items() if any(one.post in posts for one in held)
        )

    def seats(self, anchor: str, post: Post, kind: str = "area") -> int:
        """Return how many seats a post has on an object: set by hand, else as the scheme says."""
        said = seats_by_hand(self.snapshot, kind, anchor, post.key)
        return post.seats if said is None else said

    # Units

    def pairings_on(self, anchor: str, kind: str = "area") -> Sequence[Pairing]:
        """Return the pairings of an object."""
        return self._pairings.get((kind, anchor), ())

    def pairings(self) -> list[Pairing]:
        """Return all pairings that hold."""
        return [one for found in self._pairings.values() for one in found]

    def party_nodes(self) -> Sequence[PartyNode]:
        """Return the party organisations that exist on the day in the mode."""
        return self.once(_party_nodes)

    def teams(self) -> Sequence[Team]:
        """Return the teams that exist on the day in the mode."""
        return self.once(_teams)

    def facilities(self, area: str) -> Sequence[str]:
        """Return the uids of the facilities and shops of an area."""
        return self.once(_facilities_by_area).get(area, ())

    def sender_of(self, assignment: Assignment) -> str | None:
        """Return the uid of the unit that sends the person there, if any."""
        return assignment.sending_organization or self.persons[assignment.person].organization

    def _counts(self, one: Assignment) -> bool:
        """Return whether an assignment holds on the day in the mode, of a person who is there."""
        return (
            one.person in self.persons
            and one.post in self.posts
            and holds_on(one, self.day)
            and self.is_in_mode(one.mode)
            and self.is_alive(one.anchor_kind, one.anchor)
            and self._is_post_in_mode(self.posts[one.post])
        )

    def is_alive(self, kind: str, anchor: str) -> bool:
        """Return whether what a post stands on is still there."""
        return _lives(self.snapshot.rows(kind).get(anchor))

    def _is_post_in_mode(self, post: Post) -> bool:
        return self.mode is None or not post.modes or self.mode in post.modes

    def is_in_mode(self, mode: str | None) -> bool:
        """Return whether what exists in *mode* (None = all) exists in the book's."""
        return mode is None or self.mode is None or mode == self.mode

    def holding(self, table: str) -> list[Any]:
        """Return the dated rows of a table that hold on the day, by uid."""
        rows = self.snapshot.rows(table)
        return [rows[uid] for uid in sorted(rows) if holds_on(rows[uid], self.day)]


def is_other_place(row: RowChange) -> bool:
    """Return whether the change of an area's row is more than one of its figures or notes."""
    return _place(row.before) != _place(row.after)


def _place(area: Area | None) -> tuple[object, ...] | None:
    if area is None or area.valid_to is not None:
        return None
    return area.level, area.kind, area.parent, area.code, area.name, area.area_class


def _looked_up(
    areas: Mapping[str, Sequence[Area]], snapshot: Snapshot, change: Change
) -> Mapping[str, Sequence[Area]]:
    changed = {row.after.level for row in change.of("area") if row.after is not None}
    rows = snapshot.rows("area")
    return {
        level: [rows[one.uid] for one in found] if level in changed else found
        for level, found in areas.items()
    }


def _lives(row: Any) -> bool:
    return row is not None and getattr(row, "valid_to", None) is None


def _own_checks(book: StaffBook) -> Mapping[str, Mapping[str, Any]]:
    found: Mapping[str, Mapping[str, Any]] = book.snapshot.setting(CHECKS_SETTING, {})
    return found


def _facilities_by_area(book: StaffBook) -> Mapping[str, Sequence[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    points = book.snapshot.rows("point_object")
    for uid in sorted(points):
        if points[uid].area is not None:
            found[points[uid].area].append(uid)
    return found


def _party_nodes(book: StaffBook) -> Sequence[PartyNode]:
    nodes: list[PartyNode] = book.holding("party_node")
    return [node for node in nodes if book.is_in_mode(node.mode)]


def _teams(book: StaffBook) -> Sequence[Team]:
    teams: list[Team] = book.holding("team")
    return [team for team in teams if book.is_in_mode(team.mode)]


def _cadres(book: StaffBook) -> frozenset[str]:
    return book.holders_of({key for key, post in book.posts.items() if post.is_cadre})


def _areas_by_level(book: StaffBook) -> Mapping[str, Sequence[Area]]:
    found: dict[str, list[Area]] = defaultdict(list)
    for area in book.snapshot.areas():
        found[area.level].append(area)
    return {level: sorted(areas, key=_by_code) for level, areas in found.items()}


def _by_code(area: Area) -> tuple[str, str, str]:
    return area.code or "~", area.name, area.uid


def mode_on(snapshot: Snapshot, day: str) -> str | None:
    """Return the mode that a project has on a day: the last switch, else the scheme's first."""
    switches = [one for one in snapshot.rows("mode_switch").values() if one.since <= day]
    if switches:
        last = max(switches, key=lambda one: (one.since, one.revision, one.uid))
        return str(last.mode)
    modes = snapshot.scheme.modes
    return modes[0].key if modes else None
