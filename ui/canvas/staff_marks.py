"""The staffing of areas for the painter: worked out once for each state of the project."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import datetime

from gridadmin.partition.snapshot import Snapshot
from gridadmin.staffing.area_marks import AreaMark, StaffState, StaffTheme, marks_of
from gridadmin.staffing.book import StaffBook
from ui.canvas.style import FillTheme
from ui.texts import mark, tr

THEMES: Mapping[FillTheme, StaffTheme] = {
    FillTheme.VACANT: StaffTheme.VACANT,
    FillTheme.LOAD: StaffTheme.LOAD,
    FillTheme.CADRES: StaffTheme.CADRES,
}
"""The themes of the map that tell of people."""

WORDS: Mapping[FillTheme, Mapping[StaffState, str]] = {
    FillTheme.VACANT: {
        StaffState.FULL: mark("没有空缺"),
        StaffState.FEW: mark("空缺不到一成"),
        StaffState.MANY: mark("空缺一成以上"),
        StaffState.BARE: mark("全部空缺"),
        StaffState.UNKNOWN: mark("没有岗位"),
    },
    FillTheme.LOAD: {
        StaffState.FULL: mark("每人户数达标"),
        StaffState.MANY: mark("每人户数偏多"),
        StaffState.BARE: mark("没有网格员"),
        StaffState.UNKNOWN: mark("户数未知或没有标准"),
    },
    FillTheme.CADRES: {
        StaffState.BARE: mark("没有干部，未覆盖"),
        StaffState.FEW: mark("1 名干部"),
        StaffState.FULL: mark("2 至 3 名干部"),
        StaffState.MORE: mark("4 名以上干部"),
        StaffState.UNKNOWN: mark("不属于社区（村）"),
    },
}
"""What the fills of a theme mean, in the order of the legend."""

_MOST_KEPT = 3
_lock = threading.Lock()
_kept: dict[tuple[int, FillTheme, str, bool], tuple[Snapshot, Mapping[str, AreaMark]]] = {}


def marks(snapshot: Snapshot, fills: FillTheme, *, has_households: bool) -> Mapping[str, AreaMark]:
    """Return the marks of the areas by uid; kept for the last few states that were asked for."""
    if fills is FillTheme.LOAD and not has_households:
        return {}
    day = datetime.now().astimezone().date().isoformat()
    key = id(snapshot), fills, day, has_households
    with _lock:
        known = _kept.get(key)
        # Another snapshot may come to lie where one was.
        if known is None or known[0] is not snapshot:
            found = marks_of(StaffBook(snapshot, day), THEMES[fills])
            _kept.pop(key, None)
            _kept[key] = snapshot, found
            while len(_kept) > _MOST_KEPT:
                del _kept[next(iter(_kept))]
            return found
        return known[1]


def told(fills: FillTheme, of: AreaMark | None) -> str:
    """Return the line below the name of an area; empty where there is nothing to tell."""
    if of is None or (of.state is StaffState.UNKNOWN and of.number is None):
        return ""
    if fills is FillTheme.VACANT:
        return tr("空缺 {n}", n=of.number) if of.number else tr("满员")
    if fills is FillTheme.LOAD:
        if of.number is None:
            return tr("网格员空缺") if of.state is StaffState.BARE else ""
        return tr("{n} 户/人", n=f"{of.number:,}")
    if of.number is None:
        return tr("{n} 个未覆盖", n=of.uncovered) if of.uncovered else ""
    return tr("{n} 名干部", n=of.number) if of.number else tr("没有干部")
