"""Edits by chance on a project file, each step timed: what the rows edit, recheck, undo share."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any, TypeVar

from benchmarks.measure import ChildResult, Timing, in_child
from benchmarks.project import project_file
from gridadmin.app.session import Session
from gridadmin.base.errors import EditError
from gridadmin.base.ids import oid_of
from gridadmin.checks.book import IssueBook
from gridadmin.domain.model import Area
from gridadmin.edit.area_commands import SetField
from gridadmin.edit.command import Command
from gridadmin.edit.document import Document, Done, lands_of
from gridadmin.edit.land_commands import InsertLine
from gridadmin.edit.vertex_commands import Move
from gridadmin.partition.planar import points_of
from gridadmin.partition.snapshot import Snapshot
from gridadmin.partition.walk import land_parts, to_polygon

T = TypeVar("T")

EDITS = 300
WARM_UP = 20
SEED = 1
LEAF = "micro_grid"


def time_editing(path: str, edits: int = EDITS) -> dict[str, Any]:
    """Return the seconds of each edit, re-check, undo and redo on a copy of the project *path*."""
    seconds: dict[str, list[float]] = {
        "edit": [], "in memory": [], "recheck": [], "undo": [], "redo": [], "bare commit": [],
    }  # fmt: skip
    by_kind: dict[str, list[float]] = {}
    with TemporaryDirectory() as folder:
        copy = Path(folder) / "project.gpkg"
        shutil.copyfile(path, copy)
        with Session.open(copy, write=True) as session:
            desk = _Desk(session.snapshot)
            commit = _bare_commit(Path(folder) / "bare.db")
            book = IssueBook.of(session.snapshot)
            while len(seconds["edit"]) < edits + WARM_UP:
                command = desk.next(session.snapshot)
                try:
                    without = partial(_without_store, session.document, command)
                    _timed(without, seconds["in memory"])
                except EditError:
                    continue
                started = perf_counter()
                done = session.document.execute(command)
                seconds["edit"].append(perf_counter() - started)
                _timed(lambda: commit(len(seconds["edit"])), seconds["bare commit"])
                by_kind.setdefault(type(command).__name__, []).append(seconds["edit"][-1])
                book = _checked(book, done, seconds["recheck"])
            for name, step in (("undo", session.document.undo), ("redo", session.document.redo)):
                for _ in range(edits):
                    book = _checked(book, _timed(step, seconds[name]), seconds["recheck"])
    result: dict[str, Any] = {name: values[WARM_UP:] for name, values in seconds.items()}
    result["edit p95 by kind"] = {name: Timing(tuple(v)).p95 for name, v in by_kind.items()}
    return result


def _bare_commit(path: Path) -> Callable[[int], None]:
    """Return what stores a blob durably in a database of its own, as SQLite alone does it."""
    database = sqlite3.connect(path, isolation_level=None)
    database.execute("PRAGMA synchronous = FULL")
    database.execute("CREATE TABLE log (id INTEGER PRIMARY KEY, data BLOB)")

    def commit(number: int) -> None:
        database.execute("BEGIN IMMEDIATE")
        database.execute("INSERT INTO log VALUES (?, randomblob(3000))", (number,))
        database.execute("COMMIT")

    return commit


def _timed(step: Callable[[], T], into: list[float]) -> T:
    started = perf_counter()
    done = step()
    into.append(perf_counter() - started)
    return done


def _without_store(document: Document, command: Command) -> None:
    done = document.preview(command)
    lands_of(done.after, done.touched)


def _checked(book: IssueBook, done: Done, into: list[float]) -> IssueBook:
    started = perf_counter()
    following = book.after(done.after, done.change, done.touched)
    into.append(perf_counter() - started)
    return following


class _Desk:
    """Gifts to a neighbour, moves, cuts and renamings, as staff make them, all over the map."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._chance = random.Random(SEED)
        self._leaves = [area.uid for area in snapshot.areas() if area.level == LEAF]
        self._makers: tuple[Callable[[Snapshot, Area], Command | None], ...] = (
            self._give,
            self._move,
            self._move,
            self._cut,
            self._cut,
            self._rename,
        )

    def next(self, snapshot: Snapshot) -> Command:
        """Return one more command on an area that still stands."""
        while True:
            area = snapshot.area(self._chance.choice(self._leaves))
            command = self._chance.choice(self._makers)(snapshot, area)
            if command is not None:
                return command

    def _give(self, snapshot: Snapshot, area: Area) -> Command | None:
        # A piece is cut off for the neighbour: a gift of the whole would make the area vanish.
        for border in snapshot.partition.outline(oid_of(area.uid)):
            other = border.right if border.left == oid_of(area.uid) else border.left
            neighbour = snapshot.owning_area(other)
            if neighbour is not None:
                cut = self._across(snapshot, area)
                return InsertLine(cut, neighbour.uid, "keep")
        return None

    def _move(self, snapshot: Snapshot, area: Area) -> Command | None:
        border = self._chance.choice(snapshot.partition.outline(oid_of(area.uid)))
        xy = points_of(border)
        x, y = snapshot.place(xy[[self._chance.randrange(len(xy))]])[0].tolist()
        return Move((x, y), (x + self._chance.uniform(-1, 1), y + self._chance.uniform(-1, 1)))

    def _cut(self, snapshot: Snapshot, area: Area) -> Command | None:
        return InsertLine(self._across(snapshot, area), "new", "keep")

    def _across(self, snapshot: Snapshot, area: Area) -> list[tuple[float, float]]:
        land = to_polygon(land_parts(snapshot.partition, oid_of(area.uid)), snapshot.place)
        x0, y0, x1, y1 = land.bounds
        middle = land.representative_point()
        dx, dy = (x1 - x0) * 0.6, (y1 - y0) * self._chance.uniform(-0.3, 0.3)
        return [
            (middle.x - dx, middle.y - dy),
            (middle.x, middle.y),
            (middle.x + dx, middle.y + dy),
        ]

    def _rename(self, snapshot: Snapshot, area: Area) -> Command | None:
        return SetField(area.uid, "name", f"虚构{self._chance.randrange(10**9)}")


@cache
def measured(areas: int) -> ChildResult:
    """Return what a process of its own measured on the project of *areas*; once per run."""
    return in_child("benchmarks.editing:time_editing", path=str(project_file(areas)))


def seconds_of(result: ChildResult, name: str) -> Timing:
    """Return the seconds of one kind of step."""
    return Timing(tuple(result.value[name]))
