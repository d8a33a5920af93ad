"""Last page of a roster's import: what was written, and what is left to mend."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QWidget

from gridadmin.exchange.roster_preview import RosterPreview
from ui.dialogs.import_preview_page import FactBoard
from ui.dialogs.task_dialog import Page
from ui.dialogs.words import Banner, label
from ui.people.roster_problems_page import facts_of
from ui.texts import tr


class RosterDonePage(Page):
    """A summary; rows that were left out can be saved as a marked copy."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.headline = label("", "heading")
        self.headline.setObjectName("done_headline")
        self.board = FactBoard()
        self.left = Banner("warning")
        self.left.setObjectName("left_out")
        self.save_button = QPushButton(tr("另存标出问题的 Excel…"))
        self.save_button.setObjectName("save_marked_after")
        self.save_button.setAutoDefault(False)
        for part in (self.headline, self.board, self.left):
            self.body.addWidget(part)
        self.body.addWidget(self.save_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.body.addWidget(label(tr("整个导入是一步，可以撤销。"), "quiet"))
        self.body.addStretch()

    def show_done(self, preview: RosterPreview) -> None:
        """Say what was written and what wasn't."""
        self.headline.setText(tr("已写入 {n} 行", n=f"{preview.good:,}"))
        self.board.show_facts(facts_of(preview))
        left = preview.rows - preview.good
        words = tr("{n} 行没有写入。改好后再导入一次，已写入的不会重复。", n=f"{left:,}")
        self.left.say(words if left else "")
        self.save_button.setVisible(bool(preview.problems))
