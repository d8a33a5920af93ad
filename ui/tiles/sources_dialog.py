"""All base maps: which are shown in the picker, and those of the user to change and take away."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QSignalBlocker, QSize, Qt, QTimer
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from gridadmin.base.errors import GridAdminError
from gridadmin.tiles.source import Role, Source
from ui.context import Context
from ui.dialogs.words import Sentence, label
from ui.texts import explain, tr
from ui.tiles.basemaps import BaseMaps, title
from ui.tiles.choice import BESIDE
from ui.tiles.picker import group_of
from ui.tiles.source_dialog import SourceDialog
from ui.tips import plain_tip

_ID = Qt.ItemDataRole.UserRole
_SIZE = QSize(620, 460)
_ROW_EM = 1.7


class SourcesDialog(QDialog):
    """A list with a mark for each base map that the picker offers."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sources_dialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("管理底图"))
        self._context = context
        self._maps = BaseMaps.of(context)
        self.tree = QTreeWidget()
        self.tree.setObjectName("sources")
        self.tree.setAccessibleName(tr("底图"))
        self.tree.setRootIsDecorated(False)
        self.tree.setColumnCount(3)
        self.tree.setHeaderLabels([tr("底图"), tr("来自"), tr("用作")])
        header = self.tree.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column in (1, 2):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        self.tree.itemChanged.connect(self._switch)
        self.tree.currentItemChanged.connect(lambda _: self._judge())
        self.tree.itemDoubleClicked.connect(lambda _: self._edit())
        self.add = self._button("add_source", tr("添加…"), self._add)
        self.edit = self._button("edit_source", tr("编辑…"), self._edit)
        self.remove = self._button("remove_source", tr("删除"), self._remove)
        self.fault = Sentence("error")
        self.faults = Sentence("warning")
        self._lay_out()
        self._maps.changed.connect(self._fill)
        self._fill()
        self.resize(_SIZE)

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
        row = QHBoxLayout()
        row.setSpacing(8)
        for button in (self.add, self.edit, self.remove):
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 14, 18, 14)
        column.setSpacing(10)
        column.addWidget(label(tr("管理底图"), "heading"))
        column.addWidget(label(tr("打勾的底图可以在地图上选择。"), "quiet"))
        column.addWidget(self.tree, 1)
        column.addWidget(self.faults)
        column.addWidget(self.fault)
        column.addLayout(row)

    # What it shows

    def _fill(self) -> None:
        current = self._current()
        with QSignalBlocker(self.tree):
            self.tree.clear()
            for source in self._maps.all_sources():
                item = self._item(source)
                self.tree.addTopLevelItem(item)
                if current is not None and source.id == current.id:
                    self.tree.setCurrentItem(item)
            first = self.tree.topLevelItem(0)
            if self.tree.currentItem() is None and first is not None:
                self.tree.setCurrentItem(first)
        faults = [
            tr("“{id}”不能用：{why}", id=fault.source_id or fault.file, why=explain(fault.error))
            for fault in self._maps.book.faults
        ]
        self.faults.say("\n".join(faults))
        self._judge()

    def _item(self, source: Source) -> QTreeWidgetItem:
        role = tr("叠加") if source.role is Role.OVERLAY else tr("底图")
        item = QTreeWidgetItem([title(source), tr(group_of(source)), role])
        item.setData(0, _ID, source.id)
        item.setSizeHint(0, QSize(0, round(_ROW_EM * self.fontMetrics().height())))
        item.setToolTip(0, plain_tip(source.address or title(source)))
        if source.id != BESIDE:
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            is_on = Qt.CheckState.Checked if source.is_on else Qt.CheckState.Unchecked
            item.setCheckState(0, is_on)
        return item

    def _current(self) -> Source | None:
        item = self.tree.currentItem()
        return None if item is None else self._maps.source(item.data(0, _ID))

    def _judge(self) -> None:
        source = self._current()
        is_own = source is not None and source.id != BESIDE
        self.edit.setEnabled(is_own)
        is_changed = is_own and source is not None and source.id in self._maps.book.own
        self.remove.setEnabled(is_changed)
        is_shipped = source is not None and source.is_shipped
        self.remove.setText(tr("恢复原样") if is_shipped else tr("删除"))

    # What is done

    def _switch(self, item: QTreeWidgetItem) -> None:
        source = self._maps.source(item.data(0, _ID))
        if source is None:
            return
        is_on = item.checkState(0) is Qt.CheckState.Checked
        if is_on != source.is_on:
            # Later: the list is filled anew then, and Qt is still busy with this item.
            switched = replace(source, is_on=is_on)
            QTimer.singleShot(0, self, lambda: self._try(lambda: self._maps.declare(switched)))

    def _add(self) -> None:
        SourceDialog(self._context, None, self).open()

    def _edit(self) -> None:
        source = self._current()
        if source is not None and source.id != BESIDE:
            SourceDialog(self._context, source, self).open()

    def _remove(self) -> None:
        source = self._current()
        if source is not None:
            self._try(lambda: self._maps.remove(source.id))

    def _try(self, act: Callable[[], None]) -> None:
        try:
            act()
        except GridAdminError as refusal:
            self.fault.say(explain(refusal))
        else:
            self.fault.say("")
