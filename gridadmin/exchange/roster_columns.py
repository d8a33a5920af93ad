"""What the columns of a roster mean, guessed from their headings and said again by the user."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from gridadmin.base.errors import InputError
from gridadmin.exchange.roster_blocks import Blocks, PostWords, find_blocks
from gridadmin.exchange.roster_file import Cell, RosterSheet
from gridadmin.exchange.roster_values import shown

About = Literal["place", "person", "assignment"]
PLACE_LEVELS = ("district", "street", "community", "grid", "micro_grid", "building", "floor")
OBJECT_COLUMNS = ("line_object", "compound", "grouping", "point_object", "building")
"""Columns that name what posts stand on beside areas, by table; buildings may be areas too."""
_HEADER_ROWS = 15
_SAMPLES = 3
_ENOUGH = 2
"""So many headings have to be known before a row is taken for the row of headings."""


@dataclass(frozen=True)
class Meaning:
    """What a column can mean: its own heading and others that offices use for it."""

    key: str
    title: str
    about: About
    others: tuple[str, ...] = ()
    width: int = 12


def _meaning(key: str, title: str, about: About, width: int, others: str = "") -> Meaning:
    return Meaning(key, title, about, tuple(others.split()), width)


MEANINGS = (
    _meaning(
        "district", "所属区县", "place", 14, "区县 县区 区市县 所属区 所属县 所在区县 district"
    ),
    _meaning(
        "street",
        "所属街道",
        "place",
        14,
        "街道 镇街 街镇 乡镇 所属镇街 街道镇 乡镇街道 所属乡镇 镇乡 街道乡镇 所在街道"
        " 街道名称 street",
    ),
    _meaning(
        "community",
        "所属社区",
        "place",
        16,
        "社区 村社 村居 社区村 村社区 所属村社 所属村居 所属村 村 所在社区 社区名称"
        " 所属社区村 community",
    ),
    _meaning("grid", "所属网格", "place", 18, "网格 网格名称 所在网格 负责网格 grid"),
    _meaning(
        "micro_grid",
        "所属微网格",
        "place",
        18,
        "微网格 微网格名称 所在微网格 微格 microgrid",
    ),
    _meaning("building", "所属楼栋", "place", 12, "楼栋 楼栋号 楼号"),
    _meaning("floor", "所属楼层", "place", 12, "楼层"),
    _meaning(
        "line_object", "所属街巷", "place", 16, "街巷 街路 街巷名称 路段 巷道 所在街巷 负责街巷"
    ),
    _meaning("compound", "所属小区", "place", 16, "小区 小区名称 院落 小区院落 所在小区"),
    _meaning("grouping", "所属片区", "place", 16, "片区 片区名称 联合党委 所在片区"),
    _meaning(
        "point_object",
        "所属店铺设施",
        "place",
        16,
        "店铺 商铺 门店 店面 店铺名称 设施 便民点 设施名称 店铺设施",
    ),
    _meaning(
        "area_code",
        "区域编码",
        "place",
        20,
        "网格编码 网格编号 网格代码 微网格编码 微网格编号 编码 代码 区域代码 areacode code",
    ),
    _meaning(
        "community_code",
        "社区编码",
        "place",
        16,
        "社区代码 区划代码 统计用区划代码 村社区代码",
    ),
    _meaning("name", "姓名", "person", 12, "名字 人员姓名 网格员姓名 干部姓名 name"),
    _meaning("gender", "性别", "person", 7, "gender sex"),
    _meaning("political_status", "政治面貌", "person", 12, "党派 政治身份"),
    _meaning(
        "own_phone",
        "手机号",
        "person",
        15,
        "手机 手机号码 联系电话 电话 联系方式 电话号码 移动电话 本人手机 phone",
    ),
    _meaning(
        "duty_phone",
        "办公电话",
        "person",
        15,
        "值班电话 工作电话 座机 公务电话 值班手机 固定电话",
    ),
    _meaning(
        "post",
        "所属岗位",
        "assignment",
        16,
        "岗位 岗位名称 网格岗位 担任岗位 人员岗位 post",
    ),
    _meaning("role", "职责范畴", "assignment", 26, "职责 工作职责 职责分工 分工 职责范围"),
    _meaning(
        "organization",
        "派出单位",
        "person",
        24,
        "单位 工作单位 所在单位 选派单位 派驻单位 原单位 单位名称 organization unit",
    ),
    _meaning("job_title", "职务", "person", 14, "现任职务 单位职务 行政职务"),
    _meaning("rank", "职级", "person", 14, "级别 职务职级 行政级别"),
    _meaning("batch", "选派批次", "assignment", 12, "批次 下沉批次 派驻批次"),
    _meaning(
        "staff_number",
        "工号",
        "person",
        14,
        "人员编号 员工编号 职工号 工作证号 人员工号 staffnumber",
    ),
    _meaning(
        "valid_from",
        "开始日期",
        "assignment",
        12,
        "开始时间 起始日期 任职日期 任职时间 上岗日期 上岗时间 到岗时间 选派时间 选派日期 派驻时间 "
        "派驻日期 起始时间",
    ),
    _meaning(
        "valid_to",
        "结束日期",
        "assignment",
        12,
        "结束时间 截止日期 截止时间 到期日期 到期时间 到期日 离岗时间 任期截止",
    ),
    _meaning(
        "certificate_level",
        "证书等级",
        "person",
        14,
        "社工证 社工证书 社会工作者证书 社工证等级 职业资格 持证情况 资格证书",
    ),
    _meaning("roster_kind", "人员类别", "person", 12, "人员类型 类别 队伍类别"),
    _meaning("recruited_from", "人员来源", "person", 12, "来源 来源渠道 身份来源"),
    _meaning("is_full_time", "是否专职", "person", 10, "专职 专兼职 专职兼职 专兼职情况"),
    _meaning("document", "任命文号", "assignment", 16, "文号 文件号 任职文号"),
    _meaning("note", "备注", "person", 20, "说明 note"),
)
"""All columns of a roster, in the order in which one is written."""

BY_KEY: Mapping[str, Meaning] = {one.key: one for one in MEANINGS}
_PLACES = frozenset(one.key for one in MEANINGS if one.about == "place")
_KNOWN = {
    title.replace("所属", ""): one.key for one in reversed(MEANINGS) for title in one.others
} | {title: one.key for one in MEANINGS for title in (*one.others, one.title)}
_UNREAD_WORDS = """
序号 编号 no 市 区 年龄 民族 学历 出生日期 出生年月 籍贯 职称 邮箱 签名 照片
"""
_UNREAD = frozenset(_UNREAD_WORDS.split())
_BRACKETS = re.compile(r"[(（\[【].*?[)）\]】]")


@dataclass(frozen=True)
class Column:
    """A column of a sheet: *key* is its meaning, None when it isn't read.

    *is_sure* is false for a guess that the user should look at. *block* numbers the persons of a
    row where it names several, None for what holds for all of them.
    """

    place: int
    title: str
    key: str | None
    is_sure: bool = True
    samples: tuple[str, ...] = ()
    block: int | None = None


@dataclass(frozen=True)
class Header:
    """The columns of a sheet and the index of the row under which its persons stand.

    *posts* are those of its blocks by number, where each row names several persons; *post* is what
    all persons below are, in the part of one block.
    """

    row: int
    columns: tuple[Column, ...]
    posts: tuple[str, ...] = ()
    post: str = ""

    def place_of(self, key: str) -> Column | None:
        """Return the column of a meaning, or None."""
        return next((one for one in self.columns if one.key == key), None)

    @property
    def parts(self) -> tuple[Header, ...]:
        """Itself; where each row names several persons a header for each of them.

        A person is where the places to the left say, or those of the whole row without any there.
        """
        if not self.posts:
            return (self,)
        return tuple(self._part(number, post) for number, post in enumerate(self.posts))

    def _part(self, number: int, post: str) -> Header:
        own = tuple(one for one in self.columns if one.block == number)
        shared = [one for one in self.columns if one.block is None and one.key in _PLACES]
        left = [one for one in shared if own and one.place < own[0].place]
        return Header(self.row, (*(left or shared), *own), post=post)


def find_header(sheet: RosterSheet, posts: Collection[str] = ()) -> Header | None:
    """Return the headings of a sheet below whatever title stands above them.

    Two rows that belong together (所属区域 over 街道, 社区) are read as one. Rows may name several
    persons, each by the name of a post (of *posts*, or a usual one). None where no row has 姓名 and
    one more known heading.
    """
    narrow, wide = _narrow_header(sheet), _wide_header(sheet, posts)
    if wide is None:
        return None if narrow is None else narrow[1]
    return wide[1] if narrow is None or wide[0] >= narrow[0] else narrow[1]


def _wide_header(sheet: RosterSheet, posts: Collection[str]) -> tuple[int, Header] | None:
    """Return the best row of headings that names several persons a row, and how many it knows."""
    words = PostWords(plain_title, posts)
    best: tuple[int, Header] | None = None
    for at in range(min(len(sheet.rows), _HEADER_ROWS)):
        for depth in (1, 2):
            if at + depth > len(sheet.rows):
                continue
            *above, titles = _padded(sheet.rows[at : at + depth])
            tops: Sequence[Cell] = above[0] if above else [None] * len(titles)
            found = find_blocks(tops, titles, _guessed, words)
            if found is not None and found.score > _ENOUGH and (not best or found.score > best[0]):
                best = found.score, _with_blocks(sheet, at + depth - 1, found)
    return best


def _padded(rows: Sequence[Sequence[Cell]]) -> list[list[Cell]]:
    width = max((len(row) for row in rows), default=0)
    return [[*row, *([None] * (width - len(row)))] for row in rows]


def _with_blocks(sheet: RosterSheet, row: int, found: Blocks) -> Header:
    below, columns = sheet.rows[row + 1 :], list[Column]()
    taken: set[str] = set()
    for place, one in enumerate(found.placed):
        key, is_sure = one.key, one.is_sure
        if one.block is None and (key in taken or key not in _PLACES):
            # Of whom it tells can't be said: there are several in the row.
            is_sure = key is None and plain_title(one.title) in _UNREAD
            key = None
        samples = _samples(below, place, key)
        if not one.title and not samples:
            continue
        if one.block is None and key is not None:
            taken.add(key)
        title = _own(one.title, place, columns)
        columns.append(Column(place, title, key, is_sure, samples, one.block))
    return Header(row, tuple(columns), found.posts)


def _narrow_header(sheet: RosterSheet) -> tuple[int, Header] | None:
    """Return the best row of headings that names one person a row, and how many it knows."""
    best: tuple[int, int, list[Cell]] | None = None
    for at in range(min(len(sheet.rows), _HEADER_ROWS)):
        for depth in (1, 2):
            titles = _stacked(sheet.rows[at : at + depth])
            if at + depth > len(sheet.rows):
                continue
            keys = [_guessed(title)[0] for title in titles]
            score = len({key for key in keys if key})
            if "name" in keys and score >= _ENOUGH and (best is None or score > best[0]):
                best = score, at + depth - 1, titles
    if best is None:
        return None
    score, row, titles = best
    return score, Header(row, tuple(_columns(sheet, row, titles)))


def with_choices(header: Header, choices: Mapping[str, str | None]) -> Header:
    """Return a header in which the user has said what columns mean, by their headings.

    Raises: InputError ``roster.unknown_meaning``.
    """
    columns = []
    for column in header.columns:
        if column.title in choices:
            key = choices[column.title]
            if key is not None and key not in BY_KEY:
                raise InputError("roster.unknown_meaning", key=key, keys=", ".join(BY_KEY))
            column = replace(column, key=key, is_sure=True)  # noqa: PLW2901 - the chosen one
        columns.append(column)
    chosen = {(one.block, choices[one.title]) for one in columns if one.title in choices}
    return replace(
        header,
        columns=tuple(
            replace(one, key=None)
            if (one.block, one.key) in chosen and one.title not in choices
            else one
            for one in columns
        ),
    )


def plain_title(cell: Cell) -> str:
    """Return a heading without blanks, brackets and signs, in small letters."""
    text = unicodedata.normalize("NFKC", str(cell or ""))
    text = _BRACKETS.sub("", "".join(text.split()))
    return re.sub(r"[*:：、/／_\-.·]", "", text).lower()


def _columns(sheet: RosterSheet, row: int, titles: Sequence[Cell]) -> list[Column]:
    found: list[Column] = []
    taken: dict[str, int] = {}
    below = sheet.rows[row + 1 :]
    for place, title in enumerate(titles):
        said = "".join(str(title or "").split())
        key, is_sure = _guessed(title)
        samples = _samples(below, place, key)
        if not said and not samples:
            continue
        if key is not None and key in taken:
            earlier = found[taken[key]]
            if is_sure and not earlier.is_sure:
                found[taken[key]] = replace(earlier, key=None, is_sure=False)
            else:
                key, is_sure = None, False
        if key is not None:
            taken[key] = len(found)
        is_known = key is not None or plain_title(title) in _UNREAD
        found.append(Column(place, _own(said, place, found), key, is_sure and is_known, samples))
    return found


def _own(title: str, place: int, earlier: Sequence[Column]) -> str:
    """Return a heading that no other column of the sheet has."""
    name = title or f"第{place + 1}列"
    titles = {one.title for one in earlier}
    number = 2
    own = name
    while own in titles:
        own, number = f"{name}{number}", number + 1
    return own


def _samples(rows: Sequence[Sequence[Cell]], place: int, key: str | None) -> tuple[str, ...]:
    found: list[str] = []
    for row in rows[:200]:
        value = row[place] if place < len(row) else None
        said = shown(key, value)
        if said and said not in found:
            found.append(said)
        if len(found) == _SAMPLES:
            break
    return tuple(found)


def _stacked(rows: Sequence[Sequence[Cell]]) -> list[Cell]:
    """Return the lowest filled cell of each column."""
    width = max((len(row) for row in rows), default=0)
    titles: list[Cell] = [None] * width
    for row in rows:
        for place, cell in enumerate(row):
            if cell is not None:
                titles[place] = cell
    return titles


def _guessed(title: Cell) -> tuple[str | None, bool]:
    """Return what a heading means, and whether that is sure."""
    if not isinstance(title, str):
        return None, False
    plain = plain_title(title)
    if plain in _KNOWN:
        return _KNOWN[plain], True
    if plain in _UNREAD or not plain or len(plain) > _LONGEST_TITLE:
        return None, True
    for known in sorted(_KNOWN, key=len, reverse=True):
        if len(known) >= _ENOUGH and known in plain and "身份" not in plain and "证件" not in plain:
            return _KNOWN[known], False
    return None, False


_LONGEST_TITLE = 12
