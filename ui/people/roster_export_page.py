"""What of the roster is written, for whom, and where to."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QGridLayout,
    QHBoxLayout,
    QRadioButton,
    QWidget,
)

from gridadmin.domain.export_note import Profile
from gridadmin.exchange.roster_sheet import columns_for
from ui.context import Context
from ui.dialogs.place_field import PlaceField
from ui.dialogs.task_dialog import Page
from ui.dialogs.words import Banner, HintedChoices, card, discard, label, shortened
from ui.people.roster_words import meaning_words
from ui.texts import mark, tr

_PROFILES = (
    (
        Profile.PUBLIC,
        mark("公开"),
        mark("姓名、岗位、职责和办公电话；手机号只留前三位和后四位。可以张贴、上报、发给外单位。"),
    ),
    (
        Profile.INTERNAL,
        mark("内部"),
        mark("除备注外的全部内容，含完整手机号；没有岗位的人也在内。只在本单位使用。"),
    ),
)
_FORMATS = ((".xlsx", mark("Excel（.xlsx）")), (".csv", mark("CSV")))
_ACROSS = 4


class RosterExportPage(Page):
    """Profile, scope, columns, format and place."""

    changed = Signal()

    def __init__(self, context: Context, folder: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._area = _selected_area(context)
        self._profiles: dict[QRadioButton, Profile] = {}
        self._formats: dict[QRadioButton, str] = {}
        self._columns: dict[str, QCheckBox] = {}
        self._unwanted: set[str] = set()
        self.place = PlaceField(folder, _FORMATS[0][0])
        self.warning = Banner("warning")
        self.warning.setObjectName("internal_warning")
        self.whole = QRadioButton(tr("整个项目"))
        self.whole.setObjectName("whole")
        self.whole.setChecked(True)
        self.part = QRadioButton()
        self.part.setObjectName("part")
        self._column_box, column_list = card()
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(14)
        self._grid.setVerticalSpacing(3)
        column_list.addLayout(self._grid)
        self._standing = Banner("warning")
        self._standing.setObjectName("standing")
        self.replaces = QCheckBox(tr("替换"))
        self.replaces.setObjectName("replaces")
        self._build()
        self._profile_changed()

    @property
    def profile(self) -> Profile:
        """For whom it is."""
        return next(one for button, one in self._profiles.items() if button.isChecked())

    @property
    def area(self) -> str | None:
        """The uid of the area to which it is limited, None for the whole project."""
        return self._area if self.part.isChecked() else None

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that are wanted."""
        return tuple(key for key, box in self._columns.items() if box.isChecked())

    def first_field(self) -> QWidget:
        """Return the chosen profile."""
        return next(button for button in self._profiles if button.isChecked())

    def why_not(self) -> str:
        """Return what is missing, in words."""
        why = self.place.why_not()
        if not why and not self.columns:
            return tr("请至少选一列。")
        if not why and self.place.path.exists() and not self.replaces.isChecked():
            return tr("文件已经存在。")
        return why

    def _build(self) -> None:
        profiles = HintedChoices()
        group = QButtonGroup(self)
        for profile, name, hint in _PROFILES:
            button = QRadioButton(tr(name))
            button.setObjectName(f"profile_{profile}")
            button.setChecked(profile is Profile.PUBLIC)
            group.addButton(button)
            profiles.add(button, tr(hint))
            self._profiles[button] = profile
        group.buttonToggled.connect(self._profile_changed)
        scope, _ = card(self.whole, self.part)
        scopes = QButtonGroup(self)
        for button in (self.whole, self.part):
            scopes.addButton(button)
        self._name_part()
        formats, format_list = card()
        format_row = QHBoxLayout()
        format_row.setSpacing(24)
        format_list.addLayout(format_row)
        format_group = QButtonGroup(self)
        for suffix, name in _FORMATS:
            button = QRadioButton(tr(name))
            button.setObjectName(f"format_{suffix[1:]}")
            button.setChecked(suffix == _FORMATS[0][0])
            format_group.addButton(button)
            format_row.addWidget(button)
            self._formats[button] = suffix
        format_row.addStretch()
        format_group.buttonToggled.connect(self._format_changed)
        for words, part in (
            (tr("给谁看"), profiles),
            ("", self.warning),
            (tr("范围"), scope),
            (tr("列"), self._column_box),
            (tr("格式"), formats),
            (tr("保存在"), self.place),
            ("", self._standing),
        ):
            if words:
                self.body.addWidget(label(words, "heading"))
            self.body.addWidget(part)
        self.body.addWidget(self.replaces, 0, Qt.AlignmentFlag.AlignLeft)
        self.body.addStretch()
        self.place.changed.connect(self._place_changed)
        self.replaces.toggled.connect(self.changed)
        self.whole.toggled.connect(self.changed)

    def _name_part(self) -> None:
        if self._area is None:
            self.part.setText(tr("只导出选中的区域（先在地图或左侧选一个）"))
            self.part.setEnabled(False)
            return
        name = self._context.bridge.snapshot.area(self._area).name
        self.part.setText(tr("只导出“{name}”和它的下级", name=shortened(name)))

    def _profile_changed(self) -> None:
        if not any(button.isChecked() for button in self._profiles):
            return
        is_internal = self.profile is Profile.INTERNAL
        words = tr("内部名册含完整手机号，请勿外传。谁在何时导出会记入项目。")
        self.warning.say(words if is_internal else "")
        for box in self._columns.values():
            discard(box)
        self._columns.clear()
        snapshot = self._context.bridge.snapshot
        for number, column in enumerate(columns_for(snapshot, self.profile)):
            box = QCheckBox(meaning_words(column.key))
            box.setObjectName(f"column_{column.key}")
            box.setChecked(column.key not in self._unwanted)
            box.toggled.connect(lambda is_on, key=column.key: self._toggle(key, is_on=is_on))
            self._columns[column.key] = box
            self._grid.addWidget(box, number // _ACROSS, number % _ACROSS)
        self.changed.emit()

    def _toggle(self, key: str, *, is_on: bool) -> None:
        (self._unwanted.discard if is_on else self._unwanted.add)(key)
        self.changed.emit()

    def _format_changed(self) -> None:
        chosen: Mapping[bool, str] = {
            button.isChecked(): suffix for button, suffix in self._formats.items()
        }
        if True in chosen:
            self.place.set_suffix(chosen[True])
            self._place_changed()

    def _place_changed(self) -> None:
        path = self.place.path
        is_there = not self.place.why_not() and path.exists()
        words = tr("“{file}”已经存在；要替换它，请勾选下面一项。", file=path.name)
        self._standing.say(words if is_there else "")
        self.replaces.setVisible(is_there)
        self.changed.emit()


def _selected_area(context: Context) -> str | None:
    uid = context.selection.area
    return uid if uid is not None and uid in context.bridge.snapshot.rows("area") else None
