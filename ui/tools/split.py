"""The tool *split*: draw a line across an area; both parts are shown before anything is done."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from gridadmin.app.effects import effects_of
from gridadmin.base.errors import EditError
from gridadmin.edit.document import Done
from gridadmin.edit.split_commands import Split
from ui.canvas.overlay import Handles, Mark, Outline, Role, Thing
from ui.canvas.picking import areas_at
from ui.canvas.view import MapEvent
from ui.canvas.viewport import Place
from ui.texts import explain, tr
from ui.tools.shapes import area_outline, effect_tag
from ui.tools.tool import Hint, Tool


class SplitTool(Tool):
    """Clicks add points of the line; a double click or Enter cuts, and all levels below too."""

    key_name = "split"
    cursor = Qt.CursorShape.CrossCursor

    def __init__(self, *args: object, **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]
        self._points: list[Place] = []

    def hint(self) -> Hint:
        """Return what the next click does."""
        if not self._points:
            return Hint(
                tr("从区域外面单击开始画分割线，画到另一侧外面"),
                ((tr("先选中区域"), tr("只分所选的")), ("Esc", tr("取消"))),
            )
        return Hint(
            tr("单击加点，双击完成"),
            (("Enter", tr("切开")), ("Backspace", tr("退一点")), ("Esc", tr("取消"))),
        )

    def cancel(self) -> bool:
        """Give the line up."""
        had = bool(self._points)
        self._points = []
        self.map.overlay.put(self.key_name, [])
        if had:
            self.hinted.emit(self.hint())
        return had

    def follow(self, done: Done) -> None:
        """The land is another one now: the line begun means nothing any more."""
        self.cancel()

    def click(self, event: MapEvent) -> None:
        """Add a point."""
        if not self.is_usable:
            return
        self._points.append(event.place)
        self._show(event.place)

    def double_click(self, event: MapEvent) -> None:
        """Cut along the line."""
        self._finish()

    def hover(self, event: MapEvent | None) -> None:
        """Show the line to here and what it would do."""
        if event is not None and self._points:
            self._show(event.place)

    def key(self, event: QKeyEvent, pointer: MapEvent | None) -> bool:
        """Use Enter and Backspace while a line is drawn, and Escape."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and len(self._points) > 1:
            self._finish()
            return True
        if event.key() == Qt.Key.Key_Backspace and self._points:
            self._points.pop()
            self._show(None if pointer is None else pointer.place)
            return True
        return super().key(event, pointer)

    def _finish(self) -> None:
        command = self._command(self._points)
        if command is None:
            self.context.messages.refuse(tr("这条线没有穿过任何区域，请从区域的一侧画到另一侧。"))
            return
        done = self.context.bridge.execute(command, place=self._points[-1])
        if done is None:
            return
        self.cancel()
        created = [row["uid"] for row in dict(done.change.told).get("created", [])]
        self.context.selection.select_areas([*command.areas, *created[: len(command.areas)]])
        self.context.messages.done(tr("已分割。"), (tr("撤销"), self.context.bridge.undo))

    def _command(self, line: list[Place]) -> Split | None:
        """Return the command for a line: of what is selected, else of the area it runs through."""
        uids = self.context.selection.areas or self._under(line)
        if len(line) < 2 or not uids:
            return None
        bridge = self.context.bridge
        return Split(uids, [bridge.to_plane(place) for place in line], cuts_children=True)

    def _under(self, line: list[Place]) -> tuple[str, ...]:
        """Return the area of the level shown in the middle of the longest stretch of a line."""
        if len(line) < 2:
            return ()
        points = np.array(line)
        longest = int(np.hypot(*np.diff(points, axis=0).T).argmax())
        x, y = points[longest : longest + 2].mean(axis=0).tolist()
        rank = self.snapshot.level_rank
        shown = [
            area
            for area in areas_at(self.snapshot, (x, y))
            if rank(area.level) <= rank(self.map.shown_level)
        ]
        return (shown[-1].uid,) if shown else ()

    def _show(self, pointer: Place | None) -> None:
        line = [*self._points, *([] if pointer is None else [pointer])]
        things: list[Thing] = [Handles(np.array(self._points).reshape(-1, 2), Mark.VERTEX)]
        if len(line) > 1:
            things.append(Outline([np.array(line)], Role.AFTER))
        hint = self.hint()
        command = self._command(line)
        if command is not None and pointer is not None:
            things += area_outline(self.snapshot, command.areas, Role.HOVER)
            try:
                effects = effects_of(self.context.bridge.preview(command), waits=False)
            except EditError as refusal:
                hint = Hint(explain(refusal), hint.keys, is_refusal=True)
            else:
                level = self.snapshot.area(command.areas[0]).level
                tag = effect_tag(effects, pointer, level)
                things += [] if tag is None else [tag]
        self.map.overlay.put(self.key_name, things)
        self.hinted.emit(hint)
