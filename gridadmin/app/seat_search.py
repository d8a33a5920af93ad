"""Which seats a filter lets through: by state, place, post, and what one types for names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from gridadmin.app.area_search import folded
from gridadmin.app.pinyin import keys_of, pattern_of
from gridadmin.domain.people import Organization, Person
from gridadmin.staffing.seats import Seat, SeatRoll, SeatState

_BREAK = "\n"


@dataclass(frozen=True)
class SeatFilter:
    """Which seats are wanted; what is empty or None lets everything through.

    ``areas`` are uids: seats on these alone (a person without a post then is left out).
    """

    state: SeatState | None = None
    typed: str = ""
    post: str = ""
    organization: str = ""
    areas: frozenset[str] | None = None


@dataclass
class Spellings:
    """What finds a name, worked out once for each name; kept from one roll to the next."""

    _known: dict[str, tuple[str, str]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self._known)

    def of(self, name: str) -> tuple[str, str]:
        """Return the text that holds a typed word for *name*, and its syllables."""
        known = self._known.get(name)
        if known is None:
            plain = folded(name)
            keys = keys_of(plain)
            known = self._known[name] = f"{plain}{_BREAK}{keys.initials}", keys.full
        return known


class SeatSearch:
    """Looks through the seats of a roll; quick enough for every keystroke."""

    def __init__(self, roll: SeatRoll, spellings: Spellings) -> None:
        self._roll = roll
        self._spellings = spellings
        self._parts = [(seat, self._parts_of(seat)) for seat in roll.seats]
        self._keys_by_name: dict[str, list[str]] = {}
        for key, names in self._names():
            for name in names:
                if name:
                    self._keys_by_name.setdefault(name, []).append(key)
        self._spelled: list[tuple[str, str, tuple[str, ...]]] | None = None
        self._posts: list[tuple[str, str, str]] = []

    def __len__(self) -> int:
        return len(self._parts)

    @property
    def is_spelled(self) -> bool:
        """Whether pinyin finds anything yet; until then names are found as they are written."""
        return self._spelled is not None

    def spell(self) -> None:
        """Work out how all names are typed in Latin letters; takes a second for very many."""
        spell = self._spellings.of
        self._posts = [
            (*spell(name), post.key)
            for post in self._roll.book.posts.values()
            for name in (post.zh, post.en)
        ]
        self._spelled = [(*spell(name), tuple(keys)) for name, keys in self._keys_by_name.items()]

    def find(self, by: SeatFilter) -> list[Seat]:
        """Return the seats that pass, in the order of the roll."""
        found = self._parts
        if by.state is not None:
            found = [one for one in found if one[0].state is by.state]
        if by.areas is not None:
            within = by.areas
            found = [one for one in found if one[1][1] in within]
        if by.post:
            found = [one for one in found if one[0].post and one[0].post.key == by.post]
        if by.organization:
            found = [one for one in found if self._unit(one[0]) == by.organization]
        for word in folded(by.typed).split():
            hits = self._fitting(word)
            found = [one for one in found if not hits.isdisjoint(one[1])]
        return [seat for seat, _ in found]

    def persons(self, typed: str, limit: int) -> list[Person]:
        """Return the persons whose own names *typed* may mean; other words may name their unit."""
        book = self._roll.book
        words = [self._fitting(word) for word in folded(typed).split()]
        found: list[Person] = []
        for uid, person in book.persons.items() if words else ():
            parts = {uid, person.organization or ""}
            is_own = any(uid in hits for hits in words)
            if is_own and all(not hits.isdisjoint(parts) for hits in words):
                found.append(person)
        # Names that begin, written or spoken, as one typed come first.
        start = [*folded(typed).split(), ""][0]
        begins = re.compile(pattern_of(start)).match
        found.sort(
            key=lambda one: (
                not folded(one.name).startswith(start)
                and begins(self._spellings.of(one.name)[1]) is None,
                one.name,
                one.uid,
            )
        )
        return found[:limit]

    def units(self, typed: str, limit: int) -> list[Organization]:
        """Return the units that *typed* may mean."""
        words = [self._fitting(word) for word in folded(typed).split()]
        units = self._roll.book.organizations.values() if words else ()
        found = [one for one in units if all(one.uid in hits for hits in words)]
        return sorted(found, key=lambda one: (one.name, one.uid))[:limit]

    def _names(self) -> Iterable[tuple[str, Sequence[str]]]:
        """Yield everything that can be typed for something: its key and its names."""
        book = self._roll.book
        for uid, person in book.persons.items():
            yield uid, (person.name, person.staff_number or "", person.job_title or "")
        for uid, unit in book.organizations.items():
            yield uid, (unit.name,)
        areas = {seat.area.uid: seat.area for seat in self._roll.seats if seat.area is not None}
        areas |= {area.uid: area for area in self._roll.base_unit_of.values()}
        for uid, area in areas.items():
            yield uid, (area.name, area.code or "")
        others = {seat.anchor for seat in self._roll.seats if seat.area is None and seat.anchor}
        for table, uid in sorted(others):
            row = book.snapshot.rows(table).get(uid)
            if row is not None and row.name:
                yield uid, (row.name,)

    def _parts_of(self, seat: Seat) -> tuple[str, ...]:
        area, person, post = self._roll.area_of(seat), seat.person, seat.post
        unit = self._roll.base_unit_of.get(area.uid) if area is not None else None
        return (
            "" if person is None else person.uid,
            "" if area is None else area.uid,
            "" if unit is None else unit.uid,
            "" if seat.anchor is None else seat.anchor[1],
            "" if post is None else post.key,
            self._unit(seat),
        )

    def _unit(self, seat: Seat) -> str:
        if seat.assignment is not None:
            return self._roll.book.sender_of(seat.assignment) or ""
        return "" if seat.person is None else seat.person.organization or ""

    def _fitting(self, word: str) -> set[str]:
        """Return the keys of everything that a word may mean."""
        spelled = self._spelled
        if spelled is None:
            return self._written(word)
        if not word.isascii() or word.isdigit():
            hits = {key for text, _, keys in spelled if word in text for key in keys}
            return hits | {key for text, _, key in self._posts if word in text}
        sounds = re.compile(pattern_of(word))
        search, begins = sounds.search, sounds.match
        hits = {key for text, full, keys in spelled if word in text or search(full) for key in keys}
        # The sound of a post from its beginning alone: every chief's post ends like a surname.
        return hits | {key for text, full, key in self._posts if word in text or begins(full)}

    def _written(self, word: str) -> set[str]:
        posts = self._roll.book.posts.values()
        hits = {
            key
            for name, keys in self._keys_by_name.items()
            if word in name.casefold()
            for key in keys
        }
        return hits | {post.key for post in posts if word in post.zh or word in post.en.casefold()}


def counts_by_state(seats: Iterable[Seat]) -> Mapping[SeatState, int]:
    """Return how many seats are in each state."""
    found = dict.fromkeys(SeatState, 0)
    for seat in seats:
        found[seat.state] += 1
    return found
