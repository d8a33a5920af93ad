"""How a server is asked for a tile: the address, made from a template, and the headers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from gridadmin import __version__
from gridadmin.base.errors import InputError
from gridadmin.tiles.grid import BAIDU_CRS, TileKey, baidu_numbers
from gridadmin.tiles.source import KeyType, Kind, Source

OWN_AGENT = f"gridadmin/{__version__}"
BROWSER_AGENT = f"Mozilla/5.0 (compatible; {OWN_AGENT})"
"""天地图 takes a key made out for browsers only from what calls itself Mozilla."""

TIANDITU = (
    "https://t{s}.tianditu.gov.cn/{layer}_{set}/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0"
    "&LAYER={layer}&STYLE={style}&TILEMATRIXSET={set}&FORMAT=tiles"
    "&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}&tk={key}"
)
"""Source: design pages, domain.md §5; its capabilities document has errors."""

_PLACE = re.compile(r"\{([^{}]*)\}")
_WORDS = {"tilematrix": "z", "tilecol": "x", "tilerow": "y", "tilematrixset": "set", "tk": "key"}
_KNOWN = {"x", "y", "-y", "z", "q", "s", "key", "layer", "style", "set", "format"}
_HIDDEN = "***"
_TILE_NUMBERS = ({"x", "y", "z"}, {"x", "-y", "z"}, {"q"})


@dataclass(frozen=True, slots=True)
class TileRequest:
    """What is asked of a server. ``shown`` is the address with the key hidden, for logs and words.

    ``__repr__`` shows no key either.
    """

    url: str
    headers: tuple[tuple[str, str], ...]
    shown: str

    @property
    def host(self) -> str:
        """The server, by which requests at the same time are counted."""
        return urlsplit(self.url).netloc

    def __repr__(self) -> str:
        return f"TileRequest({self.shown})"


def request_of(source: Source, key: TileKey, secret: str = "") -> TileRequest:
    """Return how *source* is asked for a tile; *secret* is the user's key, where one is needed.

    Raises: InputError ``basemap.no_key`` without a key that is needed, ``basemap.bad_template``.
    """
    if source.needs_key and not secret:
        raise InputError("basemap.no_key", name=source.name)
    values = _values(source, key)
    template = template_of(source)
    agent = BROWSER_AGENT if source.key_type is KeyType.BROWSER else OWN_AGENT
    headers = dict((("User-Agent", agent), ("Accept", "image/*"), *source.headers))
    return TileRequest(
        _filled(template, values | {"key": quote(secret, safe="")}),
        tuple(headers.items()),
        _filled(template, values | {"key": _HIDDEN}),
    )


def template_of(source: Source) -> str:
    """Return the template of a source's addresses."""
    if source.kind is Kind.TIANDITU and not source.address:
        return TIANDITU
    return source.address


def require_template(text: str, subdomains: tuple[str, ...]) -> None:
    """Check a template before it is used.

    Raises: InputError ``basemap.bad_template``, ``basemap.bad_address``,
    ``basemap.secret_in_address``, ``basemap.template_without_tile``, ``basemap.no_subdomains``.
    """
    require_address(_PLACE.sub("0", text), text)
    names = {_name(found) for found in _PLACE.findall(text)}
    unknown = sorted(name for name in names if name not in _KNOWN)
    if unknown:
        raise InputError(
            "basemap.bad_template", place="{" + unknown[0][:40] + "}", known=known_places()
        )
    if not any(numbers <= names for numbers in _TILE_NUMBERS):
        raise InputError("basemap.template_without_tile", address=text[:120])
    if "s" in names and not subdomains:
        raise InputError("basemap.no_subdomains")


def require_address(text: str, typed: str = "") -> str:
    """Return the server, with its port, of an address; *typed* is what the user knows it as.

    Raises: InputError ``basemap.bad_address``, ``basemap.secret_in_address``.
    """
    refusal = InputError("basemap.bad_address", address=(typed or text)[:120])
    try:
        parts = urlsplit(text.strip())
        port = parts.port
    except ValueError as fault:
        raise refusal from fault
    if parts.scheme not in ("http", "https") or not parts.hostname or port == 0:
        raise refusal
    if parts.username or parts.password:
        raise InputError("basemap.secret_in_address")
    return parts.netloc


def known_places() -> str:
    """Return the places that a template may have, for a sentence."""
    return " ".join("{" + name + "}" for name in sorted(_KNOWN))


def _values(source: Source, key: TileKey) -> dict[str, str]:
    matrix = source.grid.matrix(key.level)
    column, row = key.column, key.row
    if source.grid.crs == BAIDU_CRS:
        column, row = baidu_numbers(source.grid, key)
    values = {
        "x": str(column),
        "y": str(row),
        "-y": str(matrix.rows - 1 - key.row),
        "z": quote(matrix.name, safe=":"),
        "layer": quote(source.layer.name, safe=":"),
        "style": quote(source.layer.style, safe=":"),
        "set": quote(source.layer.matrix_set, safe=":"),
        "format": source.format,
        "q": _quadkey(key),
    }
    if source.subdomains:
        values["s"] = source.subdomains[(key.column + key.row) % len(source.subdomains)]
    return values


def _quadkey(key: TileKey) -> str:
    """Return the number by which Bing knows a tile: one digit a level, 1 = east, 2 = south."""
    digits = [
        str((key.column >> bit & 1) + 2 * (key.row >> bit & 1))
        for bit in range(key.level - 1, -1, -1)
    ]
    return "".join(digits)


def _name(place: str) -> str:
    lower = place.lower()
    return _WORDS.get(lower, lower)


def _filled(template: str, values: dict[str, str]) -> str:
    def value(place: re.Match[str]) -> str:
        found = values.get(_name(place[1]))
        if found is None:
            raise InputError("basemap.bad_template", place=place[0][:40], known=known_places())
        return found

    return _PLACE.sub(value, template.strip())
