"""The tool *draw*: a new area, clipped to the land that it may take while it is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import shapely

from gridadmin.base.ids import oid_of
from gridadmin.edit.document import Done
from gridadmin.edit.draw_commands import Draw
from ui.canvas.overlay import Role
from ui.canvas.picking import areas_at
from ui.canvas.view import MapEvent
from ui.canvas.viewport import Place
from ui.panels.lock_words import plan_lock_words
from ui.texts import tr
from ui.tools.draw_strip import Choices, DrawStrip, Shape, Take, take_words
from ui.tools.drawing import DrawingTool
from ui.tools.drawn_line import rectangle, squared, upright
from ui.tools.preview import Preview, previewed
from ui.tools.shapes import border_outline
from ui.tools.strip import ToolStrip
from ui.tools.tool import Hint

_NO_LAND = "edit.nothing_to_take"


class DrawTool(DrawingTool):
    """The corners of an outline; what of it may be taken becomes an area."""

    key_name = "draw"
    is_ring = True
    line_role = Role.BEFORE

    def __init__(self, *args: object, **more: object) -> None:
        super().__init__(*args, **more)
        self._strip = DrawStrip(self.map)
        self._strip.changed.connect(self._choices_changed)

    def strip(self) -> ToolStrip:
        """Return the choices of what is drawn."""
        return self._strip

    @property
    def choices(self) -> Choices:
        """What the next area shall be."""
        return self._strip.choices()

    @property
    def is_square(self) -> bool:
        """Whether only right angles are drawn."""
        return self.choices.shape is Shape.SQUARE

    def enter(self) -> None:
        """Offer what the project allows."""
        self._fill()
        super().enter()

    def selection_changed(self) -> None:
        """What is selected may give land, or be the parent."""
        self._fill()
        super().selection_changed()

    def follow(self, done: Done) -> None:
        """Areas may have come or gone."""
        super().follow(done)
        self._fill()

    def begin_hint(self) -> Hint:
        """Return what the first click does."""
        keys = (
            ("Tab", tr("到右上角选择层级、用地")),
            (tr("方向键+空格"), tr("用键盘加点")),
            ("Esc", tr("取消")),
        )
        if self.choices.shape is Shape.RECTANGLE:
            return Hint(tr("拖出一个矩形，或单击定出一条边再定宽度"), keys)
        return Hint(tr("单击画新区域的角点，或按住拖动手绘"), keys)

    def why_not_begin(self, place: Place | None) -> str:
        """Return which plan locks all borders."""
        return plan_lock_words(self.snapshot)

    def finish_words(self) -> str:
        """Return what Enter does."""
        return tr("建立区域")

    def shaped(self, line: Sequence[Place]) -> Sequence[Place]:
        """Return the outline that is meant: a rectangle on its first side, right angles only."""
        shape = self.choices.shape
        if shape is Shape.RECTANGLE and len(line) == 3:
            return rectangle(*line)
        return squared(line) if shape is Shape.SQUARE else line

    # A rectangle is done with its third point, or with the end of a drag

    def click(self, event: MapEvent) -> None:
        """Add a corner; the third one of a rectangle ends it."""
        super().click(event)
        if self.choices.shape is Shape.RECTANGLE and len(self.drawn) == 3:
            self.end()

    def drag(self, event: MapEvent) -> None:
        """Stretch a rectangle from corner to corner, else draw freehand."""
        if self.choices.shape is not Shape.RECTANGLE or self.drawn:
            super().drag(event)
        elif self.pressed is not None:
            start, end = self.resolved(self.pressed)[0], self.resolved(event)[0]
            self.show_stroke(upright(start, end), event)

    def release(self, event: MapEvent) -> None:
        """Make the area of a rectangle; a freehand outline waits for its end."""
        if self.choices.shape is not Shape.RECTANGLE or self.drawn:
            super().release(event)
            return
        ring = self.take_stroke()
        if len(ring) == 4:
            self.finish(ring)
            self.cancel()

    # What comes of it

    def preview(self, line: Sequence[Place], place: Place) -> Preview:
        """Return the area as it would be, clipped to what it may take."""
        why = self._why_not()
        if why:
            return Preview(why_not=why)
        command = self._command(line)
        found = previewed(self.context, command, place, command.level)
        if found.done is None:
            return replace(found, why_not=self._with_way_out(found.code, found.why_not))
        uid = dict(found.done.change.told)["created"][0]["uid"]
        borders = found.done.after.partition.outline(oid_of(uid))
        return replace(found, things=[*found.things, border_outline(borders, Role.AFTER)])

    def finish(self, line: Sequence[Place]) -> bool:
        """Make the area and select it."""
        why = self._why_not()
        if why:
            self.context.messages.refuse(why)
            return False
        bridge, command = self.context.bridge, self._command(line)
        refused = previewed(self.context, command, line[-1], command.level)
        if refused.code == _NO_LAND:
            self.context.messages.refuse(self._with_way_out(_NO_LAND, refused.why_not), line[-1])
            return False
        done = bridge.execute(command, place=line[-1])
        if done is None:
            return False
        uid = dict(done.change.told)["created"][0]["uid"]
        self.context.selection.select_areas([uid])
        name = done.after.area(uid).name
        self.context.messages.done(tr("已新建{name}。", name=name), (tr("撤销"), bridge.undo))
        return True

    def _with_way_out(self, code: str, why_not: str) -> str:
        """Return a refusal; where land is there but others' own, which choice would take it."""
        if code != _NO_LAND or self.choices.take is Take.ALL:
            return why_not
        return tr(
            "这里的地属于其他区域。要占用，请按 Tab 到右上角，将“{field}”改为“{choice}”。",
            field=tr("用地"),
            choice=take_words(Take.ALL),
        )

    def _why_not(self) -> str:
        if self.choices.take is Take.SELECTED and not self.context.selection.areas:
            return tr("请先选中要划出土地的区域，或改选其他用地方式。")
        return ""

    def _command(self, line: Sequence[Place]) -> Draw:
        choices, bridge = self.choices, self.context.bridge
        take = self.context.selection.areas if choices.take is Take.SELECTED else str(choices.take)
        return Draw(
            [bridge.to_plane(place) for place in line],
            choices.level,
            choices.parent or self._parent(line, choices.level),
            take=take,
            kind=choices.kind,
            exclusive_type=choices.exclusive_type,
        )

    def _parent(self, line: Sequence[Place], level: str) -> str:
        """Return the area in the middle of an outline that may have one of *level* below it."""
        inner = shapely.point_on_surface(shapely.Polygon(line).buffer(0))
        snapshot = self.snapshot
        if inner.is_empty:
            return snapshot.root.uid
        rank = snapshot.level_rank(level)
        above = [
            area
            for area in areas_at(snapshot, (inner.x, inner.y))
            if snapshot.level_rank(area.level) < rank
        ]
        return above[-1].uid if above else snapshot.root.uid

    def _fill(self) -> None:
        if self.is_usable:
            selected = self.context.selection.areas
            self._strip.fill(self.snapshot, selected, self.map.shown_level)

    def _choices_changed(self) -> None:
        if not self.drawn:
            self.hinted.emit(self.hint())
        self.show()
