"""What an edited ledger changes: its rows matched with the areas, field by field."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from gridadmin.base.errors import GridAdminError, InputError
from gridadmin.domain.codes import read_code
from gridadmin.domain.model import Area
from gridadmin.domain.names import normal_name
from gridadmin.domain.scheme import Scheme
from gridadmin.edit.area_commands import SetField
from gridadmin.edit.draft import Desk
from gridadmin.edit.field_commands import SetEach
from gridadmin.exchange.ledger import (
    COLUMNS,
    KINDS,
    UID,
    Cell,
    LedgerColumn,
    text_of,
)
from gridadmin.exchange.ledger_file import Table
from gridadmin.exchange.source import RowProblem
from gridadmin.partition.snapshot import Snapshot

_HEADER_ROWS = 10
_EXACT = 10**15
_ALIASES = {
    "code": ("代码", "网格编码", "网格代码", "微网格编码", "社区代码", "区划代码", "code"),
    "name": ("网格名称", "微网格名称", "社区名称", "name"),
    "parent": ("所属社区", "所属网格", "所属", "上级名称"),
    "typed": ("填写户数", "户数（填报）"),
    "note": ("说明", "note"),
    "uid": ("uid",),
}


_NEVER_EMPTIED = ("code", "name", "kind", "as_of")
"""An empty cell doesn't take these away."""
_TOLD_WHEN_EMPTIED = ("name", "kind")
"""Every area has these; files of others often have no codes, and a day goes with its figure."""


@dataclass(frozen=True)
class LedgerChange:
    """One field of one area: *old* and *new* as the ledger shows them, *value* as an edit has it.

    *row* names sheet and row of the file.
    """

    row: str
    uid: str
    name: str
    code: str | None
    field: str
    title: str
    old: Cell
    new: Cell
    value: Any


@dataclass(frozen=True)
class LedgerPreview:
    """What a ledger would change, and what is wrong with its rows."""

    rows: int
    matched: int
    changes: tuple[LedgerChange, ...]
    problems: tuple[RowProblem, ...]


@dataclass
class _Found:
    changes: list[LedgerChange] = field(default_factory=list)
    problems: list[RowProblem] = field(default_factory=list)
    rows: int = 0
    seen: dict[str, str] = field(default_factory=dict)


def compare(snapshot: Snapshot, tables: Iterable[Table]) -> LedgerPreview:
    """Return what the sheets of an edited ledger change; rows are matched by uid, code, or name.

    Raises: InputError ``ledger.no_header`` when no sheet looks like a ledger.
    """
    found = _Found()
    is_ledger = False
    for sheet, rows in tables:
        header = _header(snapshot.scheme, rows)
        if header is None:
            continue
        is_ledger = True
        at, columns = header
        for number, row in enumerate(rows[at + 1 :], start=at + 2):
            cells = {
                column: row[place] if place < len(row) else None
                for place, column in columns.items()
            }
            if any(value not in (None, "") for value in cells.values()):
                found.rows += 1
                _take_row(snapshot, found, f"{sheet}!{number}", cells)
    if not is_ledger:
        raise InputError("ledger.no_header")
    return LedgerPreview(
        found.rows, len(found.seen), tuple(_that_pass(snapshot, found)), tuple(found.problems)
    )


def as_command(changes: Iterable[LedgerChange], note: str = "") -> SetEach:
    """Return the command that carries out changes of a ledger."""
    values: dict[str, dict[str, Any]] = {}
    days: dict[str, str] = {}
    for change in changes:
        own = values.setdefault(change.uid, {})
        if change.field == "as_of":
            days[change.uid] = change.value
        else:
            own[change.field] = change.value
    return SetEach(list(values.items()), days, kind="ledger", note=note)


# Columns


def _header(
    scheme: Scheme, rows: Sequence[Sequence[Cell]]
) -> tuple[int, dict[int, LedgerColumn]] | None:
    """Return the row of the headings and the column at each place; None where there is none."""
    known = _by_title(scheme)
    for at, row in enumerate(rows[:_HEADER_ROWS]):
        columns: dict[int, LedgerColumn] = {}
        for place, cell in enumerate(row):
            column = known.get(_plain(cell))
            if column is not None and column not in columns.values():
                columns[place] = column
        keys = {column.key for column in columns.values()}
        if len(keys) >= 2 and keys & {"uid", "code", "name"}:
            return at, columns
    return None


