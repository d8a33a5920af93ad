"""Who could sit on a seat: all persons ranked, each with the reasons for and against.

What speaks for somebody: free, from a unit that is paired with the place, a colleague there
already, at work nearby, kept for this kind of post, certified. What speaks against: full-time posts
elsewhere, a unit that isn't paired, a term that ends.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from gridadmin.base.ids import oid_of
from gridadmin.domain.model import Land
from gridadmin.domain.people import Assignment, Person, is_party_member
from gridadmin.domain.scheme import Post, PostTime
from gridadmin.partition.border import box_of
from gridadmin.partition.snapshot import Snapshot
from gridadmin.staffing.anchors import area_of
from gridadmin.staffing.book import BASE_UNIT_LEVEL, Anchor, StaffBook

MEMBER_GROUP = "social_workers"


class Reason(StrEnum):
    """What speaks for a person, the strongest first."""

    FREE = "free"
    """Holds no post at all."""
    PAIRED = "paired"
    """The person's unit is paired with the community or village."""
    HERE = "here"
    """Holds another post in the same area, or in one above or below it."""
    SAME_UNIT = "same_unit"
    """Somebody of the person's unit is at work in the same community."""
    COMMUNITY = "community"
    """At work in the same community or village."""
    STREET = "street"
    """At work under the same street or town."""
    FITS = "fits"
    """Has held or holds a post of this kind, or is kept for it in the roster."""
    PART_TIME = "part_time"
    """Holds part-time posts alone."""
    CERTIFIED = "certified"
    """Has the social worker's certificate."""
    PARTY = "party"
    """Is a member of the party; said of everybody, and weighs nothing by itself."""


class Conflict(StrEnum):
    """What speaks against a person; the first two break a rule of the scheme."""

    FULL_TIME = "full_time"
    """Holds a full-time post elsewhere, and this one is full-time too."""
    FULL = "full"
    """The post has all the people it may have."""
    BUSY = "busy"
    """Holds a full-time post elsewhere."""
    UNPAIRED = "unpaired"
    """The person's unit isn't paired with the community or village."""
    LEAVES = "leaves"
    """The person leaves the roster on a day that is known."""
    LOCKED = "locked"
    """A post of the person is kept from proposals."""


