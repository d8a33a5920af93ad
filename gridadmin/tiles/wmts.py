"""What a WMTS server says it has: its layers, as sources that can be declared.

Documents of real servers have faults: corners with exchanged axes, addresses of the machine itself,
matrices without rows. What can be known in spite of them is used, the rest is left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit
from xml.etree.ElementTree import Element

import defusedxml.ElementTree
from defusedxml.common import DefusedXmlException

from gridadmin.base.errors import InputError
from gridadmin.tiles.declaration import OWN_GRID
from gridadmin.tiles.grid import TileGrid
from gridadmin.tiles.request import require_template
from gridadmin.tiles.source import Degrees, Kind, Layer, Source
from gridadmin.tiles.wmts_grid import grid_of_set

MOST_BYTES = 32 * 2**20
"""A document of more than this is none."""
_MOST_LAYERS = 2000
_LONGEST = 200
_PICTURES = ("image/png", "image/jpeg", "image/webp", "image/jpg", "image/gif")
_TIANDITU_FORMAT = "tiles"
"""天地图 names its format so."""
_QUERY = (
    "SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER={layer}&STYLE={style}"
    "&TILEMATRIXSET={set}&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}&FORMAT={format}"
)
_CAPABILITIES_QUERY = "SERVICE=WMTS&REQUEST=GetCapabilities"
_OF_A_TILE = {"tilematrix", "tilerow", "tilecol", "tilematrixset", "style", "layer"}
_PLACE = re.compile(r"\{([^{}]*)\}")
_OWN_MACHINE = ("localhost", "127.0.0.1", "::1", "0.0.0.0")  # noqa: S104 - addresses to distrust


@dataclass(frozen=True)
class WmtsLayer:
    """A layer of a server and the grids that it is cut by; ``styles`` begin with the usual one."""

    name: str
    title: str
    styles: tuple[str, ...]
    formats: tuple[str, ...]
    grids: tuple[tuple[str, TileGrid], ...]
    bounds: Degrees | None
    address: str

    def source(
        self,
        id_: str,
        matrix_set: str | None = None,
        style: str | None = None,
        key_parameter: str = "",
    ) -> Source:
        """Return the layer as a source, by its first grid unless one is named.

        *key_parameter* is the name by which the server wants a key in the address, such as ``tk``.
        """
        name, grid = next((pair for pair in self.grids if pair[0] == matrix_set), self.grids[0])
        return Source(
            id=id_,
            name=self.title or self.name,
            kind=Kind.WMTS,
            address=_with_key(self.address, key_parameter),
            key_name=id_ if key_parameter else "",
            grid=grid,
            grid_name=OWN_GRID,
            layer=Layer(self.name, self.styles[0] if style is None else style, name),
            format=self.formats[0],
            bounds=self.bounds,
        )


@dataclass(frozen=True)
class Capabilities:
    """What a server offers; ``left_out`` counts layers that can't be shown."""

    title: str
    layers: tuple[WmtsLayer, ...]
    left_out: int


def capabilities_address(typed: str) -> str:
    """Return where the capabilities of a server are asked for: many know it by a shorter address.

    An address that names a document or a request is kept as it is.
    """
    text = typed.strip()
    try:
        parts = urlsplit(text)
    except ValueError:
        return text
    is_whole = "request=" in parts.query.lower() or parts.path.lower().endswith(".xml")
    if is_whole or not parts.hostname:
        return text
    query = "&".join(filter(None, (parts.query.rstrip("&"), _CAPABILITIES_QUERY)))
    return urlunsplit(parts._replace(query=query))


def read_capabilities(content: bytes, asked: str) -> Capabilities:
    """Return the layers of a capabilities document that was had from the address *asked*.

    Raises: InputError ``wmts.too_large``, ``wmts.not_xml``, ``wmts.refused`` with the server's own
    words, ``wmts.not_capabilities``, ``wmts.no_layers``.
    """
    root = _root(content)
    contents = _child(root, "Contents")
    if _tag(root) != "Capabilities" or contents is None:
        raise InputError("wmts.not_capabilities", tag=_tag(root)[:40])
    sets = {_text(node, "Identifier"): node for node in _children(contents, "TileMatrixSet")}
    nodes = _children(contents, "Layer")[:_MOST_LAYERS]
    query = _query_address(root, asked)
    grids: dict[str, TileGrid | None] = {}
    layers = []
    for node in nodes:
        for name in _links(node):
            if name not in grids:
                grids[name] = None if name not in sets else grid_of_set(sets[name])
        found = _layer(node, grids, query, asked)
        if found is not None:
            layers.append(found)
    if not layers:
        raise InputError("wmts.no_layers", count=len(nodes))
    identification = _child(root, "ServiceIdentification")
    title = "" if identification is None else _text(identification, "Title")
    return Capabilities(title, tuple(layers), len(nodes) - len(layers))


