"""How the people differ between two books: days of one project, or its two modes.

A person who leaves a post and takes another of the same kind has *moved*; what else is there only
before has ended, what is there only after has begun.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from gridadmin.domain.people import Assignment, Organization, Pairing, Person, Team
from gridadmin.staffing.book import StaffBook


class What(StrEnum):
    """What became of a post or link."""

    BEGUN = "begun"
    ENDED = "ended"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class PostChange:
    """One person's post: what it was, what it is; one of them None unless the person moved."""

    what: What
    person: Person
    before: Assignment | None
    after: Assignment | None


@dataclass(frozen=True, slots=True)
class PairingChange:
    """A unit and a place that are linked only before, or only after."""

    what: What
    pairing: Pairing


@dataclass(frozen=True, slots=True)
class BodyChange:
    """An organization or team that exists only before, or only after."""

    what: What
    body: Organization | Team


@dataclass(frozen=True)
class StaffChanges:
    """All that differs; persons who came or left the roster apart from posts."""

    joined: tuple[Person, ...]
    left: tuple[Person, ...]
    posts: tuple[PostChange, ...]
    pairings: tuple[PairingChange, ...]
    bodies: tuple[BodyChange, ...]


def changes_between(before: StaffBook, after: StaffBook) -> StaffChanges:
    """Return how *after* differs from *before*."""
    rows = after.snapshot.rows("person")
    known = {**{uid: rows[uid] for uid in before.persons if uid in rows}, **after.persons}
    return StaffChanges(
        tuple(_by_name(after.persons[uid] for uid in set(after.persons) - set(before.persons))),
        tuple(_by_name(before.persons[uid] for uid in set(before.persons) - set(after.persons))),
        tuple(
            change
            for person in _by_name(known.values())
            for change in _posts(person, before.of(person.uid), after.of(person.uid))
        ),
        tuple(_pairings(before, after)),
        tuple(_bodies(before, after)),
    )


def _by_name(persons: Iterable[Person]) -> list[Person]:
    return sorted(persons, key=lambda one: (one.name, one.uid))


def _posts(
    person: Person, before: Iterable[Assignment], after: Iterable[Assignment]
) -> list[PostChange]:
    old, new = ({(a.anchor_kind, a.anchor, a.post): a for a in side} for side in (before, after))
    gone = [old[key] for key in sorted(set(old) - set(new))]
    come = [new[key] for key in sorted(set(new) - set(old))]
    found = []
    for one in gone:
        same = next((two for two in come if two.post == one.post), None)
        if same is not None:
            come.remove(same)
        what = What.ENDED if same is None else What.MOVED
        found.append(PostChange(what, person, one, same))
    return [*found, *(PostChange(What.BEGUN, person, None, one) for one in come)]


def _pairings(before: StaffBook, after: StaffBook) -> list[PairingChange]:
    old, new = (_by_link(book) for book in (before, after))
    ended = [PairingChange(What.ENDED, old[key]) for key in sorted(set(old) - set(new))]
    begun = [PairingChange(What.BEGUN, new[key]) for key in sorted(set(new) - set(old))]
    return [*ended, *begun]


def _by_link(book: StaffBook) -> Mapping[tuple[str, str, str], Pairing]:
    return {(one.organization, one.anchor, one.kind): one for one in book.pairings()}


def _bodies(before: StaffBook, after: StaffBook) -> list[BodyChange]:
    old, new = _bodies_of(before), _bodies_of(after)
    ended = [BodyChange(What.ENDED, old[uid]) for uid in set(old) - set(new)]
    begun = [BodyChange(What.BEGUN, new[uid]) for uid in set(new) - set(old)]
    return sorted([*ended, *begun], key=lambda one: (one.what, one.body.name, one.body.uid))


def _bodies_of(book: StaffBook) -> Mapping[str, Organization | Team]:
    found: dict[str, Organization | Team] = {**book.organizations}
    found.update((team.uid, team) for team in book.teams())
    return found
