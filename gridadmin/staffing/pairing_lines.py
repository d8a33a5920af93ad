"""Pairings as lines on a map: from a unit's own place, or the middle of its places, to each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from gridadmin.domain.people import Organization, Pairing
from gridadmin.staffing.book import StaffBook
from gridadmin.staffing.candidates import middle_of

Place = tuple[float, float]


@dataclass(frozen=True, slots=True)
class PairingStar:
    """A unit and its places in local metres; ``hub`` is where its lines meet."""

    organization: Organization
    hub: Place
    places: tuple[Place, ...]


def stars_of(book: StaffBook, organizations: Iterable[str] | None = None) -> list[PairingStar]:
    """Return the stars of units (uids; all without) that are paired with places that have land."""
    wanted = None if organizations is None else set(organizations)
    found: dict[str, list[Pairing]] = {}
    for one in book.pairings():
        if one.anchor_kind == "area" and (wanted is None or one.organization in wanted):
            found.setdefault(one.organization, []).append(one)
    stars = []
    for uid in sorted(found, key=lambda uid: (book.organizations[uid].name, uid)):
        anchors = sorted({one.anchor for one in found[uid]})
        middles = (middle_of(book.snapshot, anchor) for anchor in anchors)
        places = tuple(place for place in middles if place is not None)
        if places:
            stars.append(PairingStar(book.organizations[uid], _hub(book, uid, places), places))
    return stars


def _hub(book: StaffBook, uid: str, places: tuple[Place, ...]) -> Place:
    own = book.organizations[uid].area
    known = None if own is None else middle_of(book.snapshot, own)
    if known is not None:
        return known
    count = len(places)
    return sum(x for x, _ in places) / count, sum(y for _, y in places) / count
