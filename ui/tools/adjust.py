"""The tool *adjust border*: points and whole stretches of borders; both sides follow.

A point is dragged, added, deleted, nudged by the arrow keys. A whole stretch is dragged with Shift
or nudged, shifted aside by metres, straightened, put on a road. The map shows the new line and what
every area concerned gains or loses before anything is stored.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from gridadmin.domain.model import BorderRow
from gridadmin.edit.document import Done
from gridadmin.edit.vertex_commands import DeleteVertex
from ui.canvas.overlay import Role, Thing
from ui.canvas.picking import BorderHit, VertexHit, border_near, vertex_near
from ui.canvas.snapping import Snap, snap_moved
from ui.canvas.view import MapEvent
from ui.canvas.viewport import Place
from ui.panels.lock_words import first_lock_words
from ui.texts import tr
from ui.tools.adjust_handles import handles
from ui.tools.adjust_words import point_hint, rest_hint, under_pointer
from ui.tools.attempt import Attempt
from ui.tools.held_stretch import HeldStretch
from ui.tools.levels_said import above_words
from ui.tools.point_pull import PointPull, borders_through
from ui.tools.point_walk import borders_shown, middle_after, next_place, places_along
from ui.tools.shapes import border_outline
from ui.tools.stretch_attempts import StretchPull
from ui.tools.stretch_work import StretchWork
from ui.tools.tool import Hint, Tool
from ui.tools.undertaking import Ends, Undertaking

_STRETCH_ACTIONS = ("adjust.straighten", "adjust.align", "adjust.offset")
_BIG_STEP = 10.0
_THERE_M = 0.002
_FORBIDDEN = Qt.CursorShape.ForbiddenCursor


class AdjustTool(Tool):
    """Points of borders under the pointer; the keys act on the active one, or on a stretch."""

    key_name = "adjust"
    cursor = Qt.CursorShape.CrossCursor

    def __init__(self, *args: object, **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]
        self._hit: BorderHit | None = None
        self._vertex: VertexHit | None = None
        self._active: Place | None = None
        self._here: MapEvent | None = None
        """Where the pointer drags a point."""
        self._under = Undertaking(self.context, self.show, self._succeeded, self._closed)
        self.stretch = StretchWork(self)
        """What is done with a whole stretch."""

    # What the user sees

    def hint(self) -> Hint:
        """Return what clicks and keys do."""
        if self.stretch.held is not None:
            said = self.stretch.hint(self._step_m())
        elif self._active is not None:
            said = point_hint(self._step_m(), self.stretch.end_words())
        else:
            said = rest_hint()
        why = self._why_locked()
        return Hint(why, (("Esc", tr("取消")),), is_refusal=True) if why else said

    def _why_locked(self) -> str:
        """Return what locks the borders that a drag or a key would move; empty when nothing."""
        if not self.is_usable:
            return ""
        held = self.stretch.held
        if self._vertex is not None:
            borders = borders_through(self.snapshot, self._vertex.place)
        elif held is not None and self._hit is None and self.snapshot.partition.has(held.border):
            borders = [self.snapshot.partition.border(held.border)]
        elif self._hit is not None:
            borders = [self._hit.border]
        else:
            borders = self.borders_at_active()
        return first_lock_words(self.snapshot, borders)

    def leave(self) -> None:
        """Give up what is half done, and forget the active point."""
        super().leave()
        self._active = self._vertex = self._hit = None
        self.stretch.forget()

    def enter(self) -> None:
        """Begin with the border that is selected, if one is."""
        self.stretch.take_selected()
        super().enter()
        self.show()

    def cancel(self) -> bool:
        """Give up what is on its way, else the stretch, else the active point."""
        had = self.attempt is not None or self._active is not None or self.stretch.is_begun
        if self.attempt is not None:
            self.drop()
        elif self.stretch.is_begun:
            self.stretch.forget()
        else:
            self._active = None
        if had:
            self.show()
        return had

    def follow(self, done: Done) -> None:
        """Points may have gone: look again."""
        self._hit = self._vertex = None
        self.drop()
        if self._active is not None and self._vertex_at(self._active) is None:
            self._active = None
        self.stretch.follow(done)
        self.show()

    def selection_changed(self) -> None:
        """The points shown are those of what is selected."""
        self.stretch.take_selected()
        self.show()

    # Mouse

    def press(self, event: MapEvent) -> bool:
        """Take hold of the point under the pointer, or of the border between two points."""
        if not self.is_usable or self._why_not():
            return False
        self.finish_nudge()
        self._look_at(event.place)
        if self._under.is_proposed:
            return False
        if event.modifiers & Qt.KeyboardModifier.ShiftModifier:
            pull = self.stretch.pull_at(
                self._hit, moves_nodes=bool(event.modifiers & Qt.KeyboardModifier.ControlModifier)
            )
            return pull is not None and self._begin(pull, Ends.BUTTON)
        if self._vertex is not None:
            return self._begin(PointPull(self._vertex.place), Ends.BUTTON)
        if self._hit is not None:
            return self._begin(PointPull(self._hit.place, self._hit.border.id), Ends.BUTTON)
        return False

    def drag(self, event: MapEvent) -> None:
        """Show what would be if the point, or the stretch, were let go here."""
        if not self._under.ends_by(Ends.BUTTON):
            return
        if isinstance(self.attempt, StretchPull):
            self.stretch.begin_pull(self.attempt)
        self._pull_to(event)
        self.look()

    def release(self, event: MapEvent) -> None:
        """Let it stay where it is, or say why it can't."""
        if self._under.ends_by(Ends.BUTTON):
            self._pull_to(event)
            self.carry_out()

    def _pull_to(self, event: MapEvent) -> None:
        attempt, self._here = self.attempt, event
        if isinstance(attempt, PointPull):
            snapped = self._snapped(attempt, event)
            attempt.place = event.place if snapped is None else snapped.place
            self.show_snap(snapped)
        elif attempt is not None:
            attempt.place = event.place

    def _snapped(self, pull: PointPull, event: MapEvent) -> Snap | None:
        """Return what a point on its way snaps to, nothing while Alt is held."""
        if event.is_alt:
            return None
        around = self.surroundings(pull.moving(self.snapshot))
        return snap_moved(around, event.place, self.reach_m(), pull.arms(self.snapshot))

    def click(self, event: MapEvent) -> None:
        """Make the point under the pointer the active one, or the border the active stretch.

        What is proposed is confirmed by a click on it, and given up by one elsewhere.
        """
        if self._under.is_proposed:
            self._answer(event.place)
            return
        self.drop()
        if not self.is_usable:
            return
        self.finish_nudge()
        self._look_at(event.place)
        is_second = bool(event.modifiers & Qt.KeyboardModifier.ShiftModifier)
        if is_second and self._vertex is not None and self._active is not None:
            self.stretch.hold_between(self._active, self._vertex.place)
        else:
            self.stretch.let_go()
            self._active = None if self._vertex is None else self._vertex.place
            if self._vertex is None and self._hit is not None:
                self.stretch.hold(HeldStretch(self._hit.border.id))
        self.show()

    def double_click(self, event: MapEvent) -> None:
        """Add a point to the border under the pointer, unless there is one."""
        if self._under.is_proposed:
            return
        self.drop()
        if not self.is_usable:
            return
        self._look_at(event.place)
        if self._vertex is None:
            self._add_here()

    def hover(self, event: MapEvent | None) -> None:
        """Show the points of the border under the pointer."""
        if event is None or not self.is_usable:
            self._hit = self._vertex = None
        else:
            self._look_at(event.place)
        if not self._under.is_proposed:
            self.show()
        is_locked = bool(self._hit is not None and self._why_locked())
        self.map.viewport().setCursor(_FORBIDDEN if is_locked else self.cursor)
        self.snapped.emit(under_pointer(self._vertex, is_border=self._hit is not None))

    def menu_keys(self, event: MapEvent) -> Sequence[str]:
        """Offer what can be done with the border under the pointer, and hold it."""
        if not self.is_usable or self._under.is_proposed:
            return ()
        self._look_at(event.place)
        if self._hit is not None and not self.stretch.runs_through(self._hit.place):
            self.stretch.hold(HeldStretch(self._hit.border.id))
            self.show()
        return _STRETCH_ACTIONS if self.stretch.held is not None else ()

    # Keys

    def key(self, event: QKeyEvent, pointer: MapEvent | None) -> bool:
        """Use the arrows, Tab, letters, digits, Insert, Delete, Return and Escape."""
        if not self.is_usable:
            return super().key(event, pointer)
        key = event.key()
        if key == Qt.Key.Key_Alt:
            self._suspend(is_held=True)
            return False
        if key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            return self._next_point(is_back=key == Qt.Key.Key_Backtab)
        return (
            self._act_by_key(key, event) or self.stretch.key(event) or super().key(event, pointer)
        )

    def _act_by_key(self, key: int, event: QKeyEvent) -> bool:
        is_enter = key in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if is_enter and self.attempt is not None:
            self.finish_nudge()
            if self._under.is_proposed:
                self.carry_out()
        elif self._under.is_proposed:
            return False
        elif key in _WAYS and self._may_nudge() and not _is_ctrl(event):
            self._nudge_by(_WAYS[key], is_big=_is_shift(event))
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._delete()
        elif key in (Qt.Key.Key_A, Qt.Key.Key_Insert) and not _is_ctrl(event):
            self._add_here()
        else:
            return False
        return True

    def wants(self, event: QKeyEvent) -> bool:
        """Take the letters that mean something here, whatever they are shortcuts of elsewhere."""
        return not event.modifiers() and (
            event.key() == Qt.Key.Key_A or self.stretch.wants(event.key())
        )

    def key_up(self, event: QKeyEvent) -> None:
        """Store a nudge when its key is let go; snap again when Alt is."""
        if event.key() == Qt.Key.Key_Alt:
            self._suspend(is_held=False)
        if event.key() in _WAYS and not event.isAutoRepeat():
            self.finish_nudge()

    def _suspend(self, *, is_held: bool) -> None:
        """Let the point that is dragged snap, or not, before the pointer moves again."""
        if self._here is not None and self._under.ends_by(Ends.BUTTON):
            alt, held = Qt.KeyboardModifier.AltModifier, self._here.modifiers
            self._pull_to(replace(self._here, modifiers=held | alt if is_held else held & ~alt))
            self.look()

    def keys_lost(self) -> None:
        """Store a nudge: its key goes up unheard."""
        self.finish_nudge()

    # A change on its way

    @property
    def active(self) -> Place | None:
        """The active point."""
        return self._active

    @property
    def hit(self) -> BorderHit | None:
        """The border under the pointer."""
        return self._hit

    @property
    def attempt(self) -> Attempt | None:
        """What is on its way."""
        return self._under.attempt

    def propose(self, attempt: Attempt) -> None:
        """Show what would be, until Enter carries it out or Escape gives it up."""
        self.finish_nudge()
        self._begin(attempt, Ends.ENTER)
        self.look()

    def look(self) -> None:
        """Find out and show what the change on its way would do."""
        self._under.look()

    def drop(self) -> None:
        """Give up the change on its way."""
        self._under.drop()

    def carry_out(self) -> None:
        """Do what is on its way, or say why it can't be."""
        self._under.carry_out()

    def finish_nudge(self) -> None:
        """Store a nudge whose key may not be heard going up."""
        self._under.finish_nudge()

    def _closed(self) -> None:
        self._here = None
        self.stretch.close_entry()
        self.show_snap(None)

    def _succeeded(self, attempt: Attempt, done: Done) -> None:
        self._tell(done)
        self._go_on_after(attempt, done)

    def _tell(self, done: Done) -> None:
        above = above_words(done)
        if above:
            words = tr("已保存。{above}。", above=above)
            self.context.messages.done(words, (tr("撤销"), self.context.bridge.undo))
        else:
            self.context.messages.clear()

    def _go_on_after(self, attempt: Attempt, done: Done) -> None:
        """Keep what was worked on active."""
        if isinstance(attempt, PointPull):
            vertex = vertex_near(self.snapshot, attempt.place, _THERE_M)
            self._active = attempt.place if vertex is None else vertex.place
            self._look_at(attempt.place)
        else:
            self.stretch.go_on_after(attempt, done)

    def _begin(self, attempt: Attempt, ends_by: Ends) -> bool:
        self._under.begin(attempt, ends_by)
        return True

    def _answer(self, place: Place) -> None:
        """Take a click while something is proposed."""
        if self.stretch.take_side(place):
            return
        if self.attempt is not None and self.stretch.is_meant(self.attempt, place):
            self.carry_out()
        else:
            self.drop()
            self.show()

    # How it works

    def _why_not(self) -> str:
        return self.context.bridge.why_not_change()

    def _look_at(self, place: Place) -> None:
        snapshot = self.snapshot
        self._vertex = None
        self._hit = border_near(snapshot, place, self.reach_m(), self.map.shown_borders)
        if self._hit is not None:
            self._vertex = vertex_near(snapshot, place, self.reach_m(0.8), [self._hit.border])

    def _step_m(self) -> float:
        step: float = self.context.settings.value("nudge_m")
        return step

    def _may_nudge(self) -> bool:
        return self._active is not None or self.stretch.held is not None

    def _nudge_by(self, way: tuple[int, int], *, is_big: bool) -> None:
        if self._why_not() or (self.attempt is not None and not self._under.ends_by(Ends.KEY)):
            return
        if self.attempt is None:
            begun = self.stretch.pull() if self._active is None else PointPull(self._active)
            if begun is None:
                return
            self._begin(begun, Ends.KEY)
        if self.attempt is None:
            return
        step = self._step_m() * (_BIG_STEP if is_big else 1.0)
        x, y = self.attempt.place
        self.attempt.place = (x + way[0] * step, y + way[1] * step)
        self.map.show_place(self.attempt.place)
        self.look()

    def _add_here(self) -> None:
        """Add a point to the border under the pointer, or behind the active one."""
        hit = self._hit
        if hit is None and self._active is not None:
            hit = middle_after(self._borders(), self._active)
        if hit is None:
            self.context.messages.refuse(tr("指针下没有边界，请把指针移到边界上再加点。"))
            return
        self.stretch.forget()
        self._begin(PointPull(hit.place, hit.border.id), Ends.BUTTON)
        self.carry_out()

    def _delete(self) -> None:
        self.finish_nudge()
        place = self._active if self._vertex is None else self._vertex.place
        if place is None:
            self.context.messages.refuse(tr("请先选中要删除的点。"))
            return
        bridge = self.context.bridge
        done = bridge.execute(DeleteVertex(bridge.to_plane(place)), place=place)
        if done is not None:
            self._active = self._vertex = None
            self._tell(done)
        self.show()

    def _borders(self) -> list[BorderRow]:
        return borders_shown(self.snapshot, self.context.selection.now, self._hit)

    def _next_point(self, *, is_back: bool) -> bool:
        """Make the next point along the borders shown the active one."""
        self.finish_nudge()
        if self._under.is_proposed:
            return self.stretch.next_candidate(is_back=is_back)
        self.stretch.let_go()
        places = places_along(self._borders())
        if not places:
            return False
        self._active = next_place(places, self._active, is_back=is_back)
        if self._active is not None:
            self.map.show_place(self._active)
        self.show()
        # Beyond the last point the focus goes on to the next widget.
        return self._active is not None

    def borders_at_active(self) -> list[BorderRow]:
        """Return the borders that run through the active point, else that under the pointer."""
        if self._active is not None:
            return borders_through(self.snapshot, self._active)
        return [] if self._hit is None else [self._hit.border]

    def rest_on(self, place: Place | None) -> None:
        """Make a point the active one, or none."""
        self._active = place

    def _vertex_at(self, place: Place) -> VertexHit | None:
        return vertex_near(self.snapshot, place, _THERE_M) if self.is_usable else None

    # What it shows

    def show(self) -> None:
        """Show what there is to see, and say what the next click or key does."""
        if not self.is_usable:
            self.map.overlay.put(self.key_name, [])
            return
        attempt = self.attempt
        if attempt is not None and attempt.is_known:
            self.map.overlay.put(self.key_name, attempt.things(self.snapshot))
            self.hinted.emit(attempt.hint(self.snapshot))
            return
        things: list[Thing] = []
        if self._hit is not None and self.snapshot.partition.has(self._hit.border.id):
            things.append(border_outline([self._hit.border], Role.HOVER))
        things += self.stretch.things()
        seen = self.map.view.bounds()
        things += handles(self._borders(), seen, self._hit, self._vertex, self._active)
        self.map.overlay.put(self.key_name, things)
        hint = self.hint() if attempt is None else attempt.words(self.snapshot)
        self.hinted.emit(hint)


_WAYS: Mapping[int, tuple[int, int]] = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, 1),
    Qt.Key.Key_Down: (0, -1),
}


def _is_shift(event: QKeyEvent) -> bool:
    return bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)


def _is_ctrl(event: QKeyEvent) -> bool:
    return bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
