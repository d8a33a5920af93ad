"""Capabilities documents as servers write them, faults included."""

from __future__ import annotations

import pytest
from pyproj import CRS, Transformer

from gridadmin.base.errors import InputError
from gridadmin.base.texts import LANGUAGES, explain
from gridadmin.tiles.declaration import source_of, table_of
from gridadmin.tiles.grid import TileKey, degree_grid, web_grid
from gridadmin.tiles.placement import Placement
from gridadmin.tiles.request import request_of
from gridadmin.tiles.wmts import Capabilities, WmtsLayer, capabilities_address, read_capabilities

ASKED = "https://map.district.example/geo/wmts?request=GetCapabilities"
SPACES = (
    'xmlns="http://www.opengis.net/wmts/1.0" xmlns:ows="http://www.opengis.net/ows/1.1"'
    ' xmlns:xlink="http://www.w3.org/1999/xlink"'
)
GET = "https://map.district.example/geo/wmts?"
WEB_SCALE = 559_082_264.0287178
DEGREE_SCALE = 279_541_132.0143589
"""Scale denominators of level 0 of the web's grid and of the one with 2 × 1 tiles in degrees."""


def matrix(name: str, scale: float, corner: str, columns: int, rows: int, side: int = 256) -> str:
    return (
        f"<TileMatrix><ows:Identifier>{name}</ows:Identifier><ScaleDenominator>{scale}"
        f"</ScaleDenominator><TopLeftCorner>{corner}</TopLeftCorner><TileWidth>{side}</TileWidth>"
        f"<TileHeight>{side}</TileHeight><MatrixWidth>{columns}</MatrixWidth>"
        f"<MatrixHeight>{rows}</MatrixHeight></TileMatrix>"
    )


def matrix_set(name: str, crs: str, *matrices: str) -> str:
    inner = "".join(matrices)
    return (
        f"<TileMatrixSet><ows:Identifier>{name}</ows:Identifier>"
        f"<ows:SupportedCRS>{crs}</ows:SupportedCRS>{inner}</TileMatrixSet>"
    )


def layer(
    name: str,
    sets: tuple[str, ...],
    formats: tuple[str, ...] = ("image/png",),
    rest: str = "",
) -> str:
    links = "".join(
        f"<TileMatrixSetLink><TileMatrixSet>{one}</TileMatrixSet></TileMatrixSetLink>"
        for one in sets
    )
    said = "".join(f"<Format>{one}</Format>" for one in formats)
    return (
        f"<Layer><ows:Title>图层 {name}</ows:Title><ows:Identifier>{name}</ows:Identifier>"
        "<ows:WGS84BoundingBox><ows:LowerCorner>103.9 30.6</ows:LowerCorner>"
        "<ows:UpperCorner>104.4 31.0</ows:UpperCorner></ows:WGS84BoundingBox>"
        f"{said}{rest}{links}</Layer>"
    )


def document(*contents: str, get: str = GET, encoding: str = "KVP") -> bytes:
    operation = (
        '<ows:OperationsMetadata><ows:Operation name="GetTile"><ows:DCP><ows:HTTP>'
        f'<ows:Get xlink:href="{get}"><ows:Constraint name="GetEncoding"><ows:AllowedValues>'
        f"<ows:Value>{encoding}</ows:Value></ows:AllowedValues></ows:Constraint></ows:Get>"
        "</ows:HTTP></ows:DCP></ows:Operation></ows:OperationsMetadata>"
    )
    text = (
        f'<?xml version="1.0" encoding="UTF-8"?><Capabilities {SPACES} version="1.0.0">'
        "<ows:ServiceIdentification><ows:Title>区底图服务</ows:Title></ows:ServiceIdentification>"
        f"{operation}<Contents>{''.join(contents)}</Contents></Capabilities>"
    )
    return text.encode()


