"""The tool *measure*: how long a line is and how much land it encloses; nothing is stored."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence

from gridadmin.app.measuring import Measured, measured
from ui.canvas.overlay import Outline, Role, Tag, Thing
from ui.canvas.view import MapEvent
from ui.canvas.viewport import Place
from ui.texts import tr
from ui.tools.drawing import DrawingTool
from ui.tools.preview import Preview
from ui.tools.tool import Hint

_RESULT = "measure result"


class MeasureTool(DrawingTool):
    """The figures stand beside the line while it is drawn, and stay until the next one begins."""

    key_name = "measure"

    def __init__(self, *args: object, **more: object) -> None:
        super().__init__(*args, **more)
        self._figures: Measured | None = None

    def begin_hint(self) -> Hint:
        """Return what the first click does."""
        keys = [
            (tr("方向键+空格"), tr("用键盘加点")),
            ("Alt", tr("不捕捉")),
            ("Esc", tr("取消")),
        ]
        if self._figures is not None:
            keys.insert(0, ("Ctrl+C", tr("复制结果")))
        return Hint(tr("单击开始量长度和面积，只量不改"), keys)

    def finish_words(self) -> str:
        """Return what Enter does."""
        return tr("量完")

    def click(self, event: MapEvent) -> None:
        """Add a point; the first one takes the last result off the map."""
        if not self.drawn:
            self._forget()
        super().click(event)

    def cancel(self) -> bool:
        """Give the line up, else the result."""
        had = super().cancel()
        if not had and self._figures is not None:
            self._forget()
            self.hinted.emit(self.hint())
            return True
        return had

    def leave(self) -> None:
        """Take the result off the map too."""
        super().leave()
        self._forget()

    def key(self, event: QKeyEvent, pointer: MapEvent | None) -> bool:
        """Copy the result by the usual key."""
        if event.matches(QKeySequence.StandardKey.Copy) and self._figures is not None:
            self.copy()
            return True
        return super().key(event, pointer)

    def preview(self, line: Sequence[Place], place: Place) -> Preview:
        """Return the figures of the line to here."""
        self._figures = self._measured(line)
        rows = measure_rows(self._figures)
        return Preview(_closing(line), Tag(place, rows))

    def finish(self, line: Sequence[Place]) -> bool:
        """Let line and figures stand, and say them."""
        self._figures = self._measured(line)
        tag = Tag(line[-1], measure_rows(self._figures))
        shape = Outline([np.array(line)], Role.AFTER)
        self.map.overlay.put(_RESULT, [*_closing(line), shape, tag])
        self.context.messages.note(self.words(), (tr("复制"), self.copy))
        return True

    def words(self) -> str:
        """Return the figures in one line."""
        if self._figures is None:
            return ""
        return " · ".join(" ".join(row) for row in measure_rows(self._figures))

    def copy(self) -> None:
        """Put the figures on the clipboard, in lines and columns for a table."""
        if self._figures is None:
            return
        lines = ["\t".join(row) for row in measure_rows(self._figures)]
        QGuiApplication.clipboard().setText("\n".join(lines))
        self.context.messages.done(tr("已复制测量结果。"))

    def _measured(self, line: Sequence[Place]) -> Measured:
        return measured(self.snapshot, [self.context.bridge.to_plane(place) for place in line])

    def _forget(self) -> None:
        self._figures = None
        self.map.overlay.put(_RESULT, [])


def measure_rows(figures: Measured) -> list[Sequence[str]]:
    """Return a row of words for each figure."""
    rows: list[Sequence[str]] = [(tr("长度"), tr("{m} 米", m=f"{figures.length_m:,.2f}"))]
    if figures.land_m2 is not None:
        rows.append((tr("围合面积"), tr("{m2} m²", m2=f"{figures.land_m2:,.2f}")))
        rows.append((tr("围合周长"), tr("{m} 米", m=f"{figures.around_m:,.2f}")))
    if figures.is_plane:
        rows.append((tr("按平面计算：项目没有坐标系"),))
    return rows


def _closing(line: Sequence[Place]) -> list[Thing]:
    """Return the land enclosed by a line closed by a straight stretch."""
    if len(line) < 3:
        return []
    return [Outline([np.array([*line, line[0]])], Role.BAND, is_filled=True)]
