"""Says which areas of upper levels an edit of a border changes as well."""

from __future__ import annotations

from itertools import groupby

from gridadmin.app.levels_above import areas_above
from gridadmin.domain.model import Area
from gridadmin.edit.document import Done
from ui.texts import tr

_MOST_NAMES = 6
_MOST_OF_A_LEVEL = 3


def above_words(done: Done) -> str:
    """Return which areas of upper levels change their borders too; empty when none does."""
    return _words(areas_above(done), _MOST_NAMES)


def above_rows(done: Done) -> list[str]:
    """Return the same level by level, the lowest first."""
    return [
        _words(list(areas), _MOST_OF_A_LEVEL)
        for _, areas in groupby(areas_above(done), key=lambda area: area.level)
    ]


def _words(areas: list[Area], most: int) -> str:
    names = [area.name or area.code or "" for area in areas]
    if not names:
        return ""
    if len(names) > most:
        joined = tr("、").join(names[:most])
        return tr("也改变 {names} 等 {n} 个区域的边界", names=joined, n=len(names))
    joined = names[-1]
    if len(names) > 1:
        joined = tr("{names} 与 {last}", names=tr("、").join(names[:-1]), last=names[-1])
    return tr("也改变 {names} 的边界", names=joined)
