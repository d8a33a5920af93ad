"""Choosing the scheme of a new project: the shipped ones, or a file of the user's."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFileDialog,
    QGridLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSizePolicy,
    QWidget,
)

from gridadmin.base.errors import SchemeError
from gridadmin.domain.scheme import Scheme
from gridadmin.domain.scheme_loader import available_schemes, load_scheme
from ui.dialogs.scheme_words import scheme_name, scheme_paragraph
from ui.dialogs.words import Sentence, card, label
from ui.texts import explain, tr
from ui.tips import plain_tip

_KEY = Qt.ItemDataRole.UserRole
_ROWS = 6


class SchemeChooser(QWidget):
    """A list of schemes with a few sentences on the chosen one."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._schemes: dict[str, Scheme] = {}
        self.list = QListWidget()
        self.list.setObjectName("schemes")
        self.list.setAccessibleName(tr("方案"))
        self.list.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._title = label("", "heading")
        self._words = label("", "quiet")
        self._fault = Sentence()
        self.file_button = QPushButton(tr("用自己的方案文件…"))
        self.file_button.setObjectName("scheme_file")
        self.file_button.setProperty("role", "link")
        self.file_button.setAutoDefault(False)
        self.file_button.setToolTip(tr("选一个 .toml 方案文件；它可以在现有方案上修改。"))
        self.file_button.clicked.connect(self._ask_for_file)
        box, inside = card(self._title, self._words)
        inside.addStretch()
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.list, 0, 0)
        layout.addWidget(box, 0, 1)
        layout.addWidget(self.file_button, 1, 0, 1, 2, Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(self._fault, 2, 0, 1, 2)
        layout.setColumnStretch(0, 2)
        layout.setColumnStretch(1, 3)
        self._fill()
        self.list.currentItemChanged.connect(self._show)
        self.list.setCurrentRow(0)

    @property
    def key(self) -> str:
        """The name of the chosen scheme, or the path of the user's file."""
        return str(self.list.currentItem().data(_KEY)) if self.list.currentRow() >= 0 else ""

    @property
    def scheme(self) -> Scheme | None:
        """The chosen scheme."""
        return self._schemes.get(self.key)

    def take_file(self, path: Path) -> None:
        """Offer and choose a scheme file of the user's; a faulty one is told here."""
        self._fault.say("")
        try:
            scheme = load_scheme(path)
        except SchemeError as fault:
            self._fault.say(explain(fault))
            return
        self._add(str(path), scheme, f"{scheme_name(scheme)} · {path.name}")
        self.list.setCurrentRow(self.list.count() - 1)

    def _fill(self) -> None:
        for known in available_schemes():
            if known.fault is None:
                scheme = load_scheme(known.path)
                self._add(known.key, scheme, scheme_name(scheme))
        row = max(self.list.sizeHintForRow(0), self.fontMetrics().height() + 8)
        self.list.setMinimumHeight(_ROWS * row + 2 * self.list.frameWidth() + 4)
        self.list.setMinimumWidth(self.list.sizeHintForColumn(0) + 2 * self.list.frameWidth() + 24)
        self.list.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.MinimumExpanding)

    def _add(self, key: str, scheme: Scheme, words: str) -> None:
        self._schemes[key] = scheme
        item = QListWidgetItem(words)
        item.setData(_KEY, key)
        item.setToolTip(plain_tip(key if key.endswith(".toml") else scheme.source.place))
        self.list.addItem(item)

    def _show(self) -> None:
        scheme = self.scheme
        if scheme is not None:
            self._title.setText(scheme_name(scheme))
            self._words.setText(scheme_paragraph(scheme))
        self.changed.emit()

    def _ask_for_file(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, tr("选择方案文件"), "", tr("方案文件 (*.toml)"))
        if name:
            self.take_file(Path(name))
