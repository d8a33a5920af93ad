"""The list of sheets and their pages beside the preview."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from ui.charts.sheets import Sheets, is_index
from ui.panels.parts import label
from ui.texts import tr
from ui.tips import plain_tip

_PLACE = int(Qt.ItemDataRole.UserRole)


class PagesPanel(QWidget):
    """Which sheets the choices make, by code; of the one looked at its pages, too."""

    def __init__(self, sheets: Sheets, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("role", "page")
        self._sheets = sheets
        self.head = label(tr("图页"), "heading")
        self.list = QListWidget()
        self.list.setObjectName("chart_pages")
        self.list.setAccessibleName(tr("图页"))
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 10, 6, 6)
        column.setSpacing(6)
        column.addWidget(self.head)
        column.addWidget(self.list, 1)
        sheets.listed.connect(self.fill)
        sheets.composed.connect(self.fill)
        self.list.currentItemChanged.connect(self._chosen)

    def fill(self) -> None:
        """Show the sheets there are, and where one looks."""
        sheets = self._sheets
        with QSignalBlocker(self.list):
            self.list.clear()
            for number, order in enumerate(sheets.orders):
                code = "" if is_index(order) else (order.area.code or "")
                name = tr("图幅索引") if is_index(order) else order.area.name
                item = QListWidgetItem(name if not code else f"{name}\n{code}")
                item.setToolTip(plain_tip(f"{name} {code}".strip()))
                item.setData(_PLACE, (number, 0))
                self.list.addItem(item)
                if number == sheets.number:
                    self._add_pages(item)
        count = len(sheets.orders)
        self.head.setText(tr("图页 {n} 幅", n=count) if count else tr("图页"))

    def _add_pages(self, sheet: QListWidgetItem) -> None:
        """Add the further pages of the sheet that is looked at, and mark the one seen."""
        sheets, current = self._sheets, sheet
        for page in range(1, len(sheets.pages)):
            item = QListWidgetItem("　" + tr("第 {n} 页", n=page + 1))
            item.setData(_PLACE, (sheets.number, page))
            self.list.addItem(item)
            if page == sheets.page_number:
                current = item
        self.list.setCurrentItem(current)

    def _chosen(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self._sheets.look_at(*item.data(_PLACE))
