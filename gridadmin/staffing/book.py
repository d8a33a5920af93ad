"""Who holds which post, which unit is paired with which place, on one day in one mode."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from gridadmin.domain.model import Area
from gridadmin.domain.people import Assignment, Organization, Pairing, Person, holds_on
from gridadmin.domain.scheme import Post, Scheme
from gridadmin.partition.figures import households_of
from gridadmin.partition.snapshot import Snapshot

BASE_UNIT_LEVEL = "community"
"""Communities and villages stand on the same level; both are base units."""

Anchor = tuple[str, str]
"""A logged table and a uid in it."""


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
            person.uid: person for person in self._holding("person")
        }
        self.organizations: Mapping[str, Organization] = {
            one.uid: one for one in self._holding("organization") if self._is_in_mode(one.mode)
        }
        self._on: dict[Anchor, list[Assignment]] = defaultdict(list)
        self._of: dict[str, list[Assignment]] = defaultdict(list)
        for assignment in self._assignments():
            self._on[assignment.anchor_kind, assignment.anchor].append(assignment)
            self._of[assignment.person].append(assignment)
        self._pairings: dict[Anchor, list[Pairing]] = defaultdict(list)
        for pairing in self._holding("pairing"):
            if self._is_in_mode(pairing.mode) and pairing.organization in self.organizations:
                self._pairings[pairing.anchor_kind, pairing.anchor].append(pairing)
        self._seats = {
            (row.anchor_kind, row.anchor, row.post): row.seats
            for row in snapshot.rows("post_seat").values()
        }

    @property
    def scheme(self) -> Scheme:
        """The project's scheme."""
        return self.snapshot.scheme

    # Areas

    def areas(self, level: str) -> list[Area]:
        """Return the living areas of a level by code; listed and stacked ones count."""
        found = [area for area in self.snapshot.areas() if area.level == level]
        return sorted(found, key=lambda area: (area.code or "~", area.name, area.uid))

    def base_units(self) -> list[Area]:
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

    def cadres(self) -> set[str]:
        """Return the uids of the persons who hold a cadre's post: persons, not person-times."""
        return {
            person
            for person, held in self._of.items()
            if any(self.posts[one.post].is_cadre for one in held)
        }

    def seats(self, anchor: str, post: Post, kind: str = "area") -> int:
        """Return how many seats a post has on an object: set by hand, else as the scheme says."""
        found: int = self._seats.get((kind, anchor, post.key), post.seats)
        return found

    # Units

    def pairings_on(self, anchor: str, kind: str = "area") -> Sequence[Pairing]:
        """Return the pairings of an object."""
        return self._pairings.get((kind, anchor), ())

    def pairings(self) -> list[Pairing]:
        """Return all pairings that hold."""
        return [one for found in self._pairings.values() for one in found]

    def sender_of(self, assignment: Assignment) -> str | None:
        """Return the uid of the unit that sends the person there, if any."""
        return assignment.sending_organization or self.persons[assignment.person].organization

    def _assignments(self) -> list[Assignment]:
        return [
            one
            for one in self._holding("assignment")
            if one.person in self.persons
            and one.post in self.posts
            and self._is_in_mode(one.mode)
            and self._is_alive(one.anchor_kind, one.anchor)
            and self._is_post_in_mode(self.posts[one.post])
        ]

    def _is_alive(self, kind: str, anchor: str) -> bool:
        row = self.snapshot.rows(kind).get(anchor)
        return row is not None and getattr(row, "valid_to", None) is None

    def _is_post_in_mode(self, post: Post) -> bool:
        return self.mode is None or not post.modes or self.mode in post.modes

    def _is_in_mode(self, mode: str | None) -> bool:
        return mode is None or self.mode is None or mode == self.mode

    def _holding(self, table: str) -> list[Any]:
        rows = self.snapshot.rows(table)
        return [rows[uid] for uid in sorted(rows) if holds_on(rows[uid], self.day)]


def mode_on(snapshot: Snapshot, day: str) -> str | None:
    """Return the mode that a project has on a day: the last switch, else the scheme's first."""
    switches = [one for one in snapshot.rows("mode_switch").values() if one.since <= day]
    if switches:
        last = max(switches, key=lambda one: (one.since, one.revision, one.uid))
        return str(last.mode)
    modes = snapshot.scheme.modes
    return modes[0].key if modes else None
