"""The document behind a split or merge of communities: its number and its day, in the lineage."""

from __future__ import annotations

from dataclasses import dataclass, replace

from gridadmin.base.errors import EditError
from gridadmin.domain.change import Change, RowChange
from gridadmin.domain.model import Lineage
from gridadmin.edit.area_commands import checked_date, checked_text
from gridadmin.edit.command import find_area, label
from gridadmin.edit.draft import Desk, Draft
from gridadmin.partition.snapshot import Snapshot


@dataclass(frozen=True)
class Papers:
    """Number (文号) and day (ISO 8601) of a document; None = there is none, the day is today."""

    document: str | None = None
    date: str | None = None

    def recorded(self, change: Change) -> Change:
        """Return *change* with the papers in the lineage that it adds.

        Raises: EditError ``edit.bad_value``, ``edit.bad_date``.
        """
        if self == NO_PAPERS:
            return change
        return replace(change, rows=tuple(self._on(row) for row in change.rows))

    def _on(self, row: RowChange) -> RowChange:
        if row.table != "lineage" or row.before is not None or row.after is None:
            return row
        return RowChange(row.table, None, self.put_on(row.after))

    def put_on(self, line: Lineage) -> Lineage:
        """Return a line of lineage with these papers. Raises: EditError as above."""
        document = None if self.document is None else checked_text("document", self.document)
        day = line.date if self.date is None else checked_date(self.date)
        return replace(line, document=document, date=day)


NO_PAPERS = Papers()


@dataclass(frozen=True)
class SetPapers:
    """Put number and day of a document into the lineage of an area: what it came from, last."""

    area: str
    papers: Papers
    may_move_frame: bool = False

    def propose(self, snapshot: Snapshot, desk: Desk) -> Change:
        """Return the change. Raises: EditError ``edit.no_lineage``, ``edit.nothing_changes``."""
        area = find_area(snapshot, self.area)
        lines = newest_lines(snapshot, area.uid)
        if not lines:
            raise EditError("edit.no_lineage", area=label(area))
        draft = Draft(snapshot)
        for line in lines:
            draft.put("lineage", self.papers.put_on(line))
        change = draft.change("papers")
        if not change.rows:
            raise EditError("edit.nothing_changes")
        return change


def newest_lines(snapshot: Snapshot, uid: str) -> list[Lineage]:
    """Return the lineage of the last merge or split that an area came out of or went through."""
    lines = [line for line in snapshot.linked("lineage", uid) if line.kind != "delete"]
    if not lines:
        return []
    newest = max(lines, key=lambda line: (line.date or "", line.uid))
    alike = [line for line in lines if (line.kind, line.date) == (newest.kind, newest.date)]
    return sorted(alike, key=lambda line: line.uid)
