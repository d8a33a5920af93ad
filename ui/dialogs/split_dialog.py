"""Split areas into equal parts, or along roads and rivers, with the parts shown beforehand."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QComboBox,
    QFormLayout,
    QHeaderView,
    QSpinBox,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from gridadmin.domain.scheme import Band
from gridadmin.edit.command import Command
from gridadmin.edit.document import Done
from gridadmin.edit.papers import NO_PAPERS
from gridadmin.edit.split_commands import SplitByLines, SplitEqually
from gridadmin.partition.figures import households_of
from ui.canvas.overlay import Role, Tag, Thing
from ui.context import Context
from ui.dialogs.papers_fields import PapersFields, take_papers
from ui.dialogs.preview_dialog import FieldPage, PreviewDialog
from ui.dialogs.words import label
from ui.panels import words
from ui.panels.project_index import ProjectIndex
from ui.texts import mark, tr
from ui.tools.shapes import area_outline

_WAYS = (
    ("households", mark("户数相等的几份")),
    ("land", mark("面积相等的几份")),
    ("roads", mark("沿道路")),
    ("rivers", mark("沿河流")),
    ("railways", mark("沿铁路")),
    ("all", mark("沿道路、河流和铁路")),
)
_EQUAL = ("households", "land")
_DIRECTIONS = (
    ("auto", mark("自动（沿长边）")),
    ("ew", mark("从西到东")),
    ("ns", mark("从北到南")),
)
_CHILDREN = (("cut", mark("切开下级区域")), ("whole", mark("下级区域保持完整")))
_KEEPS = (
    ("larger", mark("面积最大的一份")),
    ("households", mark("户数最多的一份")),
    ("first", mark("第一份")),
)
_NAME, _HOUSEHOLDS, _LAND = range(3)


class SplitDialog(PreviewDialog):
    """How to split, and the parts in a table whose names can be changed."""

    def __init__(
        self, context: Context, areas: Sequence[str], parent: QWidget | None = None
    ) -> None:
        super().__init__(context, tr("分成几份"), parent)
        self.setObjectName("split_dialog")
        self._areas = tuple(areas)
        self._names: dict[int, str] = {}
        self._last_fields: tuple[object, ...] = ()
        self._is_filling = False
        self.way = _choices("split_way", tr("怎样分"), _WAYS)
        self.parts = QSpinBox()
        self.parts.setObjectName("split_parts")
        self.parts.setAccessibleName(tr("份数"))
        self.parts.setRange(2, 99)
        self.direction = _choices("split_direction", tr("排列方向"), _DIRECTIONS)
        self.least = QSpinBox()
        self.least.setObjectName("split_least")
        self.least.setAccessibleName(tr("最小面积"))
        self.least.setRange(0, 10_000_000)
        self.least.setSingleStep(500)
        self.least.setValue(1000)
        self.least.setSuffix(" m²")
        for spin in (self.parts, self.least):
            spin.lineEdit().setTextMargins(6, 0, 0, 0)
        self.empty = QCheckBox(tr("没有楼栋的部分并入相邻部分"))
        self.empty.setObjectName("split_empty")
        self.empty.setChecked(True)
        self.below = _choices("split_children", tr("下级区域"), _CHILDREN)
        self.keep = _choices("split_keep", tr("原区域保留"), _KEEPS)
        self.table = QTableWidget(0, 3)
        self._make_table()
        self._make_page()
        self.main_button.setText(tr("分割"))
        for box in (self.way, self.direction, self.below, self.keep):
            box.currentIndexChanged.connect(self._choose)
        for spin in (self.parts, self.least):
            spin.valueChanged.connect(self._choose)
        self.empty.toggled.connect(self._choose)
        self.table.cellChanged.connect(self._named)
        self._choose()

    def _make_table(self) -> None:
        self.table.setObjectName("split_table")
        self.table.setAccessibleName(tr("分出的部分"))
        self.table.setHorizontalHeaderLabels([tr("名称"), tr("户数"), tr("面积")])
        self.table.setMinimumHeight(self.fontMetrics().height() * 10)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setTabKeyNavigation(False)
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(_NAME, QHeaderView.ResizeMode.Stretch)
        for column in (_HOUSEHOLDS, _LAND):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)

    def _make_page(self) -> None:
        self.page = FieldPage()
        self.page.first = self.way
        self.form = QFormLayout()
        self.form.setVerticalSpacing(6)
        for field in (self.way, self.parts, self.direction, self.least):
            self.form.addRow(label(field.accessibleName(), "quiet", field), field)
        self.form.addRow(self.empty)
        for field in (self.below, self.keep):
            self.form.addRow(label(field.accessibleName(), "quiet", field), field)
        snapshot = self._context.bridge.snapshot
        self.papers: PapersFields | None = None
        if take_papers(snapshot, [snapshot.area(uid) for uid in self._areas]):
            self.papers = PapersFields(self.renew)
            self.papers.add_to(self.form)
        names = [words.name_of_uid(self._context.bridge.snapshot, uid) for uid in self._areas]
        self.page.body.addWidget(label(tr("、").join(names), "heading"))
        self.page.body.addLayout(self.form)
        self.page.body.addWidget(self.said)
        self.page.body.addWidget(self.table, 1)
        self.pages.addWidget(self.page)

    @property
    def _is_equal(self) -> bool:
        return self.way.currentData() in _EQUAL

    def _choose(self) -> None:
        for field in (self.parts, self.direction):
            self.form.setRowVisible(field, self._is_equal)
        for other in (self.least, self.empty):
            self.form.setRowVisible(other, not self._is_equal)
        fields = self._fields()
        if fields != self._last_fields:
            # Enter in a field of figures comes here too, though it changes nothing.
            self._last_fields = fields
            self._names.clear()
        self.renew()

    def _fields(self) -> tuple[object, ...]:
        boxes = (self.way, self.direction, self.below, self.keep)
        spins = self.parts.value(), self.least.value()
        return (*(box.currentData() for box in boxes), *spins, self.empty.isChecked())

    def _named(self, row: int, column: int) -> None:
        item = self.table.item(row, column)
        if self._is_filling or column != _NAME or item is None:
            return
        number = item.data(Qt.ItemDataRole.UserRole)
        if number is not None and item.text().strip():
            self._names[int(number)] = item.text().strip()
            self.renew()

    def why_not(self) -> str:
        """Return why there is nothing to split."""
        why = "" if self.papers is None else self.papers.why_not()
        if why:
            return why
        known = self._context.bridge.snapshot.rows("area")
        is_there = all(uid in known and known[uid].valid_to is None for uid in self._areas)
        return "" if is_there else tr("要分割的区域已经不在了。")

    def command(self) -> Command:
        """Return the command of the fields."""
        children, keep = self.below.currentData(), self.keep.currentData()
        names = self._wanted_names()
        papers = NO_PAPERS if self.papers is None else self.papers.papers()
        if self._is_equal:
            return SplitEqually(
                self._areas,
                self.parts.value(),
                self.way.currentData(),
                self.direction.currentData(),
                children,
                keep,
                names,
                papers,
            )
        return SplitByLines(
            self._areas,
            self.way.currentData(),
            float(self.least.value()),
            not self.empty.isChecked(),
            children,
            "larger" if keep == "first" else keep,
            names,
            papers,
        )

    def _wanted_names(self) -> list[str]:
        """Return the names of the new parts up to the last that somebody changed."""
        if not self._names:
            return []
        made = self._made_names
        return [self._names.get(n, made[n]) for n in range(min(len(made), max(self._names) + 1))]

    _made_names: Sequence[str] = ()

    def show_nothing(self) -> None:
        """Empty the table."""
        self.table.setRowCount(0)
        self.said.say("")

    def show_done(self, done: Done) -> Sequence[Thing]:
        """Fill the table and return the outlines and figures of the parts."""
        snapshot = done.after
        parts = [uid for one in dict(done.change.told)["parts"] for uid in one]
        fresh = [uid for uid in parts if uid not in self._areas]
        if not self._names:
            self._made_names = [snapshot.area(uid).name for uid in fresh]
        is_counted = ProjectIndex.of(self._context).is_counted
        things: list[Thing] = []
        self._is_filling = True
        self.table.setRowCount(len(parts))
        for row, uid in enumerate(parts):
            area = snapshot.area(uid)
            count = households_of(snapshot, area)[0] if is_counted else None
            band = snapshot.scheme.band_of(area.level, area.kind, area.area_class)
            number = fresh.index(uid) if uid in fresh else None
            self._put(row, _NAME, area.name, number)
            self._put(row, _HOUSEHOLDS, words.households(count) + _fit(count, band))
            self._put(row, _LAND, words.land(snapshot.land_twice_mm2(uid) / 2_000_000))
            things += area_outline(snapshot, [uid], Role.AFTER)
            things.append(self._tag(done, uid, str(row + 1), words.households(count)))
        self._is_filling = False
        self.said.say(tr("分成 {n} 份；双击或按 F2 修改名称。", n=len(parts)))
        return things

    def _tag(self, done: Done, uid: str, number: str, households: str) -> Tag:
        from gridadmin.base.ids import oid_of
        from gridadmin.partition.land_alone import in_mm
        from gridadmin.partition.walk import land_parts

        land = in_mm(land_parts(done.after.partition, oid_of(uid)))
        middle = land.representative_point()
        return Tag((middle.x / 1000, middle.y / 1000), [(number, households)])

    def _put(self, row: int, column: int, text: str, number: int | None = None) -> None:
        item = QTableWidgetItem(text)
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if number is not None:
            flags |= Qt.ItemFlag.ItemIsEditable
            item.setData(Qt.ItemDataRole.UserRole, number)
        item.setFlags(flags)
        if column != _NAME:
            item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.table.setItem(row, column, item)


def _fit(count: int | None, band: Band | None) -> str:
    if count is None or band is None or band.holds(count):
        return ""
    return tr("（偏少）") if count < band.low else tr("（偏多）")


def _choices(name: str, title: str, rows: Sequence[tuple[str, str]]) -> QComboBox:
    box = QComboBox()
    box.setObjectName(name)
    box.setAccessibleName(title)
    for key, said in rows:
        box.addItem(tr(said), key)
    return box
