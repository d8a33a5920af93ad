"""A change in the making: rows are put and removed, the last word on each row counts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from gridadmin.base.ids import UidMaker
from gridadmin.domain.change import Change, RowChange
from gridadmin.domain.model import Area, CodePeriod, Land
from gridadmin.edit.past_state import Past
from gridadmin.partition.rewire import BorderChange, BorderIds
from gridadmin.partition.snapshot import Snapshot

Key = tuple[str, str | int]


PastOf = Callable[[int], Past]


class Desk:
    """What a command needs besides the snapshot: fresh ids, the time (ISO 8601), who is at work.

    ``past`` gives the state after an earlier revision, with all that came since.
    """

    def __init__(
        self, gesture: str, new_uid: UidMaker, now: str, author: str, past: PastOf
    ) -> None:
        self.gesture = gesture
        self.past = past
        self.ids = BorderIds(gesture)
        self.new_uid = new_uid
        self.now = now
        self.today = now[:10]
        self.author = author


class Draft:
    """Row changes against a snapshot, merged per row."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._rows: dict[Key, RowChange] = {}
        self._told: dict[str, Any] = {}

    def put(self, table: str, record: Any) -> None:
        """Add or change one row."""
        row = RowChange(table, None, record)
        key = (table, row.key)
        self._rows[key] = RowChange(table, self._before(key), record)

    def remove(self, table: str, key: str | int) -> None:
        """Take one row out."""
        self._rows[table, key] = RowChange(table, self._before((table, key)), None)

    def now(self, table: str, uid: str) -> Any:
        """Return a row as the draft has it so far, or None."""
        if (table, uid) in self._rows:
            return self._rows[table, uid].after
        return self._snapshot.rows(table).get(uid)

    def borders(self, changes: Iterable[BorderChange]) -> None:
        """Take in border changes."""
        for before, after in changes:
            row = RowChange("border", before, after)
            self._rows["border", row.key] = row

    def tell(self, **facts: Any) -> None:
        """Keep facts for the answer to the user; plain JSON values."""
        self._told.update(facts)

    def new_code(self, area: Area, code: str | None, desk: Desk) -> Area:
        """Return *area* with another code; the history of codes is kept beside it."""
        self._end_codes(area, desk)
        if code is not None:
            uid = desk.new_uid()
            self.put("code_period", CodePeriod(uid, area.uid, code, valid_from=desk.today))
        return replace(area, code=code)

    def add_area(self, area: Area, desk: Desk) -> None:
        """Add a new area with the first entry of its code history."""
        self.put("area", replace(area, valid_from=area.valid_from or desk.today))
        if area.code is not None:
            period = CodePeriod(desk.new_uid(), area.uid, area.code, valid_from=desk.today)
            self.put("code_period", period)

    def retire(self, area: Area, desk: Desk) -> None:
        """End an area: its row and its code stay, its land must go to others."""
        self.put("area", replace(area, land=Land.LISTED, valid_to=desk.today))
        self._end_codes(area, desk)

    def _end_codes(self, area: Area, desk: Desk) -> None:
        for period in self._snapshot.linked("code_period", area.uid):
            if period.valid_to is None:
                self.put("code_period", replace(period, valid_to=desk.today))

    def new_codes(self) -> set[str]:
        """Return the codes of the areas that the draft adds or changes."""
        areas = (row.after for row in self._rows.values() if row.table == "area")
        return {area.code for area in areas if area is not None and area.code is not None}

    def change(self, kind: str, note: str = "") -> Change:
        """Return the draft as a change; rows that come out as they were are left out."""
        rows = tuple(row for row in self._rows.values() if row.before != row.after)
        return Change(kind, rows, note, told=tuple(self._told.items()))

    def _before(self, key: Key) -> Any:
        if key in self._rows:
            return self._rows[key].before
        table, uid = key
        if table == "border":
            number = int(uid)
            partition = self._snapshot.partition
            return partition.border(number) if partition.has(number) else None
        return self._snapshot.rows(table).get(str(uid))