def _root(content: bytes) -> Element:
    if len(content) > MOST_BYTES:
        raise InputError("wmts.too_large", most=MOST_BYTES // 2**20)
    try:
        root: Element = defusedxml.ElementTree.fromstring(content)
    except (SyntaxError, ValueError, LookupError, DefusedXmlException) as error:
        raise InputError("wmts.not_xml", why=str(error)[:_LONGEST]) from error
    if _tag(root) in ("ExceptionReport", "ServiceExceptionReport"):
        said = " ".join("".join(root.itertext()).split())
        raise InputError("wmts.refused", said=said[:_LONGEST])
    return root


def _layer(
    node: Element, grids: dict[str, TileGrid | None], query: str, asked: str
) -> WmtsLayer | None:
    """Return a layer, None when it has no grid, no picture or no address."""
    name = _text(node, "Identifier")
    found = [(link, grids[link]) for link in _links(node)]
    usable = tuple((link, grid) for link, grid in found if grid is not None)
    formats = _formats(node)
    address = _resource_address(node, formats, asked) or query
    if not (name and usable and formats and address):
        return None
    return WmtsLayer(
        name=name,
        title=_text(node, "Title"),
        styles=_styles(node),
        formats=formats,
        grids=usable,
        bounds=_bounds(node),
        address=address,
    )


def _links(node: Element) -> list[str]:
    links = [_text(link, "TileMatrixSet") for link in _children(node, "TileMatrixSetLink")]
    return list(dict.fromkeys(link for link in links if link))


def _formats(node: Element) -> tuple[str, ...]:
    """Return the formats that are pictures, PNG first; vector tiles are none."""
    said = [(child.text or "").strip() for child in _children(node, "Format")]
    known = [one for one in said if one.split(";")[0].lower() in _PICTURES]
    if not known and _TIANDITU_FORMAT in said:
        return (_TIANDITU_FORMAT,)
    return tuple(sorted(dict.fromkeys(known), key=lambda one: not one.startswith("image/png")))


def _styles(node: Element) -> tuple[str, ...]:
    styles = _children(node, "Style")
    usual = [style for style in styles if style.get("isDefault", "").lower() == "true"]
    rest = [style for style in styles if style not in usual]
    names = [_text(style, "Identifier") for style in (*usual, *rest)]
    return tuple(name for name in names if name) or ("default",)


def _resource_address(node: Element, formats: tuple[str, ...], asked: str) -> str:
    """Return the template of a layer's tiles, empty when it has none that can be filled."""
    found = []
    for resource in _children(node, "ResourceURL"):
        if resource.get("resourceType", "tile") != "tile":
            continue
        if formats and resource.get("format", formats[0]) not in formats:
            continue
        template = _with_dimensions(resource.get("template", "").strip(), node)
        address = _reachable(template, asked)
        if address:
            found.append((formats.index(resource.get("format", formats[0])), address))
    return min(found)[1] if found else ""


def _with_dimensions(template: str, node: Element) -> str:
    """Return a template in which times and the like have their usual value."""
    usual = {
        _text(dimension, "Identifier").lower(): _text(dimension, "Default")
        for dimension in _children(node, "Dimension")
    }

    def value(place: re.Match[str]) -> str:
        name = place[1].lower()
        return place[0] if name in _OF_A_TILE else usual.get(name) or place[0]

    return _PLACE.sub(value, template)


def _query_address(root: Element, asked: str) -> str:
    """Return the address for requests in the query, empty when the server takes none."""
    operations = _child(root, "OperationsMetadata")
    for operation in [] if operations is None else _children(operations, "Operation"):
        if operation.get("name") != "GetTile":
            continue
        for get in operation.iter():
            href = next((v for name, v in get.attrib.items() if name.endswith("href")), "")
            if _tag(get) != "Get" or not href:
                continue
            encodings = {(v.text or "").strip().upper() for v in get.iter() if _tag(v) == "Value"}
            if encodings and "KVP" not in encodings:
                continue
            joint = "" if href[-1] in "?&" else "&" if "?" in href else "?"
            return _reachable(href.strip() + joint + _QUERY, asked)
    return ""


def _reachable(template: str, asked: str) -> str:
    """Return an address as it can be used from here, empty when it can't be.

    A server that calls itself localhost is asked where its document came from, and over TLS when
    that did.
    """
    whole, parts = urlsplit(asked), urlsplit(template)
    host, asked_host = (parts.hostname or "").lower(), (whole.hostname or "").lower()
    is_relative = not parts.netloc and template.startswith("/")
    is_own_machine = host in _OWN_MACHINE and asked_host not in _OWN_MACHINE
    if is_relative or is_own_machine:
        parts = parts._replace(scheme=whole.scheme, netloc=whole.netloc)
    elif host == asked_host and whole.scheme == "https":
        netloc = whole.netloc if parts.port in (None, 80) else parts.netloc
        parts = parts._replace(scheme="https", netloc=netloc)
    address = urlunsplit(parts)
    try:
        require_template(address, ())
    except InputError:
        return ""
    return address


def _with_key(address: str, parameter: str) -> str:
    if not parameter:
        return address
    return f"{address}{'&' if '?' in address else '?'}{parameter}={{key}}"


def _bounds(node: Element) -> Degrees | None:
    box = _child(node, "WGS84BoundingBox")
    if box is None:
        return None
    try:
        west, south = (float(number) for number in _text(box, "LowerCorner").split())
        east, north = (float(number) for number in _text(box, "UpperCorner").split())
    except ValueError:
        return None
    west, east = max(west, -180.0), min(east, 180.0)
    south, north = max(south, -90.0), min(north, 90.0)
    return (west, south, east, north) if west < east and south < north else None


def _tag(node: Element) -> str:
    return str(node.tag).rpartition("}")[2]


def _children(node: Element, tag: str) -> list[Element]:
    return [child for child in node if _tag(child) == tag]


def _child(node: Element, tag: str) -> Element | None:
    return next((child for child in node if _tag(child) == tag), None)


def _text(node: Element, tag: str) -> str:
    child = _child(node, tag)
    return "" if child is None or child.text is None else child.text.strip()[:_LONGEST]
