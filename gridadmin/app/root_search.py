"""Finding the root of a new project in the list of base units, by code or by name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from gridadmin.base.errors import InputError
from gridadmin.domain.base_units import read_base_units, units_under
from gridadmin.domain.codes import STATISTICAL_LEVELS, level_of_code
from gridadmin.domain.names import normal_name

_MOST = 60


@dataclass(frozen=True, slots=True)
class RootChoice:
    """An area that can be the root; ``above`` names what it lies in, empty when not listed."""

    code: str
    name: str
    level: str
    above: str = ""
    is_listed: bool = True


def find_roots(text: str, levels: Collection[str], most: int = _MOST) -> list[RootChoice]:
    """Return the listed areas whose code begins with *text* or whose name holds it.

    Larger areas come first, and those whose name begins with *text*. A code that could be one but
    isn't listed comes back as such. *levels* are those of the scheme.
    """
    wanted = normal_name(text) if not text.strip().isdigit() else text.strip()
    if not wanted:
        return []
    found = [choice for choice in _usable(levels) if _matches(choice, text.strip(), wanted)]
    found.sort(key=lambda one: (_rank(one, text.strip()), len(one.code), one.code))
    if not found and wanted.isdigit() and len(wanted) in STATISTICAL_LEVELS:
        level = level_of_code(wanted)
        if level is not None and level in levels:
            return [RootChoice(wanted, "", level, is_listed=False)]
    return found[:most]


def root_choice(code: str, levels: Collection[str]) -> RootChoice | None:
    """Return the listed area of *code*, or None."""
    return next((choice for choice in _usable(levels) if choice.code == code), None)


def listed_counts(code: str, levels: Collection[str]) -> Mapping[str, int]:
    """Return how many areas a new project with that root lists, by level from the top down.

    Raises: InputError as ``units_under``.
    """
    return Counter(area.level for area in units_under(code, levels))


def _matches(choice: RootChoice, text: str, wanted: str) -> bool:
    if text.isdigit():
        return choice.code.startswith(text) or text.startswith(choice.code + "000")
    return text in choice.name or wanted in normal_name(choice.name)


def _rank(choice: RootChoice, text: str) -> int:
    return 0 if choice.name.startswith(text) else 1


def _usable(levels: Collection[str]) -> Iterable[RootChoice]:
    return (choice for choice in _all() if choice.level in levels)


@cache
def _all() -> tuple[RootChoice, ...]:
    """All areas of the list, with the cities that it reaches into."""
    units = read_base_units()
    found: dict[str, RootChoice] = {}
    for city in sorted({unit.district_code[:4] for unit in units}):
        found[city] = RootChoice(city, units_under(city)[0].name, "city")
    for unit in units:
        city = found[unit.district_code[:4]].name
        district = unit.district_name
        found.setdefault(
            unit.district_code, RootChoice(unit.district_code, district, "district", city)
        )
        if _is_there(unit.street_code):
            found.setdefault(
                unit.street_code,
                RootChoice(unit.street_code, unit.street_name, "street", f"{city} {district}"),
            )
        if unit.is_counted:
            street = unit.street_name if unit.street_code in found else ""
            above = " ".join(part for part in (district, street) if part)
            found[unit.code] = RootChoice(unit.code, unit.name, "community", above)
    return tuple(found.values())


@cache
def _is_there(street: str) -> bool:
    """Return whether a street of the list is one, and doesn't only stand for "none"."""
    try:
        units_under(street)
    except InputError:
        return False
    return True
