"""Lets a dialog of the people workspace take places and areas from the map by clicks."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject

from gridadmin.domain.model import Area
from ui.canvas.map_panel import MapPanel
from ui.canvas.viewport import Place
from ui.context import Context
from ui.tools.outline import OutlineTool
from ui.tools.pick import PickTool

Picked = Callable[[Place, Area | None], None]


class MapPick(QObject):
    """One picking at a time; a new one ends the one before."""

    def __init__(self, context: Context, panel: MapPanel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._panel = panel
        self._tool: PickTool | OutlineTool | None = None
        self._give_back: Callable[[], None] | None = None
        self._ended: Callable[[], None] | None = None

    @property
    def is_picking(self) -> bool:
        """Whether a click on the map picks now."""
        return self._tool is not None

    def begin(
        self, words: str, levels: Sequence[str], picked: Picked, ended: Callable[[], None]
    ) -> None:
        """Lend the map's clicks to *picked* until :meth:`end`, Esc or another tool: *ended*."""
        self.end()
        tool = PickTool(self._context, self._panel.view, words, levels, self)
        tool.picked.connect(picked)
        self._lend(tool, ended)

    def begin_outline(
        self, words: str, drawn: Callable[[Sequence[Place]], None], ended: Callable[[], None]
    ) -> None:
        """Lend the map to *drawn* for an outline, in local metres; ends as :meth:`begin` does."""
        self.end()
        tool = OutlineTool(self._context, self._panel.view, words, self)
        tool.drawn_whole.connect(drawn)
        self._lend(tool, ended)

    def _lend(self, tool: PickTool | OutlineTool, ended: Callable[[], None]) -> None:
        tool.given_up.connect(self.end)
        self._tool, self._ended = tool, ended
        self._give_back = self._panel.lend(tool)
        self._panel.view.setFocus()

    def end(self) -> None:
        """Give the clicks back to the tool before."""
        tool, self._tool = self._tool, None
        give_back, self._give_back = self._give_back, None
        ended, self._ended = self._ended, None
        if tool is None:
            return
        if give_back is not None:
            give_back()
        tool.deleteLater()
        if ended is not None:
            ended()
