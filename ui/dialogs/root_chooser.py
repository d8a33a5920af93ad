"""Choosing what a new project covers: an area of the list of base units, or only a name."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from gridadmin.app.root_search import RootChoice, find_roots, listed_counts, root_choice
from gridadmin.base.errors import InputError
from gridadmin.domain.scheme import Scheme
from ui.dialogs.words import Sentence, label
from ui.texts import explain, sentence, tr

_CHOICE = Qt.ItemDataRole.UserRole
_ROWS = 4
_CODE = re.compile(r"\d{4,12}")


class RootChooser(QWidget):
    """Search field, matches, and what will be listed; or no list at all."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._levels: Sequence[str] = ()
        self._suggested: Sequence[RootChoice] = ()
        self.from_list = QRadioButton(tr("从村居名录中选"))
        self.from_list.setObjectName("from_list")
        self.name_only = QRadioButton(tr("不用名录，只起一个名称"))
        self.name_only.setObjectName("name_only")
        self.from_list.setChecked(True)
        group = QButtonGroup(self)
        group.addButton(self.from_list)
        group.addButton(self.name_only)
        self.search = QLineEdit()
        self.search.setObjectName("root_search")
        self.search.setPlaceholderText(tr("名称或代码，如 新都 或 510114"))
        self.search.setAccessibleName(tr("查找项目范围：名称或代码"))
        self.search.setClearButtonEnabled(True)
        self.matches = QListWidget()
        self.matches.setObjectName("root_matches")
        self.matches.setAccessibleName(tr("找到的区县、镇街、村和社区"))
        self.with_units = QCheckBox(tr("同时列出它的镇街、村和社区"))
        self.with_units.setObjectName("with_units")
        self.with_units.setChecked(True)
        self.told = label("", "quiet")
        self.told.setObjectName("root_told")
        self.fault = Sentence()
        self.fault.setObjectName("root_fault")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        for part in (
            self.from_list,
            self.search,
            self.matches,
            self.with_units,
            self.told,
            self.fault,
            self.name_only,
        ):
            layout.addWidget(part)
        row = self.fontMetrics().height() + 10
        self.matches.setFixedHeight(_ROWS * row + 6)
        self.search.textChanged.connect(self._search)
        self.search.installEventFilter(self)
        self.matches.currentItemChanged.connect(self._tell)
        self.with_units.toggled.connect(self._tell)
        self.from_list.toggled.connect(self._switch)

    @property
    def choice(self) -> RootChoice | None:
        """The chosen area of the list; None when none is chosen, or only a name is wanted."""
        item = self.matches.currentItem()
        if self.name_only.isChecked() or item is None:
            return None
        found: RootChoice = item.data(_CHOICE)
        return found

    @property
    def is_name_only(self) -> bool:
        """Whether no list is wanted."""
        return self.name_only.isChecked()

    def why_not(self) -> str:
        """Return why this can't be taken, in words; empty when it can."""
        if self.is_name_only or (self.choice is not None and self.fault.isHidden()):
            return ""
        return tr("请选择项目范围。")

    def take_scheme(self, scheme: Scheme) -> None:
        """Search by the levels of a scheme from now on, and offer the places it is made for."""
        self._levels = tuple(level.key for level in scheme.present_levels)
        places = [root_choice(code, self._levels) for code in _CODE.findall(scheme.source.place)]
        self._suggested = [place for place in places if place is not None]
        self._search()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the arrow keys move through the matches while typing."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
            if step is not None and self.matches.count():
                row = self.matches.currentRow() + step
                self.matches.setCurrentRow(min(max(row, 0), self.matches.count() - 1))
                return True
        return super().eventFilter(watched, event)

    def _search(self) -> None:
        text = self.search.text()
        found = find_roots(text, self._levels) if text.strip() else self._suggested
        self.matches.blockSignals(True)
        self.matches.clear()
        for choice in found:
            item = QListWidgetItem(_line(choice))
            item.setData(_CHOICE, choice)
            self.matches.addItem(item)
        self.matches.blockSignals(False)
        if found:
            self.matches.setCurrentRow(0)
        self._tell()

    def _switch(self) -> None:
        # What a name alone doesn't need makes room, so that the rest is in view.
        for part in (self.search, self.matches, self.with_units):
            part.setVisible(self.from_list.isChecked())
        self._tell()

    def _tell(self) -> None:
        self.fault.say("")
        choice = self.choice
        if self.is_name_only:
            self.told.setText(tr("项目从一个空的区域开始，下级随边界文件导入。"))
        elif choice is None:
            text = self.search.text().strip()
            self.told.setText(
                tr("名录里没有“{text}”。可换一个写法，或不用名录。", text=text)
                if text
                else tr("名录收有龙港、新都、市南、沙河口、西岗、三元、沙县七地。")
            )
        else:
            self._tell_choice(choice)
        self.changed.emit()

    def _tell_choice(self, choice: RootChoice) -> None:
        try:
            counts = listed_counts(choice.code, self._levels)
        except InputError as fault:
            self.told.setText("")
            self.fault.say(explain(fault))
            return
        if not choice.is_listed:
            self.told.setText(tr("这个代码不在名录里：只建它一个区域，下级随边界文件导入。"))
        elif not self.with_units.isChecked():
            self.told.setText(tr("只建“{name}”一个区域，下级随边界文件导入。", name=choice.name))
        else:
            self.told.setText(_counts_line(counts))


def _line(choice: RootChoice) -> str:
    if not choice.is_listed:
        return tr("{code}　不在名录里", code=choice.code)
    level = sentence(f"level.{choice.level}")
    parts = [choice.code, choice.name, level, choice.above]
    return "　".join(part for part in parts if part)


def _counts_line(counts: Mapping[str, int]) -> str:
    words = (
        ("city", tr("{n} 市", n=counts.get("city"))),
        ("district", tr("{n} 区县", n=counts.get("district"))),
        ("street", tr("{n} 镇街", n=counts.get("street"))),
        ("community", tr("{n} 个村和社区", n=counts.get("community"))),
    )
    said = [part for level, part in words if counts.get(level)]
    return tr("{areas}将列出。", areas=tr("、").join(said))
