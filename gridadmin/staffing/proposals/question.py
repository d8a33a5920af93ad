"""The question that a book of people asks: who may move, where seats are, what stays as it is.

Asked are posts that some area must fill, and all cadres' posts. A person on such a post may take
the same post elsewhere; a person without any post may take those that the scheme has for people
like that. Who has a locked seat, or several of the seats that are asked about, stays.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

import numpy as np

from gridadmin.domain.people import Assignment, Person, is_party_member
from gridadmin.domain.scheme import Post
from gridadmin.partition.snapshot import Snapshot
from gridadmin.staffing.anchors import PostObject, Stand, area_of
from gridadmin.staffing.book import BASE_UNIT_LEVEL, StaffBook
from gridadmin.staffing.candidates import middle_of
from gridadmin.staffing.needs import object_needs, required_seats
from gridadmin.staffing.proposals.task import NONE, Doors, Places, Rows, Task
from gridadmin.staffing.seats import base_units_of

PARTY_WORD = "党员"
_UNKNOWN = (float("nan"), float("nan"))


@dataclass(frozen=True, slots=True)
class Seeker:
    """A person who may be given a seat; ``assignment`` is the seat that the person has."""

    person: Person
    posts: tuple[str, ...]
    assignment: Assignment | None = None


@dataclass(frozen=True, slots=True)
class Door:
    """A post on an area, or on a street, shop or other object."""

    area: Stand
    post: Post
    required: int


@dataclass(frozen=True)
class Question:
    """The task in numbers, and what its rows and doors stand for."""

    book: StaffBook
    task: Task
    seekers: tuple[Seeker, ...]
    doors: tuple[Door, ...]
    kept: tuple[Assignment, ...] = field(default=())
    """Assignments on these posts that stay as they are."""
    unplaced: tuple[Person, ...] = field(default=())
    """Persons without a post of whom the scheme doesn't say what they may do."""


def question_of(book: StaffBook, posts: Collection[str] | None = None) -> Question:
    """Return the question of a book, about some posts (their keys) or all that can be asked."""
    return _Asker(book, posts).question()


def posts_open_to(person: Person, posts: Collection[Post]) -> tuple[str, ...]:
    """Return which posts a person without one may take, by kind of roster line, else by origin.

    A kind of roster line that is the key of a post means that post; one that ends with ``cadre``
    means cadres' posts. Without one, a person fits where the scheme takes people of that origin
    (party members too), and an official of a unit fits cadres' posts. Cadres' posts of which an
    area may have only so many and needs none, such as the first secretary, are never offered.
    """
    able = [post for post in posts if not post.ranks or person.rank in post.ranks]
    for_cadres = tuple(post.key for post in able if post.is_cadre and _is_offered(post))
    if person.roster_kind is not None:
        own = tuple(post.key for post in able if post.key == person.roster_kind)
        return own or (for_cadres if person.roster_kind.endswith("cadre") else ())
    if person.organization is not None and person.rank is not None:
        return for_cadres
    origins = {person.recruited_from, person.job_title}
    if is_party_member(person):
        origins.add(PARTY_WORD)
    return tuple(post.key for post in able if origins & set(post.filled_from))


def _is_offered(post: Post) -> bool:
    return post.most is None or post.seats > 0


