from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from gridadmin.domain.change import Change, RowChange
from gridadmin.domain.model import Setting
from gridadmin.domain.people import Assignment, Person
from gridadmin.edit.document import Document
from gridadmin.staffing.book import StaffBook
from gridadmin.staffing.finding import StaffFinding
from gridadmin.staffing.rules import RULES
from tests.helpers.projects import TODAY, document_on, named, settings_rows, small_town

Town = Callable[[str], "StaffedTown"]


class StaffedTown:
    """The small town by the rules of a place, with people put into it."""

    def __init__(self, scheme: str) -> None:
        store = small_town()
        settings: dict[str | int, Any] = {row.uid: row for row in settings_rows(scheme=scheme)}
        store.rows["setting"].update(settings)
        self.document: Document = document_on(store)
        self._snapshot = self.document.snapshot
        self._number = 0

    def put(self, table: str, record: Any) -> Any:
        """Put a row in and return it."""
        change = Change("put", (RowChange(table, None, record),))
        self._snapshot = self._snapshot.applied(change, self._snapshot.revision + 1)
        return record

    def uid(self) -> str:
        self._number += 1
        return f"made-up-{self._number:04}"

    def area(self, key: str) -> str:
        return named(self._snapshot, key).uid

    def person(self, **values: Any) -> Person:
        uid = self.uid()
        person: Person = self.put("person", Person(uid, f"人员{uid[-4:]}（虚构）", **values))
        return person

    def assign(self, area: str, post: str, person: Person | None = None, **more: Any) -> Assignment:
        holder = person or self.person()
        one: Assignment = self.put(
            "assignment",
            Assignment(self.uid(), holder.uid, "area", self.area(area), post, **more),
        )
        return one

    def book(self, day: str = TODAY, mode: str | None = None) -> StaffBook:
        return StaffBook(self._snapshot, day, mode)

    def findings(self, kind: str, day: str = TODAY, mode: str | None = None) -> list[StaffFinding]:
        book = self.book(day, mode)
        return list(RULES[kind](book, book.scheme.check(kind)))

    def names(self, kind: str, **when: Any) -> list[str]:
        """Return the keys of the areas that a kind of check names, in its order."""
        rows: Mapping[str, Any] = self._snapshot.rows("area")
        found = self.findings(kind, **when)
        return [rows[one.area].name.removeprefix("虚构") for one in found if one.area]


@pytest.fixture
def town() -> Town:
    return StaffedTown


__all__ = ["Setting", "StaffedTown", "Town"]