def _by_title(scheme: Scheme) -> dict[str, LedgerColumn]:
    found: dict[str, LedgerColumn] = {}
    counts = [
        LedgerColumn(f"count.{entry.key}", entry.zh, 12, f"count.{entry.key}", is_number=True)
        for entry in scheme.counts
    ]
    for column in (*COLUMNS, *counts, UID):
        for title in (column.title, *_ALIASES.get(column.key, ())):
            found.setdefault(_plain(title), column)
    return found


def _plain(cell: Cell) -> str:
    return "".join(str(cell or "").split()).replace("(", "（").replace(")", "）").lower()


# Rows


def _take_row(
    snapshot: Snapshot, found: _Found, row: str, cells: Mapping[LedgerColumn, Cell]
) -> None:
    by_key = {column.key: value for column, value in cells.items()}
    try:
        area = _matched(snapshot, by_key)
    except GridAdminError as fault:
        found.problems.append(RowProblem(row, fault.code, dict(fault.params)))
        return
    if area.uid in found.seen:
        other = found.seen[area.uid]
        found.problems.append(RowProblem(row, "ledger.twice", {"area": area.name, "other": other}))
        return
    found.seen[area.uid] = row
    _check_parent(snapshot, found, row, area, by_key)
    now = area
    # The kind first: it decides which types of exclusive area there may be.
    for column, cell in sorted(cells.items(), key=lambda one: one[0].field != "kind"):
        if not column.field:
            continue
        try:
            change = _changed(snapshot, row, now, column, cell)
        except GridAdminError as fault:
            # The file's own heading says more than the name that the field has inside.
            params = {
                **fault.params,
                "column": column.title,
                "field": column.title,
                "value": _as_typed(cell),
            }
            found.problems.append(RowProblem(row, fault.code, params))
            continue
        if change is not None:
            found.changes.append(change)
            now = replace(now, kind=change.value) if change.field == "kind" else now


def _matched(snapshot: Snapshot, cells: Mapping[str, Cell]) -> Area:
    """Return the area of a row. Raises: InputError of family ``ledger``."""
    uid = str(cells.get("uid") or "")
    known = snapshot.rows("area").get(uid)
    if known is not None:
        area: Area = known
        if area.valid_to is not None:
            raise InputError("ledger.retired", area=area.name, date=area.valid_to)
        return area
    code = _code(cells.get("code"))
    bearing = snapshot.bearing(code) if code else []
    name = str(cells.get("name") or "")
    if not bearing and name:
        bearing = list(_of_name(snapshot, name, cells))
    if len(bearing) > 1:
        raise InputError("ledger.ambiguous", area=name or code or "", count=len(bearing))
    if not bearing:
        raise InputError("ledger.unknown_area", area=name or code or uid)
    return bearing[0]


def _of_name(snapshot: Snapshot, name: str, cells: Mapping[str, Cell]) -> Iterator[Area]:
    """Yield the areas of a name, below the parent that the row names."""
    wanted = normal_name(name)
    parent_code, parent = _code(cells.get("parent_code")), str(cells.get("parent") or "")
    for area in snapshot.areas():
        if normal_name(area.name) != wanted:
            continue
        above = None if area.parent is None else snapshot.area(area.parent)
        if parent_code and (above is None or above.code != parent_code):
            continue
        if parent and (above is None or normal_name(above.name) != normal_name(parent)):
            continue
        yield area


def _code(cell: Cell) -> str | None:
    """Return a cell as a code. Raises: InputError where a spreadsheet has eaten digits."""
    if cell is None:
        return None
    if isinstance(cell, float):
        if not cell.is_integer() or abs(cell) >= _EXACT:
            raise InputError("input.code_rounded", value=f"{cell:.0f}")
        cell = int(cell)
    return read_code(str(cell)) or None


def _check_parent(
    snapshot: Snapshot, found: _Found, row: str, area: Area, cells: Mapping[str, Cell]
) -> None:
    """Tell that an area isn't hung elsewhere by a ledger."""
    wanted = str(cells.get("parent") or "")
    above = None if area.parent is None else snapshot.area(area.parent)
    if wanted and above is not None and normal_name(wanted) != normal_name(above.name):
        params = {"area": area.name, "parent": wanted}
        found.problems.append(RowProblem(row, "ledger.parent_fixed", params))


