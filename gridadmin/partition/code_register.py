"""Every code that is or was borne: a retired code is never given again."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from immutables import Map

from gridadmin.domain.change import RowChange

_TABLES = ("area", "code_period")


class CodeRegister:
    """How many rows bear each code: areas, retired too, and the history of codes; immutable."""

    __slots__ = ("_base", "_changed", "_sorted")

    def __init__(
        self, base: Mapping[str, int], in_order: list[str], changed: Map[str, int]
    ) -> None:
        self._base = base
        self._sorted = in_order
        self._changed = changed

    @classmethod
    def of(cls, tables: Mapping[str, Mapping[str, Any]]) -> CodeRegister:
        """Return the register of a project's rows by table."""
        counts = Counter(
            row.code for table in _TABLES for row in tables[table].values() if row.code is not None
        )
        return cls(counts, sorted(counts), Map())

    def count(self, code: str) -> int:
        """Return how many rows bear *code*."""
        return self._changed.get(code, self._base.get(code, 0))

    def below(self, prefix: str) -> Iterator[str]:
        """Yield the codes borne that begin with *prefix*."""
        place = bisect_left(self._sorted, prefix)
        while place < len(self._sorted) and self._sorted[place].startswith(prefix):
            if self.count(self._sorted[place]):
                yield self._sorted[place]
            place += 1
        for code, count in self._changed.items():
            if count and code not in self._base and code.startswith(prefix):
                yield code

    def after(self, changes: Iterable[RowChange]) -> CodeRegister:
        """Return the register after changes of rows."""
        changed = self._changed.mutate()
        for change in changes:
            if change.table not in _TABLES:
                continue
            for row, step in ((change.before, -1), (change.after, 1)):
                if row is not None and row.code is not None:
                    known = changed.get(row.code, self._base.get(row.code, 0))
                    changed[row.code] = known + step
        return CodeRegister(self._base, self._sorted, changed.finish())