WEB_SET = matrix_set(
    "EPSG:900913",
    "urn:ogc:def:crs:EPSG::900913",
    *(
        matrix(f"EPSG:900913:{z}", WEB_SCALE / 2**z, "-2.003750834E7 2.0037508E7", 2**z, 2**z)
        for z in range(19)
    ),
)
DEGREE_SET = matrix_set(
    "EPSG:4326",
    "urn:ogc:def:crs:EPSG::4326",
    *(
        matrix(f"EPSG:4326:{z}", DEGREE_SCALE / 2**z, "90.0 -180.0", 2 ** (z + 1), 2**z)
        for z in range(19)
    ),
)


def only_layer(content: bytes, asked: str = ASKED) -> WmtsLayer:
    found = read_capabilities(content, asked)
    assert len(found.layers) == 1
    return found.layers[0]


def test_layers_of_a_server_are_listed_with_their_grids() -> None:
    content = document(
        layer("base", ("EPSG:900913", "EPSG:4326"), ("image/jpeg", "image/png")),
        layer("labels", ("EPSG:4326",)),
        WEB_SET,
        DEGREE_SET,
    )

    found = read_capabilities(content, ASKED)

    assert found.title == "区底图服务"
    assert [one.name for one in found.layers] == ["base", "labels"]
    assert [name for name, _ in found.layers[0].grids] == ["EPSG:900913", "EPSG:4326"]
    assert found.layers[0].formats == ("image/png", "image/jpeg")
    assert found.layers[0].bounds == (103.9, 30.6, 104.4, 31.0)
    assert found.left_out == 0


def test_layer_becomes_a_source_that_is_asked_by_the_names_of_the_server() -> None:
    source = only_layer(document(layer("a:base", ("EPSG:900913",)), WEB_SET)).source("new")

    assert source.name == "图层 a:base"
    assert source.grid.is_web
    assert request_of(source, TileKey(17, 103_466, 49_513)).url == (
        f"{GET}SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER=a:base&STYLE=default"
        "&TILEMATRIXSET=EPSG:900913&TILEMATRIX=EPSG:900913:17&TILEROW=49513&TILECOL=103466"
        "&FORMAT=image/png"
    )


def test_server_that_wants_a_key_gets_it_by_its_own_name() -> None:
    found = only_layer(document(layer("a", ("EPSG:900913",)), WEB_SET))

    source = found.source("district", key_parameter="token")

    assert source.key_name == "district"
    assert request_of(source, TileKey(3, 6, 3), "abc").url.endswith("&FORMAT=image/png&token=abc")


def test_source_from_a_document_can_be_declared_and_read_again() -> None:
    content = document(layer("base", ("EPSG:900913", "EPSG:4326")), WEB_SET, DEGREE_SET)
    found = only_layer(content)

    for name in ("EPSG:900913", "EPSG:4326"):
        source = found.source("a", name)
        assert source_of("a", table_of(source)) == source


@pytest.mark.parametrize("corner", ["90.0 -180.0", "-180.0 90.0"])
@pytest.mark.parametrize(
    "crs",
    ["urn:ogc:def:crs:EPSG::4326", "urn:ogc:def:crs:EPSG::4490", "EPSG:4326",
     "urn:ogc:def:crs:OGC:1.3:CRS84", "http://www.opengis.net/def/crs/EPSG/0/4490"],
)  # fmt: skip
def test_degrees_are_understood_in_either_order(crs: str, corner: str) -> None:
    matrices = [matrix(str(z), DEGREE_SCALE / 2**z, corner, 2 ** (z + 1), 2**z) for z in range(6)]
    found = only_layer(document(layer("a", ("c",)), matrix_set("c", crs, *matrices)))

    grid = found.grids[0][1]

    assert grid.box(TileKey(5, 0, 0)) == pytest.approx((-180, 84.375, -174.375, 90), abs=1e-6)


