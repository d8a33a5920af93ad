"""The preview: the page itself at any zoom, its names and its map to be taken by the hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from gridadmin.chart.page import ChartPage
from ui.charts.grips import (
    Drag,
    Hold,
    cursor_of,
    dragged_frame,
    hint_of,
    in_reading_order,
    under,
)
from ui.charts.marks import paint_marks
from ui.charts.region import Place, region_image
from ui.charts.sheets import Sheets
from ui.texts import tr
from ui.theme import colours

_PAPER_PX = 24.0
"""What stays free around a sheet that is shown whole."""
_REST_MS = 60
_STEP, _NUDGE_MM = 1.2, 0.5
_LEAST_PX, _MOST_PX = 0.05, 60.0
_PAN_PX = 60.0
_ARROWS = {
    int(Qt.Key.Key_Left): (-1, 0),
    int(Qt.Key.Key_Right): (1, 0),
    int(Qt.Key.Key_Up): (0, -1),
    int(Qt.Key.Key_Down): (0, 1),
}


class SheetView(QWidget):
    """Shows a page and lets names, the frame of the map and the land in it be moved.

    The mouse moves names (drag one), the frame (drag its edge or corner) and the land (drag inside
    with Shift); it pans with the middle button, with Space, or where nothing is to be moved. Keys:
    arrows pan or move the chosen name, Tab chooses the next name, Delete puts it back, + and -
    zoom, 0 shows all, 1 the size on paper, Page Up and Page Down turn pages.
    """

    zoomed = Signal(float)
    """Pixels of the screen to the mm."""
    name_moved = Signal(str, float, float)
    """The uid of a name, and how far it was moved in mm."""
    name_put_back = Signal(str)
    frame_moved = Signal(object)
    """The new frame of the map in mm."""
    land_moved = Signal(float, float)
    """How far the land was moved on the sheet in mm."""
    hinted = Signal(str)

    def __init__(self, sheets: Sheets, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sheet_view")
        self.setAccessibleName(tr("图纸预览"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setMinimumSize(QSize(240, 200))
        self._sheets = sheets
        self._place = Place(1.0, 0.0, 0.0, 1, 1)
        self._is_fitted = True
        self._image: QImage | None = None
        self._image_place: Place | None = None
        self._image_page: ChartPage | None = None
        self._drag = Drag()
        self._hover = self.chosen = ""
        self._is_space_held = False
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self._paint_anew)
        self._simple: Mapping[int, Callable[[], None]] = {
            int(Qt.Key.Key_PageUp): lambda: sheets.step(-1),
            int(Qt.Key.Key_PageDown): lambda: sheets.step(1),
            int(Qt.Key.Key_Plus): lambda: self.zoom(_STEP),
            int(Qt.Key.Key_Equal): lambda: self.zoom(_STEP),
            int(Qt.Key.Key_Minus): lambda: self.zoom(1 / _STEP),
            int(Qt.Key.Key_0): self.fit,
            int(Qt.Key.Key_1): self.show_true_size,
        }
        sheets.composed.connect(self._page_came)
        sheets.painted.connect(self._picture_came)

    # What is seen

    @property
    def place(self) -> Place:
        """What of the sheet is seen."""
        return self._place

    @property
    def is_sharp(self) -> bool:
        """Whether the picture of the page shown is that of its place."""
        return (
            self._image_page is self._sheets.page
            and self._image_place == self._place
            and not self._rest.isActive()
        )

    def fit(self) -> None:
        """Show the whole sheet."""
        self._is_fitted = True
        page = self._sheets.page
        if page is None:
            return
        media = page.sheet.media
        room_w, room_h = self.width() - 2 * _PAPER_PX, self.height() - 2 * _PAPER_PX
        scale = max(min(room_w / media.width, room_h / media.height), _LEAST_PX)
        x = media.x - (self.width() / scale - media.width) / 2
        y = media.y - (self.height() / scale - media.height) / 2
        self._look(Place(scale, x, y, self.width(), self.height(), self.devicePixelRatioF()))

    def show_true_size(self) -> None:
        """Show the sheet as large as it is on paper, as far as the screen says its own size."""
        self.zoom(self.true_px_per_mm / self._place.px_per_mm)

    @property
    def true_px_per_mm(self) -> float:
        """How many pixels of this screen a mm takes."""
        return max(self.screen().physicalDotsPerInch(), 50.0) / 25.4

    def zoom(self, factor: float, at: QPointF | None = None) -> None:
        """Zoom in or out, at the middle or a place of the window."""
        factor = min(
            max(factor, _LEAST_PX / self._place.px_per_mm), _MOST_PX / self._place.px_per_mm
        )
        self._is_fitted = False
        middle = QPointF(self.width() / 2, self.height() / 2)
        self._look(self._place.zoomed(factor, at or middle))

    def _look(self, place: Place) -> None:
        if place != self._place:
            self._place = place
            self.zoomed.emit(place.px_per_mm)
        self._rest.start()
        self.update()

    def _page_came(self) -> None:
        page = self._sheets.page
        if page is None or self.chosen not in page.labels:
            self.chosen = ""
        self._hover = ""
        if self._is_fitted:
            self.fit()
        self._rest.start()
        self.update()

    def _paint_anew(self) -> None:
        page, place = self._sheets.page, self._place
        if page is None or not self.isVisible():
            return
        self._sheets.paint((page, place), lambda progress: region_image(page, place, progress))

    def _picture_came(self, image: QImage, wanted: object) -> None:
        if isinstance(wanted, tuple) and wanted[0] is self._sheets.page:
            self._image_page, self._image_place = wanted
            self._image = image
            self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as much as before."""
        if self._is_fitted:
            self.fit()
        else:
            old = self._place
            ratio = self.devicePixelRatioF()
            size = self.width(), self.height()
            self._look(Place(old.px_per_mm, old.x_mm, old.y_mm, *size, ratio))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the desk, the sheet, and what is chosen on it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        look = colours()
        painter.fillRect(self.rect(), QColor(look.ground).darker(108))
        page = self._sheets.page
        if page is None:
            self._say(painter, self._sheets.fault or tr("正在生成图纸…"))
            painter.end()
            return
        paper = self._place.rect(page.sheet.media)
        painter.fillRect(paper.translated(3, 3), QColor(0, 0, 0, 60))
        painter.fillRect(paper, QColor("#FFFFFF"))
        if self._image is not None and self._image_place is not None:
            # The picture of another moment serves until the new one is there.
            painter.drawImage(self._place.rect(self._image_place.frame), self._image)
        seen = self._place, self._drag, self.chosen, self._hover
        paint_marks(painter, page, *seen)
        painter.end()

    def _say(self, painter: QPainter, words: str) -> None:
        painter.setPen(QColor(colours().quiet))
        room = QRectF(self.rect()).adjusted(40, 40, -40, -40)
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, words)

    # The mouse

    def _under(self, point: QPointF) -> tuple[Hold, str]:
        page = self._sheets.page
        return (Hold.NOTHING, "") if page is None else under(page, self._place, point)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of a name, the frame, the land or the sheet."""
        point = event.position()
        hold, what = self._under(point)
        page = self._sheets.page
        if event.button() == Qt.MouseButton.MiddleButton or self._is_space_held:
            hold, what = Hold.SHEET, ""
        elif event.button() != Qt.MouseButton.LeftButton or page is None:
            return
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier and page.view is not None:
            is_in = self._place.rect(page.view.frame).contains(point)
            hold, what = (Hold.LAND, "") if is_in else (Hold.SHEET, "")
        elif hold is Hold.NOTHING:
            hold = Hold.SHEET
        if event.button() == Qt.MouseButton.LeftButton and not self._is_space_held:
            self.chosen = what if hold is Hold.NAME else ""
        self._drag = Drag(hold, point, point, what)
        self._dress(point)
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag on, or show what can be taken."""
        point, drag = event.position(), self._drag
        if drag.hold is Hold.NOTHING:
            hold, what = self._under(point)
            hover = "frame" if hold is Hold.FRAME else what
            if hover != self._hover:
                self._hover = hover
                self.update()
            self._dress(point)
            return
        if drag.hold is Hold.SHEET:
            step = point - drag.now
            self._is_fitted = False
            self._look(self._place.panned(step.x(), step.y()))
        drag.now = point
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Carry out what was dragged."""
        drag, self._drag = self._drag, Drag()
        drag.now = event.position()
        page = self._sheets.page
        self._dress(event.position())
        self.update()
        dx, dy = (
            drag.shift_px.x() / self._place.px_per_mm,
            drag.shift_px.y() / self._place.px_per_mm,
        )
        if page is None or drag.shift_px.manhattanLength() < 3:
            return
        if drag.hold is Hold.NAME:
            self.name_moved.emit(drag.what, dx, dy)
        elif drag.hold is Hold.LAND:
            self.land_moved.emit(dx, dy)
        elif drag.hold is Hold.FRAME and page.view is not None:
            self.frame_moved.emit(dragged_frame(page, page.view.frame, drag, self._place))

    def _dress(self, point: QPointF) -> None:
        """Let the pointer and the hint say what it would do here."""
        hold, what = self._under(point)
        self.setCursor(cursor_of(self._drag.hold, hold, what))
        self.hinted.emit(hint_of(hold, self.chosen))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom at the pointer."""
        turns = event.angleDelta().y() / 120
        if turns:
            self.zoom(_STEP**turns, event.position())
        event.accept()

    def leaveEvent(self, event: QEvent) -> None:
        """Forget what was under the pointer."""
        self._hover = ""
        self.hinted.emit("")
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Let go of Space."""
        self._is_space_held = False
        super().focusOutEvent(event)

    # Keys

    def event(self, event: QEvent) -> bool:
        """Take Tab for the names while there are any to go on to."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            back = event.key() == Qt.Key.Key_Backtab
            if (back or event.key() == Qt.Key.Key_Tab) and self._choose_next(-1 if back else 1):
                return True
        return super().event(event)

    def _choose_next(self, by: int) -> bool:
        """Choose the next name; at the last one the focus goes on."""
        page = self._sheets.page
        names = [] if page is None else in_reading_order(page)
        if not names:
            return False
        at = names.index(self.chosen) + by if self.chosen in names else (0 if by > 0 else -1)
        if at == len(names) or (self.chosen and at < 0):
            self.chosen = ""
            self.update()
            return False
        self.chosen = names[at]
        self._show(self.chosen)
        self.hinted.emit(hint_of(Hold.NOTHING, self.chosen))
        self.update()
        return True

    def _show(self, uid: str) -> None:
        """Bring a name into the window."""
        page = self._sheets.page
        if page is None:
            return
        rect = self._place.rect(page.labels[uid])
        if not QRectF(self.rect()).contains(rect):
            middle = QPointF(self.width() / 2, self.height() / 2) - rect.center()
            self._is_fitted = False
            self._look(self._place.panned(middle.x(), middle.y()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Pan, move the chosen name, zoom, turn pages."""
        key = event.key()
        if key in _ARROWS:
            is_large = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._go(*_ARROWS[key], is_large=is_large)
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and self.chosen:
            self.name_put_back.emit(self.chosen)
        elif key == Qt.Key.Key_Escape and (self.chosen or self._drag.hold is not Hold.NOTHING):
            self.chosen, self._drag = "", Drag()
            self.update()
        elif key in self._simple:
            self._simple[key]()
        elif key == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._is_space_held = True
        else:
            super().keyPressEvent(event)

    def _go(self, x: int, y: int, *, is_large: bool) -> None:
        """Move the chosen name a step, else pan."""
        if self.chosen:
            step = _NUDGE_MM * (10 if is_large else 1)
            self.name_moved.emit(self.chosen, x * step, y * step)
        else:
            self._is_fitted = False
            self._look(self._place.panned(-_PAN_PX * x, -_PAN_PX * y))

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Let go of Space."""
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._is_space_held = False
        super().keyReleaseEvent(event)
