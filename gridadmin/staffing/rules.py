"""The registry of rules about people, and all that they find."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from gridadmin.domain.check_kinds import Severity
from gridadmin.domain.scheme import Check
from gridadmin.staffing import (
    body_rules,
    holder_rules,
    party_rules,
    person_rules,
    post_rules,
    reach,
    unit_rules,
)
from gridadmin.staffing.book import StaffBook
from gridadmin.staffing.finding import AreaRule, PersonRule, Rule, StaffFinding, WholeRule

PARTS: tuple[tuple[str, AreaRule | PersonRule | WholeRule], ...] = (
    ("base_unit_uncovered", post_rules.base_unit_uncovered),
    ("post_vacant", post_rules.post_vacant),
    ("post_vacant", post_rules.object_vacant),
    ("post_surplus", post_rules.post_surplus),
    ("member_ratio", post_rules.member_ratio),
    ("section_cadre", post_rules.section_cadre),
    ("officers", post_rules.officers),
    ("forces", post_rules.forces),
    ("ex_officio", holder_rules.ex_officio),
    ("post_rank", holder_rules.post_rank),
    ("post_time", holder_rules.post_time),
    ("member_source", holder_rules.member_source),
    ("second_role", holder_rules.second_role),
    ("second_role", holder_rules.responders),
    ("person_unassigned", person_rules.person_unassigned),
    ("person_overloaded", person_rules.person_overloaded),
    ("roster_kind", person_rules.roster_kind),
    ("cross_posting", person_rules.cross_posting),
    ("term_ends", person_rules.term_ends),
    ("post_lost", person_rules.post_lost),
    ("certificate_share", person_rules.certificate_share),
    ("call_out", person_rules.call_out),
    ("cadre_unpaired", unit_rules.cadre_unpaired),
    ("pairing", unit_rules.pairing),
    ("compound_unpaired", unit_rules.compound_unpaired),
    ("cluster_staff", body_rules.cluster_staff),
    ("organization", body_rules.organization),
    ("party_branch", body_rules.party_branch),
    ("branch_type", body_rules.branch_type),
    ("group_leader", body_rules.group_leader),
    ("party_tree", party_rules.party_tree),
    ("grouping_size", body_rules.grouping_size),
    ("neglected_building", body_rules.neglected_building),
    ("facility", unit_rules.facility),
    ("volunteer_station", unit_rules.volunteer_station),
    ("reach", reach.reach),
    ("channel_counts", unit_rules.channel_counts),
    ("quota", unit_rules.quota),
    ("sent_down_share", unit_rules.sent_down_share),
    ("emergency_organizations", unit_rules.emergency_organizations),
    ("announced", body_rules.announced),
)
"""What looks for each kind of check about people, in the order of reports; a kind may have two."""


class _Joined:
    """All parts of one kind as one rule."""

    def __init__(self, kind: str) -> None:
        self._parts = [part for name, part in PARTS if name == kind]

    def __call__(self, book: StaffBook, check: Check) -> Iterator[StaffFinding]:
        for part in self._parts:
            yield from part(book, check)


RULES: Mapping[str, Rule] = {kind: _Joined(kind) for kind, _ in PARTS}
"""The rule of each kind."""

_WEIGHTS = (Severity.ERROR, Severity.WARNING, Severity.INFO)
_ORDER = {kind: number for number, kind in enumerate(RULES)}


def findings_of(book: StaffBook) -> list[StaffFinding]:
    """Return what the rules that the scheme has on find, in the order of :func:`in_order`."""
    found: list[StaffFinding] = []
    for kind, part in PARTS:
        check = book.check(kind)
        if check.on:
            found += part(book, check)
    return in_order(book, found)


def in_order(book: StaffBook, found: Iterable[StaffFinding]) -> list[StaffFinding]:
    """Return findings sorted: errors first, then by kind, by area from the top, by name."""
    areas, persons = book.snapshot.rows("area"), book.snapshot.rows("person")

    def key(one: StaffFinding) -> tuple[object, ...]:
        area, person = areas.get(one.area or ""), persons.get(one.person or "")
        return (
            _WEIGHTS.index(one.severity),
            _ORDER[one.kind],
            -1 if area is None else book.snapshot.level_rank(area.level),
            "" if area is None else area.code or "~",
            "" if area is None else area.name,
            one.area or "",
            "" if person is None else person.name,
            one.person or "",
            one.subject,
            one.sentence,
        )

    return sorted(found, key=key)
