from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from gridadmin.checks.book import IssueBook
from gridadmin.domain.issue import Issue
from gridadmin.edit.document import Document
from gridadmin.edit.land_commands import Give
from gridadmin.edit.vertex_commands import Move
from gridadmin.partition.snapshot import Snapshot
from tests.helpers.checking import found_in_area
from tests.helpers.projects import MemoryStore, document_on, named, place, small_town


@pytest.fixture
def store() -> MemoryStore:
    return small_town()


@pytest.fixture
def document(store: MemoryStore) -> Document:
    return document_on(store)


def issues(snapshot: Snapshot, key: str, kind: str) -> list[Issue]:
    found = found_in_area(snapshot, named(snapshot, key).uid)
    return [issue for issue in found if issue.kind == kind]


def with_area(store: MemoryStore, key: str, **fields: Any) -> Snapshot:
    area = named(store.snapshot(), key)
    store.rows["area"][area.uid] = replace(area, **fields)
    return store.snapshot()


@pytest.mark.parametrize(
    ("key", "code", "kind"),
    [
        ("B1", None, "code_missing"),
        ("B1", "12", "code_form"),
        ("B1", "990101001001009", "code_parent"),
        ("B", "99010100100A", "code_form"),
        ("B", "990102001002", "code_parent"),
        ("A1-1", "99010100100100201", "code_parent"),
    ],
)
def test_codes_that_break_the_scheme_are_told(
    store: MemoryStore, key: str, code: str | None, kind: str
) -> None:
    snapshot = with_area(store, key, code=code)

    found = found_in_area(snapshot, named(snapshot, key).uid)
    assert [i.kind for i in found if i.kind.startswith("code")] == [kind]


def test_codes_are_left_alone_without_a_code_of_the_root(store: MemoryStore) -> None:
    with_area(store, "root", code=None)
    snapshot = with_area(store, "B1", code="12")

    assert issues(snapshot, "B1", "code_form") == []


def test_blank_name_is_told(store: MemoryStore) -> None:
    uid = named(store.snapshot(), "B1").uid
    snapshot = with_area(store, "B1", name=" ")

    assert "name_missing" in [issue.kind for issue in found_in_area(snapshot, uid)]


def test_land_in_two_parts_is_told_with_the_smaller_one(document: Document) -> None:
    document.execute(Give(place(3.5, 3.5), named(document.snapshot, "B1").uid))

    (issue,) = issues(document.snapshot, "B1", "multipart")
    assert (issue.area_m2, dict(issue.params)["parts"]) == (100.0, 2)


def test_exclusive_areas_may_have_parts(store: MemoryStore) -> None:
    with_area(store, "B1", kind="exclusive")
    document = document_on(store)
    document.execute(Give(place(3.5, 3.5), named(document.snapshot, "B1").uid))

    assert issues(document.snapshot, "B1", "multipart") == []


def test_households_out_of_the_band_are_told(store: MemoryStore) -> None:
    (issue,) = issues(store.snapshot(), "B3", "household_band")

    facts = dict(issue.params)
    assert (facts["households"], facts["low"], facts["high"]) == (28, 300, 500)


def test_stale_households_are_told(store: MemoryStore) -> None:
    store.rows["building"].clear()
    document = document_on(store)
    document.execute(Move(place(4, 1), place(4.2, 1)))

    (issue,) = issues(document.snapshot, "B1", "households_stale")
    assert dict(issue.params)["households"] == 400


def test_difference_from_the_outline_of_a_file_is_told(document: Document) -> None:
    assert issues(document.snapshot, "B3", "reference_difference") == []

    document.execute(Move(place(4, 3), place(4.5, 3)))

    (issue,) = issues(document.snapshot, "B3", "reference_difference")
    facts = dict(issue.params)
    assert (facts["gained_m2"], facts["lost_m2"], facts["source"]) == (0.0, 50.0, "虚构文件")


def test_retired_areas_have_no_issues(store: MemoryStore) -> None:
    snapshot = with_area(store, "A1-5", valid_to="2026-01-01", code=None)
    retired = named(snapshot, "A1-5").uid

    assert not any(retired in issue.areas for issue in IssueBook.of(snapshot).issues())
