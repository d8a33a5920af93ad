"""Ways to settle what is shown, ranked, each with its reason and figures and a look at the map."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QWidget

from gridadmin.app.face_facts import FaceFacts, FaceKind, Place, Taker, takers_of
from gridadmin.app.repairs import Proposal, left_of, proposal_of, ranked
from gridadmin.domain.issue import Issue
from gridadmin.edit.command import Command
from gridadmin.edit.land_commands import MakeExempt
from gridadmin.partition.faces import Face
from gridadmin.partition.ground import Ground, is_kept
from gridadmin.repair.ways import CHOSEN, EXEMPT, Way, chosen_way, ways_at
from ui.canvas.overlay import Thing
from ui.canvas.proposal import proposal_things
from ui.panels import words
from ui.panels.before_after import BeforeAfter
from ui.panels.desk import Desk
from ui.panels.exempt_form import ExemptForm
from ui.panels.parts import ElidedButton, Section
from ui.panels.way_button import WayButton
from ui.panels.way_words import figures_of, title_of, why_of
from ui.texts import tr

Maker = Callable[[], list[Way]]


class SettleSection(Section):
    """A list of ways; the one under the pointer or keyboard is shown on the map."""

    settled = Signal()
    """Something was carried out and nothing of it is left."""

    def __init__(self, desk: Desk, make: Maker, issue: Issue | None = None) -> None:
        super().__init__(tr("处理办法"))
        self._desk = desk
        self._make = make
        self._issue = issue
        self._why = desk.bridge.why_not_change()
        self._waiting: Iterator[Way] | None = None
        self._found: list[Proposal] = []
        self._is_made = self._is_gone = False
        self._buttons: list[WayButton] = []
        self._wait = self.say(tr("正在拟定处理办法…"), "quiet")
        self.setObjectName("settle")
        self.pictures = BeforeAfter(desk.context, issue)
        self.add(self.pictures)
        self._next = QTimer(self)
        self._next.setInterval(0)
        self._next.timeout.connect(self._look_at_next)
        self.destroyed.connect(self._mark_gone)
        self._begin()

    def first_button(self) -> QWidget | None:
        """Return the first way that can be taken, None when there is none."""
        self.finish()
        return next((button for button in self._buttons if button.isEnabled()), None)

    def hideEvent(self, event: object) -> None:
        """Take what was shown off the map."""
        self._desk.context.navigator.show_proposal(())
        super().hideEvent(event)  # type: ignore[arg-type]

    # Working out

    def _mark_gone(self) -> None:
        self._is_gone = True

    def _begin(self) -> None:
        if not self._desk.index.is_counted:
            # The page is made anew once households are counted.
            return
        snapshot = self._desk.snapshot
        if is_kept(snapshot):
            self._next.start()
            return
        self._desk.context.jobs.start(
            tr("准备道路和楼栋"),
            lambda _: Ground.of(snapshot),
            on_done=lambda _: None if self._is_gone else self._next.start(),
            is_quiet=True,
        )

    def _look_at_next(self) -> None:
        """Work out one more way; the list appears when all are known."""
        if self._waiting is None:
            self._waiting = iter(self._make())
        way = next(self._waiting, None)
        if way is not None:
            document = self._desk.bridge.document
            self._found.append(proposal_of(document, way, waits=False))
            return
        self._next.stop()
        if not self._is_made:
            self._is_made = True
            self._wait.hide()
            self._show(ranked(self._found))

    def finish(self) -> None:
        """Work out at once what is still waiting."""
        while not self._is_made and self._desk.index.is_counted and not self._is_gone:
            self._look_at_next()

    # Showing

    def _show(self, proposals: list[Proposal]) -> None:
        can_be_first = True
        for proposal in proposals:
            if proposal.way.key == EXEMPT:
                self._add_exempt()
            elif proposal.way.key != CHOSEN:
                is_first = can_be_first and proposal.refusal is None and len(proposals) > 1
                can_be_first = False
                self._add(proposal, is_first=is_first and self._may_recommend(proposals))
        self.add_more()
        self.pictures.look_at(next((one for one in proposals if one.done is not None), None))

    def _may_recommend(self, proposals: list[Proposal]) -> bool:
        """Return whether the first way is better for a reason: not one claimant of several."""
        return proposals[0].way.key not in ("keep", "clip", "clip_free", "enlarge")

    def add_more(self) -> None:
        """Put further ways at the end."""

    def _add(self, proposal: Proposal, *, is_first: bool = False, at: int = -1) -> WayButton:
        snapshot, way = self._desk.snapshot, proposal.way
        button = WayButton(
            title_of(snapshot, way),
            why_of(snapshot, way),
            figures_of(proposal),
            lambda: self._take(proposal),
            is_first=is_first,
        )
        button.setObjectName(f"give-{way.to}" if way.to else f"way-{way.key}")
        button.forbid(self._why or (figures_of(proposal) if proposal.refusal else ""))
        button.looked_at.connect(lambda is_on: self._preview(proposal if is_on else None))
        button.stepped.connect(lambda by: self._step(button, by))
        self._buttons.append(button)
        self.column.insertWidget(at, button)
        # Shown at once, for it may get the keyboard at once.
        button.show()
        return button

    def _step(self, button: WayButton, by: int) -> None:
        able = [one for one in self._buttons if one.isEnabled()]
        if button in able:
            following = able[(able.index(button) + by) % len(able)]
            following.setFocus(Qt.FocusReason.TabFocusReason)

    def _preview(self, proposal: Proposal | None) -> None:
        self.pictures.look_at(proposal)
        things: tuple[Thing, ...] = ()
        if proposal is not None and proposal.done is not None and proposal.effects is not None:
            things = tuple(proposal_things(proposal.done, proposal.effects))
        self._desk.context.navigator.show_proposal(things)

    # Doing

    def _take(self, proposal: Proposal) -> None:
        if proposal.way.command is not None:
            title = title_of(self._desk.snapshot, proposal.way)
            self.carry_out(proposal.way.command, tr("已处理：{what}。", what=title))

    def carry_out(self, command: Command, told: str) -> None:
        """Carry out a command; go on when nothing is left, else say what is."""
        self._desk.context.navigator.show_proposal(())
        issue, desk = self._issue, self._desk
        if desk.bridge.execute(command) is None:
            return
        left = [] if issue is None else left_of(desk.bridge.issues(), issue)
        if left and issue is not None and issue.kind != "remainder":
            kinds = words.dotted(
                f"{words.kind(one.kind)} {words.land(one.area_m2)}" for one in left[:3]
            )
            desk.context.messages.note(
                tr("已执行，但这里还有问题：{issues}。", issues=kinds), action=desk.way_back
            )
            desk.take_up(left[0])
            return
        desk.context.messages.done(told, action=desk.way_back)
        self.settled.emit()

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
        form.on_done(lambda: self.make_exempt(form), close_form)
        self.add(button)
        self.add(form)

    def make_exempt(self, form: ExemptForm) -> None:
        """Make exempt land of what is shown; only a face has such a way."""


class SettleFace(SettleSection):
    """Ways to settle a face: those that there are, its further neighbours, any area of the map."""

    def __init__(
        self, desk: Desk, face: Face, known: FaceFacts, place: Place, issue: Issue | None = None
    ) -> None:
        self._place = place
        self._known = known
        self._takers = takers_of(desk.snapshot, face)
        snapshot = desk.snapshot
        super().__init__(desk, lambda: ways_at(snapshot, place), issue)

    def add_more(self) -> None:
        """Put the neighbours that no way names yet, and choosing on the map."""
        named = {button.objectName() for button in self._buttons}
        rest = [one for one in self._takers if f"give-{one.area.uid}" not in named]
        if rest:
            self._add_rest(rest, is_all=not self._buttons)
        if self._desk.actions is not None and self._known.kind is not FaceKind.EXEMPT:
            choose = ElidedButton(tr("在地图上点选接收区域…"), self._choose, "quiet")
            choose.setObjectName("way-chosen")
            choose.forbid(self._why)
            self.add(choose)
        if not self._takers and self._known.kind is FaceKind.EXEMPT:
            self.say(tr("周围没有可以接收这块地的区域。"), "quiet")

    def _add_rest(self, rest: list[Taker], *, is_all: bool) -> None:
        text = tr("改划给相邻区域…") if is_all else tr("另有 {n} 个相邻区域…", n=len(rest))

        def show() -> None:
            at = self.column.indexOf(more)
            more.hide()
            document, snapshot = self._desk.bridge.document, self._desk.snapshot
            for number, taker in enumerate(rest):
                way = chosen_way(snapshot, self._place, taker.area)
                self._add(proposal_of(document, way, waits=False), at=at + number)

        more = ElidedButton(text, show, "quiet")
        more.setObjectName("more-takers")
        self.add(more)

    def _choose(self) -> None:
        """Let the next click on the map say who gets the face."""
        if self._desk.actions is not None:
            place = self._desk.bridge.to_local(self._place)
            self._desk.context.selection.select_face(place)
            self._desk.actions.action("tool.give").trigger()

    def make_exempt(self, form: ExemptForm) -> None:
        """Make exempt land of the face."""
        command = MakeExempt(
            self._place,
            form.reason.text().strip(),
            form.approver.text().strip(),
            form.until.text().strip() or None,
            form.name.text().strip() or None,
            is_inside=True,
        )
        self.carry_out(command, tr("已列为例外地块。"))
