"""What the persons of a roster change: their fields, the posts they take, those they leave."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from gridadmin.domain.people import Assignment, Person
from gridadmin.domain.scheme import Post
from gridadmin.edit.assign_commands import Anchor
from gridadmin.edit.roster_commands import RosterPerson, RosterPost
from gridadmin.exchange.roster_people import Group
from gridadmin.exchange.roster_places import RosterPlace
from gridadmin.exchange.roster_preview import Ask, Fault, Option
from gridadmin.exchange.roster_rows import Row
from gridadmin.exchange.roster_values import squeezed
from gridadmin.partition.snapshot import Snapshot

_FIELDS = ("role", "batch", "document", "valid_from", "valid_to")
Seat = tuple[str, str]
"""Uid of a place and key of a post."""


@dataclass
class RosterChanges:
    """What good rows change, and how many persons and posts are as they were."""

    persons: list[RosterPerson] = field(default_factory=list)
    posts: list[RosterPost] = field(default_factory=list)
    ends: list[str] = field(default_factory=list)
    persons_new: int = 0
    persons_changed: int = 0
    persons_same: int = 0
    posts_new: int = 0
    posts_changed: int = 0
    posts_same: int = 0


@dataclass
class _Wish:
    """A post that a row gives to its person; *known* is the assignment that says so already."""

    group: Group
    row: Row
    place: RosterPlace
    post: Post
    known: Assignment | None

    @property
    def seat(self) -> Seat:
        return self.place.uid, self.post.key


def changes_of(
    snapshot: Snapshot, groups: Sequence[Group], today: str, answers: Mapping[str, str]
) -> RosterChanges:
    """Return what the good rows change; rows that can't have their post are blamed or asked."""
    work = _Work(snapshot, today, answers)
    wishes = [wish for group in groups for wish in work.wishes(group)]
    work.ask_about_moves(wishes)
    work.fill_seats(wishes)
    return work.changes(groups, wishes)


