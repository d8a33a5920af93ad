"""The inspector's page of an object of a reference layer: a building, a compound, a road."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QComboBox

from gridadmin.app.holders import Holder, HolderKind
from gridadmin.app.object_facts import ObjectFacts, Share, shape_of
from gridadmin.domain.model import Area
from gridadmin.edit.command import Command
from gridadmin.edit.draw_commands import ALL
from gridadmin.edit.outline_commands import DrawOutline, GiveOutline, OutlineOf
from gridadmin.partition.base import chain_of
from ui.canvas.viewport import Place
from ui.panels import words
from ui.panels.desk import Desk
from ui.panels.object_words import kind_of, title_of
from ui.panels.page import Page
from ui.panels.parts import ElidedButton, Facts, Section, label, row_of
from ui.texts import tr
from ui.tools.preview import outcome

_MOST = 6
_AROUND_M = 400.0
"""Areas this near to an object are offered its land."""
_LEVEL = "grid"
_TAKERS = ("community", "grid", "micro_grid")


class ObjectPage(Page):
    """What an object is, in whose areas it lies, what cuts it, and what its outline is good for."""

    def __init__(self, desk: Desk, known: ObjectFacts) -> None:
        super().__init__(desk)
        self._known = known
        section = self.add_title(title_of(known))
        facts = Facts()
        facts.add(tr("种类"), kind_of(desk.snapshot, known))
        if known.buildings is not None:
            facts.add(tr("楼栋"), words.under_heading(words.buildings(known.buildings),
                                                    known.buildings))  # fmt: skip
        if known.households is not None:
            count = known.households
            facts.add(tr("户数"), words.under_heading(words.households(count), count))
        if known.entrances:
            facts.add(tr("单元"), tr("{n} 个", n=known.entrances))
        if known.floors:
            facts.add(tr("楼层"), tr("{n} 层", n=known.floors))
        if known.length_m is not None:
            facts.add(tr("长度"), words.length(known.length_m))
        if known.land_m2:
            facts.add(tr("面积"), words.land(known.land_m2))
        section.add(facts)
        self._add_cut()
        self._add_holders()
        if known.table != "line_object":
            self.add(OutlineSection(desk, known))

    def _add_cut(self) -> None:
        cut = self._known.cut
        if cut is None:
            return
        section = Section(tr("被边界切开"))
        section.say(
            tr("楼栋不应被边界切开。") if cut.table == "building" else tr("小区不宜分给几个网格。"),
            "warning",
        )
        for number in cut.borders[:_MOST]:
            border = self.desk.snapshot.partition.border(number)
            names = [words.name_of_uid(self.desk.snapshot, area.uid)
                     for side in (border.left, border.right)
                     if (area := self.desk.snapshot.owning_area(side)) is not None]  # fmt: skip
            button = ElidedButton(
                tr("边界：{names}", names=" | ".join(names)), self._shower(number), "link"
            )
            button.setObjectName(f"border-{number}")
            section.add(row_of(button))
        self.add(section)

    def _shower(self, number: int) -> Callable[[], None]:
        return lambda: self.desk.context.selection.select_border(number)

    def _add_holders(self) -> None:
        known = self._known
        if known.shares:
            section = Section(tr("所在区域") if known.length_m is None else tr("穿过的区域"))
            facts = Facts()
            for share in known.shares[:_MOST]:
                self._add_share(facts, section, share)
            section.add(facts)
            self._say_more(section, len(known.shares))
            self.add(section)
        beside = list(dict.fromkeys(holder for pair in known.along for holder in pair))
        if beside:
            section = Section(tr("作为边界的区域"))
            for holder in beside[:_MOST]:
                self._add_holder(section, holder)
            self._say_more(section, len(beside))
            self.add(section)

    def _add_share(self, facts: Facts, section: Section, share: Share) -> None:
        if self._known.table == "building" or len(self._known.shares) == 1:
            self._add_holder(section, share.holder)
            return
        size = words.land(share.size) if self._known.length_m is None else words.length(share.size)
        if share.holder.kind is HolderKind.AREA:
            facts.add(size, self.desk.link_to(share.holder.uid))
        else:
            facts.add(size, words.holder(self.desk.snapshot, share.holder))

    def _add_holder(self, section: Section, holder: Holder) -> None:
        if holder.kind is HolderKind.AREA:
            section.add(row_of(self.desk.link_to(holder.uid)))
        else:
            section.say(words.holder(self.desk.snapshot, holder), "quiet")

    def _say_more(self, section: Section, count: int) -> None:
        if count > _MOST:
            section.say(tr("另有 {n} 个。", n=count - _MOST), "quiet")


class OutlineSection(Section):
    """What the outline of a building or compound is good for: a new grid, or land for another."""

    def __init__(self, desk: Desk, known: ObjectFacts) -> None:
        super().__init__(tr("轮廓"))
        self._desk, self._known = desk, known
        self._outline = OutlineOf(known.table, known.uid)
        why = desk.bridge.why_not_change()
        parent = _parent_of(desk, known)
        if known.table == "compound" and parent is not None:
            make = ElidedButton(tr("以此小区为新网格"), lambda: self._make(parent))
            make.setObjectName("outline-new")
            make.forbid(why)
            self.add(row_of(make))
        self.takers = QComboBox()
        self.takers.setObjectName("outline-to")
        self.takers.setAccessibleName(tr("划给哪个区域"))
        self.takers.addItem(tr("划给哪个区域…"), None)
        for area in takers_near(desk, known):
            level = words.level(desk.snapshot, area.level)
            self.takers.addItem(words.dotted((words.name_of(area), level)), area.uid)
        self.takers.setEnabled(not why)
        self.takers.setToolTip(why)
        self.give = ElidedButton(tr("划给"), self._give)
        self.give.setObjectName("outline-give")
        self.add(row_of(self.takers, self.give, stretches=True))
        self._said = label("", "warning", wraps=True)
        self._said.hide()
        self.add(self._said)
        self.takers.currentIndexChanged.connect(lambda _: self._look())
        self._is_shown = False
        self._look()

    def hideEvent(self, event: QHideEvent) -> None:
        """Leave nothing on the map."""
        super().hideEvent(event)
        self._take_off()

    def _command(self) -> Command | None:
        to = self.takers.currentData()
        return None if to is None else GiveOutline(self._outline, to, ALL)

    def _look(self) -> None:
        """Show on the map what would be given, or why it can't be."""
        command, bridge = self._command(), self._desk.bridge
        why = bridge.why_not_change() or ("" if command else tr("请先选择接收的区域。"))
        said = ""
        if command is not None and not bridge.why_not_change():
            things, said = outcome(self._desk.context, command, self._beside())
            why = said
            self._is_shown = True
            self._desk.context.navigator.show_proposal(things)
        elif self._is_shown:
            self._take_off()
        self.give.forbid(why)
        self._said.setText(said)
        self._said.setVisible(bool(said))

    def _beside(self) -> Place:
        """Return a place where a table leaves the object in sight."""
        shape = shape_of(self._desk.snapshot, self._known.table, self._known.uid)
        if shape is None:
            return self._known.point
        _, y0, x1, _ = shape.bounds
        return x1, y0

    def _take_off(self) -> None:
        if self._is_shown:
            self._is_shown = False
            self._desk.context.navigator.show_proposal(())

    def _make(self, parent: Area) -> None:
        self._carry_out(DrawOutline(self._outline, _LEVEL, parent.uid, take=ALL))

    def _give(self) -> None:
        command = self._command()
        if command is not None:
            self._carry_out(command)

    def _carry_out(self, command: Command) -> None:
        self._take_off()
        done = self._desk.bridge.execute(command, place=self._known.point)
        if done is None:
            return
        told = dict(done.change.told)
        created = [row["uid"] for row in told.get("created", [])]
        name = title_of(self._known)
        if created:
            self._desk.context.selection.select_areas(created)
            said = tr("已用{name}的轮廓建立网格。", name=name)
        else:
            said = tr("{name}的土地已划给{to}。", name=name, to=self.takers.currentText())
        self._desk.context.messages.done(said, (tr("撤销"), self._desk.bridge.undo))


