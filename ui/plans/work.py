"""What can be done with a plan in the window: its actions, dialogs, and the map beside its base."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import shapely
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from gridadmin.app.plan_comparison import AreaDifference, Comparison
from gridadmin.base.errors import EditError, GridAdminError
from gridadmin.base.texts import Counts
from gridadmin.domain.model import PlanState
from gridadmin.edit.command import Command
from gridadmin.edit.plan_commands import (
    AbandonPlan,
    Allowed,
    ApprovePlan,
    CheckPlan,
    OpenPlan,
    PutInForce,
    ReturnToDraft,
    SetPlan,
    open_plan,
)
from ui.actions import Actions
from ui.canvas.compared import ComparedMap
from ui.context import Context
from ui.plans.forms import AllowForm, DateForm, NameForm, PlanForm, TextForm
from ui.plans.watch import PlanWatch
from ui.texts import tr


class PlanWork(QObject):
    """Binds the actions of plans; dialogs stand over *window*."""

    compared = Signal(object)
    """A :class:`ComparedMap` to be shown on the map, None to show none."""
    issues_wanted = Signal()
    """The list of issues is to be shown."""

    def __init__(self, context: Context, actions: Actions, window: QWidget) -> None:
        super().__init__(window)
        self._context = context
        self._bridge = context.bridge
        self._actions = actions
        self._window = window
        self._watch = PlanWatch.of(context)
        self._shown: Comparison | None = None
        bind = actions.bind
        bind("plan.open", self.open, self._why_no_open)
        bind("plan.edit", self.edit, self._needs(PlanState.DRAFT, PlanState.CHECKED))
        bind("plan.check", self.check, self._needs(PlanState.DRAFT, PlanState.CHECKED))
        bind("plan.approve", self.approve, self._needs(PlanState.CHECKED))
        bind("plan.in_force", self.put_in_force, self._needs(PlanState.APPROVED))
        bind("plan.draft", self.back_to_draft, self._needs(PlanState.CHECKED, PlanState.APPROVED))
        bind("plan.abandon", self.abandon, self._needs(PlanState.DRAFT))
        bind("plan.compare", self._switch, self._why_no_comparison)
        bind("plan.table", self.write_table, self._why_no_comparison)
        self._watch.changed.connect(self._follow)

    # When what can be done

    def _why_no_open(self) -> str:
        why = self._bridge.why_not_change()
        if why:
            return why
        plan = open_plan(self._bridge.snapshot)
        return "" if plan is None else tr("方案“{name}”还在进行中。", name=plan.name)

    def _needs(self, *states: PlanState) -> Callable[[], str]:
        def why_not() -> str:
            why = self._bridge.why_not_change()
            if why:
                return why
            plan = open_plan(self._bridge.snapshot)
            if plan is None:
                return tr("没有进行中的方案。")
            return "" if plan.state in states else _why_wrong(PlanState(plan.state), states)

        return why_not

    def _why_no_comparison(self) -> str:
        if not self._bridge.is_open:
            return tr("没有打开的项目。")
        if self._watch.plan is None:
            return tr("还没有方案，没有可以对比的基准。")
        return "" if self._watch.comparison is not None else tr("正在对比…")

    # Steps

    def open(self) -> None:
        """Ask for name, document number and base, and begin a plan."""
        releases = tuple(self._bridge.snapshot.rows("release").values())
        form = NameForm(releases=releases, parent=self._window)

        def act() -> None:
            base = form.base.currentData()
            command = OpenPlan(form.name.text(), base, form.document.text() or None)
            self._carry_out(command, tr("已新建方案。"))

        self._ask(form, act)

    def edit(self) -> None:
        """Ask for another name and document number."""
        plan = open_plan(self._bridge.snapshot)
        if plan is None:
            return
        form = NameForm(name=plan.name, document=plan.document or "", parent=self._window)

        def act() -> None:
            name, document = form.name.text().strip(), form.document.text().strip()
            if (name, document) != (plan.name, plan.document or ""):
                self._carry_out(SetPlan(name, document), tr("已保存方案的名称和文号。"))

        self._ask(form, act)

    def check(self, allowed: tuple[Allowed, ...] = ()) -> None:
        """Check the plan in a worker; what is in the way can be allowed in a dialog."""
        self._start(tr("检查方案"), CheckPlan(allowed), tr("方案已通过检查。"), self._check_failed)

    def _check_failed(self, error: BaseException) -> None:
        counts = error.params.get("kinds") if isinstance(error, EditError) else None
        if not isinstance(counts, Counts):
            self._failed(error)
            return
        form = AllowForm(
            {code.removeprefix("kind."): count for code, count in counts.items}, self._window
        )
        form.see_wanted.connect(self.issues_wanted)
        self._ask(form, lambda: self.check(tuple(form.allowed())))

    def approve(self) -> None:
        """Ask for the document number and approve the plan."""
        plan = open_plan(self._bridge.snapshot)
        form = TextForm(
            tr("批准方案"),
            tr("批准后所有边界锁定；要再修改，需要说明理由退回草案。"),
            tr("批准"),
            tr("文号"),
            text="" if plan is None else plan.document or "",
            parent=self._window,
        )
        self._ask(
            form,
            lambda: self._carry_out(ApprovePlan(form.text.text()), tr("方案已批准，边界已锁定。")),
        )

    def put_in_force(self) -> None:
        """Ask for the date and put the plan in force, in a worker."""
        form = DateForm(self._window)
        self._ask(
            form,
            lambda: self._start(
                tr("方案生效"), PutInForce(form.iso()), tr("方案已生效。"), self._failed
            ),
        )

    def back_to_draft(self) -> None:
        """Ask why and take back a check or an approval."""
        form = TextForm(
            tr("退回草案"),
            tr("撤回检查或批准，边界可以再修改。理由会记入变更记录。"),
            tr("退回草案"),
            tr("理由"),
            parent=self._window,
        )
        self._ask(
            form,
            lambda: self._carry_out(ReturnToDraft(form.text.text()), tr("方案已退回草案。")),
        )

    def abandon(self) -> None:
        """Ask why and give the draft up."""
        form = TextForm(
            tr("放弃方案"),
            tr("方案到此结束，不再检查和批准。已经做的改动保留不变；要收回改动，请用撤销。"),
            tr("放弃方案"),
            tr("理由"),
            parent=self._window,
        )
        told = tr("已放弃方案，它做的改动保留不变。")
        self._ask(form, lambda: self._carry_out(AbandonPlan(form.text.text()), told))

    def _ask(self, form: PlanForm, act: Callable[[], None]) -> None:
        form.agreed.connect(act)
        form.finished.connect(form.deleteLater)
        form.open()

    def _carry_out(self, command: Command, told: str) -> None:
        if self._bridge.execute(command) is not None:
            self._context.messages.done(told, (tr("撤销"), self._bridge.undo))

    def _start(
        self,
        title: str,
        command: Command,
        told: str,
        on_failed: Callable[[BaseException], None],
    ) -> None:
        why = self._bridge.why_not_change()
        if why:
            self._context.messages.refuse(why)
            return
        self._bridge.execute_long(
            title,
            lambda _snapshot, _progress: command,
            on_done=lambda _: self._context.messages.done(told, (tr("撤销"), self._bridge.undo)),
            on_failed=on_failed,
        )

    def _failed(self, error: BaseException) -> None:
        if not isinstance(error, GridAdminError):
            raise error
        self._context.messages.refused(error)

    # Beside the base

    def _switch(self) -> None:
        self._shown = None
        self._follow()

    def _follow(self) -> None:
        """Let the map show the newest comparison while the switch is on."""
        self._actions.refresh()
        action = self._actions.action("plan.compare")
        comparison = self._watch.comparison
        if self._watch.plan is None and action.isChecked():
            action.setChecked(False)
        if not action.isChecked() or comparison is None:
            if self._watch.plan is None or not action.isChecked():
                self._shown = None
                self.compared.emit(None)
            return
        if comparison is not self._shown:
            self._shown = comparison
            x, y = self._bridge.snapshot.origin_mm
            self.compared.emit(ComparedMap(comparison, (x / 1000, y / 1000)))

    def show_area(self, area: AreaDifference) -> None:
        """Select an area of the table and show it; one that is gone shows where it was."""
        rows = self._bridge.snapshot.rows("area")
        known = rows.get(area.uid)
        if known is not None and known.valid_to is None:
            self._context.select_and_show(area.uid)
            return
        comparison = self._watch.comparison
        handovers = () if comparison is None else comparison.handovers
        lost = [handover.polygon for handover in handovers if handover.before == area.uid]
        if not lost:
            self._context.messages.note(tr("这个区域没有地块可以显示。"))
            return
        x0, y0, x1, y1 = np.array(shapely.total_bounds(lost)).tolist()
        low, high = self._bridge.to_local((x0, y0)), self._bridge.to_local((x1, y1))
        self._context.navigator.show_box((*low, *high))

    def write_table(self) -> None:
        """Ask for a file and write the comparison as an Excel workbook, in a worker."""
        comparison = self._watch.comparison
        if comparison is None:
            return
        folder = Path(self._context.settings.value("last_folder"))
        name = tr("{name} 前后对照表", name=comparison.plan.name if comparison.plan else "")
        picked, _ = QFileDialog.getSaveFileName(
            self._window,
            tr("导出前后对照表"),
            str(folder / f"{_for_a_file(name)}.xlsx"),
            tr("Excel 工作簿 (*.xlsx)"),
        )
        if not picked:
            return
        path = Path(picked)
        path = path if path.suffix.lower() == ".xlsx" else path.with_name(f"{path.name}.xlsx")
        snapshot = self._bridge.snapshot
        self._context.settings.set_value("last_folder", str(path.parent))

        def write(_: object) -> None:
            from gridadmin.app.plan_table import write_plan_table

            write_plan_table(path, snapshot, comparison)

        self._context.jobs.start(
            tr("导出前后对照表"),
            write,
            on_done=lambda _: self._context.messages.done(tr("已导出 {name}。", name=path.name)),
            on_failed=self._failed,
        )


def _for_a_file(name: str) -> str:
    """Return a name without what no file system takes."""
    return "".join("_" if letter in '\\/:*?"<>|' else letter for letter in name).strip()


def _why_wrong(state: PlanState, states: tuple[PlanState, ...]) -> str:
    if PlanState.APPROVED in states and PlanState.CHECKED not in states:
        return tr("方案还没有批准。")
    if states == (PlanState.CHECKED,) and state is PlanState.DRAFT:
        return tr("方案还没有通过检查。")
    if state is PlanState.APPROVED:
        return tr("方案已批准，要修改请先退回草案。")
    return tr("方案还是草案。")
