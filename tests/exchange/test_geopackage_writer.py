from __future__ import annotations

import errno
import hashlib
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import fiona
import numpy as np
import pytest
import shapely

from gridadmin.base.errors import Cancelled, InputError, StoreError
from gridadmin.exchange.geopackage_writer import write_package
from gridadmin.exchange.package_check import problems_of
from gridadmin.exchange.package_content import Column, ColumnType, Package
from gridadmin.exchange.whole_file import part_beside
from tests.exchange.made_up_packages import (
    OUTLINES,
    empty_layer,
    grids,
    many_grids,
    outline_array,
    package,
)


class CancelsAt:
    """A user who cancels as soon as a stage has begun."""

    def __init__(self, stage: str) -> None:
        self.stage = stage
        self.has_come = False

    def step(self, what: str, done: int, total: int) -> None:
        self.has_come = self.has_come or what == self.stage

    def is_cancelled(self) -> bool:
        return self.has_come


class DiskFullAt(CancelsAt):
    """A disk on which no space is left when a stage begins."""

    def step(self, what: str, done: int, total: int) -> None:
        if what == self.stage:
            raise OSError(errno.ENOSPC, "No space left on device")


@pytest.fixture
def target(tmp_path: Path) -> Path:
    folder = tmp_path / "导出 结果 #1"
    folder.mkdir()
    return folder / "网格 100%?.gpkg" if os.name != "nt" else folder / "网格 100%.gpkg"


@pytest.fixture
def older(target: Path) -> Iterator[Path]:
    target.write_bytes(b"older export")
    yield target
    assert target.read_bytes() == b"older export"
    assert list(target.parent.iterdir()) == [target]


