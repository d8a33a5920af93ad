"""The proof after writing: what lies on the disk is what was meant, row by row."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import shapely

from gridadmin.base.errors import StoreError
from gridadmin.base.progress import SILENT
from gridadmin.exchange.geopackage_writer import write_package
from gridadmin.exchange.package_check import problems_of
from gridadmin.exchange.package_proof import PackageProof
from gridadmin.exchange.packed_rtree import Boxes, Ids, PackedTree, pack
from gridadmin.exchange.stored_content import stored_package
from tests.exchange.made_up_packages import grids, package


@pytest.fixture
def written(chinese_dir: Path) -> Path:
    path = chinese_dir / "网格.gpkg"
    write_package(path, package())
    return path


def proof_after(path: Path, *statements: str) -> list[str]:
    """Change the file past its triggers, then compare it with what was meant."""
    with closing(sqlite3.connect(path)) as connection:
        triggers = connection.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall()
        for name, _ in triggers:
            connection.execute(f'DROP TRIGGER "{name}"')
        for statement in statements:
            connection.execute(statement)
        for _, sql in triggers:
            connection.execute(sql)
        connection.commit()
    meant = package()
    with PackageProof(meant) as proof:
        return proof.of_file(path, stored_package(meant)).problems(SILENT)


def test_file_as_it_was_written_is_proved(written: Path) -> None:
    assert proof_after(written) == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE grid SET name = name || ' ' WHERE fid = 2",
        "UPDATE grid SET households = 7 WHERE fid = 2",
        "UPDATE grid SET fid = 9 WHERE fid = 3",
        "UPDATE grid SET geom = (SELECT geom FROM grid WHERE fid = 1) WHERE fid = 2",
        "UPDATE grid SET geom = NULL WHERE fid = 2",
        "DELETE FROM grid WHERE fid = 3",
    ],
)
def test_a_row_that_is_not_the_one_meant_is_found(written: Path, statement: str) -> None:
    assert "grid: rows after 0 aren't those that were written" in proof_after(written, statement)


def test_a_row_too_many_is_found(written: Path) -> None:
    found = proof_after(
        written, "INSERT INTO areas (fid) VALUES (99)", "UPDATE gpkg_ogr_contents"
        " SET feature_count = feature_count + 1 WHERE table_name = 'areas'",
    )  # fmt: skip

    assert found == [
        "areas: feature count says 3, there are 2",
        "areas: more rows than were written",
    ]


def test_extent_index_and_counts_are_proved_too(written: Path) -> None:
    found = proof_after(
        written,
        "UPDATE gpkg_contents SET max_x = 105 WHERE table_name = 'grid'",
        "DELETE FROM rtree_grid_geom WHERE id = 2",
        "UPDATE gpkg_ogr_contents SET feature_count = 7 WHERE table_name = 'grid'",
    )

    assert [problem.split(" [")[0] for problem in found] == [
        "grid: feature count says 7, there are 3",
        "grid: stale extent",
        "grid: not in the spatial index: 2",
    ]


def test_invalid_land_is_refused_and_the_older_file_stays(tmp_path: Path) -> None:
    target = tmp_path / "网格.gpkg"
    target.write_bytes(b"older export")
    layer = grids()
    outlines = np.array(layer.geometries, dtype=object)
    outlines[1] = shapely.from_wkt("MULTIPOLYGON(((0 0,1 1,1 0,0 1,0 0)))")

    with pytest.raises(StoreError) as refusal:
        write_package(target, package(replace(layer, geometries=outlines)))

    assert refusal.value.code == "export.not_valid"
    assert str(refusal.value.params["problem"]).startswith("grid: invalid geometry: ")
    assert target.read_bytes() == b"older export"


def test_an_index_that_sqlite_finds_damaged_is_built_row_by_row(tmp_path: Path) -> None:
    def forgetful(ids: Ids, boxes: Boxes) -> PackedTree:
        tree = pack(ids, boxes)
        return PackedTree(tree.nodes, tree.parents, tree.rows[:-1])

    write_package(tmp_path / "网格.gpkg", package(), packer=forgetful)

    assert problems_of(tmp_path / "网格.gpkg") == []
    assert [path.name for path in tmp_path.iterdir()] == ["网格.gpkg"]
