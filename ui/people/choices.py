"""Areas, persons, units and party organisations as rows to choose from."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from gridadmin.domain.model import Area
from gridadmin.domain.scheme import LEVELS
from gridadmin.staffing.book import StaffBook
from gridadmin.staffing.figures import in_printed_order
from gridadmin.staffing.seats import SeatRoll
from ui.panels import words as panel_words
from ui.people import words
from ui.people.choice_list import Choice
from ui.texts import tr


def areas(levels: Sequence[str] = ()) -> Callable[[SeatRoll], list[Choice]]:
    """Return what makes the areas, those of *levels* first; the others follow from the top down."""

    def make(roll: SeatRoll) -> list[Choice]:
        order = (*levels, *(level for level in LEVELS if level not in levels))
        return [_area(roll.book, one) for level in order for one in roll.book.areas(level)]

    return make


def _area(book: StaffBook, area: Area) -> Choice:
    snapshot = book.snapshot
    above = " › ".join(
        panel_words.name_of(one) for one in reversed([*snapshot.ancestors(area.uid)])
    )
    level = panel_words.level(snapshot, area.level)
    return Choice(area.uid, panel_words.name_of(area), level, note=above, found_by=area.code or "")


def persons(near: str | None = None) -> Callable[[SeatRoll], list[Choice]]:
    """Return what makes the persons; those with a post on the area *near* come first."""

    def make(roll: SeatRoll) -> list[Choice]:
        book = roll.book
        here = set() if near is None else {one.person for one in book.on(near)}
        rows = sorted(book.persons.values(), key=lambda one: (one.uid not in here, one.name))
        return [
            Choice(
                one.uid,
                one.name,
                panel_words.dotted((_unit_name(book, one.organization), one.job_title or "")),
                found_by=one.staff_number or "",
                note=tr("、").join(words.held(book, held) for held in book.of(one.uid)[:2])
                or tr("没有岗位"),
            )
            for one in rows
        ]

    return make


def _unit_name(book: StaffBook, uid: str | None) -> str:
    unit = book.organizations.get(uid or "")
    return "" if unit is None else unit.name


def units(first: str = "") -> Callable[[SeatRoll], list[Choice]]:
    """Return what makes the units, those of the kind *first* before the others."""

    def make(roll: SeatRoll) -> list[Choice]:
        book = roll.book
        kinds = {one.key: words.term(one) for one in book.scheme.organizations}
        rows = sorted(
            book.organizations.values(),
            key=lambda one: (one.kind != first, in_printed_order(one)),
        )
        return [
            Choice(one.uid, one.name, kinds.get(one.kind or "", ""),
                   note=_place(book, one.area), found_by=one.code or "")
            for one in rows
        ]  # fmt: skip

    return make


def _place(book: StaffBook, area: str | None) -> str:
    return "" if area is None else panel_words.name_of_uid(book.snapshot, area)


def party_nodes(kinds: Sequence[str], spared: str | None) -> Callable[[SeatRoll], list[Choice]]:
    """Return what makes the party organisations of *kinds*, *spared* and those below it left out.

    Others than those of *kinds* follow: the rules of the tree are told, not enforced.
    """

    def make(roll: SeatRoll) -> list[Choice]:
        from ui.people.party_page import KINDS

        book = roll.book
        nodes = book.party_nodes()
        gone = {spared}
        for _ in nodes:
            below = {one.uid for one in nodes if one.parent in gone} - gone
            if not below or spared is None:
                break
            gone |= below
        rows = [one for one in nodes if one.uid not in gone]
        rows.sort(key=lambda one: (one.kind not in kinds, _place(book, one.area), one.name))
        return [
            Choice(one.uid, one.name, tr(KINDS[one.kind]), _place(book, one.area)) for one in rows
        ]

    return make
