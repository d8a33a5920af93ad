"""Make a release: what it will hold, what the checks say, a note, and then what was made."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from gridadmin.base.errors import EditError, GridAdminError
from gridadmin.domain.issue import Issue
from gridadmin.domain.release import Release, newest_release
from gridadmin.edit.document import Done
from gridadmin.edit.plan_commands import Allowed, open_plan
from gridadmin.edit.release_commands import MakeRelease, Readiness, readiness
from gridadmin.partition.snapshot import Snapshot
from ui.context import Context
from ui.dialogs.task_dialog import Page, TaskDialog
from ui.dialogs.words import Banner, card, discard, label
from ui.panels import words as panel_words
from ui.panels.parts import Facts
from ui.publish import words
from ui.texts import explain, tr

_MOST_LISTED = 40
"""More errors than these are settled, not allowed one by one."""
_WIDTH_EM, _HEIGHT_EM = 38, 30


class ReleaseDialog(TaskDialog):
    """Leads to the next release in four steps."""

    made = Signal(object)
    """The :class:`Release` that was made."""
    issues_wanted = Signal()
    """The list of issues is to be shown."""
    save_wanted = Signal()
    """The release just made is to be saved as a file."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, tr("生成发布版本"), parent)
        self._ready: Readiness | None = None
        self.what_page = _WhatPage(context)
        self.checks_page = _ChecksPage()
        self.note_page = _NotePage()
        self.done_page = _DonePage()
        for page in (self.what_page, self.checks_page, self.note_page, self.done_page):
            self.pages.addWidget(page)
        self.close_button.setText(tr("取消"))
        self.main_button.clicked.connect(self._act)
        self.checks_page.changed.connect(self._judge)
        self.checks_page.issues_wanted.connect(self._leave_for_issues)
        self.done_page.save_button.clicked.connect(self._leave_to_save)
        context.bridge.opened.connect(self._project_gone)
        context.bridge.changed.connect(self._meanwhile)
        self._judge()

    def sizeHint(self) -> QSize:
        """Ask for what the certificate and a few errors need."""
        em = self.fontMetrics().height()
        return self._bounded(QSize(_WIDTH_EM * em, _HEIGHT_EM * em))

    def _judge(self) -> None:
        page = self.pages.currentWidget()
        texts = {
            self.what_page: tr("开始检查"),
            self.checks_page: tr("下一步"),
            self.note_page: tr("生成版本"),
            self.done_page: tr("完成"),
        }
        self.main_button.setText(next(text for one, text in texts.items() if one is page))
        why = self._context.bridge.why_not_change()
        if not why and page is self.checks_page:
            why = self.checks_page.why_not()
        self.allow("" if page is self.done_page else why)

    def _act(self) -> None:
        page = self.pages.currentWidget()
        if page is self.what_page:
            self._check()
        elif page is self.checks_page:
            self._turn(self.note_page)
        elif page is self.note_page:
            self._release()
        else:
            self.accept()

    def _turn(self, page: Page) -> None:
        self.banner.say("")
        self.show_page(page)
        self._judge()

    def _check(self) -> None:
        snapshot = self._context.bridge.snapshot
        today = datetime.now(UTC).date().isoformat()
        self.follow(
            self._context.jobs.start(
                tr("发布前检查"),
                lambda _: readiness(snapshot, today),
                on_done=self._checked,
                on_failed=self._failed,
            )
        )

    def _checked(self, ready: Readiness) -> None:
        self._ready = ready
        if not self._context.bridge.is_open:
            return
        self.checks_page.show_ready(self._context.bridge.snapshot, ready)
        self._turn(self.checks_page)

    def _release(self) -> None:
        allowed = self.checks_page.allowed()
        note = self.note_page.note.text()
        self.follow(
            self._context.bridge.execute_long(
                tr("生成发布版本"),
                lambda _snapshot, _progress: MakeRelease(note, allowed),
                on_done=self._released,
                on_failed=self._failed,
            )
        )

    def _released(self, done: Done) -> None:
        release = newest_release(done.after.rows("release"))
        if release is None:
            return
        self.done_page.show_release(release)
        self.close_button.hide()
        self._turn(self.done_page)
        self.made.emit(release)

    def _failed(self, error: BaseException) -> None:
        if not isinstance(error, GridAdminError):
            raise error
        self.banner.say(explain(error), "error")
        if isinstance(error, EditError) and error.code == "edit.release_blocked":
            self.show_page(self.what_page)
        self._judge()

    def _meanwhile(self, done: Done) -> None:
        """Check again what was edited while the dialog stood open."""
        if done.change.of("release") or self.pages.currentWidget() is self.done_page:
            return
        self._turn(self.what_page)
        self.banner.say(tr("项目刚刚有改动，请重新检查。"), "warning")

    def _leave_for_issues(self) -> None:
        self.reject()
        self.issues_wanted.emit()

    def _leave_to_save(self) -> None:
        self.accept()
        self.save_wanted.emit()

    def _project_gone(self) -> None:
        self.done(QDialog.DialogCode.Rejected)

    def rested(self) -> None:
        """Take up again what waited for the job."""
        self._judge()


