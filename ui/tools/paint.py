"""The tool *paint*: give micro-grids, blocks or buildings to an area by clicks, brush, rectangle.

First the area that gets the land, then stroke after stroke. What a stroke would give is shown
before the button is let go; each stroke is one entry to undo.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from gridadmin.app.effects import AreaEffect, Effects, effects_of
from gridadmin.base.errors import EditError
from gridadmin.domain.model import Area
from gridadmin.edit.document import Done
from gridadmin.edit.paint_commands import ANY, FREE
from gridadmin.partition.figures import households_of
from ui.canvas.overlay import Band, Handles, Mark, Outline, Role, Thing
from ui.canvas.paint_bar import PaintBar
from ui.canvas.picking import areas_at
from ui.canvas.view import MapEvent
from ui.canvas.viewport import Place
from ui.panels import words
from ui.panels.lock_words import plan_lock_words
from ui.panels.project_index import ProjectIndex
from ui.texts import explain, tr
from ui.tools.paint_stroke import Painted, Stroke, What
from ui.tools.shapes import area_outline, cut_things, effect_tag, households_words
from ui.tools.tool import Hint, Tool

_STEP_PX = 6.0
"""A brush looks around anew after so many pixels."""
_KEYS = {Qt.Key.Key_1: What.FACES, Qt.Key.Key_2: What.BLOCKS, Qt.Key.Key_3: What.BUILDINGS}


class PaintTool(Tool):
    """Chooses who gets the land, then paints: click, drag, Shift drag; Ctrl takes back."""

    key_name = "paint"
    cursor = Qt.CursorShape.CrossCursor

    def __init__(self, *args: object, **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]
        self._target: str | None = None
        self._what = What.FACES
        self._source = ANY
        self._stroke: Stroke | None = None
        self._box_from: MapEvent | None = None
        self._last_px: Place | None = None
        self._is_held = False
        """Whether the brush is down by key, so that arrows paint."""
        self._pointer: Place = (0.0, 0.0)
        panel = self.parent()
        self.bar = PaintBar(panel if isinstance(panel, QWidget) else self.map)
        self.bar.what_chosen.connect(lambda key: self._choose_what(What(key)))
        self.bar.source_chosen.connect(self._choose_source)
        self.bar.target_dropped.connect(self.drop_target)
        # Several moves of the mouse that come at once are worth one preview.
        self._preview = QTimer(self)
        self._preview.setSingleShot(True)
        self._preview.setInterval(0)
        self._preview.timeout.connect(self._show_preview)

    # At rest

    def hint(self) -> Hint:
        """Return what the next click does."""
        why = plan_lock_words(self.snapshot) if self.is_usable else ""
        if why:
            return Hint(why, (("Esc", tr("取消")),), is_refusal=True)
        if self._target is None:
            return Hint(tr("单击接收土地的区域"), (("Esc", tr("取消")),))
        if self._stroke is not None:
            return Hint(
                tr("松开即划归") if not self._is_held else tr("方向键移动画笔，Enter 划归"),
                (("Ctrl", tr("收回画过的")), ("Esc", tr("放弃这一笔"))),
            )
        return Hint(
            tr("单击或拖动，把画到的划给它"),
            (
                (tr("Shift 拖动"), tr("框选")),
                ("1 2 3", tr("画什么")),
                ("B", tr("用键盘画")),
                ("Esc", tr("换接收的区域")),
            ),
        )

    def enter(self) -> None:
        """Begin; an area that is selected gets the land."""
        super().enter()
        area = self.context.selection.area
        if area is not None and self._may_receive(area):
            self._target = area
        self.bar.setVisible(self.is_usable)
        self._show_rest()

    def leave(self) -> None:
        """End; nothing half done stays."""
        super().leave()
        self._target = None
        self.bar.hide()
        for name in ("paint target", "paint hover"):
            self.map.overlay.put(name, [])

    def cancel(self) -> bool:
        """Give up the stroke, else the area that gets the land."""
        if self._stroke is not None:
            self._end_stroke()
            return True
        return self.drop_target()

    def drop_target(self) -> bool:
        """Let another area be chosen; return whether there was one."""
        had = self._target is not None
        self._target = None
        self._end_stroke()
        self._show_rest()
        return had

    def follow(self, done: Done) -> None:
        """The project changed: a stroke that is under way means another land now."""
        if not self.is_usable:
            return
        self._end_stroke()
        if self._target is not None and not self._may_receive(self._target):
            self._target = None
        self._show_rest()

    def _may_receive(self, uid: str) -> bool:
        area = self.snapshot.rows("area").get(uid)
        return area is not None and area.valid_to is None and area.land != "stacked"

    def _choose_what(self, what: What) -> None:
        self._what = what
        self._end_stroke()
        self._show_rest()
        self.map.setFocus(Qt.FocusReason.OtherFocusReason)

    def _choose_source(self, source: str) -> None:
        self._source = source
        self._end_stroke()
        self._show_rest()
        self.map.setFocus(Qt.FocusReason.OtherFocusReason)

    def _choose_target(self, place: Place) -> None:
        area = self._receiver_at(place)
        if area is None:
            self.context.messages.refuse(tr("这里没有可以接收土地的区域。"), place)
            return
        self._target = area.uid
        self._source = ANY if self._source not in (ANY, FREE) else self._source
        self.context.selection.select_areas([area.uid])
        self.map.overlay.put("paint hover", [])
        self._show_rest()

    def _receiver_at(self, place: Place) -> Area | None:
        """Return the area of the level shown at a place."""
        rank = self.snapshot.level_rank
        least = rank(self.map.shown_level) if self.map.shown_level else 0
        chain = [area for area in areas_at(self.snapshot, place) if rank(area.level) <= least]
        return chain[-1] if chain else None

    # The mouse

    def press(self, event: MapEvent) -> bool:
        """Put the brush down, or begin a rectangle with Shift."""
        if self._target is None or not self.is_usable:
            return False
        self._is_held = False
        self._begin(event)
        if event.is_shift:
            self._box_from = event
        return True

    def drag(self, event: MapEvent) -> None:
        """Go over the land."""
        self._pointer = event.place
        if self._box_from is not None:
            self._stretch(event)
        elif self._stroke is not None:
            self._go_to(event)

    def release(self, event: MapEvent) -> None:
        """Give what was gone over."""
        self._pointer = event.place
        if self._box_from is not None:
            self._stretch(event)
        elif self._stroke is not None:
            self._go_to(event)
        self._commit()

    def click(self, event: MapEvent) -> None:
        """Choose who gets the land, or give the one thing here."""
        if not self.is_usable:
            return
        self._pointer = event.place
        if self._target is None:
            self._choose_target(event.place)
            return
        if self._is_held and self._stroke is not None:
            self._go_to(event)
        else:
            self._begin(event)
            self._go_to(event)
        self._commit()

    def double_click(self, event: MapEvent) -> None:
        """Take it for a second click."""
        self.click(event)

    def hover(self, event: MapEvent | None) -> None:
        """Show what a click would give, or paint on while the brush is down by key."""
        if event is None or not self.is_usable:
            self.map.overlay.put("paint hover", [])
            return
        self._pointer = event.place
        if self._is_held and self._stroke is not None:
            self._go_to(event)
            return
        self.map.overlay.put("paint hover", self._hovered(event.place))

    # Keys

    def wants(self, event: QKeyEvent) -> bool:
        """Take 1, 2, 3 and B over the map."""
        is_plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
        return is_plain and (event.key() in _KEYS or event.key() == Qt.Key.Key_B)

    def key(self, event: QKeyEvent, pointer: MapEvent | None) -> bool:
        """Choose what is painted; put the brush down and lift it."""
        key = event.key()
        if key in _KEYS:
            self._choose_what(_KEYS[Qt.Key(key)])
            return True
        if key == Qt.Key.Key_B:
            self._hold(pointer)
            return True
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._is_held:
            self._commit()
            return True
        return super().key(event, pointer)

    def _hold(self, pointer: MapEvent | None) -> None:
        if self._is_held:
            self._end_stroke()
        elif self._target is not None and pointer is not None:
            self._begin(pointer)
            self._is_held = True
            self._go_to(pointer)
        self.hinted.emit(self.hint())

    # A stroke

    def _new_stroke(self) -> Stroke | None:
        if self._target is None:
            return None
        source = self._source if self._source in (ANY, FREE) else [self._source]
        return Stroke(self.snapshot, self._target, self._what, source)

    def _begin(self, event: MapEvent) -> None:
        self._stroke = self._new_stroke()
        self._last_px = event.px
        self.map.overlay.put("paint hover", [])

    def _go_to(self, event: MapEvent) -> None:
        """Take, or with Ctrl take back, all between the last place and this one."""
        stroke = self._stroke
        if stroke is None:
            return
        act: Callable[[Place, float], bool] = stroke.untouch if event.is_ctrl else stroke.touch
        start, end = np.array(self._last_px or event.px), np.array(event.px)
        steps = max(int(np.hypot(*(end - start)) / _STEP_PX), 1)
        reach_m = self.reach_m(0.5)
        changed = False
        for step in range(1, steps + 1):
            x, y = (start + (end - start) * step / steps).tolist()
            changed |= act(self.map.view.place_of((x, y)), reach_m)
        self._last_px = event.px
        if changed:
            self._show_stroke()

    def _stretch(self, event: MapEvent) -> None:
        begin = self._box_from
        if begin is None:
            return
        self.map.overlay.put("z band", [Band(begin.px, event.px)])
        (ax, ay), (bx, by) = begin.place, event.place
        stroke = self._stroke or self._new_stroke()
        if stroke is not None:
            stroke.begin_anew()
            stroke.touch_box((min(ax, bx), min(ay, by), max(ax, bx), max(ay, by)))
            self._stroke = stroke
            self._show_stroke()

    def _end_stroke(self) -> None:
        self._stroke = self._box_from = self._last_px = None
        self._is_held = False
        self._preview.stop()
        self.map.overlay.put(self.key_name, [])
        self.map.overlay.put("z band", [])
        if self.is_usable:
            self._show_target()
        self.hinted.emit(self.hint())

    def _commit(self) -> None:
        stroke, target = self._stroke, self._target
        self._end_stroke()
        if stroke is None or target is None:
            return
        if not stroke.items:
            self._say_why_nothing(stroke)
            return
        bridge = self.context.bridge
        items = list(stroke.items.values())
        done = bridge.execute(stroke.command(bridge.to_plane), place=items[-1].place)
        if done is None:
            return
        name = words.name_of(done.after.area(target))
        told = tr("已划给“{name}”：{what}。", name=name, what=_counted(items))
        self.context.messages.done(told, (tr("撤销"), bridge.undo))

    def _say_why_nothing(self, stroke: Stroke) -> None:
        if stroke.skipped:
            self.context.messages.refuse(tr("按所选的来源，这里的地不能划出。"), self._pointer)
        elif self._what is What.BUILDINGS:
            self.context.messages.refuse(tr("这里没有楼栋，或者已经归它所有。"), self._pointer)
        else:
            self.context.messages.refuse(tr("这里的地已经归它所有。"), self._pointer)

    # What is shown

    def _hovered(self, place: Place) -> list[Thing]:
        if self._target is None:
            area = self._receiver_at(place)
            return [] if area is None else [*area_outline(self.snapshot, [area.uid], Role.HOVER)]
        stroke = self._new_stroke()
        found = None if stroke is None else stroke.under(place, self.reach_m(0.5))
        return [] if found is None else _shapes([found], Role.HOVER)

    def _show_rest(self) -> None:
        """Show who gets the land and how he stands, in the bar and on the map."""
        if not self.is_usable:
            return
        names: list[tuple[str, str]] = []
        if self._target is not None:
            area = self.snapshot.area(self._target)
            siblings = [a for a in self.snapshot.children(area.parent) if a.uid != area.uid]
            names = [(a.uid, tr("只从{name}", name=words.name_of(a))) for a in siblings]
        self.bar.show_state(self._what, self._source, names)
        self._show_target()
        self.hinted.emit(self.hint())

    def _show_target(self, effect: AreaEffect | None = None) -> None:
        if self._target is None:
            self.bar.show_target("")
            self.map.overlay.put("paint target", [])
            return
        area = self.snapshot.area(self._target)
        self.map.overlay.put("paint target", area_outline(self.snapshot, [area.uid], Role.TARGET))
        figures, weight = self._figures(area, effect)
        self.bar.show_target(words.name_of(area), figures, weight)

    def _figures(self, area: Area, effect: AreaEffect | None) -> tuple[str, str]:
        """Return the households of the area against the band, and whether that is well."""
        if not ProjectIndex.of(self.context).is_counted:
            return "", ""
        band = self.snapshot.scheme.band_of(area.level, area.kind, area.area_class)
        if effect is None:
            count, state = households_of(self.snapshot, area)
            said = words.marked_households(count, state)
        else:
            count, said = effect.households_after, households_words(effect)
        weight = ""
        if band is not None and count is not None:
            weight = "good" if band.holds(count) else "bad"
        return words.dotted((said, words.band(band))), weight

    def _show_stroke(self) -> None:
        stroke = self._stroke
        if stroke is None:
            return
        self.map.overlay.put(self.key_name, _shapes(list(stroke.items.values()), Role.COMING))
        self._preview.start()

    def _show_preview(self) -> None:
        """Show what the stroke would do, or why it would be refused."""
        stroke, target = self._stroke, self._target
        if stroke is None or target is None:
            return
        things: list[Thing] = _shapes(list(stroke.items.values()), Role.COMING)
        hint, effects = self.hint(), None
        if stroke.items:
            bridge = self.context.bridge
            try:
                done = bridge.preview(stroke.command(bridge.to_plane))
            except EditError as refusal:
                hint = Hint(explain(refusal), hint.keys, is_refusal=True)
                things += self._refused(refusal)
            else:
                effects = effects_of(done, waits=False)
                things += area_outline(done.after, [target], Role.AFTER)
                things += cut_things(effects)
                tag = effect_tag(effects, self._pointer, self.snapshot.area(target).level)
                things += [] if tag is None else [tag]
        self.map.overlay.put(self.key_name, things)
        self._show_target(_effect_on(effects, target))
        self.hinted.emit(hint)

    def _refused(self, refusal: EditError) -> list[Outline]:
        """Return the area that a refusal is about, to be shown on the map."""
        uid = refusal.params.get("uid")
        if not isinstance(uid, str):
            return []
        return area_outline(self.snapshot, [uid], Role.REFUSED)


def _effect_on(effects: Effects | None, uid: str) -> AreaEffect | None:
    found = [] if effects is None else [one for one in effects.areas if one.uid == uid]
    return found[0] if found else None


def _shapes(items: list[Painted], role: Role) -> list[Thing]:
    rings = [ring for item in items for ring in item.rings()]
    points = [item.place for item in items if not item.rings()]
    things: list[Thing] = []
    if rings:
        things.append(Outline(rings, role, is_filled=True))
    if points:
        things.append(Handles(np.array(points), Mark.ACTIVE))
    return things


def _counted(items: list[Painted]) -> str:
    """Return what was given, in words."""
    count = {kind: sum(item.kind == kind for item in items) for kind in ("areas", *What)}
    parts = [
        tr("{n} 个区域", n=count["areas"]) if count["areas"] else "",
        tr("{n} 块地", n=count[What.FACES]) if count[What.FACES] else "",
        tr("{n} 个街块", n=count[What.BLOCKS]) if count[What.BLOCKS] else "",
        tr("{n} 栋楼周围的地", n=count[What.BUILDINGS]) if count[What.BUILDINGS] else "",
    ]
    return tr("、").join(part for part in parts if part)
