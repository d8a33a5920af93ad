"""Which area a row of a roster means: by code, or by names with their endings stripped."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from gridadmin.base.errors import InputError
from gridadmin.domain.codes import read_code
from gridadmin.domain.model import Area
from gridadmin.domain.names import alike, same_place, stem
from gridadmin.exchange.roster_columns import PLACE_LEVELS
from gridadmin.exchange.roster_file import Cell
from gridadmin.exchange.roster_preview import Ask, Fault, Option
from gridadmin.exchange.roster_values import squeezed
from gridadmin.partition.snapshot import Snapshot

Answers = Mapping[str, str]
_STREET_ENDINGS = (
    "街道办事处",
    "镇人民政府",
    "乡人民政府",
    "办事处",
    "街道办",
    "街道",
    "镇",
    "乡",
)
_NUMERALS = {sign: str(value) for value, sign in enumerate("零一二三四五六七八九")} | {"〇": "0"}
_CHINESE_NUMBER = re.compile(r"[零〇一二三四五六七八九十百]+")
_MOST_OPTIONS = 6
_EXACT = 1e15
_UPPER = ("district", "street", "community")
_MAY_LACK = ("district", "street")
CODES = ("area_code", "community_code")


class AreaFinder:
    """Finds areas of a project by what a roster says of them."""

    def __init__(self, snapshot: Snapshot, answers: Answers) -> None:
        self._snapshot = snapshot
        self._answers = answers
        self._present = {level.key for level in snapshot.scheme.present_levels}
        self._may_lack: tuple[str, ...] = _MAY_LACK
        if snapshot.rows("building"):
            # Then they are buildings of the map, which posts may stand on.
            self._may_lack = (*_MAY_LACK, "building")
        self._of_level: dict[str, list[Area]] = defaultdict(list)
        for area in snapshot.areas():
            self._of_level[area.level].append(area)
        for areas in self._of_level.values():
            areas.sort(key=lambda area: (area.code or "~", area.name, area.uid))
        self._all_below: dict[str, dict[str, list[Area]]] = {}
        self._forms: dict[str, dict[str, list[Area]]] = {}
        self._known: dict[tuple[tuple[str, str], ...], Area | Fault | list[Ask] | None] = {}

    def find(self, cells: Mapping[str, Cell]) -> Area | Fault | list[Ask] | None:
        """Return the area of a row, what is wrong, or what to ask; None when it names none."""
        said = {key: cells.get(key) for key in (*PLACE_LEVELS, *CODES)}
        names = {key: squeezed(value) for key, value in said.items() if value is not None}
        key = tuple(sorted(names.items()))
        if key not in self._known:
            self._known[key] = self._found(names, said)
        return self._known[key]

    def _found(
        self, names: Mapping[str, str], said: Mapping[str, Cell]
    ) -> Area | Fault | list[Ask] | None:
        scopes: list[Area] | None = None
        code = next((column for column in CODES if names.get(column)), None)
        if code is not None:
            by_code = self._by_code(code, said[code])
            if isinstance(by_code, Fault) or code == "area_code":
                return by_code if isinstance(by_code, Fault) else self._agreed(by_code, names)
            scopes = [by_code]
        last, where = "", ""
        for level in PLACE_LEVELS:
            name = names.get(level, "")
            # A list may name streets where the scheme has none: they add nothing.
            if not name or (level in self._may_lack and level not in self._present):
                continue
            found = self._step(level, name, scopes)
            if not isinstance(found, list):
                return [found] if isinstance(found, Ask) else found
            where = "" if scopes is None else scopes[0].name
            scopes, last = found, level
        if scopes is None or len(scopes) == 1:
            return None if scopes is None else scopes[0]
        asked = self._asked(last, names[last], where, scopes)
        return [asked] if isinstance(asked, Ask) else asked[0]

    def _step(
        self, level: str, name: str, scopes: Sequence[Area] | None
    ) -> list[Area] | Fault | Ask:
        """Return the areas that one more name may mean, below what is known already.

        Several of one name are no question yet: what lies below may tell them apart.
        """
        if level not in self._present:
            return Fault(level, "roster.no_level", {"name": name})
        if scopes is not None and self._is_above(level, scopes[0]):
            if self._is_called(scopes[0], level, name):
                return list(scopes)
            return Fault(level, "roster.area_and_code", {"area": scopes[0].name})
        if scopes is None:
            found, here = self._anywhere(level, name), self._of_level[level]
        else:
            below = [self._below(scope, level) for scope in scopes]
            found = [one for areas in below for one in self._named(level, name, areas)]
            here = [one for areas in below for one in areas]
        return found or self._not_found(level, name, scopes, here)

    def _not_found(
        self, level: str, name: str, scopes: Sequence[Area] | None, here: Sequence[Area]
    ) -> list[Area] | Fault | Ask:
        parent = "" if scopes is None else scopes[0].name
        elsewhere = [] if scopes is None else self._anywhere(level, name)
        if len(elsewhere) == 1:
            params = {"area": self._told(elsewhere[0]), "parent": parent}
            return Fault(level, "roster.area_elsewhere", params)
        near = [one for one in here if _is_near(name, one)]
        if near:
            return self._asked(level, name, parent, near)
        code = "roster.unknown_area" if scopes is None else "roster.unknown_area_in"
        return Fault(level, code, {"name": name, "parent": parent})

    def _by_code(self, column: str, cell: Cell) -> Area | Fault:
        if isinstance(cell, float) and abs(cell) >= _EXACT:
            return Fault(column, "roster.digits_lost")
        try:
            code = read_code(squeezed(cell))
        except InputError as fault:
            return Fault(column, fault.code, dict(fault.params))
        bearing = self._snapshot.bearing(code) if code else []
        if not bearing:
            return Fault(column, "roster.unknown_code", {"code": code})
        if len(bearing) > 1:
            return Fault(column, "roster.code_twice", {"code": code})
        return bearing[0]

    def _agreed(self, area: Area, names: Mapping[str, str]) -> Area | Fault:
        """Return an area found by code when the names beside it are its own and its parents'."""
        for level in reversed(PLACE_LEVELS):
            name = names.get(level, "")
            if name and level in self._present and not self._is_called(area, level, name):
                return Fault(level, "roster.area_and_code", {"area": area.name})
        return area

    def _is_called(self, area: Area, level: str, name: str) -> bool:
        line = (area, *self._snapshot.ancestors(area.uid))
        at = next((one for one in line if one.level == level), None)
        return at is not None and any(
            name in (squeezed(at.name), at.code) or test(name, at, self._above_name(at))
            for test in _TESTS[level]
        )

    def _is_above(self, level: str, area: Area) -> bool:
        return PLACE_LEVELS.index(level) <= (
            PLACE_LEVELS.index(area.level) if area.level in PLACE_LEVELS else -1
        )

    def _asked(self, level: str, name: str, where: str, found: Sequence[Area]) -> list[Area] | Ask:
        options = tuple(
            Option(one.code or one.uid, self._told(one)) for one in found[:_MOST_OPTIONS]
        )
        ask = Ask(level, "area", name, where, options)
        answer = ask.answer(self._answers)
        chosen = [one for one in found if answer is not None and answer in (one.code, one.uid)]
        return chosen or ask

    def _anywhere(self, level: str, name: str) -> list[Area]:
        """Return the areas of a level that a name means, wherever they are."""
        if level in _UPPER:
            return self._named(level, name, self._of_level[level])
        if level not in self._forms:
            forms: dict[str, list[Area]] = defaultdict(list)
            for area in self._of_level[level]:
                own = squeezed(area.name)
                for form in {own, number_form(own, self._above_name(area))}:
                    forms[form].append(area)
            self._forms[level] = forms
        return self._forms[level].get(name) or self._forms[level].get(number_form(name, "")) or []

    def _named(self, level: str, name: str, areas: Iterable[Area]) -> list[Area]:
        listed = list(areas)
        for test in (_is_exact, *_TESTS[level]):
            found = [one for one in listed if test(name, one, self._above_name(one))]
            if found:
                return found
        return []

    def _below(self, scope: Area, level: str) -> list[Area]:
        """Return the areas of a level below another, in the order of their codes."""
        if scope.uid not in self._all_below:
            by_level: dict[str, list[Area]] = defaultdict(list)
            for one in self._snapshot.descendants(scope.uid):
                by_level[one.level].append(one)
            for areas in by_level.values():
                areas.sort(key=lambda area: (area.code or "~", area.name, area.uid))
            self._all_below[scope.uid] = by_level
        return self._all_below[scope.uid].get(level, [])

    def _above_name(self, area: Area) -> str:
        return "" if area.parent is None else self._snapshot.area(area.parent).name

    def _told(self, area: Area) -> str:
        """Return an area with those above it, up to the street or one of several districts."""
        line = [area, *self._snapshot.ancestors(area.uid)]
        has_districts = len(self._of_level["district"]) > 1
        names = [
            one.name
            for one in line
            if one.level in PLACE_LEVELS and (has_districts or one.level != "district")
        ]
        return " › ".join(reversed(names)) + (f"（{area.code}）" if area.code else "")


