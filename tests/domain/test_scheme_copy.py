"""The copy of a scheme that a project carries."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from gridadmin.base.errors import SchemeError
from gridadmin.domain.scheme_copy import (
    Difference,
    differences,
    from_json,
    scheme_sha256,
    to_json,
)
from gridadmin.domain.scheme_loader import load_scheme
from tests.domain.scheme_files import MINIMAL, write_scheme

HASH_OF_MINIMAL = "9f46dd280a3ec0aa47e5f9bef667c9bff926ce0de803efee19a93ca484c59454"


@pytest.mark.parametrize("name", ["default", "dalian", "longgang", "sanming", "shinan", "xindu"])
def test_a_copy_gives_the_same_scheme_back(name: str) -> None:
    scheme = load_scheme(name)

    copy = from_json(to_json(scheme))

    assert copy == scheme
    assert scheme_sha256(copy) == scheme_sha256(scheme)
    assert differences(scheme, copy) == []


def test_a_copy_says_only_what_differs_from_the_usual(tmp_path: Path) -> None:
    scheme = load_scheme(write_scheme(tmp_path, "甲", MINIMAL))

    assert json.loads(to_json(scheme)) == {
        "format": 1,
        "key": "甲",
        "scheme": {
            "zh": "甲",
            "en": "A",
            "version": 3,
            "source": {"title": "虚构", "place": "某地"},
            "levels": {
                "community": {"zh": "社区", "en": "Community"},
                "grid": {"zh": "网格", "en": "Grid", "parents": ["community"]},
            },
        },
    }


def test_the_hash_is_known_and_follows_the_content_not_the_file(tmp_path: Path) -> None:
    plain = load_scheme(write_scheme(tmp_path, "a", MINIMAL))
    head, grid = MINIMAL.split("[levels.grid]")
    turned = head.replace("[levels.community]", f"[levels.grid]{grid}[levels.community]")
    other_order = load_scheme(write_scheme(tmp_path, "b", turned))

    assert scheme_sha256(plain) == HASH_OF_MINIMAL
    assert scheme_sha256(other_order) == HASH_OF_MINIMAL
    assert scheme_sha256(replace(plain, version=4)) != HASH_OF_MINIMAL


def test_differences_name_path_before_and_after(tmp_path: Path) -> None:
    before = load_scheme("xindu")
    text = """
        extends = "xindu"
        version = 3
        drop = ["posts.cadre"]
        [levels.grid]
        band = { low = 300, high = 450 }
        [levels.micro_grid]
        band = "open"
        [checks.call_out]
        params = { hours = 2 }
        [modes.flood]
        zh = "防汛"
        en = "Flood"
        """
    after = load_scheme(write_scheme(tmp_path, "xindu", text))

    assert differences(before, after) == [
        Difference("checks.call_out.params.hours", 3.0, 2.0),
        Difference("levels.grid.band.high", 500, 450),
        Difference("levels.micro_grid.band", {"low": 30, "high": 70, "target": 50}, None),
        Difference("modes.flood", None, {"zh": "防汛", "en": "Flood"}),
        Difference(
            "posts.cadre",
            {
                "zh": "下沉干部",
                "en": "Sunk-down cadre",
                "levels": ["community", "grid"],
                "kinds": ["general", "exclusive"],
                "is_cadre": True,
            },
            None,
        ),
        Difference("version", 2, 3),
    ]


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "{}", '{"format": 1, "key": "a"}', '{"format": "1"}', "[" * 100_000]
)
def test_damaged_copies_are_refused(text: str) -> None:
    with pytest.raises(SchemeError) as refused:
        from_json(text, "项目.gpkg")

    assert refused.value.code == "scheme.bad_copy"
    assert refused.value.params == {"file": "项目.gpkg"}


def test_a_copy_of_a_newer_program_is_refused() -> None:
    with pytest.raises(SchemeError) as refused:
        from_json('{"format": 2, "anything": 1}', "项目.gpkg")

    assert refused.value.code == "scheme.newer_copy"
    assert refused.value.params == {"file": "项目.gpkg", "format": 2}


def test_faults_inside_a_copy_name_the_project_and_the_key() -> None:
    with pytest.raises(SchemeError) as refused:
        from_json('{"format": 1, "key": "a", "scheme": {"levels": {"gird": {}}}}', "项目.gpkg")

    assert refused.value.code == "scheme.unknown_key_near"
    assert refused.value.params == {"file": "项目.gpkg", "key": "levels.gird", "nearest": "grid"}
