"""The locator: the whole project in a corner of the map, with the frame of what is seen."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from gridadmin.edit.document import Done
from ui.canvas.map_panel import MapPanel
from ui.canvas.pictures import Picture, Pictures
from ui.canvas.style import MapStyle
from ui.canvas.viewport import Viewport
from ui.context import Context
from ui.texts import tr
from ui.theme import DARK, colours

_SIZE = QSize(188, 132)
_GAP_PX = 8
_LEAST_MAP = QSize(520, 420)
"""On a smaller map it would be in the way."""
_REST_MS = 1500
"""Edits come in rows; the small picture waits for the last of them."""
_LEAST_FRAME_PX = 6.0
_MARGIN = 0.04
_STEP = 0.25
"""Of what is seen: how far an arrow key goes."""


class Locator(QWidget):
    """Click or drag in it to go elsewhere; arrow keys move the view."""

    def __init__(self, context: Context, panel: MapPanel) -> None:
        super().__init__(panel)
        self._context = context
        self._panel = panel
        self._picture: Picture | None = None
        self._held: QPoint | None = None
        self._viewport = Viewport()
        self.setObjectName("locator")
        self.setAccessibleName(tr("鹰眼图"))
        self.setToolTip(tr("单击或拖动方框，看别的地方；也可以用方向键"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.resize(_SIZE)
        self.pictures = Pictures(self)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self.ask)
        self.pictures.made.connect(self._take)
        panel.pictures.ready.connect(self.ask)
        panel.renewed.connect(self.ask)
        panel.view.viewport_changed.connect(self._look)
        context.bridge.opened.connect(self._begin)
        context.bridge.changed.connect(self._follow)
        panel.installEventFilter(self)
        self.ask()
        self.place()

    @property
    def viewport(self) -> Viewport:
        """What it shows: all land."""
        return self._viewport

    def frame(self) -> QRectF:
        """Return where the frame of what the map shows stands, in its own pixels."""
        x0, y0, x1, y1 = self._panel.view.view.bounds()
        own = self.viewport
        (left, top), (right, bottom) = own.px_of((x0, y1)), own.px_of((x1, y0))
        frame = QRectF(left, top, right - left, bottom - top)
        more_x = max(_LEAST_FRAME_PX - frame.width(), 0) / 2
        more_y = max(_LEAST_FRAME_PX - frame.height(), 0) / 2
        return frame.adjusted(-more_x, -more_y, more_x, more_y)

    def ask(self) -> None:
        """Ask for the picture of all land."""
        scene = self._panel.pictures.scene
        extent = self._context.bridge.extent()
        if scene is None or extent is None:
            return
        ratio = self._panel.view.devicePixelRatioF()
        size = Viewport().resized(self.width(), self.height(), ratio)
        # Kept: on a large project the extent takes a few milliseconds.
        self._viewport = size.fitted(extent, _MARGIN)
        self.update()
        self.pictures.share(scene)
        theme = "dark" if colours() is DARK else "light"
        style = MapStyle(theme=theme, fill_opacity=0.75, has_labels=False, has_marks=False)  # type: ignore[arg-type]
        self.pictures.ask(self.viewport, style, None)

    def close_pictures(self) -> None:
        """Stop painting for good."""
        self._panel.removeEventFilter(self)
        self.pictures.close()

    def place(self) -> None:
        """Stand above the button of the layers; a small map keeps its room."""
        panel, below = self._panel, self._panel.layers_button
        has_room = panel.width() >= _LEAST_MAP.width() and panel.height() >= _LEAST_MAP.height()
        self.setVisible(has_room)
        self.move(panel.width() - self.width() - _GAP_PX, below.y() - self.height() - _GAP_PX)
        self.raise_()

    def _begin(self) -> None:
        self._picture = None
        self.pictures.show_project(None)
        self.update()

    def _follow(self, done: Done) -> None:
        self._rest.start()

    def _take(self, picture: Picture) -> None:
        self._picture = picture
        self.update()

    def _look(self, _: Viewport) -> None:
        self.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep the place when the map's size changes."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest):
            self.place()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint all land, and the frame of what is seen."""
        of, painter = colours(), QPainter(self)
        painter.fillRect(self.rect(), QColor(of.map_ground))
        if self._picture is not None:
            painter.drawImage(0, 0, self._picture.image)
        frame = self.frame()
        veil = QColor(of.accent)
        veil.setAlpha(40)
        painter.setPen(QPen(QColor(of.panel), 4))
        painter.drawRect(frame)
        painter.setPen(QPen(QColor(of.accent), 2))
        painter.setBrush(veil)
        painter.drawRect(frame)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(of.accent if self.hasFocus() else of.line), 2))
        painter.drawRect(self.rect().adjusted(1, 1, -1, -1))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of the frame, or go where one clicked."""
        if event.button() != Qt.MouseButton.LeftButton:
            return
        at, frame = event.position(), self.frame()
        if frame.contains(at):
            self._held = (at - frame.center()).toPoint()
        else:
            self._held = QPoint(0, 0)
            self._go(at.x(), at.y())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the frame: the map goes along."""
        if self._held is not None:
            at = event.position() - self._held
            self._go(at.x(), at.y())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go of the frame."""
        self._held = None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the view by arrows; Esc gives the keys back to the map."""
        ways = {
            Qt.Key.Key_Left: (1, 0),
            Qt.Key.Key_Right: (-1, 0),
            Qt.Key.Key_Up: (0, 1),
            Qt.Key.Key_Down: (0, -1),
        }
        view = self._panel.view
        way = ways.get(Qt.Key(event.key()))
        if way is not None:
            dx, dy = way[0] * view.view.width_px, way[1] * view.view.height_px
            view.look(view.view.panned(dx * _STEP, dy * _STEP))
        elif event.key() == Qt.Key.Key_Escape:
            view.setFocus(Qt.FocusReason.ShortcutFocusReason)
        else:
            event.ignore()

    def _go(self, x_px: float, y_px: float) -> None:
        view = self._panel.view
        view.look(view.view.centred(self.viewport.place_of((x_px, y_px))))
