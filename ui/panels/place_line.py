"""The text twin of the map: what lies under the pointer, in words."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from gridadmin.app.border_facts import facts_of_border
from gridadmin.app.face_facts import FaceKind
from gridadmin.app.holders import HolderKind
from gridadmin.app.place_facts import PlaceFacts, facts_of_place
from gridadmin.domain.model import BorderRow
from gridadmin.partition.figures import households_of
from gridadmin.partition.snapshot import Snapshot
from ui.actions import Actions
from ui.context import Context
from ui.panels import words
from ui.panels.parts import ElidedLabel
from ui.selection import Place
from ui.texts import tr

_PAUSE_MS = 60


def words_of_place(snapshot: Snapshot, x_m: float, y_m: float, reach_m: float = 0.0) -> str:
    """Return what lies at a place in local metres, in words.

    A border within *reach_m* counts as lying there. Households are told once
    ``snapshot.counts`` are worked out.
    """
    known = facts_of_place(snapshot, x_m, y_m, reach_m)
    if known.border is not None:
        return _border_words(snapshot, known.border)
    said = _land_words(snapshot, known)
    if known.border_m is None:
        return said
    return tr("{place}；离边界 {length}", place=said, length=words.length(known.border_m))


def _border_words(snapshot: Snapshot, border: BorderRow) -> str:
    known = facts_of_border(snapshot, border)
    sides = [known.left, known.right]
    if known.is_outer:
        inner = next((side for side in sides if side.kind is not HolderKind.OUTSIDE), sides[0])
        return tr("在{name}的外缘上", name=words.holder(snapshot, inner))
    first, second = (words.holder(snapshot, side) for side in sides)
    return tr("在{first}与{second}的边界上", first=first, second=second)


def _land_words(snapshot: Snapshot, known: PlaceFacts) -> str:
    if known.kind is FaceKind.OUTSIDE:
        return tr("项目范围之外")
    chain = " › ".join(words.name_of(area) for area in known.areas)
    if known.kind is FaceKind.PLAIN:
        return _with_households(snapshot, known, chain)
    if known.kind is FaceKind.EXEMPT:
        return words.holder(snapshot, known.holder)
    if known.kind is FaceKind.DISPUTE:
        claims = words.in_tree_order(snapshot, snapshot.dispute(known.holder.uid).claims.split())
        names = [words.name_of_uid(snapshot, uid) for uid in claims]
        said = tr("{names}的争议地块", names=tr("、").join(names))
    else:
        said = {
            FaceKind.GAP: tr("缝隙"),
            FaceKind.REMAINDER: tr("没有划给下级的地块"),
            FaceKind.EMPTY: tr("还没有划分的土地"),
        }[known.kind]
    if known.face is not None:
        said = f"{said} {words.land(known.face.twice_area() / 2_000_000)}"
    return tr("{place}，{what}", place=chain, what=said) if chain else said


def _with_households(snapshot: Snapshot, known: PlaceFacts, chain: str) -> str:
    if not snapshot.knows_counts:
        return chain
    count, state = households_of(snapshot, known.areas[-1])
    if count is None:
        return chain
    return tr("{place}，{what}", place=chain, what=words.marked_households(count, state))


class PlaceLine(ElidedLabel):
    """A line for the status bar that says what lies under the pointer."""

    def __init__(
        self, context: Context, actions: Actions | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__("", "quiet")
        if parent is not None:
            self.setParent(parent)
        self._context = context
        self._asked: tuple[Place, float] | None = None
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_PAUSE_MS)
        self._soon.timeout.connect(self._tell)
        context.bridge.changed.connect(self._ask_again)
        context.bridge.opened.connect(lambda: self.show_place(None))
        self.setAccessibleName(tr("指针处的内容"))

    def show_place(self, place: Place | None, reach_m: float = 0.0) -> None:
        """Say what lies at a place in local metres; None says nothing.

        Comes a moment later, so that it may be called for every move of the pointer.
        """
        self._asked = None if place is None else (place, reach_m)
        if place is None:
            self._soon.stop()
            self._say("")
        elif not self._soon.isActive():
            self._soon.start()

    def _ask_again(self) -> None:
        if self._asked is not None and not self._soon.isActive():
            self._soon.start()

    def _tell(self) -> None:
        if self._asked is None or not self._context.bridge.is_open:
            self._say("")
            return
        (x, y), reach_m = self._asked
        self._say(words_of_place(self._context.bridge.snapshot, x, y, reach_m))

    def _say(self, text: str) -> None:
        self.setText(text)
        self.setAccessibleName(tr("指针处的内容"))
        self.setAccessibleDescription(text)
