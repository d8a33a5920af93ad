"""The fields above the change log: words, author, period, and the one area it is about."""

from __future__ import annotations

from datetime import date, timedelta

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from ui.panels.history_index import HistoryFilter
from ui.texts import mark, tr
from ui.theme import icon

_PAUSE_MS = 200
_PERIODS = (
    (mark("全部时间"), None),
    (mark("今天"), 0),
    (mark("最近 7 天"), 6),
    (mark("最近 30 天"), 29),
    (mark("最近一年"), 364),
)


class HistoryFilterBar(QWidget):
    """Says what is looked for; ``changed`` comes when it is something else."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._area = ""
        self.words = QLineEdit()
        self.words.setPlaceholderText(tr("查找：操作、区域、理由、日期"))
        self.words.setAccessibleName(tr("查找变更记录"))
        self.words.setClearButtonEnabled(True)
        self.words.setMinimumWidth(80)
        self.words.addAction(icon("search", "quiet"), QLineEdit.ActionPosition.LeadingPosition)
        self.author = QComboBox()
        self.author.setAccessibleName(tr("操作人"))
        self.author.addItem(tr("所有人"), "")
        self.period = QComboBox()
        self.period.setAccessibleName(tr("时间范围"))
        for said, days in _PERIODS:
            self.period.addItem(tr(said), days)
        for box in (self.author, self.period):
            box.setSizeAdjustPolicy(
                QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
            )
            box.setMinimumContentsLength(4)
            box.currentIndexChanged.connect(lambda _: self.changed.emit())
        self.area = QPushButton()
        self.area.setProperty("role", "chip")
        self.area.setToolTip(tr("点击后显示所有区域的记录"))
        self.area.clicked.connect(lambda *_: self.set_area("", ""))
        self.area.hide()
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_PAUSE_MS)
        self._soon.timeout.connect(self.changed)
        self.words.textChanged.connect(lambda _: self._soon.start())
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(self.author, 1)
        row.addWidget(self.period, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 0, 10, 2)
        column.setSpacing(5)
        column.addWidget(self.words)
        column.addLayout(row)
        column.addWidget(self.area)

    @property
    def now(self) -> HistoryFilter:
        """What is looked for."""
        days = self.period.currentData()
        since = "" if days is None else f"{date.today() - timedelta(days=days):%Y-%m-%d}"  # noqa: DTZ011 - days of the clock on the wall
        author = str(self.author.currentData() or "")
        return HistoryFilter(self.words.text().strip(), author, since, self._area)

    def set_area(self, uid: str, name: str) -> None:
        """Look for what touched one area; an empty uid for all."""
        self._area = uid
        self.area.setText(tr("只看{name}  ✕", name=name))
        self.area.setAccessibleName(tr("只看{name}，点击取消", name=name))
        self.area.setVisible(bool(uid))
        self.changed.emit()

    def show_authors(self, authors: list[str]) -> None:
        """Offer these authors; the one that is chosen stays."""
        chosen = self.author.currentData()
        if [self.author.itemData(n) for n in range(1, self.author.count())] == authors:
            return
        self.author.blockSignals(True)
        while self.author.count() > 1:
            self.author.removeItem(1)
        for author in authors:
            self.author.addItem(author, author)
        self.author.setCurrentIndex(max(self.author.findData(chosen), 0))
        self.author.blockSignals(False)

    def clear(self) -> None:
        """Look for everything again, without telling."""
        self.blockSignals(True)
        self._area = ""
        self.area.hide()
        self.words.clear()
        self._soon.stop()
        for box in (self.author, self.period):
            box.setCurrentIndex(0)
        self.blockSignals(False)
