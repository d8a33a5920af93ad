"""Proposals of which unit is paired with which village or community; taken as one step."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QWidget

from gridadmin.app.proposals.making import pairing
from gridadmin.base.progress import Progress
from gridadmin.staffing.book import StaffBook
from gridadmin.staffing.proposals.pairs import PairProposal, pairing_kinds, propose_pairs
from ui.context import Context
from ui.dialogs.change_table import ChangeModel, ChangeRow, ChangeTable
from ui.dialogs.task_dialog import Page
from ui.dialogs.words import label
from ui.people import words
from ui.people.advice_dialog import AdviceDialog
from ui.people.staff import today
from ui.texts import tr


class PairsDialog(AdviceDialog):
    """The new pairs with ticks; those that are there stay as they are."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, tr("结对建议"), parent)
        self._proposal: PairProposal | None = None
        book = StaffBook(context.bridge.snapshot, today())
        self.kinds = QComboBox()
        self.kinds.setObjectName("kinds")
        self.kinds.setAccessibleName(tr("结对类型"))
        for kind in pairing_kinds(book):
            self.kinds.addItem(words.term(kind), kind.key)
        page = Page()
        head = QHBoxLayout()
        head.addWidget(label(tr("结对类型"), buddy=self.kinds))
        head.addWidget(self.kinds, 1)
        page.body.addLayout(head)
        self.said = label("", "quiet")
        self.said.setObjectName("said")
        page.body.addWidget(self.said)
        self.model = ChangeModel(
            (tr("村（社区）"), tr("结对单位"), tr("路程"), tr("远近名次"), tr("该单位结对数")),
            [],
            can_choose=True,
        )
        self.table = ChangeTable(self.model, (11, 14, 6, 6, 9))
        self.table.setAccessibleName(tr("建议"))
        page.body.addWidget(self.table, 1)
        row = QHBoxLayout()
        self.put_ticks(self.model, row)
        row.addStretch(1)
        page.body.addLayout(row)
        self.pages.addWidget(page)
        self.main_button.setText(tr("采纳"))
        self.main_button.clicked.connect(lambda *_: self.take())
        self.close_button.setText(tr("关闭"))
        self.model.chosen_changed.connect(self.rested)
        self.kinds.currentIndexChanged.connect(lambda _: self.work_out())
        em = self.fontMetrics().height()
        self.resize(self._bounded(QSize(56 * em, 38 * em)))
        self.work_out()

    def work_out(self) -> None:
        """Look for the best pairs in a worker."""
        snapshot, key = self._context.bridge.snapshot, self.kinds.currentData()
        self._proposal = None
        self.model.set_rows([])

        def work(progress: Progress) -> PairProposal:
            book = StaffBook(snapshot, today())
            kind = next(kind for kind in pairing_kinds(book) if kind.key == key)
            return propose_pairs(book, kind, progress)

        self.follow(
            self._context.jobs.start(
                tr("结对建议"),
                work,
                on_done=self._show,
                on_failed=self.failed,
                on_cancelled=lambda: self.banner.say(tr("已停止。")),
            )
        )

    def _show(self, proposal: PairProposal) -> None:
        self._proposal = proposal
        self.said.setText(
            tr(
                "{units} 个单位，已有 {kept} 对不动；建议新结 {n} 对。",
                units=f"{proposal.units:,}",
                kept=f"{proposal.kept:,}",
                n=f"{len(proposal.pairs):,}",
            )
            + tr("已证明：按目标顺序没有更好的方案。")
        )
        self.model.set_rows(
            [
                ChangeRow(
                    (
                        one.area.name,
                        one.unit.name,
                        "—" if one.way_m is None else tr("{m} 米", m=f"{one.way_m:,.0f}"),
                        "—" if one.way_m is None else f"{one.rank:,} / {one.choices:,}",
                        f"{one.pairs:,}",
                    ),
                    one.key,
                )
                for one in proposal.pairs
            ]
        )
        if proposal.pairs:
            self.table.selectRow(0)

    def rested(self) -> None:
        """Say what can be done."""
        why = self._context.bridge.why_not_change()
        if not why and (self._proposal is None or not self._proposal.pairs):
            why = tr("没有建议。")
        self.allow(why or ("" if self.model.chosen else tr("没有选中建议。")))

    def take(self) -> None:
        """Make the pairs that are ticked: one gesture, one undo."""
        proposal, chosen = self._proposal, list(self.model.chosen)
        if proposal is None or not chosen:
            return
        told = tr("已新结 {n} 对。", n=f"{len(chosen):,}")
        self.carry_out(tr("采纳结对建议"), lambda: pairing(proposal, chosen), told)
