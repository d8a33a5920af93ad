"""A tour of two minutes on the real window: a bubble goes from one part to the next."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from PySide6.QtCore import (
    QEvent,
    QObject,
    QPoint,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QColor,
    QKeyEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ui.settings import Settings
from ui.texts import mark, tr
from ui.theme import colours

_WIDTH_PX = 320
_NOTCH_PX = 10
_GAP_PX = 4
_EDGE_PX = 8


@dataclass(frozen=True)
class Step:
    """A stop of the tour; ``names`` are object names of widgets, the first that is seen counts."""

    names: tuple[str, ...]
    title: str
    text: str


STEPS: tuple[Step, ...] = (
    Step(
        ("map", "map_panel"),
        mark("地图"),
        mark("拖动地图移动，滚轮缩放。点一个网格就选中它，点一条边界可以看到两侧是谁。"),
    ),
    Step(
        ("dock_tree",),
        mark("网格体系"),
        mark("从区到微网格的层级。圆点、三角、方块表示没有问题、有警告、有错误。"),
    ),
    Step(
        ("tool_palette",),
        mark("工具"),
        mark("“调整边界”拖动共用的边界，两侧的户数和面积随着变化。松开就保存，Esc 取消。"),
    ),
    Step(
        ("dock_inspector",),
        mark("详情"),
        mark("选中什么，这里就显示什么：面积、户数与标准、问题。"),
    ),
    Step(
        ("top_view.checks", "dock_issues"),
        mark("检查"),
        mark("空隙、重叠等问题随时列出，数字就是待处理的条数。F8 逐条查看。"),
    ),
    Step(
        ("search_box",),
        mark("查找"),
        mark("按 Ctrl+K，输入名称、代码、地址或命令，拼音和首字母也可以。"),
    ),
    Step(
        ("top_edit.undo",),
        mark("撤销"),
        mark("任何修改都能撤销，关闭程序后再打开也可以。"),
    ),
    Step(
        ("status_line",),
        mark("自动保存"),
        mark("没有“保存”按钮：每一步都立即写入项目文件。比例尺可以直接输入。"),
    ),
)


class Tour(QObject):
    """Goes through the steps whose widgets are seen; Esc or the last step ends it."""

    ended = Signal()

    def __init__(self, window: QMainWindow, settings: Settings | None = None) -> None:
        super().__init__(window)
        self._window = window
        self._settings = settings or _settings_of(window)
        self._at = 0
        self._stops: list[tuple[Step, QWidget]] = []
        self.ring = _Ring(window)
        self.bubble = _Bubble(window)
        self.bubble.next_wanted.connect(self.next)
        self.bubble.back_wanted.connect(self.back)
        self.bubble.end_wanted.connect(self.end)

    def start(self) -> None:
        """Begin; a tour under way in the same window ends."""
        for other in self._window.findChildren(Tour):
            if other is not self:
                other.end()
        seen = ((step, _seen(self._window, step)) for step in STEPS)
        self._stops = [(step, widget) for step, widget in seen if widget is not None]
        if not self._stops:
            self.end()
            return
        self._window.installEventFilter(self)
        self._show()
        # The page that asked for the tour may still be on its way out, and takes the focus along.
        QTimer.singleShot(0, self.bubble, self.bubble.take_focus)

    @property
    def titles(self) -> list[str]:
        """The titles of the stops, in order."""
        return [tr(step.title) for step, _ in self._stops]

    @property
    def at(self) -> int:
        """The number of the stop that is shown, from 0."""
        return self._at

    def next(self) -> None:
        """Go on; after the last stop the tour is over."""
        if self._at + 1 >= len(self._stops):
            self.end()
            return
        self._at += 1
        self._show()

    def back(self) -> None:
        """Go back one stop."""
        if self._at > 0:
            self._at -= 1
            self._show()

    def end(self) -> None:
        """End the tour and remember that it was seen."""
        self._window.removeEventFilter(self)
        if self._settings is not None:
            self._settings.set_value("tour_seen", True)
        focused = QApplication.focusWidget()
        had_focus = focused is None or self.bubble.isAncestorOf(focused)
        for part in (self.ring, self.bubble):
            part.hide()
            part.deleteLater()
        if had_focus:
            self._give_focus_back()
        self.ended.emit()
        self.deleteLater()

    def _give_focus_back(self) -> None:
        """Hand the keyboard to the map, else to whatever has it next."""
        panel = self._window.findChild(QWidget, "map_panel")
        view = getattr(panel, "view", None)
        if isinstance(view, QWidget) and view.isVisible():
            view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show(self) -> None:
        step, widget = self._stops[self._at]
        self.bubble.say(step, self._at, len(self._stops))
        self._stand(widget)
        self.ring.show()
        self.ring.raise_()
        self.bubble.show()
        self.bubble.raise_()
        self.bubble.take_focus()

    def _stand(self, widget: QWidget) -> None:
        corner = widget.mapTo(self._window, QPoint(0, 0))
        target = QRect(corner, widget.size())
        self.ring.setGeometry(target.adjusted(-2, -2, 2, 2))
        self.bubble.point_at(target, self._window.rect())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the window when it changes its size."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest) and self._stops:
            self._stand(self._stops[self._at][1])
        return False


class _Ring(QWidget):
    """A line around the part that is spoken of; the mouse goes through it."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("tour_ring")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the line."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(colours().accent), 3))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(2, 2, -2, -2), 6, 6)
        painter.end()


