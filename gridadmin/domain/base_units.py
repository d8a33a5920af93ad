"""Base units of administration: villages and communities of the statistical code list."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from pathlib import Path

from gridadmin.base.errors import InputError
from gridadmin.base.paths import GISDATA
from gridadmin.domain.codes import StreetClass, level_of_code, read_code, short_code, street_class
from gridadmin.domain.names import normal_name
from gridadmin.domain.scheme import LEVELS

BASE_UNITS = GISDATA / "base_units.csv"
"""Source: 国家统计局, 统计用区划代码 2023."""

COLUMNS = ("code12", "name", "street_code9", "street_name", "area_code6", "area_name")

_DIRECT = frozenset({"330383198"})
"""Streets that stand in the list for "none": 龙港 manages its communities directly."""

_NOT_BASE_UNITS = frozenset({"330383198400"})
"""Rows that are neither village nor community: an office that runs a building site (龙港)."""

_CITIES = {"2102": "大连市", "3303": "温州市", "3504": "三明市", "3702": "青岛市", "5101": "成都市"}
"""Cities of the list, which names only districts. Source: GB/T 2260."""


class UnitType(StrEnum):
    """What a base unit is, by its name; *other* are parks and zones with a community's code."""

    COMMUNITY = "community"
    VILLAGE = "village"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class BaseUnit:
    """One row of the list; codes have 12, 9 and 6 digits.

    ``is_counted`` is False for what the place itself doesn't count as a village or community.
    """

    code: str
    name: str
    street_code: str
    street_name: str
    district_code: str
    district_name: str
    unit_type: UnitType
    is_counted: bool = True


@dataclass(frozen=True, slots=True)
class ListedArea:
    """An area that a new project lists; ``unit_type`` is set on communities and villages alone."""

    code: str
    name: str
    level: str
    parent_code: str | None
    unit_type: UnitType | None = None


def read_base_units(path: Path = BASE_UNITS) -> list[BaseUnit]:
    """Return the rows of a list of base units, in its order.

    Raises: InputError ``input.unreadable_list``, ``input.list_columns``, ``input.list_row``.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file, strict=True))
    except (OSError, ValueError, csv.Error) as fault:
        raise InputError("input.unreadable_list", file=str(path), reason=str(fault)) from fault
    missing = [column for column in COLUMNS if rows and column not in rows[0]]
    if missing or not rows:
        raise InputError(
            "input.list_columns", file=str(path), columns=", ".join(missing or COLUMNS)
        )
    return [_unit(row, path, number) for number, row in enumerate(rows, start=2)]


def units_under(
    code: str,
    levels: Collection[str] = LEVELS,
    units: Iterable[BaseUnit] | None = None,
) -> list[ListedArea]:
    """Return the root *code* and the districts, streets and base units below it, parents first.

    *code* has 4, 6, 9 or 12 digits. *levels* are those of the scheme: what hangs on a level that
    is not there, or on a street that only stands for "none", hangs on the nearest one above.
    *units* is the shipped list unless given. A root that the list doesn't know comes back alone,
    without a name.

    Raises: InputError ``input.root_code``, ``input.root_level``, and those of ``read_code``.
    """
    root = short_code(read_code(code))
    root_level = level_of_code(root)
    if root_level is None:
        raise InputError("input.root_code", value=code)
    if root_level not in levels or root in _DIRECT:
        raise InputError("input.root_level", value=code)
    listed = {root: ListedArea(root, _CITIES.get(root, ""), root_level, None)}
    for unit in _shipped() if units is None else units:
        if not unit.is_counted or not unit.code.startswith(root):
            continue
        parent = root
        for area in _chain(unit):
            if area.level not in levels or len(area.code) < len(root):
                continue
            if area.code == root:
                listed[root] = area
            elif area.code not in listed:
                listed[area.code] = replace(area, parent_code=parent)
            parent = area.code
    return list(listed.values())


def street_type(code: str) -> StreetClass | None:
    """Return what kind of street a code of 9 or 12 digits names; None where there is no street."""
    return None if code[:9] in _DIRECT else street_class(code)


@cache
def _shipped() -> tuple[BaseUnit, ...]:
    return tuple(read_base_units())


def _chain(unit: BaseUnit) -> Iterator[ListedArea]:
    """Yield the areas from the district down to *unit*, without parents."""
    yield ListedArea(unit.district_code, unit.district_name, "district", None)
    if unit.street_code not in _DIRECT:
        yield ListedArea(unit.street_code, unit.street_name, "street", None)
    yield ListedArea(unit.code, unit.name, "community", None, unit.unit_type)


def _unit(row: dict[str, str], path: Path, number: int) -> BaseUnit:
    values = [(row[column] or "").strip() for column in COLUMNS]
    code, name, street, street_name, district, district_name = values
    digits = code.isascii() and code.isdigit() and len(code) == 12
    if not (digits and name and street == code[:9] and district == code[:6]):
        raise InputError("input.list_row", file=str(path), row=number, value=code)
    is_counted = code not in _NOT_BASE_UNITS
    return BaseUnit(
        code, name, street, street_name, district, district_name, unit_type_of(name), is_counted
    )


def unit_type_of(name: str) -> UnitType:
    """Return what a base unit of that name is."""
    normal = normal_name(name)
    # A virtual community gives a park or zone a code; nobody administers people from it.
    if normal.endswith("虚拟社区"):
        return UnitType.OTHER
    if normal.endswith("社区"):
        return UnitType.COMMUNITY
    return UnitType.VILLAGE if normal.endswith("村") else UnitType.OTHER
