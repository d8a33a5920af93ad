"""Findings about people, kept up: after a change only what it touches is looked at again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from gridadmin.domain.change import Change, RowChange
from gridadmin.domain.people import PEOPLE
from gridadmin.partition.base import chain_of
from gridadmin.partition.snapshot import Snapshot
from gridadmin.staffing.book import StaffBook, is_other_place
from gridadmin.staffing.finding import AreaRule, PersonRule, StaffFinding
from gridadmin.staffing.rules import PARTS, in_order

_Found = Mapping[str, tuple[StaffFinding, ...]]
"""Findings by what they were found on: an area, a person, or the whole (the empty key)."""

_MANY_ROWS = 2000
"""Above this many rows it is quicker to look at everything anew."""
_FAR_REACHING = ("setting", "mode_switch", "organization")
"""Tables whose rows bear on places that can't be told from the row."""
_COUNTED = ("building", "entrance", "stacked_part")
"""Tables from which households are counted."""


@dataclass(frozen=True, eq=False)
class KeptFindings:
    """What is found on the people of a book, part by part of the registry."""

    book: StaffBook
    _parts: tuple[_Found | None, ...]

    @classmethod
    def of(cls, snapshot: Snapshot, day: str) -> KeptFindings:
        """Return the findings of a day, ISO 8601: everything is looked at."""
        return cls._of_book(StaffBook(snapshot, day))

    @classmethod
    def _of_book(cls, book: StaffBook) -> KeptFindings:
        return cls(book, tuple(_whole_part(book, number) for number in range(len(PARTS))))

    def after(self, snapshot: Snapshot, change: Change, touched: Iterable[int]) -> KeptFindings:
        """Return the findings after a change; *touched* are owners whose land it touches (oids).

        They are those of a full look at *snapshot*.
        """
        book = self.book.after(snapshot, change)
        if len(change.rows) > _MANY_ROWS or any(change.of(table) for table in _FAR_REACHING):
            return KeptFindings._of_book(book)
        concerned = _Concerned(self.book, book, change, touched)
        parts = zip(range(len(PARTS)), self._parts, strict=True)
        return KeptFindings(
            book, tuple(_part_after(book, number, found, concerned) for number, found in parts)
        )

    def findings(self) -> list[StaffFinding]:
        """Return all findings, in the order of a report."""
        found = (
            finding
            for part in self._parts
            if part is not None
            for several in part.values()
            for finding in several
        )
        return in_order(self.book, found)


class _Concerned:
    """The areas, persons and tables on which a change bears."""

    def __init__(
        self, before: StaffBook, after: StaffBook, change: Change, touched: Iterable[int]
    ) -> None:
        self._snapshots = before.snapshot, after.snapshot
        self._change = change
        self.tables = {row.table for row in change.rows} - {"area"}
        if any(is_other_place(row) for row in change.of("area")):
            self.tables.add("area")
        anchors, persons = after.held_anew(after.snapshot, change)
        self.persons = persons
        self.areas: set[str] = set()
        for kind, anchor in anchors:
            self._add_anchor(kind, anchor)
        self._add_households(touched)
        for row in change.rows:
            self._add_row(row)
        for node in after.snapshot.rows("party_node").values():
            if node.secretary in persons and node.area:
                self._add(node.area)

    def _add_row(self, row: RowChange) -> None:
        for one in (row.before, row.after):
            if one is None:
                continue
            if row.table == "area":
                self._add(one.uid)
            elif hasattr(one, "anchor_kind"):
                self._add_anchor(one.anchor_kind, one.anchor)
            elif row.table in PEOPLE or row.table == "point_object":
                self._add(getattr(one, "area", None))

    def _add_households(self, touched: Iterable[int]) -> None:
        for oid in touched:
            self._add_owner(oid)
        for table in _COUNTED:
            for row in self._change.of(table):
                for one in (row.before, row.after):
                    if one is not None:
                        self._add_counted(table, one)

    def _add_counted(self, table: str, row: object) -> None:
        """Add whoever counts the households of a building, now and before."""
        if table == "stacked_part":
            self._add(getattr(row, "area", None))
        building = str(getattr(row, "uid" if table == "building" else "building"))
        for snapshot in self._snapshots:
            for part in snapshot.linked("stacked_part", building):
                self._add(part.area)
            if building in snapshot.rows("building"):
                owner = snapshot.counts.owner_of(building)
                for oid in chain_of(owner, snapshot.partition.parents):
                    self._add_owner(oid)

    def _add_owner(self, oid: int) -> None:
        for snapshot in self._snapshots:
            area = snapshot.owning_area(oid)
            if area is not None:
                self._add(area.uid)

    def _add_anchor(self, kind: str, anchor: str) -> None:
        if kind == "area":
            self._add(anchor)
        elif kind == "point_object":
            for snapshot in self._snapshots:
                row = snapshot.rows(kind).get(anchor)
                if row is not None:
                    self._add(row.area)

    def _add(self, area: str | None) -> None:
        """Add an area and all above it, before and after."""
        for snapshot in self._snapshots:
            if area is not None and area in snapshot.rows("area"):
                self.areas.add(area)
                self.areas.update(one.uid for one in snapshot.ancestors(area))


def _whole_part(book: StaffBook, number: int) -> _Found | None:
    kind, part = PARTS[number]
    check = book.check(kind)
    if not check.on:
        return None
    found: dict[str, list[StaffFinding]] = {}
    if isinstance(part, AreaRule):
        for level in part.levels(book):
            for area in book.areas(level):
                _put(found, area.uid, part.look(book, check, area))
    elif isinstance(part, PersonRule):
        for uid in book.persons:
            _put(found, uid, part.look(book, check, uid))
    else:
        _put(found, "", part(book, check))
    return {key: tuple(several) for key, several in found.items()}


def _part_after(
    book: StaffBook, number: int, known: _Found | None, concerned: _Concerned
) -> _Found | None:
    kind, part = PARTS[number]
    if known is None:
        return None
    check = book.check(kind)
    if isinstance(part, AreaRule):
        found = _without(known, concerned.areas)
        levels = set(part.levels(book))
        rows = book.snapshot.rows("area")
        for uid in concerned.areas:
            area = rows.get(uid)
            if area is not None and area.valid_to is None and area.level in levels:
                _put_all(found, uid, part.look(book, check, area))
    elif isinstance(part, PersonRule):
        found = _without(known, concerned.persons)
        for uid in concerned.persons & book.persons.keys():
            _put_all(found, uid, part.look(book, check, uid))
    elif concerned.tables.isdisjoint(part.tables):
        return known
    else:
        found = {}
        _put_all(found, "", part(book, check))
    return found


def _without(known: _Found, keys: set[str]) -> dict[str, tuple[StaffFinding, ...]]:
    return {key: several for key, several in known.items() if key not in keys}


def _put(found: dict[str, list[StaffFinding]], key: str, several: Iterable[StaffFinding]) -> None:
    for one in several:
        found.setdefault(key, []).append(one)


def _put_all(
    found: dict[str, tuple[StaffFinding, ...]], key: str, several: Iterable[StaffFinding]
) -> None:
    all_of_them = tuple(several)
    if all_of_them:
        found[key] = all_of_them
