"""The sheets of numbers to type in: registrations per channel, officials and quota of each unit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gridadmin.domain.people import RegistrationCount
from gridadmin.domain.scheme import LEVELS
from gridadmin.edit.assignment_commands import PeopleTogether
from gridadmin.edit.command import Command
from gridadmin.edit.people_records import EndRecord, PutRecord
from gridadmin.staffing.book import BASE_UNIT_LEVEL, StaffBook
from gridadmin.staffing.figures import in_printed_order
from gridadmin.staffing.unit_rules import latest_headcounts, sent_by_unit
from ui.panels import words as panel_words
from ui.people import words
from ui.texts import mark, tr


@dataclass(frozen=True)
class CountRow:
    """One line: whose numbers, what stands beside the name, the numbers by column.

    ``closed`` are columns into which nothing can be written here; ``as_of`` is the newest day.
    What *is_part* is counted in another line already.
    """

    key: str
    name: str
    aside: str
    numbers: tuple[int | None, ...]
    closed: frozenset[int] = frozenset()
    as_of: str = ""
    found_by: str = ""
    is_part: bool = False


@dataclass(frozen=True)
class Entry:
    """A number that somebody typed: whose, in which column; None empties the cell."""

    key: str
    column: int
    number: int | None


class Sheet:
    """One sheet."""

    key = ""
    title = ""
    """Chinese, for ``tr``."""
    aside = mark("所在")
    """What stands beside the names, Chinese, for ``tr``."""

    def columns(self, book: StaffBook) -> Sequence[str]:
        """Return the headings of the numbers."""
        raise NotImplementedError

    def rows(self, book: StaffBook) -> list[CountRow]:
        """Return the lines."""
        raise NotImplementedError

    def command(self, book: StaffBook, entries: Sequence[Entry], day: str) -> Command | None:
        """Return what writes numbers as of a day: one gesture; None where nothing changes."""
        raise NotImplementedError

    def why_empty(self, book: StaffBook) -> str:
        """Return why there are no lines, in words."""
        raise NotImplementedError


class ChannelSheet(Sheet):
    """How many persons registered in each channel of a community or grid; never who."""

    key = "registration_count"
    title = mark("双报到人数")

    def columns(self, book: StaffBook) -> Sequence[str]:
        """Return the channels of the scheme."""
        return [words.term(one) for one in book.scheme.channels]

    def rows(self, book: StaffBook) -> list[CountRow]:
        """Return the areas of all levels that a channel is counted on, below one another."""
        channels = book.scheme.channels
        named = {level for one in channels for level in one.levels}
        known = _registrations(book)
        found = []
        for level in LEVELS:
            for area in book.areas(level) if level in named else ():
                counts = [known.get((area.uid, one.key)) for one in channels]
                parent = None if area.parent is None else book.snapshot.area(area.parent)
                closed = frozenset(
                    number for number, one in enumerate(channels) if level not in one.levels
                )
                found.append(
                    CountRow(
                        area.uid,
                        panel_words.name_of(area),
                        "" if parent is None else panel_words.name_of(parent),
                        tuple(None if one is None else one.persons for one in counts),
                        closed,
                        max((one.as_of or "" for one in counts if one is not None), default=""),
                        area.code or "",
                        level != BASE_UNIT_LEVEL,
                    )
                )
        return found

    def command(self, book: StaffBook, entries: Sequence[Entry], day: str) -> Command | None:
        """Return what writes numbers: one row for each area and channel, the last figure holds."""
        channels, known = book.scheme.channels, _registrations(book)
        steps: list[Command] = []
        for one in entries:
            channel = channels[one.column].key
            row = known.get((one.key, channel))
            if one.number is None:
                steps += [] if row is None else [EndRecord(self.key, row.uid)]
            elif row is None:
                values = {
                    "area": one.key, "channel": channel, "persons": one.number, "as_of": day
                }  # fmt: skip
                steps.append(PutRecord(self.key, values))
            elif (row.persons, row.as_of) != (one.number, day):
                values = {"persons": one.number, "as_of": day}
                steps.append(PutRecord(self.key, values, row.uid))
        return PeopleTogether(tuple(steps), self.key) if steps else None

    def why_empty(self, book: StaffBook) -> str:
        """Return why there are no lines."""
        if not book.scheme.channels:
            return tr("方案没有规定双报到的渠道。")
        return tr("还没有可以登记人数的区域。")


def _registrations(book: StaffBook) -> dict[tuple[str, str], RegistrationCount]:
    rows: Sequence[RegistrationCount] = [*book.snapshot.rows("registration_count").values()]
    ordered = sorted(rows, key=lambda one: (one.as_of or "", one.uid))
    return {(one.area, one.channel): one for one in ordered}


class HeadcountSheet(Sheet):
    """How many officials each unit has, and how many it is due to send."""

    key = "headcount"
    aside = mark("类别")
    title = mark("在编和应派人数")

    def columns(self, book: StaffBook) -> Sequence[str]:
        """Return the two numbers, and how many were sent."""
        return [tr("在编干部"), tr("应派人数"), tr("已派人数")]

    def rows(self, book: StaffBook) -> list[CountRow]:
        """Return the units in the order in which they are printed."""
        known, sent = book.once(latest_headcounts), book.once(sent_by_unit)
        units = sorted(book.organizations.values(), key=in_printed_order)
        kinds = {one.key: words.term(one) for one in book.scheme.organizations}
        found = []
        for unit in units:
            row = known.get(unit.uid)
            officials, quota = (None, None) if row is None else (row.officials, row.quota)
            found.append(
                CountRow(
                    unit.uid,
                    unit.name,
                    kinds.get(unit.kind or "", ""),
                    (officials, quota, sent[unit.uid]),
                    frozenset({_SENT}),
                    "" if row is None else row.as_of or "",
                    unit.code or "",
                )
            )
        return found

    def command(self, book: StaffBook, entries: Sequence[Entry], day: str) -> Command | None:
        """Return what writes numbers: the row of that day is changed, one of another day stays."""
        known = book.once(latest_headcounts)
        by_unit: dict[str, dict[int, int | None]] = {}
        for one in entries:
            by_unit.setdefault(one.key, {})[one.column] = one.number
        steps: list[Command] = []
        for unit, said in by_unit.items():
            row = known.get(unit)
            officials, quota = (None, None) if row is None else (row.officials, row.quota)
            values = {
                "officials": said.get(_OFFICIALS, officials) or 0,
                "quota": said.get(_QUOTA, quota),
                "as_of": day,
            }
            if row is not None and (row.officials, row.quota) == (
                values["officials"],
                values["quota"],
            ):
                continue
            if row is not None and row.as_of == day:
                steps.append(PutRecord(self.key, values, row.uid))
            else:
                steps.append(PutRecord(self.key, {"organization": unit, **values}))
        return PeopleTogether(tuple(steps), self.key) if steps else None

    def why_empty(self, book: StaffBook) -> str:
        """Return why there are no lines."""
        return tr("还没有单位。可以导入花名册，或者新增单位。")


_OFFICIALS, _QUOTA, _SENT = range(3)
SHEETS: tuple[Sheet, ...] = (ChannelSheet(), HeadcountSheet())
"""All sheets, in the order of the page."""
