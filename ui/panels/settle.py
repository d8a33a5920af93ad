"""Ways to settle a face that no area holds for good: give it to somebody, or make it exempt."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFormLayout, QFrame, QLabel, QLineEdit, QVBoxLayout

from gridadmin.app.effects import AreaEffect, effects_of
from gridadmin.app.face_facts import FaceFacts, FaceKind, Place, Taker, takers_of
from gridadmin.base.errors import GridAdminError
from gridadmin.edit.land_commands import Give, MakeExempt
from gridadmin.partition.faces import Face
from ui.panels import words
from ui.panels.desk import Desk
from ui.panels.parts import ElidedButton, Section, label, row_of
from ui.texts import tr

_SHOWN_AT_FIRST = 4


class SettleSection(Section):
    """Buttons for everyone who may have the face, each with what it would mean."""

    settled = Signal()
    """The face was given to somebody or made exempt."""

    def __init__(self, desk: Desk, face: Face, known: FaceFacts, place: Place) -> None:
        super().__init__(tr("处理办法"))
        self._desk = desk
        self._known = known
        self._place = place
        self._why = desk.bridge.why_not_change()
        self._waiting: list[tuple[Taker, QLabel]] = []
        self._buttons: list[ElidedButton] = []
        self._takers = takers_of(desk.snapshot, face)
        shown = 0 if known.kind is FaceKind.EXEMPT else _SHOWN_AT_FIRST
        for number, taker in enumerate(self._takers[:shown]):
            self._add_taker(taker, is_first=number == 0)
        if len(self._takers) > shown:
            self._add_more(shown)
        if known.kind in (FaceKind.GAP, FaceKind.REMAINDER, FaceKind.EMPTY):
            self._add_exempt()
        if not self._takers and known.kind is FaceKind.EXEMPT:
            self.say(tr("周围没有可以接收这块地的区域。"), "quiet")
        self._next_effect = QTimer(self)
        self._next_effect.setInterval(0)
        self._next_effect.timeout.connect(self._tell_effect)
        if desk.index.is_counted:
            self._next_effect.start()

    def first_button(self) -> ElidedButton | None:
        """Return the first button that settles the face, None when there is none."""
        return next((button for button in self._buttons if button.isEnabled()), None)

    # Giving

    def _add_taker(self, taker: Taker, *, is_first: bool = False, at: int = -1) -> None:
        name = words.name_of(taker.area)
        is_likely = is_first and self._known.kind is not FaceKind.DISPUTE
        button = ElidedButton(
            tr("划给{name}", name=name), lambda: self._give(taker), "primary" if is_likely else ""
        )
        button.setObjectName(f"give-{taker.area.uid}")
        button.forbid(self._why)
        note = label(self._about(taker, is_likely=is_likely), "quiet", wraps=True)
        note.setContentsMargins(2, 0, 0, 4)
        for widget in (button, note):
            self.column.insertWidget(at, widget)
            at = at if at < 0 else at + 1
        self._buttons.append(button)
        self._waiting.append((taker, note))

    def _about(self, taker: Taker, *, is_likely: bool) -> str:
        parent = taker.area.parent
        # Grids of different communities often have the same name.
        parts = [] if parent is None else [words.name_of_uid(self._desk.snapshot, parent)]
        if taker.is_claimant:
            parts.append(tr("争议一方"))
        if is_likely:
            parts.append(tr("推荐"))
        if taker.shared_m > 0:
            parts.append(tr("共用边界 {length}", length=words.length(taker.shared_m)))
        return words.dotted(parts)

    def _tell_effect(self) -> None:
        """Say what giving the face to the next of them would do to its figures."""
        if not self._waiting:
            self._next_effect.stop()
            return
        taker, note = self._waiting.pop(0)
        try:
            done = self._desk.bridge.preview(self._command(taker))
        except GridAdminError:
            return
        for effect in effects_of(done, waits=False).areas:
            if effect.uid == taker.area.uid:
                said = words.dotted((note.text(), _effect_words(effect)))
                note.setText(said)

    def _command(self, taker: Taker) -> Give:
        return Give(self._place, taker.area.uid, is_inside=True)

    def _give(self, taker: Taker) -> None:
        told = tr("已划给“{name}”。", name=words.name_of(taker.area))
        self._carry_out(self._command(taker), told)

    def _carry_out(self, command: Give | MakeExempt, told: str) -> None:
        if self._desk.carry_out(command, told):
            self.settled.emit()

    def _add_more(self, shown: int) -> None:
        count = len(self._takers) - shown
        text = tr("另有 {n} 个相邻区域…", n=count) if shown else tr("改划给相邻区域…")

        def show() -> None:
            at = self.column.indexOf(more)
            more.hide()
            for taker in self._takers[shown:]:
                self._add_taker(taker, at=at)
                at += 2
            self._next_effect.start()

        more = ElidedButton(text, show, "quiet")
        more.setObjectName("more-takers")
        self.add(more)

    # Exempt land

    def _add_exempt(self) -> None:
        form = ExemptForm()
        form.hide()

        def open_form() -> None:
            button.hide()
            form.show()
            form.first_field().setFocus()

        def close_form() -> None:
            form.hide()
            button.show()
            button.setFocus()

        button = ElidedButton(tr("列为例外地块…"), open_form)
        button.setObjectName("exempt")
        button.forbid(self._why)
        form.on_done(lambda: self._make_exempt(form), close_form)
        self.add(button)
        self.add(form)

    def _make_exempt(self, form: ExemptForm) -> None:
        command = MakeExempt(
            self._place,
            form.reason.text().strip(),
            form.approver.text().strip(),
            form.until.text().strip() or None,
            form.name.text().strip() or None,
            is_inside=True,
        )
        self._carry_out(command, tr("已列为例外地块。"))


def _effect_words(effect: AreaEffect) -> str:
    if effect.households_after is None:
        return ""
    told = tr(
        "{before} → {after} 户", before=effect.households_before, after=effect.households_after
    )
    if effect.households_before is None or effect.households_before == effect.households_after:
        told = tr("仍为 {n} 户", n=effect.households_after)
    of = effect.band
    if of is None or effect.band_after is None:
        return told
    if effect.band_after == "in":
        return tr("{told}，在 {low}–{high} 之内", told=told, low=of.low, high=of.high)
    return tr("{told}，不在 {low}–{high} 之内", told=told, low=of.low, high=of.high)


class ExemptForm(QFrame):
    """What exempt land needs: a reason and an approver; a name and an end if there are any."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.name = _field("exempt-name", tr("名称"), tr("如：镜花湖（虚构）"))
        self.reason = _field("exempt-reason", tr("事由"), tr("必填，如：水面"))
        self.approver = _field("exempt-approver", tr("批准人"), tr("必填"))
        self.until = _field("exempt-until", tr("截止日期"), tr("如 2026-12-31，可不填"))
        form = QFormLayout()
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        form.setVerticalSpacing(5)
        for field in (self.name, self.reason, self.approver, self.until):
            form.addRow(label(field.accessibleName(), "quiet"), field)
            field.textChanged.connect(self._look)
            field.returnPressed.connect(self._return_pressed)
        self._keep = ElidedButton(tr("确定"), self._keep_pressed, "primary")
        self._keep.setObjectName("exempt-keep")
        self._leave = ElidedButton(tr("取消"), self._leave_pressed)
        self._kept: Callable[[], object] = _nothing
        self._left: Callable[[], object] = _nothing
        column = QVBoxLayout(self)
        column.setContentsMargins(9, 9, 9, 9)
        column.addLayout(form)
        column.addWidget(row_of(self._keep, self._leave))
        self._look()

    def on_done(self, kept: Callable[[], object], left: Callable[[], object]) -> None:
        """Say what happens when the form is filled in, and when it is left."""
        self._kept, self._left = kept, left

    def first_field(self) -> QLineEdit:
        """Return the field to begin with."""
        return self.name

    def _is_whole(self) -> bool:
        return bool(self.reason.text().strip() and self.approver.text().strip())

    def _look(self) -> None:
        self._keep.forbid("" if self._is_whole() else tr("请填写事由和批准人。"))

    def _return_pressed(self) -> None:
        if self._is_whole():
            self._keep_pressed()

    def _keep_pressed(self) -> None:
        self._kept()

    def _leave_pressed(self) -> None:
        self._left()


def _nothing() -> None:
    """Do nothing."""


def _field(name: str, words_of_it: str, hint: str) -> QLineEdit:
    field = QLineEdit()
    field.setObjectName(name)
    field.setAccessibleName(words_of_it)
    field.setPlaceholderText(hint)
    return field
