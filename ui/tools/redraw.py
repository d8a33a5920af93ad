"""The tool *redraw*: draw the new course of a border; what lies between changes hands."""

from __future__ import annotations

from collections.abc import Sequence

from gridadmin.domain.model import BorderRow
from gridadmin.edit.redraw_commands import REACH_M, Redraw
from ui.canvas.overlay import Role
from ui.canvas.picking import border_near, vertex_near
from ui.canvas.viewport import Place
from ui.panels.lock_words import first_lock_words, plan_lock_words
from ui.texts import tr
from ui.tools.drawing import DrawingTool
from ui.tools.point_pull import borders_through
from ui.tools.preview import Preview, previewed
from ui.tools.shapes import border_outline
from ui.tools.tool import Hint

_UNDER_WAY = ("edit.no_common_border", "edit.cuts_nothing")
"""What a line is refused for that hasn't come back to the border yet."""


class RedrawTool(DrawingTool):
    """A line that starts and ends near a border takes the place of the stretch in between."""

    key_name = "redraw"

    def begin_hint(self) -> Hint:
        """Return what the first click does."""
        return Hint(
            tr("在边界上单击开始，画出新的走向，再回到这条边界上"),
            ((tr("方向键+空格"), tr("用键盘加点")), ("Alt", tr("不捕捉")), ("Esc", tr("取消"))),
        )

    def why_not_begin(self, place: Place | None) -> str:
        """Return what locks the border here."""
        near = [] if place is None else self._borders_at(place)
        if not near:
            return plan_lock_words(self.snapshot)
        # At a node a line may begin on any of its borders.
        locks = [first_lock_words(self.snapshot, [border]) for border in near]
        return locks[0] if all(locks) else ""

    def _borders_at(self, place: Place) -> list[BorderRow]:
        """Return the borders on which a line may begin here, the nearest first."""
        reach_m, shown = self.reach_m(), self.map.shown_borders
        hit = border_near(self.snapshot, place, reach_m, shown)
        node = None if hit is None else vertex_near(self.snapshot, place, reach_m, [hit.border])
        if hit is None or node is None or not node.is_node:
            return [] if hit is None else [hit.border]
        others = borders_through(self.snapshot, node.place)
        return [hit.border, *(border for border in others if border.id != hit.border.id)]

    def finish_words(self) -> str:
        """Return what Enter does."""
        return tr("改成这样")

    def preview(self, line: Sequence[Place], place: Place) -> Preview:
        """Return the land that would change hands, with the stretch that would go."""
        found = previewed(self.context, self._command(line), place, self.map.shown_level)
        if found.code in _UNDER_WAY:
            return Preview()
        if found.done is None:
            return found
        rows = [row.before for row in found.done.change.of("border") if row.before is not None]
        old = border_outline(rows, Role.BEFORE)
        return Preview([*found.things, old], found.tag, done=found.done)

    def finish(self, line: Sequence[Place]) -> bool:
        """Put the line in the place of the stretch."""
        bridge = self.context.bridge
        if bridge.execute(self._command(line), place=line[-1]) is None:
            return False
        self.context.messages.done(tr("边界已改画。"), (tr("撤销"), bridge.undo))
        return True

    def _command(self, line: Sequence[Place]) -> Redraw:
        bridge = self.context.bridge
        # To the centimetre: a refusal tells it.
        reach_m = round(max(self.reach_m(), REACH_M), 2)
        return Redraw([bridge.to_plane(place) for place in line], reach_m)
