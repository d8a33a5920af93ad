"""A file of roads, water, railways, buildings or compounds, read and made whole.

Label points, house numbers and things of another kind are told apart from rows that are faulty:
the first are counted, the second listed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from gridadmin.base.errors import InputError
from gridadmin.base.progress import SILENT, Progress, checkpoint
from gridadmin.exchange import reference_kinds as kinds
from gridadmin.exchange.import_source import Brought, bring, plane_of
from gridadmin.exchange.line_joining import joined_lines
from gridadmin.exchange.pieces import Joined, Piece
from gridadmin.exchange.point_joining import joined_points
from gridadmin.exchange.polygon_joining import joined_polygons
from gridadmin.exchange.reader import read_shapes
from gridadmin.exchange.reference_columns import (
    chosen_reference_columns,
    flags_of,
    kinds_of,
)
from gridadmin.exchange.source import FeatureTable, RowProblem, as_text
from gridadmin.partition.snapshot import Snapshot

MARGIN_M = 2_000.0
"""Objects farther beyond the project's land than this are of no use to it."""

_MOST_HOUSEHOLDS = 100_000
_POLYGONS, _LINES, _POINTS = (3, 6), (1, 2, 5), (0, 4)
_NO_HOUSES = frozenset({"address", "entrance"})
_PARTS = frozenset({"building_part"})
_ESTATES = frozenset({"residential", "apartments", "housing", "residential_area"})


@dataclass(frozen=True)
class ReferenceFile:
    """What a file brings, and how it came to that.

    ``objects`` are whole things in plane metres. Of the ``rows`` read, ``joined`` became part of
    another object, ``duplicates`` lay on one, ``labels`` only mark a place, ``parts`` are parts of
    a building, ``other`` are things of another kind, ``outside`` lie far from the project.
    """

    level: str
    path: Path
    layer: str
    crs_text: str
    rows: int
    objects: tuple[Piece, ...]
    joined: int = 0
    duplicates: int = 0
    labels: int = 0
    parts: int = 0
    other: int = 0
    outside: int = 0
    has_households: bool = False
    left_out: tuple[RowProblem, ...] = ()
    warnings: tuple[RowProblem, ...] = ()

    def told(self) -> dict[str, Any]:
        """Return the facts for the answer to the user, as JSON values."""
        return {
            "level": self.level,
            "file": self.path.name,
            "layer": self.layer,
            "crs": self.crs_text,
            "rows": self.rows,
            "joined": self.joined,
            "duplicates": self.duplicates,
            "labels": self.labels,
            "parts": self.parts,
            "other": self.other,
            "outside": self.outside,
            "left_out": [_plain(problem) for problem in self.left_out],
            "warnings": [_plain(problem) for problem in self.warnings],
        }


@dataclass(frozen=True)
class ReferenceChoice:
    """How a file is to be read; None = find out. ``columns`` are those given, by role."""

    level: str
    layer: str | None = None
    columns: Mapping[str, str | None] = field(default_factory=dict)
    crs: str | None = None
    swap_xy: bool = False


def read_reference(
    snapshot: Snapshot,
    path: Path,
    choice: ReferenceChoice,
    table: FeatureTable | None = None,
    progress: Progress = SILENT,
) -> ReferenceFile:
    """Read a file (unless its *table*, with shapes of any kind, is at hand) and make it whole.

    Raises: InputError ``import.no_plane`` before the first land came, ``import.no_objects``,
    ``import.no_such_column``, those of the readers and the questions of ``bring``; Cancelled.
    """
    if plane_of(snapshot) is None:
        raise InputError("import.no_plane", file=path.name)
    if table is None:
        table = read_shapes(path, choice.layer, progress)
    if not table.has_land and not table.left_out:
        raise InputError("input.no_shapes", file=path.name)
    for column in choice.columns.values():
        if column and column not in table.columns:
            raise InputError(
                "import.no_such_column",
                file=path.name,
                column=column,
                columns=", ".join(table.columns),
            )
    brought = bring(
        snapshot, path, crs=choice.crs, swap_xy=choice.swap_xy, table=table, progress=progress
    )
    columns = chosen_reference_columns(table, choice.level, choice.columns)
    sorting = _Sorting(snapshot, brought, choice.level, columns)
    sorting.sort(progress)
    return sorting.finished(progress)


