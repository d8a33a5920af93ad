"""The tool *give*: take a face, then the area that it goes to. Repair by hand."""

from __future__ import annotations

from PySide6.QtCore import Qt

from gridadmin.app.effects import effects_of
from gridadmin.base.errors import EditError
from gridadmin.domain.model import Area
from gridadmin.edit.document import Done
from gridadmin.edit.land_commands import Give
from gridadmin.partition.faces import Face
from ui.canvas.overlay import Role, Thing
from ui.canvas.picking import areas_at, face_under
from ui.canvas.view import MapEvent
from ui.canvas.viewport import Place
from ui.panels.lock_words import plan_lock_words
from ui.texts import explain, tr
from ui.tools.shapes import area_outline, cut_things, effect_tag, face_outline
from ui.tools.tool import Hint, Tool


class GiveTool(Tool):
    """First click: which face. Second click: to which area."""

    key_name = "give"
    cursor = Qt.CursorShape.PointingHandCursor

    def __init__(self, *args: object, **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]
        self._taken: Place | None = None
        self._face: Face | None = None

    def hint(self) -> Hint:
        """Return which of the two clicks comes."""
        why = plan_lock_words(self.snapshot) if self.is_usable else ""
        if why:
            return Hint(why, (("Esc", tr("取消")),), is_refusal=True)
        if self._face is None:
            return Hint(tr("单击要划出的地块"), (("Esc", tr("取消")),))
        return Hint(tr("再单击接收这块地的区域"), (("Esc", tr("重新选地块")),))

    def enter(self) -> None:
        """Begin; a face that is selected is taken at once."""
        super().enter()
        now = self.context.selection.now
        if now.face is not None:
            self._take(now.face)

    def cancel(self) -> bool:
        """Forget the face that was taken."""
        had = self._face is not None
        self._taken = self._face = None
        self.map.overlay.put(self.key_name, [])
        self.map.overlay.put("give target", [])
        if had:
            self.hinted.emit(self.hint())
        return had

    def leave(self) -> None:
        """Leave nothing behind."""
        super().leave()
        self.map.overlay.put("give target", [])

    def follow(self, done: Done) -> None:
        """The face may be another one now."""
        if self._taken is not None:
            self._take(self._taken)

    def click(self, event: MapEvent) -> None:
        """Take a face, or give the one that was taken."""
        if not self.is_usable:
            return
        if self._taken is None:
            self._take(event.place)
            return
        target = self._target(event.place)
        if target is None:
            self.context.messages.refuse(tr("这里没有可以接收土地的区域。"), event.place)
            return
        bridge = self.context.bridge
        command = Give(bridge.to_plane(self._taken), target.uid, is_inside=True)
        if bridge.execute(command, place=event.place) is not None:
            self.cancel()
            self.context.selection.select_areas([target.uid])
            self.context.messages.done(
                tr("已划归{name}。", name=target.name or target.code or ""),
                (tr("撤销"), bridge.undo),
            )

    def hover(self, event: MapEvent | None) -> None:
        """Show the face, or what giving it to the area here would do."""
        if event is None or not self.is_usable:
            self.map.overlay.put("give target", [])
            return
        if self._taken is None:
            face = face_under(self.snapshot, event.place)
            self.map.overlay.put(
                self.key_name, [] if face is None else [face_outline(face, Role.HOVER)]
            )
            return
        self.map.overlay.put("give target", self._target_things(event.place))

    def _take(self, place: Place) -> None:
        face = face_under(self.snapshot, place)
        if face is None:
            self._taken = self._face = None
            self.map.overlay.put(self.key_name, [])
            self.context.messages.refuse(tr("这里在项目的土地之外。"), place)
        else:
            x, y = face.inner_point()
            self._taken, self._face = (x / 1000, y / 1000), face
            self.map.overlay.put(self.key_name, [face_outline(face, Role.ISSUE)])
        self.hinted.emit(self.hint())

    def _target(self, place: Place) -> Area | None:
        """Return the area that would get the face: the deepest at a place."""
        chain = areas_at(self.snapshot, place)
        return chain[-1] if chain else None

    def _target_things(self, place: Place) -> list[Thing]:
        target = self._target(place)
        if target is None or self._taken is None:
            return []
        things: list[Thing] = [*area_outline(self.snapshot, [target.uid], Role.TARGET)]
        bridge = self.context.bridge
        try:
            done = bridge.preview(Give(bridge.to_plane(self._taken), target.uid, is_inside=True))
        except EditError as refusal:
            self.hinted.emit(Hint(explain(refusal), (("Esc", tr("取消")),), is_refusal=True))
            return things
        self.hinted.emit(self.hint())
        effects = effects_of(done, waits=False)
        things += cut_things(effects)
        tag = effect_tag(effects, place)
        return things if tag is None else [*things, tag]
