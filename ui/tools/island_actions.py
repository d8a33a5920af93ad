"""Taking an island back: an area that lies inside another goes into the one around it."""

from __future__ import annotations

from gridadmin.domain.model import Area, Land
from gridadmin.edit.dissolve_commands import Dissolve, area_around
from ui.actions import Actions
from ui.context import Context
from ui.texts import tr


class IslandActions:
    """The action on what is selected, and why it can't be done."""

    def __init__(self, context: Context, actions: Actions) -> None:
        self._context = context
        actions.bind("edit.dissolve", self.dissolve, self.why_not)

    def dissolve(self) -> None:
        """Give the land of the selected island back, and select who got it."""
        bridge, selection = self._context.bridge, self._context.selection
        island = self._selected()
        if island is None:
            return
        done = bridge.execute(Dissolve(island.uid))
        if done is None:
            return
        uid = dict(done.change.told)["into"]["uid"]
        selection.select_areas([uid])
        name = done.after.area(uid).name
        words = tr("已取消{island}，土地并入{name}。", island=island.name, name=name)
        self._context.messages.done(words, (tr("撤销"), bridge.undo))

    def why_not(self) -> str:
        """Return why nothing can be dissolved now; empty when it can."""
        why = self._context.bridge.why_not_change()
        if why:
            return why
        island = self._selected()
        if island is None:
            return tr("请先选中一个有边界的区域。")
        if area_around(self._context.bridge.snapshot, island) is None:
            return tr("{name}不是整个在一个同级区域里面。", name=island.name)
        return ""

    def _selected(self) -> Area | None:
        uids = self._context.selection.areas
        if len(uids) != 1:
            return None
        area: Area | None = self._context.bridge.snapshot.rows("area").get(uids[0])
        is_there = area is not None and area.valid_to is None and area.land == Land.DRAWN
        return area if is_there else None
