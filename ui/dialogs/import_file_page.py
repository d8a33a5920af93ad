"""First page of an import: the file, and which of its sets of data."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QFrame,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from gridadmin.exchange.source import SourceLayer
from ui.dialogs.import_words import count_words, kind_words
from ui.dialogs.task_dialog import Page
from ui.dialogs.words import ElidedLabel, label
from ui.texts import tr
from ui.tips import plain_tip

_NAME = Qt.ItemDataRole.UserRole


class DropArea(QFrame):
    """A box with a button; a file may be dropped onto it."""

    dropped = Signal(object)
    """The path of a file."""

    def __init__(self, words: str = "", formats: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.setAcceptDrops(True)
        self.button = QPushButton(tr("选择文件…"))
        self.button.setObjectName("choose_file")
        self.button.setProperty("role", "primary")
        self.button.setAutoDefault(True)
        self.path = ElidedLabel()
        self.path.setObjectName("file_path")
        self.path.setProperty("role", "quiet")
        self.path.hide()
        usual = tr("GeoPackage、Shapefile、GeoJSON、KML、DXF、MapInfo 等；没有图形的名单用 CSV。")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(8)
        layout.addWidget(label(words or tr("选一个边界文件，或把文件拖到这里。")))
        layout.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(label(formats or usual, "quiet"))
        layout.addWidget(self.path)

    def show_path(self, path: Path) -> None:
        """Show which file is chosen."""
        self.path.say(str(path))
        self.path.show()
        self.button.setText(tr("换一个文件…"))
        self.button.setProperty("role", "")
        self.button.style().unpolish(self.button)
        self.button.style().polish(self.button)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take one file of this computer."""
        if _file_of(event) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Hand the file on."""
        path = _file_of(event)
        if path is not None:
            event.acceptProposedAction()
            self.dropped.emit(path)


def _file_of(event: QDropEvent) -> Path | None:
    urls = event.mimeData().urls()
    if len(urls) != 1 or not urls[0].isLocalFile():
        return None
    return Path(urls[0].toLocalFile())


class FilePage(Page):
    """The file and its sets of data; those that hold areas come as they are in the file."""

    chosen = Signal()
    """Another set of data is chosen, or none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAcceptDrops(False)
        self.drop = DropArea()
        self._title = label("", "heading")
        self.layers = QTreeWidget()
        self.layers.setObjectName("layers")
        self.layers.setAccessibleName(tr("文件里的数据"))
        self.layers.setHeaderLabels([tr("名称"), tr("内容"), tr("数量"), ""])
        self.layers.setRootIsDecorated(False)
        self.layers.setUniformRowHeights(True)
        self.layers.setMinimumHeight(self.fontMetrics().height() * 8)
        self.body.addWidget(label(tr("哪个文件？"), "heading"))
        self.body.addWidget(self.drop)
        self.body.addWidget(self._title)
        self.body.addWidget(self.layers, 1)
        self._filler = QWidget()
        self.body.addWidget(self._filler, 1)
        self.layers.currentItemChanged.connect(lambda *_: self.chosen.emit())
        self._show_layers(visible=False)

    @property
    def layer(self) -> str | None:
        """The name of the chosen set of data."""
        item = self.layers.currentItem()
        return None if item is None else str(item.data(0, _NAME))

    def first_field(self) -> QWidget:
        """Return the list when there is one, else the button."""
        return self.layers if self.layers.topLevelItemCount() else self.drop.button

    def show_layers(
        self, path: Path, layers: Sequence[SourceLayer], chosen: str | None, done: Sequence[str]
    ) -> None:
        """List the layers of a file; *done* are imported already."""
        self.drop.show_path(path)
        self.layers.blockSignals(True)
        self.layers.clear()
        for layer in layers:
            mark = tr("已导入") if layer.name in done else ""
            words = [layer.name, kind_words(layer), count_words(layer), mark]
            item = QTreeWidgetItem(words)
            item.setData(0, _NAME, layer.name)
            item.setToolTip(0, plain_tip(layer.name))
            self.layers.addTopLevelItem(item)
        for column in range(3):
            self.layers.resizeColumnToContents(column)
        self.layers.blockSignals(False)
        self._title.setText(tr("文件里有 {n} 组数据，选一组", n=len(layers)))
        self._show_layers(visible=bool(layers))
        self.choose(chosen)
        self.chosen.emit()

    def choose(self, layer: str | None) -> None:
        """Choose a set of data by its name."""
        for row in range(self.layers.topLevelItemCount()):
            item = self.layers.topLevelItem(row)
            if item is not None and item.data(0, _NAME) == layer:
                self.layers.setCurrentItem(item)

    def clear(self) -> None:
        """Forget the layers: the file can't be used."""
        self.layers.clear()
        self._show_layers(visible=False)
        self.chosen.emit()

    def _show_layers(self, *, visible: bool) -> None:
        self._title.setVisible(visible)
        self.layers.setVisible(visible)
        self._filler.setVisible(not visible)