def number_form(name: str, parent: str) -> str:
    """Return what counts in the name of a grid: its number, or its name without endings.

    第三网格, 3号网格, 甲子社区03网格 and 网格3 are all 3.
    """
    form = name
    for prefix in (squeezed(parent), stem(parent)):
        if prefix and form.startswith(prefix) and form != prefix:
            form = form.removeprefix(prefix)
    form = re.sub(r"微网格|网格|第|号", "", form)
    form = _CHINESE_NUMBER.sub(_as_digits, form)
    return re.sub(r"(?<!\d)0+(?=\d)", "", form) or name


def _as_digits(found: re.Match[str]) -> str:
    text = found.group()
    if "百" in text:
        return text
    tens, ten, ones = text.partition("十")
    if not ten:
        return "".join(_NUMERALS[sign] for sign in text)
    high = "".join(_NUMERALS.get(sign, "") for sign in tens) or "1"
    return high + ("".join(_NUMERALS.get(sign, "") for sign in ones) or "0")


Test = Callable[[str, Area, str], bool]


def _is_exact(name: str, area: Area, _parent: str) -> bool:
    return name in (squeezed(area.name), area.code)


def _is_same_district(name: str, area: Area, _parent: str) -> bool:
    """Return whether one name is the other with the city before it: 青岛市市南区, 市南区."""
    own = squeezed(area.name)
    return own.endswith(name) or name.endswith(own)