def test_document_of_tianditu_with_its_faults_gives_the_same_tiles_as_the_template() -> None:
    # Its corner of the Mercator set has the axes exchanged, and level 1 comes first.
    w = [
        matrix(str(z), WEB_SCALE / 2**z, "20037508.3427892 -20037508.3427892", 2**z, 2**z)
        for z in range(1, 19)
    ]
    c = [
        matrix(str(z), 2 * DEGREE_SCALE / 2**z, "90.0 -180.0", 2**z, max(1, 2 ** (z - 1)))
        for z in range(1, 19)
    ]
    content = document(
        layer("vec", ("w",), ("tiles",)),
        matrix_set("w", "urn:ogc:def:crs:EPSG::900913", *w),
    )
    other = document(
        layer("vec", ("c",), ("tiles",)), matrix_set("c", "urn:ogc:def:crs:EPSG::4490", *c)
    )

    web, degrees = only_layer(content).source("a"), only_layer(other).source("b")

    assert web.grid == web_grid(18, 1)
    assert degrees.format == "tiles"
    for level in (1, 10, 18):
        key = TileKey(level, 1, 0)
        expected = degree_grid(18, 1).box(key)
        named = degrees.grid.matrices[level - 1]
        assert named.name == str(level)
        assert degrees.grid.box(TileKey(named.level, 1, 0)) == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize("corner", ["4100000 400000", "400000 4100000"])
def test_set_in_a_gauss_kruger_plane_lies_in_its_place(corner: str) -> None:
    # EPSG:4549 has its first axis north; some servers write x before y all the same.
    matrices = [matrix("0", 50_000, corner, 9, 9), matrix("1", 25_000, corner, 18, 18)]
    content = document(
        layer("a", ("gk",)), matrix_set("gk", "urn:ogc:def:crs:EPSG::4549", *matrices)
    )

    grid = only_layer(content).grids[0][1]

    assert grid.crs == "EPSG:4549"
    assert grid.matrix(0).px_width == pytest.approx(14.0)
    assert (grid.matrix(0).left, grid.matrix(0).top) == (400_000, 4_100_000)
    corner_m = Placement(CRS.from_epsg(4549), grid).to_plane([400_000.0], [4_100_000.0])[0]
    assert corner_m == pytest.approx((400_000, 4_100_000), abs=1e-3)


def test_addresses_in_the_path_are_used_where_there_are_some() -> None:
    template = (
        "https://map.district.example/rest/a/{style}/{Time}/{TileMatrixSet}/{TileMatrix}"
        "/{TileRow}/{TileCol}.png"
    )
    rest = (
        '<Style isDefault="false"><ows:Identifier>night</ows:Identifier></Style>'
        '<Style isDefault="true"><ows:Identifier>day</ows:Identifier></Style>'
        "<Dimension><ows:Identifier>Time</ows:Identifier><Default>2024</Default></Dimension>"
        f'<ResourceURL format="image/png" resourceType="tile" template="{template}"/>'
        '<ResourceURL format="text/html" resourceType="FeatureInfo" template="https://b/"/>'
    )

    found = only_layer(document(layer("a", ("EPSG:900913",), rest=rest), WEB_SET))

    assert found.styles == ("day", "night")
    assert request_of(found.source("a"), TileKey(3, 6, 3)).url == (
        "https://map.district.example/rest/a/day/2024/EPSG:900913/EPSG:900913:3/3/6.png"
    )
    assert "/night/" in request_of(found.source("a", style="night"), TileKey(3, 6, 3)).url


@pytest.mark.parametrize(
    ("get", "begins"),
    [
        ("http://localhost:8080/geo/wmts", "https://map.district.example/geo/wmts?SERVICE="),
        ("http://127.0.0.1/geo/wmts?", "https://map.district.example/geo/wmts?SERVICE="),
        ("http://map.district.example/geo/wmts", "https://map.district.example/geo/wmts?SERVICE="),
        ("https://map.district.example/w?map=a", "https://map.district.example/w?map=a&SERVICE="),
        ("https://tiles.district.example/wmts?", "https://tiles.district.example/wmts?SERVICE="),
        ("/geo/wmts", "https://map.district.example/geo/wmts?SERVICE="),
    ],
)
def test_address_that_leads_nowhere_from_here_is_put_right(get: str, begins: str) -> None:
    found = only_layer(document(layer("a", ("EPSG:900913",)), WEB_SET, get=get))

    assert found.address.startswith(begins)


