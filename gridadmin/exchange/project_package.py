"""A project as an export package: layers per level, the table of all areas, stacked, issues."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import shapely

from gridadmin.base.errors import InputError
from gridadmin.base.ids import oid_of
from gridadmin.domain.issue import Issue
from gridadmin.domain.model import CELL_LEVEL, Area
from gridadmin.exchange.ellipsoid import geodetic_of, land_m2, land_of_lonlat_m2
from gridadmin.exchange.import_source import CGCS2000, Plane, export_crs, plane_of
from gridadmin.exchange.issue_columns import EXEMPT, issue_columns
from gridadmin.exchange.layer_style import style_qml
from gridadmin.exchange.package_content import (
    AttributeTable,
    Column,
    ColumnType,
    Layer,
    Metadata,
    Package,
)
from gridadmin.partition.figures import households_of
from gridadmin.partition.planes import WGS84, transform_geometries
from gridadmin.partition.polygons import land_polygons
from gridadmin.partition.snapshot import Snapshot

LAYERS = ("city", "district", "street", "community", "grid", "micro_grid")
_TITLES = {
    "city": "市",
    "district": "区县",
    "street": "街道（镇、乡）",
    "community": "社区（村）",
    "grid": "网格",
    "micro_grid": "微网格",
    CELL_LEVEL: "立体微网格底图",
    "exempt": "例外地块",
}
_TEXT, _WHOLE, _REAL = ColumnType.TEXT, ColumnType.INTEGER, ColumnType.REAL
AREA_COLUMNS = (
    Column("uid", _TEXT, "唯一标识"),
    Column("code", _TEXT, "编码"),
    Column("name", _TEXT, "名称"),
    Column("level", _TEXT, "层级"),
    Column("kind", _TEXT, "类别"),
    Column("class", _TEXT, "城乡类型"),
    Column("parent_uid", _TEXT, "上级标识"),
    Column("parent_code", _TEXT, "上级编码"),
    Column("households", _WHOLE, "户数"),
    Column("households_state", _TEXT, "户数来源"),
    Column("land_m2", _REAL, "面积（平方米）"),
    Column("valid_from", _TEXT, "启用日期"),
    Column("valid_to", _TEXT, "停用日期"),
    Column("revision", _WHOLE, "修订号"),
)
_EXEMPT_COLUMNS = (
    Column("uid", _TEXT, "唯一标识"),
    *EXEMPT,
    Column("revision", _WHOLE, "修订号"),
)
_STACKED_COLUMNS = (
    Column("uid", _TEXT, "微网格标识"),
    Column("cell_uid", _TEXT, "底图标识"),
    Column("building_uid", _TEXT, "楼栋标识"),
    Column("entrance", _TEXT, "单元"),
    Column("floor_from", _WHOLE, "起始楼层"),
    Column("floor_to", _WHOLE, "终止楼层"),
)
_ISSUE_COLUMNS = issue_columns(
    "id", "kind", "class", "level", "severity", "area_m2", "width_m", "areas", "x", "y"
)


def project_package(
    snapshot: Snapshot,
    *,
    levels: Collection[str] | None = None,
    area: Area | None = None,
    issues: Iterable[Issue] | None = None,
    more: Iterable[AttributeTable] = (),
    last_change: str | None = None,
) -> Package:
    """Return the boundaries of a project as a package.

    *levels* limits the layers, *area* the areas to one with all below it, *issues* adds a table,
    *more* are tables that others have made.
    Raises: InputError ``export.no_land``, ``export.unknown_level``.
    """
    plane = plane_of(snapshot)
    if plane is None:
        raise InputError("export.no_land")
    _check_levels(levels)
    content = _Content(snapshot, plane, levels, area)
    tables = [content.areas_table()]
    stacked = content.stacked_table()
    if stacked is not None:
        tables.append(stacked)
    if issues is not None:
        tables.append(_issue_table(issues))
    tables += more
    return Package(
        tuple(content.layers()),
        tuple(tables),
        CGCS2000 if export_crs(plane).to_epsg() == CGCS2000 else WGS84,
        str(snapshot.setting("name", "")),
        (
            Metadata(
                "dataset",
                "https://www.isotc211.org/2005/gmd",
                "text/plain",
                _source_text(snapshot),
            ),
        ),
        last_change,
    )


def naming_nobody(package: Package) -> Package:
    """Return a package for the public: without the names of those who approved something."""
    return replace(package, layers=tuple(map(_without_approver, package.layers)))


def _without_approver(layer: Layer) -> Layer:
    places = [at for at, column in enumerate(layer.columns) if column.name == "approver"]
    if not places:
        return layer
    [at] = places
    return replace(layer, values=[(*row[:at], None, *row[at + 1 :]) for row in layer.values])


def _check_levels(levels: Collection[str] | None) -> None:
    known = (*LAYERS, CELL_LEVEL, "exempt")
    for level in levels or ():
        if level not in known:
            raise InputError("export.unknown_level", level=level, levels=", ".join(known))


def _source_text(snapshot: Snapshot) -> str:
    source = snapshot.scheme.source
    files = sorted({outline.source for outline in snapshot.rows("reference_outline").values()})
    lines = [
        f"方案：{snapshot.scheme.zh}（{source.place}；{source.title}）",
        f"修订号：{snapshot.revision}",
        f"依据界线：{'、'.join(files) or '无'}",
    ]
    return "\n".join(lines)


class _Content:
    """The areas of an export with their polygons, worked out once."""

    def __init__(
        self, snapshot: Snapshot, plane: Plane, levels: Collection[str] | None, area: Area | None
    ) -> None:
        self._snapshot = snapshot
        self._levels = levels
        chosen = snapshot.areas() if area is None else [area, *snapshot.descendants(area.uid)]
        self._areas = sorted(chosen, key=lambda a: (a.code or "~", a.uid))
        self._rows: dict[str, tuple[Any, ...]] = {}
        self._lands = self._lands_of(plane, with_exempt=area is None)

    def _lands_of(
        self, plane: Plane, *, with_exempt: bool
    ) -> Mapping[int, tuple[shapely.MultiPolygon, float]]:
        groups: dict[str, list[int]] = {}
        for area in self._areas:
            groups.setdefault(area.level, []).append(oid_of(area.uid))
        if with_exempt:
            groups["exempt"] = [oid_of(uid) for uid in self._snapshot.rows("exempt")]
        found = land_polygons(self._snapshot.partition, groups.values(), self._snapshot.place)
        oids = list(found)
        polygons = np.array([found[oid] for oid in oids], dtype=object)
        if not oids:
            return {}
        target = export_crs(plane)
        lonlat = transform_geometries(polygons, plane.crs, target)
        # Mostly both are the same degrees, and the way there is long.
        is_same = geodetic_of(plane.crs).equals(target)
        land = (
            land_of_lonlat_m2(lonlat, plane.crs) if is_same else land_m2(list(polygons), plane.crs)
        )
        return {
            oid: (polygon, round(m2, 2))
            for oid, polygon, m2 in zip(oids, lonlat, land, strict=True)
        }

    def layers(self) -> Iterable[Layer]:
        """Yield the layers that have land, from the top down."""
        for level in (*LAYERS, CELL_LEVEL):
            areas = [a for a in self._areas if a.level == level and oid_of(a.uid) in self._lands]
            if areas and self._is_wanted(level):
                yield self._layer(
                    level, AREA_COLUMNS, [(oid_of(a.uid), self._area_row(a)) for a in areas]
                )
        exempts = sorted(self._snapshot.rows("exempt").values(), key=lambda e: e.uid)
        rows = [
            (
                oid_of(e.uid),
                (e.uid, e.name, e.reason, e.approver, e.until, self._m2(e.uid), e.revision),
            )
            for e in exempts
            if oid_of(e.uid) in self._lands
        ]
        if rows and self._is_wanted("exempt"):
            yield self._layer("exempt", _EXEMPT_COLUMNS, rows)

    def _is_wanted(self, level: str) -> bool:
        return self._levels is None or level in self._levels

    def _layer(
        self,
        name: str,
        columns: tuple[Column, ...],
        rows: list[tuple[int, tuple[Any, ...]]],
    ) -> Layer:
        polygons = np.empty(len(rows), dtype=object)
        polygons[:] = [self._lands[oid][0] for oid, _ in rows]
        return Layer(
            name,
            _TITLES[name],
            columns,
            np.arange(1, len(rows) + 1, dtype=np.int64),
            polygons,
            [values for _, values in rows],
            style_qml(name),
        )

    def _m2(self, uid: str) -> float | None:
        found = self._lands.get(oid_of(uid))
        return None if found is None else found[1]

    def _area_row(self, area: Area) -> tuple[Any, ...]:
        """Return what layers and table say of an area; worked out once for both."""
        known = self._rows.get(area.uid)
        if known is None:
            known = self._rows[area.uid] = self._made_row(area)
        return known

    def _made_row(self, area: Area) -> tuple[Any, ...]:
        households, state = households_of(self._snapshot, area)
        parent = None if area.parent is None else self._snapshot.area(area.parent)
        return (
            area.uid,
            area.code,
            area.name,
            area.level,
            str(area.kind),
            area.area_class,
            area.parent,
            None if parent is None else parent.code,
            households,
            str(state),
            self._m2(area.uid),
            area.valid_from,
            area.valid_to,
            area.revision,
        )

    def areas_table(self) -> AttributeTable:
        """Return the table of all areas, with land or without."""
        columns = (
            *AREA_COLUMNS,
            Column("land", _TEXT, "用地方式"),
            Column("cell_uid", _TEXT, "底图标识"),
        )
        rows = [(*self._area_row(a), str(a.land), a.cell) for a in self._areas]
        return AttributeTable("areas", "全部区域", columns, rows)

    def stacked_table(self) -> AttributeTable | None:
        """Return what stacked micro-grids hold, or None when there are none."""
        cells = {area.uid: area.cell for area in self._areas}
        parts = sorted(
            (p for p in self._snapshot.rows("stacked_part").values() if p.area in cells),
            key=lambda part: part.uid,
        )
        if not parts:
            return None
        rows: list[tuple[Any, ...]] = [
            (p.area, cells[p.area], p.building, p.entrance, p.floor_from, p.floor_to) for p in parts
        ]
        return AttributeTable("stacked", "立体微网格", _STACKED_COLUMNS, rows)


def _issue_table(issues: Iterable[Issue]) -> AttributeTable:
    rows = [_issue_row(issue) for issue in issues]
    return AttributeTable("issues", "问题清单", _ISSUE_COLUMNS, rows)


def _issue_row(issue: Issue) -> tuple[Any, ...]:
    return (
        issue.id,
        issue.kind,
        issue.face_class,
        issue.level,
        str(issue.severity),
        issue.area_m2,
        issue.width_m,
        " ".join(issue.areas),
        None if issue.point is None else issue.point[0],
        None if issue.point is None else issue.point[1],
    )
