"""Small parts that the panels are made of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QDockWidget,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyleOptionButton,
    QVBoxLayout,
    QWidget,
)

from gridadmin.app.area_facts import Fit
from gridadmin.domain.scheme import Band
from ui.texts import tr
from ui.theme import colours
from ui.tips import plain_tip

_NARROW = 11
"""Facts stand below their words where fewer lines' heights than this fit into the width."""


def label(text: str, role: str = "", *, wraps: bool = False) -> QLabel:
    """Return a label of a role. What is said comes from files and users: it is plain text."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    if role:
        made.setProperty("role", role)
    if wraps:
        made.setWordWrap(True)
        made.setMinimumWidth(1)
        policy = made.sizePolicy()
        policy.setHorizontalPolicy(QSizePolicy.Policy.Ignored)
        policy.setHeightForWidth(True)
        made.setSizePolicy(policy)
    return made


class Panel(QWidget):
    """A panel of the window. Where a dock around it bears its name, it leaves its heading out."""

    def __init__(self, heading: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        # So that the style of docks gives it its ground.
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(heading)
        self.heading = label(heading, "heading")
        self.aside = ElidedLabel("", "quiet")
        """Stands behind the heading, and in its place where that is left out."""

    def showEvent(self, event: QShowEvent) -> None:
        """Leave the heading out inside a dock."""
        above = self.parentWidget()
        while above is not None and not isinstance(above, QDockWidget):
            above = above.parentWidget()
        self.heading.setVisible(above is None)
        side = Qt.AlignmentFlag.AlignRight if above is None else Qt.AlignmentFlag.AlignLeft
        self.aside.setAlignment(side | Qt.AlignmentFlag.AlignVCenter)
        super().showEvent(event)


class ElidedLabel(QLabel):
    """A label of one line that ends in … where there is no room, and then tells all in its tip."""

    def __init__(
        self,
        text: str = "",
        role: str = "",
        *,
        elide: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
    ) -> None:
        super().__init__()
        self._whole = ""
        self._own_tip = False
        self._elide = elide
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        if role:
            self.setProperty("role", role)
        self.setText(text)

    def setText(self, text: str) -> None:
        """Say *text*, whole if there is room."""
        self._whole = text
        self._own_tip = False
        self.setAccessibleName(text)
        self._fit()

    def whole_text(self) -> str:
        """Return all of the text."""
        return self._whole

    def setToolTip(self, text: str) -> None:
        """Say more in the tip, whether the text has room or not."""
        self._own_tip = bool(text)
        super().setToolTip(plain_tip(text))

    def minimumSizeHint(self) -> QSize:
        """Return room for a few characters."""
        return QSize(self.fontMetrics().height() * 2, super().minimumSizeHint().height())

    def sizeHint(self) -> QSize:
        """Return room for the whole text."""
        metrics = self.fontMetrics()
        margins = self.contentsMargins()
        wide = metrics.horizontalAdvance(self._whole) + margins.left() + margins.right() + 2
        return QSize(wide, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Cut the text anew."""
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Cut the text anew when the font is another one."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self.updateGeometry()
            self._fit()

    def _fit(self) -> None:
        room = self.contentsRect().width()
        shown = self.fontMetrics().elidedText(self._whole, self._elide, max(room, 0))
        if shown != self.text():
            super().setText(shown)
        if not self._own_tip:
            super().setToolTip(plain_tip(self._whole) if shown != self._whole else "")
        self.updateGeometry()


