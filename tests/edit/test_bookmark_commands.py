from __future__ import annotations

import pytest

from gridadmin.base.errors import EditError
from gridadmin.checks.scopes import needs_full_check
from gridadmin.domain.bookmark import Bookmark, restored
from gridadmin.edit.bookmark_commands import (
    DropBookmark,
    KeepBookmark,
    RenameBookmark,
    bookmarks_of,
)
from gridadmin.edit.document import Document
from gridadmin.edit.script import ScriptReader
from tests.edit.conftest import Refused
from tests.helpers.projects import MemoryStore
from tests.helpers.promises import check_same

GATE = KeepBookmark("  北门  广场 ", (0.0, 0.0, 10.0, 8.0))


def test_a_bookmark_is_kept_renamed_moved_and_taken_away(
    store: MemoryStore, document: Document
) -> None:
    document.execute(GATE)
    document.execute(KeepBookmark("南门", (1, 1, 2, 2)))
    document.execute(RenameBookmark("北门 广场", "北广场"))
    document.execute(KeepBookmark("北广场", (0.0, 0.0, 20.0, 8.0)))
    assert bookmarks_of(document.snapshot) == [
        Bookmark("北广场", (0.0, 0.0, 20.0, 8.0)),
        Bookmark("南门", (1.0, 1.0, 2.0, 2.0)),
    ]

    document.execute(DropBookmark("北广场"))
    document.undo()
    document.undo()

    assert bookmarks_of(document.snapshot)[0] == Bookmark("北广场", (0.0, 0.0, 10.0, 8.0))
    check_same(document.snapshot, store.snapshot())


def test_a_bookmark_lets_no_check_begin_anew(document: Document) -> None:
    assert not needs_full_check(document.execute(GATE).change)


def test_names_and_boxes_that_are_none_are_refused(document: Document, refused: Refused) -> None:
    document.execute(GATE)
    document.execute(KeepBookmark("南门", (1, 1, 2, 2)))

    assert refused(document, KeepBookmark(" ", (0, 0, 1, 1))).code == "edit.bad_value"
    assert refused(document, KeepBookmark("长" * 61, (0, 0, 1, 1))).code == "edit.bad_value"
    assert refused(document, KeepBookmark("东门", (1, 0, 1, 1))).code == "edit.bad_value"
    assert refused(document, DropBookmark("东门")).code == "edit.unknown_bookmark"
    assert refused(document, RenameBookmark("南门", "北门 广场")).code == "edit.known_bookmark"
    assert refused(document, KeepBookmark("南门", (1, 1, 2, 2))).code == "edit.nothing_changes"


def test_what_a_damaged_file_holds_for_bookmarks_is_left_out() -> None:
    box = [0, 0, 1, 1]
    kept: list[dict[str, object]] = [{"name": "北门", "box": box}, {"name": "", "box": box}]
    kept += [{"box": 3}]

    assert restored(kept) == [Bookmark("北门", (0.0, 0.0, 1.0, 1.0))]


def test_lines_read_bookmarks_in_the_coordinates_of_the_script() -> None:
    reader = ScriptReader(lambda _: (0.0, 0.0), lambda point: (point[0] + 100, point[1] + 200))

    assert reader.read('{"do":"bookmark","name":"a","box":[0,0,1,2]}') == KeepBookmark(
        "a", (100.0, 200.0, 101.0, 202.0)
    )
    assert reader.read('{"do":"bookmark","name":"a","rename":"b"}') == RenameBookmark("a", "b")
    assert reader.read('{"do":"bookmark","name":"a","box":null}') == DropBookmark("a")
    with pytest.raises(EditError, match=r"edit\.bad_value"):
        reader.read('{"do":"bookmark","name":"a","box":[0,0,1,"x"]}')