_WEIGHTS: Mapping[Reason, int] = {
    Reason.FREE: 40,
    Reason.PAIRED: 25,
    Reason.HERE: 14,
    Reason.SAME_UNIT: 6,
    Reason.COMMUNITY: 10,
    Reason.STREET: 5,
    Reason.FITS: 12,
    Reason.PART_TIME: 8,
    Reason.CERTIFIED: 4,
    Reason.PARTY: 0,
}
_COSTS: Mapping[Conflict, int] = {
    Conflict.FULL_TIME: 100,
    Conflict.FULL: 0,
    Conflict.BUSY: 45,
    Conflict.UNPAIRED: 20,
    Conflict.LEAVES: 15,
    Conflict.LOCKED: 10,
}
BREAKING = frozenset({Conflict.FULL_TIME, Conflict.FULL})


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person with the reasons for and against; ``held`` are the posts that the person has.

    ``distance_m`` is from the nearest of these places to the seat, None when unknown.
    """

    person: Person
    score: int
    reasons: tuple[Reason, ...]
    conflicts: tuple[Conflict, ...]
    held: tuple[Assignment, ...]
    distance_m: float | None = None


def candidates_for(book: StaffBook, anchor: Anchor, post: Post) -> list[Candidate]:
    """Return everybody who doesn't hold the post there yet, the best first.

    *anchor* is a table and a uid in it. The same book gives the same order: by score, then
    distance, name and uid.
    """
    judge = _Judge(book, anchor, post)
    found = [judge.of(person) for person in book.persons.values() if not judge.is_on(person.uid)]
    return sorted(
        found,
        key=lambda one: (
            -one.score,
            one.distance_m if one.distance_m is not None else float("inf"),
            one.person.name,
            one.person.uid,
        ),
    )


class _Judge:
    """Looks at one person after the other with one seat in mind."""

    def __init__(self, book: StaffBook, anchor: Anchor, post: Post) -> None:
        self._book, self._anchor, self._post = book, anchor, post
        kind, uid = anchor
        self._holders = {one.person for one in book.on(uid, kind) if one.post == post.key}
        most = None if post.most is None else max(post.most, book.seats(uid, post, kind))
        self._is_full = most is not None and len(self._holders) >= most
        self._line: set[str] = set()
        self._community: set[str] = set()
        self._street: set[str] = set()
        self._paired: set[str] = set()
        self._area = area_of(book.snapshot, kind, uid)
        if self._area is not None:
            self._look_around(book.snapshot, self._area)
        self._near = self._street | self._community
        senders = (book.sender_of(one) for near in sorted(self._community) for one in book.on(near))
        self._units_here = {sender for sender in senders if sender is not None}
        self._asks_pairing = post.is_cadre and book.check("cadre_unpaired").on
        self._middles: dict[str, tuple[float, float] | None] = {}

    def _look_around(self, snapshot: Snapshot, uid: str) -> None:
        above = list(snapshot.ancestors(uid))
        self._line = {one.uid for one in above} | _with_all_below(snapshot, uid)
        for one in (snapshot.area(uid), *above):
            if one.level == BASE_UNIT_LEVEL:
                self._community = _with_all_below(snapshot, one.uid)
                pairings = self._book.pairings_on(one.uid)
                self._paired = {pairing.organization for pairing in pairings}
            elif one.level == "street":
                self._street = _with_all_below(snapshot, one.uid)

    def is_on(self, person: str) -> bool:
        """Return whether a person holds the post there already."""
        return person in self._holders

    def of(self, person: Person) -> Candidate:
        """Return a person with the reasons."""
        held = tuple(self._book.of(person.uid))
        reasons = tuple(self._reasons(person, held))
        reasons += (Reason.PARTY,) * is_party_member(person)
        conflicts = tuple(self._conflicts(person, held))
        score = sum(_WEIGHTS[one] for one in reasons) - sum(_COSTS[one] for one in conflicts)
        return Candidate(person, score, reasons, conflicts, held, self._distance_m(held))

    def _reasons(self, person: Person, held: tuple[Assignment, ...]) -> Iterable[Reason]:
        places = {one.anchor for one in held if one.anchor_kind == "area"}
        if not held:
            yield Reason.FREE
        if person.organization in self._paired:
            yield Reason.PAIRED
        if places & self._line:
            yield Reason.HERE
        elif places & self._community:
            yield Reason.COMMUNITY
        elif places & self._street:
            yield Reason.STREET
        if person.organization is not None and person.organization in self._units_here:
            yield Reason.SAME_UNIT
        if self._fits(person, held):
            yield Reason.FITS
        if held and not any(self._is_full_time(one) for one in held):
            yield Reason.PART_TIME
        if person.certificate_level not in (None, "none") and self._wants_certificate():
            yield Reason.CERTIFIED

    def _conflicts(self, person: Person, held: tuple[Assignment, ...]) -> Iterable[Conflict]:
        if self._is_full:
            yield Conflict.FULL
        if any(self._is_full_time(one) for one in held):
            is_full_time = self._post.time is PostTime.FULL
            yield Conflict.FULL_TIME if is_full_time else Conflict.BUSY
        unit = person.organization
        if self._asks_pairing and unit is not None and unit not in self._paired:
            yield Conflict.UNPAIRED
        if person.valid_to is not None:
            yield Conflict.LEAVES
        if any(one.is_locked for one in held):
            yield Conflict.LOCKED

    def _fits(self, person: Person, held: tuple[Assignment, ...]) -> bool:
        post = self._post
        if any(one.post == post.key for one in held) or person.roster_kind == post.key:
            return True
        if post.is_cadre and person.organization is not None and person.rank is not None:
            return True
        kept = {person.recruited_from, person.job_title, person.political_status}
        return bool(kept & set(post.filled_from))

    def _is_full_time(self, one: Assignment) -> bool:
        return self._book.posts[one.post].time is PostTime.FULL

    def _wants_certificate(self) -> bool:
        return self._post.group == MEMBER_GROUP or self._post.time is PostTime.FULL

    def _distance_m(self, held: tuple[Assignment, ...]) -> float | None:
        """Return how far the nearest place of work in the same street or community is."""
        here = None if self._area is None else self._middle(self._area)
        if here is None:
            return None
        found = []
        for one in held:
            near = one.anchor_kind == "area" and one.anchor in self._near
            there = self._middle(one.anchor) if near else None
            if there is not None:
                found.append(((here[0] - there[0]) ** 2 + (here[1] - there[1]) ** 2) ** 0.5)
        return min(found, default=None)

    def _middle(self, uid: str) -> tuple[float, float] | None:
        if uid not in self._middles:
            self._middles[uid] = middle_of(self._book.snapshot, uid)
        return self._middles[uid]


def middle_of(snapshot: Snapshot, uid: str) -> tuple[float, float] | None:
    """Return the middle of an area's box in local metres, None without land."""
    area = snapshot.rows("area").get(uid)
    if area is None:
        return None
    holder = area.cell if area.land == Land.STACKED and area.cell else uid
    boxes = [box_of(border) for border in snapshot.partition.outline(oid_of(holder))]
    if not boxes:
        return None
    x0, y0 = (min(box[axis] for box in boxes) for axis in (0, 1))
    x1, y1 = (max(box[axis] for box in boxes) for axis in (2, 3))
    return (x0 + x1) / 2000.0, (y0 + y1) / 2000.0


def _with_all_below(snapshot: Snapshot, uid: str) -> set[str]:
    return {uid, *(one.uid for one in snapshot.descendants(uid))}