@dataclass
class _Sorting:
    """The rows of a file on their way to objects."""

    snapshot: Snapshot
    brought: Brought
    level: str
    columns: dict[str, str]
    pieces: list[Piece] = field(default_factory=list)
    refused: list[RowProblem] = field(default_factory=list)
    counts: dict[str, int] = field(
        default_factory=lambda: dict.fromkeys(("labels", "parts", "other", "outside"), 0)
    )

    def sort(self, progress: Progress) -> None:
        table, shapes = self.brought.table, self.brought.polygons
        read = _READERS[self.level]
        texts = {role: table.texts(column) for role, column in self.columns.items()}
        words = kinds_of(table)
        labels = flags_of(table, ("label_placement",))
        shores = flags_of(table, ("boundary",))
        is_near = self._near(shapes)
        rails = any(kinds.names_railways(said) for said in words)
        for number, row in enumerate(table.row_ids):
            if number % 4096 == 0:
                checkpoint(progress, "progress.read_rows", number, len(table))
            facts = {role: values[number] for role, values in texts.items()}
            shape = shapes[number]
            is_shore = shores[number] and shapely.get_type_id(shape) in _LINES
            if labels[number] or (self.level == "water" and is_shore):
                self.counts["labels"] += 1
            elif not is_near[number]:
                self.counts["outside"] += 1
            else:
                self._take(read(row, shape, facts, words[number], rails))

    def _take(self, found: Piece | RowProblem | str) -> None:
        if isinstance(found, Piece):
            self.pieces.append(found)
        elif isinstance(found, RowProblem):
            self.refused.append(found)
        else:
            self.counts[found] += 1

    def _near(self, shapes: np.ndarray) -> np.ndarray:
        extent = self.snapshot.partition.extent()
        if extent is None:
            return np.ones(len(shapes), dtype=bool)
        x0, y0, x1, y1 = (np.array(extent) + np.tile(self.snapshot.origin_mm, 2)) / 1000.0
        box = shapely.box(x0 - MARGIN_M, y0 - MARGIN_M, x1 + MARGIN_M, y1 + MARGIN_M)
        near: np.ndarray = shapely.intersects(shapes, box)
        return near

    def finished(self, progress: Progress) -> ReferenceFile:
        table = self.brought.table
        addresses = _addresses(table)
        pieces = self.pieces
        if addresses and "address" not in self.columns:
            pieces = [
                replace(p, facts={**p.facts, "address": addresses.get(p.row)}) for p in pieces
            ]
        joined, labels = _joined(pieces, progress)
        left_out = (*table.left_out, *self.refused)
        if not joined.objects and not left_out:
            code = "import.all_outside" if self.counts["outside"] else "import.no_objects"
            raise InputError(code, file=table.path.name, km=round(MARGIN_M / 1000))
        return ReferenceFile(
            self.level,
            table.path,
            table.layer,
            self.brought.crs_text,
            len(table) + len(table.left_out),
            joined.objects,
            joined.joined,
            joined.duplicates,
            self.counts["labels"] + labels,
            self.counts["parts"],
            self.counts["other"],
            self.counts["outside"],
            "households" in self.columns,
            left_out,
            self.brought.warnings,
        )


def _joined(pieces: Sequence[Piece], progress: Progress) -> tuple[Joined, int]:
    """Return whole objects, and how many points turned out to be labels of polygons."""
    dimension = [shapely.get_dimensions(piece.shape) for piece in pieces]
    of = {
        size: [p for p, d in zip(pieces, dimension, strict=True) if d == size] for size in (0, 1, 2)
    }
    lines = joined_lines(of[1], progress)
    polygons = joined_polygons(of[2], progress)
    points, labels = joined_points(of[0], polygons.objects)
    objects = (*points.hosts, *lines.objects, *points.objects)
    joined = lines.joined + polygons.joined
    duplicates = lines.duplicates + polygons.duplicates + points.duplicates
    return Joined(objects, joined, duplicates), labels


_Facts = Mapping[str, str | None]
_Reader = Callable[[str, Any, _Facts, frozenset[str], bool], "Piece | RowProblem | str"]


def _road(
    row: str, shape: Any, facts: _Facts, words: frozenset[str], _: bool
) -> Piece | RowProblem | str:
    if shapely.get_type_id(shape) in _POINTS:
        return "labels"
    if not kinds.is_road(words):
        return "other"
    if shapely.get_type_id(shape) not in _LINES:
        # Squares and footpaths drawn as areas stand among the roads of many extracts.
        return "other" if words else RowProblem(row, "import.row_no_line")
    return Piece(
        row,
        shape,
        "road",
        facts.get("name"),
        kinds.road_class(facts.get("class"), words),
        facts.get("source_id"),
    )


def _railway(
    row: str, shape: Any, facts: _Facts, words: frozenset[str], is_mixed: bool
) -> Piece | RowProblem | str:
    if shapely.get_type_id(shape) in _POINTS:
        return "labels"
    if not kinds.is_railway(words, is_mixed=is_mixed):
        return "other"
    if shapely.get_type_id(shape) not in _LINES:
        return "other" if words else RowProblem(row, "import.row_no_line")
    name, kind = facts.get("name"), kinds.railway_class(words)
    return Piece(row, shape, "railway", name, kind, facts.get("source_id"))


