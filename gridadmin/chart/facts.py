"""What a sheet tells, as plain data: the land and its names, the table of staff, words of margin.

Made from a project by ``gridadmin.chart.gathering``; land is in local metres (plane metres less the
project's origin). :func:`gridadmin.chart.compose.compose` lays it out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import shapely
from numpy.typing import NDArray

from gridadmin.chart.surface import Paths
from gridadmin.partition.ground import Ground

EXEMPT_LINE = "exempt"
"""Lines around land that no area holds, beside those of levels."""
FRAME_LINE = "frame"
"""The outer border of all land."""


@dataclass(frozen=True, eq=False, slots=True)
class MapArea:
    """An area on a map. ``figures`` stand below its name; ``colour`` is a number of the palette.

    ``places`` ``(n, 2)`` are good places for its name, the best first, and ``room_m`` ``(n,)`` how
    wide the land is there.
    """

    uid: str
    code: str
    name: str
    short: str
    level: str
    land: shapely.MultiPolygon
    colour: int
    figures: str = ""
    has_vacancy: bool = False
    cadres: int = 0
    places: NDArray[np.float64] | None = None
    room_m: NDArray[np.float64] | None = None


@dataclass(frozen=True, eq=False, slots=True)
class MapFacts:
    """All land of one state of a project, cut for sheets of one detail level.

    ``areas`` are those of the detail level inside what the sheet is about, ``finer`` those below,
    ``coarser`` those above; ``around`` are its neighbours, of its own level. ``lines`` are borders
    by level, the highest first, each border once by the highest level that it parts.
    """

    about: shapely.MultiPolygon
    level: str
    """The level of what the sheet is about."""
    detail: str
    areas: tuple[MapArea, ...]
    finer: tuple[MapArea, ...]
    coarser: tuple[MapArea, ...]
    around: tuple[MapArea, ...]
    lines: Mapping[str, Paths]
    exempt: tuple[tuple[str, shapely.MultiPolygon], ...]
    ground: Ground
    compound_types: tuple[tuple[str, str], ...]
    """Key and name of the types of compounds."""
    points: tuple[MapPoint, ...] = ()
    changed: shapely.MultiPolygon | None = None
    """Land that a plan moves, where the map shows that."""
    whole: shapely.MultiPolygon | None = None
    """All land of the project, for the locator."""


@dataclass(frozen=True, slots=True)
class MapPoint:
    """A facility at a point."""

    name: str
    kind: str
    x_m: float
    y_m: float


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column: its heading, and whether figures stand in it."""

    head: str
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row; a *group* is a heading inside the table. ``vacant`` are the columns told in red."""

    cells: tuple[str, ...]
    is_group: bool = False
    vacant: frozenset[int] = frozenset()
    page: str = ""
    """The key of the page that the row leads to, if there is one."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its title; ``note`` stands below it."""

    title: str
    columns: tuple[TableColumn, ...]
    rows: tuple[TableRow, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class StackCell:
    """A cell with its stacked micro-grids: code, name and what each holds."""

    name: str
    parts: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Margin:
    """What stands in the margin of a sheet, all in the language of the chart."""

    plane: str = ""
    data_date: str = ""
    version: str = ""
    maker: str = ""
    made_on: str = ""
    secrecy: str = ""
    approval: str = ""
    check: str = ""
    disclaimer: str = ""


@dataclass(frozen=True, eq=False, slots=True)
class SheetFacts:
    """Everything that one sheet of a series tells.

    ``maps`` holds one map, two (before, after) or none; ``map_titles`` stand above them where there
    are two.
    """

    key: str
    place: str
    plan: str
    maps: tuple[MapFacts, ...]
    map_titles: tuple[str, ...]
    margin: Margin
    staff: Table | None = None
    team: tuple[tuple[str, str], ...] = ()
    """The posts of what the sheet is about and who holds them."""
    totals: tuple[tuple[str, str], ...] = ()
    bounds: str = ""
    stacks: tuple[StackCell, ...] = ()
    facilities: tuple[tuple[str, str], ...] = ()
    changes: Table | None = None
    signatures: tuple[str, ...] = ()
    level_names: Mapping[str, str] | None = None
    """What the levels are called, for the legend."""
    page_of: Mapping[str, str] = field(default_factory=dict)
    """The pages that the names of areas lead to, by uid."""
    index: str = ""
    """The page that the title leads back to."""
