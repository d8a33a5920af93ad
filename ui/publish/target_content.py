"""What a target gets, as fields of its form: levels, one place, tables, names of columns."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QCheckBox, QFileDialog, QGridLayout, QHBoxLayout, QLineEdit, QWidget

from gridadmin.base.errors import GridAdminError
from gridadmin.domain.export_note import Profile
from gridadmin.domain.model import CELL_LEVEL
from gridadmin.exchange.project_package import LAYERS
from gridadmin.publish.choice import INTERNAL_TABLES
from gridadmin.publish.mapping import mapping_of, mapping_table
from gridadmin.publish.target_book import TABLES, TargetSetting
from ui.dialogs.words import ElidedLabel, shortened
from ui.panels.parts import ElidedButton
from ui.people.form import Fields
from ui.texts import explain, mark, sentence, tr

_COLUMNS = 4
_EXEMPT = "exempt"
_LEVELS = (*LAYERS, CELL_LEVEL, _EXEMPT)
_TABLE_WORDS = {
    "posts": mark("岗位人员表"),
    "organizations": mark("单位表"),
    "issues": mark("问题清单"),
}


class TargetContent(QObject):
    """The fields; what they say is taken over by :meth:`said`."""

    refused = Signal(str)
    """A mapping can't be used, and why; empty when one can."""

    def __init__(self, chosen_area: tuple[str, str] | None, parent: QWidget) -> None:
        super().__init__(parent)
        self._parent = parent
        self._before = TargetSetting("", "")
        self._mapping: Mapping[str, Any] = {}
        self._usual: tuple[str, ...] = ()
        self.levels = {key: _box(f"level_{key}", _level_words(key)) for key in _LEVELS}
        self.tables = {key: _box(f"table_{key}", tr(_TABLE_WORDS[key])) for key in TABLES}
        self.tables["posts"].setToolTip(tr("公开版里只有姓名和办公电话。"))
        self.area = QLineEdit()
        self.area.setPlaceholderText(tr("空白：整个项目"))
        self.area.setToolTip(tr("区域的编码；只发布它和它的下级。"))
        self._area_row = _row(self.area)
        if chosen_area is not None:
            code, name = chosen_area
            said = tr("填入“{name}”", name=shortened(name))
            self.take_area = ElidedButton(said, lambda: self.area.setText(code))
            self.take_area.setObjectName("take_area")
            self.take_area.setAutoDefault(False)
            _add(self._area_row, self.take_area)
        self.names = ElidedLabel()
        self.names.setProperty("role", "quiet")
        self.names.setObjectName("mapping_names")
        choose = ElidedButton(tr("选择映射文件…"), self._ask_for_mapping)
        choose.setObjectName("choose_mapping")
        self.forget = ElidedButton(tr("用本来的名称"), lambda: self._take({}))
        self.forget.setObjectName("forget_mapping")
        self._mapping_row = _row(self.names)
        for button in (self.forget, choose):
            button.setAutoDefault(False)
            _add(self._mapping_row, button)

    def put_into(self, fields: Fields) -> None:
        """Put the fields below those that are there."""
        fields.put("levels", tr("层级"), _grid(self.levels))
        fields.put("area", tr("范围"), self._area_row)
        self.area.setAccessibleName(tr("范围"))
        fields.put("tables", tr("附表"), _grid(self.tables))
        fields.put("mapping", tr("列名和代码"), self._mapping_row)

    def fill(self, setting: TargetSetting) -> None:
        """Show what a target gets until now."""
        self._before = setting
        for key, box in self.levels.items():
            box.setChecked(not setting.levels or key in setting.levels)
        self._usual = _usual_tables(setting.profile)
        self._tick(self._usual if setting.tables is None else setting.tables)
        self.area.setText(setting.area)
        self._take(setting.mapping)

    def follow(self, profile: str) -> None:
        """Offer the tables that are usual for a profile, unless others were chosen."""
        usual = _usual_tables(profile)
        if set(self._chosen_tables()) == set(self._usual):
            self._tick(usual)
        self._usual = usual

    def why_not(self) -> str:
        """Return what is missing; empty when nothing is."""
        chosen = any(box.isChecked() for box in self.levels.values())
        return "" if chosen else tr("请至少选一个层级。")

    def said(self) -> dict[str, Any]:
        """Return the settings that the fields say; what wasn't touched is as it was."""
        return {
            "levels": self._levels_said(),
            "area": self.area.text().strip(),
            "tables": self._tables_said(),
            "mapping": self._mapping,
        }

    def _levels_said(self) -> tuple[str, ...]:
        chosen = tuple(key for key, box in self.levels.items() if box.isChecked())
        before = self._before.levels
        if set(before) == set(chosen):
            return before
        return () if len(chosen) == len(self.levels) else chosen

    def _tables_said(self) -> tuple[str, ...] | None:
        chosen, before = self._chosen_tables(), self._before.tables
        if before is not None and set(before) == set(chosen):
            return before
        return None if set(chosen) == set(self._usual) else chosen

    def _chosen_tables(self) -> tuple[str, ...]:
        return tuple(key for key, box in self.tables.items() if box.isChecked())

    def _tick(self, tables: tuple[str, ...]) -> None:
        for key, box in self.tables.items():
            box.setChecked(key in tables)

    def _ask_for_mapping(self) -> None:
        picked, _ = QFileDialog.getOpenFileName(
            self._parent, tr("选择映射文件"), "", "TOML (*.toml)"
        )
        if picked:
            self.take_mapping(Path(picked))

    def take_mapping(self, path: Path) -> None:
        """Use the names and code lists of a file; they are kept with the target."""
        try:
            self._take(mapping_table(path))
        except GridAdminError as error:
            self.refused.emit(explain(error))

    def _take(self, table: Mapping[str, Any]) -> None:
        try:
            mapping = mapping_of(table, self._before.name)
        except GridAdminError as error:
            # Written by hand, and wrong: it stays until another one is chosen.
            said = explain(error)
        else:
            said = tr("列名和代码不变。")
            if not mapping.is_plain:
                said = tr(
                    "另用名称 {names} 个，代码表 {lists} 个，不带的列 {left_out} 个。",
                    names=len(mapping.layers) + len(mapping.columns),
                    lists=len(mapping.values),
                    left_out=len(mapping.leave_out),
                )
        self._mapping = table
        self.names.say(said)
        self.forget.setVisible(bool(table))
        self.refused.emit("")


def _usual_tables(profile: str) -> tuple[str, ...]:
    return INTERNAL_TABLES if profile == Profile.INTERNAL else ()


def _level_words(key: str) -> str:
    said = tr("例外地块") if key == _EXEMPT else sentence(f"level.{key}")
    return said[:1].upper() + said[1:]


def _box(name: str, said: str) -> QCheckBox:
    box = QCheckBox(said)
    box.setObjectName(name)
    return box


def _grid(boxes: Mapping[str, QCheckBox]) -> QWidget:
    made = QWidget()
    grid = QGridLayout(made)
    grid.setContentsMargins(0, 2, 0, 2)
    grid.setHorizontalSpacing(14)
    grid.setVerticalSpacing(4)
    for place, box in enumerate(boxes.values()):
        grid.addWidget(box, place // _COLUMNS, place % _COLUMNS)
        grid.setColumnStretch(place % _COLUMNS, 1)
    return made


def _row(first: QWidget) -> QWidget:
    made = QWidget()
    row = QHBoxLayout(made)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(6)
    row.addWidget(first, 1)
    return made


def _add(row: QWidget, widget: QWidget) -> None:
    layout = row.layout()
    if layout is not None:
        layout.addWidget(widget)
