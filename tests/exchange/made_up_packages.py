"""Small packages of a made-up place, for the tests of exports."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from gridadmin.exchange.layer_style import style_qml
from gridadmin.exchange.package_content import (
    AttributeTable,
    Column,
    ColumnType,
    Layer,
    Metadata,
    Package,
)

COLUMNS = (
    Column("code", ColumnType.TEXT, "编码"),
    Column("name", ColumnType.TEXT, "名称"),
    Column("households", ColumnType.INTEGER, "户数"),
    Column("households_state", ColumnType.TEXT, "户数来源"),
    Column("land_m2", ColumnType.REAL, "面积（平方米）"),
    Column("valid_from", ColumnType.DATE, "启用日期"),
)
WHEN = "2025-03-01T08:00:00+08:00"


def square(x: float, y: float, size: float = 0.01) -> BaseGeometry:
    return shapely.box(x, y, x + size, y + size)


RING = square(104.1, 30.6).difference(square(104.104, 30.604, 0.002))
ISLAND = square(104.105, 30.605, 0.0005)
OUTLINES = [
    shapely.MultiPolygon([RING, ISLAND]),
    shapely.MultiPolygon([square(104.11, 30.6)]),
    shapely.MultiPolygon([square(104.12, 30.6), square(104.14, 30.6)]),
]
ROWS: list[tuple[Any, ...]] = [
    ("990101001001001", "东风网格", 320, "counted", 1200000.5, "2025-01-01"),
    ("990101001001002", "红星 网格", None, "unknown", 980000.25, None),
    ("990101001001003", "“新”网格", 410, "typed", 1960000.75, "2025-02-01"),
]


def outline_array(outlines: list[Any]) -> Any:
    array = np.empty(len(outlines), dtype=object)
    array[:] = outlines
    return array


def grids(order: tuple[int, ...] = (0, 1, 2), name: str = "grid") -> Layer:
    return Layer(
        name,
        "网格",
        COLUMNS,
        np.array([i + 1 for i in order], dtype=np.int64),
        outline_array([OUTLINES[i] for i in order]),
        [ROWS[i] for i in order],
        style_qml(name),
    )


def many_grids(count: int) -> Layer:
    outlines = [
        shapely.MultiPolygon([square(103 + i % 40 * 0.01, 30 + i // 40 * 0.01)])
        for i in range(count)
    ]
    return Layer(
        "grid",
        "网格",
        (Column("name", ColumnType.TEXT),),
        np.arange(1, count + 1, dtype=np.int64),
        outline_array(outlines),
        [(f"网格{i}",) for i in range(count)],
    )


def empty_layer(name: str = "micro_grid") -> Layer:
    return Layer(name, "微网格", COLUMNS, np.zeros(0, dtype=np.int64), outline_array([]), [])


def package(*layers: Layer) -> Package:
    table = AttributeTable(
        "areas",
        "全部区域",
        (Column("uid", ColumnType.TEXT, "标识"), Column("land", ColumnType.TEXT)),
        [("a", "drawn"), ("b", "listed")],
    )
    note = Metadata("dataset", "http://www.isotc211.org/2005/gmd", "text/plain", "来源：虚构示例")
    return Package(layers or (grids(),), (table,), 4490, "虚构示例", (note,), WHEN)