def _is_same_street(name: str, area: Area, _parent: str) -> bool:
    return _street_stem(name) == _street_stem(squeezed(area.name))


def _is_same_place(name: str, area: Area, _parent: str) -> bool:
    return same_place(name, area.name)


def _is_alike(name: str, area: Area, _parent: str) -> bool:
    return bool(alike(name, [area.name]))


def _is_same_number(name: str, area: Area, parent: str) -> bool:
    return number_form(name, parent) == number_form(squeezed(area.name), parent)


_TESTS: Mapping[str, tuple[Test, ...]] = {
    "district": (_is_same_district,),
    "street": (_is_same_street,),
    "community": (_is_same_place, _is_alike),
    **dict.fromkeys(("grid", "micro_grid", "building", "floor"), (_is_same_number,)),
}
"""Tests of a name, the strictest first."""


def _street_stem(name: str) -> str:
    for ending in _STREET_ENDINGS:
        if name.endswith(ending) and len(name) > len(ending) + 1:
            return name.removesuffix(ending)
    return name


def _is_near(name: str, area: Area) -> bool:
    """Return whether a name is one slip away from an area's; other numbers are no slip."""
    ours, theirs = (_plain(one) for one in (name, squeezed(area.name)))
    is_numbered = _digits(ours) != _digits(theirs)
    return not is_numbered and len(ours) > 1 and is_slip(ours, theirs)


def _plain(name: str) -> str:
    return number_form(_street_stem(stem(name)), "")


def _digits(text: str) -> list[str]:
    return re.findall(r"\d+", text)


_ORDINALS = frozenset(
    "一二三四五六七八九十甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥东西南北中上下前后左右大小新老"
)


def is_slip(a: str, b: str) -> bool:
    """Return whether one text is the other with a slip: not 甲 for 乙, nor 东 for 西."""
    if a == b or not distance_at_most_one(a, b):
        return a == b
    differing = [pair for pair in zip(a, b, strict=False) if pair[0] != pair[1]]
    return len(a) != len(b) or len(differing) > 1 or not _ORDINALS.issuperset(differing[0])


def distance_at_most_one(a: str, b: str) -> bool:
    """Return whether one sign more, less, other or two swapped lie between two texts."""
    if a == b:
        return True
    if abs(len(a) - len(b)) > 1:
        return False
    at = next(
        (i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b))
    )
    return (
        a[at + 1 :] == b[at + 1 :]
        or a[at:] == b[at + 1 :]
        or a[at + 1 :] == b[at:]
        or (a[at : at + 2] == b[at : at + 2][::-1] and a[at + 2 :] == b[at + 2 :])
    )
