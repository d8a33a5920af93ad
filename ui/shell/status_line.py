"""The line below the map: position, plane, scale, what was snapped to, and that all is saved."""

from __future__ import annotations

import re
import unicodedata

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QWidget

from ui.canvas.viewport import Place, Viewport
from ui.context import Context
from ui.plans.watch import PlanWatch
from ui.plans.words import status
from ui.shell.ground_words import Earth
from ui.texts import tr

SCALES = (200, 500, 1000, 2000, 5000, 10_000, 25_000, 50_000, 100_000)
_LEAST, _MOST = 10.0, 10_000_000.0
_SCALE = re.compile(r"^(?:1\s*[:/]\s*)?([0-9][0-9,\s]*(?:\.[0-9]+)?)\s*(\u4e07)?$")
"""As typed in plain ASCII; the character that may stand at the end is ten thousand."""
_MM_PER_INCH = 25.4


class StatusLine(QWidget):
    """What is seen and where; ``scale_wanted`` comes with n of the scale 1:n."""

    scale_wanted = Signal(float)

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("status_line")
        self._bridge = context.bridge
        self._watch = PlanWatch.of(context)
        self._earth: Earth | None = None
        self._has_earth = False
        self._tells_map = True
        self.position = self._label("status_position", tr("指针位置"))
        self.plane = self._label("status_plane", tr("坐标系"))
        self.snapped_to = self._label("status_snapped", tr("捕捉"))
        self.saved_words = self._label("status_saved", tr("保存状态"))
        self.saved_words.setProperty("role", "good")
        self.plan = self._label("status_plan", tr("调整方案"))
        self.scale = _ScaleBox()
        self.scale.wanted.connect(self.scale_wanted)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 8, 0)
        row.setSpacing(14)
        for part in (
            self.snapped_to,
            self.position,
            self.plane,
            self.scale,
            self.saved_words,
            self.plan,
        ):
            row.addWidget(part)
        self.position.setMinimumWidth(
            self.position.fontMetrics().horizontalAdvance("123.4567°W 23.4567°N") + 4
        )
        self.position.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        context.bridge.opened.connect(self._take_project)
        context.bridge.changed.connect(self.saved)
        self._watch.changed.connect(self._show_plan)
        self._take_project()

    def _label(self, name: str, words: str) -> QLabel:
        label = QLabel()
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setObjectName(name)
        label.setToolTip(words)
        label.setAccessibleName(words)
        return label

    def _take_project(self) -> None:
        self._earth, self._has_earth = None, False
        self.position.clear()
        self.snapped("")
        self.saved()
        self.plane.setVisible(False)
        self._show_plan()

    def _ground(self) -> Earth | None:
        """Return the way to the earth; looked for until the first land came."""
        if not self._has_earth and self._bridge.is_open:
            self._earth = Earth.of(self._bridge.snapshot)
            self._has_earth = self._earth is not None
            if self._earth is not None:
                _say(self.plane, self._earth.words)
                self.plane.setVisible(True)
        return self._earth

    # What the window tells

    def point(self, place: Place | None) -> None:
        """Say where the pointer is, in local metres; None when it left the map."""
        earth = self._ground()
        if place is None or earth is None:
            self.position.clear()
            return
        self.position.setText(earth.position(self._bridge.to_plane(place)))

    def look(self, viewport: Viewport) -> None:
        """Say at what scale the map is seen."""
        self._ground()
        self.scale.show_number(viewport.scale_number(self.mm_per_px()))

    def snapped(self, words: str) -> None:
        """Say what the pointer was snapped to; empty words when to nothing."""
        _say(self.snapped_to, tr("捕捉：{what}", what=words) if words else "")
        self.snapped_to.setVisible(bool(words) and self._tells_map)

    def tell_map(self, *, is_seen: bool) -> None:
        """Tell of the pointer and the scale while the map is seen: sheets have their own."""
        self._tells_map = is_seen
        for part in (self.position, self.scale):
            part.setVisible(is_seen)
        self.snapped_to.setVisible(is_seen and bool(self.snapped_to.text()))

    def saved(self, *_: object) -> None:
        """Say when the last change was stored."""
        if self._bridge.is_read_only:
            words = tr("只读")
        elif self._bridge.saved_at is None:
            words = tr("● 自动保存")
        else:
            words = tr("● 已保存 {time}", time=f"{self._bridge.saved_at:%H:%M:%S}")
        role = "warning" if self._bridge.is_read_only else "good"
        if self.saved_words.property("role") != role:
            self.saved_words.setProperty("role", role)
            self.saved_words.style().unpolish(self.saved_words)
            self.saved_words.style().polish(self.saved_words)
        _say(self.saved_words, words)
        self._show_plan()

    def mm_per_px(self) -> float:
        """Return how wide a logical pixel of this screen is, in millimetres."""
        dots = self.screen().physicalDotsPerInch()
        # Projectors and virtual screens tell a size that can't be.
        return _MM_PER_INCH / (dots if 60 <= dots <= 250 else 96)

    def _show_plan(self) -> None:
        plan = self._watch.plan
        _say(self.plan, "" if plan is None else status(plan, self._watch.comparison))
        self.plan.setVisible(plan is not None)


