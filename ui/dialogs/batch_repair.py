"""Settle all dust, or all uninhabited slivers, at once: first the counts, then one gesture."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtWidgets import QButtonGroup, QRadioButton, QWidget

from gridadmin.base.errors import GridAdminError
from gridadmin.base.progress import Progress
from gridadmin.edit.document import Done
from gridadmin.repair.batch import BATCHES, DUST, BatchPlan, PlannedBatch, plan_batch
from ui.context import Context
from ui.dialogs.task_dialog import Page, TaskDialog
from ui.panels import words
from ui.panels.parts import Facts, label
from ui.texts import explain, mark, tr

_MOST_AREAS = 8
_TITLES = {
    "dust": mark("微小误差：小于最小列出面积的缝隙和重叠"),
    "slivers": mark("狭缝：列出的、比狭长标准窄、上面没有楼栋的缝隙和重叠"),
}
_LEFT = {
    "locked": mark("{n} 处因边界锁定而保留"),
    "no_taker": mark("{n} 处没有可以接收的区域，保留"),
}


class BatchRepairDialog(TaskDialog):
    """Which batch, with counts; carried out by the main button."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, tr("批量处理微小问题"), parent)
        self._plans: Mapping[str, BatchPlan] = {}
        self._page = Page()
        self._page.body.addWidget(
            label(tr("每一处都划给与它共用边界最长的区域；合为一步，可以一次撤销。"), wraps=True)
        )
        self._group = QButtonGroup(self)
        self._choices: dict[str, QRadioButton] = {}
        for what in BATCHES:
            choice = QRadioButton(tr(_TITLES[what]))
            choice.setObjectName(f"batch-{what}")
            choice.setAccessibleName(choice.text())
            choice.toggled.connect(lambda _: self._tell())
            self._group.addButton(choice)
            self._choices[what] = choice
            self._page.body.addWidget(choice)
        self._facts = QWidget()
        self._page.body.addWidget(self._facts)
        self._page.body.addStretch(1)
        self.pages.addWidget(self._page)
        self.main_button.setText(tr("处理"))
        self.main_button.clicked.connect(lambda *_: self._carry_out())
        self.close_button.setText(tr("关闭"))
        self.resize(560, 460)
        self.allow(tr("正在清点…"))
        self._count()

    @property
    def chosen(self) -> str:
        """The batch that is chosen."""
        return next((what for what, one in self._choices.items() if one.isChecked()), DUST)

    # Counting

    def _count(self) -> None:
        snapshot = self._context.bridge.snapshot

        def count(progress: Progress) -> dict[str, BatchPlan]:
            return {what: plan_batch(snapshot, what, progress) for what in BATCHES}

        job = self._context.jobs.start(
            tr("清点微小问题"),
            count,
            on_done=self._take,
            on_failed=self._failed,
            on_cancelled=lambda: self.allow(tr("已停止。")),
        )
        self.follow(job)

    def _take(self, plans: Mapping[str, BatchPlan]) -> None:
        self._plans = plans
        first = next((what for what in BATCHES if plans[what].settled), DUST)
        self._choices[first].setChecked(True)
        self._tell()

    def _failed(self, error: BaseException) -> None:
        if not isinstance(error, GridAdminError):
            raise error
        self.banner.say(explain(error))

    def _tell(self) -> None:
        plan = self._plans.get(self.chosen)
        if plan is None:
            return
        facts = self._facts_of(plan)
        self._page.body.replaceWidget(self._facts, facts)
        self._facts.deleteLater()
        self._facts = facts
        why = self._context.bridge.why_not_change()
        self.allow(why or ("" if plan.settled else tr("没有可以这样处理的地方。")))

    def _facts_of(self, plan: BatchPlan) -> Facts:
        snapshot = self._context.bridge.snapshot
        facts = Facts()
        facts.setObjectName("batch-facts")
        counts = plan.counts()
        told = [
            tr("{kind} {n} 处", kind=words.kind(kind), n=f"{n:,}") for kind, n in counts.items()
        ]
        facts.add(tr("将处理"), words.dotted(told) or tr("没有"))
        facts.add(tr("面积合计"), f"{plan.land_m2:,.4f} m²")
        if plan.left:
            left = [tr(_LEFT[why], n=n) for why, n in sorted(plan.left.items())]
            facts.add(tr("保留"), words.dotted(left))
        areas = sorted(plan.areas().items(), key=lambda one: (-one[1][1], one[0]))
        for uid, (count, land_m2) in areas[:_MOST_AREAS]:
            said = tr("{n} 处，+{m2} m²", n=count, m2=f"{land_m2:,.4f}")
            facts.add(words.name_of_uid(snapshot, uid), said)
        if len(areas) > _MOST_AREAS:
            facts.add("", tr("另有 {n} 个区域", n=len(areas) - _MOST_AREAS))
        return facts

    # Doing

    def _carry_out(self) -> None:
        plan, bridge = self._plans[self.chosen], self._context.bridge
        job = bridge.execute_long(
            tr("批量处理微小问题"),
            lambda _, __: PlannedBatch(plan),
            on_done=self._done,
            on_failed=self._failed,
        )
        self.follow(job)

    def _done(self, done: Done) -> None:
        count = sum(dict(done.change.told)["settled"].values())
        bridge = self._context.bridge
        self._context.messages.done(
            tr("已处理 {n} 处微小问题。", n=f"{count:,}"), (tr("撤销"), bridge.undo)
        )
        self.accept()
