"""Small things that float over the map: hint line, scale bar, attribution."""

from __future__ import annotations

import html

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QAction, QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QLabel, QToolButton, QVBoxLayout, QWidget

from ui.canvas.viewport import Viewport
from ui.texts import tr
from ui.theme import colours
from ui.tools.tool import Hint

_GAP_PX = 12
_PAD_PX = 6
_BETWEEN = "&nbsp;&nbsp; "
_MOST_LINES = 3.2
"""Keys that find no room in so many lines are left out: three, with the air between them."""


class HintLine(QLabel):
    """Says what the next click does and which keys help, in one line or else in two."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("hint_line")
        self.setAccessibleName(tr("操作提示"))
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setWordWrap(True)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._hint = Hint("")
        self._parts = [""]
        self._left_px = _GAP_PX

    @property
    def shown(self) -> Hint:
        """The hint that stands."""
        return self._hint

    def tell(self, hint: Hint) -> None:
        """Show a hint; one without words hides the line."""
        if hint == self._hint:
            return
        self._hint = hint
        self._write()

    def renew(self) -> None:
        """Write it anew in the colours of the theme."""
        self._write()

    def _write(self) -> None:
        of, hint = colours(), self._hint
        self.setVisible(bool(hint.text))
        ground = of.error_ground if hint.is_refusal else of.hint_ground
        ink = of.error_text if hint.is_refusal else of.hint_text
        self.setStyleSheet(
            f"QLabel#hint_line {{ background: {ground}; color: {ink}; border-radius: 6px;"
            f" padding: {_PAD_PX}px 12px; }}"
        )
        chip = QColor(ink)
        chip.setAlpha(55)
        shade = chip.name(QColor.NameFormat.HexArgb)
        self._parts = [html.escape(hint.text)]
        self._parts += [
            f'<span style="background-color:{shade};">&nbsp;{_unbroken(key)}&nbsp;</span>'
            f"&nbsp;{_unbroken(what)}"
            for key, what in hint.keys
        ]
        plain = [hint.text, *(f"{key} {what}" for key, what in hint.keys)]
        self.setAccessibleDescription("；".join(plain))
        self.place()

    def place(self) -> None:
        """Stand at the top of the map, in its middle, the keys below the words where they must."""
        around = _around(self)
        room = max(around.width() - self._left_px - 16, 160)
        self._write_all(_BETWEEN.join(self._parts))
        width = self.sizeHint().width()
        if width > room:
            for count in range(len(self._parts), 0, -1):
                first, *keys = self._first_parts(count)
                self._write_all("<br>".join([first, _BETWEEN.join(keys)] if keys else [first]))
                width = min(self.sizeHint().width(), room)
                if self._lines_at(width) <= _MOST_LINES:
                    break
        self.setWordWrap(True)
        self.resize(width, max(self.heightForWidth(width), 1))
        middle = (around.width() - self.width()) // 2
        self.move(max(middle, self._left_px), _GAP_PX)

    def _write_all(self, text: str) -> None:
        self.setWordWrap(False)
        self.setText(text)

    def _lines_at(self, width: int) -> float:
        """Return how many lines the text takes at a width."""
        self.setWordWrap(True)
        return (self.heightForWidth(width) - 2 * _PAD_PX) / self.fontMetrics().lineSpacing()

    def _first_parts(self, count: int) -> list[str]:
        """Return the words and the first keys; the way out, when it is the last, always stays."""
        is_way_out = bool(self._hint.keys) and self._hint.keys[-1][0] == "Esc"
        if not is_way_out or count < 2:
            return self._parts[:count]
        return [*self._parts[: count - 1], self._parts[-1]]

    def stand_beside(self, palette: QWidget) -> None:
        """Leave the tools at the left free."""
        self._left_px = palette.x() + palette.sizeHint().width() + _GAP_PX
        self.place()


def _unbroken(words: str) -> str:
    """Return words that stay in one line: a key stands with what it does."""
    return html.escape(_JOINER.join(words)).replace(" ", "&nbsp;")


_JOINER = "\u2060"
"""Between Chinese letters a line may be broken anywhere, but not at this."""


class ScaleBar(QWidget):
    """How long a round number of metres is on the map."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("scale_bar")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._length_px, self._words = 0.0, ""
        self.resize(170, 30)

    def look(self, viewport: Viewport) -> None:
        """Show the bar of a viewport."""
        metres = round_length(140 * viewport.metres_per_px)
        self._length_px = metres / viewport.metres_per_px
        self._words = length_words(metres)
        self.setAccessibleName(tr("比例尺：{length}", length=self._words))
        self.update()

    def place(self) -> None:
        """Stand at the lower left."""
        self.move(12, _around(self).height() - self.height() - 10)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the bar with its length."""
        of = colours()
        painter = QPainter(self)
        ground = QColor(of.panel)
        ground.setAlpha(205)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawRoundedRect(QRectF(0, 0, self._length_px + 16, self.height()), 4, 4)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(QPen(QColor(of.text), 2))
        bottom, end = self.height() - 6, round(8 + self._length_px)
        painter.drawLine(8, bottom, end, bottom)
        painter.drawLine(8, bottom, 8, bottom - 7)
        painter.drawLine(end, bottom, end, bottom - 7)
        painter.drawText(
            QRectF(8, 1, self._length_px, self.height() - 9),
            Qt.AlignmentFlag.AlignCenter,
            self._words,
        )


def round_length(most_m: float) -> float:
    """Return the greatest of 1, 2, 5, 10, 20… (and 0.5, 0.2…) metres up to *most_m*."""
    power = 1.0
    while power > most_m:
        power /= 10
    while power * 10 <= most_m:
        power *= 10
    return next(power * step for step in (5, 2, 1) if power * step <= most_m)


def length_words(metres: float) -> str:
    """Return a length in words: kilometres, metres or centimetres."""
    if metres >= 1000:
        return tr("{n} 千米", n=f"{metres / 1000:g}")
    if metres >= 1:
        return tr("{n} 米", n=f"{metres:g}")
    return tr("{n} 厘米", n=f"{metres * 100:g}")


class Attribution(QLabel):
    """Whose base map it is."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("attribution")
        self.setProperty("role", "attribution")
        self.setProperty("edge", "corner")
        self.hide()

    def tell(self, words: str) -> None:
        """Show whose base map it is; nothing when there is none."""
        self.setText(words)
        self.setAccessibleName(tr("底图来源：{words}", words=words))
        self.setVisible(bool(words))
        self.place()

    def place(self) -> None:
        """Stand at the lower right."""
        self.adjustSize()
        around = _around(self)
        self.move(around.width() - self.width() - 8, around.height() - self.height() - 8)


class Invitation(QFrame):
    """What to do first in a project without land."""

    def __init__(self, parent: QWidget, action: QAction) -> None:
        super().__init__(parent)
        self.setObjectName("invitation")
        self.setProperty("role", "float")
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        words = QLabel(tr("这个项目还没有边界。"))
        words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column.addWidget(words)
        button = QToolButton()
        button.setDefaultAction(action)
        button.setObjectName("invite_import")
        button.setAccessibleName(action.text())
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        column.addWidget(button, 0, Qt.AlignmentFlag.AlignCenter)
        self.hide()

    def place(self) -> None:
        """Stand in the middle of the map."""
        self.adjustSize()
        around = _around(self)
        self.move((around.width() - self.width()) // 2, (around.height() - self.height()) // 2)


def _around(widget: QWidget) -> QSize:
    parent = widget.parentWidget()
    return QSize() if parent is None else parent.size()
