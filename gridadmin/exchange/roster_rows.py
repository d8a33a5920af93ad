"""Rows of a roster as what they say: values, area, posts, unit; and what is wrong in each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from gridadmin.base.errors import InputError
from gridadmin.domain.model import Area
from gridadmin.domain.scheme import Post
from gridadmin.exchange.roster_areas import CODES, AreaFinder
from gridadmin.exchange.roster_columns import (
    BY_KEY,
    OBJECT_COLUMNS,
    PLACE_LEVELS,
    Header,
    plain_title,
)
from gridadmin.exchange.roster_file import Cell, RosterSheet, as_text, cell_of
from gridadmin.exchange.roster_identity import holds_identity_number
from gridadmin.exchange.roster_places import ObjectFinder, RosterPlace
from gridadmin.exchange.roster_posts import PostFinder
from gridadmin.exchange.roster_preview import ERROR, Ask, Fault, RosterProblem
from gridadmin.exchange.roster_units import Unit, UnitFinder
from gridadmin.exchange.roster_values import shown, squeezed, value_of
from gridadmin.partition.snapshot import Snapshot

_FOOT_WORDS = (
    "合计",
    "小计",
    "总计",
    "填表",
    "制表",
    "注:",
    "注：",
    "备注:",
    "说明",
    "审核",
    "共计",
)
_PLACES = (*PLACE_LEVELS, *CODES)


@dataclass
class Row:
    """One row of a sheet: its cells by meaning, what they say, and what is wrong with them."""

    sheet: str
    number: int
    header: Header
    cells: Mapping[str, Cell]
    values: dict[str, Any] = field(default_factory=dict)
    area: Area | None = None
    place: RosterPlace | None = None
    """What the posts stand on: the area, or a street, shop, compound, cluster or building."""
    posts: tuple[Post, ...] = ()
    unit: Unit | None = None
    problems: list[RosterProblem] = field(default_factory=list)
    asks: list[Ask] = field(default_factory=list)

    @property
    def ref(self) -> str:
        """Sheet and row, as problems name them; the cell of the name where a row has several."""
        column = self.header.place_of("name") if self.header.post else None
        if column is not None:
            return f"{self.sheet}!{cell_of(column.place, self.number)}"
        return f"{self.sheet}!{self.number}"

    @property
    def name(self) -> str:
        """The name of the person; empty where it can't be read."""
        return str(self.values.get("name", ""))

    @property
    def has_errors(self) -> bool:
        """Whether the row can't be written whatever is answered."""
        return any(one.severity == ERROR for one in self.problems)

    @property
    def is_good(self) -> bool:
        """Whether the row can be written as it is."""
        return not self.has_errors and not self.asks

    def blame(self, fault: Fault, severity: str = ERROR, question: str = "") -> None:
        """Place what is wrong at its cell, or at the name where the sheet has no such column."""
        column = self.header.place_of(fault.column) or self.header.place_of("name")
        if column is None:
            raise ValueError(fault.column)
        value = shown(fault.column, self.cells.get(column.key or ""))
        self.problems.append(
            RosterProblem(
                self.sheet,
                self.number,
                column.place,
                column.title,
                value,
                fault.code,
                fault.params,
                severity,
                question,
            )
        )


@dataclass
class SheetRows:
    """The rows of a sheet that name somebody, and how many others were left out as no persons."""

    rows: list[Row]
    skipped: int


def rows_of(sheet: RosterSheet, header: Header) -> SheetRows:
    """Return the rows below the headings; blank ones, totals and remarks are no persons.

    Where rows name several persons each of them is a row by itself, of the same number.
    """
    if header.posts:
        return _persons_of(sheet, header)
    keys = _keys_of(header)
    found: list[Row] = []
    skipped = 0
    for number, raw in enumerate(sheet.rows[header.row + 1 :], start=header.row + 2):
        cells = _cells_of(raw, keys)
        if not any(cell is not None for cell in raw):
            continue
        if _is_no_person(raw, cells):
            skipped += 1
        else:
            found.append(Row(sheet.name, number, header, cells))
    return SheetRows(found, skipped)


