"""Third page of an import: which column says what, and how coordinates are read."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFrame, QGridLayout, QWidget

from gridadmin.app.import_guess import samples
from gridadmin.exchange.columns import guess_columns
from gridadmin.exchange.reference_columns import guess_reference_columns
from gridadmin.exchange.reference_kinds import LEVELS as REFERENCE_LEVELS
from gridadmin.exchange.source import FeatureTable
from ui.dialogs.crs_choice import CrsChoice
from ui.dialogs.task_dialog import Page
from ui.dialogs.words import ElidedLabel, label
from ui.texts import tr

ROLES = ("code", "name", "parent")
OBJECT_ROLES = (
    *("class", "type", "households", "floors", "entrances", "address", "compound", "source_id"),
)
"""Further columns of reference objects; their ids stand in ``source_id``."""


class ColumnsPage(Page):
    """Code, name and parent with samples of their values, and the CRS in words."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._table: FeatureTable | None = None
        self.fields = {role: _ColumnField(role) for role in (*ROLES, *OBJECT_ROLES)}
        self._box = QFrame()
        self._box.setProperty("role", "card")
        grid = QGridLayout(self._box)
        grid.setContentsMargins(12, 10, 12, 10)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        words = _role_words()
        for role, field in self.fields.items():
            field.box.setAccessibleName(tr("{role}所在的列", role=words[role]))
            row = grid.rowCount()
            field.title = label(words[role], buddy=field.box)
            grid.addWidget(field.title, row, 0)
            grid.addWidget(field.box, row, 1)
            grid.addWidget(field.told, row + 1, 1)
            field.box.currentIndexChanged.connect(self.changed)
        self.crs = CrsChoice()
        self._columns_title = label(tr("哪一列是什么？"), "heading")
        self._crs_title = label(tr("位置怎么读？"), "heading")
        self._guess = label(tr("下面是猜测，请看一看每列的样例，不对就改选。"), "quiet")
        for part in (self._columns_title, self._guess, self._box, self._crs_title, self.crs):
            self.body.addWidget(part)
        self.body.addStretch()
        self.crs.changed.connect(self.changed)

    def first_field(self) -> QWidget:
        """Return the question when one is open, else the first column."""
        if self.crs.isVisibleTo(self) and self.crs.is_asking:
            return self.crs.first_field()
        return next(
            (field.box for field in self.fields.values() if field.box.isVisibleTo(self)),
            self.fields["code"].box,
        )

    def why_not(self) -> str:
        """Return what is missing, in words."""
        return tr("请选择位置怎么读。") if self.crs.is_asking else ""

    def column(self, role: str) -> str:
        """Return the chosen column of a role; empty for none."""
        return self.fields[role].column

    def show_table(
        self, table: FeatureTable, roles: tuple[str, ...], level: str | None = None
    ) -> None:
        """Offer the columns of a table for *roles*, the guessed ones chosen."""
        self._table = table
        is_object = level in REFERENCE_LEVELS
        if is_object and level is not None:
            guessed = guess_reference_columns(table, level)
        else:
            guess = guess_columns(table.columns)
            guessed = {role: getattr(guess, role) or "" for role in ROLES}
        for role, field in self.fields.items():
            field.show_columns(table, guessed.get(role, "") if role in roles else "")
            field.box.setEnabled(role in roles)
            # What areas have is always shown; what only objects have, where it is asked for.
            field.set_visible(role in roles or (role in ROLES and not is_object))
        has_columns = bool(roles)
        for part in (self._columns_title, self._guess, self._box):
            part.setVisible(has_columns)
        self._crs_title.setVisible(table.has_land)
        self.crs.setVisible(table.has_land)


def _role_words() -> dict[str, str]:
    return {
        "code": tr("编码"),
        "name": tr("名称"),
        "parent": tr("上级"),
        "class": tr("道路等级"),
        "type": tr("类型"),
        "households": tr("户数"),
        "floors": tr("层数"),
        "entrances": tr("单元"),
        "address": tr("地址"),
        "compound": tr("所属小区"),
        "source_id": tr("编号"),
    }


class _ColumnField:
    """A box of columns and, below it, what stands in the chosen one."""

    def __init__(self, role: str) -> None:
        self.box = QComboBox()
        self.box.setObjectName(f"column_{role}")
        self.box.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.told = ElidedLabel()
        self.told.setProperty("role", "quiet")
        self.told.setObjectName(f"samples_{role}")
        self.title: QWidget = self.told
        self._table: FeatureTable | None = None
        self.box.currentIndexChanged.connect(self._tell)

    @property
    def column(self) -> str:
        """The chosen column, empty for none."""
        return str(self.box.currentData() or "")

    def set_visible(self, is_visible: bool) -> None:
        """Show or hide the whole row."""
        for part in (self.box, self.told, self.title):
            part.setVisible(is_visible)

    def show_columns(self, table: FeatureTable, guessed: str) -> None:
        """Offer the columns of a table."""
        self._table = table
        self.box.blockSignals(True)
        self.box.clear()
        self.box.addItem(tr("（没有这一列）"), "")
        for column in table.columns:
            self.box.addItem(column, column)
        self.box.setCurrentIndex(max(self.box.findData(guessed), 0))
        self.box.blockSignals(False)
        self._tell()

    def _tell(self) -> None:
        if self._table is None or not self.column:
            self.told.say("")
            return
        values = samples(self._table, self.column)
        shown = tr("、").join(values) if values else tr("（都是空的）")
        self.told.say(tr("样例：{values}", values=shown))
