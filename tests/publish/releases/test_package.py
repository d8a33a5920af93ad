"""A package is the frozen state, whole and the same each time, and public ones name nobody."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from gridadmin.app.release_export import save_release
from gridadmin.app.session import Session
from gridadmin.base.errors import EditError, StoreError
from gridadmin.domain.release import Release, package_name
from gridadmin.edit.area_commands import SetField
from gridadmin.exchange.package_check import problems_of
from gridadmin.publish.choice import INTERNAL_TABLES, Choice
from gridadmin.publish.mapping import mapping_of
from gridadmin.publish.package import make_package
from gridadmin.publish.releasing import make_release, standing_release


def rows(path: Path, sql: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(path)) as database:
        return database.execute(sql).fetchall()


def rename_a_grid(session: Session, name: str = "改名网格") -> str:
    grid = min((a for a in session.snapshot.areas() if a.level == "grid"), key=lambda a: a.uid)
    session.document.execute(SetField(grid.uid, "name", name))
    return grid.uid


@pytest.fixture
def release(session: Session) -> Release:
    return make_release(session.document, "虚构说明")


def test_a_package_of_a_release_is_valid_and_says_where_it_comes_from(
    session: Session, release: Release, tmp_path: Path
) -> None:
    made = make_package(session, release, "public", folder=tmp_path)

    assert made.name == "演示 项目-r0001-public.gpkg"
    assert made.path.stat().st_size == made.size
    assert problems_of(made.path) == []
    texts = [text for (text,) in rows(made.path, "SELECT metadata FROM gpkg_metadata")]
    said = json.loads(texts[1])["release"]
    assert (said["number"], said["note"], said["sha256"]) == (1, "虚构说明", release.sha256)
    assert "author" not in said
    assert json.loads(texts[2])["certificate"]["overlap_m2"] == 0
    assert ("posts",) not in rows(made.path, "SELECT table_name FROM gpkg_contents")


def test_the_same_release_gives_the_same_bytes_after_the_project_went_on(
    session: Session, release: Release, tmp_path: Path
) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    first = make_package(session, release, "public", folder=tmp_path / "a")
    uid = rename_a_grid(session)
    second = make_package(session, release, "public", folder=tmp_path / "b")

    assert second.sha256 == first.sha256
    assert second.path.read_bytes() == first.path.read_bytes()
    [(name,)] = rows(second.path, f"SELECT name FROM grid WHERE uid = '{uid}'")
    assert name != "改名网格"


def test_posts_are_related_to_their_areas_and_units(
    session: Session, release: Release, tmp_path: Path
) -> None:
    made = make_package(session, release, "internal", Choice(tables=INTERNAL_TABLES), tmp_path)

    assert problems_of(made.path) == []
    related = rows(
        made.path,
        "SELECT a.uid, p.anchor_uid FROM areas a JOIN areas_posts r ON r.base_id = a.fid"
        " JOIN posts p ON p.fid = r.related_id",
    )
    [(anchored,)] = rows(made.path, "SELECT COUNT(*) FROM posts WHERE anchor_kind = 'area'")
    assert len(related) == anchored > 0
    assert all(uid == anchor for uid, anchor in related)
    tables = {
        table for (table,) in rows(made.path, "SELECT base_table_name FROM gpkgext_relations")
    }
    assert {"areas", "grid", "organizations"} <= tables


def test_a_public_package_with_posts_names_no_own_phone(
    session: Session, release: Release, tmp_path: Path
) -> None:
    made = make_package(session, release, "public", Choice(tables=("posts",)), tmp_path)

    columns = {name for _, name, *_ in rows(made.path, "PRAGMA table_info('posts')")}
    assert "person_name" in columns
    assert not {"own_phone", "staff_number", "gender", "organization_uid"} & columns


def test_a_target_gets_its_own_names_and_code_lists(
    session: Session, release: Release, tmp_path: Path
) -> None:
    mapping = mapping_of(
        {
            "layers": {"grid": "wg"},
            "columns": {"code": "wgbm", "name": "wgmc"},
            "values": {"kind": {"general": "01", "exclusive": "02"}},
            "leave_out": ["households_state"],
        },
        "虚构.toml",
    )
    made = make_package(session, release, "public", Choice(mapping=mapping), tmp_path)

    assert problems_of(made.path) == []
    columns = [name for _, name, *_ in rows(made.path, "PRAGMA table_info('wg')")]
    assert columns[:6] == ["fid", "geom", "uid", "wgbm", "wgmc", "level"]
    assert "households_state" not in columns
    assert {kind for (kind,) in rows(made.path, "SELECT DISTINCT kind FROM wg")} <= {"01", "02"}


def test_an_edit_and_its_undo_leave_the_release_standing(
    session: Session, release: Release
) -> None:
    rename_a_grid(session)
    assert standing_release(session.snapshot, with_people=False) is None

    session.document.undo()
    assert standing_release(session.snapshot, with_people=True) == release


def test_undo_passes_over_a_release(session: Session) -> None:
    uid = rename_a_grid(session)
    make_release(session.document)
    session.document.undo()

    assert session.snapshot.area(uid).name != "改名网格"
    assert [one.number for one in session.snapshot.rows("release").values()] == [1]
    session.document.redo()
    assert session.snapshot.area(uid).name == "改名网格"


def test_unchanged_content_is_not_released_again(session: Session) -> None:
    make_release(session.document)
    with pytest.raises(EditError) as refusal:
        make_release(session.document)

    assert (refusal.value.code, refusal.value.params) == ("edit.release_unchanged", {"release": 1})


def test_a_note_with_controls_is_refused(session: Session) -> None:
    with pytest.raises(EditError, match=r"edit\.bad_value"):
        make_release(session.document, "a\x1b[2J")

    assert not session.snapshot.rows("release")
    assert make_release(session.document, " \n ").note is None


def test_a_log_that_leads_elsewhere_makes_no_package(
    session: Session, release: Release, tmp_path: Path
) -> None:
    with pytest.raises(StoreError) as refusal:
        make_package(session, replace(release, partition_sha256="0"), "public", folder=tmp_path)

    assert refusal.value.code == "release.not_the_same"
    assert list(tmp_path.glob("*.gpkg")) + list(tmp_path.glob("*.part")) == []


@pytest.mark.parametrize(
    ("stem", "name"),
    [
        ("演示 项目", "演示 项目-r0012-public.gpkg"),
        ("../../etc/a", "etc a-r0012-public.gpkg"),
        ("a?b#c%2e", "a b c 2e-r0012-public.gpkg"),
        ("..", "gridadmin-r0012-public.gpkg"),
        ("a\u200bb\u202ec\x7fd", "abcd-r0012-public.gpkg"),
        ("网" * 80, f"{'网' * 60}-r0012-public.gpkg"),
    ],
)
def test_file_names_lead_nowhere_else(stem: str, name: str) -> None:
    assert package_name(stem, 12, "public") == name


@pytest.mark.parametrize("profile", ["public", "internal"])
def test_notes_of_areas_are_in_the_ledger_of_the_office_alone(
    session: Session, tmp_path: Path, profile: str
) -> None:
    grid = rename_a_grid(session)
    session.document.execute(SetField(grid, "note", "找王某某（虚构）"))
    release = make_release(session.document)
    out = tmp_path / "台账.xlsx"

    save_release(session, release, profile, out)

    book = load_workbook(out, read_only=True)
    cells = {cell for sheet in book for row in sheet.values for cell in row}
    assert ("备注" in cells, "找王某某（虚构）" in cells) == (profile == "internal",) * 2
    assert "改名网格" in cells
