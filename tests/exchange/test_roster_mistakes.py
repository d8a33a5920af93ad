"""A roster of 5,000 rows with planted mistakes: each is found at its cell, none is invented."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from gridadmin.app.demo import write_demo
from gridadmin.app.roster import preview_json
from gridadmin.app.session import Session
from gridadmin.domain.people import PEOPLE
from gridadmin.edit.draft import Draft
from gridadmin.exchange.roster_compare import RosterChoices, compare
from gridadmin.exchange.roster_file import RosterSheet, read_sheets
from gridadmin.exchange.roster_marks import write_marked_copy
from gridadmin.exchange.roster_preview import RosterPreview
from gridadmin.partition.snapshot import Snapshot
from tests.helpers.dirty_rosters import DirtyRoster, dirty_roster

TODAY = "2026-01-05"
ROWS, SEED, EACH = 5000, 20260105, 12


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snapshot]:
    folder = tmp_path_factory.mktemp("样例 城市")
    write_demo(folder)
    with Session.open(folder / "demo.gpkg", write=False) as session:
        yield _without_people(session.snapshot)


def _without_people(snapshot: Snapshot) -> Snapshot:
    draft = Draft(snapshot)
    for table in PEOPLE:
        for uid in snapshot.rows(table):
            draft.remove(table, uid)
    return snapshot.applied(draft.change("emptied"), snapshot.revision + 1)


@pytest.fixture(scope="module")
def dirty(snapshot: Snapshot) -> DirtyRoster:
    return dirty_roster(snapshot, ROWS, SEED, EACH)


@pytest.fixture(scope="module")
def file(dirty: DirtyRoster, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("名册") / "花名册 2026.xlsx"
    dirty.save(path)
    return path


@pytest.fixture(scope="module")
def sheets(file: Path) -> list[RosterSheet]:
    return read_sheets(file)


@pytest.fixture(scope="module")
def preview(snapshot: Snapshot, sheets: list[RosterSheet]) -> RosterPreview:
    return compare(snapshot, sheets, TODAY)


def test_every_planted_mistake_is_found_at_its_cell_and_none_is_invented(
    dirty: DirtyRoster, preview: RosterPreview
) -> None:
    found = {(one.row, one.column, one.code) for one in preview.problems}
    assert len(dirty.kinds) >= 12
    assert Counter(code for _, _, code in found - dirty.truth) == Counter()
    assert Counter(code for _, _, code in dirty.truth - found) == Counter()
    assert len(preview.problems) == len(dirty.truth)
    warned = sum(one.severity == "warning" for one in preview.problems)
    assert preview.good == preview.rows - len(dirty.truth) + warned


def test_columns_with_identity_numbers_are_refused_and_none_of_them_is_handed_on(
    dirty: DirtyRoster, sheets: list[RosterSheet], preview: RosterPreview, tmp_path: Path
) -> None:
    assert [one.title for one in preview.refused] == ["身份证号码", "备注"]
    assert preview.refused[1].count == 3
    told = json.dumps(preview_json(preview, "zh"), ensure_ascii=False) + repr(preview)
    marked = tmp_path / "问题.xlsx"
    write_marked_copy(marked, sheets, preview, "zh")
    book = openpyxl.load_workbook(marked, read_only=True)
    for page in book.worksheets:
        told += "".join(str(cell) for row in page.iter_rows(values_only=True) for cell in row)
    digits = set(re.findall(r"\d{17}[\dX]", told.replace(" ", "")))
    assert digits.isdisjoint(dirty.numbers)
    assert len(dirty.numbers) > ROWS


def test_an_answer_to_each_question_lets_its_rows_in(
    snapshot: Snapshot, sheets: list[RosterSheet], preview: RosterPreview
) -> None:
    answers = {one.ask.id: one.ask.options[0].key for one in preview.questions}

    after = compare(snapshot, sheets, TODAY, RosterChoices(answers=answers))

    assert preview.questions
    assert after.questions == ()
    asked = sum(one.severity == "question" for one in preview.problems)
    assert after.good == preview.good + asked
