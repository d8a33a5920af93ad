"""A made-up roster with planted mistakes, and the truth about them: row, column, code."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from gridadmin.domain.model import Area
from gridadmin.partition.snapshot import Snapshot

HEADERS = (
    "序号", "所属街道", "所属社区（村）", "所属网格", "所属微网格", "姓 名", "性别", "政治面貌",
    "联系电话", "身份证号码", "工号", "所属岗位", "派出单位", "职务", "开始时间", "到期时间",
    "社工证", "备注",
)  # fmt: skip
TITLE_ROWS = 2
"""Rows above the headings: a title, and who filled the list in."""
_SURNAMES = "甲乙丙丁戊己庚辛壬癸赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
_GIVEN = "子丑寅卯辰巳午未申酉戌亥天地玄黄宇宙洪荒日月盈昃列张寒来暑往秋收冬藏闰余成岁"
_UNITS = tuple(f"虚构{letter}{kind}" for letter in "甲乙丙丁戊己庚辛" for kind in "局委办院")
_PARTIES = ("中共党员", "群众", "共青团员", "中共预备党员")
_CERTIFICATES = ("无", "助理社会工作师", "中级", "高级", None)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"


@dataclass
class DirtyRoster:
    """Rows under :data:`HEADERS`, and what is wrong with them as ``(row, column, code)``."""

    rows: list[list[Any]] = field(default_factory=list)
    truth: set[tuple[int, str, str]] = field(default_factory=set)
    kinds: set[str] = field(default_factory=set)
    numbers: list[str] = field(default_factory=list)
    """The identity numbers that are hidden in it."""

    def save(self, path: Path) -> None:
        """Write it as offices do: a title over merged cells, then the headings."""
        book = Workbook()
        page = book.active
        assert page is not None
        page.title = "花名册"
        page.append(["虚构区网格员花名册（2026年）"])
        page.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(HEADERS))
        page.append(["填报单位：虚构区（虚构数据）"])
        page.append(list(HEADERS))
        for row in self.rows:
            page.append(row)
        page.append([])
        page.append(["合计", len(self.rows)])
        book.save(path)


def identity_number(chance: random.Random) -> str:
    """Return a number with a right check digit, of somebody born in 18xx: nobody's."""
    year, month, day = chance.randint(1800, 1899), chance.randint(1, 12), chance.randint(1, 28)
    body = f"990101{year}{month:02}{day:02}{chance.randint(0, 999):03}"
    total = sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True))
    return body + _CHECK[total % 11]


def dirty_roster(snapshot: Snapshot, count: int, seed: int, each: int) -> DirtyRoster:
    """Return *count* rows for the areas of a project, each kind of mistake *each* times."""
    return _Maker(snapshot, seed).made(count, each)


