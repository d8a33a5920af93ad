from __future__ import annotations

from pathlib import Path

import pytest

from gridadmin.exchange.columns import guess_columns, level_of_codes
from gridadmin.exchange.reader import read_layer


def test_official_list_is_understood(shared_data: Path) -> None:
    guess = guess_columns(read_layer(shared_data / "base_units.csv").columns)

    assert (guess.code, guess.name, guess.parent) == ("code12", "name", "street_code9")
    assert guess.code_level == "community"


def test_streets_of_a_map_are_understood(shared_data: Path) -> None:
    table = read_layer(shared_data / "osm" / "shinan_11_streets_osm.geojson")

    guess = guess_columns(table.columns)

    assert (guess.code, guess.name) == ("division_code", "name")
    assert guess.code_level == "street"


def test_grids_with_chinese_headers_are_understood() -> None:
    guess = guess_columns(
        {
            "OBJECTID": [1, 2],
            "社区编码": ["510114001001", "510114001001"],
            "网格编码": ["510114001001001", "510114001001002"],
            "网格名称": ["第一网格", "第二网格"],
            "网格类型": ["一般网格", "专属网格"],
            "户数": [321, 402],
        }
    )

    assert guess.code == "网格编码"
    assert guess.parent == "社区编码"
    assert (guess.name, guess.kind, guess.households) == ("网格名称", "网格类型", "户数")
    assert guess.code_level == "grid"
    assert guess.reasons["code"] == "header and values"
    assert guess.reasons["parent"] == "values"


def test_codes_and_names_are_found_by_values_alone() -> None:
    guess = guess_columns(
        {"F1": [510114001001, 510114001002.0], "F2": ["锦江社区", "河滨村"], "F3": [3.5, 8.1]}
    )

    assert (guess.code, guess.name) == ("F1", "F2")
    assert guess.reasons == {"code": "values", "name": "values"}


def test_nothing_is_guessed_from_nothing() -> None:
    guess = guess_columns({"fid": [1, 2], "remark": ["a", None]})

    assert (guess.code, guess.name, guess.parent, guess.households) == (None, None, None, None)


@pytest.mark.parametrize(
    ("codes", "level"),
    [
        (["510114"], "district"),
        (["510114000000"], "district"),
        (["510114001000", "510114002000"], "street"),
        (["510114001000", "510114001001"], "community"),
        (["51011400100100101"], "micro_grid"),
        (["510114", "510114001"], None),
        (["5101A4"], None),
        ([], None),
    ],
)
def test_level_is_told_by_the_length_of_codes(codes: list[str], level: str | None) -> None:
    assert level_of_codes(codes) == level
