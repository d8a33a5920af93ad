"""Rules about units and places: pairings, branches, facilities, counts, shares sent down."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from gridadmin.domain.model import Area
from gridadmin.domain.people import Headcount
from gridadmin.domain.scheme import LEVELS, Check, Entry
from gridadmin.staffing.book import BASE_UNIT_LEVEL, StaffBook
from gridadmin.staffing.finding import StaffFinding, on_areas, on_areas_of, on_whole

COMPOUND_PAIRING = "compound_unit"
STATION = "volunteer_station"
PARTY_ORGANIZATION = "temporary_party_organization"
EMERGENCY_KINDS = {
    PARTY_ORGANIZATION: "temporary_party_organizations",
    "shock_team": "shock_teams",
    "service_team": "service_teams",
}
"""Kinds of organizations and teams, and the parameter that says how many were announced."""


@on_areas(BASE_UNIT_LEVEL)
def cadre_unpaired(book: StaffBook, check: Check, area: Area) -> Iterator[StaffFinding]:
    """Cadres whose unit isn't paired with the base unit that they are sent to."""
    paired = {one.organization for one in book.pairings_on(area.uid)}
    for one in book.below(area.uid):
        if not book.posts[one.post].is_cadre:
            continue
        sender = book.sender_of(one)
        if sender is not None and sender not in paired:
            yield StaffFinding(
                check.key,
                check.severity,
                area.uid,
                one.person,
                subject=sender,
                params={"organization": _name(book, sender)},
            )


@on_areas(BASE_UNIT_LEVEL)
def pairing(book: StaffBook, check: Check, area: Area) -> Iterator[StaffFinding]:
    """Base units without a pairing of a kind that the mode asks for."""
    there = {one.kind for one in book.pairings_on(area.uid)}
    for kind in book.scheme.pairings:
        is_asked = BASE_UNIT_LEVEL in kind.levels and (not kind.modes or book.mode in kind.modes)
        if is_asked and kind.key not in there:
            yield StaffFinding(
                check.key,
                check.severity,
                area.uid,
                subject=kind.key,
                params={"pairing": kind.key},
            )


@on_whole("compound", "pairing", "organization")
def compound_unpaired(book: StaffBook, check: Check) -> Iterator[StaffFinding]:
    """Compounds without a property company that no unit is paired with."""
    compounds = book.snapshot.rows("compound")
    for uid in sorted(compounds):
        one = compounds[uid]
        if one.has_property_company is not False:
            continue
        if not any(p.kind == COMPOUND_PAIRING for p in book.pairings_on(uid, "compound")):
            yield StaffFinding(
                check.key, check.severity, subject=uid, params={"compound": one.name}
            )


def _levels_of_facilities(book: StaffBook) -> list[str]:
    named = {level for entry in book.scheme.facilities for level in entry.levels}
    return [level for level in LEVELS if level in named]


@on_areas_of(_levels_of_facilities)
def facility(book: StaffBook, check: Check, area: Area) -> Iterator[StaffFinding]:
    """Areas with fewer facilities of a kind than each should have."""
    for entry in book.scheme.facilities:
        if entry.key != STATION:
            yield from _facilities(book, check, entry, area)


@on_areas_of(_levels_of_facilities)
def volunteer_station(book: StaffBook, check: Check, area: Area) -> Iterator[StaffFinding]:
    """Streets and towns without a volunteer station."""
    for entry in book.scheme.facilities:
        if entry.key == STATION:
            yield from _facilities(book, check, entry, area)


def _facilities(book: StaffBook, check: Check, entry: Entry, area: Area) -> Iterator[StaffFinding]:
    required = int(check.param("per_area"))
    points = book.snapshot.rows("point_object")
    there = sum(points[uid].kind == entry.key for uid in book.facilities(area.uid))
    if area.level in entry.levels and there < required:
        yield StaffFinding(
            check.key,
            check.severity,
            area.uid,
            subject=entry.key,
            params={"facility": entry.key, "there": there, "required": required},
        )


def _levels_of_channels(book: StaffBook) -> list[str]:
    named = {level for entry in book.scheme.channels for level in entry.levels}
    return [level for level in LEVELS if level in named]


@on_areas_of(_levels_of_channels)
def channel_counts(book: StaffBook, check: Check, area: Area) -> Iterator[StaffFinding]:
    """Areas without a count of registered persons in one of the channels."""
    known = book.once(_channels_known)
    for entry in book.scheme.channels:
        if area.level in entry.levels and (area.uid, entry.key) not in known:
            yield StaffFinding(
                check.key,
                check.severity,
                area.uid,
                subject=entry.key,
                params={"channel": entry.key},
            )