class _Work:
    def __init__(self, snapshot: Snapshot, today: str, answers: Mapping[str, str]) -> None:
        self._snapshot = snapshot
        self._today = today
        self._answers = answers
        self._of_person: dict[str, list[Assignment]] = defaultdict(list)
        self._on_seat: dict[Seat, list[Assignment]] = defaultdict(list)
        for one in sorted(snapshot.rows("assignment").values(), key=lambda one: str(one.uid)):
            self._of_person[one.person].append(one)
            if self._is_living(one):
                self._on_seat[one.anchor, one.post].append(one)
        self._seats = {
            (row.anchor, row.post): int(row.seats) for row in snapshot.rows("post_seat").values()
        }
        self._ends: dict[str, list[Row]] = {}

    def wishes(self, group: Group) -> Iterator[_Wish]:
        """Yield the posts of a person; a second row that says the same is blamed."""
        said: dict[Seat | None, str] = {}
        for row in group.rows:
            place = row.place
            seats: list[Seat | None] = [
                (place.uid, post.key) for post in row.posts if place is not None
            ] or [None]
            again = [said[seat] for seat in seats if seat in said]
            if again and not row.asks:
                row.blame(Fault("name", "roster.duplicate_row", {"row": again[0]}))
                continue
            said.update(dict.fromkeys(seats, row.ref))
            for post in row.posts:
                if row.place is not None:
                    known = self._known(group.known, row, post)
                    yield _Wish(group, row, row.place, post, known)

    def _known(self, person: Person | None, row: Row, post: Post) -> Assignment | None:
        """Return the assignment that a row is about: of its term, else the one that holds now."""
        if person is None or row.place is None:
            return None
        same = [
            one
            for one in self._of_person[person.uid]
            if (one.anchor, one.post) == (row.place.uid, post.key)
        ]
        begins, ends = row.values.get("valid_from"), row.values.get("valid_to")
        for one in same:
            if begins is not None and one.valid_from == begins:
                return one
        if ends is not None and ends <= self._today:
            return next((one for one in same if one.valid_to == ends), None)
        return next((one for one in same if self._is_living(one)), None)

    def ask_about_moves(self, wishes: Sequence[_Wish]) -> None:
        """Ask whether somebody who has the same post elsewhere leaves it, or holds both."""
        listed = {(wish.group.key, wish.seat) for wish in wishes}
        for wish in wishes:
            person = wish.group.known
            if person is None or wish.known is not None or self._is_over(wish.row):
                continue
            elsewhere = [
                one
                for one in self._of_person[person.uid]
                if one.post == wish.post.key
                and self._is_living(one)
                and (wish.group.key, (one.anchor, one.post)) not in listed
            ]
            for one in elsewhere:
                ask = Ask(
                    "name",
                    "move",
                    f"{person.name} {wish.post.zh}",
                    f"{self._name_of(one)} → {wish.place.name}",
                    (Option("move", self._name_of(one)), Option("both", wish.place.name)),
                )
                answer = ask.answer(self._answers)
                if answer is None:
                    wish.row.asks.append(ask)
                elif answer == "move":
                    self._ends.setdefault(one.uid, []).append(wish.row)

    def fill_seats(self, wishes: Sequence[_Wish]) -> None:
        """Blame or ask rows that would put more people on a post than it may have."""
        taken: dict[Seat, list[_Wish]] = defaultdict(list)
        for wish in wishes:
            if not wish.row.is_good or self._is_over(wish.row):
                continue
            most = self._most(wish)
            if most is None or wish.known is not None:
                continue
            standing = self._standing(wish.seat)
            if len(standing) + len(taken[wish.seat]) >= most:
                self._crowded(wish, standing, taken[wish.seat], most)
            if wish.row.is_good:
                taken[wish.seat].append(wish)

    def _crowded(
        self, wish: _Wish, standing: Sequence[Assignment], taken: Sequence[_Wish], most: int
    ) -> None:
        params = {"post": wish.post.zh, "area": wish.place.name, "most": most}
        if taken and len(taken) >= most:
            row = taken[0].row.ref
            wish.row.blame(Fault("post", "roster.post_taken", {**params, "row": row}))
            return
        if not standing:
            return
        holder = standing[0]
        name = self._snapshot.rows("person")[holder.person].name
        ask = Ask(
            "post",
            "holder",
            f"{wish.place.name} {wish.post.zh}",
            f"{name} → {wish.row.name}",
            (Option("replace", f"{name} → {wish.row.name}"),),
        )
        if ask.answer(self._answers) is None:
            wish.row.asks.append(ask)
        else:
            self._ends.setdefault(holder.uid, []).append(wish.row)

    def _most(self, wish: _Wish) -> int | None:
        if wish.post.most is None:
            return None
        return max(wish.post.most, self._seats.get(wish.seat, wish.post.seats))

    def _standing(self, seat: Seat) -> list[Assignment]:
        return [
            one
            for one in self._on_seat[seat]
            if not any(row.is_good for row in self._ends.get(one.uid, ()))
        ]

    def changes(self, groups: Sequence[Group], wishes: Sequence[_Wish]) -> RosterChanges:
        """Return what is to be written of the rows that are good."""
        found = RosterChanges()
        by_group: dict[tuple[str, ...], list[_Wish]] = defaultdict(list)
        for wish in wishes:
            if wish.row.is_good:
                by_group[wish.group.key].append(wish)
        for group in groups:
            good = [row for row in group.rows if row.is_good]
            if good:
                self._take_person(found, group, good, by_group[group.key])
        found.ends = [uid for uid, rows in self._ends.items() if any(row.is_good for row in rows)]
        return found

    def _take_person(
        self, found: RosterChanges, group: Group, good: Sequence[Row], wishes: Iterable[_Wish]
    ) -> None:
        values: dict[str, Any] = {}
        for row in good:
            for name in group.values:
                if row.values.get(name) is not None:
                    values.setdefault(name, row.values[name])
        unit = next((row.unit.key for row in good if row.unit is not None), None)
        if unit is not None:
            values["organization"] = unit
        person = group.known
        if person is not None:
            if squeezed(person.name) == squeezed(values["name"]):
                # Blanks between the signs of a name are the project's own affair.
                del values["name"]
            values = {name: to for name, to in values.items() if getattr(person, name) != to}
        found.persons_new += person is None
        found.persons_changed += person is not None and bool(values)
        found.persons_same += person is not None and not values
        ref = good[0].ref
        found.persons.append(RosterPerson(ref, values, None if person is None else person.uid))
        for wish in wishes:
            self._take_post(found, ref, unit, wish)

    def _take_post(self, found: RosterChanges, ref: str, unit: str | None, wish: _Wish) -> None:
        row = wish.row
        values = {name: row.values[name] for name in _FIELDS if row.values.get(name) is not None}
        if row.unit is not None and row.unit.key != unit:
            values["sending_organization"] = row.unit.key
        known = wish.known
        if known is not None:
            values = {name: to for name, to in values.items() if getattr(known, name) != to}
        found.posts_new += known is None
        found.posts_changed += known is not None and bool(values)
        found.posts_same += known is not None and not values
        if known is None or values:
            table, at = wish.place.table, wish.place.uid
            anchor = Anchor(area=at) if table == "area" else Anchor(table=table, uid=at)
            uid = None if known is None else known.uid
            found.posts.append(RosterPost(ref, anchor, wish.post.key, values, uid))

    def _is_living(self, one: Assignment) -> bool:
        return one.valid_to is None or one.valid_to > self._today

    def _is_over(self, row: Row) -> bool:
        ends = row.values.get("valid_to")
        return ends is not None and ends <= self._today

    def _name_of(self, one: Assignment) -> str:
        row = self._snapshot.rows(one.anchor_kind).get(one.anchor)
        return str(getattr(row, "name", None) or one.anchor)
