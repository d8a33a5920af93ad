from __future__ import annotations

import pytest

from gridadmin.edit.document import Document
from gridadmin.edit.merge_commands import Merge
from gridadmin.edit.papers import Papers, SetPapers
from gridadmin.edit.split_commands import Split
from tests.edit.conftest import Refused
from tests.helpers.projects import TODAY, named, place

PAPERS = Papers("虚构民〔2026〕1号", "2025-12-31")


def lines(document: Document) -> set[tuple[str, str | None, str | None]]:
    rows = document.snapshot.rows("lineage").values()
    return {(row.kind, row.document, row.date) for row in rows}


def test_a_merge_keeps_number_and_day_of_its_document(document: Document) -> None:
    first, second = (named(document.snapshot, key).uid for key in ("A", "B"))

    document.execute(Merge([first, second], papers=PAPERS))

    assert lines(document) == {("merge", "虚构民〔2026〕1号", "2025-12-31")}


def test_a_split_keeps_number_and_day_of_its_document(document: Document) -> None:
    area = named(document.snapshot, "B")
    line = [place(6, -1), place(6, 5)]

    document.execute(Split([area.uid], line, papers=PAPERS))

    assert ("split", "虚构民〔2026〕1号", "2025-12-31") in lines(document)


def test_papers_can_be_put_to_a_merge_afterwards(document: Document) -> None:
    first, second = (named(document.snapshot, key).uid for key in ("A", "B"))
    document.execute(Merge([first, second]))
    assert lines(document) == {("merge", None, TODAY)}

    document.execute(SetPapers(first, PAPERS))

    assert lines(document) == {("merge", "虚构民〔2026〕1号", "2025-12-31")}
    document.undo()
    assert lines(document) == {("merge", None, TODAY)}


@pytest.mark.parametrize(
    ("papers", "code"),
    [(Papers("甲", "昨天"), "edit.bad_date"), (Papers("甲\n乙"), "edit.bad_value")],
)
def test_papers_that_are_none_are_refused(
    document: Document, refused: Refused, papers: Papers, code: str
) -> None:
    first, second = (named(document.snapshot, key).uid for key in ("A", "B"))

    assert refused(document, Merge([first, second], papers=papers)).code == code


def test_an_area_without_lineage_takes_no_papers(document: Document, refused: Refused) -> None:
    refusal = refused(document, SetPapers(named(document.snapshot, "A").uid, PAPERS))

    assert refusal.code == "edit.no_lineage"
