"""Made-up facts of a sheet: grids as squares, without a project."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely

from gridadmin.chart.facts import (
    MapArea,
    MapFacts,
    Margin,
    SheetFacts,
    Table,
    TableColumn,
    TableRow,
)
from gridadmin.chart.surface import Paths
from gridadmin.partition.ground import Ground, Placed

MARGIN = Margin("2000 国家大地坐标系", "2026-11-20", "修订 1", "甲局（虚构）", "2026-11-20", "公开")


def _ground() -> Ground:
    return Ground(Placed.of([], []), Placed.of([], []), Placed.of([], []), Placed.of([], []))


def _area(number: int, name: str, land: shapely.Geometry) -> MapArea:
    point = shapely.point_on_surface(land)
    return MapArea(
        uid=f"u{number}",
        code=f"99000100100{number:04}",
        name=name,
        short=name,
        level="grid",
        land=shapely.MultiPolygon([land]),
        colour=number % 4,
        figures=f"{300 + number} 户 · 1/1 人",
        places=np.array([(point.x, point.y)]),
        room_m=np.array([1.0]),
    )


def facts_of(lands: Sequence[tuple[str, shapely.Geometry]], rows: int = 0) -> SheetFacts:
    """Return the facts of a community with grids of these names, and so many rows of staff."""
    areas = tuple(_area(number, name, land) for number, (name, land) in enumerate(lands))
    parts = [area.land.geoms[0] for area in areas]
    about = shapely.union_all(parts)
    whole = about if about.geom_type == "MultiPolygon" else shapely.MultiPolygon([about])
    lines = Paths.of([shapely.get_coordinates(part.exterior) for part in parts])
    facts = MapFacts(
        about=whole, level="community", detail="grid", areas=areas, finer=(), coarser=(),
        around=(), lines={"grid": lines}, exempt=(), ground=_ground(), compound_types=(),
        whole=whole,
    )  # fmt: skip
    columns = (TableColumn("网格"), TableColumn("户数", is_number=True), TableColumn("网格员"))
    table = Table(
        "网格力量一览表",
        columns,
        tuple(TableRow((f"第{n}号网格", str(300 + n), f"示例{n}")) for n in range(rows)),
    )
    return SheetFacts(
        key="9900010010", place="虚构市样例区示例社区", plan="", maps=(facts,), map_titles=(),
        margin=MARGIN, staff=table, level_names={"grid": "网格"},
    )  # fmt: skip


def squares(
    count: int, side_m: float, name: str = "第{n}网格"
) -> list[tuple[str, shapely.Geometry]]:
    """Return so many squares beside and above each other with numbered names."""
    across = round(count**0.5)
    return [
        (
            name.format(n=n + 1),
            shapely.box(
                n % across * side_m,
                n // across * side_m,
                (n % across + 1) * side_m,
                (n // across + 1) * side_m,
            ),
        )
        for n in range(count)
    ]
