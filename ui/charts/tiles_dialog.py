"""Print a sheet in tiles: paper, how it lies, overlap, marks; how many pages, and their plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from gridadmin.chart.page import ChartPage
from gridadmin.chart.tile_pages import plan_page
from gridadmin.chart.tiling import MOST_OVERLAP_MM, Orientation, Paper, Tiles, tiling_of
from ui.chart_fonts import FONTS
from ui.chart_painting import paint_page
from ui.dialogs.words import label
from ui.surfaces import UNITS
from ui.texts import tr
from ui.theme import colours

_PREVIEW_PX = QSize(300, 360)


@dataclass(frozen=True)
class WantedSheets:
    """What is printed: the pages of the sheet that is looked at, and how many sheets there are.

    ``sheets`` doesn't count the index of a series. ``lang`` is the language of the charts.
    """

    pages: Sequence[ChartPage]
    sheets: int
    lang: str


class PlanView(QWidget):
    """The page with the plan of assembly, as it is printed."""

    def __init__(self, page: ChartPage, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("tiles_plan")
        self.setAccessibleName(tr("拼接示意图"))
        self.setMinimumSize(_PREVIEW_PX)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.page = page

    def show_page(self, page: ChartPage) -> None:
        """Show another plan."""
        self.page = page
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the page as large as there is room for."""
        sheet = self.page.sheet.whole
        scale = min((self.width() - 8) / sheet.width, (self.height() - 8) / sheet.height)
        left = (self.width() - sheet.width * scale) / 2
        top = (self.height() - sheet.height * scale) / 2
        paper = QRectF(left, top, sheet.width * scale, sheet.height * scale)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(paper, QColor("#FFFFFF"))
        painter.save()
        painter.setClipRect(paper)
        painter.translate(paper.topLeft())
        painter.scale(scale / UNITS, scale / UNITS)
        paint_page(self.page, painter)
        painter.restore()
        painter.setPen(QPen(QColor(colours().line), 1))
        painter.drawRect(paper)
        painter.end()


class TilesDialog(QDialog):
    """Paper, orientation and overlap for a sheet; the pages are counted and shown at once."""

    save_wanted = Signal()
    print_wanted = Signal()

    def __init__(self, wanted: WantedSheets, usual: Tiles, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("tiles_dialog")
        self.setWindowTitle(tr("拼接打印"))
        self._wanted = wanted
        self.paper = _box("tiles_paper", tr("纸张"), {"A4": Paper.A4, "A3": Paper.A3})
        ways = {
            tr("自动（张数最少）"): Orientation.AUTO,
            tr("纵向"): Orientation.PORTRAIT,
            tr("横向"): Orientation.LANDSCAPE,
        }
        self.orientation = _box("tiles_orientation", tr("方向"), ways)
        self.overlap = _overlap_box()
        self.marks = QCheckBox(tr("裁切线"))
        self.marks.setObjectName("tiles_marks")
        self.count = label("")
        self.count.setObjectName("tiles_count")
        self.plan = PlanView(self._plan_page(usual))
        self._fill(usual)
        self._lay_out()
        self.paper.currentIndexChanged.connect(self._show_plan)
        self.orientation.currentIndexChanged.connect(self._show_plan)
        self.overlap.valueChanged.connect(self._show_plan)
        self._show_plan()

    @property
    def tiles(self) -> Tiles:
        """What is chosen."""
        return Tiles(
            Paper(self.paper.currentData()),
            self.overlap.value(),
            Orientation(self.orientation.currentData()),
            has_marks=self.marks.isChecked(),
        )

    def _fill(self, usual: Tiles) -> None:
        self.paper.setCurrentIndex(self.paper.findData(usual.paper.value))
        self.orientation.setCurrentIndex(self.orientation.findData(usual.orientation.value))
        self.overlap.setValue(usual.overlap_mm)
        self.marks.setChecked(usual.has_marks)

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setVerticalSpacing(8)
        form.setHorizontalSpacing(12)
        for field in (self.paper, self.orientation, self.overlap):
            name = QLabel(field.accessibleName())
            name.setBuddy(field)
            form.addRow(name, field)
        form.addRow("", self.marks)
        side = QVBoxLayout()
        side.setSpacing(12)
        side.addLayout(form)
        side.addWidget(self.count)
        side.addWidget(label(tr("首页是拼接示意图；每张标有“行-列”编号，请按原大打印。"), "quiet"))
        if self._wanted.sheets > 1:
            side.addWidget(self._series_words())
        side.addStretch(1)
        middle = QHBoxLayout()
        middle.setSpacing(20)
        middle.addLayout(side, 1)
        middle.addWidget(self.plan, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(14)
        column.addLayout(middle, 1)
        column.addWidget(self._buttons())
        self.setMinimumWidth(760)

    def _series_words(self) -> QLabel:
        words = label(
            tr(
                "成套共 {n} 幅：存为 PDF 时每幅都拼接，索引图不拼；打印时只印正在看的这一幅。",
                n=self._wanted.sheets,
            )
        )
        words.setObjectName("tiles_series")
        return words

    def _buttons(self) -> QDialogButtonBox:
        buttons = QDialogButtonBox()
        save = QPushButton(tr("存为 PDF…"))
        save.setObjectName("tiles_save")
        save.setDefault(True)
        prints = QPushButton(tr("打印…"))
        prints.setObjectName("tiles_print")
        buttons.addButton(save, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.addButton(prints, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.addButton(QPushButton(tr("取消")), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.rejected.connect(self.reject)
        save.clicked.connect(self._save)
        prints.clicked.connect(self._print)
        return buttons

    def _save(self) -> None:
        self.accept()
        self.save_wanted.emit()

    def _print(self) -> None:
        self.accept()
        self.print_wanted.emit()

    def _plan_page(self, tiles: Tiles) -> ChartPage:
        return plan_page(self._wanted.pages[0], tiles, FONTS, self._wanted.lang)

    def _show_plan(self) -> None:
        tiles, pages = self.tiles, self._wanted.pages
        tiling = tiling_of(pages[0].sheet, tiles)
        words = tr(
            "图幅 {width}×{height} 毫米：{n} 张，{rows} 行 {columns} 列；另加示意图 1 张。",
            width=f"{tiling.sheet.width_mm:.0f}",
            height=f"{tiling.sheet.height_mm:.0f}",
            n=tiling.count,
            rows=tiling.rows,
            columns=tiling.columns,
        )
        if len(pages) > 1:
            whole = sum(tiling_of(page.sheet, tiles).count + 1 for page in pages)
            words += tr("连同续页 {pages} 页共 {n} 张。", pages=len(pages) - 1, n=whole)
        self.count.setText(words)
        self.plan.show_page(self._plan_page(tiles))


def _overlap_box() -> QDoubleSpinBox:
    box = QDoubleSpinBox()
    box.setObjectName("tiles_overlap")
    box.setAccessibleName(tr("相邻两张重叠"))
    box.setRange(0.0, MOST_OVERLAP_MM)
    box.setDecimals(0)
    box.setSuffix(tr(" 毫米"))
    box.lineEdit().setTextMargins(6, 0, 0, 0)
    box.setAlignment(Qt.AlignmentFlag.AlignLeft)
    return box


def _box(name: str, words: str, choices: dict[str, Paper] | dict[str, Orientation]) -> QComboBox:
    box = QComboBox()
    box.setObjectName(name)
    box.setAccessibleName(words)
    for text, value in choices.items():
        box.addItem(text, value.value)
    return box