class _Maker:
    def __init__(self, snapshot: Snapshot, seed: int) -> None:
        self.snapshot = snapshot
        self.chance = random.Random(seed)
        areas = sorted(snapshot.areas(), key=lambda area: area.code or area.uid)
        self.micro = [one for one in areas if one.level == "micro_grid"]
        self.communities = [one for one in areas if one.level == "community"]
        self.streets = [one for one in areas if one.level == "street"]
        self.grids = [one for one in areas if one.level == "grid" and str(one.kind) == "general"]
        self.number = 0
        self.names: set[tuple[str, str | None]] = set()
        self.roster = DirtyRoster()

    def made(self, count: int, each: int) -> DirtyRoster:
        late = {self._duplicate, self._post_taken, self._number_twice, self._phone_shared}
        kinds = [kind for kind in self._kinds() if kind not in late]
        planted: list[Callable[[list[Any]], tuple[str, str] | None]] = []
        for kind in kinds:
            planted += [kind] * each
        clean = count - len(planted) - each * len(late)
        plan = [*planted, *[_nothing] * clean]
        self.chance.shuffle(plan)
        # What points back at an earlier row comes last.
        for kind in sorted(late, key=lambda one: one.__name__):
            plan += [kind] * each
        for spoil in plan:
            row = self._row()
            mistake = spoil(row)
            self.roster.rows.append(row)
            if mistake is not None:
                at = len(self.roster.rows) + TITLE_ROWS + 1
                self.roster.truth.add((at, *mistake))
                self.roster.kinds.add(mistake[1])
        for row in self.chance.sample(self.roster.rows, 3):
            hidden = identity_number(self.chance)
            self.roster.numbers.append(hidden)
            row[_at("备注")] = f"证件{hidden[:6]} {hidden[6:14]} {hidden[14:]}"
        return self.roster

    def _kinds(self) -> list[Callable[[list[Any]], tuple[str, str] | None]]:
        return [
            self._no_name, self._odd_name, self._bad_phone, self._unknown_community,
            self._near_community, self._grid_elsewhere, self._other_street, self._unknown_post,
            self._post_elsewhere, self._no_post, self._bad_date, self._ends_first, self._gender,
            self._certificate, self._identity_in_name, self._duplicate, self._post_taken,
            self._number_twice, self._phone_shared,
        ]  # fmt: skip

    def _row(self) -> list[Any]:
        self.number += 1
        chance = self.chance
        place = chance.random()
        if place < 0.7:
            area, post = chance.choice(self.micro), "微网格员"
        elif place < 0.85:
            area, post = chance.choice(self.grids), "网格员"
        else:
            area, post = chance.choice(self.communities), "下沉干部"
        unit = chance.choice(_UNITS) if post == "下沉干部" else None
        name = self._name(unit)
        number = identity_number(chance)
        self.roster.numbers.append(number)
        is_numbered = chance.random() < 0.5
        begins = chance.choice(["2025.3.1", "2025年3月", "2025-03-01", 45717, "2025/3/1", None])
        ends = chance.choice(["2027.2.28", "长期", None, "2027年2月", 46446])
        return [
            self.number, *self._names(area), chance.choice([name, f"{name[0]} {name[1:]}"]),
            chance.choice("男女"), chance.choice(_PARTIES), self._phone(), number,
            f"G{self.number:05}" if is_numbered else None, post, unit,
            "科员" if unit else None, begins, ends, chance.choice(_CERTIFICATES), None,
        ]  # fmt: skip

    def _name(self, unit: str | None) -> str:
        while True:
            name = self.chance.choice(_SURNAMES) + "".join(self.chance.choices(_GIVEN, k=2))
            if (name, unit) not in self.names:
                self.names.add((name, unit))
                return name

    def _phone(self) -> str:
        plain = f"100-{self.number:04}"
        wide = plain.translate({ord(str(digit)): ord("０") + digit for digit in range(10)})
        return self.chance.choice([plain, plain.replace("-", " "), wide])

    def _names(self, area: Area) -> list[str | None]:
        line = {one.level: one.name for one in (area, *self.snapshot.ancestors(area.uid))}
        community = line["community"].removesuffix("社区")
        endings = ("社区", "社区居委会", "社区居民委员会", "")
        said = community + self.chance.choice(endings)
        return [line["street"], said, line.get("grid"), line.get("micro_grid")]

    # Mistakes: each spoils a row and says column and code

    def _no_name(self, row: list[Any]) -> tuple[str, str]:
        row[_at("姓 名")] = None
        return "姓名", "roster.no_name"

    def _odd_name(self, row: list[Any]) -> tuple[str, str]:
        row[_at("姓 名")] += "2"
        return "姓名", "roster.bad_name"

    def _bad_phone(self, row: list[Any]) -> tuple[str, str]:
        row[_at("联系电话")] = self.chance.choice(["1380000", "13800", "一三八", "1980000000012"])[
            :6
        ]
        return "联系电话", "roster.bad_phone"

    def _unknown_community(self, row: list[Any]) -> tuple[str, str]:
        row[_at("所属社区（村）")] = "查无此处社区"
        return "所属社区（村）", "roster.unknown_area_in"

    def _near_community(self, row: list[Any]) -> tuple[str, str]:
        name = row[_at("所属社区（村）")]
        row[_at("所属社区（村）")] = name[1] + name[0] + name[2:]
        return "所属社区（村）", "roster.ask_area"

    def _grid_elsewhere(self, row: list[Any]) -> tuple[str, str]:
        row[_at("所属网格")] = "第九十九网格"
        return "所属网格", "roster.unknown_area_in"

    def _other_street(self, row: list[Any]) -> tuple[str, str]:
        others = [one.name for one in self.streets if one.name != row[_at("所属街道")]]
        row[_at("所属街道")] = self.chance.choice(others)
        return "所属社区（村）", "roster.area_elsewhere"

    def _unknown_post(self, row: list[Any]) -> tuple[str, str]:
        row[_at("所属岗位")] = "瞭望员"
        return "所属岗位", "roster.unknown_post"

    def _post_elsewhere(self, row: list[Any]) -> tuple[str, str]:
        is_community = row[_at("所属网格")] is None
        row[_at("所属岗位")] = "微网格员" if is_community else "社区（村）党组织书记"
        return "所属岗位", "roster.post_not_here"

    def _no_post(self, row: list[Any]) -> tuple[str, str]:
        row[_at("所属岗位")] = None
        return "所属岗位", "roster.no_post"

    def _bad_date(self, row: list[Any]) -> tuple[str, str]:
        row[_at("开始时间")] = self.chance.choice(["2025.2.30", "去年", "2025年13月", "3月1日"])
        return "开始时间", "roster.bad_date"

    def _ends_first(self, row: list[Any]) -> tuple[str, str]:
        row[_at("开始时间")], row[_at("到期时间")] = "2027.6.1", "2026.12.31"
        return "到期时间", "roster.ends_first"

    def _gender(self, row: list[Any]) -> tuple[str, str]:
        row[_at("性别")] = self.chance.choice(["难", "nv", "1"])
        return "性别", "roster.not_one_of"

    def _certificate(self, row: list[Any]) -> tuple[str, str]:
        row[_at("社工证")] = "特级"
        return "社工证", "roster.not_one_of"

    def _identity_in_name(self, row: list[Any]) -> tuple[str, str]:
        row[_at("姓 名")] += row[_at("身份证号码")]
        return "姓名", "roster.identity_number"

    def _clean_row(self) -> list[Any]:
        """Return an earlier row that nothing is wrong with."""
        spoiled = {at for at, _, _ in self.roster.truth}
        while True:
            at = self.chance.randrange(len(self.roster.rows))
            if at + TITLE_ROWS + 2 not in spoiled:
                return self.roster.rows[at]

    def _duplicate(self, row: list[Any]) -> tuple[str, str]:
        row[1:] = self._clean_row()[1:]
        return "姓名", "roster.duplicate_row"

    def _post_taken(self, row: list[Any]) -> tuple[str, str]:
        """Make a chief of a grid that has one: the first comes as a row of its own."""
        grid = self.grids.pop()
        chief = self._row()
        chief[1:5], chief[_at("所属岗位")], chief[_at("派出单位")] = (
            self._names(grid),
            "网格长",
            None,
        )
        self.roster.rows.append(chief)
        row[1:5], row[_at("所属岗位")], row[_at("派出单位")] = self._names(grid), "网格长", None
        return "所属岗位", "roster.post_taken"

    def _number_twice(self, row: list[Any]) -> tuple[str, str]:
        other = self._clean_row()
        while other[_at("工号")] is None:
            other = self._clean_row()
        row[_at("工号")] = other[_at("工号")]
        return "工号", "roster.number_twice"

    def _phone_shared(self, row: list[Any]) -> tuple[str, str]:
        row[_at("联系电话")] = self._clean_row()[_at("联系电话")]
        return "联系电话", "roster.phone_shared"


def _at(header: str) -> int:
    return HEADERS.index(header)


def _nothing(_row: list[Any]) -> None:
    return None
