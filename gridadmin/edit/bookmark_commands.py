"""Named views of a project: kept, renamed, taken away."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace

from gridadmin.base.errors import EditError
from gridadmin.domain.bookmark import (
    BOOKMARKS_SETTING,
    LONGEST_NAME,
    Bookmark,
    Box,
    is_box,
    restored,
    with_bookmark,
)
from gridadmin.domain.change import Change
from gridadmin.domain.model import Setting
from gridadmin.edit.draft import Desk, Draft
from gridadmin.partition.snapshot import Snapshot


def bookmarks_of(snapshot: Snapshot) -> list[Bookmark]:
    """Return the bookmarks of a project, in the order in which they came."""
    return restored(snapshot.setting(BOOKMARKS_SETTING, []))


@dataclass(frozen=True)
class KeepBookmark:
    """Give what lies in a box, in metres of the plane, a name; a known name gets another box."""

    name: str
    box: Box
    may_move_frame: bool = False

    def propose(self, snapshot: Snapshot, desk: Desk) -> Change:
        """Return the change. Raises: EditError ``edit.bad_value``, ``edit.nothing_changes``."""
        if not is_box(self.box):
            raise EditError("edit.bad_value", field="box", value=list(self.box))
        new = Bookmark(_checked(self.name), self.box)
        return _change(snapshot, with_bookmark(bookmarks_of(snapshot), new))


@dataclass(frozen=True)
class RenameBookmark:
    """Give a bookmark another name."""

    name: str
    new_name: str
    may_move_frame: bool = False

    def propose(self, snapshot: Snapshot, desk: Desk) -> Change:
        """Return the change.

        Raises: EditError ``edit.unknown_bookmark``, ``edit.known_bookmark``, ``edit.bad_value``.
        """
        new_name, known = _checked(self.new_name), bookmarks_of(snapshot)
        _require(known, self.name)
        if new_name != self.name and any(one.name == new_name for one in known):
            raise EditError("edit.known_bookmark", name=new_name)
        renamed = [replace(one, name=new_name) if one.name == self.name else one for one in known]
        return _change(snapshot, renamed)


@dataclass(frozen=True)
class DropBookmark:
    """Take a bookmark away."""

    name: str
    may_move_frame: bool = False

    def propose(self, snapshot: Snapshot, desk: Desk) -> Change:
        """Return the change. Raises: EditError ``edit.unknown_bookmark``."""
        known = bookmarks_of(snapshot)
        _require(known, self.name)
        return _change(snapshot, [one for one in known if one.name != self.name])


def _checked(name: str) -> str:
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME:
        raise EditError("edit.bad_value", field="name", value=name)
    return name


def _require(known: list[Bookmark], name: str) -> None:
    if all(one.name != name for one in known):
        raise EditError("edit.unknown_bookmark", name=name)


def _change(snapshot: Snapshot, marks: list[Bookmark]) -> Change:
    draft = Draft(snapshot)
    text = json.dumps([one.stored() for one in marks], ensure_ascii=False)
    row = snapshot.rows("setting").get(BOOKMARKS_SETTING)
    if row is None or row.value != text:
        draft.put("setting", Setting(BOOKMARKS_SETTING, text))
    return draft.change("bookmark")