class _WhatPage(Page):
    """What a release is, and what this one will hold."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.body.addWidget(
            label(
                tr(
                    "发布版本是编了号、冻结的边界。先做发布前检查；错误要处理，"
                    "或逐个写明理由和姓名予以保留。发布以后不能撤销，可以再发布新版本。"
                ),
                "quiet",
            )
        )
        box, inner = card()
        inner.addWidget(_facts(context.bridge.snapshot))
        self.body.addWidget(box)
        self.body.addStretch()


def _facts(snapshot: Snapshot) -> Facts:
    counts: dict[str, int] = {}
    for area in snapshot.areas():
        counts[area.level] = counts.get(area.level, 0) + 1
    facts = Facts()
    for one in snapshot.scheme.present_levels:
        if counts.get(one.key):
            facts.add(panel_words.level(snapshot, one.key), f"{counts[one.key]:,}")
    plan = open_plan(snapshot)
    facts.add(tr("调整方案"), panel_words.UNKNOWN if plan is None else plan.name)
    last = newest_release(snapshot.rows("release"))
    said = panel_words.UNKNOWN
    if last is not None:
        said = f"{words.number(last.number)}　{words.moment(last.made_at)}"
    facts.add(tr("上一版本"), said)
    return facts


class _ChecksPage(Page):
    """The certificate, and each error with room for the reason why it may stand."""

    changed = Signal()
    issues_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.result = Banner()
        self.result.setObjectName("release_checks")
        self._facts: QWidget = Facts()
        self.see_button = QPushButton(tr("去看问题"))
        self.see_button.setObjectName("see_issues")
        self.see_button.setAutoDefault(False)
        self.see_button.clicked.connect(self.issues_wanted)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(8)
        self.name = QLineEdit()
        self.name.setObjectName("allowed_by")
        self.name.setAccessibleName(tr("谁负责"))
        self.name.setPlaceholderText(tr("姓名"))
        self.name.textChanged.connect(lambda _: self.changed.emit())
        self._name_label = label(tr("谁负责"), buddy=self.name)
        self._fields: list[tuple[Issue, QLineEdit]] = []
        self._is_too_many = False
        row = QHBoxLayout()
        row.addWidget(self.see_button)
        row.addStretch(1)
        self.body.addWidget(self.result)
        self.body.addLayout(row)
        self.body.addLayout(self._rows)
        self.body.addWidget(self._name_label)
        self.body.addWidget(self.name)
        self.body.addStretch()

    def show_ready(self, snapshot: Snapshot, ready: Readiness) -> None:
        """Show what the checks found."""
        blocking = ready.blocking
        self._is_too_many = len(blocking) > _MOST_LISTED
        if not blocking:
            self.result.say(tr("检查通过，可以发布。"), "good")
        elif self._is_too_many:
            self.result.say(tr("有 {n} 个错误，请先处理再发布。", n=f"{len(blocking):,}"), "error")
        else:
            self.result.say(
                tr(
                    "有 {n} 个错误。请先处理，或在下面逐个写明保留的理由。",
                    n=f"{len(blocking):,}",
                ),
                "warning",
            )
        self._fill(snapshot, ready, () if self._is_too_many else blocking)
        self.see_button.setVisible(bool(blocking))
        for widget in (self._name_label, self.name):
            widget.setVisible(bool(self._fields))
        self.changed.emit()

    def _fill(self, snapshot: Snapshot, ready: Readiness, issues: Sequence[Issue]) -> None:
        while (item := self._rows.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                discard(widget)
        self._fields = []
        self._rows.addWidget(_certificate(ready))
        for issue in issues:
            self._rows.addWidget(self._issue_row(snapshot, issue))

    def _issue_row(self, snapshot: Snapshot, issue: Issue) -> QFrame:
        field = QLineEdit()
        field.setObjectName(f"reason-{issue.id}")
        said = f"{panel_words.kind(issue.kind)}：{panel_words.issue_areas(snapshot, issue)}"
        field.setAccessibleName(tr("保留的理由：{issue}", issue=said))
        field.setPlaceholderText(tr("保留的理由"))
        field.textChanged.connect(lambda _: self.changed.emit())
        self._fields.append((issue, field))
        box, _ = card(label(said), label(panel_words.issue_sentence(issue), "quiet"), field)
        return box

    def why_not(self) -> str:
        """Return what keeps the release back, in words; empty when nothing does."""
        if self._is_too_many:
            return tr("错误太多，请先处理。")
        if any(not field.text().strip() for _, field in self._fields):
            return tr("请给每个错误写明保留的理由。")
        if self._fields and not self.name.text().strip():
            return tr("请写明谁负责。")
        return ""

    def allowed(self) -> list[Allowed]:
        """Return the errors that may stand, each with reason and name."""
        name = self.name.text().strip()
        return [Allowed(issue.id, field.text().strip(), name) for issue, field in self._fields]

    def first_field(self) -> QWidget | None:
        """Return the first reason that is asked for."""
        return self._fields[0][1] if self._fields else None


def _certificate(ready: Readiness) -> QWidget:
    said = ready.certificate
    facts = Facts()
    facts.add(tr("区域"), f"{said['areas']:,}")
    facts.add(tr("缝隙"), f"{said['gap_m2']:,.2f} m²")
    facts.add(tr("重叠"), f"{said['overlap_m2']:,.2f} m²")
    facts.add(tr("例外地块"), f"{said['exempt_m2']:,.2f} m²")
    facts.add(
        tr("外框"), tr("已确认") if said["frame"] == "given" else tr("没有外框，只能证明内部缝隙")
    )
    issues = said["issues"]
    facts.add(
        tr("问题"),
        tr(
            "错误 {errors}，警告 {warnings}，提示 {notes}，已认可 {accepted}",
            errors=f"{issues['error']:,}",
            warnings=f"{issues['warning']:,}",
            notes=f"{issues['info']:,}",
            accepted=f"{len(ready.accepted):,}",
        ),
    )
    box, inner = card()
    inner.addWidget(facts)
    return box


class _NotePage(Page):
    """What the release is for."""

    def __init__(self) -> None:
        super().__init__()
        self.note = QLineEdit()
        self.note.setObjectName("release_note")
        self.note.setAccessibleName(tr("版本说明"))
        self.note.setPlaceholderText(tr("例如：按某号文调整后首次发布"))
        self.body.addWidget(
            label(tr("写一句说明，以后在列表里一眼认出这个版本。可以不写。"), "quiet")
        )
        self.body.addWidget(label(tr("版本说明"), buddy=self.note))
        self.body.addWidget(self.note)
        self.body.addStretch()

    def first_field(self) -> QWidget:
        """Return the note."""
        return self.note


class _DonePage(Page):
    """What was made, and what can be done with it next."""

    def __init__(self) -> None:
        super().__init__()
        self.told = Banner("good")
        self.told.setObjectName("release_done")
        self._facts = QVBoxLayout()
        self.save_button = QPushButton(tr("另存发布文件…"))
        self.save_button.setObjectName("save_release")
        self.save_button.setAutoDefault(False)
        row = QHBoxLayout()
        row.addWidget(self.save_button)
        row.addStretch(1)
        self.body.addWidget(self.told)
        self.body.addLayout(self._facts)
        self.body.addLayout(row)
        self.body.addStretch()

    def show_release(self, release: Release) -> None:
        """Say what was made."""
        self.told.say(tr("已生成发布版本 {number}。", number=words.number(release.number)), "good")
        facts = Facts()
        facts.add(tr("发布时间"), words.moment(release.made_at))
        facts.add(tr("证明"), words.certificate(release))
        facts.add(tr("内容校验码"), words.short(release.sha256))
        box, inner = card()
        inner.addWidget(facts)
        self._facts.addWidget(box)
