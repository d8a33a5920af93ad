"""The page of deliveries on their way: what waits, what is being sent, what was refused and why."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from gridadmin.publish.outbox import Item, is_kept
from ui.dialogs.busy_strip import BusyStrip
from ui.dialogs.change_table import ChangeModel, ChangeRow, ChangeTable
from ui.panels.parts import label
from ui.publish import words
from ui.publish.desk import PublishDesk
from ui.publish.panel import action_button
from ui.texts import tr

BUTTONS = ("publish.queue_send", "publish.queue_cancel")


class QueuePage(QWidget):
    """The outbox of the open project, with the progress of what is being sent."""

    chosen_changed = Signal()

    def __init__(self, desk: PublishDesk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._items: list[Item] = []
        headings = (
            tr("版本"),
            tr("目标"),
            tr("给谁看"),
            tr("状态"),
            tr("次数"),
            tr("时间"),
            tr("原因"),
        )
        self.model = ChangeModel(headings, [], can_choose=False)
        self.table = ChangeTable(self.model, (5, 11, 6, 6, 4, 10, 24))
        self.table.setObjectName("outbox")
        self.table.setAccessibleName(tr("待发队列"))
        self.table.setFrameShape(self.table.Shape.NoFrame)
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self.chosen_changed.emit())
        self.said = label("", "quiet", wraps=True)
        self.strip = BusyStrip()
        self.strip.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        head = QHBoxLayout()
        head.setContentsMargins(12, 6, 8, 4)
        head.setSpacing(6)
        head.addWidget(self.said, 1)
        for key in BUTTONS:
            head.addWidget(action_button(desk, key))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.strip)
        column.addWidget(self.table, 1)
        column.addStretch()
        desk.post.changed.connect(self.refresh)
        desk.post.sending.connect(self.strip.follow)
        if desk.post.at_work is not None:
            self.strip.follow(desk.post.at_work)
        self.refresh()

    @property
    def chosen(self) -> Item | None:
        """The delivery that is chosen."""
        row = self.table.currentIndex().row()
        return self._items[row] if 0 <= row < len(self._items) else None

    def refresh(self) -> None:
        """Show what is on its way now."""
        uid = None if self.chosen is None else self.chosen.uid
        self._items = self._desk.post.items
        self.model.set_rows([_row(item) for item in self._items])
        self.table.setVisible(bool(self._items))
        uids = [item.uid for item in self._items]
        if uids:
            self.table.selectRow(uids.index(uid) if uid in uids else 0)
        self.said.setText(_summary(self._items))
        self.chosen_changed.emit()


def _summary(items: list[Item]) -> str:
    """Return what becomes of the deliveries: not all of them are tried again."""
    if not items:
        return tr("没有等待发送的成果。")
    kept = sum(map(is_kept, items))
    said = []
    if kept:
        text = tr("{n} 份成果在路上。连不上时自动再试，重新打开程序后接着发。", n=f"{kept:,}")
        said.append(text)
    if kept < len(items):
        text = tr("{n} 份没有发成，不会自动再试，请看原因。", n=f"{len(items) - kept:,}")
        said.append(text)
    return " ".join(said)


def _row(item: Item) -> ChangeRow:
    return ChangeRow(
        (
            words.number(item.release.number),
            item.target,
            words.profile(item.release.profile),
            words.state(item.delivery),
            f"{item.attempts:,}",
            words.moment(item.changed),
            item.sentence,
        ),
        item,
    )
