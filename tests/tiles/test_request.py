"""How servers are asked: the address of each kind of source, and that no key is ever shown."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gridadmin.base.errors import InputError
from gridadmin.base.texts import LANGUAGES, explain
from gridadmin.tiles.grid import TileKey, baidu_grid, fixed_grid
from gridadmin.tiles.request import request_of, require_template
from gridadmin.tiles.source import KeyType, Kind, Layer, Source

KEY = TileKey(17, 103_466, 49_513)
INTRANET = Source("内网", "内网底图", Kind.XYZ, "http://10.0.0.5/map/{z}/{x}/{y}.png")
VEC = Source(
    "vec",
    "天地图矢量",
    Kind.TIANDITU,
    "",
    subdomains=("0", "1", "2", "3", "4", "5", "6", "7"),
    key_name="tianditu",
    key_type=KeyType.BROWSER,
    layer=Layer("vec", "default", "w"),
)


def test_numbers_of_the_tile_stand_in_the_address() -> None:
    request = request_of(INTRANET, KEY)

    assert request.url == "http://10.0.0.5/map/17/103466/49513.png"
    assert request.host == "10.0.0.5"


@pytest.mark.parametrize(
    ("template", "url"),
    [
        ("http://a/{z}/{x}/{-y}", "http://a/17/103466/81558"),
        ("http://{S}.a/{Z}/{X}/{Y}", "http://a.a/17/103466/49513"),
        ("http://a/{TileMatrix}/{TileRow}/{TileCol}", "http://a/17/49513/103466"),
    ],
)
def test_other_ways_to_number_tiles(template: str, url: str) -> None:
    source = replace(INTRANET, address=template, subdomains=("a", "b", "c"))

    assert request_of(source, KEY).url == url


def test_quadkey_is_the_one_of_bings_own_example() -> None:
    source = replace(INTRANET, address="http://a/{q}.png")

    assert request_of(source, TileKey(3, 3, 5)).url == "http://a/213.png"


def test_tianditu_is_asked_by_its_template() -> None:
    request = request_of(VEC, KEY, "0123456789abcdef")

    assert request.url == (
        "https://t3.tianditu.gov.cn/vec_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0"
        "&LAYER=vec&STYLE=default&TILEMATRIXSET=w&FORMAT=tiles"
        "&TILEMATRIX=17&TILEROW=49513&TILECOL=103466&tk=0123456789abcdef"
    )


def test_tianditu_in_degrees_has_other_tiles() -> None:
    source = replace(VEC, grid=fixed_grid("tianditu_c", 1, 18), layer=Layer("vec", "default", "c"))

    url = request_of(source, TileKey(1, 1, 0), "k").url

    assert "/vec_c/wmts?" in url
    assert "TILEMATRIXSET=c" in url
    assert source.grid.box(TileKey(1, 1, 0)) == (0.0, -90.0, 180.0, 90.0)


@pytest.mark.parametrize(
    ("key_type", "is_mozilla"), [(KeyType.BROWSER, True), (KeyType.SERVER, False)]
)
def test_key_type_decides_what_the_program_calls_itself(
    key_type: KeyType, *, is_mozilla: bool
) -> None:
    headers = dict(request_of(replace(VEC, key_type=key_type), KEY, "k").headers)

    assert headers["User-Agent"].startswith("Mozilla") is is_mozilla
    assert "gridadmin" in headers["User-Agent"]


def test_own_headers_of_a_source_are_sent() -> None:
    source = replace(INTRANET, headers=(("Referer", "http://10.0.0.5/"),))

    assert ("Referer", "http://10.0.0.5/") in request_of(source, KEY).headers


def test_baidu_counts_from_the_middle_of_its_world() -> None:
    grid = baidu_grid()
    source = replace(INTRANET, grid=grid, address="http://b/?x={x}&y={y}&z={z}")
    # 12,958,175 m east and 4,825,923.77 m north of the middle, 256 m to a tile.
    key = grid.key_at(18, 12_958_175.0, 4_825_923.77)

    assert request_of(source, key).url == "http://b/?x=50617&y=18851&z=18"


def test_key_shows_nowhere_but_in_the_address_that_is_asked() -> None:
    request = request_of(VEC, KEY, "0123456789abcdef")

    assert "0123456789abcdef" not in repr(request)
    assert "0123456789abcdef" not in request.shown
    assert request.shown.endswith("&tk=***")


def test_source_that_needs_a_key_is_not_asked_without() -> None:
    with pytest.raises(InputError) as refused:
        request_of(VEC, KEY)

    assert refused.value.code == "basemap.no_key"


def test_key_cannot_smuggle_anything_into_the_address() -> None:
    assert request_of(VEC, KEY, "a&b#c /{x}").url.endswith("&tk=a%26b%23c%20%2F%7Bx%7D")


@pytest.mark.parametrize(
    ("template", "code"),
    [
        ("http://a/{z}/{x}/{y}/{what}", "basemap.bad_template"),
        ("http://a/{z}/{x}", "basemap.template_without_tile"),
        ("ftp://a/{z}/{x}/{y}", "basemap.bad_address"),
        ("a/{z}/{x}/{y}", "basemap.bad_address"),
        ("file:///etc/{z}{x}{y}", "basemap.bad_address"),
        ("http://[a/{z}/{x}/{y}", "basemap.bad_address"),
        ("http://a:99999/{z}/{x}/{y}", "basemap.bad_address"),
        ("http://me:secret@a/{z}/{x}/{y}", "basemap.secret_in_address"),
        ("http://{s}.a/{z}/{x}/{y}", "basemap.no_subdomains"),
        ("http://a/{z}/{x}/{y}/{0.__class__}", "basemap.bad_template"),
    ],
)
def test_template_that_cannot_work_is_refused_with_a_sentence(template: str, code: str) -> None:
    with pytest.raises(InputError) as refused:
        require_template(template, ())

    assert refused.value.code == code
    for lang in LANGUAGES:
        assert "secret@" not in explain(refused.value, lang)


@pytest.mark.parametrize(
    "template",
    ["http://a/{z}/{x}/{y}.png", "https://{s}.a/{q}", "http://a/{TileMatrix}/{TileRow}/{TileCol}"],
)
def test_sound_template_passes(template: str) -> None:
    require_template(template, ("a",))