class ElidedButton(QPushButton):
    """A button whose words end in … where there is no room, and then stand whole in its tip."""

    def __init__(self, text: str, act: Callable[[], object], role: str = "") -> None:
        super().__init__(text)
        self._why = self._tip = ""
        if role:
            self.setProperty("role", role)
        self.setAccessibleName(text)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.clicked.connect(lambda *_: act())

    def forbid(self, why: str) -> None:
        """Disable the button and say why; an empty reason enables it."""
        self._why = why
        self.setEnabled(not why)
        self.setAccessibleDescription(why)
        self._fit()

    def tell(self, tip: str) -> None:
        """Say *tip* while the button is enabled and all its words are seen."""
        self._tip = tip
        self._fit()

    def minimumSizeHint(self) -> QSize:
        """Return room for a few characters."""
        return QSize(self.fontMetrics().height() * 3, super().sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Say all in the tip where the words don't fit."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        is_cut = self.width() < self.sizeHint().width()
        said = f"{self.text()}\n{self._tip}".strip() if is_cut else self._tip
        self.setToolTip(plain_tip(self._why or said))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the button with as much of its words as there is room for."""
        option = QStyleOptionButton()
        self.initStyleOption(option)
        inner = self.style().subElementRect(QStyle.SubElement.SE_PushButtonContents, option, self)
        room = inner.width() - (0 if self.icon().isNull() else self.iconSize().width() + 6)
        option.text = self.fontMetrics().elidedText(
            self.text(), Qt.TextElideMode.ElideRight, max(room, 0)
        )
        painter = QPainter(self)
        self.style().drawControl(QStyle.ControlElement.CE_PushButton, option, painter, self)
        painter.end()


def line() -> QFrame:
    """Return a thin line between sections."""
    made = QFrame()
    made.setProperty("role", "line")
    made.setFixedHeight(1)
    return made


class Fact(NamedTuple):
    """A row of facts: a word and what holds for it, a text or the widget that is made for it."""

    word: str
    text: str
    make: Callable[[], QWidget] | None = None
    """Another text or word wants another widget."""


class Section(QWidget):
    """A part of a panel under a heading; what is added stands below each other."""

    def __init__(self, heading: str = "", aside: str = "") -> None:
        super().__init__()
        self._facts: Facts | None = None
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(12, 9, 12, 9)
        self.column.setSpacing(5)
        if heading:
            self._heading, self._aside = (
                ElidedLabel(heading, "heading"),
                ElidedLabel(aside, "quiet"),
            )
            head = QHBoxLayout()
            head.setSpacing(8)
            head.addWidget(self._heading)
            side = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            self._aside.setAlignment(side)
            head.addWidget(self._aside, 1)
            self.column.addLayout(head)

    def retitle(self, heading: str, aside: str = "") -> None:
        """Put other words into the heading of a section that has one."""
        for told, words in ((self._heading, heading), (self._aside, aside)):
            if words != told.whole_text():
                told.setText(words)

    def add(self, widget: QWidget) -> None:
        """Put a widget at the end."""
        self.column.addWidget(widget)

    def say(self, text: str, role: str = "") -> QLabel:
        """Put a sentence at the end, wrapped to the width."""
        made = label(text, role, wraps=True)
        self.column.addWidget(made)
        return made

    def show_facts(self, facts: Sequence[Fact]) -> None:
        """Show rows of facts at the end; called again, in the place and widgets of the first."""
        if self._facts is None:
            self._facts = Facts()
            self.add(self._facts)
        self._facts.show_all(facts)


class Facts(QWidget):
    """Rows of a word and what holds for it: below it where there is no room beside it."""

    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(1, 1)
        self._rows: list[tuple[QLabel, QWidget]] = []
        self._shown: list[Fact] = []
        self._is_narrow = False

    def add(self, word: str, fact: str | QWidget) -> None:
        """Add a row; a fact that is text is wrapped to the width."""
        if isinstance(fact, str):
            fact = label(fact, wraps=True)
            fact.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        fact.setAccessibleDescription(word)
        self._rows.append((label(word, "quiet"), fact))
        self._put(len(self._rows) - 1)

    def show_all(self, facts: Sequence[Fact]) -> None:
        """Show these rows alone, in the widgets that are there as far as they can."""
        same = 0
        while same < min(len(facts), len(self._shown)) and self._rewritten(same, facts[same]):
            same += 1
        for widgets in self._rows[same:]:
            for widget in widgets:
                self._grid.removeWidget(widget)
                widget.setParent(None)
                widget.deleteLater()
        del self._rows[same:]
        for fact in facts[same:]:
            self.add(fact.word, fact.text if fact.make is None else fact.make())
        self._shown = list(facts)

    def _rewritten(self, number: int, fact: Fact) -> bool:
        """Return whether a row shows *fact* now."""
        before = self._shown[number]
        if (before.word, before.text) == (fact.word, fact.text):
            return (before.make is None) == (fact.make is None)
        word, told = self._rows[number]
        if before.make or fact.make or not isinstance(told, QLabel):
            return False
        word.setText(fact.word)
        told.setText(fact.text)
        told.setAccessibleDescription(fact.word)
        return True

    def _put(self, number: int) -> None:
        word, fact = self._rows[number]
        row, top = 2 * number, Qt.AlignmentFlag.AlignTop
        if self._is_narrow:
            self._grid.addWidget(word, row, 0, 1, 2, top)
            self._grid.addWidget(fact, row + 1, 0, 1, 2, top)
        else:
            # A word stands beside the first line of a text, and beside the middle of a field.
            side = top if isinstance(fact, QLabel) else Qt.AlignmentFlag.AlignVCenter
            self._grid.addWidget(word, row, 0, side)
            self._grid.addWidget(fact, row, 1, top)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the facts below their words where large letters leave no room beside them."""
        super().resizeEvent(event)
        is_narrow = self.width() < _NARROW * self.fontMetrics().height()
        if is_narrow == self._is_narrow:
            return
        self._is_narrow = is_narrow
        for number, row in enumerate(self._rows):
            for widget in row:
                self._grid.removeWidget(widget)
            self._put(number)


class BandBar(QWidget):
    """Households against their band: a track, the band on it, and how far the figure goes."""

    def __init__(self, households: int, band: Band, fit: Fit) -> None:
        super().__init__()
        self.setFixedHeight(10)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.tell(households, band, fit)

    def tell(self, households: int, band: Band, fit: Fit) -> None:
        """Show these households against this band."""
        self._households, self._band, self._fit = households, band, fit
        self.setAccessibleName(
            tr("{n} 户，标准 {low}–{high}", n=households, low=band.low, high=band.high)
        )
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the bar; ticks mark both ends of the band, so that colour isn't alone."""
        of = colours()
        most = max(self._households, self._band.high) * 1.2 or 1.0
        wide = float(self.width())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(of.line))
        painter.drawRoundedRect(QRectF(0, 2, wide, 6), 3, 3)
        low, high = self._band.low / most * wide, self._band.high / most * wide
        light = QColor(of.good)
        light.setAlpha(80)
        painter.setBrush(light)
        painter.drawRect(QRectF(low, 2, high - low, 6))
        painter.setBrush(QColor(of.good if self._fit is Fit.WITHIN else of.warning))
        painter.drawRoundedRect(QRectF(0, 2, max(self._households / most * wide, 3), 6), 3, 3)
        painter.setBrush(QColor(of.quiet))
        for place in (low, high):
            painter.drawRect(QRectF(place - 0.5, 0, 1, 10))
        painter.end()


def row_of(*widgets: QWidget, stretches: bool = False) -> QWidget:
    """Return widgets side by side; without *stretches* they keep to the left."""
    box = QWidget()
    row = QHBoxLayout(box)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(6)
    for widget in widgets:
        row.addWidget(widget, 1 if stretches else 0)
    if not stretches:
        row.addStretch(1)
    return box
