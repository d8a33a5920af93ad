"""What a row of a roster stands on beside areas: streets, shops, compounds, clusters, buildings.

They are matched by the code of the file that they came from, or by name; near ones are asked about.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gridadmin.base.texts import sentence
from gridadmin.domain.model import Area, AreaKind
from gridadmin.domain.scheme import Scheme
from gridadmin.exchange.roster_areas import Answers, is_slip, number_form
from gridadmin.exchange.roster_columns import OBJECT_COLUMNS
from gridadmin.exchange.roster_file import Cell
from gridadmin.exchange.roster_preview import Ask, Fault, Option
from gridadmin.exchange.roster_values import squeezed
from gridadmin.partition.snapshot import Snapshot
from gridadmin.staffing.anchors import LANE, OBJECT_TABLES, STREET, level_of_object
from gridadmin.staffing.within import Within

_MOST_OPTIONS = 6


@dataclass(frozen=True, slots=True)
class RosterPlace:
    """What a post of a roster stands on: a table, a uid in it, and what schemes call it."""

    table: str
    uid: str
    level: str
    name: str
    kind: str = AreaKind.GENERAL

    @classmethod
    def of_area(cls, area: Area) -> RosterPlace:
        """Return an area as a place."""
        return cls("area", area.uid, area.level, area.name, area.kind)


class ObjectFinder:
    """Finds objects of a project by what a roster says of them."""

    def __init__(self, snapshot: Snapshot, answers: Answers) -> None:
        self._snapshot = snapshot
        self._answers = answers
        self._rows = {table: bearing_rows(snapshot, table) for table in OBJECT_TABLES}
        self._within: dict[str, Within] = {}
        self._forms = {table: _by_form(rows) for table, rows in self._rows.items()}

    def named_in(self, cells: Mapping[str, Cell]) -> str | None:
        """Return the column of a row that names an object, None when none does."""
        return next((table for table in OBJECT_COLUMNS if squeezed(cells.get(table))), None)

    def find(
        self, cells: Mapping[str, Cell], area: Area | None
    ) -> RosterPlace | Fault | list[Ask] | None:
        """Return the object of a row, what is wrong, or what to ask; None when it names none.

        Of several that bear the name those in *area* count.
        """
        table = self.named_in(cells)
        if table is None:
            return None
        name = squeezed(cells[table])
        found = self._inside(table, self._exact(table, name), area)
        if table == "line_object" and found:
            # Pieces of one street: what is listed for its chief, else what has one already.
            found = [min(found, key=self._street_order)]
        if len(found) == 1:
            return self._place(table, found[0])
        near = found or self._inside(table, self._near(table, name), area)
        if not near:
            return Fault(table, "roster.unknown_object", {"name": name})
        where = "" if area is None else area.name
        options = tuple(Option(one.uid, self._told(table, one)) for one in near[:_MOST_OPTIONS])
        ask = Ask(table, "object", name, where, options)
        answer = ask.answer(self._answers)
        chosen = [one for one in near if one.uid == answer]
        return self._place(table, chosen[0]) if chosen else [ask]

    def _place(self, table: str, row: Any) -> RosterPlace:
        return RosterPlace(table, row.uid, level_of_object(table, row), str(row.name))

    def _exact(self, table: str, name: str) -> list[Any]:
        forms = self._forms[table]
        return forms.get(name) or forms.get(number_form(name, "")) or []

    def _near(self, table: str, name: str) -> list[Any]:
        ours = number_form(name, "")
        return [
            row for row in self._rows[table] if _is_near(ours, number_form(squeezed(row.name), ""))
        ]

    def _inside(self, table: str, rows: Sequence[Any], area: Area | None) -> list[Any]:
        """Return those that lie in an area, all where that isn't known of any."""
        listed = sorted(rows, key=lambda row: (row.name, row.uid))
        if area is None or len(listed) <= 1:
            return listed
        if area.uid not in self._within:
            self._within[area.uid] = Within(self._snapshot, area)
        here = [row for row in listed if self._within[area.uid].holds(table, row.uid)]
        return here or listed

    def _street_order(self, row: Any) -> tuple[bool, bool, str]:
        is_held = any(one.anchor == row.uid for one in self._snapshot.linked("assignment", row.uid))
        return row.kind not in (STREET, LANE), not is_held, row.uid

    def _told(self, table: str, row: Any) -> str:
        place = self._snapshot.rows("area").get(getattr(row, "area", None) or "")
        level = word_of_level(self._snapshot.scheme, level_of_object(table, row))
        aside = "，".join(part for part in (level, "" if place is None else place.name) if part)
        return f"{row.name}（{aside}）"


def bearing_rows(snapshot: Snapshot, table: str) -> list[Any]:
    """Return the named objects of a table on which the scheme has posts."""
    named = {level for post in snapshot.scheme.posts for level in post.levels}
    rows = snapshot.rows(table).values()
    return [row for row in rows if row.name and level_of_object(table, row) in named]


def columns_of_objects(scheme: Scheme) -> set[str]:
    """Return the columns of objects on which a scheme has posts."""
    named = {level for post in scheme.posts for level in post.levels}
    levels: Mapping[str, set[str]] = {
        "line_object": {"street_line", "lane_line"},
        "compound": {"compound"},
        "grouping": {one.key for one in scheme.groupings},
        "point_object": {"shop", *(one.key for one in scheme.facilities)},
    }
    return {table for table, bearing in levels.items() if bearing & named}


def word_of_level(scheme: Scheme, level: str) -> str:
    """Return what a scheme calls what a post stands on, in Chinese as in rosters."""
    known = scheme.level(level)
    if known is not None:
        return known.zh
    for one in (*scheme.groupings, *scheme.facilities):
        if one.key == level:
            return one.zh
    return sentence(f"anchor.{level}", "zh")


def _by_form(rows: Iterable[Any]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        own = squeezed(row.name)
        code = getattr(row, "source_id", None)
        for form in {own, number_form(own, ""), row.uid, *([code] if code else [])}:
            found[form].append(row)
    return found


def _is_near(ours: str, theirs: str) -> bool:
    """Return whether one name is one slip away from another; other numbers are no slip."""
    digits = ["".join(sign for sign in name if sign.isdigit()) for name in (ours, theirs)]
    return digits[0] == digits[1] and len(ours) > 1 and is_slip(ours, theirs)
