"""Whether what a package says of its areas can be: it comes from elsewhere and may say anything."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from unicodedata import category

from gridadmin.base.errors import InputError
from gridadmin.domain.model import CELL_LEVEL, AreaKind
from gridadmin.domain.scheme import LEVELS
from gridadmin.exchange.source import FeatureTable

_UID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_MOST_HOUSEHOLDS = 10_000_000
_LONGEST = 1000
_ALLOWED = {
    "level": frozenset((*LEVELS, CELL_LEVEL)),
    "kind": frozenset(map(str, AreaKind)),
}


def require_sense(file: str, areas: FeatureTable, exempts: FeatureTable | None) -> None:
    """Refuse a package whose areas can't be those of a project.

    Raises: InputError ``release.senseless_package``, which names row and column.
    """
    seen: set[str] = set()
    for table in (areas, exempts):
        if table is None:
            continue
        for row, uid in enumerate(table.texts("uid"), start=1):
            if uid is None or not _UID.fullmatch(uid) or uid in seen:
                raise _senseless(file, row, "uid")
            seen.add(uid)
    for row, column in _wrong_values(areas):
        raise _senseless(file, row, column)
    for row in _circles(areas):
        raise _senseless(file, row, "parent_uid")


def _wrong_values(areas: FeatureTable) -> Iterator[tuple[int, str]]:
    for column in areas.columns:
        for row, value in enumerate(areas.texts(column), start=1):
            if value is not None and not _can_be(column, value):
                yield row, column


def _can_be(column: str, value: str) -> bool:
    if len(value) > _LONGEST or any(category(letter) == "Cc" for letter in value):
        return False
    if column in _ALLOWED:
        return value in _ALLOWED[column]
    if column == "households":
        return value.isascii() and value.isdigit() and int(value) <= _MOST_HOUSEHOLDS
    if column == "valid_from":
        return _is_day(value)
    return True


def _is_day(value: str) -> bool:
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _circles(areas: FeatureTable) -> Iterator[int]:
    """Yield the rows of areas that lie, by their parents, in themselves."""
    uids = areas.texts("uid")
    parent_of = dict(zip(uids, areas.texts("parent_uid"), strict=True))
    for row, uid in enumerate(uids, start=1):
        above, steps = parent_of.get(uid), 0
        while above is not None and steps <= len(LEVELS) + 1:
            above, steps = parent_of.get(above), steps + 1
        if above is not None:
            yield row


def _senseless(file: str, row: int, column: str) -> InputError:
    return InputError("release.senseless_package", file=file, row=row, column=column)
