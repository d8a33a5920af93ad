"""A package that comes in becomes a project with the same borders, or references of its areas."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from gridadmin.app.receiving import new_project_of, read_package, reference_of
from gridadmin.app.release_comparison import PRESENT, Side, compared_sides
from gridadmin.app.reports import verify_json
from gridadmin.app.session import Session
from gridadmin.base.errors import EditError, InputError
from gridadmin.checks.reference import newest_outline
from gridadmin.edit.reference_command import TakeReference
from gridadmin.edit.split_commands import SplitEqually
from gridadmin.exchange.import_source import plane_of
from gridadmin.publish.package import make_package
from gridadmin.publish.releasing import make_release


@pytest.fixture
def package(session: Session, tmp_path: Path) -> Path:
    release = make_release(session.document)
    return make_package(session, release, "public", folder=tmp_path).path


def test_a_new_project_of_a_package_has_the_borders_of_its_release(
    session: Session, package: Path, tmp_path: Path
) -> None:
    path = tmp_path / "接收 项目.gpkg"
    new_project_of(path, read_package(package))
    [release] = session.snapshot.rows("release").values()

    with Session.open(path, write=True) as received:
        proof = verify_json(received)
        assert proof["problems"] == []
        assert proof["partition_sha256"] == release.partition_sha256
        ours = {a.uid: (a.name, a.code, a.parent, a.level) for a in session.snapshot.areas()}
        theirs = {a.uid: (a.name, a.code, a.parent, a.level) for a in received.snapshot.areas()}
        assert theirs == ours
        comparison = compared_sides(received.document, Side(file=package), PRESENT)
        assert comparison.handovers == ()


def test_the_project_is_as_a_release_when_its_package_is_compared_with_it(
    session: Session, package: Path
) -> None:
    micro = min((a for a in session.snapshot.areas() if a.level == "micro_grid"),
                key=lambda a: a.code or "")  # fmt: skip
    session.document.execute(SplitEqually(micro.uid, 2, "land"))

    comparison = compared_sides(session.document, Side(file=package), PRESENT)

    assert [str(kind) for area in comparison.areas for kind in area.kinds] == ["reshaped", "added"]
    [handover] = [h for h in comparison.handovers if h.level == "micro_grid"]
    assert handover.before == micro.uid


def test_outlines_are_kept_as_references_and_no_border_moves(
    session: Session, package: Path
) -> None:
    before = verify_json(session)["partition_sha256"]
    done = session.document.execute(reference_of(read_package(package), session.snapshot))

    assert verify_json(session)["partition_sha256"] == before
    grid = next(a for a in session.snapshot.areas() if a.level == "grid" and a.land == "drawn")
    outline = newest_outline(session.snapshot, grid.uid)
    assert outline is not None
    assert (outline.source, outline.document) == (package.name, "r0001")
    assert dict(done.change.told)["areas"] > 700
    session.document.undo()
    assert newest_outline(session.snapshot, grid.uid) is None


def test_outlines_of_nobody_here_are_refused(session: Session) -> None:
    with pytest.raises(EditError) as refusal:
        session.document.execute(TakeReference("别处.gpkg", {"nobody": b""}))

    assert refusal.value.code == "edit.no_reference"


@pytest.mark.parametrize("table", ["areas", "gpkg_contents"])
def test_a_file_that_is_no_package_is_refused(package: Path, table: str) -> None:
    with closing(sqlite3.connect(package)) as database:
        database.execute(f"DELETE FROM gpkg_contents WHERE table_name = '{table}'")
        database.execute(f"DROP TABLE {table}")
        database.commit()
    with pytest.raises(InputError):
        read_package(package)


def test_a_package_that_says_nonsense_of_itself_is_still_read(
    package: Path, tmp_path: Path
) -> None:
    with closing(sqlite3.connect(package)) as database:
        database.execute("UPDATE gpkg_metadata SET metadata = '{\"release\": [1]}'")
        database.commit()
    received = read_package(package)
    assert received.release == {}
    new_project_of(tmp_path / "b.gpkg", replace(received, release={"plane": 3, "scheme": 4}))
    with Session.open(tmp_path / "b.gpkg", write=False) as session:
        assert verify_json(session)["ok"]


SENSELESS = {
    "kind": "UPDATE areas SET kind = 'bogus' WHERE fid = 3",
    "level": "UPDATE areas SET level = 'planet' WHERE fid = 3",
    "households": "UPDATE areas SET households = 1e20 WHERE fid = 3",
    "valid_from": "UPDATE areas SET valid_from = 'never' WHERE fid = 3",
    "name": "UPDATE areas SET name = hex(zeroblob(1000)) WHERE fid = 3",
    "uid": "UPDATE areas SET uid = '../../x' WHERE fid = 3",
    "code": "UPDATE areas SET code = char(27) || '[2J' WHERE fid = 3",
    "parent_uid": "UPDATE areas SET parent_uid = uid WHERE fid = 3",
}


def test_a_package_whose_areas_cannot_be_makes_no_project_and_says_where(
    package: Path, tmp_path: Path
) -> None:
    twice = "UPDATE areas SET uid = (SELECT uid FROM areas WHERE fid = 2) WHERE fid = 3"
    for column, said in (*SENSELESS.items(), ("uid", twice)):
        wrong = tmp_path / "wrong.gpkg"
        shutil.copy(package, wrong)
        with closing(sqlite3.connect(wrong)) as database:
            database.execute(said)
            database.commit()

        with pytest.raises(InputError) as refusal:
            new_project_of(tmp_path / "b.gpkg", read_package(wrong))

        told = refusal.value.params
        assert (refusal.value.code, told["row"], told["column"]) == (
            "release.senseless_package",
            3,
            column,
        )
        assert not (tmp_path / "b.gpkg").exists()


@pytest.mark.parametrize("plane", [{"wkt": "garbage"}, {"wkt": "x", "epsg": 4490}])
def test_a_plane_that_is_none_is_found_anew(
    session: Session, package: Path, tmp_path: Path, plane: dict[str, object]
) -> None:
    received = replace(read_package(package), release={"plane": plane})

    new_project_of(tmp_path / "b.gpkg", received)

    with Session.open(tmp_path / "b.gpkg", write=False) as made:
        assert plane_of(made.snapshot) == plane_of(session.snapshot)
