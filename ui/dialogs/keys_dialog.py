"""All shortcuts on one page: those of the commands, and those that work on the map."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from ui.actions import Actions
from ui.menus.spec import MENUS
from ui.texts import mark, tr

ON_MAP: tuple[tuple[str, tuple[str, ...]], ...] = (
    (mark("平移地图"), (mark("空格 + 拖动"), mark("中键拖动"), mark("Ctrl + 方向键"))),
    (mark("放大、缩小"), (mark("滚轮"), "+", "-")),
    (mark("移动指针（不用鼠标）"), (mark("方向键"), mark("Shift + 方向键"))),
    (mark("在指针处点击"), (mark("回车"), mark("空格"))),
    (mark("取消正在做的事"), ("Esc",)),
)
ON_BORDER: tuple[tuple[str, tuple[str, ...]], ...] = (
    (mark("走到边界上的下一点、上一点"), ("Tab", "Shift+Tab")),
    (mark("移动选中的点；按住 Shift 移动十倍"), (mark("方向键"), mark("Shift + 方向键"))),
    (mark("加一点"), ("A", "Insert", mark("双击边界"))),
    (mark("删去选中的点"), ("Delete",)),
    (mark("暂时不捕捉"), ("Alt",)),
)


@dataclass(frozen=True)
class _Line:
    words: str
    keys: tuple[str, ...]

    @property
    def text(self) -> str:
        """Everything that it says, in small letters."""
        return " ".join((self.words, *self.keys)).lower()


class KeysDialog(QDialog):
    """The shortcuts by menu, with a field that leaves out what doesn't fit."""

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("keys_dialog")
        self.setWindowTitle(tr("快捷键一览"))
        self.setMinimumSize(QSize(480, 420))
        self.filter = QLineEdit()
        self.filter.setObjectName("keys_filter")
        self.filter.setPlaceholderText(tr("筛选：输入操作或按键"))
        self.filter.setAccessibleName(tr("筛选快捷键"))
        self.filter.setClearButtonEnabled(True)
        self.filter.textChanged.connect(self.show_fitting)
        self._nothing = QLabel(tr("没有符合的快捷键。"))
        self._nothing.setProperty("role", "quiet")
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        page = QWidget()
        page.setProperty("role", "page")
        groups = QVBoxLayout(page)
        groups.setContentsMargins(20, 4, 20, 16)
        groups.setSpacing(10)
        self._groups: list[tuple[QFrame, list[tuple[QWidget, _Line]]]] = []
        for title, lines in _groups_of(actions):
            groups.addWidget(self._group(title, lines))
        groups.addWidget(self._nothing)
        groups.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(page)
        scroll.setAccessibleName(tr("快捷键一览"))
        head = QVBoxLayout()
        head.setContentsMargins(20, 16, 20, 8)
        head.addWidget(self.filter)
        foot = QHBoxLayout()
        foot.setContentsMargins(20, 8, 20, 14)
        close = QPushButton(tr("关闭"))
        close.setObjectName("close_keys")
        close.clicked.connect(self.accept)
        close.setAutoDefault(False)
        foot.addStretch(1)
        foot.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(scroll, 1)
        column.addLayout(foot)
        wide = page.minimumSizeHint().width() + scroll.verticalScrollBar().sizeHint().width()
        self.resize(QSize(max(560, wide), 680))
        self.show_fitting("")

    def _group(self, title: str, lines: Sequence[_Line]) -> QWidget:
        card = QFrame()
        card.setProperty("role", "card")
        column = QVBoxLayout(card)
        column.setContentsMargins(16, 10, 16, 12)
        column.setSpacing(4)
        heading = QLabel(title)
        heading.setProperty("role", "heading")
        column.addWidget(heading)
        made = []
        for line in lines:
            widget = _line_widget(line)
            column.addWidget(widget)
            made.append((widget, line))
        self._groups.append((card, made))
        return card

    def show_fitting(self, text: str) -> None:
        """Show the lines that fit *text*, all when it is empty."""
        shown = 0
        for card, made in self._groups:
            fitting = 0
            for widget, line in made:
                is_fitting = all(word in line.text for word in text.lower().split())
                widget.setVisible(is_fitting)
                fitting += is_fitting
            card.setVisible(fitting > 0)
            shown += fitting
        self._nothing.setVisible(shown == 0)

    def shown(self) -> list[str]:
        """Return the words of the lines that are shown."""
        return [
            line.words
            for card, made in self._groups
            if not card.isHidden()
            for widget, line in made
            if not widget.isHidden()
        ]


def _groups_of(actions: Actions) -> Iterator[tuple[str, list[_Line]]]:
    for menu in MENUS:
        lines = []
        for spec in actions.table:
            if spec.menu == menu and spec.shortcuts:
                keys = tuple(
                    QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)
                    for key in spec.shortcuts
                )
                lines.append(_Line(tr(spec.words).rstrip("…"), keys))
        if lines:
            yield tr(menu), lines
    for title, rows in ((tr("在地图上"), ON_MAP), (tr("调整边界时"), ON_BORDER)):
        yield title, [_Line(tr(words), tuple(map(_spoken, keys))) for words, keys in rows]


def _spoken(key: str) -> str:
    return key if key.isascii() else tr(key)


def _line_widget(line: _Line) -> QWidget:
    widget = QWidget()
    row = QHBoxLayout(widget)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(6)
    words = QLabel(line.words)
    words.setWordWrap(True)
    row.addWidget(words, 1)
    for key in line.keys:
        label = QLabel(key)
        label.setProperty("role", "key")
        row.addWidget(label)
    widget.setAccessibleName(f"{line.words}: {', '.join(line.keys)}")
    return widget
