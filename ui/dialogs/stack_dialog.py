"""Divide a micro-grid by entrances and floors, change how stacked ones are divided, undo it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QMessageBox,
    QPushButton,
    QSpinBox,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from gridadmin.app.area_facts import Fit, fit_of
from gridadmin.app.stack_plan import StackPlan
from gridadmin.base.errors import GridAdminError
from gridadmin.domain.model import CELL_LEVEL, Area, Land
from gridadmin.edit.command import Command
from gridadmin.edit.document import Done
from gridadmin.edit.restack_command import Restack
from gridadmin.edit.stack_commands import Share, Stack, StackPart, Unstack, shares_of
from gridadmin.partition.snapshot import Snapshot
from ui.canvas.overlay import Role, Tag, Thing
from ui.context import Context
from ui.dialogs.preview_dialog import FieldPage, PreviewDialog
from ui.dialogs.stack_parts import PartRow, StackParts
from ui.dialogs.stack_tree import StackTree
from ui.dialogs.words import label
from ui.panels import stack_words, words
from ui.texts import explain, tr
from ui.tools.shapes import area_outline

_WIDTH_EM, _HEIGHT_EM = 56, 36
_MOST_TAGS = 12


class StackDialog(PreviewDialog):
    """Buildings with entrances and floors on the left, the micro-grids that get them right."""

    def __init__(self, context: Context, area: Area, parent: QWidget | None = None) -> None:
        super().__init__(context, tr("按单元和楼层划分"), parent)
        self.setObjectName("stack_dialog")
        snapshot = context.bridge.snapshot
        self._sharing = sharing_of(snapshot, area)
        self._area = self._sharing[0] if self._sharing else area
        self._land = self._area.cell or area.uid
        area = self._area
        self._band = snapshot.scheme.band_of("micro_grid", area.kind, area.area_class)
        held = [shares_of(snapshot, one.uid) for one in self._sharing]
        self._plan = StackPlan(snapshot, self._land, held)
        self._names: dict[int, str] = {}
        self._made: Sequence[str] = ()
        self.tree = StackTree()
        self.table = StackParts(can_name=not self._sharing)
        self.parts = QSpinBox()
        self.equal = QPushButton(tr("按户数相等分配"))
        self.low, self.high = QSpinBox(), QSpinBox()
        self.give, self.take = QPushButton(), QPushButton(tr("取消归属"))
        self.keeper = QComboBox()
        self.unstack = QPushButton(tr("还原为一个微网格…"))
        self._name_fields()
        self._make_page()
        self._connect()
        self.main_button.setText(tr("保存") if self._sharing else tr("划分"))
        self._show_plan()

    # Making

    def _name_fields(self) -> None:
        for field, name, said in (
            (self.parts, "stack_count", tr("份数")),
            (self.equal, "stack_equal", tr("按户数相等分配")),
            (self.low, "stack_low", tr("从第几层")),
            (self.high, "stack_high", tr("到第几层")),
            (self.give, "stack_give", tr("归入所选的一份")),
            (self.take, "stack_take", tr("取消归属")),
            (self.keeper, "stack_keeper", tr("还原后保留")),
            (self.unstack, "stack_unstack", tr("还原为一个微网格…")),
        ):
            field.setObjectName(name)
            field.setAccessibleName(said)
        for spin in (self.parts, self.low, self.high):
            spin.lineEdit().setTextMargins(6, 0, 0, 0)
        self.parts.setRange(2, 99)
        self.parts.setValue(len(self._sharing) or 2)
        for button in (self.equal, self.give, self.take, self.unstack):
            button.setAutoDefault(False)
        self.equal.setToolTip(tr("单元不够分时按楼层分。"))
        for one in self._sharing:
            self.keeper.addItem(words.name_of(one), one.uid)

    def _make_page(self) -> None:
        page = FieldPage()
        page.first = self.tree
        page.body.addWidget(label(self._title(), "heading"))
        top = QHBoxLayout()
        if self._sharing:
            top.addWidget(label(tr("还原后保留"), "quiet", self.keeper))
            top.addWidget(self.keeper)
            top.addWidget(self.unstack)
        else:
            top.addWidget(label(tr("份数"), "quiet", self.parts))
            top.addWidget(self.parts)
        top.addStretch(1)
        top.addWidget(label(words.band(self._band), "quiet"))
        top.addWidget(self.equal)
        page.body.addLayout(top)
        sides = QSplitter(Qt.Orientation.Horizontal)
        sides.setChildrenCollapsible(False)
        left = self._left()
        sides.addWidget(left)
        sides.addWidget(self.table)
        em = self.fontMetrics().height()
        for side, (pane, least_em) in enumerate(((left, 20), (self.table, 21))):
            pane.setMinimumWidth(least_em * em)
            sides.setStretchFactor(side, 1)
        self.table.setMinimumHeight(10 * em)
        page.body.addWidget(sides, 1)
        hint = tr("拖到右边的一份上，或按数字键归入；0 或 Delete 取消归属。")
        page.body.addWidget(label(hint, "quiet"))
        page.body.addWidget(self.said)
        self.pages.addWidget(page)

    def _title(self) -> str:
        shown = self._context.bridge.snapshot.area(self._land)
        return words.name_of(shown)

    def _left(self) -> QWidget:
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.tree, 1)
        row = QHBoxLayout()
        row.addWidget(label(tr("楼层"), "quiet", self.low))
        row.addWidget(self.low)
        row.addWidget(label("–", "quiet"))
        row.addWidget(self.high)
        row.addStretch(1)
        column.addLayout(row)
        buttons = QHBoxLayout()
        buttons.addWidget(self.give, 1)
        buttons.addWidget(self.take, 1)
        column.addLayout(buttons)
        return left

    def _connect(self) -> None:
        self.tree.part_wanted.connect(self._give)
        self.tree.itemSelectionChanged.connect(self._show_selection)
        self.table.given.connect(self._give)
        self.table.named.connect(self._take_name)
        self.table.currentCellChanged.connect(self._show_selection)
        self.give.clicked.connect(self._give_chosen)
        self.take.clicked.connect(self._take_back)
        self.parts.valueChanged.connect(self._count)
        self.equal.clicked.connect(self._propose)
        self.low.valueChanged.connect(self.high.setMinimum)
        self.unstack.clicked.connect(self._ask_unstack)

    # What is done

    def _give(self, part: int) -> None:
        """Give what is selected, within the chosen floors, to a part; to none with -1."""
        if part >= self.parts.value():
            return
        is_by_floor = self.low.isEnabled()
        for piece in self.tree.pieces():
            low, high = piece.low, piece.high
            if is_by_floor:
                low, high = max(low, self.low.value()), min(high, self.high.value())
            self._plan.assign(piece.slots, low, high, None if part < 0 else part)
        if part >= 0:
            self.table.selectRow(part)
        self._show_plan()

    def _give_chosen(self) -> None:
        self._give(self.table.currentRow())

    def _take_back(self) -> None:
        self._give(-1)

    def _count(self, count: int) -> None:
        self._plan.drop_parts(count)
        self._names = {n: name for n, name in self._names.items() if n < count}
        self._made = ()
        self._show_plan()

    def _propose(self) -> None:
        try:
            self._plan.propose(self.parts.value())
        except GridAdminError as refusal:
            self.banner.say(explain(refusal))
            return
        self.banner.say("")
        self._show_plan()

    def _take_name(self, part: int, name: str) -> None:
        if name:
            self._names[part] = name
        else:
            self._names.pop(part, None)
        self._show_parts()
        self.renew()

    # What is shown

    def _show_plan(self) -> None:
        self.tree.show_plan(self._plan)
        self._show_parts()
        self._show_selection()
        self.said.say(self._open_words())
        self.renew()

    def _show_parts(self) -> None:
        self.table.show_rows([self._part_row(part) for part in range(self.parts.value())])

    def _part_row(self, part: int) -> PartRow:
        snapshot, count = self._context.bridge.snapshot, self._plan.households(part)
        fit = fit_of(count, self._band)
        said = f"{count:,}"
        if fit in (Fit.BELOW, Fit.ABOVE):
            said += tr("（偏少）") if fit is Fit.BELOW else tr("（偏多）")
        holds = "\n".join(stack_words.shares(snapshot, self._plan.shares(part)))
        return PartRow(self._name(part), said, holds or tr("（空）"), fit in (Fit.BELOW, Fit.ABOVE))

    def _name(self, part: int) -> str:
        if self._sharing:
            return words.name_of(self._sharing[part])
        if part in self._names:
            return self._names[part]
        if part == 0:
            return words.name_of(self._area)
        return self._made[part - 1] if part - 1 < len(self._made) else tr("（自动命名）")

    def _open_words(self) -> str:
        still = self._plan.still_open()
        if not still.slots:
            return tr("有住户的单元和楼层都有归属。")
        return tr(
            "还有 {n} 个单元（或整栋楼）没有全部归属，共 {households} 户。",
            n=still.slots,
            households=still.households,
        )

    def _show_selection(self, *_: object) -> None:
        """Let the floors be chosen that the selected rows have."""
        pieces = self.tree.pieces()
        low = min((piece.low for piece in pieces), default=1)
        high = max((piece.high for piece in pieces), default=1)
        self.low.setRange(low, high)
        self.high.setRange(low, high)
        self.low.setValue(low)
        self.high.setValue(high)
        for spin in (self.low, self.high):
            spin.setEnabled(high > low)
        part = self.table.currentRow()
        self.give.setText(tr("归入第 {n} 份", n=max(part, 0) + 1))
        self.give.setEnabled(bool(pieces) and part >= 0)
        self.take.setEnabled(bool(pieces))

    # The command

    def why_not(self) -> str:
        """Return what is missing."""
        rows = self._context.bridge.snapshot.rows("area")
        row = rows.get(self._area.uid)
        if row is None or row.valid_to is not None or row.cell != self._area.cell:
            return tr("这个微网格已经变了，请重新打开。")
        if self._plan.still_open().slots:
            return tr("还有单元或楼层没有归属。")
        for part in range(self.parts.value()):
            if not self._plan.shares(part):
                return tr("第 {n} 份还是空的。", n=part + 1)
        if self._sharing and not self._changed():
            return tr("没有要改的。")
        return ""

    def _changed(self) -> dict[str, list[Share]]:
        """Return what those stacked micro-grids hold that hold something else now."""
        snapshot, found = self._context.bridge.snapshot, {}
        for part, one in enumerate(self._sharing):
            now = self._plan.shares(part)
            if now != self._plan.canonical(shares_of(snapshot, one.uid)):
                found[one.uid] = now
        return found

    def command(self) -> Command:
        """Return the command of what was given to whom."""
        if self._sharing:
            return Restack(self._land, self._changed())
        parts = [
            StackPart(self._plan.shares(part), self._names.get(part))
            for part in range(self.parts.value())
        ]
        return Stack(self._area.uid, parts)

    def renew(self, *told: object) -> None:
        """Work on with the buildings as they are now when the project changed."""
        if told and isinstance(told[0], Done) and not self.strip.is_busy:
            snapshot = self._context.bridge.snapshot
            held = [self._plan.shares(part) for part in range(self.parts.value())]
            if self._land in snapshot.rows("area"):
                self._plan = StackPlan(snapshot, self._land, held)
        super().renew(*told)

    def show_done(self, done: Done) -> Sequence[Thing]:
        """Tell the names that new micro-grids get; return outline and numbers of the buildings."""
        made = dict(done.change.told).get("created", [])
        if made and not self._made:
            self._made = [done.after.area(row["uid"]).name for row in made]
            self._show_parts()
        return [*area_outline(done.before, [self._land], Role.AFTER), *self._tags()]

    def _tags(self) -> list[Tag]:
        x0, y0 = self._context.bridge.snapshot.origin_mm
        tags = []
        for building in self._plan.buildings:
            of_it = [n for n, s in enumerate(self._plan.slots) if s.building.uid == building.uid]
            parts = {r.part for n in of_it for r in self._plan.runs(n) if r.part is not None}
            if parts and building.households:
                said = tr("、").join(str(part + 1) for part in sorted(parts))
                place = (building.x_mm - x0) / 1000, (building.y_mm - y0) / 1000
                tags.append(Tag(place, [(stack_words.building_name(building), said)]))
        return tags[:_MOST_TAGS]

    # Back to one

    def _ask_unstack(self) -> None:
        stays = self.keeper.currentData()
        gone = [words.name_of(one) for one in self._sharing if one.uid != stays]
        said = tr(
            "“{name}”得到全部土地和楼栋，{gone}撤销。",
            name=self.keeper.currentText(),
            gone=tr("、").join(gone),
        )
        title = tr("还原为一个微网格")
        box = QMessageBox(QMessageBox.Icon.Question, title, said, parent=self)
        box.setInformativeText(tr("这一步可以撤销。"))
        act = box.addButton(tr("还原"), QMessageBox.ButtonRole.AcceptRole)
        box.setDefaultButton(box.addButton(tr("不还原"), QMessageBox.ButtonRole.RejectRole))
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        act.clicked.connect(self._unstack)
        box.open()

    def _unstack(self) -> None:
        command = Unstack(self._land, self.keeper.currentData())
        job = self._context.bridge.execute_long(
            tr("还原为一个微网格"),
            lambda *_: command,
            on_done=self._done,
            on_failed=self._not_done,
        )
        self.follow(job)

    def sizeHint(self) -> QSize:
        """Leave room for two lists side by side."""
        em = self.fontMetrics().height()
        return self._bounded(QSize(_WIDTH_EM * em, _HEIGHT_EM * em))


def sharing_of(snapshot: Snapshot, area: Area) -> list[Area]:
    """Return the stacked micro-grids of the cell that *area* is or shares, by code."""
    cell = area.uid if area.level == CELL_LEVEL else area.cell
    if cell is None or (area.level != CELL_LEVEL and area.land != Land.STACKED):
        return []
    found = [one for one in snapshot.linked("area", cell) if one.valid_to is None]
    return sorted(found, key=words.sibling_order)
