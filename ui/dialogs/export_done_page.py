"""What an export has written, and where to find it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QWidget

from gridadmin.app.exporting import Exported
from gridadmin.partition.snapshot import Snapshot
from ui.dialogs.export_choice_page import layer_words
from ui.dialogs.task_dialog import Page
from ui.dialogs.words import Banner, breakable, card, label
from ui.texts import tr


class ExportDonePage(Page):
    """What was written, and a button that shows it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = label(tr("已导出。"), "heading")
        self.layers = label("")
        self.layers.setObjectName("written_layers")
        self.files = label("", "quiet")
        self.files.setObjectName("written_files")
        self.files.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.warning = Banner("warning")
        self.folder_button = QPushButton(tr("打开所在文件夹"))
        self.folder_button.setObjectName("open_folder")
        self.folder_button.setAutoDefault(True)
        box, _ = card(self.layers, self.files)
        for part in (self._title, box, self.warning):
            self.body.addWidget(part)
        self.body.addWidget(self.folder_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.body.addStretch()

    def first_field(self) -> QWidget:
        """Return the button that shows the files."""
        return self.folder_button

    def show_written(self, snapshot: Snapshot, exported: Exported) -> None:
        """Say what was written."""
        lines = [
            tr("{name}　{n} 个", name=layer_words(snapshot, key), n=f"{count:,}")
            for key, count in exported.layers
        ]
        self.layers.setText("\n".join(lines))
        self.files.setText(breakable("\n".join(str(path) for path in exported.files)))
        disputed, lost = exported.disputed_faces, exported.lost_letters
        said = [
            tr("{n} 处争议地块不在任何区域里。", n=disputed) if disputed else "",
            lost_letters(lost),
        ]
        self.warning.say("\n".join(one for one in said if one), "warning")


def lost_letters(count: int) -> str:
    """Return how many letters GBK couldn't say; empty when it could say all."""
    return tr("有 {n} 个字 GBK 里没有，写成了 〓。", n=f"{count:,}") if count else ""
