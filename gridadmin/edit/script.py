"""Commands as lines of JSON: the language of ``gridadmin edit``."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from gridadmin.base.errors import EditError
from gridadmin.domain.issue import Issue
from gridadmin.edit.area_script import AREA_READERS
from gridadmin.edit.command import Command, Metres
from gridadmin.edit.land_script import LAND_READERS
from gridadmin.edit.line_values import (
    Line,
    pair_of,
    said,
    said_choice,
    said_text,
    said_text_or_none,
    said_whole,
)
from gridadmin.edit.people_script import PEOPLE_READERS
from gridadmin.edit.project_script import PROJECT_READERS

PlaceOfIssue = Callable[[str], Metres]
FindIssue = Callable[[str], Issue]
ToPlane = Callable[[Metres], Metres]

UNDO, REDO = "undo", "redo"

LineReader = Callable[["ScriptReader", Line], Command]
"""What turns a line of one word into a command."""


@dataclass(frozen=True)
class UndoTo:
    """Take back all gestures after the one that made *revision*, at once."""

    revision: int


class ScriptReader:
    """Turns lines into commands.

    *issue_place* finds the place of a listed issue, *to_plane* moves coordinates into the plane,
    *more* are readers of lines that stand for commands of other packages, *find_issue* finds a
    listed issue.
    """

    def __init__(
        self,
        issue_place: PlaceOfIssue,
        to_plane: ToPlane = lambda point: point,
        more: Mapping[str, LineReader] | None = None,
        find_issue: FindIssue | None = None,
    ) -> None:
        self._issue_place = issue_place
        self._to_plane = to_plane
        self._readers = {**_READERS, **(more or {})}
        self._find_issue = find_issue

    def read(self, text: str) -> Command | UndoTo | str:
        """Return the command of one line, or :class:`UndoTo`, :data:`UNDO`, :data:`REDO`.

        Raises: EditError ``edit.bad_line``, ``edit.unknown_command``, ``edit.bad_value``,
        ``edit.missing_value``, and those of ``issue_place``.
        """
        try:
            line = json.loads(text)
            # Half a character, as "\ud800" gives it, can't be stored; a ValueError says so.
            json.dumps(line, ensure_ascii=False).encode()
        except (ValueError, RecursionError) as fault:
            raise EditError("edit.bad_line", reason=str(fault)) from fault
        if not isinstance(line, dict):
            raise EditError("edit.bad_line", reason="{…}")
        word = line.get("do")
        if word == UNDO and line.get("to") is not None:
            return UndoTo(said_whole(line, "to"))
        if word in (UNDO, REDO):
            return str(word)
        if isinstance(word, str) and word in PEOPLE_READERS:
            if line.get("point") is not None:
                line = {**line, "point": list(self._to_plane(pair_of("point", line["point"])))}
            if isinstance(line.get("outline"), list):
                line = {**line, "outline": self.points(line, "outline")}
            return PEOPLE_READERS[word](line)
        reader = self._readers.get(word) if isinstance(word, str) else None
        if reader is None:
            words = ", ".join((*self._readers, *PEOPLE_READERS, UNDO, REDO))
            raise EditError("edit.unknown_command", command=word, commands=words)
        return reader(self, line)

    def to_plane(self, point: Metres) -> Metres:
        """Return a place of the script in metres of the plane."""
        return self._to_plane(point)

    def point(self, line: Line, name: str = "point") -> Metres:
        """Return a place in plane metres, by coordinates or by a listed issue."""
        if name == "point" and "issue" in line:
            return self._issue_place(said_text(line, "issue"))
        return self._to_plane(pair_of(name, said(line, name)))

    def text(self, line: Line, name: str) -> str:
        """Return a field that must be text."""
        return said_text(line, name)

    def text_or_none(self, line: Line, name: str) -> str | None:
        """Return a field that is text, null or left out."""
        return said_text_or_none(line, name)

    def choice(self, line: Line, name: str, words: Sequence[str]) -> str:
        """Return a field that must be one of *words*."""
        return said_choice(line, name, "", words)

    def issue(self, line: Line) -> Issue:
        """Return the listed issue that a line names. Raises: EditError."""
        number = said_text(line, "issue")
        if self._find_issue is None:
            raise EditError("edit.unknown_issue", issue=number)
        return self._find_issue(number)

    def points(self, line: Line, name: str) -> list[Metres]:
        """Return several places in plane metres."""
        values = said(line, name)
        if not isinstance(values, list):
            raise EditError("edit.bad_value", field=name, value=values)
        return [self._to_plane(pair_of(name, value)) for value in values]


def wants_preview(text: str) -> bool:
    """Return whether a line asks what it would do, and for nothing to be done."""
    with suppress(ValueError, RecursionError):
        line = json.loads(text)
        return isinstance(line, dict) and line.get("preview") is True
    return False


_READERS: Mapping[str, LineReader] = {**PROJECT_READERS, **LAND_READERS, **AREA_READERS}