def rows_of(path: Path, sql: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(sql).fetchall()


def test_other_programs_see_layers_counts_crs_and_extent(target: Path) -> None:
    write_package(target, package())

    assert fiona.listlayers(target) == ["grid", "areas", "layer_styles"]
    with fiona.open(target, layer="grid") as layer:
        assert len(layer) == 3
        assert layer.crs.to_epsg() == 4490
        assert layer.schema["geometry"] == "MultiPolygon"
        assert layer.bounds == pytest.approx((104.1, 30.6, 104.15, 30.61), abs=1e-12)


def test_codes_stay_text_and_missing_values_stay_missing(target: Path) -> None:
    write_package(target, package())

    with fiona.open(target, layer="grid") as layer:
        first, second = dict(layer[1]["properties"]), dict(layer[2]["properties"])
    assert first["code"] == "990101001001001"
    assert first["land_m2"] == 1200000.5
    assert first["valid_from"] == "2025-01-01"
    assert second["name"] == "红星 网格"
    assert second["households"] is None


def test_islands_holes_and_parts_survive(target: Path) -> None:
    write_package(target, package())

    with fiona.open(target, layer="grid") as layer:
        read = [shapely.geometry.shape(layer[fid]["geometry"]) for fid in (1, 2, 3)]
    assert [len(shapely.get_parts(outline)) for outline in read] == [2, 1, 2]
    assert all(ours.equals(theirs) for ours, theirs in zip(OUTLINES, read, strict=True))


def test_package_passes_the_validator_and_our_checks(target: Path) -> None:
    write_package(target, package(grids(), empty_layer()))

    assert problems_of(target) == []


def test_package_without_layers_and_with_empty_layers_is_valid(target: Path) -> None:
    write_package(target, Package((), last_change="2025-01-01"))
    assert problems_of(target) == []

    write_package(target, package(empty_layer()))
    assert problems_of(target) == []
    extent = "SELECT min_x, max_y FROM gpkg_contents WHERE table_name = 'micro_grid'"
    assert rows_of(target, extent) == [(None, None)]


def test_world_packages_are_in_epsg_4326(target: Path) -> None:
    write_package(target, replace(package(), srs_id=4326))

    assert problems_of(target) == []
    with fiona.open(target, layer="grid") as layer:
        assert layer.crs.to_epsg() == 4326


def test_titles_are_chinese(target: Path) -> None:
    write_package(target, package())

    titles = dict(rows_of(target, "SELECT column_name, title FROM gpkg_data_columns"))
    assert titles["households"] == "户数"
    identifiers = dict(rows_of(target, "SELECT table_name, identifier FROM gpkg_contents"))
    assert identifiers["grid"] == "网格"


def test_layers_with_one_title_are_both_written(target: Path) -> None:
    write_package(target, package(grids(), grids(name="cell")))

    identifiers = rows_of(target, "SELECT identifier FROM gpkg_contents ORDER BY table_name")
    assert ("网格 (cell)",) in identifiers
    assert ("网格",) in identifiers


def test_metadata_and_styles_are_there(target: Path) -> None:
    write_package(target, package())

    assert rows_of(target, "SELECT metadata FROM gpkg_metadata") == [("来源：虚构示例",)]
    styles = rows_of(target, "SELECT f_table_name, useAsDefault FROM layer_styles")
    assert styles == [("grid", 1)]


def test_two_runs_give_the_same_bytes_whatever_the_row_order(tmp_path: Path) -> None:
    first = write_package(tmp_path / "a.gpkg", package(grids((0, 1, 2))))
    second = write_package(tmp_path / "b.gpkg", package(grids((2, 0, 1))))

    assert (tmp_path / "a.gpkg").read_bytes() == (tmp_path / "b.gpkg").read_bytes()
    assert first == second


def test_start_and_direction_of_rings_do_not_change_the_bytes(tmp_path: Path) -> None:
    layer = grids()
    turned = replace(layer, geometries=shapely.reverse(layer.geometries))

    write_package(tmp_path / "a.gpkg", package(layer))
    write_package(tmp_path / "b.gpkg", package(turned))

    assert (tmp_path / "a.gpkg").read_bytes() == (tmp_path / "b.gpkg").read_bytes()


def test_result_tells_size_and_hash_of_the_file(target: Path) -> None:
    written = write_package(target, package())

    content = target.read_bytes()
    assert written.size == len(content)
    assert written.sha256 == hashlib.sha256(content).hexdigest()


def test_older_file_is_replaced_and_nothing_is_left_beside(target: Path) -> None:
    target.write_bytes(b"older export")

    write_package(target, package())

    assert target.read_bytes()[:15] == b"SQLite format 3"
    assert list(target.parent.iterdir()) == [target]


@pytest.mark.parametrize(
    "stage",
    [
        "progress.export_prepare",
        "progress.export_write",
        "progress.export_index",
        "progress.export_check",
    ],
)
def test_cancelling_leaves_the_older_file(older: Path, stage: str) -> None:
    with pytest.raises(Cancelled):
        write_package(older, package(), CancelsAt(stage))


def test_full_disk_is_said_and_leaves_the_older_file(older: Path) -> None:
    with pytest.raises(StoreError) as refusal:
        write_package(older, package(), DiskFullAt("progress.export_index"))

    assert refusal.value.code == "export.disk_full"


def fill_up(target: Path) -> None:
    with part_beside(target) as part, closing(sqlite3.connect(part)) as connection:
        connection.execute("PRAGMA max_page_count = 2")
        connection.execute("CREATE TABLE t (b BLOB)")
        connection.execute("INSERT INTO t VALUES (zeroblob(100000))")


def test_full_database_counts_as_full_disk(tmp_path: Path) -> None:
    with pytest.raises(StoreError) as refusal:
        fill_up(tmp_path / "a.gpkg")

    assert refusal.value.code == "export.disk_full"
    assert list(tmp_path.iterdir()) == []


def test_target_held_by_another_program_is_said(
    older: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_part: Path, target: Path) -> None:
        raise PermissionError(errno.EACCES, "in use", str(target))

    monkeypatch.setattr(Path, "replace", refuse)

    with pytest.raises(StoreError) as refusal:
        write_package(older, package())
    assert refusal.value.code == "export.target_in_use"


def test_missing_folder_and_file_as_folder_are_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")

    for path in (tmp_path / "nowhere" / "a.gpkg", tmp_path / "file" / "a.gpkg"):
        with pytest.raises(InputError) as refusal:
            write_package(path, package())
        assert refusal.value.code == "export.no_folder"


def test_folder_in_the_place_of_the_target_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.gpkg").mkdir()

    with pytest.raises(InputError) as refusal:
        write_package(tmp_path / "a.gpkg", package())
    assert refusal.value.code == "export.target_is_folder"


def test_invalid_outline_is_not_exported(older: Path) -> None:
    bow_tie = shapely.MultiPolygon(
        [shapely.Polygon([(104, 30), (104.01, 30.01), (104.01, 30), (104, 30.01)])]
    )
    layer = replace(grids(), geometries=outline_array([bow_tie, *OUTLINES[1:]]))

    with pytest.raises(StoreError) as refusal:
        write_package(older, package(layer))

    assert refusal.value.code == "export.not_valid"
    assert refusal.value.params["problem"] == "grid: invalid geometry: 1"


@pytest.mark.parametrize(
    "outline",
    [
        None,
        shapely.MultiPolygon(),
        shapely.box(104, 30, 105, 31),
        shapely.MultiPolygon([shapely.Polygon([(0, 0), (np.inf, 0), (1, 1)])]),
    ],
)
def test_outline_that_is_no_land_is_refused_by_its_fid(older: Path, outline: object) -> None:
    layer = replace(grids(), geometries=outline_array([*OUTLINES[:2], outline]))

    with pytest.raises(InputError) as refusal:
        write_package(older, package(layer))
    assert refusal.value.code == "export.bad_outline"
    assert refusal.value.params == {"layer": "grid", "fid": 3}


def test_repeated_fid_is_refused(older: Path) -> None:
    layer = replace(grids(), fids=np.array([1, 2, 2], dtype=np.int64))

    with pytest.raises(InputError) as refusal:
        write_package(older, package(layer))
    assert refusal.value.code == "export.duplicate_fid"


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (ColumnType.TEXT, "\ud800"),
        (ColumnType.INTEGER, 2**63),
        (ColumnType.INTEGER, "many"),
        (ColumnType.REAL, "wide"),
        (ColumnType.DATE, "3 March"),
    ],
)
def test_value_that_can_not_be_stored_is_refused_by_its_column(
    older: Path, kind: ColumnType, value: object
) -> None:
    layer = replace(grids(), columns=(Column("x", kind),), values=[(None,), (value,), (None,)])

    with pytest.raises(InputError) as refusal:
        write_package(older, package(layer))
    assert refusal.value.code == "export.bad_value"
    assert refusal.value.params == {"layer": "grid", "column": "x"}