class _Asker:
    def __init__(self, book: StaffBook, posts: Collection[str] | None) -> None:
        self.book = book
        self.snapshot: Snapshot = book.snapshot
        self.unit_of = base_units_of(book)
        self.posts = [post for post in self._asked() if posts is None or post.key in posts]
        self.keys = {post.key for post in self.posts}
        self._former: dict[str, set[str]] = {}
        for one in self.snapshot.rows("assignment").values():
            self._former.setdefault(one.person, set()).add(one.post)
        self.doors: list[Door] = []
        self.number: dict[tuple[str, str], int] = {}
        self.places: list[int] = []
        self.units = [unit.uid for unit in book.base_units()]
        self.pairing_units = self._pairing_units()

    def _asked(self) -> Iterator[Post]:
        seated = {row.post for row in self.snapshot.rows("post_seat").values()}
        ratio = {"grid_member"} if self.book.check("member_ratio").on else set()
        for post in self.book.scheme.posts:
            if post.modes and self.book.mode is not None and self.book.mode not in post.modes:
                continue
            is_cover = post.is_cadre and BASE_UNIT_LEVEL in post.levels
            if is_cover or post.seats or post.key in seated | ratio:
                yield post

    def _pairing_units(self) -> dict[str, int]:
        """Return the units that are paired with any base unit; others can't be in a wrong place."""
        found = {p.organization for unit in self.units for p in self.book.pairings_on(unit)}
        return {uid: number for number, uid in enumerate(sorted(found))}

    def question(self) -> Question:
        self._cadre_doors()
        self._other_doors()
        self._object_doors()
        held, kept = self._held()
        seekers = [*held, *self._free()]
        unplaced = tuple(self._unplaced())
        task = Task(self._rows(seekers), self._doors(seekers, kept), self._places(kept))
        return Question(self.book, task, tuple(seekers), tuple(self.doors), tuple(kept), unplaced)

    # Doors

    def _cadre_doors(self) -> None:
        for place, unit in enumerate(self.book.base_units()):
            for post in self.book.scheme.posts_on(unit.level, unit.kind, self.book.mode):
                if post.is_cadre and post.key in self.keys:
                    self._add(Door(unit, post, required_seats(self.book, unit, post)), place)

    def _other_doors(self) -> None:
        others = [post for post in self.posts if not post.is_cadre]
        for level in dict.fromkeys(level for post in others for level in post.levels):
            for area in self.book.areas(level):
                for post in self.book.scheme.posts_on(area.level, area.kind, self.book.mode):
                    if post.is_cadre or post.key not in self.keys:
                        continue
                    required = required_seats(self.book, area, post)
                    if required or any(one.post == post.key for one in self.book.on(area.uid)):
                        self._add(Door(area, post, required), len(self.units) + len(self.doors))

    def _object_doors(self) -> None:
        """Add the posts of streets, shops, clusters and the like that have to be filled, or are."""
        for need in object_needs(self.book):
            if need.post.is_cadre or need.post.key not in self.keys:
                continue
            area = area_of(self.snapshot, need.table, need.uid)
            stand = PostObject(need.table, need.uid, need.name, need.level, area)
            place = len(self.units) + len(self.doors)
            self._add(Door(stand, need.post, need.required), place)

    def _add(self, door: Door, place: int) -> None:
        self.number[door.area.uid, door.post.key] = len(self.doors)
        self.doors.append(door)
        self.places.append(place)

    def _door_of(self, one: Assignment) -> int:
        """Return the door of an assignment; a cadre in a grid belongs to the base unit."""
        area = one.anchor
        if self.book.posts[one.post].is_cadre and area in self.unit_of:
            area = self.unit_of[area].uid
        return self.number.get((area, one.post), NONE)

    # Rows

    def _held(self) -> tuple[list[Seeker], list[Assignment]]:
        seekers, kept = [], []
        for person in sorted(self.book.persons.values(), key=_order):
            asked = [one for one in self.book.of(person.uid) if one.post in self.keys]
            for one in asked:
                is_free = len(asked) == 1 and not one.is_locked and self._door_of(one) != NONE
                if is_free:
                    seekers.append(Seeker(person, (one.post,), one))
                else:
                    kept.append(one)
        return seekers, kept

    def _free(self) -> Iterator[Seeker]:
        for person in sorted(self.book.persons.values(), key=_order):
            if not self.book.of(person.uid):
                posts = self._open_to(person)
                if posts:
                    yield Seeker(person, posts)

    def _unplaced(self) -> Iterator[Person]:
        for person in sorted(self.book.persons.values(), key=_order):
            if not self.book.of(person.uid) and not self._open_to(person):
                yield person

    def _open_to(self, person: Person) -> tuple[str, ...]:
        """Return which posts a person without one may take: what he held before, if nothing else.

        The scheme takes whom it did; somebody whose term ended is the first to be asked again.
        """
        posts = posts_open_to(person, self.posts)
        if posts or person.roster_kind is not None:
            return posts
        return tuple(
            post.key for post in self.posts if post.key in self._former.get(person.uid, ())
        )

    def _rows(self, seekers: list[Seeker]) -> Rows:
        kinds = {posts: number for number, posts in enumerate(_kinds(seekers))}
        homes = [NONE if s.assignment is None else self._door_of(s.assignment) for s in seekers]
        return Rows(
            np.array([kinds[seeker.posts] for seeker in seekers], dtype=np.int64),
            np.array([self._unit_number(seeker) for seeker in seekers], dtype=np.int64),
            np.array(homes, dtype=np.int64),
            self._points(
                [self._start(seeker, home) for seeker, home in zip(seekers, homes, strict=True)]
            ),
        )

    def _unit_number(self, seeker: Seeker) -> int:
        if seeker.assignment is not None:
            sender = self.book.sender_of(seeker.assignment)
        else:
            sender = seeker.person.organization
        return NONE if sender is None else self.pairing_units.get(sender, NONE)

    def _start(self, seeker: Seeker, home: int) -> str | None:
        """Return the area from which ways are measured: the present one, else the unit's."""
        if home != NONE:
            return _lies_in(self.doors[home].area)
        unit = self.book.organizations.get(seeker.person.organization or "")
        return None if unit is None else unit.area

    def _points(self, areas: list[str | None]) -> np.ndarray:
        known: dict[str, tuple[float, float]] = {}
        for uid in dict.fromkeys(areas):
            if uid is not None:
                known[uid] = self._point(uid)
        points = [_UNKNOWN if uid is None else known[uid] for uid in areas]
        return np.array(points, dtype=np.float64).reshape(-1, 2)

    def _point(self, uid: str) -> tuple[float, float]:
        """Return the middle of an area; a listed one lies where the nearest drawn one above is."""
        if uid not in self.snapshot.rows("area"):
            return _UNKNOWN
        for one in (self.snapshot.area(uid), *self.snapshot.ancestors(uid)):
            if self.snapshot.level_rank(one.level) < self.snapshot.level_rank(BASE_UNIT_LEVEL):
                break
            middle = middle_of(self.snapshot, one.uid)
            if middle is not None:
                return middle
        return middle_of(self.snapshot, uid) or _UNKNOWN

    # In numbers

    def _doors(self, seekers: list[Seeker], kept: list[Assignment]) -> Doors:
        count = len(self.doors)
        gated = np.array([_is_gated(door) for door in self.doors], dtype=bool)
        required = np.array([door.required for door in self.doors], dtype=np.int64)
        most = np.array([_most(door, count=len(seekers)) for door in self.doors], dtype=np.int64)
        taken = np.zeros(count, dtype=np.int64)
        for one in kept:
            if self._door_of(one) != NONE:
                taken[self._door_of(one)] += 1
        paired = np.zeros((len(self.pairing_units), count), dtype=bool)
        is_cadre = np.array([door.post.is_cadre for door in self.doors], dtype=bool)
        for number, door in enumerate(self.doors):
            for pairing in self.book.pairings_on(door.area.uid) if is_cadre[number] else ():
                paired[self.pairing_units[pairing.organization], number] = True
        return Doors(
            np.array(self.places, dtype=np.int64),
            self._opens(seekers),
            paired,
            is_cadre if self.pairing_units else np.zeros(count, dtype=bool),
            self._points([_lies_in(door.area) for door in self.doors]),
            np.where(gated, required, NONE),
            np.where(gated, most, NONE),
            np.where(gated, taken, 0),
        )

    def _opens(self, seekers: list[Seeker]) -> np.ndarray:
        kinds = list(_kinds(seekers))
        opens = np.zeros((len(kinds), len(self.doors)), dtype=bool)
        free = {seeker.posts for seeker in seekers if seeker.assignment is None}
        for number, posts in enumerate(kinds):
            seen: set[int] = set()
            for nth, door in enumerate(self.doors):
                if door.post.key not in posts:
                    continue
                # Of several posts that share the slots of a place, the scheme's first is enough.
                is_direct = not _is_gated(door)
                if posts in free and is_direct and self.places[nth] in seen:
                    continue
                if is_direct:
                    seen.add(self.places[nth])
                opens[number, nth] = True
        return opens

    def _places(self, kept: list[Assignment]) -> Places:
        count = max([len(self.units) - 1, *self.places]) + 1
        taken = np.zeros(count, dtype=np.int64)
        units = {uid: number for number, uid in enumerate(self.units)}
        for one in kept:
            number = self._door_of(one)
            if number != NONE:
                taken[self.places[number]] += 1
            elif self.book.posts[one.post].is_cadre and one.anchor in self.unit_of:
                taken[units[self.unit_of[one.anchor].uid]] += 1
        required = np.zeros(count, dtype=np.int64)
        most = np.full(count, NONE, dtype=np.int64)
        for number, door in enumerate(self.doors):
            if not door.post.is_cadre:
                required[self.places[number]] = door.required
                most[self.places[number]] = (
                    NONE if door.post.most is None else max(door.post.most, door.required)
                )
        is_cover = np.arange(count) < len(self.units)
        has_cadres = any(door.post.is_cadre for door in self.doors)
        return Places(taken, required, most, is_cover & has_cadres)


def _lies_in(stand: Stand) -> str | None:
    """Return the uid of the area from which ways to a post are measured."""
    return stand.area if isinstance(stand, PostObject) else stand.uid


def _kinds(seekers: list[Seeker]) -> dict[tuple[str, ...], None]:
    return dict.fromkeys(seeker.posts for seeker in seekers)


def _is_gated(door: Door) -> bool:
    return door.post.is_cadre and (door.post.most is not None or door.required > 0)


def _most(door: Door, count: int) -> int:
    """Return how many may pass a gate; any number is as many as there are persons."""
    return count if door.post.most is None else max(door.post.most, door.required)


def _order(person: Person) -> tuple[str, str, str]:
    return person.staff_number or "~", person.name, person.uid
