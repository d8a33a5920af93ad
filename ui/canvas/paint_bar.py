"""The bar of the paint tool: who gets the land, how he stands, what is painted, and from whom."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ui.texts import mark, tr
from ui.theme import colours
from ui.tips import plain_tip

_WHAT = (
    ("faces", mark("整块"), mark("微网格；没有微网格的地方是整块地")),
    ("blocks", mark("街块"), mark("微网格；没有微网格的地方是道路之间的一块")),
    ("buildings", mark("楼栋"), mark("楼栋所在的微网格；没有微网格时是楼栋周围的地")),
)
_SOURCE_PX = 150
_NAME_PX = 190
_GAP_PX = 10


class PaintBar(QFrame):
    """Floats over the map while one paints."""

    what_chosen = Signal(str)
    source_chosen = Signal(object)
    """``any``, ``free`` or the uid of the one area that land is taken from."""
    target_dropped = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("paint_bar")
        self.setAccessibleName(tr("画笔"))
        self.setProperty("role", "float")
        self.setProperty("edge", "bottom")
        self.target = _Target(self)
        self.change_button = QToolButton()
        self.change_button.setObjectName("paint_change")
        self.change_button.setText(tr("换一个"))
        self.change_button.setAccessibleName(tr("换一个接收的区域"))
        self.change_button.setToolTip(tr("换一个接收的区域 (Esc)"))
        self.change_button.clicked.connect(self.target_dropped)
        self.buttons = {key: self._choice(key, words, tip) for key, words, tip in _WHAT}
        self._group = QButtonGroup(self)
        for button in self.buttons.values():
            self._group.addButton(button)
        self.source = QComboBox()
        self.source.setObjectName("paint_source")
        self.source.setAccessibleName(tr("从哪里划出"))
        self.source.setMinimumWidth(_SOURCE_PX)
        self.source.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.source.activated.connect(self._source_chosen)
        above, below = QHBoxLayout(), QHBoxLayout()
        for row in (above, below):
            row.setSpacing(6)
        above.addWidget(self.target, 1)
        above.addWidget(self.change_button)
        for button in self.buttons.values():
            below.addWidget(button)
        below.addSpacing(6)
        below.addWidget(self.source, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 7, 10, 8)
        column.setSpacing(5)
        column.addLayout(above)
        column.addLayout(below)
        self.hide()
        parent.installEventFilter(self)

    def _choice(self, key: str, words: str, tip: str) -> QToolButton:
        number = [known for known, *_ in _WHAT].index(key) + 1
        button = QToolButton()
        button.setObjectName(f"paint_{key}")
        button.setText(tr(words))
        button.setCheckable(True)
        button.setProperty("role", "tool")
        button.setAccessibleName(tr(words))
        button.setAccessibleDescription(tr(tip))
        button.setToolTip(f"{tr(tip)} ({number})")
        button.clicked.connect(lambda: self.what_chosen.emit(key))
        return button

    def show_state(self, what: str, source: str, names: Sequence[tuple[str, str]]) -> None:
        """Show what is chosen; *names* are ``(uid, name)`` of the areas land may be taken from."""
        self.buttons[what].setChecked(True)
        self.source.clear()
        for key, words in (("any", tr("从任何区域")), ("free", tr("只要没人要的地")), *names):
            self.source.addItem(words, key)
        self.source.setCurrentIndex(max(self.source.findData(source), 0))
        self.place()

    def show_target(self, name: str, figures: str = "", weight: str = "") -> None:
        """Show who gets the land and how his households stand; *weight* is good, bad or empty."""
        self.target.tell(name, figures, weight)
        self.change_button.setEnabled(bool(name))
        self.place()

    def _source_chosen(self, number: int) -> None:
        self.source_chosen.emit(self.source.itemData(number))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep in its place when the map changes its size."""
        if event.type() == QEvent.Type.Resize:
            self.place()
        return False

    def place(self) -> None:
        """Stand at the bottom of the map, between scale bar and attribution."""
        around = self.parentWidget()
        if around is None:
            return
        self.adjustSize()
        middle = (around.width() - self.width()) // 2
        self.move(max(middle, _GAP_PX), around.height() - self.height() - _GAP_PX)
        self.raise_()


class _Target(QWidget):
    """A swatch as on the map, the name, and the figures."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._swatch = _Swatch()
        self.name = QLabel()
        self.name.setTextFormat(Qt.TextFormat.PlainText)
        self.name.setMaximumWidth(_NAME_PX)
        self.figures = QLabel()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._swatch)
        row.addWidget(self.name)
        row.addWidget(self.figures)
        row.addStretch(1)

    def tell(self, name: str, figures: str, weight: str) -> None:
        """Show a name and figures."""
        metrics = self.name.fontMetrics()
        said = name or tr("先单击接收土地的区域")
        font = self.name.font()
        font.setBold(bool(name))
        self.name.setFont(font)
        self.name.setText(metrics.elidedText(said, Qt.TextElideMode.ElideMiddle, _NAME_PX - 12))
        self.name.setToolTip(plain_tip(said))
        self.figures.setText(figures)
        self.figures.setVisible(bool(figures))
        of = colours()
        ink = {"good": of.good_text, "bad": of.error_text}.get(weight, of.text)
        self.figures.setStyleSheet(f"color: {ink};")
        self._swatch.setVisible(bool(name))
        self.setAccessibleName(f"{said} {figures}".strip())


class _Swatch(QWidget):
    """A little square hatched as the area is on the map."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(20, 16)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint it."""
        painter = QPainter(self)
        ink = QColor(colours().good)
        painter.setPen(QPen(ink, 2))
        ink.setAlpha(110)
        painter.setBrush(Qt.BrushStyle.FDiagPattern)
        brush = painter.brush()
        brush.setColor(ink)
        painter.setBrush(brush)
        painter.drawRect(QRectF(self.rect()).adjusted(1, 1, -1, -1))
        painter.end()
