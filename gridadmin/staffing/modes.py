"""What is different in another mode: posts, people on them, units, pairings, teams, gaps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gridadmin.domain.people import Assignment, ModeSwitch, Organization, Pairing, PartyNode, Team
from gridadmin.domain.scheme import Post, Term
from gridadmin.partition.snapshot import Snapshot
from gridadmin.staffing.book import StaffBook
from gridadmin.staffing.needs import all_needs, object_needs


@dataclass(frozen=True)
class Turn:
    """What comes into force, or out of it, with a switch of the mode; each list in a fixed order.

    ``vacant`` are the seats that nobody holds in the mode that it belongs to.
    """

    posts: Sequence[Post]
    assignments: Sequence[Assignment]
    organizations: Sequence[Organization]
    pairings: Sequence[Pairing]
    teams: Sequence[Team]
    party_nodes: Sequence[PartyNode]
    vacant: int

    @property
    def persons(self) -> set[str]:
        """The uids of the persons whose assignments these are."""
        return {one.person for one in self.assignments}


@dataclass(frozen=True)
class ModeDifference:
    """What ends and what begins when a project goes from one mode to another.

    ``second_roles`` are the uids of persons who have posts in both modes, other ones in each.
    """

    before: str
    after: str
    ends: Turn
    begins: Turn
    second_roles: frozenset[str]


def difference_of(snapshot: Snapshot, day: str, before: str, after: str) -> ModeDifference:
    """Return what is different in mode *after* than in *before* on a day (ISO 8601)."""
    old, new = StaffBook(snapshot, day, before), StaffBook(snapshot, day, after)
    ends, begins = _only_in(old, new), _only_in(new, old)
    kept = {one.person for one in ends.assignments} | {
        person for person in old.persons if old.of(person)
    }
    second = frozenset(begins.persons & kept)
    return ModeDifference(before, after, ends, begins, second)


def last_switch(snapshot: Snapshot, day: str) -> ModeSwitch | None:
    """Return the switch that holds on a day, None before the first."""
    rows = [one for one in snapshot.rows("mode_switch").values() if one.since <= day]
    if not rows:
        return None
    found: ModeSwitch = max(rows, key=lambda one: (one.since, one.revision, one.uid))
    return found


def usual_mode(snapshot: Snapshot) -> Term | None:
    """Return the mode of normal times, the scheme's first; None where it has none."""
    modes = snapshot.scheme.modes
    return modes[0] if modes else None


def _only_in(book: StaffBook, other: StaffBook) -> Turn:
    there = _assignments(other)
    own = _assignments(book)
    pairings = {one.uid for one in other.pairings()}
    teams = {one.uid for one in other.teams()}
    nodes = {one.uid for one in other.party_nodes()}
    return Turn(
        tuple(post for post in book.scheme.posts if _is_in(post, book) and not _is_in(post, other)),
        tuple(own[uid] for uid in sorted(own) if uid not in there),
        tuple(
            sorted(
                (one for uid, one in book.organizations.items() if uid not in other.organizations),
                key=lambda one: (one.name, one.uid),
            )
        ),
        tuple(one for one in book.pairings() if one.uid not in pairings),
        tuple(one for one in book.teams() if one.uid not in teams),
        tuple(one for one in book.party_nodes() if one.uid not in nodes),
        sum(need.vacant for need in all_needs(book))
        + sum(need.vacant for need in object_needs(book)),
    )


def _assignments(book: StaffBook) -> dict[str, Assignment]:
    return {one.uid: one for person in book.persons for one in book.of(person)}


def _is_in(post: Post, book: StaffBook) -> bool:
    return not post.modes or book.mode in post.modes
