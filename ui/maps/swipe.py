"""Two maps in one: left of a line that is dragged lies another state or another base map."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QLabel, QToolButton, QWidget

from ui.canvas.map_panel import MapPanel
from ui.canvas.pictures import Picture
from ui.context import Context
from ui.maps.look import NONE, SAME, Look
from ui.maps.look_bar import FILL_WORDS, LookBar
from ui.maps.other_pictures import OtherPictures
from ui.maps.states import BASE, NOW, OPENED, MapStates
from ui.texts import tr
from ui.theme import colours, icon
from ui.tiles.basemaps import BaseMaps, title

_HANDLE_PX = 22
_GAP_PX = 12
_STEP_PX = 10
_ABOVE_PX = 46
"""Scale bar and attribution stand below the choices."""
_LEAST_PX = 8
"""So much of either side stays in sight."""
_BESIDE_PX = 8
_SETTING = "swipe"


class Swipe(QObject):
    """Lays the other picture over the map of the window; :meth:`close` takes it off again."""

    closed = Signal()

    def __init__(self, context: Context, panel: MapPanel, states: MapStates) -> None:
        super().__init__(panel)
        self._context = context
        self._panel = panel
        self._states = states
        self._maps = BaseMaps.of(context)
        self._picture: Picture | None = None
        self._share = 0.5
        self.pictures = OtherPictures(context, panel, states, self)
        self.handle = SwipeHandle(panel)
        self.bar = SwipeBar(states, self._maps, self._first_look(), panel)
        self.left, self.right = (_chip(panel, side) for side in ("left", "right"))
        self.handle.moved.connect(self.move_to)
        self.handle.given_up.connect(self.close)
        self.bar.look_bar.changed.connect(self._choose)
        self.bar.close_button.clicked.connect(self.close)
        self.pictures.made.connect(self._take)
        self.pictures.ready.connect(panel.view.ask_picture_now)
        panel.view.picture_wanted.connect(self.pictures.ask)
        panel.renewed.connect(self._renew)
        self._maps.changed.connect(self._tell)
        states.changed.connect(self._tell)
        panel.installEventFilter(self)
        self.pictures.show(self.bar.look_bar.look)
        for widget in (self.handle, self.bar, self.left, self.right):
            widget.show()
        self._tell()
        panel.view.ask_picture_now()

    def _first_look(self) -> Look:
        """Return what was compared last, else what there is to compare."""
        kept = Look.restored(self._context.settings.value(_SETTING))
        keys = {state.key for state in self._states.choices()}
        is_telling = kept.state != NOW or kept.base_map not in (SAME, NONE)
        if self._context.settings.value(_SETTING) and is_telling and kept.state in keys:
            return kept
        if BASE in keys:
            return Look(BASE)
        return Look(NOW, NONE) if self._maps.base is not None else Look(OPENED)

    @property
    def at_px(self) -> int:
        """Where the line stands."""
        width = self._panel.width()
        # Below the tools nobody would see or reach it.
        least = self._panel.palette_box.geometry().right() + _HANDLE_PX // 2
        return min(max(round(width * self._share), least), width - _LEAST_PX)

    def move_to(self, px: float) -> None:
        """Move the line."""
        self._share = px / max(self._panel.width(), 1)
        self._place()

    def close(self) -> None:
        """Show the one map alone again."""
        self._panel.removeEventFilter(self)
        self._panel.view.picture_wanted.disconnect(self.pictures.ask)
        self._panel.view.put_over(None, 0)
        self.pictures.close()
        # Before what has the keys goes: they would wander to the next widget.
        holder = QApplication.focusWidget()
        if holder is not None and (holder is self.handle or self.bar.isAncestorOf(holder)):
            self._panel.view.setFocus(Qt.FocusReason.OtherFocusReason)
        for widget in (self.handle, self.bar, self.left, self.right):
            widget.hide()
            widget.deleteLater()
        self.closed.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep the line at its share of the map when the map's size changes."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest):
            self._place()
        return False

    def _choose(self, look: Look) -> None:
        self._context.settings.set_value(_SETTING, look.stored())
        self.pictures.show(look)
        self._tell()
        self._panel.view.ask_picture_now()

    def _take(self, picture: Picture) -> None:
        self._picture = picture
        self._panel.view.put_over(picture, self.at_px)

    def _renew(self) -> None:
        self.bar.renew()
        self.handle.update()
        self._tell()

    def _tell(self) -> None:
        """Say on both sides of the line what they show."""
        look, states = self.bar.look_bar.look, self._states
        before = states.state(look.state)
        here, there = states.state(NOW).words, before.words
        if before.key == NOW and look.base_map != SAME:
            here, there = self._named(SAME), self._named(look.base_map)
        elif before.key == NOW:
            here, there = (
                tr(FILL_WORDS[fills]) for fills in (self._panel.style_now().fills, look.fills)
            )
        self.left.setText(there)
        self.right.setText(here)
        self._place()

    def _named(self, base_map: str) -> str:
        source = self._maps.base if base_map == SAME else self._maps.source(base_map)
        return tr("无底图") if source is None else tr("底图：{name}", name=title(source))

    def _place(self) -> None:
        at, height = self.at_px, self._panel.height()
        self.handle.setGeometry(at - _HANDLE_PX // 2, 0, _HANDLE_PX, height)
        self.bar.adjustSize()
        self.bar.move(self._place_of_bar())
        for chip in (self.left, self.right):
            chip.adjustSize()
        top = height // 2 - self.left.height() // 2
        self.left.move(at - _HANDLE_PX // 2 - 4 - self.left.width(), top)
        self.right.move(at + _HANDLE_PX // 2 + 4, top)
        panel = self._panel
        for widget in (self.left, self.right, self.handle, panel.hint_line, panel.palette_box):
            widget.raise_()
        self.bar.raise_()
        self._panel.view.put_over(self._picture, at)

    def _place_of_bar(self) -> QPoint:
        """Return where the choices stand: in the middle below, else beside or above the buttons."""
        panel, size = self._panel, self.bar.size()
        buttons, palette = panel.basemap_button.geometry(), panel.palette_box.geometry()
        below = panel.height() - size.height() - _ABOVE_PX
        tools_end = palette.right() if palette.bottom() >= below else 0
        middle = (panel.width() - size.width()) // 2
        beside = min(middle, buttons.left() - size.width() - _BESIDE_PX)
        if beside >= tools_end + _BESIDE_PX:
            return QPoint(beside, below)
        locator = panel.findChild(QWidget, "locator")
        has_locator = locator is not None and locator.isVisible()
        end = locator.x() if locator is not None and has_locator else panel.width()
        left = min(middle, end - size.width() - _BESIDE_PX)
        above = buttons.top() - size.height() - _BESIDE_PX
        return QPoint(max(left, palette.right() + _BESIDE_PX), above)


class SwipeHandle(QWidget):
    """The line between the two, dragged by mouse or moved by keys."""

    moved = Signal(float)
    """Where the line is wanted, in pixels of the map."""
    given_up = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("swipe_handle")
        self.setAccessibleName(tr("对比线"))
        self.setToolTip(tr("左右拖动，比较两边；也可以用左右方向键"))
        self.setCursor(Qt.CursorShape.SplitHCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._held_px: float | None = None

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the line with its grip."""
        of = colours()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle, height = self.width() / 2, self.height()
        painter.setPen(QPen(QColor(of.panel), 5))
        painter.drawLine(QPointF(middle, 0), QPointF(middle, height))
        painter.setPen(QPen(QColor(of.accent), 3 if self.hasFocus() else 2))
        painter.drawLine(QPointF(middle, 0), QPointF(middle, height))
        grip = QRectF(1, height / 2 - 18, self.width() - 2, 36)
        painter.setBrush(QColor(of.accent if self.hasFocus() else of.panel))
        painter.drawRoundedRect(grip, 6, 6)
        painter.setPen(QPen(QColor(of.panel if self.hasFocus() else of.accent), 2))
        for way in (-1, 1):
            tip, foot = middle + way * 7, middle + way * 3
            for up in (-4, 4):
                painter.drawLine(QPointF(tip, height / 2), QPointF(foot, height / 2 + up))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of the line."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._held_px = event.position().x() - self.width() / 2

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the line."""
        if self._held_px is not None:
            self.moved.emit(self.mapToParent(event.position()).x() - self._held_px)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go of the line."""
        self._held_px = None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the line by arrows, Home and End; Esc ends the comparison."""
        middle = self.x() + self.width() / 2
        far = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        step = _STEP_PX * (10 if far else 1)
        parent = self.parentWidget()
        places = {
            Qt.Key.Key_Left: middle - step,
            Qt.Key.Key_Right: middle + step,
            Qt.Key.Key_Home: 0.0,
            Qt.Key.Key_End: float(parent.width() if parent is not None else 0),
        }
        if event.key() == Qt.Key.Key_Escape:
            self.given_up.emit()
        elif (wanted := places.get(Qt.Key(event.key()))) is not None:
            self.moved.emit(wanted)
        else:
            event.ignore()


class SwipeBar(QFrame):
    """What lies on the left: chosen at the lower edge of the map."""

    def __init__(self, states: MapStates, maps: BaseMaps, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("swipe_bar")
        self.setAccessibleName(tr("卷帘对比"))
        self.setProperty("role", "float")
        self.look_bar = LookBar(states, maps, look, self, is_short=True)
        label = QLabel(tr("左边"))
        self.close_button = QToolButton()
        self.close_button.setObjectName("swipe_close")
        self.close_button.setAccessibleName(tr("结束卷帘对比"))
        self.close_button.setToolTip(tr("结束卷帘对比"))
        self.close_button.setAutoRaise(True)
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 6, 6, 6)
        row.setSpacing(8)
        row.addWidget(label)
        row.addWidget(self.look_bar)
        row.addWidget(self.close_button)
        self.renew()

    def renew(self) -> None:
        """Draw the icon anew in the colours of the theme."""
        self.close_button.setIcon(icon("close"))


def _chip(parent: QWidget, side: str) -> QLabel:
    chip = QLabel(parent)
    chip.setTextFormat(Qt.TextFormat.PlainText)
    chip.setObjectName(f"swipe_{side}")
    chip.setProperty("role", "float")
    chip.setContentsMargins(8, 4, 8, 4)
    chip.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    return chip
