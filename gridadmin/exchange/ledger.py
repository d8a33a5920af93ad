"""The ledger of areas (网格台账): one row per area, in the columns that clerks keep it in."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from gridadmin.base.errors import InputError
from gridadmin.base.ids import oid_of
from gridadmin.domain.counts import counts_of, counts_on
from gridadmin.domain.model import CELL_LEVEL, Area, AreaKind, HouseholdsState
from gridadmin.domain.scheme import LEVELS, Scheme
from gridadmin.exchange.ellipsoid import land_m2
from gridadmin.exchange.import_source import plane_of
from gridadmin.partition.figures import households_of
from gridadmin.partition.polygons import land_polygons
from gridadmin.partition.snapshot import Snapshot

Cell = str | int | float | None

KINDS = {str(AreaKind.GENERAL): "一般网格", str(AreaKind.EXCLUSIVE): "专属网格"}
STATES = {
    HouseholdsState.COUNTED: "统计",
    HouseholdsState.TYPED: "填报",
    HouseholdsState.STALE: "待确认",
    HouseholdsState.UNKNOWN: "未知",
}


@dataclass(frozen=True)
class LedgerColumn:
    """A column of the ledger: *field* is that of an edit line, empty where it is only shown."""

    key: str
    title: str
    width: int
    field: str = ""
    is_number: bool = False


COLUMNS = (
    LedgerColumn("code", "编码", 22, "code"),
    LedgerColumn("name", "名称", 22, "name"),
    LedgerColumn("level", "层级", 10),
    LedgerColumn("parent", "上级", 20),
    LedgerColumn("parent_code", "上级编码", 18),
    LedgerColumn("kind", "类别", 10, "kind"),
    LedgerColumn("exclusive_type", "专属类型", 12, "exclusive_type"),
    LedgerColumn("class", "城乡类型", 10, "class"),
    LedgerColumn("households", "户数", 9, is_number=True),
    LedgerColumn("state", "户数来源", 10),
    LedgerColumn("typed", "填报户数", 10, "households", is_number=True),
    LedgerColumn("as_of", "截至日期", 12, "as_of"),
    LedgerColumn("land_m2", "面积（平方米）", 15, is_number=True),
    LedgerColumn("four_bounds", "四至", 50, "four_bounds"),
    LedgerColumn("buildings", "楼栋数", 9, is_number=True),
    LedgerColumn("note", "备注", 30, "note"),
)
UID = LedgerColumn("uid", "唯一标识", 38)


@dataclass(frozen=True)
class Sheet:
    """The areas of one level as rows under their columns."""

    level: str
    title: str
    columns: tuple[LedgerColumn, ...]
    rows: tuple[tuple[Cell, ...], ...]


def columns_of_level(scheme: Scheme, level: str) -> tuple[LedgerColumn, ...]:
    """Return the columns of a level: the usual ones, the counts of the scheme, the identity."""
    counts = tuple(
        LedgerColumn(f"count.{entry.key}", entry.zh, 12, f"count.{entry.key}", is_number=True)
        for entry in counts_on(scheme, level)
    )
    return (*COLUMNS, *counts, UID)


def ledger_of(
    snapshot: Snapshot, *, levels: Collection[str] | None = None, area: Area | None = None
) -> list[Sheet]:
    """Return the ledger of a project, a sheet per level, from the top down.

    *levels* limits the sheets, *area* the rows to one area and all below it.
    Raises: InputError ``export.unknown_level``.
    """
    known = [level.key for level in snapshot.scheme.present_levels]
    for level in levels or ():
        if level not in known:
            raise InputError("export.unknown_level", level=level, levels=", ".join(known))
    chosen = snapshot.areas() if area is None else (area, *snapshot.descendants(area.uid))
    by_level: dict[str, list[Area]] = {}
    for one in chosen:
        if one.level != CELL_LEVEL and (levels is None or one.level in levels):
            by_level.setdefault(one.level, []).append(one)
    return [_sheet(snapshot, level, by_level[level]) for level in LEVELS if by_level.get(level)]


def without_notes(sheet: Sheet) -> Sheet:
    """Return a sheet for the public: a note may name anybody."""
    kept = [at for at, column in enumerate(sheet.columns) if column.key != "note"]
    rows = tuple(tuple(row[at] for at in kept) for row in sheet.rows)
    return replace(sheet, columns=tuple(sheet.columns[at] for at in kept), rows=rows)


def _sheet(snapshot: Snapshot, level: str, areas: Sequence[Area]) -> Sheet:
    ordered = sorted(areas, key=lambda a: (a.code or "~", a.name, a.uid))
    lands = _lands_m2(snapshot, ordered)
    columns = columns_of_level(snapshot.scheme, level)
    rows = tuple(_row(snapshot, area, columns, lands.get(area.uid)) for area in ordered)
    return Sheet(level, level_name(snapshot.scheme, level), columns, rows)


def level_name(scheme: Scheme, level: str) -> str:
    """Return what a scheme calls a level, without what stands in brackets behind it."""
    known = scheme.level(level)
    return level if known is None else known.zh.partition("（")[0]


def _lands_m2(snapshot: Snapshot, areas: Sequence[Area]) -> Mapping[str, float]:
    plane = plane_of(snapshot)
    partition = snapshot.partition
    with_land = [area for area in areas if partition.has_land(oid_of(area.uid))]
    if plane is None or not with_land:
        return {}
    oids = [oid_of(area.uid) for area in with_land]
    polygons = land_polygons(partition, [oids], snapshot.place)
    lands = land_m2([polygons[oid] for oid in oids], plane.crs)
    return {area.uid: round(land, 2) for area, land in zip(with_land, lands, strict=True)}


def _row(
    snapshot: Snapshot, area: Area, columns: Iterable[LedgerColumn], land: float | None
) -> tuple[Cell, ...]:
    households, state = households_of(snapshot, area)
    parent = None if area.parent is None else snapshot.area(area.parent)
    shown: dict[str, Cell] = {
        "uid": area.uid,
        "level": level_name(snapshot.scheme, area.level),
        "parent": None if parent is None else parent.name,
        "parent_code": None if parent is None else parent.code,
        "households": households,
        "state": STATES[state],
        "land_m2": land,
        "buildings": snapshot.counts.buildings_of(oid_of(area.uid)),
    }
    return tuple(
        shown[column.key] if column.key in shown else text_of(snapshot.scheme, area, column.field)
        for column in columns
    )


def text_of(scheme: Scheme, area: Area, field: str) -> Cell:
    """Return how the ledger shows a field of an area that can be changed there."""
    if field.startswith("count."):
        return counts_of(area).get(field.removeprefix("count."))
    told = _TOLD[field](scheme, area)
    return None if told == "" else told


def _type_name(scheme: Scheme, area: Area) -> Cell:
    names = {term.key: term.zh for term in scheme.exclusive_types}
    return names.get(area.exclusive_type or "", area.exclusive_type)


def _class_name(scheme: Scheme, area: Area) -> Cell:
    names = {one.key: one.zh for one in scheme.classes}
    return names.get(area.area_class or "", area.area_class)


_TOLD: Mapping[str, Callable[[Scheme, Area], Cell]] = {
    "code": lambda _, area: area.code,
    "name": lambda _, area: area.name,
    "kind": lambda _, area: KINDS.get(area.kind, area.kind),
    "exclusive_type": _type_name,
    "class": _class_name,
    "households": lambda _, area: area.households_typed,
    "as_of": lambda _, area: area.households_as_of,
    "four_bounds": lambda _, area: area.four_bounds,
    "note": lambda _, area: area.note,
}
