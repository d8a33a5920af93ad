"""The bookmarks in a window of their own: keep the present view, go, rename, take away."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QButtonGroup,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ui.maps.bookmarks import Bookmarks, Kept
from ui.texts import tr

NUMBERED = 9
"""So many of the first are reached by Alt and a digit."""


class BookmarkDialog(QDialog):
    """The list, and a line above it that keeps the present view."""

    def __init__(self, marks: Bookmarks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._marks = marks
        self._shown: list[Kept] = []
        self._is_filling = False
        self.setObjectName("bookmarks")
        self.setWindowTitle(tr("书签"))
        self.name = QLineEdit(marks.suggested_name())
        self.name.setObjectName("bookmark_name")
        self.name.setAccessibleName(tr("书签名称"))
        self.name.selectAll()
        self.keep = QPushButton(tr("保存当前视图"))
        self.keep.setObjectName("bookmark_keep")
        self.keep.setDefault(True)
        self.of_project = QRadioButton(tr("随项目，大家都有"))
        self.own = QRadioButton(tr("只给自己"))
        self.group = QButtonGroup(self)
        why = marks.why_not_of_project()
        for button in (self.of_project, self.own):
            self.group.addButton(button)
        self.of_project.setEnabled(not why)
        self.of_project.setToolTip(why)
        (self.own if why else self.of_project).setChecked(True)
        self.table = self._made_table()
        self.buttons = {
            key: self._button(key, said, act)
            for key, said, act in (
                ("go", tr("前往"), self._go),
                ("rename", tr("重命名"), self._rename),
                ("owner", tr("改为自己的"), self._change_owner),
                ("drop", tr("删除"), self._drop),
            )
        }
        self._fill_layout()
        self.keep.clicked.connect(self._keep)
        self.table.itemSelectionChanged.connect(self._show_buttons)
        self.table.itemDoubleClicked.connect(self._go)
        self.table.itemChanged.connect(self._renamed)
        marks.changed.connect(self.show_marks)
        self.show_marks()
        self.resize(520, 420)
        self.name.setFocus()

    def _made_table(self) -> QTableWidget:
        table = QTableWidget(0, 3)
        table.setObjectName("bookmark_list")
        table.setAccessibleName(tr("书签"))
        table.setHorizontalHeaderLabels([tr("名称"), tr("给谁"), tr("快捷键")])
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        table.verticalHeader().hide()
        header = table.horizontalHeader()
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column in (1, 2):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        table.setTabKeyNavigation(False)
        return table

    def _button(self, key: str, said: str, act: object) -> QPushButton:
        button = QPushButton(said)
        button.setObjectName(f"bookmark_{key}")
        button.setAutoDefault(False)
        button.clicked.connect(act)
        return button

    def _fill_layout(self) -> None:
        top, whose, below = QHBoxLayout(), QHBoxLayout(), QHBoxLayout()
        label = QLabel(tr("名称"))
        label.setBuddy(self.name)
        top.addWidget(label)
        top.addWidget(self.name, 1)
        top.addWidget(self.keep)
        for button in (self.of_project, self.own):
            whose.addWidget(button)
        whose.addStretch(1)
        for push in self.buttons.values():
            below.addWidget(push)
        below.addStretch(1)
        close = QPushButton(tr("关闭"))
        close.setAutoDefault(False)
        close.clicked.connect(self.close)
        below.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 14)
        column.setSpacing(10)
        column.addLayout(top)
        column.addLayout(whose)
        column.addWidget(self.table, 1)
        column.addLayout(below)

    def show_marks(self) -> None:
        """List the bookmarks as they are now."""
        row = self.table.currentRow()
        self._shown = self._marks.all()
        self._is_filling = True
        self.table.setRowCount(len(self._shown))
        for number, kept in enumerate(self._shown):
            whose = tr("自己") if kept.is_own else tr("项目")
            keys = f"Alt+{number + 1}" if number < NUMBERED else ""
            for column, said in enumerate((kept.mark.name, whose, keys)):
                item = QTableWidgetItem(said)
                if column:
                    item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsEditable)
                self.table.setItem(number, column, item)
        self._is_filling = False
        if self._shown:
            self.table.selectRow(min(max(row, 0), len(self._shown) - 1))
        self._show_buttons()

    def _chosen(self) -> Kept | None:
        row = self.table.currentRow()
        return self._shown[row] if 0 <= row < len(self._shown) else None

    def _show_buttons(self) -> None:
        kept, why = self._chosen(), self._marks.why_not_of_project()
        for key, button in self.buttons.items():
            needs_project = kept is not None and (key == "owner" or not kept.is_own)
            stopped = why if needs_project and key != "go" else ""
            button.setEnabled(kept is not None and not stopped)
            button.setToolTip(stopped)
        if kept is not None:
            said = tr("改为随项目") if kept.is_own else tr("改为自己的")
            self.buttons["owner"].setText(said)

    def _keep(self) -> None:
        if self._marks.keep_view(self.name.text(), is_own=self.own.isChecked()):
            self.table.selectRow(self.table.rowCount() - 1)

    def _go(self) -> None:
        kept = self._chosen()
        if kept is not None:
            self._marks.go(kept)

    def _rename(self) -> None:
        item = self.table.item(self.table.currentRow(), 0)
        if item is not None:
            self.table.setFocus()
            self.table.editItem(item)

    def _renamed(self, item: QTableWidgetItem) -> None:
        if self._is_filling or item.column():
            return
        if not self._marks.rename(self._shown[item.row()], item.text()):
            self.show_marks()

    def _change_owner(self) -> None:
        kept = self._chosen()
        if kept is not None:
            self._marks.change_owner(kept)

    def _drop(self) -> None:
        kept = self._chosen()
        if kept is not None:
            self._marks.drop(kept)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go by Enter, take away by Delete, where the list has the keys."""
        holder = QApplication.focusWidget()
        if holder is not None and holder is not self.table and self.table.isAncestorOf(holder):
            # Enter ends the name that is being written, and no view is kept by it.
            event.accept()
        elif self.table.hasFocus() and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._go()
        elif self.table.hasFocus() and event.key() == Qt.Key.Key_Delete:
            if self.buttons["drop"].isEnabled():
                self._drop()
        else:
            super().keyPressEvent(event)