def test_layers_that_cannot_be_shown_are_left_out_and_counted() -> None:
    content = document(
        layer("good", ("EPSG:900913",)),
        layer("vector", ("EPSG:900913",), ("application/vnd.mapbox-vector-tile",)),
        layer("no-set", ("missing",)),
        layer("", ("EPSG:900913",)),
        layer("odd", ("odd",)),
        WEB_SET,
        matrix_set("odd", "urn:ogc:def:crs:EPSG::999999", matrix("0", 1e8, "0 0", 1, 1)),
    )

    found: Capabilities = read_capabilities(content, ASKED)

    assert [one.name for one in found.layers] == ["good"]
    assert found.left_out == 4


def test_matrices_that_make_no_sense_are_left_out() -> None:
    odd = matrix_set(
        "w",
        "EPSG:3857",
        matrix("0", WEB_SCALE, "-20037508.34 20037508.34", 1, 1),
        matrix("1", -5, "-20037508.34 20037508.34", 2, 2),
        matrix("2", float("nan"), "-20037508.34 20037508.34", 2, 2),
        matrix("3", WEB_SCALE / 8, "left top", 8, 8),
        matrix("4", WEB_SCALE / 16, "-20037508.34 20037508.34", 0, 16),
        matrix("5", WEB_SCALE / 32, "-20037508.34 20037508.34", 32, 32, 999_999),
    )

    assert only_layer(document(layer("a", ("w",)), odd)).grids[0][1].levels == (0,)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "wmts.not_xml"),
        (b"<html><body>Please log in", "wmts.not_xml"),
        (b"<html><body>Please log in</body></html>", "wmts.not_capabilities"),
        (b'{"error": 1}', "wmts.not_xml"),
        (b"<Capabilities/>", "wmts.not_capabilities"),
        (b"<ExceptionReport><Text>No such service</Text></ExceptionReport>", "wmts.refused"),
        (document(), "wmts.no_layers"),
        (document(layer("a", ("EPSG:900913",))), "wmts.no_layers"),
        (document(layer("a", ("EPSG:900913",)), WEB_SET, encoding="SOAP"), "wmts.no_layers"),
        (document(layer("a", ("EPSG:900913",)), WEB_SET, get="ftp://a/"), "wmts.no_layers"),
        (b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', "wmts.not_xml"),
        (b"<a>" + b" " * (33 * 2**20), "wmts.too_large"),
        (b'<?xml version="1.0" encoding="no-such"?><a/>', "wmts.not_xml"),
    ],
)
def test_what_is_no_capabilities_document_is_told(content: bytes, code: str) -> None:
    with pytest.raises(InputError) as refused:
        read_capabilities(content, ASKED)

    assert refused.value.code == code
    for lang in LANGUAGES:
        assert "{" not in explain(refused.value, lang)


def test_set_of_the_standard_lies_where_proj_has_it() -> None:
    grid = only_layer(document(layer("a", ("EPSG:4326",)), DEGREE_SET)).grids[0][1]
    plane = CRS.from_epsg(4544)
    x, y = Transformer.from_crs(4326, plane, always_xy=True).transform(104.16, 30.82)

    cover = Placement(plane, grid).cover((x - 500, y - 300, x + 500, y + 300), 1.0)

    assert cover is not None
    left, _, _, top = grid.box(next(iter(cover.tiles())))
    expected = Transformer.from_crs(4326, plane, always_xy=True).transform(left, top)
    assert cover.corners_m[0, 0] == pytest.approx(expected, abs=1e-3)


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("http://10.1.2.3/wmts", "http://10.1.2.3/wmts?SERVICE=WMTS&REQUEST=GetCapabilities"),
        (" http://a/ows?map=x& ", "http://a/ows?map=x&SERVICE=WMTS&REQUEST=GetCapabilities"),
        ("http://a/wmts?request=GetCapabilities", "http://a/wmts?request=GetCapabilities"),
        ("http://a/1.0.0/WMTSCapabilities.xml", "http://a/1.0.0/WMTSCapabilities.xml"),
        ("wmts", "wmts"),
    ],
)
def test_capabilities_are_found_behind_the_address_of_a_service(typed: str, asked: str) -> None:
    assert capabilities_address(typed) == asked
