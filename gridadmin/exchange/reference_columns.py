"""Which column of a file of roads, water, buildings… says what: guessed from its header.

Knows the words of offices, of OpenStreetMap and of map tiles made from it. A guess is shown and can
be overruled.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from gridadmin.exchange.source import FeatureTable, as_text

ROLES: Final[Mapping[str, tuple[str, ...]]] = {
    # what an import of each level asks for, in the order in which it is shown
    "roads": ("name", "class", "source_id"),
    "water": ("name", "type", "source_id"),
    "railways": ("name", "type", "source_id"),
    "buildings": (
        "name",
        "households",
        "floors",
        "entrances",
        "address",
        "compound",
        "source_id",
    ),
    "compounds": ("name", "type", "source_id"),
}
_HEADERS: Mapping[str, str] = {
    # the first header that a file has wins
    "name": (
        "名称 道路名称 路名 河流名称 水系名称 铁路名称 小区名称 楼栋名称 建筑名称 楼名 楼栋"
        " name namezh namechn roadname title mc 名字"
    ),
    "class": (
        "道路等级 道路类型 道路类别 等级 class roadclass highway kinddetail fclass dldj"
        " 类型 类别 type kind"
    ),
    "type": (
        "小区类型 类型 类别 水系类型 compoundtype type landuse waterway railway kind fclass"
        " class natural water"
    ),
    "households": (
        "户数 总户数 居民户数 常住户数 households householdcount flats buildingflats hushu hs"
    ),
    "floors": (
        "层数 楼层数 楼层 总层数 地上层数 floors levels buildinglevels storeys storey floor cs"
    ),
    "entrances": "单元 单元数 单元户数 entrances entrance units dys",
    "address": "地址 详细地址 门牌 门牌号 address addr addrfull dz",
    "compound": "小区 所属小区 小区名称 compound compoundname estate xq xqmc",
    "source_id": (
        "id osmid fullid sourceid uid uuid guid 楼栋编号 建筑编号 道路编号 小区编号 编号 编码"
        " code bm bh"
    ),
    "compound_type": "小区类型 compoundtype",
}
_KIND_COLUMNS = ("kind", "highway", "railway", "waterway", "landuse", "natural", "water", "fclass")
"""Columns that say what a feature is at all, in files that mix things."""
_SEPARATORS = re.compile(r"[\s_\-.:@()（）]+")
_OWN_NAME = {"buildings": "小区名称 小区", "compounds": ""}
"""Headers that name something else than the object itself, by level."""


def guess_reference_columns(table: FeatureTable, level: str) -> dict[str, str]:
    """Return the column of each role that a level asks for, as far as there is one."""
    plain = {_plain(name): name for name in reversed(list(table.columns))}
    found: dict[str, str] = {}
    for role in (*ROLES[level], "compound_type"):
        others = _OWN_NAME.get(level, "").split() if role == "name" else []
        for header in _HEADERS[role].split():
            column = plain.get(header)
            if column is not None and header not in others and _has_values(table, column):
                found[role] = column
                break
    return found


def chosen_reference_columns(
    table: FeatureTable, level: str, given: Mapping[str, str | None]
) -> dict[str, str]:
    """Return the columns by role: those that are given, else guessed; empty text means none."""
    found = guess_reference_columns(table, level)
    for role, column in given.items():
        if column is None:
            continue
        found.pop(role, None)
        if column:
            found[role] = column
    return found


def kinds_of(table: FeatureTable) -> list[frozenset[str]]:
    """Return all words by which each row says what it is, in lower case."""
    columns = [table.columns[name] for name in table.columns if _plain(name) in _KIND_COLUMNS]
    columns += [table.columns[name] for name in table.columns if _plain(name) == "kinddetail"]
    return [
        frozenset(text.lower() for value in values if (text := as_text(value)) is not None)
        for values in zip(*columns, strict=True)
    ] or [frozenset()] * len(table)


def flags_of(table: FeatureTable, names: Iterable[str]) -> list[bool]:
    """Return whether any of these columns is set in each row."""
    plain = {_plain(name) for name in names}
    columns = [table.columns[name] for name in table.columns if _plain(name) in plain]
    if not columns:
        return [False] * len(table)
    return [any(_is_set(value) for value in values) for values in zip(*columns, strict=True)]


def _is_set(value: object) -> bool:
    return value is True or as_text(value) in ("1", "yes", "true", "True")


def _has_values(table: FeatureTable, column: str) -> bool:
    return any(as_text(value) is not None for value in table.columns[column])


def _plain(header: str) -> str:
    return _SEPARATORS.sub("", header.lower())