def _channels_known(book: StaffBook) -> set[tuple[str, str]]:
    return {(row.area, row.channel) for row in book.snapshot.rows("registration_count").values()}


@on_whole("headcount", "person", "assignment", "area")
def sent_down_share(book: StaffBook, check: Check) -> Iterator[StaffFinding]:
    """Too small a share of all officials of the units is sent down; needs their headcounts."""
    officials, sent = officials_sent(book)
    least = check.param("min_share")
    if officials and sent / officials < least:
        yield StaffFinding(
            check.key,
            check.severity,
            book.snapshot.root.uid,
            params={"sent": sent, "officials": officials, "min_percent": round(least * 100)},
        )


def officials_sent(book: StaffBook, organization: str | None = None) -> tuple[int, int]:
    """Return the officials of a unit (None: of all with a headcount), and how many are cadres."""
    counts = book.once(latest_headcounts)
    units = set(counts) if organization is None else {organization} & set(counts)
    sent = book.once(sent_by_unit)
    return sum(counts[unit].officials for unit in units), sum(sent[unit] for unit in units)


def sent_by_unit(book: StaffBook) -> Counter[str]:
    """Return how many of its own people each unit has sent down: persons, not person-times."""
    return Counter(
        unit for uid in book.cadres() if (unit := book.persons[uid].organization) is not None
    )


def latest_headcounts(book: StaffBook) -> dict[str, Headcount]:
    """Return the newest headcount of each unit, up to the day."""
    found: dict[str, Headcount] = {}
    rows: Iterable[Headcount] = book.snapshot.rows("headcount").values()
    for row in sorted(rows, key=lambda one: (one.as_of or "", one.uid)):
        if (row.as_of or "") <= book.day:
            found[row.organization] = row
    return found


@on_whole("headcount", "person", "assignment", "organization", "area")
def quota(book: StaffBook, check: Check) -> Iterator[StaffFinding]:
    """Units that sent fewer people than they are due to; quotas that fall short in all."""
    sent = book.once(sent_by_unit)
    due = {
        unit: row.quota
        for unit, row in book.once(latest_headcounts).items()
        if row.quota is not None and unit in book.organizations
    }
    for unit in sorted(due, key=lambda uid: (_name(book, uid), uid)):
        if sent[unit] < due[unit]:
            yield StaffFinding(
                check.key,
                check.severity,
                subject=unit,
                params={"organization": _name(book, unit), "sent": sent[unit], "due": due[unit]},
            )
    announced = int(check.param("cadres"))
    if due and sum(due.values()) < announced:
        yield StaffFinding(
            check.key,
            check.severity,
            book.snapshot.root.uid,
            sentence="announced",
            params={"entry": check.key, "there": sum(due.values()), "announced": announced},
        )


@on_whole("organization", "team", "area")
def emergency_organizations(book: StaffBook, check: Check) -> Iterator[StaffFinding]:
    """Base units without a temporary party organisation; fewer bodies than were announced."""
    there: set[str | None] = set()
    counts: Counter[str] = Counter()
    for one in book.organizations.values():
        if one.kind in EMERGENCY_KINDS:
            counts[one.kind] += 1
        if one.kind == PARTY_ORGANIZATION:
            there.add(one.area)
    counts += Counter(team.kind for team in book.teams() if team.kind in EMERGENCY_KINDS)
    if not counts:
        return
    for kind, param in EMERGENCY_KINDS.items():
        announced = int(check.param(param))
        if counts[kind] < announced:
            yield StaffFinding(
                check.key,
                check.severity,
                book.snapshot.root.uid,
                subject=kind,
                params={"organization": kind, "there": counts[kind], "announced": announced},
            )
    yield from _without_party_organization(book, check, there)


def _without_party_organization(
    book: StaffBook, check: Check, there: set[str | None]
) -> Iterator[StaffFinding]:
    for unit in book.base_units():
        if unit.uid not in there:
            yield StaffFinding(
                check.key,
                check.severity,
                unit.uid,
                subject="without",
                params={"organization": PARTY_ORGANIZATION, "there": 0, "announced": 1},
            )


def _name(book: StaffBook, organization: str) -> str:
    row = book.snapshot.rows("organization").get(organization)
    return organization if row is None else str(row.name)
