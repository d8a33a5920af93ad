"""An empty roster for a scheme: headings, lists to choose from, and what each column wants."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

from gridadmin.domain.model import Area
from gridadmin.domain.scheme import Scheme
from gridadmin.exchange.roster_columns import OBJECT_COLUMNS, PLACE_LEVELS, Meaning
from gridadmin.exchange.roster_places import bearing_rows, columns_of_objects
from gridadmin.exchange.roster_sheet import columns_for
from gridadmin.exchange.roster_values import CERTIFICATE_NAMES
from gridadmin.exchange.roster_writing import SHEET, dress, letter, text_cell
from gridadmin.exchange.whole_file import part_beside, switch
from gridadmin.partition.snapshot import Snapshot

LISTS, HELP = "清单", "填写说明"
_ROWS = 5000
_BETWEEN = "/"
_PARTIES = ("中共党员", "中共预备党员", "共青团员", "民主党派", "无党派人士", "群众")
_REQUIRED = ("name", "post")
_HINTS: Mapping[str, str] = {
    "name": "必填。",
    "post": "必填，从下拉清单中选。",
    "area_code": "可代替名称；设为文本，填写全部位数。",
    "own_phone": "11 位手机号。对外只显示前三位和后四位。",
    "duty_phone": "对外公开的电话。",
    "staff_number": "有工号的按工号认人；没有的按单位、姓名和手机后四位认人。",
    "valid_from": "写成 2026-03-01、2026.3.1 或 2026年3月。",
    "valid_to": "最后一天，写法同上；没有期限的留空。",
    "organization": "派出（所在）单位的全称。",
}


def write_template(path: Path, snapshot: Snapshot) -> None:
    """Write the template workbook of a project: nothing about any person is in it.

    A list of a lower level shows what lies in the area chosen beside it.
    Raises: InputError of the target; StoreError of the disk.
    """
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    columns = columns_for(snapshot, "internal")
    page = book.create_sheet(SHEET)
    dress(page, columns)
    page.append([_heading(page, column) for column in columns])
    lists = _Lists(snapshot, columns)
    for rule in lists.rules():
        page.data_validations.append(rule)
    listed = book.create_sheet(LISTS)
    for row in lists.rows():
        listed.append([None if value is None else text_cell(listed, value) for value in row])
    _explain(book.create_sheet(HELP), columns)
    with part_beside(path) as part:
        content = BytesIO()
        book.save(content)
        part.write_bytes(content.getvalue())
        switch(part, path)


def _heading(page: Any, column: Meaning) -> Any:
    from openpyxl.styles import PatternFill

    cell = text_cell(page, column.title, is_bold=True)
    if column.key in _REQUIRED:
        cell.fill = PatternFill("solid", fgColor="FFFBE3A6")
    return cell


def _explain(page: Any, columns: Sequence[Meaning]) -> None:
    page.column_dimensions["A"].width = 16
    page.column_dimensions["B"].width = 70
    page.append([text_cell(page, "列", is_bold=True), text_cell(page, "怎么填", is_bold=True)])
    for column in columns:
        page.append([text_cell(page, column.title), text_cell(page, _hint(column))])
    for line in (
        "一人担任几个岗位的，每个岗位写一行。",
        "不要填写身份证号：含有身份证号的列不会被读取。",
        "再次导入是更新：同一个人不会重复，空格不会清除已有内容。",
    ):
        page.append([None, text_cell(page, line)])


def _hint(column: Meaning) -> str:
    if column.key in OBJECT_COLUMNS and column.key not in PLACE_LEVELS:
        return "岗位设在街巷、小区、片区、店铺上的才填；其余岗位填区域。"
    if column.key in PLACE_LEVELS:
        return "从下拉清单中选；名称不同的，导入时会询问。"
    return _HINTS.get(column.key, "可不填。")


class _Lists:
    """The columns of the sheet of lists, and the rules that point at them."""

    def __init__(self, snapshot: Snapshot, columns: Sequence[Meaning]) -> None:
        self._columns = {column.key: number for number, column in enumerate(columns, start=1)}
        self._lists: list[tuple[str, list[str]]] = []
        self._rules: list[Any] = []
        self._add_places(snapshot)
        for key, values in _choices(snapshot.scheme, snapshot).items():
            if key in self._columns and values:
                place = self._put(f"可选{self._title(columns, key)}", values)
                last = len(values) + 1
                self._rule(key, f"{LISTS}!${place}$2:${place}${last}")

    def rules(self) -> Sequence[Any]:
        """Return the rules of validation."""
        return self._rules

    def rows(self) -> Sequence[Sequence[str | None]]:
        """Return the rows of the sheet of lists."""
        longest = max((len(values) for _, values in self._lists), default=0)
        titles = [title for title, _ in self._lists]
        return [
            titles,
            *(
                [values[at] if at < len(values) else None for _, values in self._lists]
                for at in range(longest)
            ),
        ]

    def _title(self, columns: Sequence[Meaning], key: str) -> str:
        return next(column.title for column in columns if column.key == key)

    def _put(self, title: str, values: list[str]) -> str:
        self._lists.append((title, values))
        return letter(len(self._lists))

    def _add_places(self, snapshot: Snapshot) -> None:
        """Add a list per level; below the first, the names of those above stand before each."""
        levels = [level for level in PLACE_LEVELS if level in self._columns]
        for number, level in enumerate(levels):
            areas = [area for area in snapshot.areas() if area.level == level]
            if not areas:
                continue
            above = levels[:number]
            pairs = sorted(
                ((_path(snapshot, area, above), area.name) for area in areas),
                key=lambda pair: (pair[0], pair[1]),
            )
            title = snapshot.scheme.level(level)
            name = level if title is None else title.zh
            if not above:
                place = self._put(name, [own for _, own in pairs])
                self._rule(level, f"{LISTS}!${place}$2:${place}${len(pairs) + 1}")
                continue
            paths = self._put(f"{name}的上级", [path for path, _ in pairs])
            names = self._put(name, [own for _, own in pairs])
            wanted = f'&"{_BETWEEN}"&'.join(f"${letter(self._columns[key])}2" for key in above)
            column = f"{LISTS}!${paths}$2:${paths}${len(pairs) + 1}"
            self._rule(
                level,
                f"OFFSET({LISTS}!${names}$1,MATCH({wanted},{column},0),0,"
                f"COUNTIF({column},{wanted}),1)",
            )

    def _rule(self, key: str, formula: str) -> None:
        from openpyxl.worksheet.datavalidation import DataValidation

        rule = DataValidation(type="list", formula1=formula, allow_blank=True)
        rule.errorStyle = "warning"
        rule.errorTitle = "不在清单里"
        rule.error = "清单里没有这一项，确定要这样填吗？"
        rule.showErrorMessage = True
        place = letter(self._columns[key])
        rule.add(f"{place}2:{place}{_ROWS + 1}")
        self._rules.append(rule)


def _path(snapshot: Snapshot, area: Area, above: Sequence[str]) -> str:
    names = {one.level: one.name for one in snapshot.ancestors(area.uid)}
    return _BETWEEN.join(names.get(level, "") for level in above)


def _choices(scheme: Scheme, snapshot: Snapshot) -> Mapping[str, list[str]]:
    units = {
        str(row.name) for row in snapshot.rows("organization").values() if row.valid_to is None
    }
    objects = {
        table: sorted({str(row.name) for row in bearing_rows(snapshot, table)})
        for table in columns_of_objects(scheme)
    }
    return {
        **objects,
        "gender": ["男", "女"],
        "political_status": list(_PARTIES),
        "post": list(dict.fromkeys(post.zh for post in scheme.posts)),
        "organization": sorted(units),
        "certificate_level": list(CERTIFICATE_NAMES.values()),
        "roster_kind": [one.zh for one in scheme.roster_kinds],
        "is_full_time": ["专职", "兼职"],
    }
