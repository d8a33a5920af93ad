"""What is kept of fetched tiles: how much of each base map, and clearing it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from contextlib import closing

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QSpinBox,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from gridadmin.tiles.cache import TileCache, Usage
from ui.context import Context
from ui.dialogs.words import label
from ui.jobs import JobProgress
from ui.texts import tr
from ui.tiles.basemaps import BaseMaps, cache_file, title

_ID = Qt.ItemDataRole.UserRole
_SIZE = QSize(640, 420)
_OLD_DAYS = 30
_DAY_S = 86_400.0


class CacheDialog(QDialog):
    """A row for each base map; jobs do the work on the file."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("cache_dialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("底图缓存"))
        self._context = context
        self._maps = BaseMaps.of(context)
        self.tree = QTreeWidget()
        self.tree.setObjectName("cached")
        self.tree.setAccessibleName(tr("缓存的底图"))
        self.tree.setRootIsDecorated(False)
        self.tree.setHeaderLabels([tr("底图"), tr("图块"), tr("大小"), tr("取得时间")])
        header = self.tree.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column in (1, 2, 3):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        self.tree.currentItemChanged.connect(lambda _: self._judge())
        self.total = label("", "quiet")
        self.total.setObjectName("cache_total")
        self.limit = QSpinBox()
        self.limit.setObjectName("cache_limit")
        self.limit.setAccessibleName(tr("底图缓存上限（MB）"))
        self.limit.setRange(16, 100_000)
        self.limit.lineEdit().setTextMargins(6, 0, 0, 0)
        self.limit.setValue(context.settings.value("tile_cache_mb"))
        self.limit.valueChanged.connect(
            lambda value: context.settings.set_value("tile_cache_mb", value)
        )
        self.one = self._button("clear_one", tr("清除所选"), self._clear_one)
        self.old = self._button(
            "clear_old", tr("清除 {days} 天以前的", days=_OLD_DAYS), self._clear_old
        )
        self.all = self._button("clear_all", tr("全部清除"), self._clear_all)
        self._lay_out()
        self.resize(_SIZE)
        self._show([])
        self._do(lambda _: None)

    def _button(self, name: str, words: str, act: Callable[[], None]) -> QPushButton:
        button = QPushButton(words)
        button.setObjectName(name)
        button.setAutoDefault(False)
        button.clicked.connect(act)
        return button

    def _lay_out(self) -> None:
        close = self._button("close", tr("关闭"), self.accept)
        close.setProperty("role", "primary")
        close.setDefault(True)
        limit = QHBoxLayout()
        limit.addWidget(label(tr("底图缓存上限（MB）"), buddy=self.limit))
        limit.addWidget(self.limit)
        limit.addStretch(1)
        limit.addWidget(self.total)
        row = QHBoxLayout()
        row.setSpacing(8)
        for button in (self.one, self.old, self.all):
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 14, 18, 14)
        column.setSpacing(10)
        column.addWidget(label(tr("底图缓存"), "heading"))
        words = tr("取过的图块存在本机，断网时也能看。清除后，需要时会重新取。")
        column.addWidget(label(words, "quiet"))
        column.addWidget(self.tree, 1)
        column.addLayout(limit)
        column.addLayout(row)

    # What it shows

    def _show(self, usages: Sequence[Usage]) -> None:
        if not isValid(self):
            return
        self.tree.clear()
        for usage in usages:
            source = self._maps.source(usage.source_id)
            name = usage.source_id if source is None else title(source)
            days = dict.fromkeys((_day(usage.oldest_s), _day(usage.newest_s)))
            times = " – ".join(days)
            item = QTreeWidgetItem([name, f"{usage.tiles:,}", _size(usage.bytes), times])
            item.setData(0, _ID, usage.source_id)
            for column in (1, 2):
                item.setTextAlignment(
                    column, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
                )
            self.tree.addTopLevelItem(item)
        first = self.tree.topLevelItem(0)
        if first is not None:
            self.tree.setCurrentItem(first)
        self.total.setText(tr("共 {size}", size=_size(sum(usage.bytes for usage in usages))))
        self._judge()

    def _judge(self) -> None:
        has_any = self.tree.topLevelItemCount() > 0
        self.one.setEnabled(self.tree.currentItem() is not None)
        self.old.setEnabled(has_any)
        self.all.setEnabled(has_any)

    # What is done

    def _clear_one(self) -> None:
        item = self.tree.currentItem()
        if item is None:
            return
        id_ = item.data(0, _ID)
        self._do(lambda cache: cache.clear(id_))

    def _clear_old(self) -> None:
        self._do(lambda cache: cache.clear(older_than_s=_OLD_DAYS * _DAY_S))

    def _clear_all(self) -> None:
        self._do(lambda cache: cache.clear())

    def _do(self, act: Callable[[TileCache], object]) -> None:
        """Do something with the cache in a job, and show what is in it then."""

        def work(_: JobProgress) -> list[Usage]:
            with closing(TileCache(cache_file())) as cache:
                act(cache)
                return cache.usage()

        for button in (self.one, self.old, self.all):
            button.setEnabled(False)
        self._context.jobs.start(tr("底图缓存"), work, on_done=self._show, is_quiet=True)


def _size(count: int) -> str:
    megabytes = count / 2**20
    return f"{megabytes:,.0f} MB" if megabytes >= 10 else f"{megabytes:,.1f} MB"


def _day(time_s: float) -> str:
    return dt.datetime.fromtimestamp(time_s).astimezone().date().isoformat()