def _persons_of(sheet: RosterSheet, header: Header) -> SheetRows:
    parts = [_Part(part) for part in header.parts]
    found: list[Row] = []
    skipped = 0
    for number, raw in enumerate(sheet.rows[header.row + 1 :], start=header.row + 2):
        filled = [squeezed(cell) for cell in raw if cell is not None]
        if filled and filled[0].startswith(_FOOT_WORDS):
            skipped += 1
            continue
        found += [
            Row(sheet.name, number, part.header, cells)
            for part in parts
            if (cells := part.cells_of(raw)) is not None
        ]
    return SheetRows(found, skipped)


class _Part:
    """One person of each row, and which lines were read already."""

    def __init__(self, header: Header) -> None:
        self.header = header
        self._keys = _keys_of(header)
        self._own = {one.key for one in header.columns if one.block is not None}
        self._seen: set[tuple[tuple[str, str], ...]] = set()

    def cells_of(self, raw: list[Cell]) -> dict[str, Cell] | None:
        """Return what a row says of the person; None for nobody, or nobody new.

        The chief of a grid stands in the row of each of its micro-grids.
        """
        cells = _cells_of(raw, self._keys)
        if self._own.isdisjoint(cells) or squeezed(cells.get("name", "")) in _VACANT:
            return None
        line = tuple(sorted((key, squeezed(cell)) for key, cell in cells.items()))
        is_known = line in self._seen
        self._seen.add(line)
        return None if is_known else cells


_VACANT = frozenset(("空缺", "缺", "暂缺", "无", "暂无", "待定", "待配", "/", "-", "--", "—", "——"))
"""What stands for nobody in the cell of a name."""


def _keys_of(header: Header) -> Mapping[int, str]:
    return {one.place: one.key for one in header.columns if one.key is not None}


def _cells_of(raw: list[Cell], keys: Mapping[int, str]) -> dict[str, Cell]:
    return {
        key: raw[place]
        for place, key in keys.items()
        if place < len(raw) and raw[place] is not None and squeezed(raw[place])
    }


def _is_no_person(raw: list[Cell], cells: Mapping[str, Cell]) -> bool:
    if "name" in cells and plain_title(cells["name"]) in (BY_KEY["name"].title, "合计", "小计"):
        return True
    filled = [squeezed(cell) for cell in raw if cell is not None]
    if "name" not in cells and (len(filled) <= 1 or not cells):
        return True
    return bool(filled) and filled[0].startswith(_FOOT_WORDS) and len(cells) < len(_FOOT_WORDS) // 2