def _parent_of(desk: Desk, known: ObjectFacts) -> Area | None:
    """Return the area around an object that a new grid of its outline would lie in."""
    snapshot = desk.snapshot
    if snapshot.scheme.level(_LEVEL) is None:
        return None
    limit = snapshot.level_rank(_LEVEL)
    for share in known.shares:
        if share.holder.kind is HolderKind.AREA:
            area = snapshot.area(share.holder.uid)
            chain = [*reversed(list(snapshot.ancestors(area.uid))), area]
            above = [one for one in chain if snapshot.level_rank(one.level) < limit]
            return above[-1] if above else None
    return None


def takers_near(desk: Desk, known: ObjectFacts) -> Sequence[Area]:
    """Return the areas around an object that its land could be given to, those of it first.

    None that holds all of it already, and none whose parent holds nothing of it.
    """
    snapshot, (x, y) = desk.snapshot, known.point
    low, high = (
        (round((x + way * _AROUND_M) * 1000), round((y + way * _AROUND_M) * 1000))
        for way in (-1, 1)
    )
    oids = {
        oid
        for border in snapshot.partition.in_box(low, high)
        for side in (border.left, border.right)
        for oid in chain_of(side, snapshot.partition.parents)
    }
    held: dict[str, int] = {}
    for share in known.shares:
        if share.holder.kind is HolderKind.AREA:
            uid = share.holder.uid
            for above in (uid, *(area.uid for area in snapshot.ancestors(uid))):
                held[above] = held.get(above, 0) + 1
    found = [area for oid in oids if (area := snapshot.owning_area(oid)) is not None]
    near = [
        area
        for area in found
        if area.level in _TAKERS and area.parent in held
        and held.get(area.uid, 0) < len(known.shares)
    ]  # fmt: skip
    rank = snapshot.level_rank
    return sorted(
        near, key=lambda one: (-held.get(one.uid, 0), -rank(one.level), one.code or "~", one.name)
    )
