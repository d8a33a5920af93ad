"""The page of work packages: what was handed out, for which area, and whether it came back."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from gridadmin.app.work_package import packages_of
from ui.dialogs.change_table import ChangeModel, ChangeRow, ChangeTable
from ui.panels import words as panel_words
from ui.panels.parts import label
from ui.publish import words
from ui.publish.desk import PublishDesk
from ui.publish.panel import action_button
from ui.texts import tr


class PackagesPage(QWidget):
    """All work packages that the project handed out, the newest first."""

    def __init__(self, desk: PublishDesk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        headings = (tr("区域"), tr("编码"), tr("发出时间"), tr("谁"), tr("文件"), tr("收回时间"))
        self.model = ChangeModel(headings, [], can_choose=False)
        self.table = ChangeTable(self.model, (10, 9, 9, 6, 16, 9))
        self.table.setObjectName("work_packages")
        self.table.setAccessibleName(tr("工作包"))
        self.table.setFrameShape(self.table.Shape.NoFrame)
        self.said = label("", "quiet", wraps=True)
        head = QHBoxLayout()
        head.setContentsMargins(12, 6, 8, 4)
        head.setSpacing(6)
        head.addWidget(self.said, 1)
        for key in ("publish.hand_out", "publish.take_in"):
            head.addWidget(action_button(desk, key))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.table, 1)
        column.addStretch(0)
        desk.bridge.opened.connect(self.refresh)
        desk.bridge.changed.connect(self._follow)
        self.refresh()

    def _follow(self, _: object) -> None:
        self.refresh()

    def refresh(self) -> None:
        """Show the packages that there are now."""
        bridge = self._desk.bridge
        packages = packages_of(bridge.snapshot) if bridge.is_open else []
        rows = [_row(one) for one in packages]
        self.model.set_rows(rows)
        self.table.setVisible(bool(rows))
        self.said.setText(
            tr("把一个街道发出去各自修改，收回时两边的改动合在一起。")
            if rows
            else tr(
                "还没有发出过工作包。工作包是一个街道（或社区）自己的项目文件：外框锁定，"
                "邻区只供参看；收回时两边的改动合在一起，都改过的逐处选择。"
            )
        )


def _row(one: dict[str, Any]) -> ChangeRow:
    back = one.get("taken_in")
    return ChangeRow(
        (
            str(one.get("name", "")),
            str(one.get("code") or panel_words.UNKNOWN),
            words.moment(str(one.get("made_at", ""))),
            str(one.get("author", "")),
            str(one.get("file", "")),
            words.moment(str(back)) if back else tr("还没有收回"),
        ),
        one,
    )
