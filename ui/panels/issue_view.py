"""How an issue looks in the list: two lines behind its sign."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import (
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from ui.panels.issue_model import IssueRole
from ui.panels.issue_thumbs import IssueThumbs
from ui.panels.marks import State, draw_state
from ui.theme import colours

Index = QModelIndex | QPersistentModelIndex

_LEFT_PX = 13
_GAP_PX = 8
_WIDE = 1.4
"""A picture is so much wider than high."""
_ROOM_PX = 250
"""A row narrower than this has no room for a picture beside its words."""


class IssueDelegate(QStyledItemDelegate):
    """Paints issues and heads of groups, with a picture of the place of each issue."""

    def __init__(self, thumbs: IssueThumbs | None = None) -> None:
        super().__init__()
        self._thumbs = thumbs

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return two lines of text with air around them."""
        return QSize(80, 2 * option.fontMetrics.height() + 13)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint an issue or the head of a group."""
        box = option.rect
        view = option.widget
        is_current = isinstance(view, QListView) and view.currentIndex() == index
        _draw_ground(painter, option, is_current=is_current and view.hasFocus())
        state = index.data(IssueRole.STATE)
        font = QFont(option.font)
        line_px = QFontMetrics(font).height()
        left = box.left() + _LEFT_PX
        if state is not None:
            side = max(round(line_px * 0.6), 9)
            sign = QRectF(left, box.center().y() - side / 2 + 0.5, side, side)
            draw_state(painter, sign, State(state))
            left += side + _GAP_PX
        right = self._paint_picture(painter, box, index)
        room = QRect(left, box.top() + 5, right - left - 8, line_px)
        _draw_title(painter, font, room, index)
        room.translate(0, line_px + 2)
        painter.setPen(QColor(colours().quiet))
        _draw_elided(painter, font, room, str(index.data(IssueRole.SIZE)))

    def _paint_picture(self, painter: QPainter, box: QRect, index: Index) -> int:
        """Paint the picture of an issue, or its empty place; return where the words end."""
        issue = index.data(IssueRole.ISSUE)
        if self._thumbs is None or issue is None or box.width() < _ROOM_PX:
            return box.right()
        high = box.height() - 9
        place = QRect(0, box.top() + 4, round(high * _WIDE), high)
        place.moveRight(box.right() - 8)
        ratio = painter.device().devicePixelRatioF()
        picture = self._thumbs.picture(issue, place.size(), ratio)
        painter.fillRect(place, QColor(colours().ground))
        if picture is not None:
            painter.drawPixmap(place, picture)
        painter.setPen(QPen(QColor(colours().line), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(place.adjusted(0, 0, -1, -1))
        return place.left()


def _draw_ground(painter: QPainter, option: QStyleOptionViewItem, *, is_current: bool) -> None:
    of, box = colours(), option.rect
    if option.state & QStyle.StateFlag.State_Selected:
        painter.fillRect(box, QColor(of.accent_ground))
        painter.fillRect(box.x(), box.y(), 3, box.height(), QColor(of.accent))
    elif not option.state & QStyle.StateFlag.State_Enabled or _has_mouse(option):
        painter.fillRect(box, QColor(of.ground))
    painter.setPen(QPen(QColor(of.line), 1))
    painter.drawLine(box.bottomLeft(), box.bottomRight())
    if is_current:
        painter.setPen(QPen(QColor(of.accent), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(box.adjusted(0, 0, -1, -1))


def _has_mouse(option: QStyleOptionViewItem) -> bool:
    return bool(option.state & QStyle.StateFlag.State_MouseOver)


def _draw_title(painter: QPainter, font: QFont, room: QRect, index: Index) -> None:
    bold = QFont(font)
    bold.setBold(True)
    painter.setPen(QColor(colours().text))
    kind = str(index.data(IssueRole.KIND))
    _draw_elided(painter, bold, room, kind)
    used = QFontMetrics(bold).horizontalAdvance(kind) + 9
    areas = index.data(IssueRole.AREAS)
    if areas and room.width() > used:
        _draw_elided(painter, font, room.adjusted(used, 0, 0, 0), str(areas))


def _draw_elided(painter: QPainter, font: QFont, room: QRect, text: str) -> None:
    painter.setFont(font)
    shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, max(room.width(), 0))
    painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, shown)
