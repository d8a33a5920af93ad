from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from gridadmin.app.demo import write_demo
from gridadmin.app.session import Session
from gridadmin.base.errors import StoreError
from gridadmin.checks.book import IssueBook
from gridadmin.domain.change import Change
from gridadmin.edit.area_commands import Create, SetField
from gridadmin.edit.document import Done
from gridadmin.edit.draft import Desk, Draft
from gridadmin.partition.snapshot import Snapshot
from gridadmin.store.share import SHARES_VARIABLE


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("示例 城市")
    write_demo(folder)
    return folder / "demo.gpkg"


@pytest.fixture
def path(made: Path, chinese_dir: Path) -> Path:
    copy = chinese_dir / "项目.gpkg"
    copy.write_bytes(made.read_bytes())
    return copy


@pytest.fixture
def session(path: Path) -> Iterator[Session]:
    with Session.open(path, write=True) as opened:
        yield opened


class ChangeSetting:
    """A command of the kind that later parts of the program bring."""

    may_move_frame = False

    def __init__(self, name: str, value: object) -> None:
        self.name, self.value = name, value

    def propose(self, snapshot: Snapshot, desk: Desk) -> Change:
        draft = Draft(snapshot)
        row = snapshot.rows("setting")[self.name]
        draft.put("setting", replace(row, value=json.dumps(self.value)))
        return draft.change("setting")


def rename(session: Session, name: str) -> Done:
    return session.document.execute(SetField(session.snapshot.root.uid, "name", name))


def numbers(book: IssueBook) -> list[str]:
    return [issue.id for issue in book.issues()]


# Opening


def test_a_project_opened_in_a_worker_is_worked_on_elsewhere(path: Path) -> None:
    with ThreadPoolExecutor(1) as worker:
        session = worker.submit(Session.open, path, write=True).result(60)

    with session:
        rename(session, "甲")
        session.document.undo()
        session.document.redo()
        assert [entry.kind for entry in session.document.history(3)] == ["redo", "undo", "set"]

    with Session.open(path, write=False) as again:
        assert again.snapshot.root.name == "甲"


def test_the_window_gets_a_project_that_it_may_write(path: Path) -> None:
    session, refusal = Session.open_for_window(path)

    with session:
        assert refusal is None
        assert rename(session, "甲").revision == session.store.revision


def test_the_window_gets_a_locked_project_to_read_and_the_reason(
    path: Path, session: Session
) -> None:
    rename(session, "甲")

    second, refusal = Session.open_for_window(path)

    with second:
        assert refusal is not None
        assert refusal.code == "store.locked"
        assert str(refusal.params["holder"]).count("@") == 1
        assert second.snapshot.root.name == "甲"
        with pytest.raises(StoreError):
            rename(second, "乙")


def test_the_window_gets_a_locked_project_on_a_share_to_read(
    path: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(SHARES_VARIABLE, str(path.parent))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    first, _ = Session.open_for_window(path)
    with first:
        second, refusal = Session.open_for_window(path)
        with second:
            assert refusal is not None
            assert refusal.code == "store.locked"
            assert second.snapshot.root.uid == first.snapshot.root.uid


def test_the_window_is_told_of_a_file_that_can_not_be_read(chinese_dir: Path) -> None:
    broken = chinese_dir / "坏.gpkg"
    with Session.open(_empty(chinese_dir), write=False) as session:
        raw = session.store.path.read_bytes()
    broken.write_bytes(raw[:4096] + b"\xff" * (len(raw) - 4096))

    with pytest.raises(StoreError) as refused:
        Session.open_for_window(broken)

    assert refused.value.code == "store.damaged"


def _empty(folder: Path) -> Path:
    from gridadmin.app.creation import new_project

    path = folder / "空.gpkg"
    new_project(path, "default", name="虚构区")
    return path


# The book of issues


def test_a_book_made_elsewhere_is_taken_over_and_kept_up(session: Session) -> None:
    assert not session.has_book

    assert session.take_book(IssueBook.of(session.snapshot))
    rename(session, " 甲 ")

    assert session.has_book
    assert numbers(session.book()) == numbers(IssueBook.of(session.snapshot))


def test_a_book_of_an_older_state_is_brought_up_to_date(session: Session) -> None:
    old = IssueBook.of(session.snapshot)
    streets = (area for area in session.snapshot.areas() if area.level == "street")
    street = min(streets, key=lambda area: area.code or "")
    dones = [
        session.document.execute(SetField(street.uid, "code", "77")),
        session.document.execute(Create("community", street.uid, "虚构社区", "12")),
        session.document.undo(),
    ]

    assert not session.take_book(old)
    assert not session.take_book(old, dones[:1])
    assert not session.has_book
    assert session.take_book(old, dones)

    assert numbers(session.book()) == numbers(IssueBook.of(session.snapshot))
    assert numbers(session.book()) != numbers(old)


def test_a_change_that_bears_on_everything_drops_the_book(session: Session) -> None:
    old = IssueBook.of(session.snapshot)
    session.take_book(old)

    done = session.document.execute(ChangeSetting("min_area_m2", 5.0))

    assert not session.has_book
    assert not session.take_book(old, [done])
    assert numbers(session.book()) == numbers(IssueBook.of(session.snapshot))
    assert session.has_book


def test_a_change_of_many_rows_drops_the_book(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gridadmin.checks.scopes._MANY_ROWS", 1)
    session.take_book(IssueBook.of(session.snapshot))

    rename(session, "甲")
    assert session.has_book
    session.document.execute(Create("street", session.snapshot.root.uid, "虚构街道", "12"))

    assert not session.has_book
