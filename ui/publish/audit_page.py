"""The page of deliveries: what was sent where, when, by whom, for whom, and how it ended."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from gridadmin.domain.delivery import Delivery
from ui.dialogs.change_table import ChangeModel, ChangeRow, ChangeTable
from ui.panels.parts import label
from ui.publish import words
from ui.publish.desk import PublishDesk
from ui.publish.panel import action_button
from ui.texts import tr


class AuditPage(QWidget):
    """All deliveries, the newest first; nothing in it can be changed."""

    def __init__(self, desk: PublishDesk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        headings = (
            tr("时间"), tr("版本"), tr("目标"), tr("给谁看"), tr("状态"), tr("文件"),
            tr("校验码"), tr("谁"), tr("结果"),
        )  # fmt: skip
        self.model = ChangeModel(headings, [], can_choose=False)
        self.table = ChangeTable(self.model, (9, 4, 8, 5, 6, 15, 8, 5, 15))
        self.table.setObjectName("deliveries")
        self.table.setAccessibleName(tr("发送记录"))
        self.table.setFrameShape(self.table.Shape.NoFrame)
        self.said = label("", "quiet", wraps=True)
        head = QHBoxLayout()
        head.setContentsMargins(12, 6, 8, 4)
        head.addWidget(self.said, 1)
        head.addWidget(action_button(desk, "publish.audit"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.table, 1)
        desk.records.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show the deliveries that there are now."""
        deliveries = self._desk.records.deliveries
        self.model.set_rows([_row(one) for one in deliveries])
        self.table.setVisible(bool(deliveries))
        self.said.setText(
            tr("{n} 次发送。记录不能修改，撤销也不会去掉。", n=f"{len(deliveries):,}")
            if deliveries
            else tr("还没有向任何目标发送过。")
        )


def _row(one: Delivery) -> ChangeRow:
    return ChangeRow(
        (
            words.moment(one.changed),
            words.number(one.release),
            one.target,
            words.profile(one.profile),
            words.state(one),
            one.file,
            words.short(one.sha256),
            one.author,
            one.sentence,
        ),
        one,
    )
