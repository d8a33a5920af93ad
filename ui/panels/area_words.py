"""What a row of the area tree says of its area: state, households, tip, and the row as spoken."""

from __future__ import annotations

from gridadmin.domain.model import CELL_LEVEL, Area, AreaKind, HouseholdsState, Land
from gridadmin.partition.figures import households_of, typed_beside
from ui.bridge import Bridge
from ui.panels import words
from ui.panels.marks import State, state_of, words_of
from ui.panels.project_index import ProjectIndex
from ui.texts import tr


class AreaWords:
    """The words of the open project's areas, as far as they are known by now."""

    def __init__(self, bridge: Bridge, index: ProjectIndex) -> None:
        self._bridge = bridge
        self._index = index

    def state_of(self, area: Area) -> State:
        """Return how an area stands, all below it included."""
        if not self._bridge.has_issues:
            return State.UNKNOWN
        return state_of(self._bridge.tally(area.uid).worst)

    def households_and_figure(self, area: Area) -> tuple[str, str]:
        """Return the households of an area, and the same without their unit.

        Both are empty for a cell, whose micro-grids have them.
        """
        if area.level == CELL_LEVEL:
            return "", ""
        if not self._index.is_counted:
            return "…", "…"
        known = households_of(self._bridge.snapshot, area)
        return words.marked_households(*known), words.figure(*known)

    def households(self, area: Area) -> str:
        """Return the households of an area; empty for a cell."""
        return self.households_and_figure(area)[0]

    def figure(self, area: Area) -> str:
        """Return the households of an area without their unit."""
        return self.households_and_figure(area)[1]

    def tip(self, area: Area) -> str:
        """Return what there is to know of an area, a fact a line."""
        snapshot = self._bridge.snapshot
        lines = [
            words.name_of(area),
            words.dotted((words.level(snapshot, area.level), self._kind(area))),
        ]
        if area.code is not None:
            lines.append(tr("编码 {code}", code=area.code))
        if area.level != CELL_LEVEL:
            lines.append(self._households_line(area))
        below = len(snapshot.child_uids(area.uid))
        if below:
            lines.append(tr("下级 {n} 个", n=below))
        lines.append(self._state_line(area))
        return "\n".join(lines)

    def _kind(self, area: Area) -> str:
        parts = []
        if area.kind == AreaKind.EXCLUSIVE:
            parts.append(tr("专属网格"))
        if area.level == CELL_LEVEL:
            parts.append(tr("几个立体微网格共用的地块"))
        elif area.land == Land.STACKED:
            parts.append(tr("立体微网格"))
        elif area.land == Land.LISTED:
            parts.append(tr("还没有地块"))
        return words.dotted(parts)

    def _households_line(self, area: Area) -> str:
        if not self._index.is_counted:
            return tr("户数统计中")
        count, state = households_of(self._bridge.snapshot, area)
        if count is None:
            return tr("户数未知")
        if state == HouseholdsState.STALE:
            return tr("{households}，边界调整前填写，请确认", households=words.households(count))
        if state == HouseholdsState.TYPED:
            return tr("{households}，人工填写", households=words.households(count))
        typed = typed_beside(self._bridge.snapshot, area)
        if typed is not None:
            return words.both_households(count, typed)
        return words.households(count)

    def _state_line(self, area: Area) -> str:
        if not self._bridge.has_issues:
            return words_of(State.UNKNOWN)
        count = self._bridge.tally(area.uid).count
        if not count:
            return words_of(State.FINE)
        return tr("{state}，共 {n} 个问题", state=words_of(self.state_of(area)), n=count)

    def spoken(self, area: Area) -> str:
        """Return what a row says to those who don't see it."""
        parts = [
            words.name_of(area),
            words.level(self._bridge.snapshot, area.level),
            self._kind(area),
            "" if area.level == CELL_LEVEL else self._households_line(area),
            self._state_line(area),
        ]
        return tr("，").join(part for part in parts if part)