class RowReader:
    """Reads what rows say against one state of a project."""

    def __init__(
        self, snapshot: Snapshot, answers: Mapping[str, str], usual_post: str | None
    ) -> None:
        self._snapshot = snapshot
        self._scheme = snapshot.scheme
        self._areas = AreaFinder(snapshot, answers)
        self._objects = ObjectFinder(snapshot, answers)
        self._posts = PostFinder(snapshot.scheme, answers)
        self._units = UnitFinder(snapshot, answers)
        self._usual_post = usual_post

    def read(self, row: Row) -> None:
        """Fill in what a row says; what is wrong is placed at its cell."""
        self._take_values(row)
        self._take_place(row)
        self._take_unit(row)

    @property
    def new_units(self) -> tuple[str, ...]:
        """Units that no project row stands for yet, in the order of the roster."""
        return self._units.new

    def _take_values(self, row: Row) -> None:
        for key, cell in row.cells.items():
            if holds_identity_number(cell):
                row.blame(Fault(key, "roster.identity_number"))
                continue
            if key in (*_PLACES, *OBJECT_COLUMNS, "post", "organization"):
                continue
            if key == "name" and squeezed(cell) in _VACANT:
                continue
            try:
                value = value_of(self._scheme, key, cell)
            except InputError as fault:
                row.blame(Fault(key, fault.code, dict(fault.params)))
                continue
            if value is not None:
                row.values[key] = value
        if squeezed(row.cells.get("name", "")) in ("", *_VACANT):
            row.blame(Fault("name", "roster.no_name"))
        begins, ends = row.values.get("valid_from"), row.values.get("valid_to")
        if begins is not None and ends is not None and ends <= begins:
            row.blame(Fault("valid_to", "roster.ends_first"))

    def _take_place(self, row: Row) -> None:
        if any(one.code == "roster.identity_number" for one in row.problems):
            return
        found = self._areas.find(row.cells)
        if isinstance(found, Fault) and found.column == "building":
            found = self._beside_building(row, found)
        if isinstance(found, Fault):
            row.blame(found)
            return
        if isinstance(found, list):
            _ask(row, found)
            return
        row.area = found
        said = as_text(row.cells.get("post")) or row.header.post or (self._usual_post or "")
        names_object = self._objects.named_in(row.cells) is not None
        if found is None and not names_object:
            if row.cells.get("post") is not None or row.header.post:
                row.blame(Fault(_deepest(row.header), "roster.post_without_area"))
            return
        if not said:
            if row.header.place_of("post") is not None:
                row.blame(Fault("post", "roster.no_post"))
            return
        if found is not None and self._takes_post(row, said, found, is_last=not names_object):
            return
        self._take_object(row, said)

    def _beside_building(self, row: Row, fault: Fault) -> Area | Fault | list[Ask] | None:
        """Return the area of a row whose building is one of the map, and no area."""
        cells = {key: cell for key, cell in row.cells.items() if key != "building"}
        building = self._objects.find({"building": row.cells["building"]}, None)
        return fault if isinstance(building, Fault) else self._areas.find(cells)

    def _takes_post(self, row: Row, said: str, area: Area, *, is_last: bool) -> bool:
        """Give a row the posts that it names on its area; return whether that is settled.

        A roster may name street or compound beside the area; only a post that the area has none of
        stands there.
        """
        place = RosterPlace.of_area(area)
        posts = self._posts.find(said, place)
        above = self._above(said, area) if row.header.post and isinstance(posts, Fault) else None
        if above is not None:
            place, posts = above
        if isinstance(posts, Fault) and not is_last:
            return False
        self._put_posts(row, place, posts)
        return True

    def _take_object(self, row: Row, said: str) -> None:
        """Give a row its posts on the street, shop, compound, cluster or building that it names."""
        place = self._objects.find(row.cells, row.area)
        if isinstance(place, Fault):
            row.blame(place)
        elif isinstance(place, list):
            _ask(row, place)
        elif place is not None:
            self._put_posts(row, place, self._posts.find(said, place))

    def _put_posts(
        self, row: Row, place: RosterPlace, posts: tuple[Post, ...] | Fault | list[Ask]
    ) -> None:
        if isinstance(posts, Fault):
            row.blame(posts)
        elif isinstance(posts, list):
            _ask(row, posts)
        else:
            row.place, row.posts = place, posts

    def _above(self, said: str, area: Area) -> tuple[RosterPlace, tuple[Post, ...]] | None:
        """Return the nearest area above that has a post: a row of a grid may name those too."""
        for above in self._snapshot.ancestors(area.uid):
            place = RosterPlace.of_area(above)
            posts = self._posts.find(said, place)
            if isinstance(posts, tuple):
                return place, posts
        return None

    def _take_unit(self, row: Row) -> None:
        cell = row.cells.get("organization")
        if cell is None or holds_identity_number(cell):
            return
        unit = self._units.find(squeezed(cell))
        if isinstance(unit, list):
            _ask(row, unit)
        else:
            row.unit = unit


def _ask(row: Row, asks: list[Ask]) -> None:
    row.asks.extend(asks)


def _deepest(header: Header) -> str:
    """Return the place column in which an area is expected first."""
    known = [level for level in (*OBJECT_COLUMNS, *_PLACES) if header.place_of(level) is not None]
    return "grid" if "grid" in known else (known[-1] if known else "post")


def all_rows(sheets: list[SheetRows]) -> Iterator[Row]:
    """Yield the rows of all sheets in their order."""
    for sheet in sheets:
        yield from sheet.rows
