"""Named views: those of the project, which everybody has, and the user's own."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count

from PySide6.QtCore import QObject, Signal

from gridadmin.base.errors import EditError
from gridadmin.domain.bookmark import BOOKMARKS_SETTING, Bookmark, restored, with_bookmark
from gridadmin.edit.bookmark_commands import (
    DropBookmark,
    KeepBookmark,
    RenameBookmark,
    bookmarks_of,
)
from gridadmin.edit.document import Done
from ui.canvas.map_panel import MapPanel
from ui.canvas.picking import areas_at
from ui.canvas.viewport import Box
from ui.context import Context
from ui.panels import words

_SETTING = "bookmarks"


@dataclass(frozen=True)
class Kept:
    """A bookmark, and whether it is the user's own."""

    mark: Bookmark
    is_own: bool


class Bookmarks(QObject):
    """The bookmarks of the open project."""

    changed = Signal()

    def __init__(self, context: Context, panel: MapPanel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._bridge = context.bridge
        self._panel = panel
        self._bridge.opened.connect(self.changed)
        self._bridge.changed.connect(self._follow)

    def all(self) -> list[Kept]:
        """Return all bookmarks, those of the project first."""
        if not self._bridge.is_open:
            return []
        of_project = [Kept(mark, False) for mark in bookmarks_of(self._bridge.snapshot)]
        return of_project + [Kept(mark, True) for mark in self._own()]

    def go(self, kept: Kept) -> None:
        """Show a bookmark on the map."""
        x0, y0 = self._bridge.to_local(kept.mark.box[:2])
        x1, y1 = self._bridge.to_local(kept.mark.box[2:])
        view = self._panel.view
        view.look(view.view.fitted((x0, y0, x1, y1), 0.0))

    def go_to_number(self, number: int) -> None:
        """Show the bookmark of that place in the list, where there is one; 0 = the first."""
        known = self.all()
        if number < len(known):
            self.go(known[number])

    def suggested_name(self) -> str:
        """Return what the present view may be called: as the land in its middle, no name twice."""
        view = self._panel.view.view
        found = areas_at(self._bridge.snapshot, (view.centre_x, view.centre_y))
        shown = self._panel.view.shown_level
        rank = self._bridge.snapshot.level_rank
        found = [area for area in found if not shown or rank(area.level) <= rank(shown)]
        name = words.name_of(found[-1]) if found else self._bridge.name
        taken = {kept.mark.name for kept in self.all()}
        more = (f"{name} {number}" for number in count(2))
        return name if name not in taken else next(one for one in more if one not in taken)

    def keep_view(self, name: str, *, is_own: bool) -> bool:
        """Give the present view a name; return whether it was kept."""
        return self._keep(Bookmark(" ".join(name.split()), self._box()), is_own=is_own)

    def rename(self, kept: Kept, name: str) -> bool:
        """Give a bookmark another name; a name that is taken or none is refused in words."""
        name = " ".join(name.split())
        if not kept.is_own:
            return self._bridge.execute(RenameBookmark(kept.mark.name, name)) is not None
        own = self._own()
        if any(one.name == name for one in own if one != kept.mark):
            self._context.messages.refused(EditError("edit.known_bookmark", name=name))
            return False
        if not name:
            return False
        self._store([Bookmark(name, one.box) if one == kept.mark else one for one in own])
        return True

    def drop(self, kept: Kept) -> None:
        """Take a bookmark away."""
        if kept.is_own:
            self._store([one for one in self._own() if one != kept.mark])
        else:
            self._bridge.execute(DropBookmark(kept.mark.name))

    def change_owner(self, kept: Kept) -> None:
        """Make one of the project the user's own, or the other way round."""
        if self._keep(kept.mark, is_own=not kept.is_own):
            self.drop(kept)

    def why_not_of_project(self) -> str:
        """Return why the project takes no bookmark now; empty when it does."""
        return self._bridge.why_not_change()

    def _keep(self, mark: Bookmark, *, is_own: bool) -> bool:
        if not is_own:
            return self._bridge.execute(KeepBookmark(mark.name, mark.box)) is not None
        if not mark.name:
            return False
        self._store(with_bookmark(self._own(), mark))
        return True

    def _box(self) -> Box:
        x0, y0, x1, y1 = self._panel.view.view.bounds()
        return (*self._bridge.to_plane((x0, y0)), *self._bridge.to_plane((x1, y1)))

    def _own(self) -> list[Bookmark]:
        return restored(self._context.settings.value(_SETTING).get(self._project(), []))

    def _store(self, marks: list[Bookmark]) -> None:
        kept = {**self._context.settings.value(_SETTING)}
        kept[self._project()] = [one.stored() for one in marks]
        self._context.settings.set_value(_SETTING, kept)
        self.changed.emit()

    def _project(self) -> str:
        return self._bridge.snapshot.root.uid

    def _follow(self, done: Done) -> None:
        if any(row.key == BOOKMARKS_SETTING for row in done.change.of("setting")):
            self.changed.emit()
