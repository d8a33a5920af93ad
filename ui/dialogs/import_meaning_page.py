"""Second page of an import: what the set of data is."""

from __future__ import annotations

from collections import Counter
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QFormLayout,
    QFrame,
    QLineEdit,
    QRadioButton,
    QWidget,
)

from gridadmin.app.import_guess import (
    SPECIAL,
    LevelGuess,
    fitting_shapes,
    has_only_points,
    importable_levels,
)
from gridadmin.exchange.reference_kinds import LEVELS as REFERENCE_LEVELS
from gridadmin.exchange.source import FeatureTable
from gridadmin.partition.snapshot import Snapshot
from ui.dialogs.import_words import guess_words, meaning_hint, meaning_words
from ui.dialogs.task_dialog import Page
from ui.dialogs.words import HintedChoices, Sentence, label
from ui.texts import tr


class MeaningPage(Page):
    """The levels of the scheme and what else land can be, one of which is to be chosen."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._group = QButtonGroup(self)
        self._levels: dict[QRadioButton, str] = {}
        self._has_land = True
        self._has_frame = False
        self._guess = label("")
        self._guess.setObjectName("guess")
        self._box = HintedChoices()
        self.replaces = QCheckBox()
        self.replaces.setObjectName("replaces")
        self.exempt = _ExemptFields()
        self.exempt.changed.connect(self.changed)
        self.body.addWidget(label(tr("这组数据是什么？"), "heading"))
        self.body.addWidget(self._guess)
        self.body.addWidget(self._box)
        self.body.addWidget(self.exempt)
        self.body.addWidget(self.replaces)
        self.body.addStretch()
        self._group.buttonToggled.connect(self._toggled)
        self.replaces.toggled.connect(self.changed)

    @property
    def level(self) -> str | None:
        """What is chosen: a level of the scheme or one of ``SPECIAL``."""
        button = self._group.checkedButton()
        return self._levels.get(button) if isinstance(button, QRadioButton) else None

    def first_field(self) -> QWidget:
        """Return the chosen button, else the first that can be chosen."""
        chosen = self._group.checkedButton()
        if isinstance(chosen, QRadioButton):
            return chosen
        return next((button for button in self._levels if button.isEnabled()), self._box)

    def why_not(self) -> str:
        """Return what is missing, in words; empty when nothing is."""
        if self.level is None:
            return tr("请选择这组数据是什么。")
        return self.exempt.why_not() if self.level == "exempt" else ""

    def show_levels(
        self,
        snapshot: Snapshot,
        table: FeatureTable,
        guess: LevelGuess | None,
        wide: FeatureTable | None = None,
    ) -> None:
        """Offer what the project knows; the guess is chosen, and said to be one."""
        self._has_land, self._has_frame = table.has_land, snapshot.has_frame
        is_points = has_only_points(table)
        self._clear()
        self.replaces.setChecked(False)
        counts = Counter(area.level for area in snapshot.areas())
        shapes = table if wide is None else wide
        for level in (*importable_levels(snapshot), *SPECIAL):
            if level in REFERENCE_LEVELS:
                reason = "" if fitting_shapes(shapes, level) else _why_no_shapes(level)
            else:
                reason = _why_not_level(level, has_land=table.has_land)
                if is_points:
                    reason = tr("只有点，没有画出范围。")
            hint = reason or meaning_hint(snapshot, level, counts[level])
            self._add(level, meaning_words(snapshot, level), hint)
            button = next(b for b, known in self._levels.items() if known == level)
            button.setEnabled(not reason)
            if guess is not None and guess.level == level and not reason:
                button.setChecked(True)
        said = guess_words(snapshot, guess if self.level is not None else None)
        if is_points and self.level is None:
            said = tr("这组数据只有点，没有画出区域的范围：可以作为楼栋导入，不能作为区域。")
        self._guess.setText(said)
        self._toggled()

    def _clear(self) -> None:
        for button in self._levels:
            self._group.removeButton(button)
        self._levels.clear()
        self._box.clear()

    def _add(self, level: str, words: str, hint: str) -> None:
        button = QRadioButton(words)
        button.setObjectName(f"level_{level}")
        self._levels[button] = level
        self._group.addButton(button)
        self._box.add(button, hint)

    def _toggled(self) -> None:
        level = self.level
        self.exempt.setVisible(level == "exempt")
        is_area = level is not None and level not in SPECIAL
        if level == "frame":
            self.replaces.setText(tr("替换已有外框"))
        else:
            self.replaces.setText(tr("已有的区域也改用文件里的边界"))
        is_object = level in REFERENCE_LEVELS
        if is_object:
            self.replaces.setText(tr("移除文件里没有的同类对象"))
        self.replaces.setVisible(
            (level == "frame" and self._has_frame) or (is_area and self._has_land) or is_object
        )
        self.changed.emit()


def _why_no_shapes(level: str) -> str:
    if level == "buildings":
        return tr("这组数据没有面，也没有点。")
    if level == "compounds":
        return tr("这组数据没有画出范围的面。")
    return tr("这组数据没有线。")


def _why_not_level(level: str, *, has_land: bool) -> str:
    if level in ("frame", "exempt", "context") and not has_land:
        return tr("这组数据没有画出区域的图形，不能用作这一项。")
    return ""


class _ExemptFields(QFrame):
    """Reason, approver and end of exempt land."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.reason = QLineEdit()
        self.reason.setObjectName("exempt_reason")
        self.reason.setPlaceholderText(tr("如 水面、营区"))
        self.approver = QLineEdit()
        self.approver.setObjectName("exempt_approver")
        self.until = QLineEdit()
        self.until.setObjectName("exempt_until")
        self.until.setPlaceholderText(tr("如 2030-12-31；长期的留空"))
        self.fault = Sentence()
        form = QFormLayout(self)
        form.setContentsMargins(12, 10, 12, 12)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        for words, field in (
            (tr("事由"), self.reason),
            (tr("批准人"), self.approver),
            (tr("有效期至"), self.until),
        ):
            field.setAccessibleName(words)
            form.addRow(words, field)
            field.textChanged.connect(self._judge)
        form.addRow(self.fault)

    def why_not(self) -> str:
        """Return what is missing or wrong, in words."""
        if not self.reason.text().strip() or not self.approver.text().strip():
            return tr("例外地块要写明事由和批准人。")
        return self._wrong_date()

    def _wrong_date(self) -> str:
        text = self.until.text().strip()
        if not text:
            return ""
        try:
            date.fromisoformat(text)
        except ValueError:
            return tr("日期要写成 2030-12-31 这样。")
        return ""

    def _judge(self) -> None:
        self.fault.say(self._wrong_date())
        self.changed.emit()
