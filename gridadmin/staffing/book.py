"""Who holds which post, which unit is paired with which place, on one day in one mode."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar, cast

from gridadmin.domain.check_settings import CHECKS_SETTING, changed_check
from gridadmin.domain.model import Area
from gridadmin.domain.people import (
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
        self.mode = mode_on(snapshot, day) if mode is None else mode
        self.posts: Mapping[str, Post] = {post.key: post for post in snapshot.scheme.posts}
        self.persons: Mapping[str, Person] = {
            person.uid: person for person in self.holding("person")
        }
        self.organizations: Mapping[str, Organization] = {
            one.uid: one for one in self.holding("organization") if self.is_in_mode(one.mode)
        }
        self._on: dict[Anchor, list[Assignment]] = defaultdict(list)
        self._of: dict[str, list[Assignment]] = defaultdict(list)
        for assignment in self._assignments():
            self._on[assignment.anchor_kind, assignment.anchor].append(assignment)
            self._of[assignment.person].append(assignment)
        self._pairings: dict[Anchor, list[Pairing]] = defaultdict(list)
        for pairing in self.holding("pairing"):
            if self.is_in_mode(pairing.mode) and pairing.organization in self.organizations:
                self._pairings[pairing.anchor_kind, pairing.anchor].append(pairing)
        self._once: dict[Any, Any] = {}

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

    def held(self, post: str) -> Mapping[Anchor, set[str]]:
        """Return who holds a post, by what it stands on."""
        return self.once(_holders_by_post).get(post, {})

    def below(self, area: str) -> Iterable[Assignment]:
        """Yield the assignments on an area and on all areas below it."""
        yield from self.on(area)
        for one in self.snapshot.descendants(area):
            yield from self.on(one.uid)

    def cadres(self) -> set[str]:
        """Return the uids of the persons who hold a cadre's post: persons, not person-times."""
        return {
            person
            for person, held in self._of.items()
            if any(self.posts[one.post].is_cadre for one in held)
        }

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

    def sender_of(self, assignment: Assignment) -> str | None:
        """Return the uid of the unit that sends the person there, if any."""
        return assignment.sending_organization or self.persons[assignment.person].organization

    def _assignments(self) -> list[Assignment]:
        return [
            one
            for one in self.holding("assignment")
            if one.person in self.persons
            and one.post in self.posts
            and self.is_in_mode(one.mode)
            and self._is_alive(one.anchor_kind, one.anchor)
            and self._is_post_in_mode(self.posts[one.post])
        ]

    def _is_alive(self, kind: str, anchor: str) -> bool:
        row = self.snapshot.rows(kind).get(anchor)
        return row is not None and getattr(row, "valid_to", None) is None

    def _is_post_in_mode(self, post: Post) -> bool:
        return self.mode is None or not post.modes or self.mode in post.modes

    def is_in_mode(self, mode: str | None) -> bool:
        """Return whether what exists in *mode* (None = all) exists in the book's."""
        return mode is None or self.mode is None or mode == self.mode

    def holding(self, table: str) -> list[Any]:
        """Return the dated rows of a table that hold on the day, by uid."""
        rows = self.snapshot.rows(table)
        return [rows[uid] for uid in sorted(rows) if holds_on(rows[uid], self.day)]


def _own_checks(book: StaffBook) -> Mapping[str, Mapping[str, Any]]:
    found: Mapping[str, Mapping[str, Any]] = book.snapshot.setting(CHECKS_SETTING, {})
    return found


def _holders_by_post(book: StaffBook) -> Mapping[str, Mapping[Anchor, set[str]]]:
    found: dict[str, dict[Anchor, set[str]]] = defaultdict(lambda: defaultdict(set))
    for person in book.persons:
        for one in book.of(person):
            found[one.post][one.anchor_kind, one.anchor].add(person)
    return found


def _party_nodes(book: StaffBook) -> Sequence[PartyNode]:
    nodes: list[PartyNode] = book.holding("party_node")
    return [node for node in nodes if book.is_in_mode(node.mode)]


def _teams(book: StaffBook) -> Sequence[Team]:
    teams: list[Team] = book.holding("team")
    return [team for team in teams if book.is_in_mode(team.mode)]


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
