"""Merge areas: who stays, what the one area is called, and what hangs on those that vanish."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QButtonGroup, QFormLayout, QLineEdit, QRadioButton, QWidget

from gridadmin.app.hanging import Hanging, hanging_on
from gridadmin.domain.model import Area
from gridadmin.edit.command import Command
from gridadmin.edit.document import Done
from gridadmin.edit.merge_commands import Merge
from gridadmin.edit.papers import NO_PAPERS
from gridadmin.partition.figures import households_of
from ui.canvas.overlay import Role, Thing
from ui.context import Context
from ui.dialogs.papers_fields import PapersFields, take_papers
from ui.dialogs.preview_dialog import FieldPage, PreviewDialog
from ui.dialogs.words import Sentence, label
from ui.panels import words
from ui.panels.project_index import ProjectIndex
from ui.texts import language, tr
from ui.tools.shapes import area_outline


class MergeDialog(PreviewDialog):
    """A button for each area that may stay, a field for the name, and a list of what is told."""

    def __init__(
        self, context: Context, areas: Sequence[str], parent: QWidget | None = None
    ) -> None:
        super().__init__(context, tr("合并区域"), parent)
        self.setObjectName("merge_dialog")
        snapshot = context.bridge.snapshot
        # Uids are ordered by time: the oldest stays unless another one is chosen.
        self._areas: list[Area] = [snapshot.area(uid) for uid in sorted(areas)]
        self._stays = QButtonGroup(self)
        self.buttons: list[QRadioButton] = []
        page = FieldPage()
        page.body.addWidget(label(tr("保留哪一个（编码和历史随它）"), "heading"))
        for number, area in enumerate(self._areas):
            button = QRadioButton(self._about(area, is_oldest=number == 0))
            button.setObjectName(f"merge_{area.uid}")
            button.setChecked(number == 0)
            self._stays.addButton(button, number)
            self.buttons.append(button)
            page.body.addWidget(button)
        page.first = self.buttons[0]
        self.name = QLineEdit(self._areas[0].name)
        self.name.setObjectName("merge_name")
        self.name.setAccessibleName(tr("合并后的名称"))
        form = QFormLayout()
        form.addRow(label(self.name.accessibleName(), "quiet", self.name), self.name)
        self.papers: PapersFields | None = None
        if take_papers(snapshot, self._areas):
            self.papers = PapersFields(self.renew)
            self.papers.add_to(form)
        page.body.addLayout(form)
        self.hanging = Sentence("")
        self.hanging.setObjectName("merge_hanging")
        page.body.addWidget(self.said)
        page.body.addWidget(label(tr("消失的区域上还有"), "heading"))
        page.body.addWidget(self.hanging)
        page.body.addStretch(1)
        self.pages.addWidget(page)
        self.main_button.setText(tr("合并"))
        self._stays.idToggled.connect(self._choose)
        self.name.textChanged.connect(self.renew)
        self._show_hanging()
        self.renew()

    def _about(self, area: Area, *, is_oldest: bool) -> str:
        parts = [words.name_of(area), words.spaced_code(area.code) if area.code else ""]
        if ProjectIndex.of(self._context).is_counted:
            count = households_of(self._context.bridge.snapshot, area)[0]
            parts.append(words.households(count))
        if is_oldest:
            parts.append(tr("最早建立"))
        return words.dotted(part for part in parts if part)

    @property
    def _chosen(self) -> Area:
        return self._areas[max(self._stays.checkedId(), 0)]

    def _choose(self, number: int, is_on: bool) -> None:
        if is_on:
            self.name.setText(self._areas[number].name)
            self._show_hanging()
            self.renew()

    def why_not(self) -> str:
        """Return what is missing."""
        if not self.name.text().strip():
            return tr("请填写合并后的名称。")
        why = "" if self.papers is None else self.papers.why_not()
        if why:
            return why
        known = self._context.bridge.snapshot.rows("area")
        is_there = all(a.uid in known and known[a.uid].valid_to is None for a in self._areas)
        return "" if is_there else tr("要合并的区域已经不在了。")

    def command(self) -> Command:
        """Return the command of the fields."""
        uids = [area.uid for area in self._areas]
        papers = NO_PAPERS if self.papers is None else self.papers.papers()
        return Merge(uids, self._chosen.uid, self.name.text().strip(), papers)

    def _show_hanging(self) -> None:
        gone = [area.uid for area in self._areas if area.uid != self._chosen.uid]
        found = hanging_on(self._context.bridge.snapshot, gone, language())
        told = [_words_of(one) for one in found]
        self.hanging.say("\n".join(told) or tr("没有需要处理的内容。"))

    def show_nothing(self) -> None:
        """Take the figures away."""
        self.said.say("")

    def show_done(self, done: Done) -> Sequence[Thing]:
        """Tell the households of the one area; return its outline."""
        area = done.after.area(self._chosen.uid)
        count = None
        if ProjectIndex.of(self._context).is_counted:
            count = households_of(done.after, area)[0]
        band = done.after.scheme.band_of(area.level, area.kind, area.area_class)
        land = words.land(done.after.land_twice_mm2(area.uid) / 2_000_000)
        figures = words.dotted(
            part for part in (words.households(count), words.band(band), land) if part
        )
        self.said.say(tr("合并后：{figures}", figures=figures))
        gone = [area.uid for area in self._areas]
        return [
            *area_outline(done.before, gone, Role.BEFORE),
            *area_outline(done.after, [self._chosen.uid], Role.AFTER),
        ]


def _words_of(one: Hanging) -> str:
    names = tr("、").join(one.names)
    words_by_kind = {
        "children": tr("下级区域 {n} 个，改挂到保留的区域：{names}", n=one.count, names=names),
        "stacked": tr("立体微网格 {n} 个，随底图保留：{names}", n=one.count, names=names),
        "locks": tr("边界锁定 {n} 处：{names}", n=one.count, names=names),
        "posts": tr("岗位 {n} 个，人员需要重新安排：{names}", n=one.count, names=names),
        "pairings": tr("结对 {n} 组，需要另行调整：{names}", n=one.count, names=names),
        "bodies": tr(
            "党组织、单位、便民点等 {n} 个，需要另行调整：{names}", n=one.count, names=names
        ),
        "groupings": tr("所属分组 {n} 个，需要另行调整：{names}", n=one.count, names=names),
    }
    return words_by_kind[one.kind]
