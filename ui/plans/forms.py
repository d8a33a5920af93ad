"""The small dialogs of a plan: what has to be filled in before it goes on."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QDate, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDateEdit,
    QDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from gridadmin.domain.release import Release
from gridadmin.edit.plan_commands import Allowed
from ui.dialogs.words import label
from ui.panels import words
from ui.panels.parts import ElidedButton
from ui.texts import tr

_WIDTH_EM = 30


class PlanForm(QDialog):
    """A title, a sentence, fields under their words, and one main button that says why it can't."""

    agreed = Signal()
    """The main button was pressed with everything filled in."""

    def __init__(self, title: str, said: str, act: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setMinimumWidth(_WIDTH_EM * self.fontMetrics().height())
        self.act_button = ElidedButton(act, self._agree, "primary")
        self.act_button.setObjectName("plan-act")
        self.act_button.setDefault(True)
        cancel = ElidedButton(tr("取消"), self.reject)
        cancel.setObjectName("plan-cancel")
        cancel.setAutoDefault(True)
        self.body = QVBoxLayout()
        self.body.setSpacing(6)
        self.body.addWidget(label(said, "quiet"))
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(cancel)
        foot.addWidget(self.act_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 14, 18, 14)
        column.setSpacing(12)
        column.addLayout(self.body)
        column.addLayout(foot)

    def add_field(self, name: str, said: str, field: QWidget) -> None:
        """Put a field below its word."""
        field.setObjectName(name)
        field.setAccessibleName(said)
        self.body.addWidget(label(said, buddy=field))
        self.body.addWidget(field)
        if isinstance(field, QLineEdit):
            field.textChanged.connect(lambda _: self.judge())

    def showEvent(self, event: QShowEvent) -> None:
        """Begin in the first field."""
        super().showEvent(event)
        field = self.findChild(QDateEdit) or self.findChild(QLineEdit)
        if isinstance(field, QWidget):
            field.setFocus(Qt.FocusReason.OtherFocusReason)

    def why_not(self) -> str:
        """Return what is missing, in words; empty when nothing is."""
        return ""

    def judge(self) -> None:
        """Enable the main button, or say in its tip what is missing."""
        self.act_button.forbid(self.why_not())

    def _agree(self) -> None:
        if not self.why_not():
            self.accept()
            self.agreed.emit()


class NameForm(PlanForm):
    """Name and document number, and for a new plan its base."""

    def __init__(
        self,
        *,
        name: str = "",
        document: str = "",
        releases: tuple[Release, ...] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        is_new = releases is not None
        super().__init__(
            tr("新建调整方案") if is_new else tr("方案名称和文号"),
            tr("文号可以以后再填，批准时必须有。"),
            tr("新建") if is_new else tr("保存"),
            parent,
        )
        self.name = QLineEdit(name)
        self.document = QLineEdit(document)
        self.document.setPlaceholderText(tr("发文机关、年份和序号"))
        self.base = QComboBox()
        self.add_field("plan-name", tr("方案名称"), self.name)
        self.add_field("plan-document", tr("文号"), self.document)
        if is_new:
            self.base.addItem(tr("现状（此刻的边界）"), None)
            for release in sorted(releases or (), key=lambda r: -r.number):
                words_of = tr(
                    "第 {number} 号版本（{date}）", number=release.number, date=release.date
                )
                self.base.addItem(words_of, release.number)
            self.add_field("plan-base", tr("与什么对比"), self.base)
        self.judge()

    def why_not(self) -> str:
        """Return what is missing."""
        return "" if self.name.text().strip() else tr("请先填写方案名称。")


class TextForm(PlanForm):
    """One line that has to be filled in: a document number, or a reason."""

    def __init__(
        self,
        title: str,
        said: str,
        act: str,
        field: str,
        *,
        text: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(title, said, act, parent)
        self.text = QLineEdit(text)
        self.add_field("plan-text", field, self.text)
        self._missing = tr("请先填写“{field}”。", field=field)
        self.judge()

    def why_not(self) -> str:
        """Return what is missing."""
        return "" if self.text.text().strip() else self._missing


class DateForm(PlanForm):
    """The date from which a plan holds."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            tr("方案生效"),
            tr("方案改动过的区域从这一天起有效。生效后边界锁定，要再调整需要新建方案。"),
            tr("生效"),
            parent,
        )
        self.date = QDateEdit(QDate.currentDate())
        self.date.setDisplayFormat("yyyy-MM-dd")
        self.add_field("plan-date", tr("生效日期"), self.date)
        self.judge()

    def iso(self) -> str:
        """Return the date as ISO 8601."""
        return self.date.date().toString(Qt.DateFormat.ISODate)


class AllowForm(PlanForm):
    """What keeps a plan from being checked, by kind; each may be allowed with a reason."""

    see_wanted = Signal()
    """The issues are to be shown and settled instead."""

    def __init__(self, counts: Mapping[str, int], parent: QWidget | None = None) -> None:
        super().__init__(
            tr("方案还有问题没有处理"),
            tr(
                "共 {n} 个。可以先去处理，或逐类写明理由予以保留；保留的问题仍会列出。",
                n=sum(counts.values()),
            ),
            tr("保留并通过检查"),
            parent,
        )
        self._rows: dict[str, tuple[QCheckBox, QLineEdit]] = {}
        page = QWidget()
        page.setProperty("role", "page")
        grid = QGridLayout(page)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setColumnStretch(1, 1)
        for number, (kind, count) in enumerate(counts.items()):
            self._add_kind(grid, number, kind, count)
        scroll = QScrollArea()
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(page)
        scroll.setMinimumHeight(min(page.sizeHint().height() + 4, 320))
        self.body.addWidget(scroll, 1)
        self.by = QLineEdit()
        self.add_field("plan-by", tr("同意保留的人"), self.by)
        see = ElidedButton(tr("去看问题列表"), self._see)
        see.setObjectName("plan-see")
        see.setAutoDefault(False)
        self.body.addWidget(see, 0, Qt.AlignmentFlag.AlignLeft)
        self.judge()

    def _add_kind(self, grid: QGridLayout, number: int, kind: str, count: int) -> None:
        said = tr("{what} {n}", what=words.kind(kind), n=f"{count:,}")
        box, reason = QCheckBox(said), QLineEdit()
        box.setObjectName(f"allow-{kind}")
        reason.setObjectName(f"reason-{kind}")
        reason.setPlaceholderText(tr("保留的理由"))
        reason.setAccessibleName(tr("保留“{kind}”的理由", kind=words.kind(kind)))
        box.toggled.connect(lambda _: self.judge())
        reason.textChanged.connect(lambda text: box.setChecked(bool(text.strip())))
        reason.textChanged.connect(lambda _: self.judge())
        grid.addWidget(box, number, 0)
        grid.addWidget(reason, number, 1)
        self._rows[kind] = box, reason

    def why_not(self) -> str:
        """Return what is missing."""
        rows = self._rows.values()
        if any(not (box.isChecked() and reason.text().strip()) for box, reason in rows):
            return tr("每一类问题都要勾选并写明理由，否则请先处理。")
        return "" if self.by.text().strip() else tr("请写明同意保留的人。")

    def allowed(self) -> list[Allowed]:
        """Return what is allowed, why, and by whom."""
        by = self.by.text().strip()
        rows = self._rows.items()
        return [Allowed(kind, reason.text().strip(), by) for kind, (_, reason) in rows]

    def _see(self) -> None:
        self.reject()
        self.see_wanted.emit()
