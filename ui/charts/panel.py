"""The workspace of charts in the middle of the window: pages, preview, choices."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSplitter, QVBoxLayout, QWidget

from gridadmin.chart.page import ChartPage, Note
from ui.actions import Actions
from ui.charts.bar import ChartBar
from ui.charts.choices import ChoicesPanel
from ui.charts.pages import PagesPanel
from ui.charts.sheets import Sheets
from ui.charts.view import SheetView
from ui.context import Context
from ui.panels.parts import ElidedLabel
from ui.texts import sentence, tr

_TOOLS = (
    "chart.previous",
    "chart.next",
    "chart.zoom_out",
    "chart.zoom_in",
    "chart.fit",
    "chart.true_size",
)
_DOINGS = ("chart.tiles", "chart.print", "chart.save")
_QUIET = frozenset({"names"})
_WIDTHS_PX = (170, 760, 300)


class ChartPanel(QWidget):
    """The sheet itself with its pages at the left and what can be chosen at the right."""

    def __init__(
        self, context: Context, actions: Actions, sheets: Sheets, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("chart_panel")
        self.setAccessibleName(tr("出图"))
        self._sheets = sheets
        self.view = SheetView(sheets)
        self.pages = PagesPanel(sheets)
        self.choices = ChoicesPanel(context, sheets)
        self.hint = ElidedLabel("", "quiet")
        self.hint.hide()
        self.facts = ElidedLabel("", "quiet")
        self.notes = QLabel()
        self.notes.setObjectName("chart_notes")
        self.notes.setProperty("role", "warning")
        self.notes.setTextFormat(Qt.TextFormat.PlainText)
        self.notes.setWordWrap(True)
        self.notes.setContentsMargins(12, 6, 12, 6)
        self.notes.hide()
        self._typed_fault = ""
        middle = QWidget()
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(ChartBar(actions, _TOOLS, _DOINGS))
        column.addWidget(self.notes)
        column.addWidget(self.view, 1)
        column.addLayout(self._foot())
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setChildrenCollapsible(False)
        for part in (self.pages, middle, self.choices):
            self.splitter.addWidget(part)
        self.pages.setMinimumWidth(120)
        self.choices.setMinimumWidth(270)
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setSizes([*_WIDTHS_PX])
        row = QVBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.splitter)
        self._connect()

    def _foot(self) -> QHBoxLayout:
        foot = QHBoxLayout()
        foot.setContentsMargins(12, 4, 12, 4)
        foot.setSpacing(16)
        foot.addWidget(self.facts, 3)
        foot.addWidget(self.hint, 2)
        return foot

    def _connect(self) -> None:
        view, choices, sheets = self.view, self.choices, self._sheets
        view.name_moved.connect(choices.moving.move_name)
        view.name_put_back.connect(choices.moving.put_name_back)
        view.frame_moved.connect(choices.moving.move_frame)
        view.land_moved.connect(choices.moving.move_land)
        view.hinted.connect(self._show_hint)
        view.zoomed.connect(lambda _: self._show_facts())
        choices.faulty.connect(self._show_fault)
        sheets.composed.connect(self._show_facts)

    def _show_hint(self, words: str) -> None:
        self.hint.setText(words)
        self.hint.setVisible(bool(words))

    def _show_fault(self, words: str) -> None:
        self._typed_fault = words
        self._show_facts()

    def _show_facts(self) -> None:
        page = self._sheets.page
        self.facts.setText("" if page is None else self._about(page))
        warnings = [] if page is None else [note for note in page.notes if note.code not in _QUIET]
        own = [self._typed_fault, self._sheets.why_no_base, self._approval_words()]
        lines = [*own, *map(_words, warnings)]
        told = "\n".join(dict.fromkeys(line for line in lines if line))
        self.notes.setText(told)
        self.notes.setVisible(bool(told))

    def _approval_words(self) -> str:
        number = self._sheets.old_approval
        return sentence("chart.approval_old", number=number) if number else ""

    def _about(self, page: ChartPage) -> str:
        sheet = page.sheet
        parts = [f"{sheet.width_mm:g}×{sheet.height_mm:g} mm"]
        if page.view is not None:
            parts.append(f"1:{page.view.scale:,}")
        shown = self.view.place.px_per_mm / self.view.true_px_per_mm
        parts.append(tr("显示为纸上的 {percent}%", percent=round(100 * shown)))
        parts += [_words(note) for note in page.notes if note.code in _QUIET]
        return "  ".join(parts)


def _words(note: Note) -> str:
    return sentence(f"chart.{note.code}", **dict(note.params))
