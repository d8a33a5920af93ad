"""Proposals of who takes which seat: worked out in a worker, read line by line, taken as one step.

Closing takes nothing. The lines that are ticked are drawn on the map.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PySide6.QtCore import QModelIndex, QSize
from PySide6.QtWidgets import QComboBox, QFileDialog, QHBoxLayout, QListWidget, QWidget

from gridadmin.app.export_log import note_table
from gridadmin.app.file_names import good_name
from gridadmin.app.proposals.making import taking, with_needed
from gridadmin.app.proposals.table import write_proposal_table
from gridadmin.app.proposals.words import (
    from_of,
    goal_name,
    goals_of,
    reason_of,
    shortfall_text,
    unit_of,
)
from gridadmin.base.progress import Progress
from gridadmin.domain.export_note import Exported
from gridadmin.partition.snapshot import Snapshot
from gridadmin.staffing.anchors import area_of, table_of
from gridadmin.staffing.book import StaffBook
from gridadmin.staffing.candidates import middle_of
from gridadmin.staffing.proposals.proposal import Proposal, ProposedMove, propose
from gridadmin.staffing.proposals.tiers import Tier
from ui.canvas.overlay import Handles, Mark, Outline, Overlay, Role, Thing
from ui.canvas.viewport import Floats, Place
from ui.context import Context
from ui.dialogs.change_table import ChangeModel, ChangeRow, ChangeTable
from ui.dialogs.place_field import usual_folder
from ui.dialogs.task_dialog import Page
from ui.dialogs.words import label
from ui.panels.parts import ElidedButton
from ui.people import words
from ui.people.advice_dialog import AdviceDialog
from ui.people.staff import today
from ui.texts import language, tr

_OVERLAY = "n proposed moves"
_MOST_DRAWN = 1000
_MOST_SHORT = 500
_SHOWN = (Tier.UNCOVERED, Tier.VACANT, Tier.WAITING, Tier.UNPAIRED, Tier.MOVED, Tier.DISTANCE)


class ProposalDialog(AdviceDialog):
    """The lines of a proposal with ticks, what they reach, and what stays short."""

    def __init__(self, context: Context, overlay: Overlay, parent: QWidget | None = None) -> None:
        super().__init__(context, tr("配岗建议"), parent)
        self._overlay = overlay
        self._proposal: Proposal | None = None
        self._page = Page()
        self.posts = QComboBox()
        self.posts.setObjectName("posts")
        self.posts.setAccessibleName(tr("安排哪些岗位"))
        self.posts.addItem(tr("全部岗位"), None)
        for post in context.bridge.snapshot.scheme.posts:
            self.posts.addItem(words.term(post), post.key)
        head = QHBoxLayout()
        head.addWidget(label(tr("安排哪些岗位"), buddy=self.posts))
        head.addWidget(self.posts, 1)
        self._page.body.addLayout(head)
        self.goals = label("", "quiet")
        self.goals.setObjectName("goals")
        self._page.body.addWidget(self.goals)
        self.model = ChangeModel(
            (tr("姓名"), tr("岗位"), tr("从"), tr("到"), tr("第几选择"), tr("理由")),
            [],
            can_choose=True,
        )
        self.table = ChangeTable(self.model, (8, 9, 10, 9, 5, 24))
        self.table.setAccessibleName(tr("建议"))
        self._page.body.addWidget(self.table, 3)
        self.why = label("")
        self.why.setObjectName("why")
        self._page.body.addWidget(self.why)
        self._page.body.addLayout(self._ticks())
        self.short_said = label("", "strong")
        self.short = QListWidget()
        self.short.setObjectName("shortfalls")
        self.short.setAccessibleName(tr("仍缺"))
        self._page.body.addWidget(self.short_said)
        self._page.body.addWidget(self.short, 1)
        self.pages.addWidget(self._page)
        self.main_button.setText(tr("采纳"))
        self.main_button.clicked.connect(lambda *_: self.take())
        self.close_button.setText(tr("关闭"))
        self.table_button = ElidedButton(tr("写成 Excel…"), self.ask_and_write)
        self.table_button.setObjectName("write_table")
        self.table_button.setAutoDefault(False)
        self.put_button(self.table_button)
        self.model.chosen_changed.connect(self._follow_ticks)
        self.table.selectionModel().currentRowChanged.connect(self._tell_line)
        self.posts.currentIndexChanged.connect(lambda _: self.work_out())
        self.finished.connect(lambda _: self._overlay.put(_OVERLAY, []))
        em = self.fontMetrics().height()
        self.resize(self._bounded(QSize(76 * em, 48 * em)))
        self._show(None)
        self.work_out()

    def _ticks(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        self.put_ticks(self.model, row)
        self.chosen_said = label("", "quiet")
        self.chosen_said.setObjectName("chosen_said")
        row.addWidget(self.chosen_said, 1)
        return row

    # Working it out

    def work_out(self) -> None:
        """Look for the best proposal in a worker."""
        snapshot, post = self._context.bridge.snapshot, self.posts.currentData()
        posts = None if post is None else [str(post)]
        self._show(None)

        def work(progress: Progress) -> Proposal:
            return propose(StaffBook(snapshot, today()), posts, progress)

        self.allow(tr("正在求最优方案…"))
        self.follow(
            self._context.jobs.start(
                tr("配岗建议"),
                work,
                on_done=self._show,
                on_failed=self.failed,
                on_cancelled=lambda: self.banner.say(tr("已停止。")),
            )
        )

    def _show(self, proposal: Proposal | None) -> None:
        self._proposal = proposal
        self.short.clear()
        self.table_button.setEnabled(proposal is not None)
        if proposal is None:
            self.model.set_rows([])
            self.goals.setText("")
            self.short_said.setText("")
            return
        self.model.set_rows([_row(proposal, move) for move in proposal.moves])
        self.goals.setText(_goals(proposal))
        self._show_shortfalls(proposal)
        if proposal.moves:
            self.table.selectRow(0)
        self._tell_line(self.table.currentIndex())
        self._follow_ticks()

    def _show_shortfalls(self, proposal: Proposal) -> None:
        count = len(proposal.shortfalls)
        waiting = len(proposal.waiting)
        said = tr("仍缺 {n} 处", n=f"{count:,}") if count else tr("没有仍缺的岗位")
        if waiting:
            said += tr("；{n} 人没有合适的岗位", n=f"{waiting:,}")
        self.short_said.setText(said)
        self.short.setVisible(bool(count))
        for one in proposal.shortfalls[:_MOST_SHORT]:
            self.short.addItem(shortfall_text(one, language()))
        if count > _MOST_SHORT:
            self.short.addItem(tr("另有 {n} 处，见 Excel", n=f"{count - _MOST_SHORT:,}"))

    # Reading and ticking

    @property
    def chosen(self) -> set[str]:
        """The keys of the lines that are ticked, with those that have to go along."""
        if self._proposal is None:
            return set()
        return with_needed(self._proposal, (move.key for move in self.model.chosen))

    def _tell_line(self, index: QModelIndex, _: QModelIndex | None = None) -> None:
        moves = () if self._proposal is None else self._proposal.moves
        row = index.row()
        if not 0 <= row < len(moves) or self._proposal is None:
            self.why.setText(tr("没有需要变动的人。") if self._proposal is not None else "")
            return
        self.why.setText(_whole(self._proposal, moves[row]))

    def _follow_ticks(self) -> None:
        if self._proposal is None:
            return
        ticked, chosen = len(self.model.chosen), self.chosen
        said = tr("已选 {n} 条，共 {all} 条", n=f"{ticked:,}", all=f"{len(self._proposal.moves):,}")
        if len(chosen) > ticked:
            said += tr("；另有 {n} 条须一起采纳", n=f"{len(chosen) - ticked:,}")
        self.chosen_said.setText(said)
        why = self._context.bridge.why_not_change()
        nothing = tr("没有建议。") if not self._proposal.moves else tr("没有选中建议。")
        self.allow(why or ("" if chosen else nothing))
        self._draw(chosen)

    def _draw(self, chosen: set[str]) -> None:
        """Show on the map who goes from where to where."""
        moves = () if self._proposal is None else self._proposal.moves
        snapshot = self._context.bridge.snapshot
        lines: list[Floats] = []
        ends: list[Place] = []
        for move in moves:
            if move.key not in chosen or len(lines) >= _MOST_DRAWN:
                continue
            there = _middle(snapshot, table_of(move.area), move.area.uid)
            ends_at = move.ends
            here = None if ends_at is None else _middle(
                snapshot, ends_at.anchor_kind, ends_at.anchor
            )  # fmt: skip
            if there is not None:
                ends.append(there)
                if here is not None:
                    lines.append(np.array([here, there]))
        things: list[Thing] = []
        if lines:
            things.append(Outline(lines, Role.AFTER))
        if ends:
            things.append(Handles(np.array(ends), Mark.ACTIVE))
        self._overlay.put(_OVERLAY, things)

    # Taking and writing

    def take(self) -> None:
        """Carry out the lines that are ticked: one gesture, one undo."""
        proposal, chosen = self._proposal, self.chosen
        if proposal is None or not chosen:
            return
        told = tr("已采纳 {n} 条配岗建议。", n=f"{len(chosen):,}")
        self.carry_out(tr("采纳配岗建议"), lambda: taking(proposal, chosen), told)

    def ask_and_write(self) -> None:
        """Ask where the table goes, and write it."""
        name = good_name(tr("{name}-配岗建议", name=self._context.bridge.name), tr("配岗建议"))
        chosen, _ = QFileDialog.getSaveFileName(
            self,
            tr("配岗建议"),
            str(usual_folder(self._context.settings) / f"{name}.xlsx"),
            tr("Excel 文件 (*.xlsx)"),
        )
        if chosen:
            self.write(Path(chosen).with_suffix(".xlsx"))

    def write(self, out: Path) -> None:
        """Write the proposal as an Excel table."""
        proposal, lang = self._proposal, language()
        if proposal is None:
            return
        store = self._context.bridge.session.store
        self._context.settings.set_value("last_folder", str(out.parent))

        def work(_: Progress) -> None:
            note_table(store, Exported.PROPOSAL, out, len(proposal.moves))
            write_proposal_table(out, proposal, lang)

        self.follow(
            self._context.jobs.start(
                tr("配岗建议"),
                work,
                on_done=lambda _: self.chosen_said.setText(tr("已写入{file}。", file=out.name)),
                on_failed=self.failed,
            )
        )

    def rested(self) -> None:
        """Say again what can be done."""
        if self._proposal is None:
            self.allow(tr("没有建议。"))
        else:
            why = self._context.bridge.why_not_change()
            self.allow(why or ("" if self.chosen else tr("没有选中建议。")))


def _middle(snapshot: Snapshot, table: str, uid: str) -> Place | None:
    area = area_of(snapshot, table, uid)
    return None if area is None else middle_of(snapshot, area)


def _row(proposal: Proposal, move: ProposedMove) -> ChangeRow:
    cells = (
        move.person.name,
        words.term(move.post),
        from_of(proposal, move) or tr("没有岗位"),
        move.area.name,
        f"{move.rank:,}",
        reason_of(move, language()),
    )
    return ChangeRow(cells, move)


def _whole(proposal: Proposal, move: ProposedMove) -> str:
    """Return everything about a line: unit, way, reason, and who leaves that seat."""
    parts = [unit_of(proposal, move)]
    if move.is_paired is not None:
        parts.append(tr("单位已结对") if move.is_paired else tr("单位未结对"))
    if move.way_m is not None:
        parts.append(tr("路程 {m} 米", m=f"{move.way_m:,.0f}"))
    if move.leaving:
        names = tr("、").join(person.name for person in move.leaving[:6])
        parts.append(tr("同岗离开：{names}", names=names))
    facts = " · ".join(part for part in parts if part)
    reason = reason_of(move, language())
    return f"{reason}\n{facts}" if facts else reason


def _goals(proposal: Proposal) -> str:
    """Return what the proposal reaches: the goals that change or are not met."""
    told = [
        tr(
            "{goal} {before} → {after}",
            goal=goal_name(tier, language()),
            before=f"{before:,}",
            after=f"{after:,}",
        )
        for tier, before, after in goals_of(proposal)
        if tier in _SHOWN and (before or after)
    ]
    proven = tr("已证明：按目标顺序没有更好的方案。")
    return tr("；").join(told) + ("\n" if told else "") + proven
