"""Declared base maps: the program's, the user's own, and a sentence for each fault."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from gridadmin.base.errors import InputError
from gridadmin.base.texts import LANGUAGES, explain
from gridadmin.tiles.book import SHIPPED, SourceBook, read_book
from gridadmin.tiles.declaration import source_of, table_of
from gridadmin.tiles.grid import TileGrid, TileKey, web_matrix
from gridadmin.tiles.request import request_of
from gridadmin.tiles.source import Datum, KeyType, Kind, Role, Source, Terms

XYZ = {"name": "内网", "kind": "xyz", "url": "http://10.0.0.5/{z}/{x}/{y}.png"}


def written(folder: Path, text: str) -> SourceBook:
    path = folder / "basemaps.toml"
    path.write_text(text, encoding="utf-8")
    return read_book(path)


def test_program_declares_tianditu_with_its_labels() -> None:
    book = read_book()
    vec = book.source("tianditu_vec")

    assert vec is not None
    pair = book.pair_of(vec)
    assert pair is not None
    assert (pair.id, pair.role, pair.layer.name) == ("tianditu_cva", Role.OVERLAY, "cva")
    assert vec.levels == (1, 18)
    assert vec.terms.daily == 10_000
    assert request_of(pair, TileKey(17, 103_466, 49_513), "k").url == (
        "https://t3.tianditu.gov.cn/cva_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0"
        "&LAYER=cva&STYLE=default&TILEMATRIXSET=w&FORMAT=tiles"
        "&TILEMATRIX=17&TILEROW=49513&TILECOL=103466&tk=k"
    )


def test_what_the_program_declares_is_sound() -> None:
    book = read_book()

    assert book.faults == ()
    assert [source.id for source in book.sources] == [
        "tianditu_vec",
        "tianditu_cva",
        "tianditu_img",
        "tianditu_cia",
        "intranet_xyz",
        "intranet_wmts",
        "osm",
    ]
    for source in book.sources:
        assert source.is_shipped
        assert source.attribution
        assert source.name_en
        request_of(source, TileKey(5, 26, 12), "k")


def test_nothing_shipped_may_be_packed_and_examples_are_off() -> None:
    sources = read_book().sources

    assert not any(source.terms.pack for source in sources)
    assert [source.id for source in sources if not source.is_on] == [
        "intranet_xyz",
        "intranet_wmts",
        "osm",
    ]


def test_program_ships_no_key() -> None:
    text = SHIPPED.read_text(encoding="utf-8")

    assert "tk=" not in text
    assert {source.key_name for source in read_book().sources} == {"", "tianditu"}


def test_own_source_stands_behind_those_of_the_program(chinese_dir: Path) -> None:
    book = written(
        chinese_dir,
        """
        ["区政府"]
        name = "区政务底图"
        kind = "xyz"
        url = "http://{s}.10.0.0.5/{z}/{x}/{-y}.jpg"
        subdomains = ["a", "b"]
        datum = "gcj02"
        offset = [1.5, -2]
        levels = [8, 20]
        pack = true
        daily = 500
        headers = [["Referer", "http://10.0.0.5/"]]
        bounds = [103.9, 30.6, 104.3, 31.0]
        attribution = "虚构单位"
        """,
    )

    source = book.sources[-1]

    assert book.faults == ()
    assert source.id == "区政府"
    assert not source.is_shipped
    assert source.datum is Datum.GCJ02
    assert source.offset_m == (1.5, -2.0)
    assert source.is_moved
    assert source.levels == (8, 20)
    assert source.terms == Terms(pack=True, daily=500)
    assert source.headers == (("Referer", "http://10.0.0.5/"),)
    assert source.bounds == (103.9, 30.6, 104.3, 31.0)


def test_own_file_changes_what_it_names_of_a_shipped_source(chinese_dir: Path) -> None:
    book = written(chinese_dir, '[tianditu_vec]\nkey_type = "server"\noffset = [0.5, 0.0]\n')

    source = book.source("tianditu_vec")

    assert source is not None
    assert source.key_type is KeyType.SERVER
    assert source.is_moved
    assert source.name == "天地图 地图"
    assert source.is_shipped


def test_book_that_was_saved_is_read_again(chinese_dir: Path) -> None:
    own = replace(
        source_of("own", XYZ),
        name='引号"与\\反斜\n杠',
        offset_m=(0.25, -3.5),
        headers=(("Referer", "http://a/"),),
        grid=TileGrid("EPSG:4549", (web_matrix(3), web_matrix(4))),
        grid_name="own",
    )
    own = replace(
        own,
        grid=TileGrid(
            "EPSG:4549",
            tuple(replace(m, level=level) for level, m in enumerate(own.grid.matrices)),
        ),
    )
    path = chinese_dir / "设 置" / "basemaps.toml"

    book = read_book().declared(own).shown("osm", is_on=True)
    book.save(path)
    again = read_book(path)

    assert again.faults == ()
    assert again.source("own") == own
    osm = again.source("osm")
    assert osm is not None
    assert osm.is_on
    assert again.own["osm"] == {"on": True}


def test_picture_of_the_user_is_declared_with_its_crs(chinese_dir: Path) -> None:
    photo = Source("photo", "航片", Kind.IMAGE, str(chinese_dir / "航 片.jpg"), crs="EPSG:4549")
    path = chinese_dir / "basemaps.toml"

    read_book().declared(photo).save(path)

    assert read_book(path).source("photo") == photo


def test_removed_source_is_gone_and_a_shipped_one_as_it_was() -> None:
    book = read_book().declared(source_of("own", XYZ)).shown("osm", is_on=True)

    book = book.removed("own").removed("osm")

    assert book.source("own") is None
    osm = book.source("osm")
    assert osm is not None
    assert not osm.is_on
    assert book.own == {}


def test_switching_a_shipped_source_back_leaves_nothing_to_save() -> None:
    book = read_book().shown("osm", is_on=True).shown("osm", is_on=False)

    assert book.own == {"osm": {}}


def test_names_that_are_taken_get_a_number() -> None:
    book = read_book()

    assert book.free_id("osm") == "osm-2"
    assert book.free_id("区 政府/底图") == "区政府底图"
    assert book.free_id("!!!") == "map"


def test_every_shipped_source_comes_back_from_its_own_table() -> None:
    for source in read_book().sources:
        assert source_of(source.id, table_of(source), is_shipped=True) == source


@pytest.mark.parametrize(
    ("change", "code", "words"),
    [
        ({"kind": None}, "basemap.missing_setting", "kind"),
        ({"name": None}, "basemap.missing_setting", "name"),
        ({"url": None}, "basemap.missing_setting", "url"),
        ({"kind": "wms"}, "basemap.bad_value", "tianditu"),
        ({"nmae": "x"}, "basemap.unknown_setting", "nmae"),
        ({"name": 5}, "basemap.bad_value", "5"),
        ({"url": "http://a/{z}/{x}"}, "basemap.template_without_tile", "http://a/"),
        ({"url": "http://{s}.a/{z}/{x}/{y}"}, "basemap.no_subdomains", "{s}"),
        ({"url": "javascript:{z}{x}{y}"}, "basemap.bad_address", "http://"),
        ({"levels": [5, 3]}, "basemap.bad_value", "levels"),
        ({"levels": [0, 99]}, "basemap.bad_value", "levels"),
        ({"levels": "all"}, "basemap.bad_value", "levels"),
        ({"levels": [21, 22], "grid": "baidu"}, "basemap.bad_value", "levels"),
        ({"grid": "mars"}, "basemap.unknown_grid", "tianditu_c"),
        ({"grid": "own", "crs": "EPSG:4549"}, "basemap.bad_value", "[name"),
        (
            {"grid": "own", "crs": "EPSG:99", "matrices": [["a", 0, 0, 1, 1, 9, 9, 256, 256]]},
            "basemap.unknown_crs",
            "EPSG:99",
        ),
        (
            {"grid": "own", "crs": "EPSG:4549", "matrices": [["a", 1, 2]]},
            "basemap.bad_value",
            "matrices",
        ),
        (
            {"grid": "own", "crs": "EPSG:4549", "matrices": [["a", 0, 0, 1, 1, 9, 9, 99999, 256]]},
            "basemap.bad_value",
            "matrices",
        ),
        ({"kind": "image", "path": "a", "url": None, "crs": "here"}, "input.bad_crs", "here"),
        ({"kind": "mbtiles", "path": None}, "basemap.missing_setting", "path"),
        ({"datum": "beijing54"}, "basemap.bad_value", "gcj02"),
        ({"offset": [1]}, "basemap.bad_value", "offset"),
        ({"offset": [99999, 0]}, "basemap.bad_value", "5000"),
        ({"offset": [float("nan"), 0]}, "basemap.bad_value", "offset"),
        ({"bounds": [5, 5, 1, 1]}, "basemap.bad_value", "bounds"),
        ({"daily": 0}, "basemap.bad_value", "daily"),
        ({"daily": True}, "basemap.bad_value", "daily"),
        ({"on": "yes"}, "basemap.bad_value", "true"),
        ({"headers": [["a\r\nb", "c"]]}, "basemap.bad_value", "headers"),
        ({"headers": [["a", "c\r\nInjected: 1"]]}, "basemap.bad_value", "headers"),
        ({"subdomains": ["evil.com/"]}, "basemap.bad_value", "subdomains"),
    ],
)
def test_faulty_declaration_is_refused_with_a_sentence(
    change: dict[str, object], code: str, words: str
) -> None:
    values = {name: value for name, value in {**XYZ, **change}.items() if value is not None}

    with pytest.raises(InputError) as refused:
        source_of("a", values)

    assert refused.value.code == code
    for lang in LANGUAGES:
        assert words in explain(refused.value, lang)


def test_one_faulty_table_leaves_the_others_in_use(chinese_dir: Path) -> None:
    book = written(
        chinese_dir,
        '[good]\nname="好"\nkind="xyz"\nurl="http://a/{z}/{x}/{y}"\n'
        '[bad]\nname="坏"\nkind="xyz"\n'
        '[tianditu_vec]\nkey_type="secret"\n["a/b"]\nname="c"\n',
    )

    assert book.source("good") is not None
    assert {fault.source_id: fault.error.code for fault in book.faults} == {
        "bad": "basemap.missing_setting",
        "tianditu_vec": "basemap.bad_value",
        "a/b": "basemap.bad_id",
    }
    vec = book.source("tianditu_vec")
    assert vec is not None
    assert vec.key_type is KeyType.BROWSER


def test_saving_keeps_what_could_not_be_used(chinese_dir: Path) -> None:
    book = written(chinese_dir, 'loose = 5\n[bad]\nname="坏"\nkind="xyz"\n')

    book.declared(source_of("good", XYZ)).save(chinese_dir / "basemaps.toml")
    again = read_book(chinese_dir / "basemaps.toml")

    assert again.own["bad"] == {"name": "坏", "kind": "xyz"}
    assert again.own["loose"] == 5
    assert {fault.source_id for fault in again.faults} == {"bad", "loose"}
    assert again.source("good") is not None


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"[[[", "basemap.not_toml"),
        (b"a = [" * 5000, "basemap.not_toml"),
        ("[甲]\nname='图'".encode("gb18030"), "basemap.not_utf8"),
        (b"#" * 2_000_000, "basemap.file_too_large"),
    ],
)
def test_file_that_cannot_be_read_is_told_and_the_program_goes_on(
    chinese_dir: Path, content: bytes, code: str
) -> None:
    path = chinese_dir / "basemaps.toml"
    path.write_bytes(content)

    book = read_book(path)

    assert [fault.error.code for fault in book.faults] == [code]
    assert book.source("tianditu_vec") is not None
    for lang in LANGUAGES:
        assert "basemaps.toml" in explain(book.faults[0].error, lang)


def test_mark_of_windows_editor_does_no_harm(chinese_dir: Path) -> None:
    path = chinese_dir / "basemaps.toml"
    path.write_text("[osm]\non = true\n", encoding="utf-8-sig")

    assert read_book(path).faults == ()


def test_folder_in_place_of_the_file_is_told(chinese_dir: Path) -> None:
    (chinese_dir / "basemaps.toml").mkdir()

    book = read_book(chinese_dir / "basemaps.toml")

    assert [fault.error.code for fault in book.faults] == ["basemap.unreadable"]


def test_unsound_change_is_refused_before_anything_is_saved() -> None:
    with pytest.raises(InputError) as refused:
        read_book().declared(Source("a", "b", Kind.XYZ, "http://a/{z}"))

    assert refused.value.code == "basemap.template_without_tile"
