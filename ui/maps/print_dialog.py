"""Prints what the map shows, or keeps it as PDF: paper, title, scale, legend, with a preview."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QMarginsF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import (
    QColor,
    QImage,
    QPageLayout,
    QPageSize,
    QPaintDevice,
    QPainter,
    QPaintEvent,
    QPdfWriter,
)
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from gridadmin.base.errors import GridAdminError, InputError
from gridadmin.exchange.whole_file import part_beside, switch
from ui.canvas.legend import legend_lines
from ui.canvas.map_panel import MapPanel
from ui.canvas.pictures import Picture
from ui.canvas.style import MapStyle
from ui.canvas.viewport import Viewport
from ui.context import Context
from ui.jobs import JobProgress
from ui.maps.look import Look
from ui.maps.other_pictures import OtherPictures
from ui.maps.print_page import MM_PER_INCH, PX_PER_INCH, Page, paint_page
from ui.maps.states import MapStates
from ui.texts import explain, tr
from ui.theme import colours

PAPERS = {
    "A4": QPageSize.PageSizeId.A4,
    "A3": QPageSize.PageSizeId.A3,
    "A2": QPageSize.PageSizeId.A2,
}
SCALES = (500, 1000, 2000, 2500, 5000, 10_000, 25_000, 50_000)
PREVIEW_DPI, PRINT_DPI = 96.0, 300.0
_AS_SEEN = 0
_PREVIEW, _LEAST_PREVIEW = QSize(560, 460), QSize(380, 320)
_SIDE_PX = 260


class PrintDialog(QDialog):
    """The choices at the right, the page as it will be at the left."""

    def __init__(
        self, context: Context, panel: MapPanel, states: MapStates, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._context = context
        self._panel = panel
        self._waiting: Path | QPaintDevice | None = None
        self.setObjectName("print_view")
        self.setWindowTitle(tr("打印当前视图"))
        self.pictures = OtherPictures(context, panel, states, self)
        self.pictures.theme = "light"
        self.pictures.show(Look(fills=panel.style_now().fills))
        self.preview = PagePreview(self)
        self.title = QLineEdit(context.bridge.name)
        self.paper = self._box("print_paper", [(name, name) for name in PAPERS])
        self.way = self._box("print_way", [(tr("横向"), True), (tr("纵向"), False)])
        self.scale = self._box(
            "print_scale",
            [(tr("看到的全部印上"), _AS_SEEN), *((f"1:{n:,}", n) for n in SCALES)],
        )
        self.legend = QCheckBox(tr("图例"))
        self.legend.setChecked(True)
        self.note = QLabel()
        self.note.setTextFormat(Qt.TextFormat.PlainText)
        self.note.setWordWrap(True)
        self.note.setProperty("role", "quiet")
        self.print_button = QPushButton(tr("打印…"))
        self.pdf_button = QPushButton(tr("存为 PDF…"))
        self.pdf_button.setDefault(True)
        self._fill()
        self._connect()
        self.ask()

    def _box(self, name: str, choices: list[tuple[str, object]]) -> QComboBox:
        box = QComboBox()
        box.setObjectName(name)
        for words, value in choices:
            box.addItem(words, value)
        return box

    def _fill(self) -> None:
        self.title.setObjectName("print_title")
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for words, field in (
            (tr("标题"), self.title),
            (tr("纸张"), self.paper),
            (tr("方向"), self.way),
            (tr("比例尺"), self.scale),
        ):
            field.setAccessibleName(words)
            form.addRow(words, field)
        form.addRow("", self.legend)
        side = QVBoxLayout()
        side.addLayout(form)
        side.addWidget(self.note)
        side.addStretch(1)
        close = QPushButton(tr("关闭"))
        close.setAutoDefault(False)
        close.clicked.connect(self.close)
        for button in (self.pdf_button, self.print_button, close):
            side.addWidget(button)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 14, 16, 14)
        row.setSpacing(16)
        beside = QWidget()
        beside.setLayout(side)
        beside.setMaximumWidth(_SIDE_PX)
        side.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.preview, 1)
        row.addWidget(beside)

    def _connect(self) -> None:
        self.title.textChanged.connect(self.show_page)
        self.legend.toggled.connect(self.show_page)
        for box in (self.paper, self.way, self.scale):
            box.currentIndexChanged.connect(self.ask)
        self.pictures.made.connect(self._take)
        self.pictures.ready.connect(self.ask)
        self.pdf_button.clicked.connect(self._choose_pdf)
        self.print_button.clicked.connect(self._choose_printer)

    # The page

    @property
    def page(self) -> Page:
        """The page as it is chosen."""
        snapshot = self._context.bridge.snapshot
        lines = legend_lines(self.pictures.style(), snapshot) if self.legend.isChecked() else ()
        width, height = sorted(self._size_mm())
        is_across = bool(self.way.currentData())
        return Page(
            (height, width) if is_across else (width, height),
            self.title.text().strip(),
            f"{datetime.now().astimezone():%Y-%m-%d}",
            self.pictures.attribution,
            lines,
        )

    def viewport(self, dpi: float) -> Viewport:
        """Return what the map of the page shows."""
        view, empty = self._panel.view.view, self.page.viewport(dpi)
        seen = empty.fitted(view.bounds(), 0.0)
        number = int(self.scale.currentData())
        return seen if number == _AS_SEEN else seen.at_scale_number(number)

    def ask(self) -> None:
        """Have the preview painted anew."""
        if not self._context.bridge.is_open:
            return
        if self._waiting is None:
            self.pictures.ask(self.viewport(PREVIEW_DPI))
        self.show_page()

    def show_page(self) -> None:
        """Show the page with its present words."""
        self.preview.show_page(self.page, self.pictures.style())
        number = self.viewport(PREVIEW_DPI).scale_number()
        self.note.setText(tr("纸上的比例尺是 1:{n}。", n=f"{number:,.0f}"))

    def _size_mm(self) -> tuple[float, float]:
        size = QPageSize(PAPERS[self.paper.currentData()]).size(QPageSize.Unit.Millimeter)
        return size.width(), size.height()

    # Making it

    def save_pdf(self, out: Path) -> None:
        """Keep the page as a PDF file, beside the work."""
        self._begin(out)

    def _begin(self, target: Path | QPaintDevice) -> None:
        self._waiting = target
        for widget in (self.pdf_button, self.print_button):
            widget.setEnabled(False)
        self.note.setText(tr("正在画图…"))
        self.pictures.ask(self.viewport(PRINT_DPI))

    def _take(self, picture: Picture) -> None:
        is_fine = picture.viewport.ratio > PREVIEW_DPI / PX_PER_INCH
        if not is_fine:
            self.preview.show_picture(picture)
            return
        target, self._waiting = self._waiting, None
        if isinstance(target, Path):
            self._write(target, picture)
        elif target is not None:
            self._print(target, picture)

    def _write(self, out: Path, picture: Picture) -> None:
        page, style = self.page, self.pictures.style()

        def work(_: JobProgress) -> Path:
            with part_beside(out) as part:
                write_pdf(part, page, picture.image, picture.viewport, style)
                switch(part, out)
            return out

        self._context.jobs.start(
            tr("存为 PDF"), work, on_done=self._done, on_failed=self._failed, can_cancel=False
        )

    def _done(self, out: Path) -> None:
        self._context.messages.done(tr("已存为 {file}。", file=out.name))
        self.accept()

    def _failed(self, error: BaseException) -> None:
        self._be_ready()
        if not isinstance(error, (GridAdminError, OSError)):
            raise error
        self.note.setText(explain(error) if isinstance(error, GridAdminError) else str(error))

    def _be_ready(self) -> None:
        self._waiting = None
        for widget in (self.pdf_button, self.print_button):
            widget.setEnabled(True)

    def _choose_pdf(self) -> None:
        name = f"{self.title.text().strip() or self._context.bridge.name}.pdf"
        start = str(self._context.bridge.path.with_name(name.replace("/", "-")))
        chosen, _ = QFileDialog.getSaveFileName(self, tr("存为 PDF"), start, "PDF (*.pdf)")
        if chosen:
            self.save_pdf(Path(chosen))

    def _choose_printer(self) -> None:
        # Late: asking the system for its printers takes a while.
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter

        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setPageLayout(self.page_layout())
        printer.setDocName(self.title.text().strip() or self._context.bridge.name)
        if QPrintDialog(printer, self).exec() == QDialog.DialogCode.Accepted:
            self._begin(printer)

    def page_layout(self) -> QPageLayout:
        """Return the paper as printers want to know it."""
        return layout_of(self.page)

    def _print(self, printer: QPaintDevice, picture: Picture) -> None:
        paint_on(printer, self.page, picture.image, picture.viewport, self.pictures.style())
        self._context.messages.done(tr("已送到打印机。"))
        self.accept()

    def done(self, result: int) -> None:
        """Stop painting when it closes."""
        with suppress(RuntimeError):
            self.pictures.close()
        super().done(result)


def layout_of(page: Page) -> QPageLayout:
    """Return the paper of a page, without margins: the page keeps its own."""
    width, height = page.size_mm
    size = QPageSize(QSizeF(min(width, height), max(width, height)), QPageSize.Unit.Millimeter)
    is_across = width > height
    way = QPageLayout.Orientation.Landscape if is_across else QPageLayout.Orientation.Portrait
    return QPageLayout(size, way, QMarginsF())


def write_pdf(out: Path, page: Page, image: QImage, viewport: Viewport, style: MapStyle) -> None:
    """Write a page as a PDF file; for a worker. Raises: InputError ``render.not_made``."""
    writer = QPdfWriter(str(out))
    writer.setTitle(page.title)
    writer.setCreator("gridadmin")
    writer.setResolution(round(PRINT_DPI))
    writer.setPageLayout(layout_of(page))
    if not paint_on(writer, page, image, viewport, style):
        raise InputError("render.not_made", file=str(out))


def paint_on(
    device: QPaintDevice, page: Page, image: QImage, viewport: Viewport, style: MapStyle
) -> bool:
    """Paint a page on a printer or into a PDF file; return whether it took it."""
    painter = QPainter()
    if not painter.begin(device):
        return False
    px_per_mm = painter.device().logicalDpiX() / MM_PER_INCH
    paint_page(painter, page, image, viewport, style, px_per_mm)
    return painter.end()


class PagePreview(QWidget):
    """The page as it will be, as large as there is room."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("print_preview")
        self.setAccessibleName(tr("打印预览"))
        self.setMinimumSize(_LEAST_PREVIEW)
        self._page: Page | None = None
        self._style = MapStyle()
        self._picture: Picture | None = None

    @property
    def has_picture(self) -> bool:
        """Whether the map has been painted."""
        return self._picture is not None

    def sizeHint(self) -> QSize:
        """Return room enough to read the title."""
        return _PREVIEW

    def show_page(self, page: Page, style: MapStyle) -> None:
        """Show other words or another paper."""
        self._page, self._style = page, style
        self.update()

    def show_picture(self, picture: Picture) -> None:
        """Show the map as it was painted."""
        self._picture = picture
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the paper with its shadow, and the page on it."""
        page = self._page
        if page is None:
            return
        width, height = page.size_mm
        px_per_mm = min((self.width() - 12) / width, (self.height() - 12) / height)
        painter = QPainter(self)
        left, top = (self.width() - width * px_per_mm) / 2, (self.height() - height * px_per_mm) / 2
        paper = QRectF(left, top, width * px_per_mm, height * px_per_mm)
        painter.fillRect(paper.translated(3, 3), QColor(colours().line))
        painter.fillRect(paper, Qt.GlobalColor.white)
        painter.translate(paper.topLeft())
        image = None if self._picture is None else self._picture.image
        view = page.viewport(PREVIEW_DPI) if self._picture is None else self._picture.viewport
        paint_page(painter, page, image, view, self._style, px_per_mm)
