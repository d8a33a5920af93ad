"""A document under random commands, checked after every one of them."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Protocol

from gridadmin.app.session import read_snapshot
from gridadmin.base.errors import EditError
from gridadmin.base.ids import seeded_uids
from gridadmin.checks.book import IssueBook
from gridadmin.domain.change import LASTING, TABLES, Change
from gridadmin.edit.command import Command
from gridadmin.edit.document import Document, Done
from gridadmin.partition.audit import audit
from gridadmin.partition.snapshot import Snapshot
from gridadmin.store.project_file import ProjectFile
from tests.helpers.near import check_near, frame_bend, is_small
from tests.helpers.projects import NOW, MemoryStore, document_on
from tests.helpers.promises import (
    RandomCommands,
    check_book,
    check_lands,
    check_partition,
    check_same,
    hash_of,
    stored_lands,
)

_MANY_AREAS = 500


class Project(Protocol):
    """Where a document is kept, and what is kept there."""

    def opened(self, seed: int) -> Document:
        """Open it, again if need be."""

    def snapshot(self) -> Snapshot:
        """Return the state as it is stored."""

    def lands(self) -> Mapping[int, bytes]:
        """Return the stored polygons."""


class InMemory:
    """A project in dictionaries."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store
        store.lands = stored_lands(store.snapshot())

    def opened(self, seed: int) -> Document:
        return document_on(self._store, seed)

    def snapshot(self) -> Snapshot:
        return self._store.snapshot()

    def lands(self) -> Mapping[int, bytes]:
        return self._store.lands


class InFile:
    """A project file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._store = ProjectFile.open(path, write=True)

    def opened(self, seed: int) -> Document:
        self._store.close()
        self._store = ProjectFile.open(self._path, write=True)
        make_uid = seeded_uids(seed, 1_800_000_000_000 + self._store.revision * 1_000_000)
        snapshot = read_snapshot(self._store)
        return Document(self._store, snapshot, "虚构用户", make_uid=make_uid, now=lambda: NOW)

    def snapshot(self) -> Snapshot:
        return read_snapshot(self._store)

    def lands(self) -> Mapping[int, bytes]:
        return self._store.read_lands()

    def close(self) -> None:
        self._store.close()


def in_memory(path: Path) -> MemoryStore:
    """Return what a project file holds, in dictionaries."""
    store = ProjectFile.open(path, write=False)
    snapshot = read_snapshot(store)
    store.close()
    tables = [table for table in TABLES if table != "border"]
    records = [row for table in tables for row in snapshot.rows(table).values()]
    return MemoryStore([*records, *snapshot.partition])


def moved(change: Change) -> int:
    """Return by how much the sum of all rows grows; rows alike but for the revision add alike."""
    found = 0
    for row in change.rows:
        for sign, record in ((-1, row.before), (1, row.after)):
            if record is not None:
                names = (one.name for one in fields(record) if one.name != "revision")
                found += sign * hash((row.table, *(getattr(record, name) for name in names)))
    return found


class Play:
    """Random commands, undo and redo among them, on one project."""

    def __init__(
        self, project: Project, seed: int, *, far_m: float = 8.0, often: Collection[str] = ()
    ) -> None:
        # Issues are kept up after every step on small maps alone: there it costs little.
        self._keeps_book = len(project.snapshot().rows("area")) < _MANY_AREAS
        self._chance = random.Random(seed)
        self._commands = RandomCommands(self._chance, far_m=far_m, often=often)
        self._project = project
        self._total = 0
        self._state = 0
        self._states: dict[tuple[int, str], int] = {}
        """What is stored before and after each gesture, by its revision: see :func:`moved`."""
        self._open(seed)
        self._first_hash = hash_of(self.document.snapshot)
        if self._keeps_book:
            self._book = IssueBook.of(self.document.snapshot)
        self._total = sum(check_partition(self.document.snapshot).values())
        self.seen: Counter[str] = Counter()

    def _open(self, seed: int) -> None:
        self.document = self._project.opened(seed)
        # Counts are worked out when first asked for; here they are to be kept up from the start.
        assert self.document.snapshot.counts is not None
        self.document.on_change(self._follow)

    def _follow(self, done: Done) -> None:
        if self._keeps_book:
            self._book = self._book.after(self.document.snapshot, done.change, done.touched)
        self._total += frame_bend(done)
        self._done = done
        self._compare(done)

    def _compare(self, done: Done) -> None:
        """Check that undo and redo lead to the very state before and after what they repeat."""
        change, was = done.change, self._state
        if change.kind not in LASTING:
            self._state += moved(change)
        if change.undid is not None:
            assert self._state == self._states.get((change.undid, "before"), self._state)
        elif change.redid is not None:
            assert self._state == self._states.get((change.redid, "after"), self._state)
        else:
            self._states[done.revision, "before"] = was
            self._states[done.revision, "after"] = self._state

    def run(self, steps: int, *, check_every: int = 1, reopen_every: int = 40) -> None:
        """Play *steps* steps, then undo everything and, on small maps, redo it.

        After every step what lies around it is checked, and everything after every
        *check_every*-th that was carried out.
        """
        carried_out = 0
        for step in range(1, steps + 1):
            what = self._step()
            if what is not None:
                carried_out += 1
                if carried_out % check_every == 0:
                    self._check(what)
                else:
                    self._check_near(what)
            if step % reopen_every == 0:
                self._reopen(step)
        self._check("the last step")
        while self._keeps_book and self.document.can_redo:
            self.document.redo()
        last = hash_of(self.document.snapshot)
        while self.document.can_undo:
            self.document.undo()
        assert hash_of(self.document.snapshot) == self._first_hash
        self._check("undoing everything")
        if not self._keeps_book:
            return
        while self.document.can_redo:
            self.document.redo()
        assert hash_of(self.document.snapshot) == last
        self._check("redoing everything")

    def _step(self) -> Command | str | None:
        """Carry out one step; return None when it is refused, and then nothing may have moved."""
        before = self.document.snapshot
        what: Command | str = self._chance.choices(
            ["undo", "redo", "undo_to", "edit"], [12, 8, 2, 78]
        )[0]
        try:
            if what == "undo":
                self.document.undo()
            elif what == "redo":
                self.document.redo()
            elif what == "undo_to":
                revision = before.revision
                self.document.undo_to(max(revision - self._chance.randint(1, 6), 0))
            else:
                what = self._commands.next(before)
                self.document.execute(what)
        except EditError as refused:
            self.seen[refused.code] += 1
            assert self.document.snapshot is before
            return None
        self.seen[what if isinstance(what, str) else type(what).__name__] += 1
        return what

    def _check_near(self, what: object) -> None:
        try:
            if is_small(self._done):
                check_near(self._done)
            else:
                assert audit(self.document.snapshot.partition).problems == ()
        except BaseException:
            print("after", what)  # noqa: T201 pytest shows it when the test fails
            raise

    def _check(self, what: object) -> None:
        snapshot = self.document.snapshot
        try:
            land = check_partition(snapshot)
            # Exactly: what new nodes bend the frame by is counted step by step.
            assert sum(land.values()) == self._total
            check_same(snapshot, self._project.snapshot())
            check_lands(self._project.lands(), snapshot)
            if self._keeps_book:
                check_book(self._book, snapshot)
        except BaseException:
            print("after", what)  # noqa: T201 pytest shows it when the test fails
            raise

    def _reopen(self, seed: int) -> None:
        before = self.document
        self._open(seed)
        assert hash_of(self.document.snapshot) == hash_of(before.snapshot)
        assert self.document.can_undo == before.can_undo
        assert self.document.can_redo == before.can_redo