class _ScaleBox(QComboBox):
    """The scale, which can be typed: 4000, 1:4,000, 1/4000 and 1:1万 are all understood."""

    wanted = Signal(float)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("status_scale")
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setAccessibleName(tr("比例尺"))
        self.setToolTip(tr("比例尺；可以直接输入，回车确认"))
        self.setProperty("role", "flat")
        self.addItems([words_of_scale(number) for number in SCALES])
        self._fit()
        self._number = 0.0
        self.activated.connect(lambda _: self._take())
        field = self.lineEdit()
        if field is not None:
            field.returnPressed.connect(self._take)
            field.editingFinished.connect(self._restore)
        self.show_number(0.0)

    def _fit(self) -> None:
        metrics = self.fontMetrics()
        self.setFixedWidth(metrics.horizontalAdvance("1:1,000,000") + 3 * metrics.height())

    def changeEvent(self, event: QEvent) -> None:
        """Keep room for the longest scale when the letters grow."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit()

    def show_number(self, number: float) -> None:
        """Show 1:*number* unless the user is typing another."""
        self._number = number
        if not self._is_typed():
            self._restore()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take what was typed back with Escape."""
        if event.key() == Qt.Key.Key_Escape:
            self._restore()
        super().keyPressEvent(event)

    def _is_typed(self) -> bool:
        field = self.lineEdit()
        return field is not None and field.hasFocus() and field.isModified()

    def _restore(self) -> None:
        self.setEditText(words_of_scale(self._number) if self._number > 0 else "")
        field = self.lineEdit()
        if field is not None:
            # Set while the field had no width yet, the text would stay scrolled to its end.
            field.setCursorPosition(0)

    def _take(self) -> None:
        number = number_of_scale(self.currentText())
        field = self.lineEdit()
        if field is not None:
            field.setModified(False)
        # Qt tells of the same Enter twice: the second time the text is what is shown already.
        if number is None or words_of_scale(number) == words_of_scale(self._number):
            self._restore()
        else:
            self.wanted.emit(number)


def words_of_scale(number: float) -> str:
    """Return a scale as ``1:4,000``; rounded to what one cares about."""
    digits = max(len(str(int(number))) - 3, 0)
    return f"1:{round(number, -digits):,.0f}"


def number_of_scale(text: str) -> float | None:
    """Return n of a scale 1:n that somebody typed, None when it is none."""
    found = _SCALE.match(unicodedata.normalize("NFKC", text).strip())
    if found is None:
        return None
    number = float(re.sub(r"[,\s]", "", found[1])) * (10_000 if found[2] else 1)
    return number if _LEAST <= number <= _MOST else None


def _say(label: QLabel, words: str) -> None:
    label.setText(words)
    label.setAccessibleDescription(words)
