"""Which rows point at an object: code history, stacked parts, entrances, outlines, claims, cells.

Members of groupings too, which living areas bear a code, and which are exclusive. An index per
table, worked out when first asked for and kept up with every change from then on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from immutables import Map

from gridadmin.domain.change import RowChange
from gridadmin.domain.model import AreaKind
from gridadmin.partition.portions import map_in_portions

_Keys = frozenset[str]
_NONE: _Keys = frozenset()

BY_CODE = "area by code"
"""Name of the index of living areas by the code that they bear."""

EXCLUSIVE = "exclusive areas"
"""Name of the index of living exclusive areas: few among many. All stand under one target."""

_AREA_INDEXES = ("area", BY_CODE, EXCLUSIVE)

_TARGETS: Mapping[str, Callable[[Any], Iterable[str]]] = {
    "area": lambda row: () if row.cell is None else (row.cell,),
    "assignment": lambda row: (row.anchor, row.person),
    BY_CODE: lambda row: () if row.code is None or row.valid_to is not None else (row.code,),
    EXCLUSIVE: lambda row: (
        (EXCLUSIVE,) if row.kind == AreaKind.EXCLUSIVE and row.valid_to is None else ()
    ),
    "border_lock": lambda row: (row.target,),
    "code_period": lambda row: (row.area,),
    "dispute": lambda row: row.claims.split(),
    "entrance": lambda row: (row.building,),
    "grouping_member": lambda row: (row.grouping, row.member),
    "lineage": lambda row: (row.predecessor, row.successor),
    "pairing": lambda row: (row.organization, row.anchor),
    "party_node": lambda row: tuple(one for one in (row.area, row.parent) if one is not None),
    "post_seat": lambda row: (row.anchor,),
    "reference_outline": lambda row: (row.area,),
    "stacked_part": lambda row: (row.area, row.building),
    "team": lambda row: (row.anchor,),
    "team_member": lambda row: (row.team, row.person),
}
"""What the rows of a table point at; areas point at the cell that they share."""


class Links:
    """For each table, which of its rows point at an object; immutable but for what it remembers."""

    __slots__ = ("_known",)

    def __init__(self, known: Mapping[str, Map[str, _Keys]] | None = None) -> None:
        self._known: dict[str, Map[str, _Keys]] = dict(known or {})

    def to(self, table: str, rows: Mapping[str, Any], target: str) -> list[str]:
        """Return the uids of the *rows* of a table that point at *target*, sorted."""
        index = self._known.get(table)
        if index is None:
            index = self._known[table] = _index_of(table, rows)
        return sorted(index.get(target, _NONE))

    def after(self, changes: Iterable[RowChange]) -> Links:
        """Return the links after changes of rows."""
        known = dict(self._known)
        for change in changes:
            for name in _AREA_INDEXES if change.table == "area" else (change.table,):
                index = known.get(name)
                if index is not None:
                    known[name] = _after(name, index, change)
        return Links(known)


def _index_of(table: str, rows: Mapping[str, Any]) -> Map[str, _Keys]:
    targets = _TARGETS[table]
    found: dict[str, set[str]] = {}
    for uid, row in rows.items():
        for target in targets(row):
            found.setdefault(target, set()).add(uid)
    return map_in_portions({target: frozenset(uids) for target, uids in found.items()})


def _after(name: str, index: Map[str, _Keys], change: RowChange) -> Map[str, _Keys]:
    targets, uid = _TARGETS[name], str(change.key)
    before = set() if change.before is None else set(targets(change.before))
    after = set() if change.after is None else set(targets(change.after))
    for target in before - after:
        index = index.set(target, index.get(target, _NONE) - {uid})
    for target in after - before:
        index = index.set(target, index.get(target, _NONE) | {uid})
    return index
