"""What a layer of a file probably is, from its name and its codes: always shown as a guess."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import numpy as np
import shapely

from gridadmin.domain.model import Land
from gridadmin.exchange.columns import guess_columns
from gridadmin.exchange.reference_kinds import LEVELS as REFERENCE_LEVELS
from gridadmin.exchange.source import FeatureTable, SourceLayer, as_text
from gridadmin.partition.snapshot import Snapshot

SPECIAL = ("frame", "exempt", "context", *REFERENCE_LEVELS)
"""What an import can be beside the areas of a level."""

_WORDS: Sequence[tuple[str, str]] = (
    # finer things first: 微网格 holds 网格, and a file of buildings may be called 社区楼栋
    ("buildings", r"building|楼栋|建筑|房屋"),
    ("compounds", r"compound|estate|landuse|小区|用地"),
    ("roads", r"roads?\b|highway|道路|路网"),
    ("railways", r"rail|铁路|轨道"),
    ("water", r"water|river|水系|河流|湖泊"),
    ("exempt", r"exempt|例外"),
    ("context", r"context|周边|参考"),
    ("frame", r"\bframe\b|外框|范围线|辖区范围"),
    ("micro_grid", r"micro[\s_-]*grid|微网格|微格"),
    ("grid", r"grid|网格"),
    ("community", r"communit|village|社区|村"),
    ("street", r"street|town|街道|镇|乡"),
    ("district", r"district|county|区县|区界|县界"),
    ("city", r"\bcity\b|市界"),
)
_SPOKEN = {level: re.compile(pattern, re.IGNORECASE) for level, pattern in _WORDS}
_TELLING_COLUMNS = {
    "building": "buildings",
    "highway": "roads",
    "waterway": "water",
    "railway": "railways",
}
"""Keys of OpenStreetMap that only such things have."""
_SAMPLE_ROWS = 500
_OWN_LAYERS = frozenset({"cell", "areas", "issues"})
"""Layers of our own exports that are no areas of a level."""


@dataclass(frozen=True)
class LevelGuess:
    """What a layer probably is; ``sign`` is what told.

    ``level`` is a level of the scheme or one of :data:`SPECIAL`; ``reason`` is ``layer`` or
    ``file`` (its name), ``codes`` (their length), ``columns`` or ``key`` (a column that only such
    files have).
    """

    level: str
    reason: str
    sign: str


def guess_level(
    snapshot: Snapshot, layer: str, file_stem: str, table: FeatureTable | None = None
) -> LevelGuess | None:
    """Return what a layer probably is, or None when nothing tells.

    The layer of the root's own level is its outline, so the frame.
    """
    if layer in _OWN_LAYERS:
        return None
    by_layer = _by_name(snapshot, layer, "layer")
    if by_layer is not None:
        return by_layer
    by_codes = None if table is None else _by_codes(snapshot, table)
    return by_codes or _by_name(snapshot, file_stem, "file")


def _by_name(snapshot: Snapshot, name: str, reason: str) -> LevelGuess | None:
    for level, pattern in _SPOKEN.items():
        if pattern.search(name):
            usable = _usable(snapshot, level)
            return None if usable is None else LevelGuess(usable, reason, name)
    return None


def _by_codes(snapshot: Snapshot, table: FeatureTable) -> LevelGuess | None:
    guess = guess_columns(table.columns)
    if "entrances" in table.columns and guess.households is not None:
        return LevelGuess("buildings", "columns", "entrances")
    for column, level in _TELLING_COLUMNS.items():
        if column in table.columns:
            return LevelGuess(level, "key", column)
    if guess.code is None or guess.code_level is None:
        return None
    usable = _usable(snapshot, guess.code_level)
    if usable is None:
        return None
    example = next((text for text in table.texts(guess.code) if text), "")
    return LevelGuess(usable, "codes", example)


def _usable(snapshot: Snapshot, level: str) -> str | None:
    """Return the level as something that can be imported here, None where there is no such."""
    if level in SPECIAL:
        return level
    if level == snapshot.root.level:
        return "frame"
    return level if level in importable_levels(snapshot) else None


def importable_levels(snapshot: Snapshot) -> tuple[str, ...]:
    """Return the levels of the scheme below the root, from the top down."""
    rank = snapshot.level_rank
    limit = rank(snapshot.root.level)
    return tuple(level.key for level in snapshot.scheme.present_levels if rank(level.key) > limit)


def fitting_shapes(table: FeatureTable, level: str) -> bool:
    """Return whether a table with shapes of any kind has one that fits a reference level."""
    dimensions = set(np.unique(shapely.get_dimensions(table.geometries)).tolist())
    wanted = {"buildings": {0, 2}, "compounds": {2}, "water": {1, 2}}.get(level, {1})
    return bool(dimensions & wanted)


def has_only_points(table: FeatureTable) -> bool:
    """Return whether a table has no usable row because all of them are points."""
    refused = {problem.code for problem in table.left_out}
    return not len(table) and refused == {"input.row_point"}


def best_layer(
    snapshot: Snapshot,
    layers: Sequence[SourceLayer],
    file_stem: str,
    done: Collection[str] = (),
) -> str | None:
    """Return the layer to import next: the highest one that is not *done*; None for none.

    What says what it is goes before what doesn't, polygons before anything else. What the project
    has already, as far as counts tell, counts as done.
    """
    order = ("frame", *importable_levels(snapshot), *SPECIAL[1:])
    left = [
        layer
        for layer in layers
        if layer.name not in done and layer.feature_count != 0 and layer.name not in _OWN_LAYERS
    ]
    drawn = Counter(area.level for area in snapshot.areas() if area.land != Land.LISTED)
    left = [layer for layer in left if not _is_in(snapshot, drawn, layer, file_stem)]
    if not left:
        return None

    def rank(layer: SourceLayer) -> tuple[bool, int]:
        guess = guess_level(snapshot, layer.name, file_stem)
        place = len(order) if guess is None else order.index(guess.level)
        return not layer.may_hold_land, place

    return min(left, key=rank).name


def _is_in(
    snapshot: Snapshot, drawn: Mapping[str, int], layer: SourceLayer, file_stem: str
) -> bool:
    """Return whether the project has a layer already: its frame, or as many areas of the level."""
    guess = guess_level(snapshot, layer.name, file_stem)
    if guess is None:
        return False
    if guess.level == "frame":
        return snapshot.has_frame
    return 0 < layer.feature_count == drawn.get(guess.level, 0)


@dataclass
class SourceFile:
    """A file that is being imported, layer by layer; ``done`` are those that are in."""

    path: Path
    layers: Sequence[SourceLayer] = ()
    done: list[str] = field(default_factory=list)

    def next_layer(self, snapshot: Snapshot) -> str | None:
        """Return the layer to import next, None when none is left."""
        return best_layer(snapshot, self.layers, self.path.stem, self.done)

    def guess(
        self, snapshot: Snapshot, layer: str, table: FeatureTable | None = None
    ) -> LevelGuess | None:
        """Return what one of its layers probably is."""
        return guess_level(snapshot, layer, self.path.stem, table)


def samples(table: FeatureTable, column: str, count: int = 3) -> list[str]:
    """Return the first few different values of a column, as far as its first rows have them."""
    found: dict[str, None] = {}
    for value in islice(table.columns[column], _SAMPLE_ROWS):
        text = as_text(value)
        if text is not None:
            found[text] = None
        if len(found) == count:
            break
    return list(found)
