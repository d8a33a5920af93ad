"""Edit lines that settle issues: ``{"do":"repair","issue":…,"way":…}`` and ``{"batch":…}``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from gridadmin.base.errors import EditError
from gridadmin.domain.change import Change
from gridadmin.domain.issue import Issue
from gridadmin.edit.command import Command, find_area
from gridadmin.edit.draft import Desk
from gridadmin.edit.land_commands import MakeExempt
from gridadmin.edit.line_values import Line
from gridadmin.edit.script import LineReader, ScriptReader
from gridadmin.partition.snapshot import Snapshot
from gridadmin.repair.batch import BATCHES, RepairBatch
from gridadmin.repair.commands import REPAIR
from gridadmin.repair.ways import CHOSEN, EXEMPT, Way, chosen_way, every_way_of, why_none

IssueOf = Callable[[str], Issue]


@dataclass(frozen=True)
class RepairIssue:
    """Settle an issue in a way; *to* tells ways of one kind apart, and says which area is chosen.

    Without *way* the first one is taken.
    """

    issue: Issue
    way: str | None = None
    to: str | None = None
    exempt: MakeExempt | None = None
    may_move_frame: bool = False

    def propose(self, snapshot: Snapshot, desk: Desk) -> Change:
        """Return the change. Raises: EditError ``edit.no_such_way`` and those of the way."""
        return self._command(snapshot).propose(snapshot, desk)

    def _command(self, snapshot: Snapshot) -> Command:
        ways = every_way_of(snapshot, self.issue)
        if self.way == EXEMPT and self.exempt is not None and _has(ways, EXEMPT):
            return self.exempt
        if self.way == CHOSEN and self.issue.point is not None and _has(ways, CHOSEN):
            if self.to is None:
                raise EditError("edit.missing_value", field="to")
            ways = [chosen_way(snapshot, self.issue.point, find_area(snapshot, self.to))]
        to = None if self.to is None else find_area(snapshot, self.to).uid
        for way in ways:
            if way.command is None or (self.way is not None and way.key != self.way):
                continue
            if to is None or way.to == to:
                return way.command
        why = "" if ways else why_none(snapshot, self.issue)
        if why:
            raise EditError(why)
        names = ", ".join(dict.fromkeys(way.key for way in ways)) or "–"
        raise EditError("edit.no_such_way", way=self.way or "–", issue=self.issue.id, ways=names)


def _has(ways: list[Way], key: str) -> bool:
    return any(way.key == key for way in ways)


def repair_lines(issue_of: IssueOf) -> Mapping[str, LineReader]:
    """Return the reader of ``repair`` lines; *issue_of* finds a listed issue."""

    def read(reader: ScriptReader, line: Line) -> Command:
        if "batch" in line:
            return RepairBatch(reader.choice(line, "batch", BATCHES))
        issue = issue_of(reader.text(line, "issue"))
        way = reader.text_or_none(line, "way")
        exempt = _exempt(reader, issue, line) if way == EXEMPT else None
        return RepairIssue(issue, way, reader.text_or_none(line, "to"), exempt)

    return {REPAIR: read}


def _exempt(reader: ScriptReader, issue: Issue, line: Line) -> MakeExempt:
    if issue.point is None:
        raise EditError("edit.issue_without_place", issue=issue.id)
    return MakeExempt(
        issue.point,
        reader.text(line, "reason"),
        reader.text(line, "approver"),
        reader.text_or_none(line, "until"),
        reader.text_or_none(line, "name"),
        is_inside=True,
    )
