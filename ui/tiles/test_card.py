"""What a test of a base map brought: one tile, or the sentence why there is none."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from ui.dialogs.words import label
from ui.texts import tr
from ui.tiles.probe import Probed

_PICTURE_PX = 116
"""Larger, and the dialog would not fit on a screen 768 pixels high."""


class TestCard(QWidget):
    """A button that asks for a tile, the tile and what is said of it."""

    __test__ = False

    def __init__(self) -> None:
        super().__init__()
        self.test = QPushButton(tr("测试"))
        self.test.setObjectName("test_source")
        self.test.setAutoDefault(False)
        self.picture = QLabel()
        self.picture.setObjectName("test_picture")
        self.picture.setAccessibleName(tr("测试取到的图块"))
        self.picture.setFixedSize(QSize(_PICTURE_PX, _PICTURE_PX))
        self.picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.picture.setProperty("role", "card")
        self.said = label("", "quiet")
        self.said.setObjectName("test_words")
        below = QVBoxLayout()
        below.addWidget(self.test, 0, Qt.AlignmentFlag.AlignLeft)
        below.addWidget(self.said)
        below.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(self.picture)
        row.addLayout(below, 1)

    def say(self, words: str) -> None:
        """Show words alone."""
        self.picture.clear()
        self.said.setText(words)

    def show_probed(self, found: Probed) -> None:
        """Show what came."""
        self.say(found.words)
        if found.picture is not None:
            size = self.picture.size() * self.devicePixelRatioF()
            shown = QPixmap.fromImage(found.picture).scaled(
                size,
                Qt.AspectRatioMode.KeepAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            )
            shown.setDevicePixelRatio(self.devicePixelRatioF())
            self.picture.setPixmap(shown)