def _water(
    row: str, shape: Any, facts: _Facts, words: frozenset[str], _: bool
) -> Piece | RowProblem | str:
    if shapely.get_type_id(shape) in _POINTS:
        return "labels"
    is_line = shapely.get_type_id(shape) in _LINES
    if not is_line and shapely.get_type_id(shape) not in _POLYGONS:
        return RowProblem(row, "import.row_no_water")
    kind = kinds.water_kind(facts.get("type"), words, facts.get("name"), is_line=is_line)
    if kind is None:
        return "other"
    return Piece(row, shape, kind, facts.get("name"), None, facts.get("source_id"))


def _building(
    row: str, shape: Any, facts: _Facts, words: frozenset[str], _: bool
) -> Piece | RowProblem | str:
    if _PARTS & words:
        return "parts"
    kind = shapely.get_type_id(shape)
    if kind in _LINES or kind not in (*_POLYGONS, *_POINTS):
        return RowProblem(row, "import.row_no_building")
    households = _count(facts.get("households"))
    if households is False:
        return RowProblem(row, "import.row_bad_households")
    floors = _count(facts.get("floors"))
    entrances = _entrances(facts.get("entrances"), households)
    if entrances is None:
        return RowProblem(row, "import.row_bad_entrances")
    known = {
        "households": households,
        "floors": None if floors is False else floors,
        "entrances": entrances,
        "address": facts.get("address"),
        "compound": facts.get("compound"),
        "compound_type": facts.get("compound_type"),
    }
    name = facts.get("name")
    is_mark = bool(_NO_HOUSES & words)
    return Piece(
        row,
        shape,
        "mark" if is_mark else "building",
        name,
        None,
        facts.get("source_id"),
        {role: value for role, value in known.items() if value not in (None, ())},
    )


def _compound(
    row: str, shape: Any, facts: _Facts, words: frozenset[str], _: bool
) -> Piece | RowProblem | str:
    if shapely.get_type_id(shape) in _POINTS:
        return "labels"
    said = {word for word in words if word.isascii()}
    if said and not said & _ESTATES:
        return "other"
    if shapely.get_type_id(shape) not in _POLYGONS:
        return RowProblem(row, "import.row_no_outline")
    kind = facts.get("type")
    category = None if kind is not None and kind.lower() in said else kind
    return Piece(row, shape, "compound", facts.get("name"), category, facts.get("source_id"))


_READERS: Mapping[str, _Reader] = {
    "roads": _road,
    "railways": _railway,
    "water": _water,
    "buildings": _building,
    "compounds": _compound,
}


def _count(text: str | None) -> int | bool | None:
    """Return a whole number from 0 on, None for none, False for what is no such number."""
    if text is None:
        return None
    if not text.isascii() or not text.isdigit() or int(text) >= _MOST_HOUSEHOLDS:
        return False
    return int(text)


def _entrances(
    text: str | None, households: int | bool | None
) -> tuple[tuple[str, int], ...] | None:
    """Return entrances with their households from a list or a number; None for neither."""
    if text is None:
        return ()
    number = _count(text)
    if isinstance(number, int) and not isinstance(number, bool):
        total = households or 0
        return tuple(
            (f"{n + 1}单元", total * (n + 1) // number - total * n // number)
            for n in range(min(number, 99))
        )
    try:
        rows = json.loads(text)
        found = tuple((str(row["name"]), row.get("households") or 0) for row in rows)
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
    good = all(isinstance(n, int) and 0 <= n < _MOST_HOUSEHOLDS for _, n in found)
    return found if good else None


def _addresses(table: FeatureTable) -> dict[str, str]:
    """Return addresses put together of street and house number, by row."""
    plain = {"".join(c for c in name.lower() if c.isalnum()): name for name in table.columns}
    street, number = plain.get("addrstreet"), plain.get("addrhousenumber")
    if street is None or number is None:
        return {}
    found = {}
    for row, road, house in zip(
        table.row_ids, table.columns[street], table.columns[number], strict=True
    ):
        road_text, house_text = as_text(road), as_text(house)
        if road_text and house_text:
            found[row] = f"{road_text}{house_text}" + ("号" if house_text.isdigit() else "")
    return found


def _plain(problem: RowProblem) -> dict[str, Any]:
    params = {
        name: value if isinstance(value, int | float) or value is None else str(value)
        for name, value in problem.params.items()
    }
    return {"row": problem.row, "code": problem.code, "params": params}
