from __future__ import annotations

import sqlite3
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from gridadmin.base.errors import Cancelled, InputError, StoreError
from gridadmin.base.ids import oid_of
from gridadmin.domain.change import TABLES, Change, RowChange
from gridadmin.domain.model import Area, BorderRow, Compound, Context, Setting
from gridadmin.store.project_file import ProjectFile, create_project, is_project
from tests.store.made_up import (
    BORDER,
    GRID,
    LAKE,
    LANDS,
    PLANE,
    ROOT,
    SQUARE,
    names,
    new_project,
    renamed,
    write,
)


def files_beside(path: Path) -> list[str]:
    return sorted(entry.name for entry in path.parent.iterdir())


class CancelledAt:
    """A made-up user who cancels at the given report."""

    def __init__(self, report: int) -> None:
        self.left = report

    def step(self, what: str, done: int, total: int) -> None:
        self.left -= 1

    def is_cancelled(self) -> bool:
        return self.left <= 0


def test_new_project_holds_its_records_at_revision_0_without_history(path: Path) -> None:
    with ProjectFile.open(path, write=False) as project:
        assert project.read_all("area") == [GRID, ROOT]
        assert project.read_all("exempt") == [LAKE]
        assert project.read_all("border") == [BORDER]
        assert project.read_all("setting") == [Setting("scheme", "{}")]
        assert project.revision == 0
        assert project.log() == []
        assert project.history_state() == ([], [])


def test_records_are_the_same_in_whatever_order_they_are_read(path: Path) -> None:
    with ProjectFile.open(path, write=False) as project:
        quickly = project.read_all("area", in_order=False)

        assert sorted(quickly, key=lambda area: area.uid) == project.read_all("area")
        assert quickly == sorted(quickly, key=lambda area: oid_of(area.uid))
        assert type(quickly[0].is_divided) is bool


def test_create_leaves_one_file(path: Path) -> None:
    assert files_beside(path) == ["虚构 区 %20#?.gpkg"]


def test_create_refuses_to_overwrite(path: Path) -> None:
    before = path.read_bytes()

    with pytest.raises(InputError) as refusal:
        create_project(path, {}, [], "虚构用户")

    assert refusal.value.code == "store.exists"
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("name", "code"), [("a.shp", "store.not_gpkg_name"), ("no/a.gpkg", "store.no_folder")]
)
def test_create_refuses_a_bad_place(tmp_path: Path, name: str, code: str) -> None:
    with pytest.raises(InputError) as refusal:
        create_project(tmp_path / name, {}, [], "虚构用户")

    assert refusal.value.code == code
    assert list(tmp_path.iterdir()) == []


def test_create_that_fails_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(StoreError) as refusal:
        create_project(tmp_path / "a.gpkg", {}, [ROOT], "虚构用户", lands={1: b"no polygon"})

    assert refusal.value.code == "store.bad_land"
    assert list(tmp_path.iterdir()) == []


def test_create_that_is_cancelled_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(Cancelled):
        create_project(tmp_path / "a.gpkg", {}, [ROOT], "虚构用户", progress=CancelledAt(1))

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("write_mode", [False, True])
def test_opening_reading_and_closing_leave_the_file_as_it_is(path: Path, write_mode: bool) -> None:
    before, stamp = path.read_bytes(), path.stat().st_mtime_ns

    with ProjectFile.open(path, write=write_mode) as project:
        for table in TABLES:
            project.read_all(table)
        project.integrity_problems()
        assert files_beside(path) == ["虚构 区 %20#?.gpkg"]

    assert path.read_bytes() == before
    assert path.stat().st_mtime_ns == stamp
    assert files_beside(path) == ["虚构 区 %20#?.gpkg"]


def test_write_raises_the_revision_by_one_and_survives_reopening(path: Path) -> None:
    with ProjectFile.open(path, write=True) as project:
        assert write(project, renamed(1)) == 1
        assert write(project, renamed(2)) == 2
        assert project.revision == 2

    with ProjectFile.open(path, write=False) as project:
        assert project.revision == 2
        assert names(project) == {"grid-1": "2", "root": "虚构区"}
        assert [entry.revision for entry in project.log()] == [2, 1]
        assert [entry.note for entry in project.log(limit=1)] == ["改名 2"]
        assert project.history_state() == ([1, 2], [])
        assert project.integrity_problems() == []
    assert files_beside(path) == ["虚构 区 %20#?.gpkg"]