class _Side(Enum):
    LEFT = auto()
    RIGHT = auto()
    ABOVE = auto()
    BELOW = auto()
    INSIDE = auto()


class _Bubble(QWidget):
    """Words with a notch that points at a part of the window."""

    next_wanted = Signal()
    back_wanted = Signal()
    end_wanted = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("tour_bubble")
        self._side = _Side.INSIDE
        self._notch = QPointF()
        self._title = QLabel()
        self._title.setProperty("role", "heading")
        self._text = QLabel()
        self._text.setWordWrap(True)
        self._count = QLabel()
        self._count.setProperty("role", "quiet")
        self.end_button = QPushButton(tr("结束导览"))
        self.end_button.setObjectName("tour_end")
        self.end_button.setProperty("role", "link")
        self.back_button = QPushButton(tr("上一步"))
        self.back_button.setObjectName("tour_back")
        self.next_button = QPushButton()
        self.next_button.setObjectName("tour_next")
        self.next_button.setProperty("role", "primary")
        for button, signal in (
            (self.end_button, self.end_wanted),
            (self.back_button, self.back_wanted),
            (self.next_button, self.next_wanted),
        ):
            button.clicked.connect(signal)
        foot = QHBoxLayout()
        foot.setSpacing(6)
        foot.addWidget(self._count)
        foot.addWidget(self.end_button)
        foot.addStretch(1)
        foot.addWidget(self.back_button)
        foot.addWidget(self.next_button)
        column = QVBoxLayout(self)
        inside = _NOTCH_PX + 14
        column.setContentsMargins(inside, inside - 2, inside, inside - 2)
        column.setSpacing(8)
        column.addWidget(self._title)
        column.addWidget(self._text)
        column.addLayout(foot)
        self.hide()

    def take_focus(self) -> None:
        """Have the keyboard on the button that goes on."""
        self.next_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def say(self, step: Step, at: int, count: int) -> None:
        """Say the words of a stop."""
        self._title.setText(tr(step.title))
        self._text.setText(tr(step.text))
        self._count.setText(f"{at + 1} / {count}")
        self.back_button.setEnabled(at > 0)
        self.next_button.setText(tr("完成") if at + 1 == count else tr("下一步"))
        spoken = f"{self._title.text()}: {self._text.text()}"
        self.setAccessibleName(spoken)
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, spoken))

    def point_at(self, target: QRect, room: QRect) -> None:
        """Stand beside *target* where there is room, with the notch at it."""
        width = min(_WIDTH_PX, room.width() - 2 * _EDGE_PX) + 2 * _NOTCH_PX
        height = max(self.layout_height(width), 10)
        self._side = _side_for(target, room, QSize(width, height))
        middle = target.center()
        left = {
            _Side.RIGHT: target.right() + _GAP_PX,
            _Side.LEFT: target.left() - _GAP_PX - width,
        }.get(self._side, middle.x() - width // 2)
        top = {
            _Side.BELOW: target.bottom() + _GAP_PX,
            _Side.ABOVE: target.top() - _GAP_PX - height,
        }.get(self._side, middle.y() - height // 2)
        left = min(max(left, _EDGE_PX), max(room.width() - width - _EDGE_PX, _EDGE_PX))
        top = min(max(top, _EDGE_PX), max(room.height() - height - _EDGE_PX, _EDGE_PX))
        self.setGeometry(left, top, width, height)
        self._notch = QPointF(middle - QPoint(left, top))
        self.update()

    def layout_height(self, width: int) -> int:
        """Return how high the words are at that width, in pixels."""
        layout = self.layout()
        return 0 if layout is None else layout.totalHeightForWidth(width)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go by the arrow keys, Enter and Escape."""
        key = event.key()
        if key == Qt.Key.Key_Escape:
            self.end_wanted.emit()
        elif key in (Qt.Key.Key_Right, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.next_wanted.emit()
        elif key == Qt.Key.Key_Left:
            self.back_wanted.emit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the bubble and its notch."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(_NOTCH_PX, _NOTCH_PX, -_NOTCH_PX, -_NOTCH_PX)
        shape = QPainterPath()
        shape.addRoundedRect(box, 8, 8)
        notch = self._notch_at(box)
        if notch is not None:
            wedge = QPainterPath()
            wedge.addPolygon(notch)
            wedge.closeSubpath()
            shape = shape.united(wedge)
        painter.setPen(QPen(QColor(colours().accent), 1.5))
        painter.setBrush(QColor(colours().raised))
        painter.drawPath(shape)
        painter.end()

    def _notch_at(self, box: QRectF) -> QPolygonF | None:
        half, deep = float(_NOTCH_PX), float(_NOTCH_PX - 1)
        x = min(max(self._notch.x(), box.left() + 20), box.right() - 20)
        y = min(max(self._notch.y(), box.top() + 20), box.bottom() - 20)
        if self._side is _Side.RIGHT:
            tip, edge, across = QPointF(box.left() - deep, y), box.left() + 1, False
        elif self._side is _Side.LEFT:
            tip, edge, across = QPointF(box.right() + deep, y), box.right() - 1, False
        elif self._side is _Side.BELOW:
            tip, edge, across = QPointF(x, box.top() - deep), box.top() + 1, True
        elif self._side is _Side.ABOVE:
            tip, edge, across = QPointF(x, box.bottom() + deep), box.bottom() - 1, True
        else:
            return None
        if across:
            return QPolygonF([QPointF(x - half, edge), tip, QPointF(x + half, edge)])
        return QPolygonF([QPointF(edge, y - half), tip, QPointF(edge, y + half)])


def _side_for(target: QRect, room: QRect, size: QSize) -> _Side:
    """Return the side of *target* that has room for a bubble of that size."""
    wide, high = size.width() + _GAP_PX + _EDGE_PX, size.height() + _GAP_PX + _EDGE_PX
    if target.top() + target.height() + high <= room.height() and target.height() < 80:
        return _Side.BELOW
    if target.top() >= high and target.height() < 80:
        return _Side.ABOVE
    if room.width() - target.right() >= wide:
        return _Side.RIGHT
    if target.left() >= wide:
        return _Side.LEFT
    return _Side.INSIDE


def _seen(window: QWidget, step: Step) -> QWidget | None:
    for name in step.names:
        for widget in window.findChildren(QWidget, name):
            if not widget.isVisible() or widget.window() is not window:
                continue
            # A dock behind another tab is visible to Qt, but stands outside the window.
            corner = widget.mapTo(window, QPoint(0, 0))
            if window.rect().intersects(QRect(corner, widget.size())):
                return widget
    return None


def _settings_of(window: QMainWindow) -> Settings | None:
    context = getattr(window, "context", None)
    found = getattr(context, "settings", None)
    return found if isinstance(found, Settings) else None
