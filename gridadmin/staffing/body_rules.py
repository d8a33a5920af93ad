"""Rules about bodies: branches and groups of the party, organizations, clusters, groupings."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping

from gridadmin.domain.model import Area, GroupingMember
from gridadmin.domain.scheme import LEVELS, Check, Entry
from gridadmin.staffing.book import StaffBook
from gridadmin.staffing.finding import StaffFinding, on_areas, on_areas_of, on_whole

CLUSTER, NEGLECTED = "cluster", "neglected_buildings"
TAKEN_OVER = "taken_over"
"""Role of a neglected building that somebody looks after by now."""


@on_areas("grid")
def party_branch(book: StaffBook, check: Check, area: Area) -> Iterator[StaffFinding]:
    """Grids without a party branch that has a secretary."""
    if area.uid not in book.once(_with_branch):
        yield StaffFinding(check.key, check.severity, area.uid)


def _with_branch(book: StaffBook) -> set[str | None]:
    return {
        node.area
        for node in book.party_nodes()
        if node.kind == "branch" and node.secretary in book.persons
    }


@on_whole("party_node")
def branch_type(book: StaffBook, check: Check) -> Iterator[StaffFinding]:
    """Branches of which it isn't said of what type they are."""
    known = {entry.key for entry in book.scheme.organizations}
    for node in book.party_nodes():
        if node.kind == "branch" and node.branch_type not in known:
            yield StaffFinding(
                check.key,
                check.severity,
                _living(book, node.area),
                subject=node.uid,
                params={"node": node.name},
            )


@on_whole("party_node", "person")
def group_leader(book: StaffBook, check: Check) -> Iterator[StaffFinding]:
    """Party groups, such as those of courtyards, that nobody leads."""
    for node in book.party_nodes():
        if node.kind == "group" and node.secretary not in book.persons:
            yield StaffFinding(
                check.key,
                check.severity,
                _living(book, node.area),
                subject=node.uid,
                params={"node": node.name},
            )


def _living(book: StaffBook, area: str | None) -> str | None:
    return area if area in book.snapshot.rows("area") else None


def _levels_of_organizations(book: StaffBook) -> list[str]:
    named = {level for one in book.scheme.organizations if one.required for level in one.levels}
    return [level for level in LEVELS if level in named]


@on_areas_of(_levels_of_organizations)
def organization(book: StaffBook, check: Check, area: Area) -> Iterator[StaffFinding]:
    """Areas without the organizations that the scheme asks for in each, such as a work station."""
    for entry in book.scheme.organizations:
        is_asked = area.level in entry.levels and (not entry.modes or book.mode in entry.modes)
        there = book.once(_organizations_there)[entry.key, area.uid]
        if is_asked and there < entry.required:
            yield StaffFinding(
                check.key,
                check.severity,
                area.uid,
                subject=entry.key,
                params={"organization": entry.key, "there": there, "required": entry.required},
            )


def _organizations_there(book: StaffBook) -> Counter[tuple[str | None, str | None]]:
    return Counter((one.kind, one.area) for one in book.organizations.values())


@on_whole("grouping", "assignment", "person", "pairing", "organization")
def cluster_staff(book: StaffBook, check: Check) -> Iterator[StaffFinding]:
    """Clusters without a leader or a department; more departments in all than there are."""
    leaders = [post.key for post in book.scheme.posts if CLUSTER in post.levels]
    kinds = {entry.key for entry in book.scheme.pairings if CLUSTER in entry.levels}
    departments: set[str] = set()
    for uid, name in _groupings(book, CLUSTER):
        own = {p.organization for p in book.pairings_on(uid, "grouping") if p.kind in kinds}
        departments |= own
        led = sum(len(book.holders(uid, post, "grouping")) for post in leaders)
        if not led or not own:
            yield StaffFinding(
                check.key,
                check.severity,
                subject=uid,
                params={"group": name, "leaders": led, "departments": len(own)},
            )
    most = int(check.param("departments"))
    if most and len(departments) > most:
        yield StaffFinding(
            check.key,
            check.severity,
            book.snapshot.root.uid,
            params={"departments": len(departments), "most": most},
            sentence="cluster_departments",
        )


@on_whole("grouping", "grouping_member", "area")
def grouping_size(book: StaffBook, check: Check) -> Iterator[StaffFinding]:
    """Groupings with fewer members than make a group of them."""
    least = int(check.param("members"))
    members = book.once(members_by_grouping)
    for entry in book.scheme.groupings:
        for uid, name in _groupings(book, entry.key):
            if len(members.get(uid, ())) < least:
                yield StaffFinding(
                    check.key,
                    check.severity,
                    subject=uid,
                    params={"group": name, "members": len(members.get(uid, ())), "least": least},
                )


@on_whole("grouping", "grouping_member", "building", "area")
def neglected_building(book: StaffBook, check: Check) -> Iterator[StaffFinding]:
    """Neglected buildings that nobody has taken over yet."""
    members = book.once(members_by_grouping)
    for uid, _ in _groupings(book, NEGLECTED):
        for one in sorted(members.get(uid, ()), key=lambda row: row.member):
            building = book.snapshot.rows(one.member_kind).get(one.member)
            if one.role != TAKEN_OVER and building is not None:
                area = one.member if one.member_kind == "area" else None
                yield StaffFinding(
                    check.key,
                    check.severity,
                    area,
                    subject=one.member,
                    params={"building": building.name or one.member},
                )


@on_whole("organization", "team", "point_object", "grouping")
def announced(book: StaffBook, check: Check) -> Iterator[StaffFinding]:
    """Fewer of a kind than the place said that there are: facilities, groupings, organizations.

    Kinds of which there is none yet aren't told: somebody has just begun.
    """
    for entry, there in counted_entries(book):
        if 0 < there < entry.announced:
            yield StaffFinding(
                check.key,
                check.severity,
                book.snapshot.root.uid,
                subject=entry.key,
                params={"entry": entry.key, "there": there, "announced": entry.announced},
            )


def counted_entries(book: StaffBook) -> Iterator[tuple[Entry, int]]:
    """Yield each kind of organization, facility and grouping with how many there are."""
    organizations = Counter(one.kind for one in book.organizations.values())
    organizations += Counter(team.kind for team in book.teams())
    facilities = Counter(row.kind for row in book.snapshot.rows("point_object").values())
    groupings = Counter(row.kind for row in book.snapshot.rows("grouping").values())
    for entries, counts in (
        (book.scheme.organizations, organizations),
        (book.scheme.facilities, facilities),
        (book.scheme.groupings, groupings),
    ):
        for entry in entries:
            yield entry, counts[entry.key]


def members_by_grouping(book: StaffBook) -> Mapping[str, list[GroupingMember]]:
    """Return the members of each grouping, those areas left out that are gone."""
    found: dict[str, list[GroupingMember]] = defaultdict(list)
    areas = book.snapshot.rows("area")
    for row in book.snapshot.rows("grouping_member").values():
        is_gone = row.member_kind == "area" and (
            row.member not in areas or areas[row.member].valid_to is not None
        )
        if not is_gone:
            found[row.grouping].append(row)
    return found


def _groupings(book: StaffBook, kind: str) -> list[tuple[str, str]]:
    """Return uid and name of the groupings of a kind, by name."""
    rows = book.snapshot.rows("grouping").values()
    found = [(row.uid, row.name) for row in rows if row.kind == kind]
    return sorted(found, key=lambda one: (one[1], one[0]))
