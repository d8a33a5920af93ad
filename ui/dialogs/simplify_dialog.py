"""Simplify borders: how far they may move, which ones, and what that comes to beforehand."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QButtonGroup, QDoubleSpinBox, QFormLayout, QRadioButton, QWidget

from gridadmin.edit.command import Command
from gridadmin.edit.document import Done
from gridadmin.edit.simplify_commands import Simplify
from ui.canvas.overlay import Outline, Role, Thing
from ui.canvas.picking import local_points
from ui.context import Context
from ui.dialogs.preview_dialog import FieldPage, PreviewDialog
from ui.dialogs.words import Sentence, label
from ui.panels import words
from ui.texts import tr

_USUAL_M, _MOST_M = 0.5, 100.0
_MOST_LINES = 4000
"""So many new lines are shown on the map at most."""


class SimplifyDialog(PreviewDialog):
    """Distance and areas; how many vertices fall and how far the border moves at most."""

    def __init__(
        self, context: Context, areas: Sequence[str], parent: QWidget | None = None
    ) -> None:
        super().__init__(context, tr("简化边界"), parent)
        self.setObjectName("simplify_dialog")
        self._areas = tuple(areas)
        self.distance = QDoubleSpinBox()
        self.distance.setObjectName("simplify_distance")
        self.distance.setAccessibleName(tr("边界最多移动"))
        self.distance.setRange(0.01, _MOST_M)
        self.distance.setDecimals(2)
        self.distance.setSingleStep(0.1)
        self.distance.setValue(_USUAL_M)
        self.distance.setSuffix(tr(" 米"))
        self.distance.lineEdit().setTextMargins(6, 0, 0, 0)
        self.selected = QRadioButton(tr("所选区域及其内部（{n} 个）", n=len(self._areas)))
        self.selected.setObjectName("simplify_selected")
        self.everything = QRadioButton(tr("整个项目"))
        self.everything.setObjectName("simplify_all")
        self._scope = QButtonGroup(self)
        for button in (self.selected, self.everything):
            self._scope.addButton(button)
        self.selected.setEnabled(bool(self._areas))
        (self.selected if self._areas else self.everything).setChecked(True)
        self.figures = Sentence("")
        self.figures.setObjectName("simplify_figures")
        page = FieldPage()
        page.first = self.distance
        form = QFormLayout()
        form.addRow(label(self.distance.accessibleName(), "quiet", self.distance), self.distance)
        form.addRow(self.selected)
        form.addRow(self.everything)
        page.body.addLayout(form)
        page.body.addWidget(
            label(tr("外框、锁定的边界和交点不动；各级边界保持同一条线。"), "quiet")
        )
        page.body.addWidget(self.figures)
        page.body.addWidget(self.said)
        page.body.addStretch(1)
        self.pages.addWidget(page)
        self.main_button.setText(tr("简化"))
        self.distance.valueChanged.connect(self.renew)
        self._scope.buttonToggled.connect(self.renew)
        self.renew()

    def command(self) -> Command:
        """Return the command of the fields."""
        areas = self._areas if self.selected.isChecked() else ()
        return Simplify(self.distance.value(), areas)

    def show_nothing(self) -> None:
        """Take the figures away."""
        self.figures.say("")
        self.said.say("")

    def show_done(self, done: Done) -> Sequence[Thing]:
        """Tell how much falls and how far it moves; return the lines before and after."""
        told = dict(done.change.told)
        self.figures.say(
            tr(
                "{borders} 条边界去掉 {n} 个点，最大移动 {shift}。",
                borders=f"{told['borders']:,}",
                n=f"{told['vertices_removed']:,}",
                shift=words.length(told["greatest_shift_m"]),
            )
        )
        rows = [row for row in done.change.of("border") if row.before and row.after]
        shown = rows[:_MOST_LINES]
        hidden = len(rows) - len(shown)
        self.said.say(tr("地图上只画出前 {n} 条。", n=len(shown)) if hidden else "")
        return [
            Outline([local_points(row.before) for row in shown], Role.BEFORE),
            Outline([local_points(row.after) for row in shown], Role.AFTER),
        ]
