"""The map beside what covers a part of it: where a dialog stands, and what it leaves free."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QWidget

from ui.canvas.viewport import Box, Viewport

MOST_COVERED = 0.75
"""A dialog over more of the map's width than this leaves nothing to fit into."""
_GAP_PX = 8


def covered_px(around: QWidget, dialog: QWidget | None) -> tuple[int, int]:
    """Return how many pixels a dialog covers at the left and at the right of the map *around*."""
    if dialog is None or not dialog.isVisible():
        return 0, 0
    seen, over = _on_screen(around), dialog.frameGeometry()
    if not seen.intersects(over):
        return 0, 0
    is_right = over.center().x() > seen.center().x()
    covered = seen.right() - over.left() + 1 if is_right else over.right() - seen.left() + 1
    if covered >= around.width() * MOST_COVERED:
        return 0, 0
    return (0, covered) if is_right else (covered, 0)


def stand_beside(dialog: QWidget, around: QWidget, box: Box | None, view: Viewport) -> None:
    """Move a dialog to the right edge of its window, to the left where *box* would be covered.

    *box* is what it is about, in local metres.
    """
    window = around.window().geometry()
    top = _on_screen(around).top() + _GAP_PX
    room = around.screen().availableGeometry()
    top = max(min(top, room.bottom() - dialog.frameGeometry().height()), room.top())
    right = QPoint(window.right() - dialog.width() - _GAP_PX, top)
    left = QPoint(window.left() + _GAP_PX, top)
    about = None if box is None else _about(box, around, view)
    spots = [QRect(spot, dialog.size()) for spot in (right, left)]
    is_left_better = (
        about is not None and about.intersects(spots[0]) and not about.intersects(spots[1])
    )
    dialog.move(left if is_left_better else right)


def is_seen_beside(box: Box, view: Viewport, covered: tuple[int, int]) -> bool:
    """Return whether all of *box* is seen between so many covered pixels at left and right."""
    x0, y0, x1, y1 = view.bounds()
    left, right = (px * view.metres_per_px for px in covered)
    return x0 + left <= box[0] and y0 <= box[1] and box[2] <= x1 - right and box[3] <= y1


def _about(box: Box, around: QWidget, view: Viewport) -> QRect:
    """Return where a box is on the screen, as far as the map shows it."""
    (x0, y0), (x1, y1) = view.px_of((box[0], box[3])), view.px_of((box[2], box[1]))
    seen = QRect(QPoint(round(x0), round(y0)), QPoint(round(x1), round(y1)))
    return seen.intersected(around.rect()).translated(around.mapToGlobal(QPoint()))


def _on_screen(widget: QWidget) -> QRect:
    return QRect(widget.mapToGlobal(QPoint()), widget.size())
