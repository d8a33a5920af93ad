from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import shapely

from gridadmin.exchange.package_content import (
    AttributeTable,
    Column,
    ColumnType,
    Layer,
    Metadata,
    Package,
)
from gridadmin.exchange.stored_content import content_hash, stored_layer, utc_text
from tests.exchange.made_up_packages import OUTLINES, ROWS, grids, outline_array, package


def with_values(kind: ColumnType, *values: object) -> Package:
    layer = Layer(
        "grid",
        "网格",
        (Column("x", kind),),
        np.arange(1, len(values) + 1, dtype=np.int64),
        outline_array([OUTLINES[1]] * len(values)),
        [(value,) for value in values],
    )
    return Package((layer,))


def test_hash_is_of_the_content_and_always_the_same() -> None:
    package_of_one = with_values(ColumnType.TEXT, "990101001001")

    assert content_hash(package_of_one) == (
        "7e9bcb3064958b7635b651dc02c0b4dda2ec3823804e432e3b27476331d41615"
    )


def test_hash_does_not_depend_on_order_of_rows_and_layers() -> None:
    renumbered = replace(grids((2, 0, 1)), fids=np.array([1, 2, 3], dtype=np.int64))
    cell = grids(name="cell")

    assert content_hash(package(grids(), cell)) == content_hash(package(cell, renumbered))


def test_hash_does_not_depend_on_how_numbers_were_held() -> None:
    plain = content_hash(with_values(ColumnType.REAL, 5.0, 0.0, None))
    other = content_hash(with_values(ColumnType.REAL, np.float32(5), -0.0, float("nan")))
    assert plain == other

    plain = content_hash(with_values(ColumnType.INTEGER, 5, 1))
    assert plain == content_hash(with_values(ColumnType.INTEGER, np.int64(5), True))


def test_hash_does_not_depend_on_presentation() -> None:
    original = package()
    layer = replace(grids(), title="别名", style_qml=None)
    dressed = replace(
        original,
        layers=(layer,),
        description="另一句",
        metadata=(Metadata("dataset", "http://example.org", "text/plain", "r2"),),
        last_change="2026-01-01",
    )

    assert content_hash(dressed) == content_hash(original)


def moved() -> Layer:
    geometries = grids().geometries.copy()
    geometries[0] = shapely.transform(geometries[0], lambda xy: xy + 1e-13)
    return replace(grids(), geometries=geometries)


@pytest.mark.parametrize(
    "changed",
    [
        package(moved()),
        package(replace(grids(), values=[*ROWS[:2], (*ROWS[2][:2], 411, *ROWS[2][3:])])),
        package(replace(grids(), name="micro_grid")),
        package(grids((0, 1))),
        replace(package(), srs_id=4326),
        replace(package(), tables=()),
    ],
    ids=["land", "value", "layer name", "row", "system", "table"],
)
def test_hash_tells_any_change_of_content(changed: Package) -> None:
    assert content_hash(changed) != content_hash(package())


def test_values_next_to_each_other_are_not_confused() -> None:
    columns = (Column("a", ColumnType.TEXT), Column("b", ColumnType.TEXT))
    first = AttributeTable("areas", "", columns, [("ab", "c")])
    second = AttributeTable("areas", "", columns, [("a", "bc")])

    assert content_hash(Package((), (first,))) != content_hash(Package((), (second,)))


def test_stored_shells_run_counter_clockwise_and_holes_clockwise() -> None:
    stored = stored_layer(grids(), 4490)

    outlines = shapely.from_wkb(stored.wkbs())
    parts = shapely.get_parts(outlines)
    assert shapely.is_ccw(shapely.get_exterior_ring(parts)).all()
    holes = [hole for part in parts for hole in part.interiors]
    assert len(holes) == 1
    assert not shapely.is_ccw(holes).any()


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        ("2025-03-01", "2025-03-01T00:00:00.000Z"),
        ("2025-03-01T08:00:00+08:00", "2025-03-01T00:00:00.000Z"),
        ("2025-03-01T08:00:00.125678Z", "2025-03-01T08:00:00.125Z"),
    ],
)
def test_moments_are_stored_in_utc_with_milliseconds(given: str, stored: str) -> None:
    assert utc_text(given) == stored
