"""Run lines of edit commands on a project: one answer a line, written after the durable write."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from pyproj import CRS

from gridadmin.app.repairs import left_after
from gridadmin.app.session import Session
from gridadmin.base.errors import EditError, GridAdminError, StoreError
from gridadmin.base.texts import explain
from gridadmin.domain.issue import Issue
from gridadmin.edit.command import Metres
from gridadmin.edit.document import Done
from gridadmin.edit.script import UNDO, ScriptReader, UndoTo, wants_preview
from gridadmin.exchange.import_source import plane_of
from gridadmin.exchange.recognise import crs_of_option
from gridadmin.exchange.shift import unshifted
from gridadmin.partition.planes import transform_geometries
from gridadmin.repair.lines import RepairIssue, repair_lines

FINE, LISTED = 0, 1


def _say_nothing(code: str) -> None:
    del code


def run_script(
    project: Path,
    lines: Iterable[str],
    answer: Callable[[str], None],
    *,
    crs: str | None = None,
    stop: bool = False,
    lang: str = "en",
    notice: Callable[[str], None] = _say_nothing,
) -> int:
    """Carry out *lines* and hand each JSON answer to *answer*; return 1 when a line was refused.

    Raises: StoreError ``store.locked`` and others that keep the project from being opened.
    """
    has_failed = False
    with Session.open(project, write=True) as session:
        if session.continues_copy:
            notice("cli.share_continued")
        runner = _Runner(session, crs)
        for line in lines:
            if not line.strip():
                continue
            result = runner.run(line, lang)
            answer(json.dumps(result, ensure_ascii=False))
            if not result["ok"]:
                has_failed = True
                if stop or runner.is_broken:
                    break
    return LISTED if has_failed else FINE


class _Runner:
    def __init__(self, session: Session, crs: str | None) -> None:
        self._session = session
        more = repair_lines(self._issue)
        self._reader = ScriptReader(self._issue_place, self._to_plane(crs), more, self._issue)
        self.is_broken = False

    def run(self, line: str, lang: str) -> dict[str, Any]:
        """Carry out one line and return its answer."""
        document = self._session.document
        try:
            text = line.lstrip("\ufeff")
            command = self._reader.read(text)
            if isinstance(command, (str, UndoTo)):
                done = self._back_or_forth(command)
            elif wants_preview(text):
                return _looked_at(document.preview(command), document.snapshot.revision)
            else:
                done = document.execute(command)
        except StoreError as fault:
            # The disk won't do better on the next line.
            self.is_broken = True
            return _refused(fault, lang)
        except GridAdminError as fault:
            return _refused(fault, lang)
        answer = _carried_out(done)
        if isinstance(command, RepairIssue):
            answer |= self._truth(command.issue)
        return answer

    def _truth(self, settled: Issue) -> dict[str, Any]:
        """Return whether an issue is settled now, and what of it or in its place is left."""
        left = left_after(self._session.book(), settled)
        told = [{"id": i.id, "kind": i.kind, "area_m2": i.area_m2} for i in left]
        return {"settled": not left, "left": told}

    def _back_or_forth(self, word: str | UndoTo) -> Done:
        document = self._session.document
        try:
            if isinstance(word, UndoTo):
                return document.undo_to(word.revision)
            return document.undo() if word == UNDO else document.redo()
        except LookupError as fault:
            # The log speaks of rows that the file doesn't hold.
            path = str(self._session.store.path)
            raise StoreError("store.damaged", path=path, reason=f"change log, {fault!r}") from fault

    def _issue(self, number: str) -> Issue:
        issue = self._session.book().issue(number)
        if issue is None:
            raise EditError("edit.unknown_issue", issue=number)
        return issue

    def _issue_place(self, number: str) -> Metres:
        issue = self._issue(number)
        if issue.point is None:
            raise EditError("edit.issue_without_place", issue=number)
        return issue.point

    def _to_plane(self, crs: str | None) -> Callable[[Metres], Metres]:
        plane = plane_of(self._session.snapshot)
        if crs is None or plane is None:
            return lambda point: point
        source, shift = crs_of_option(crs)
        return _Mover(source, shift, plane.crs)


class _Mover:
    """Moves places from the CRS that the user named into the plane."""

    def __init__(self, source: CRS, shift: str | None, plane: CRS) -> None:
        self._source = source
        self._shift = shift
        self._plane = plane

    def __call__(self, point: Metres) -> Metres:
        shape = np.array([shapely.Point(point)], dtype=object)
        if self._shift is not None:
            shape = unshifted(shape, self._shift)
        moved = transform_geometries(shape, self._source, self._plane)[0]
        return moved.x, moved.y


def _refused(fault: GridAdminError, lang: str) -> dict[str, Any]:
    return {"ok": False, "code": fault.code, "text": explain(fault, lang)}


def _looked_at(done: Done, revision: int) -> dict[str, Any]:
    """Return what a line would do; the project stays at its revision."""
    return {**_carried_out(done), "revision": revision, "preview": True}


def _carried_out(done: Done) -> dict[str, Any]:
    facts = dict(done.change.told)
    return {"ok": True, "revision": done.revision, "changed": done.changed_areas(), **facts}
