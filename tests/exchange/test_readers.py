"""Shapefile, GeoJSON, DXF, KML, FlatGeobuf and CSV, made here and read back."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import fiona
import pytest
import shapely

from gridadmin.base.errors import InputError
from gridadmin.exchange.reader import list_layers, read_layer, read_shapes

RING = [(0.0, 0.0), (0.0, 10.0), (10.0, 10.0), (10.0, 0.0), (0.0, 0.0)]
NAME = "锦江社区居民委员会"


def shapefile(path: Path, encoding: str) -> Path:
    """Two rows, the second without geometry; codes as text and as number."""
    properties = {"编码": "str:20", "名称": "str:40", "数字码": "int:18"}
    with fiona.open(
        path,
        "w",
        driver="ESRI Shapefile",
        encoding=encoding,
        crs="EPSG:4549",
        schema={"geometry": "Polygon", "properties": properties},
    ) as target:
        for geometry in ({"type": "Polygon", "coordinates": [RING]}, None):
            row = {"编码": "012345678901", "名称": NAME, "数字码": 510114001001001}
            target.write({"type": "Feature", "geometry": geometry, "properties": row})
    return path


def drop_cpg(path: Path) -> None:
    path.with_suffix(".cpg").unlink()


def keep_all(_path: Path) -> None:
    pass


def lie_about_encoding(path: Path) -> None:
    path.with_suffix(".cpg").write_text("UTF-8")


@pytest.mark.parametrize(
    ("encoding", "change", "warnings"),
    [
        ("UTF-8", keep_all, []),
        ("GBK", keep_all, []),
        ("UTF-8", drop_cpg, ["input.encoding_assumed"]),
        ("GBK", drop_cpg, ["input.encoding_assumed"]),
        ("GBK", lie_about_encoding, ["input.encoding_assumed"]),
    ],
)
def test_shapefile_text_is_read_in_its_encoding(
    chinese_dir: Path, encoding: str, change: Callable[[Path], None], warnings: list[str]
) -> None:
    path = shapefile(chinese_dir / "社 区.shp", encoding)
    change(path)
    before = {file.name: file.read_bytes() for file in chinese_dir.iterdir()}

    table = read_layer(path)

    assert table.columns["名称"] == [NAME]
    assert table.columns["编码"] == ["012345678901"]
    assert table.columns["数字码"] == ["510114001001001"]
    assert table.geometries[0].area == 100.0
    assert table.crs is not None
    assert table.crs.to_epsg() == 4549
    assert [(problem.row, problem.code) for problem in table.left_out] == [
        ("1", "input.row_no_geometry")
    ]
    assert [problem.code for problem in table.warnings] == warnings
    assert list_layers(path)[0].columns == ("编码", "名称", "数字码")
    assert {file.name: file.read_bytes() for file in chinese_dir.iterdir()} == before


def test_shapefile_without_index_is_read_and_stays_without(chinese_dir: Path) -> None:
    path = shapefile(chinese_dir / "a.shp", "UTF-8")
    path.with_suffix(".shx").unlink()

    table = read_layer(path)

    assert table.geometries[0].area == 100.0
    assert [problem.code for problem in table.warnings] == ["input.shx_missing"]
    assert not path.with_suffix(".shx").exists()


def test_other_part_of_a_shapefile_leads_to_its_shp(chinese_dir: Path) -> None:
    path = shapefile(chinese_dir / "a.shp", "UTF-8")

    assert read_layer(path.with_suffix(".dbf")).path == path


def geojson(path: Path, *features: object, **members: object) -> Path:
    document = {"type": "FeatureCollection", "features": list(features), **members}
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def feature(kind: str, coordinates: object, **properties: object) -> dict[str, object]:
    geometry = {"type": kind, "coordinates": coordinates}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def test_long_number_codes_of_geojson_stay_exact(tmp_path: Path) -> None:
    path = geojson(tmp_path / "a.geojson", feature("Polygon", [RING], code=51011400100100100123))

    assert read_layer(path).columns == {"code": ["51011400100100100123"]}


@pytest.mark.parametrize(
    ("member", "epsg"),
    [
        (None, None),
        ("urn:ogc:def:crs:EPSG::4549", 4549),
        ("EPSG:4490", 4490),
        ("http://www.opengis.net/def/crs/EPSG/0/4490", 4490),
        ("CRS:84", None),
        ("urn:ogc:def:crs:OGC:1.3:CRS84", None),
    ],
)
def test_geojson_crs_is_what_the_member_says_else_lon_lat(
    tmp_path: Path, member: str | None, epsg: int | None
) -> None:
    members = {"crs": {"type": "name", "properties": {"name": member}}} if member else {}
    path = geojson(tmp_path / "a.geojson", feature("Polygon", [RING]), **members)

    crs = read_layer(path).crs

    assert crs is not None
    assert crs.to_epsg() == epsg
    assert crs.is_geographic == (epsg != 4549)


def test_unknown_geojson_crs_is_none_and_told(tmp_path: Path) -> None:
    crs = {"type": "name", "properties": {"name": "某市坐标系"}}
    path = geojson(tmp_path / "a.geojson", feature("Polygon", [RING]), crs=crs)

    table = read_layer(path)

    assert table.crs is None
    assert [problem.code for problem in table.warnings] == ["input.srs_undefined"]


def test_bad_geojson_rows_are_left_out_by_number(tmp_path: Path) -> None:
    path = geojson(
        tmp_path / "a.geojson",
        feature("Polygon", [RING], n=1),
        {"type": "Feature", "properties": {"n": 2}, "geometry": None},
        feature("Polygon", [[["x", 1]]], n=3),
        feature("Polygon", [[[0, 0], [1, 1]]], n=4),
        feature("Circle", [0, 0], n=5),
        feature("Polygon", [[[0, 0], [float("nan"), 1], [1, 1], [0, 0]]], n=6),
        "no feature",
        feature("MultiPolygon", [[RING], [[(20, 0), (30, 0), (30, 10), (20, 0)]]], n=8),
        feature("Point", [1, 1], n=9),
    )

    table = read_layer(path)

    assert table.row_ids == ["1", "8"]
    assert table.columns == {"n": [1, 8]}
    assert [(problem.row, problem.code) for problem in table.left_out] == [
        ("2", "input.row_no_geometry"),
        ("3", "input.row_unreadable"),
        ("4", "input.row_unreadable"),
        ("5", "input.row_unreadable"),
        ("6", "input.row_not_finite"),
        ("7", "input.row_no_geometry"),
        ("9", "input.row_point"),
    ]


def test_closed_lines_are_land_only_where_no_polygons_are(tmp_path: Path) -> None:
    hole = [(2, 2), (4, 2), (4, 4), (2, 2)]
    lines = [
        feature("LineString", RING),
        feature("MultiLineString", [RING, hole]),
        feature("LineString", RING[:3]),
    ]
    linework = geojson(tmp_path / "lines.geojson", *lines)
    mixed = geojson(tmp_path / "mixed.geojson", feature("Polygon", [RING]), *lines)

    drawn, beside = read_layer(linework), read_layer(mixed)

    assert [geometry.area for geometry in drawn.geometries] == [100.0, 98.0]
    assert [problem.code for problem in drawn.left_out] == ["input.row_open_line"]
    assert [problem.code for problem in drawn.warnings] == ["input.lines_closed"]
    assert beside.row_ids == ["1"]
    assert [problem.code for problem in beside.left_out] == ["input.row_line"] * 3


KML = """<?xml version="1.0" encoding="UTF-8"?>
<kml xmlns="http://www.opengis.net/kml/2.2"><Document><Folder><name>网格</name>
<Placemark><name>一网格</name><LineString><coordinates>
104,30,0 104.1,30,0 104.1,30.1,0 104,30,0</coordinates></LineString></Placemark>
<Placemark><name>二网格</name><LineString><coordinates>104,30,0 104.1,30,0
</coordinates></LineString></Placemark></Folder></Document></kml>"""


def test_closed_lines_of_kml_are_land(chinese_dir: Path) -> None:
    path = chinese_dir / "a b#1.kml"
    path.write_text(KML, encoding="utf-8")

    table = read_layer(path)

    assert table.layer == "网格"
    assert table.columns["Name"] == ["一网格"]
    assert table.geometries[0].area == pytest.approx(0.005)
    assert table.crs is not None
    assert table.crs.to_epsg() == 4326
    assert [problem.code for problem in table.left_out] == ["input.row_open_line"]


def dxf(*entities: str) -> bytes:
    header = "0 SECTION 2 HEADER 9 $DWGCODEPAGE 3 ANSI_936 9 $ACADVER 1 AC1015 0 ENDSEC"
    body = f"{header} 0 SECTION 2 ENTITIES {' '.join(entities)} 0 ENDSEC 0 EOF"
    return "\n".join(body.split()).encode("gbk") + b"\n"


def test_closed_lines_of_dxf_are_land_with_arcs_within_a_centimetre(chinese_dir: Path) -> None:
    path = chinese_dir / "图 纸.dxf"
    square = "10 0 20 0 10 100 20 0 10 100 20 100 42 1.0 10 0 20 100"
    path.write_bytes(
        dxf(
            f"0 LWPOLYLINE 8 网格 90 4 70 1 {square}",
            "0 LWPOLYLINE 8 道路 90 2 70 0 10 0 20 0 10 5 20 5",
        )
    )

    table = read_layer(path)

    # A square of 100 m with a half circle of 50 m radius on it.
    assert table.geometries[0].area == pytest.approx(13_926.99, abs=0.05)
    assert table.columns["Layer"] == ["网格"]
    assert table.crs is None
    assert [problem.code for problem in table.left_out] == ["input.row_open_line"]


def test_flatgeobuf_is_read(chinese_dir: Path) -> None:
    path = chinese_dir / "a.fgb"
    schema = {"geometry": "Polygon", "properties": {"编码": "str"}}
    with fiona.open(path, "w", driver="FlatGeobuf", crs="EPSG:4490", schema=schema) as target:
        row = feature("Polygon", [RING], 编码="0123")
        target.write(row)

    table = read_layer(path)

    assert table.columns == {"编码": ["0123"]}
    assert table.geometries[0].area == 100.0


@pytest.mark.parametrize(
    ("name", "driver", "options"),
    [
        ("a 网格.tab", "MapInfo File", {"encoding": "cp936"}),
        ("a 网格.mif", "MapInfo File", {"encoding": "cp936"}),
        ("a 网格.gml", "GML", {}),
    ],
)
def test_files_of_other_programs_are_read(
    chinese_dir: Path, name: str, driver: str, options: dict[str, str]
) -> None:
    path = chinese_dir / name
    schema = {"geometry": "Polygon", "properties": {"name": "str", "code": "str"}}
    square = [(530_000, 3_994_000), (530_010, 3_994_000), (530_010, 3_994_010),
              (530_000, 3_994_010), (530_000, 3_994_000)]  # fmt: skip
    with fiona.open(
        path, "w", driver=driver, crs="EPSG:4549", schema=schema, layer="a", **options
    ) as target:
        target.write(feature("Polygon", [square], name="一网格", code="012345678901"))
    before = sorted(file.name for file in chinese_dir.iterdir())

    table = read_layer(path)

    assert table.columns["name"] == ["一网格"]
    assert table.columns["code"] == ["012345678901"]
    assert table.geometries[0].area == pytest.approx(100.0, abs=0.5)
    assert sorted(file.name for file in chinese_dir.iterdir()) == before


def test_file_geodatabase_is_a_folder_that_is_read(chinese_dir: Path) -> None:
    path = chinese_dir / "网格.gdb"
    schema = {"geometry": "Polygon", "properties": {"名称": "str"}}
    ring = [(104.0, 30.0), (104.1, 30.0), (104.1, 30.1), (104.0, 30.0)]
    options = {"driver": "OpenFileGDB", "crs": "EPSG:4490", "schema": schema, "layer": "网格"}
    with fiona.open(path, "w", **options) as target:
        target.write(feature("Polygon", [ring], 名称="一网格"))

    table = read_layer(path)

    assert table.layer == "网格"
    assert table.columns["名称"] == ["一网格"]
    assert table.geometries[0].area == pytest.approx(0.005)


def test_gml_without_a_schema_leaves_nothing_beside_it(chinese_dir: Path) -> None:
    path = chinese_dir / "a.gml"
    ring = "0 0 10 0 10 10 0 10 0 0"
    path.write_text(
        '<c xmlns:gml="http://www.opengis.net/gml/3.2"><gml:featureMember><a><name>一</name>'
        '<g><gml:Polygon srsName="EPSG:4549"><gml:exterior><gml:LinearRing>'
        f"<gml:posList>{ring}</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon></g></a>"
        "</gml:featureMember></c>",
        encoding="utf-8",
    )

    table = read_layer(path)

    assert table.columns["name"] == ["一"]
    assert [file.name for file in chinese_dir.iterdir()] == ["a.gml"]


def test_tracks_of_gpx_are_lines(chinese_dir: Path) -> None:
    path = chinese_dir / "路.gpx"
    path.write_text(
        '<gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1"><trk><name>巡查</name>'
        '<trkseg><trkpt lat="30" lon="104"/><trkpt lat="30.1" lon="104"/></trkseg></trk></gpx>',
        encoding="utf-8",
    )

    table = read_shapes(path, "tracks")

    assert table.columns["name"] == ["巡查"]
    assert table.geometries[0].length == pytest.approx(0.1)


def test_folder_that_is_no_geodatabase_is_refused(chinese_dir: Path) -> None:
    folder = chinese_dir / "a.gdb"
    folder.mkdir()

    with pytest.raises(InputError) as refused:
        read_layer(folder)

    assert refused.value.code == "input.is_folder"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "gbk", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_csv_rows_are_listed_with_text_values(
    chinese_dir: Path, encoding: str, separator: str
) -> None:
    path = chinese_dir / "名 单.csv"
    lines = [["编码", "名称"], ['="007"', NAME], [], ["'510114001001", " 河滨村 "], ["9"]]
    path.write_bytes("\r\n".join(separator.join(line) for line in lines).encode(encoding))

    table = read_layer(path)

    assert table.columns == {"编码": ["007", "510114001001", "9"], "名称": [NAME, "河滨村", None]}
    assert table.row_ids == ["2", "4", "5"]
    assert not table.has_land


def test_csv_tells_of_lost_digits_and_stray_cells(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("code,name\n5.10114E+14,a\n1,b,c\n", encoding="utf-8")

    table = read_layer(path)

    assert [(problem.row, problem.code) for problem in table.left_out] == [
        ("3", "input.row_too_many_cells")
    ]
    assert [(problem.row, problem.code) for problem in table.warnings] == [
        ("2", "input.digits_lost")
    ]


def test_points_alone_are_refused_naming_the_layer(tmp_path: Path) -> None:
    path = geojson(tmp_path / "点.geojson", feature("Point", [1, 1]))

    with pytest.raises(InputError) as caught:
        read_layer(path)

    assert caught.value.code == "input.no_polygons"
    assert caught.value.params["layers"] == "点 (POINT)"


def test_broken_files_leave_the_terminal_quiet(tmp_path: Path) -> None:
    path = tmp_path / "a.shp"
    path.write_bytes(b"\0\0\x27\x0a" + b"\x07" * 300)
    script = (
        "import sys, pathlib; from gridadmin.base.errors import InputError;"
        "from gridadmin.exchange.reader import read_layer\n"
        "try: read_layer(pathlib.Path(sys.argv[1]))\n"
        "except InputError as error: print(error.code)"
    )

    done = subprocess.run(
        [sys.executable, "-c", script, str(path)],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )

    assert done.stdout.strip() == "input.damaged"
    assert done.stderr == ""


def test_read_polygons_are_flat_and_finite(shared_data: Path) -> None:
    table = read_layer(shared_data / "osm" / "bund_buildings.geojson")

    assert len(table) == 1572
    assert not shapely.has_z(table.geometries).any()
    assert {problem.code for problem in table.left_out} == {"input.row_point"}