@pytest.mark.parametrize("name", ["", "geom", "FID", "gpkg_contents"])
def test_reserved_names_are_refused(older: Path, name: str) -> None:
    as_layer = name in {"", "gpkg_contents"}
    layer = (
        replace(grids(), name=name)
        if as_layer
        else replace(grids(), columns=(Column(name, ColumnType.TEXT),), values=[("",)] * 3)
    )

    with pytest.raises(InputError) as refusal:
        write_package(older, package(layer))
    assert refusal.value.code == "export.bad_name"


def test_two_layers_of_one_name_are_refused(older: Path) -> None:
    with pytest.raises(InputError) as refusal:
        write_package(older, package(grids(), grids(name="Grid")))
    assert refusal.value.code == "export.bad_name"


def test_hostile_names_of_columns_are_only_names(target: Path) -> None:
    name = 'a"; DROP TABLE grid; --'
    layer = replace(grids(), columns=(Column(name, ColumnType.TEXT),), values=[("x",)] * 3)

    write_package(target, package(layer))

    with fiona.open(target, layer="grid") as read:
        assert read[1]["properties"][name] == "x"


def test_spatial_filter_of_other_programs_finds_by_the_index(target: Path) -> None:
    write_package(target, package(many_grids(3000)))

    with fiona.open(target, layer="grid") as layer:
        found = list(layer.items(bbox=(103.0951, 30.0951, 103.1049, 30.1049)))
    assert sorted(fid for fid, _ in found) == [370, 371, 410, 411]


def test_edit_by_another_program_keeps_index_and_count_true(target: Path) -> None:
    write_package(target, package())

    with fiona.open(target, "a", layer="grid") as layer:
        layer.write(
            {
                "geometry": shapely.geometry.mapping(OUTLINES[1]),
                "properties": {
                    "code": "990101001001004",
                    "name": "新增",
                    "households": 1,
                    "households_state": "typed",
                    "land_m2": 1.0,
                    "valid_from": "2025-01-01",
                },
            }
        )

    assert rows_of(target, "SELECT COUNT(*) FROM rtree_grid_geom") == [(4,)]
    counted = "SELECT feature_count FROM gpkg_ogr_contents WHERE table_name = 'grid'"
    assert rows_of(target, counted) == [(4,)]