def _changed(
    snapshot: Snapshot, row: str, area: Area, column: LedgerColumn, cell: Cell
) -> LedgerChange | None:
    """Return the change of one cell; None where it says what is so already.

    Raises: GridAdminError.
    """
    scheme = snapshot.scheme
    old = text_of(scheme, area, column.field)
    if cell in (None, "") and column.field in _NEVER_EMPTIED:
        if old is not None and column.field in _TOLD_WHEN_EMPTIED:
            raise InputError("ledger.emptied", old=old)
        return None
    if _is_same(old, cell, cell):
        # A word that the scheme no longer knows may stay where it stands.
        return None
    value = _VALUES.get(column.field, _text)(scheme, cell)
    if column.is_number:
        value = _whole(cell)
    new = cell if column.field not in ("code", "households") else value
    if _is_same(old, value, new):
        return None
    if column.field != "code":
        _check(snapshot, area, column.field, value)
    return LedgerChange(
        row, area.uid, area.name, area.code, column.field, column.title, old, new, value
    )


def _is_same(old: Cell, value: Any, new: Cell) -> bool:
    if old in (value, new):
        return True
    is_text = isinstance(old, str) and isinstance(new, str)
    return is_text and "".join(str(old).split()) == "".join(str(new).split())


def _check(snapshot: Snapshot, area: Area, field_name: str, value: Any) -> None:
    """Refuse what the edit would refuse. Raises: EditError."""
    if field_name == "as_of":
        SetField(area.uid, "households", 0, value).changed(snapshot, _NO_DRAFT, _NO_DESK, area)
        return
    SetField(area.uid, field_name, value).changed(snapshot, _NO_DRAFT, _NO_DESK, area)


_NO_DRAFT: Any = None


def _no_past(revision: int) -> Any:
    raise LookupError(revision)


_NO_DESK = Desk("ledger", lambda: "", "2000-01-01", "", _no_past)


def _that_pass(snapshot: Snapshot, found: _Found) -> Iterator[LedgerChange]:
    """Yield the changes; new codes that another area bears become problems."""
    moving = {change.uid for change in found.changes if change.field == "code"}
    wanted: set[str] = set()
    for change in found.changes:
        if change.field == "as_of" and not _has_figure(found, change):
            params = {"column": change.title, "value": change.new}
            found.problems.append(RowProblem(change.row, "ledger.day_alone", params))
            continue
        if change.field == "code":
            code = str(change.value)
            bearing = snapshot.bearing(code)
            is_borne = any(area.uid not in moving for area in bearing)
            is_retired = not bearing and snapshot.is_code_taken(code, but_by=change.uid)
            if is_borne or is_retired or code in wanted:
                problem = RowProblem(change.row, "edit.duplicate_code", {"code": code})
                found.problems.append(problem)
                continue
            wanted.add(code)
        yield change


def _has_figure(found: _Found, change: LedgerChange) -> bool:
    """Return whether a new day stands beside a figure that changes too."""
    return any(c.uid == change.uid and c.field == "households" for c in found.changes)


# Values


def _as_typed(cell: Cell) -> Cell:
    """Return a cell as it stands in the file: spreadsheets hold whole numbers as broken ones."""
    return int(cell) if isinstance(cell, float) and cell.is_integer() else cell


def _text(_: Scheme, cell: Cell) -> str | None:
    return None if cell is None else str(_as_typed(cell))


def _whole(cell: Cell) -> int | None:
    if cell is None:
        return None
    text = str(cell).replace(",", "").removesuffix("户").strip()
    try:
        number = float(text)
    except ValueError as fault:
        raise InputError("ledger.not_whole") from fault
    if not number.is_integer():
        raise InputError("ledger.not_whole")
    return int(number)


def _one_of(names: Mapping[str, str], cell: Cell) -> str | None:
    if cell is None:
        return None
    text = str(cell).strip()
    for key, name in names.items():
        if text in (key, name):
            return key
    raise InputError("ledger.not_one_of", known="、".join(names.values()))


def _kind(_: Scheme, cell: Cell) -> str | None:
    return _one_of(KINDS, cell)


def _exclusive_type(scheme: Scheme, cell: Cell) -> str | None:
    return _one_of({term.key: term.zh for term in scheme.exclusive_types}, cell)


def _class(scheme: Scheme, cell: Cell) -> str | None:
    return _one_of({one.key: one.zh for one in scheme.classes}, cell)


def _code_value(_: Scheme, cell: Cell) -> str | None:
    return _code(cell)


_VALUES: Mapping[str, Callable[[Scheme, Cell], Any]] = {
    "kind": _kind,
    "exclusive_type": _exclusive_type,
    "class": _class,
    "code": _code_value,
}
