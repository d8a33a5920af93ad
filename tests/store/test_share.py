"""Projects on a network share: a local copy, written back whole, continued when that failed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gridadmin.app.creation import new_project
from gridadmin.app.session import Session
from gridadmin.base.errors import StoreError
from gridadmin.cli import main
from gridadmin.edit.area_commands import SetField
from gridadmin.store.share import SHARES_VARIABLE, check_out, is_on_share


@pytest.fixture
def shared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a project in a folder that counts as a network share."""
    folder = tmp_path / "共享 盘"
    folder.mkdir()
    monkeypatch.setenv(SHARES_VARIABLE, str(folder))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    path = folder / "项目.gpkg"
    new_project(path, "default", name="虚构区")
    return path


def rename(session: Session, name: str) -> None:
    session.document.execute(SetField(session.snapshot.root.uid, "name", name))


def name_in(path: Path) -> str:
    with Session.open(path, write=False) as session:
        return session.snapshot.root.name


def test_a_local_folder_is_no_share(tmp_path: Path) -> None:
    assert is_on_share(tmp_path) is False


def test_work_on_a_share_is_written_back_on_closing(shared: Path) -> None:
    before = shared.read_bytes()

    with Session.open(shared, write=True) as session:
        rename(session, "甲")
        assert shared.read_bytes() == before

    assert name_in(shared) == "甲"
    assert [path.name for path in shared.parent.iterdir()] == ["项目.gpkg"]


def test_opening_without_an_edit_leaves_the_share_alone(shared: Path) -> None:
    before = shared.stat().st_mtime_ns

    Session.open(shared, write=True).close()

    assert shared.stat().st_mtime_ns == before


def test_a_second_writer_is_refused(shared: Path) -> None:
    with Session.open(shared, write=True), pytest.raises(StoreError) as refused:
        Session.open(shared, write=True)

    assert refused.value.code == "store.locked"


def test_work_that_was_not_written_back_is_continued(shared: Path) -> None:
    killed = Session.open(shared, write=True)
    rename(killed, "乙")
    # What a killed program leaves: the copy with the edit, and no write-back.
    killed.store.close()
    killed._share[1].release()  # type: ignore[index]

    with Session.open(shared, write=True) as session:
        assert session.continues_copy
        assert session.snapshot.root.name == "乙"

    assert name_in(shared) == "乙"


def test_the_command_line_says_that_it_continues(
    shared: Path, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    killed = Session.open(shared, write=True)
    rename(killed, "乙")
    killed.store.close()
    killed._share[1].release()  # type: ignore[index]
    script = tmp_path / "lines.jsonl"
    script.write_text(
        json.dumps({"do": "set", "area": killed.snapshot.root.uid, "field": "name", "value": "戊"}),
        encoding="utf-8",
    )

    code = main(["--lang", "en", "edit", str(shared), str(script)])

    assert code == 0
    assert "Going on with work on this network share" in capfd.readouterr().err
    assert name_in(shared) == "戊"


def test_a_change_by_somebody_else_is_never_overwritten(shared: Path) -> None:
    session = Session.open(shared, write=True)
    rename(session, "丙")
    copy = shared.read_bytes()
    shared.write_bytes(copy + b"\0" * 4096)

    with pytest.raises(StoreError) as refused:
        session.close()

    assert refused.value.code == "store.share_conflict"
    assert shared.read_bytes() == copy + b"\0" * 4096
    assert name_in(Path(str(refused.value.params["copy"]))) == "丙"
    with pytest.raises(StoreError) as again:
        check_out(shared)
    assert again.value.code == "store.share_conflict"


def test_a_share_that_is_gone_keeps_the_work(shared: Path) -> None:
    session = Session.open(shared, write=True)
    rename(session, "丁")
    shared.rename(shared.with_suffix(".away"))

    with pytest.raises(StoreError) as kept:
        session.close()

    assert kept.value.code == "store.share_kept"
    assert name_in(Path(str(kept.value.params["copy"]))) == "丁"
