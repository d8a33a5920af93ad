"""What a base map is declared to be: where it comes from, how it is placed, what is allowed."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from gridadmin.tiles.grid import TileGrid, web_grid

Degrees = tuple[float, float, float, float]
"""West, south, east, north."""


class Kind(StrEnum):
    """How the tiles of a source are had."""

    XYZ = "xyz"
    WMTS = "wmts"
    TIANDITU = "tianditu"
    MBTILES = "mbtiles"
    GEOPACKAGE = "geopackage"
    FOLDER = "folder"
    IMAGE = "image"

    @property
    def is_local(self) -> bool:
        """Whether the tiles lie in a file or folder; a network is never asked."""
        return self not in (Kind.XYZ, Kind.WMTS, Kind.TIANDITU)


class Datum(StrEnum):
    """What the coordinates of a source's grid are measured in."""

    CGCS2000 = "cgcs2000"
    WGS84 = "wgs84"
    GCJ02 = "gcj02"
    BD09 = "bd09"


class KeyType(StrEnum):
    """What a key was made out for; the server tells by the User-Agent."""

    NONE = "none"
    BROWSER = "browser"
    SERVER = "server"


class Role(StrEnum):
    """Whether a source is the ground or lies over one (labels, roads)."""

    BASE = "base"
    OVERLAY = "overlay"


@dataclass(frozen=True, slots=True)
class Terms:
    """What the maker allows. ``pack`` = tiles may be taken along in a file.

    ``daily`` is the most tiles a day and key, None without limit; ``note`` is told to the user.
    """

    pack: bool = False
    daily: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Layer:
    """What a WMTS server is asked for."""

    name: str = ""
    style: str = "default"
    matrix_set: str = ""


@dataclass(frozen=True)
class Source:
    """A base map.

    ``address`` is a template of an address with ``{z} {x} {y}``, or the path of a file or folder.
    ``key_name`` says under which name the user's key is kept (several sources share one), empty
    when none is needed. ``offset_m`` is added to the place of every tile, east and north in the
    plane; a map that has one is marked. ``pair`` is the id of the overlay that belongs to a base.
    ``crs`` is that of a picture which doesn't say its own, as :func:`open_local` takes it.
    ``levels`` are the coarsest and the finest that there are. ``bounds`` are degrees in the
    source's own datum. ``is_shipped`` = declared by the program, not by the user.
    """

    id: str
    name: str
    kind: Kind
    address: str
    name_en: str = ""
    subdomains: tuple[str, ...] = ()
    key_name: str = ""
    key_type: KeyType = KeyType.NONE
    datum: Datum = Datum.CGCS2000
    offset_m: tuple[float, float] = (0.0, 0.0)
    grid: TileGrid = field(default_factory=web_grid)
    grid_name: str = "web"
    layer: Layer = field(default_factory=Layer)
    format: str = ""
    crs: str = ""
    bounds: Degrees | None = None
    attribution: str = ""
    terms: Terms = field(default_factory=Terms)
    headers: tuple[tuple[str, str], ...] = ()
    role: Role = Role.BASE
    pair: str = ""
    is_on: bool = True
    is_shipped: bool = False

    @property
    def levels(self) -> tuple[int, int]:
        """The coarsest and the finest level."""
        return self.grid.levels[0], self.grid.levels[-1]

    @property
    def needs_key(self) -> bool:
        """Whether nothing comes without a key."""
        return bool(self.key_name)

    @property
    def is_moved(self) -> bool:
        """Whether somebody shifted the map by hand: the window marks it."""
        return self.offset_m != (0.0, 0.0)

    def title(self, lang: str) -> str:
        """Return the name in a language."""
        return self.name_en if lang == "en" and self.name_en else self.name
