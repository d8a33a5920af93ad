"""What the circles of reach say: how far, around how many facilities, and what lies in none."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gridadmin.staffing.reach_circles import ReachCircles, UnitBeyond
from ui.canvas.map_panel import MapPanel
from ui.canvas.overlay import Role, look_of
from ui.panels import words
from ui.panels.parts import ElidedButton, label
from ui.texts import tr
from ui.theme import colours, icon

_LINES = 18
"""The box is so many lines' heights wide."""
_MOST_UNITS = 8
_GAP_PX = 8


class ReachBox(QFrame):
    """Floats at the right of the map, below the legend of the colours."""

    kind_chosen = Signal(str)
    """The key of another kind of facility."""
    unit_wanted = Signal(str)
    """The uid of a community or village that is to be shown."""
    closed = Signal()

    def __init__(self, panel: MapPanel) -> None:
        super().__init__(panel)
        self._panel = panel
        self.setObjectName("reach_box")
        self.setProperty("role", "float")
        self.setFixedWidth(_LINES * self.fontMetrics().height())
        self.heading = label("", "heading", wraps=True)
        close = QToolButton()
        close.setObjectName("reach_close")
        close.setIcon(icon("cross", "quiet"))
        close.setAccessibleName(tr("不再显示步行圈"))
        close.setToolTip(tr("不再显示步行圈"))
        close.setAutoRaise(True)
        close.clicked.connect(self.closed)
        head = QHBoxLayout()
        head.addWidget(self.heading, 1)
        head.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        self.kinds = QComboBox()
        self.kinds.setObjectName("reach_kind")
        self.kinds.setAccessibleName(tr("便民点、服务站的类别"))
        self.kinds.activated.connect(lambda _: self.kind_chosen.emit(self.kinds.currentData()))
        self._facts = QVBoxLayout()
        self._facts.setSpacing(4)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 8, 10)
        column.setSpacing(6)
        column.addLayout(head)
        column.addWidget(self.kinds)
        column.addLayout(self._facts)
        self._links: list[QWidget] = []
        self._more = label("", "quiet", wraps=True)
        self._units = 0
        panel.below_strip.append(self._follow)
        self.hide()

    @property
    def said(self) -> list[str]:
        """The words from the top down."""
        found = []
        for number in range(self._facts.count()):
            item = self._facts.itemAt(number)
            widget = None if item is None else item.widget()
            if widget is not None:
                found.append(widget.accessibleName() or str(getattr(widget, "text", str)()))
        return found

    def offer(self, kinds: Mapping[str, str], chosen: str) -> None:
        """Offer kinds of facilities: names by key."""
        self.kinds.clear()
        for key, name in kinds.items():
            self.kinds.addItem(name, key)
        self.kinds.setCurrentIndex(self.kinds.findData(chosen))
        self.kinds.setVisible(len(kinds) > 1)

    def tell(self, circles: ReachCircles, name: str) -> None:
        """Tell what the circles around facilities of a name say."""
        self._clear()
        self.heading.setText(tr("{name}：{n} 分钟步行圈", name=name, n=f"{circles.minutes:g}"))
        self.setAccessibleName(self.heading.text())
        if len(circles.places):
            far = words.length(circles.radius_m)
            self._facts.addWidget(_Swatch(Role.REACH, tr("步行 {far}以内（直线）", far=far)))
            self._facts.addWidget(_Swatch(Role.BEYOND, tr("不在任何圈内")))
            self._say(tr("地图上 {n} 处", n=f"{len(circles.places):,}"))
        else:
            self._say(tr("还没有一处在地图上。登记位置后，周围就会画出步行圈。"))
        if circles.unplaced:
            self._say(tr("{n} 处没有登记位置。", n=f"{circles.unplaced:,}"))
        if len(circles.places):
            self._tell_beyond(circles)
        self.show()
        self._panel.place_right()

    def _clear(self) -> None:
        self._links, self._units = [], 0
        while (item := self._facts.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()

    def _tell_beyond(self, circles: ReachCircles) -> None:
        if circles.households is None:
            self._say(tr("没有登记楼栋，无法统计圈外户数。"))
        else:
            told = f"{circles.households:,}", f"{circles.buildings:,}"
            self._say(tr("圈外 {n} 户，{buildings} 栋楼", n=told[0], buildings=told[1]))
        if not circles.units:
            self._say(tr("所有社区（村）都在圈内。"))
            return
        self._units = len(circles.units)
        count = f"{self._units:,}"
        self._say(tr("{n} 个社区（村）有地方不在圈内（面积占比、户数）：", n=count))
        self._links = [self._link(one) for one in circles.units[:_MOST_UNITS]]
        for link in self._links:
            self._facts.addWidget(link)
        self._more = label("", "quiet", wraps=True)
        self._facts.addWidget(self._more)

    def _say(self, text: str) -> None:
        self._facts.addWidget(label(text, "quiet", wraps=True))

    def _link(self, one: UnitBeyond) -> QWidget:
        homes = tr("{n} 户", n=f"{one.households:,}") if one.households else ""
        share = f"{max(one.share, 0.01):.0%}"
        told = words.dotted((words.name_of(one.area), share, homes))
        uid = one.area.uid
        link = ElidedButton(told, lambda: self.unit_wanted.emit(uid), "link")
        link.setObjectName(f"reach-{one.area.code or uid}")
        link.setAccessibleName(told)
        return link

    def _follow(self, top_px: int) -> None:
        """Stand below what else is at the right of the map, or beside it where that is too low."""
        if not self.isVisible():
            return
        legend, right_px = self._panel.legend, self._panel.width() - 12
        self._fit(0)
        if legend.isVisible() and self._height() > self._room(top_px):
            top_px, right_px = legend.y(), legend.x() - _GAP_PX
        for count in range(len(self._links), -1, -1):
            self._fit(count)
            if self._height() <= self._room(top_px):
                break
        self.resize(self.width(), self._height())
        self.move(right_px - self.width(), top_px)
        self.raise_()

    def _room(self, top_px: int) -> int:
        return self._panel.height() - top_px - _GAP_PX

    def _fit(self, count: int) -> None:
        """Show the links of so many units alone."""
        for number, link in enumerate(self._links):
            link.setVisible(number < count)
        more = self._units - count
        self._more.setText(tr("另有 {n} 个。", n=f"{more:,}"))
        self._more.setVisible(more > 0)

    def _height(self) -> int:
        layout = self.layout()
        if layout is None:
            return 0
        layout.activate()
        return layout.heightForWidth(self.width())


class _Swatch(QWidget):
    """A piece of land as the map has it, and what it means."""

    def __init__(self, role: Role, said: str) -> None:
        super().__init__()
        self._role = role
        self._said = said
        self.setAccessibleName(said)
        self.setToolTip(said)

    def sizeHint(self) -> QSize:
        """Return a line of text."""
        return QSize(80, self.fontMetrics().height() + 4)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the swatch and the words."""
        painter, metrics = QPainter(self), self.fontMetrics()
        pen, brush = look_of(self._role, colours())
        box = QRectF(0.5, 3.5, 2 * metrics.height(), self.height() - 7)
        painter.fillRect(box, brush)
        painter.setPen(pen)
        painter.drawRect(box)
        painter.setPen(QColor(colours().text))
        room = QRectF(box.right() + _GAP_PX, 0, self.width() - box.right() - _GAP_PX, self.height())
        said = metrics.elidedText(self._said, Qt.TextElideMode.ElideRight, int(room.width()))
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, said)
