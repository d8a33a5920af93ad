"""What the next area drawn shall be: its shape, level, parent, kind, and whose land it may take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QWidget

from gridadmin.base.ids import NOBODY, oid_of
from gridadmin.domain.model import Area, AreaKind
from gridadmin.partition.snapshot import Snapshot
from ui.panels import words
from ui.texts import language, mark, tr
from ui.tools.strip import ToolStrip


class Shape(StrEnum):
    """How an outline is drawn."""

    POLYGON = "polygon"
    SQUARE = "square"
    RECTANGLE = "rectangle"


class Take(StrEnum):
    """Whose land an area may take."""

    FREE = "free"
    SELECTED = "selected"
    ALL = "all"


_SHAPES = {
    Shape.POLYGON: mark("多边形、手绘"),
    Shape.SQUARE: mark("直角多边形"),
    Shape.RECTANGLE: mark("矩形"),
}
_TAKES = {
    Take.FREE: mark("只占没有划分的地"),
    Take.SELECTED: mark("也从所选区域划出"),
    Take.ALL: mark("也从上级内其他区域划出"),
}


def take_words(take: Take) -> str:
    """Return the words of the choice whose land may be taken."""
    return tr(_TAKES[take])


@dataclass(frozen=True)
class Choices:
    """What is chosen; *parent* None = by place, *exclusive_type* only for an exclusive area."""

    shape: Shape
    level: str
    parent: str | None
    take: Take
    kind: AreaKind
    exclusive_type: str | None


class DrawStrip(ToolStrip):
    """The choices of the draw tool; they stay as they are until the project is another one."""

    changed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__("draw_strip", tr("画新区域"), parent)
        self.shape = self.add_choice("draw_shape", tr("画法"))
        self.level = self.add_choice("draw_level", tr("区域层级"))
        self.parent_box = self.add_choice("draw_parent", tr("上级"))
        self.take = self.add_choice("draw_take", tr("用地"))
        self.kind = self.add_choice("draw_kind", tr("区域类型"))
        for shape, text in _SHAPES.items():
            self.shape.addItem(tr(text), shape)
        for take in _TAKES:
            self.take.addItem(take_words(take), take)
        self._of: str | None = None
        for box in (self.shape, self.level, self.parent_box, self.take, self.kind):
            box.currentIndexChanged.connect(lambda _: self.changed.emit())

    def fill(self, snapshot: Snapshot, selected: Sequence[str], level: str) -> None:
        """Offer what the project and what is selected allow; *level* is meant at first."""
        if self._of != snapshot.root.uid:
            self._of = snapshot.root.uid
            self._fill_levels(snapshot, level)
            self._fill_kinds(snapshot)
            # Where all land is divided there is nothing to draw on but that of others.
            is_free = has_free_land(snapshot, str(self.level.currentData() or ""))
            with QSignalBlocker(self.take):
                _choose(self.take, Take.FREE if is_free else Take.ALL)
        self._fill_parents(snapshot, selected)

    def choices(self) -> Choices:
        """Return what is chosen."""
        kind, exclusive_type = self.kind.currentData() or (AreaKind.GENERAL, None)
        return Choices(
            Shape(self.shape.currentData()),
            str(self.level.currentData() or ""),
            self.parent_box.currentData(),
            Take(self.take.currentData()),
            AreaKind(kind),
            exclusive_type,
        )

    def _fill_levels(self, snapshot: Snapshot, level: str) -> None:
        top = snapshot.level_rank(snapshot.root.level)
        below = [one.key for one in snapshot.scheme.present_levels]
        keys = [key for key in below if snapshot.level_rank(key) > top]
        with QSignalBlocker(self.level):
            self.level.clear()
            for key in keys:
                self.level.addItem(words.level(snapshot, key), key)
            _choose(self.level, level if level in keys else (keys or [""])[-1])

    def _fill_kinds(self, snapshot: Snapshot) -> None:
        with QSignalBlocker(self.kind):
            self.kind.clear()
            self.kind.addItem(tr("普通"), (AreaKind.GENERAL, None))
            for term in snapshot.scheme.exclusive_types:
                name = term.zh if language() == "zh" else term.en
                self.kind.addItem(tr("专属：{type}", type=name), (AreaKind.EXCLUSIVE, term.key))

    def _fill_parents(self, snapshot: Snapshot, selected: Sequence[str]) -> None:
        chosen = self.parent_box.currentData()
        with QSignalBlocker(self.parent_box):
            self.parent_box.clear()
            self.parent_box.addItem(tr("按画的位置"), None)
            for area in _offered(snapshot, [*selected, *([chosen] if chosen else [])]):
                self.parent_box.addItem(area.name, area.uid)
            _choose(self.parent_box, chosen)


def has_free_land(snapshot: Snapshot, level: str) -> bool:
    """Return whether any land is nobody's, or kept by an area above *level* itself.

    An exclusive area need not be divided: its land waits for nobody.
    """
    rank, partition = snapshot.level_rank, snapshot.partition
    if partition.own_twice_area(NOBODY):
        return True
    above = (
        area
        for area in snapshot.areas()
        if rank(area.level) < rank(level) and area.kind != AreaKind.EXCLUSIVE
    )
    return any(partition.own_twice_area(oid_of(area.uid)) for area in above)


def _offered(snapshot: Snapshot, uids: Sequence[str]) -> list[Area]:
    """Return the living areas of these uids and all above them, from the top down."""
    rows = snapshot.rows("area")
    known = [uid for uid in uids if uid in rows and rows[uid].valid_to is None]
    found = {uid: snapshot.area(uid) for uid in known}
    for uid in known:
        found.update({area.uid: area for area in snapshot.ancestors(uid)})
    return sorted(found.values(), key=lambda area: (snapshot.level_rank(area.level), area.name))


def _choose(box: QComboBox, value: object) -> None:
    """Choose the row of a value, the first one where there is none."""
    rows = [row for row in range(box.count()) if box.itemData(row) == value]
    box.setCurrentIndex(rows[0] if rows else 0)
