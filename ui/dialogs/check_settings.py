"""What a project checks: which set, each check on or off, how much it weighs, its numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from gridadmin.domain.check_kinds import CHECK_KINDS, FAMILIES, Parameter, Severity
from gridadmin.domain.check_settings import CHECKS_SETTING, changed_check
from gridadmin.domain.scheme import Check
from gridadmin.edit.check_commands import ChangeChecks, ChangeLimits, UseCheckSet
from gridadmin.edit.command import Command
from gridadmin.partition.snapshot import Snapshot
from ui.bridge import Bridge
from ui.panels import words
from ui.texts import language, sentence, tr

STAFFING = "staffing"
"""The family of the rules about people."""
_OF_PEOPLE = ("reach", "channel_counts")
"""Kinds of other families that are found with the rules about people."""
_SCREEN_SHARE = 0.94
_ABOVE_PX = 10


class CheckSettings(QDialog):
    """The checks of the open project, by family; carried out with one button.

    *family* is the one that is in view when the dialog opens.
    """

    def __init__(self, bridge: Bridge, parent: QWidget | None = None, family: str = "") -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._rows: dict[str, _Row] = {}
        self._cards: dict[str, QWidget] = {}
        self._first = family
        self.setObjectName("check_settings")
        self.setWindowTitle(tr("检查设置"))
        snapshot = bridge.snapshot
        page = QWidget()
        page.setProperty("role", "page")
        column = QVBoxLayout(page)
        column.setContentsMargins(20, 16, 20, 12)
        column.setSpacing(10)
        column.addWidget(self._general(snapshot))
        for name, kinds in FAMILIES.items():
            shown = [kind for kind in kinds if kind not in _OF_PEOPLE]
            shown += _OF_PEOPLE if name == STAFFING else ()
            self._cards[name] = self._family(snapshot, name, shown)
            column.addWidget(self._cards[name])
        column.addStretch(1)
        scroll = self._scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidget(page)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(scroll, 1)
        whole.addWidget(self._foot())
        room = self.screen().availableGeometry().size() * _SCREEN_SHARE
        self.resize(QSize(max(700, page.sizeHint().width() + 40), 720).boundedTo(room))

    def showEvent(self, event: QShowEvent) -> None:
        """Go to the family that one asked for."""
        super().showEvent(event)
        # Only what is laid out has a width that it needs, and a place to go to.
        QTimer.singleShot(0, self, self._settle)

    def _settle(self) -> None:
        page, card = self._scroll.widget(), self._cards.get(self._first)
        missing = 0 if page is None else page.minimumSizeHint().width()
        missing -= self._scroll.viewport().width()
        if missing > 0:
            room = self.screen().availableGeometry().size() * _SCREEN_SHARE
            self.resize(QSize(self.width() + missing, self.height()).boundedTo(room))
        if card is not None:
            self._scroll.verticalScrollBar().setValue(card.y() - _ABOVE_PX)

    def _general(self, snapshot: Snapshot) -> QWidget:
        card, grid = _card(tr("总则"))
        self.set_box = QComboBox()
        self.set_box.setObjectName("check-set")
        self.set_box.setAccessibleName(tr("检查集"))
        for one in snapshot.check_sets.values():
            name = one.zh if language() == "zh" else one.en
            self.set_box.addItem(name or one.key, one.key)
        self.set_box.setCurrentIndex(self.set_box.findData(snapshot.check_set.key))
        self.least = QDoubleSpinBox()
        self.least.setObjectName("least-defect")
        self.least.setAccessibleName(tr("最小列出的缺陷"))
        self.least.setDecimals(3)
        self.least.setRange(0.0, 100.0)
        self.least.setSuffix(" m²")
        self.least.lineEdit().setTextMargins(6, 0, 0, 0)
        self.least.setValue(snapshot.min_area_m2)
        grid.addWidget(QLabel(tr("检查集")), 1, 0)
        grid.addWidget(self.set_box, 1, 1)
        grid.addWidget(QLabel(tr("最小列出的缺陷")), 2, 0)
        grid.addWidget(self.least, 2, 1)
        note = _quiet(
            tr("比它小的空隙和重叠只计数。顶点相距 {snap} 毫米以内算同一点。",
               snap=f"{snapshot.snap_m * 1000:g}")
        )  # fmt: skip
        grid.addWidget(note, 3, 0, 1, 3)
        return card

    def _family(self, snapshot: Snapshot, family: str, kinds: list[str]) -> QWidget:
        card, grid = _card(sentence(f"family.{family}"))
        own = snapshot.setting(CHECKS_SETTING, {})
        for place, kind in enumerate(kinds):
            check = changed_check(snapshot.scheme.check(kind), own.get(kind, {}))
            row = self._rows[kind] = _Row(check, CHECK_KINDS[kind].params or {})
            at = 1 + 2 * place
            grid.addWidget(row.switch, at, 0)
            grid.addWidget(row.severity, at, 1)
            grid.addWidget(row.numbers, at, 2)
            grid.addWidget(_quiet(sentence(f"about.{kind}")), at + 1, 0, 1, 3)
        return card

    def _foot(self) -> QWidget:
        foot = QFrame()
        foot.setProperty("role", "panel")
        box = QDialogButtonBox()
        self.apply_button = box.addButton(tr("应用"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.apply_button.setProperty("role", "primary")
        self.apply_button.setObjectName("apply-checks")
        why = self._bridge.why_not_change()
        self.apply_button.setEnabled(not why)
        self.apply_button.setToolTip(why)
        self.scheme_button = box.addButton(
            tr("恢复方案的规定"), QDialogButtonBox.ButtonRole.ResetRole
        )
        self.scheme_button.setObjectName("checks-as-scheme")
        self.scheme_button.setAutoDefault(False)
        self.scheme_button.clicked.connect(self._as_scheme)
        box.addButton(tr("取消"), QDialogButtonBox.ButtonRole.RejectRole)
        box.accepted.connect(self._apply)
        box.rejected.connect(self.reject)
        row = QHBoxLayout(foot)
        row.setContentsMargins(16, 10, 16, 12)
        row.addWidget(box)
        return foot

    def _as_scheme(self) -> None:
        for kind, row in self._rows.items():
            row.fill(self._bridge.snapshot.scheme.check(kind))

    def commands(self) -> list[Command]:
        """Return what was changed, each part as a command of its own."""
        snapshot = self._bridge.snapshot
        own = snapshot.setting(CHECKS_SETTING, {})
        said: dict[str, Mapping[str, Any] | None] = {}
        for kind, row in self._rows.items():
            scheme = snapshot.scheme.check(kind)
            if row.check() == changed_check(scheme, own.get(kind, {})):
                continue
            said[kind] = None if row.check() == scheme else row.said()
        found: list[Command] = [ChangeChecks(said)] if said else []
        if self.set_box.currentData() != snapshot.check_set.key:
            found.append(UseCheckSet(str(self.set_box.currentData())))
        if self.least.value() != snapshot.min_area_m2:
            found.append(ChangeLimits(self.least.value()))
        return found

    def _apply(self) -> None:
        for command in self.commands():
            if self._bridge.execute(command) is None:
                return
        self.accept()


class _Row:
    """The controls of one check."""

    def __init__(self, check: Check, params: Mapping[str, Parameter]) -> None:
        kind = check.key
        self._key = kind
        self.switch = QCheckBox(words.kind(kind))
        self.switch.setObjectName(f"check-{kind}")
        self.severity = QComboBox()
        self.severity.setObjectName(f"severity-of-{kind}")
        self.severity.setAccessibleName(tr("{kind}的轻重", kind=words.kind(kind)))
        for severity in Severity:
            self.severity.addItem(words.severity(severity), severity)
        self.numbers = QWidget()
        lines = QGridLayout(self.numbers)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setVerticalSpacing(4)
        lines.setColumnStretch(2, 1)
        self._fields: dict[str, QDoubleSpinBox] = {}
        self._whole = {name for name, limits in params.items() if limits.is_whole}
        for name, limits in params.items():
            field = QDoubleSpinBox()
            field.setObjectName(f"{kind}-{name}")
            field.setAccessibleName(f"{words.kind(kind)} {sentence(f'param.{name}')}")
            field.setDecimals(0 if limits.is_whole else 3 if limits.usual < 1 else 1)
            field.setRange(limits.low, limits.high)
            self._fields[name] = field
            field.lineEdit().setTextMargins(6, 0, 0, 0)
            lines.addWidget(QLabel(sentence(f"param.{name}")), lines.rowCount(), 0)
            lines.addWidget(field, lines.rowCount() - 1, 1)
        self.switch.toggled.connect(self._follow)
        self.fill(check)

    def fill(self, check: Check) -> None:
        """Show what holds for the check."""
        self.switch.setChecked(check.on)
        self.severity.setCurrentIndex(self.severity.findData(check.severity))
        for name, value in check.params:
            if name in self._fields:
                self._fields[name].setValue(value)
        self._follow(check.on)

    def check(self) -> Check:
        """Return what is set now."""
        params = tuple(
            (name, round(field.value()) if name in self._whole else field.value())
            for name, field in self._fields.items()
        )
        severity = Severity(self.severity.currentData())
        return Check(self._key, self.switch.isChecked(), severity, params)

    def said(self) -> dict[str, Any]:
        """Return what is set now as a project says it."""
        check = self.check()
        said: dict[str, Any] = {"on": check.on, "severity": str(check.severity)}
        return {**said, "params": dict(check.params)} if check.params else said

    def _follow(self, is_on: bool) -> None:
        for widget in (self.severity, self.numbers):
            widget.setEnabled(is_on)


def _card(title: str) -> tuple[QFrame, QGridLayout]:
    card = QFrame()
    card.setProperty("role", "card")
    grid = QGridLayout(card)
    grid.setContentsMargins(16, 12, 16, 14)
    grid.setHorizontalSpacing(16)
    grid.setVerticalSpacing(4)
    grid.setColumnStretch(2, 1)
    heading = QLabel(title)
    heading.setProperty("role", "heading")
    grid.addWidget(heading, 0, 0, 1, 3)
    return card, grid


def _quiet(text: str) -> QLabel:
    note = QLabel(text)
    note.setProperty("role", "quiet")
    note.setWordWrap(True)
    note.setContentsMargins(0, 0, 0, 6)
    return note
