"""Last page of an import: what came in, and what to do next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QWidget

from gridadmin.partition.snapshot import Snapshot
from ui.dialogs.import_facts import facts_of, headline
from ui.dialogs.import_preview_page import FactBoard
from ui.dialogs.task_dialog import Page
from ui.dialogs.words import Banner, label
from ui.texts import tr


class DonePage(Page):
    """A summary with the next steps as buttons."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.headline = label("", "heading")
        self.headline.setObjectName("done_headline")
        self.board = FactBoard()
        self.todo = Banner("warning")
        self.todo.setObjectName("todo")
        self.issues_button = _step("open_issues")
        self.issues_button.setText(tr("打开问题清单"))
        self.next_button = _step("next_layer")
        self.other_button = _step("other_file")
        self.other_button.setText(tr("导入另一个文件…"))
        self._title = label(tr("接下来"), "heading")
        for part in (self.headline, self.board, self._title, self.todo):
            self.body.addWidget(part)
        for button in (self.issues_button, self.next_button, self.other_button):
            self.body.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        self.body.addStretch()

    def first_field(self) -> QWidget:
        """Return the button of the next set of data where there is one."""
        return self.other_button if self.next_button.isHidden() else self.next_button

    def show_done(self, snapshot: Snapshot, told: Mapping[str, Any], next_words: str) -> None:
        """Say what came in; *next_words* names the next set of data of the file, if any."""
        self.headline.setText(headline(snapshot, told, is_done=True))
        self.board.show_facts(list(facts_of(told)))
        self.todo.say("\n".join(_to_do(told)))
        self.issues_button.setVisible(bool(self.todo.text))
        self.next_button.setText(tr("接着导入同一文件的{what}", what=next_words))
        self.next_button.setVisible(bool(next_words))


def _to_do(told: Mapping[str, Any]) -> list[str]:
    lines = []
    if told["disputed"]:
        lines.append(tr("{n} 处争议地块暂不归任何区域，要由您决定归谁。", n=len(told["disputed"])))
    if told["gaps"] and told["level"] != "frame":
        lines.append(tr("{n} 块土地没有归属：划给一个区域，或列为例外地块。", n=len(told["gaps"])))
    if told["left_out"]:
        lines.append(
            tr("{n} 行没有导入：在源文件里改好后可以再导入一次。", n=len(told["left_out"]))
        )
    return lines


def _step(name: str) -> QPushButton:
    button = QPushButton()
    button.setObjectName(name)
    button.setAutoDefault(True)
    return button