def test_change_comes_back_from_the_log_as_it_was(path: Path) -> None:
    change = Change(
        "paint",
        (
            RowChange("border", BORDER, None),
            RowChange("compound", None, Compound("c", "小区", None, True, b"\x00\xff", revision=1)),
            RowChange("area", GRID, replace(GRID, name="新名", revision=1)),
            RowChange("border", None, BorderRow(2**61, b"\x01" * 16, 2**61, -1, 1)),
        ),
        note="画入",
        undid=None,
        told=(("moved_mm", 0.71), ("uids", ["a", "b"])),
    )

    with ProjectFile.open(path, write=True) as project:
        write(project, change)

        assert project.change_at(1) == change


def test_write_inserts_replaces_and_deletes_rows(path: Path) -> None:
    added = BorderRow(7, b"\x02" * 16, oid_of("root"), 0, 1)
    change = Change("x", (RowChange("border", BORDER, None), RowChange("border", None, added)))

    with ProjectFile.open(path, write=True) as project:
        write(project, change)

        assert project.read_all("border") == [added]
        assert project.read_borders_columns() == ((7,), (oid_of("root"),), (0,), (b"\x02" * 16,))


def test_empty_table_has_empty_columns(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    create_project(path, {}, [], "虚构用户")

    with ProjectFile.open(path, write=False) as project:
        assert project.read_borders_columns() == ((), (), (), ())


def test_flags_come_back_as_booleans(path: Path) -> None:
    compounds = [
        Compound("a", "甲", has_property_company=True),
        Compound("b", "乙", has_property_company=False),
        Compound("c", "丙"),
    ]
    rows = tuple(RowChange("compound", None, compound) for compound in compounds)

    with ProjectFile.open(path, write=True) as project:
        write(project, Change("x", rows))

        found = [compound.has_property_company for compound in project.read_all("compound")]
    assert found == [True, False, None]
    assert [type(value) for value in found] == [bool, bool, type(None)]


def test_every_table_keeps_its_record(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    context = Context("ctx", "邻区", b"\x00\x01", "district", "98")
    create_project(path, {}, [context], "虚构用户")

    with ProjectFile.open(path, write=False) as project:
        assert project.read_all("context") == [context]


def test_lands_are_replaced_and_taken_away(path: Path) -> None:
    grid, lake = oid_of("grid-1"), oid_of("lake-1")

    with ProjectFile.open(path, write=True) as project:
        write(project, Change("x", ()), {grid: LANDS[lake], lake: None})

        assert list(project.read_lands()) == [grid]


def test_two_areas_of_one_number_are_refused_instead_of_losing_one(path: Path) -> None:
    with sqlite3.connect(path) as database:
        database.execute("UPDATE area SET oid = ? WHERE uid = 'root'", (oid_of("new"),))
    database.close()
    change = Change("create", (RowChange("area", None, Area("new", None, "x", "grid", "root")),))

    with ProjectFile.open(path, write=True) as project:
        with pytest.raises(StoreError) as refusal:
            write(project, change)

        assert refusal.value.code == "store.row_refused"
        assert names(project) == {"grid-1": "第一网格", "root": "虚构区"}
        assert project.revision == 0


@pytest.mark.parametrize("report", [1, 2])
def test_cancelled_write_keeps_nothing_and_the_next_one_works(path: Path, report: int) -> None:
    with ProjectFile.open(path, write=True) as project:
        with pytest.raises(Cancelled):
            project.write(
                renamed(1),
                gesture="g",
                lands={oid_of("grid-1"): None},
                author="虚构用户",
                time="",
                progress=CancelledAt(report),
            )
        assert names(project)["grid-1"] == "第一网格"
        assert len(project.read_lands()) == 2
        assert project.log() == []

        assert write(project, renamed(1)) == 1


def test_bad_land_refuses_the_whole_change(path: Path) -> None:
    with ProjectFile.open(path, write=True) as project:
        with pytest.raises(StoreError) as refusal:
            write(project, renamed(1), {5: b"\x01\x02"})

        assert refusal.value.code == "store.bad_land"
        assert names(project)["grid-1"] == "第一网格"


def test_bad_plane_refuses_the_whole_change(path: Path) -> None:
    plane = Change("import", (RowChange("setting", None, Setting("plane", '{"epsg": 1}')),))

    with ProjectFile.open(path, write=True) as project:
        with pytest.raises(StoreError) as refusal:
            write(project, plane)

        assert refusal.value.code == "store.bad_plane"
        assert len(project.read_all("setting")) == 1


def test_write_refuses_when_the_file_moved_on(path: Path) -> None:
    with ProjectFile.open(path, write=True) as project:
        with sqlite3.connect(path) as other:
            other.execute("UPDATE meta SET value = '5' WHERE key = 'revision'")
        other.close()

        with pytest.raises(StoreError) as refusal:
            write(project, renamed(1))

    assert refusal.value.code == "store.changed_elsewhere"
    assert refusal.value.params["found"] == 5


def test_reader_sees_the_revision_of_the_writer(path: Path) -> None:
    with (
        ProjectFile.open(path, write=True) as writer,
        ProjectFile.open(path, write=False) as reader,
    ):
        write(writer, renamed(1))

        assert reader.revision == 1
        assert names(reader)["grid-1"] == "1"


def test_reader_keeps_one_state_while_a_writer_waits(path: Path) -> None:
    with (
        ProjectFile.open(path, write=True, busy_timeout_s=0.05) as writer,
        ProjectFile.open(path, write=False) as reader,
    ):
        with reader.one_state():
            assert names(reader)["grid-1"] == "第一网格"
            with pytest.raises(StoreError) as refusal:
                write(writer, renamed(1))
            assert names(reader)["grid-1"] == "第一网格"
        assert refusal.value.code == "store.busy"

        assert write(writer, renamed(1)) == 1


def test_write_refuses_in_a_file_opened_for_reading(path: Path) -> None:
    before = path.read_bytes()

    with ProjectFile.open(path, write=False) as project, pytest.raises(StoreError) as refusal:
        write(project, renamed(1))

    assert project.is_read_only
    assert refusal.value.code == "store.opened_for_reading"
    assert path.read_bytes() == before


def test_file_left_in_wal_mode_becomes_one_file_with_the_first_write(path: Path) -> None:
    other = sqlite3.connect(path)
    other.execute("PRAGMA journal_mode = WAL")
    other.close()

    with ProjectFile.open(path, write=True) as project:
        write(project, renamed(1))
        assert files_beside(path) == ["虚构 区 %20#?.gpkg"]

    check = sqlite3.connect(path)
    assert check.execute("PRAGMA journal_mode").fetchone() == ("delete",)
    check.close()


def test_file_can_be_used_from_another_thread(path: Path) -> None:
    found: list[dict[str, str]] = []
    with ProjectFile.open(path, write=True) as project:
        worker = threading.Thread(target=lambda: found.append(names(project)))
        worker.start()
        worker.join()

    assert found == [{"grid-1": "第一网格", "root": "虚构区"}]


def test_only_projects_are_projects(path: Path, tmp_path: Path) -> None:
    text = tmp_path / "a.gpkg"
    text.write_text("no database at all", encoding="utf-8")

    assert is_project(path)
    assert not is_project(text)
    assert not is_project(tmp_path / "missing.gpkg")


def test_project_of_a_newer_program_is_a_project(path: Path) -> None:
    with sqlite3.connect(path) as database:
        database.execute("UPDATE meta SET value = '99' WHERE key = 'schema_version'")
    database.close()

    assert is_project(path)


def test_damaged_file_is_neither_called_a_project_nor_none(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:9000])

    with pytest.raises(StoreError) as refusal:
        is_project(path)

    assert refusal.value.code == "store.damaged"


def test_plane_given_at_creation_is_the_crs_of_the_land(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    create_project(path, {"plane": PLANE}, [GRID], "虚构用户", lands={oid_of("grid-1"): SQUARE})

    with sqlite3.connect(path) as database:
        assert database.execute("SELECT DISTINCT srs_id FROM gpkg_geometry_columns").fetchall() == [
            (4549,)
        ]
        [blob] = database.execute("SELECT geom FROM land").fetchone()
    database.close()
    assert int.from_bytes(blob[4:8], "little") == 4549


def test_projects_of_one_name_in_two_folders_are_two(tmp_path: Path) -> None:
    (tmp_path / "甲").mkdir()
    (tmp_path / "乙").mkdir()
    first, second = new_project(tmp_path / "甲/p.gpkg"), new_project(tmp_path / "乙/p.gpkg")

    with ProjectFile.open(first, write=True) as one, ProjectFile.open(second, write=True) as two:
        write(one, renamed(1))

        assert two.revision == 0
        assert not two.is_read_only
