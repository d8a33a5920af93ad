"""docs/published-package.md says what a published file holds, column by column."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from gridadmin.app.session import Session
from gridadmin.base.errors import InputError, SchemeError
from gridadmin.base.paths import ROOT
from gridadmin.exchange.package_check import problems_of
from gridadmin.publish.choice import Choice
from gridadmin.publish.mapping import mapping_of, read_mapping
from gridadmin.publish.package import make_package
from gridadmin.publish.releasing import make_release

PAGE = (ROOT / "docs" / "published-package.md").read_text(encoding="utf-8")
ALL = Choice(tables=("posts", "organizations", "issues"))
TABLES = ("grid", "areas", "exempt", "stacked", "posts", "organizations", "issues")


def on_the_page(table: str) -> list[list[str]]:
    """Return the rows of a table's section: column, type, title, what it holds (, public)."""
    section = PAGE.split(f"### `{table}`\n")[1].split("\n#")[0]
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in section.splitlines()
        if line.startswith("| `")
    ]
    assert rows
    return rows


def columns_of(path: Path, table: str) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(path)) as database:
        found = database.execute(f"PRAGMA table_info('{table}')").fetchall()
    return [(name, kind) for _, name, kind, *_ in found]


@pytest.fixture
def made(session: Session, tmp_path: Path) -> dict[str, Path]:
    release = make_release(session.document)
    return {
        profile: make_package(session, release, profile, ALL, tmp_path).path
        for profile in ("internal", "public")
    }


def test_the_page_names_every_column_of_the_file_with_type_and_title(
    made: dict[str, Path],
) -> None:
    assert re.findall(r"^### `(\w+)`$", PAGE, re.MULTILINE) == list(TABLES)
    with closing(sqlite3.connect(made["internal"])) as database:
        titles = {
            (table, column): title
            for table, column, title in database.execute(
                "SELECT table_name, column_name, title FROM gpkg_data_columns"
            )
        }
    for table in TABLES:
        page = on_the_page(table)
        said = [(row[0].strip("`"), row[1]) for row in page]
        assert said == columns_of(made["internal"], table), table
        for row in page:
            assert row[2] == titles.get((table, row[0].strip("`")), ""), (table, row)


def test_the_levels_have_the_columns_of_the_page(made: dict[str, Path]) -> None:
    for level in ("district", "street", "community", "micro_grid", "cell"):
        assert columns_of(made["internal"], level) == columns_of(made["internal"], "grid")


@pytest.mark.parametrize("table", ["posts", "organizations"])
def test_the_page_says_which_columns_are_public(made: dict[str, Path], table: str) -> None:
    public = [row[0].strip("`") for row in on_the_page(table) if row[4] == "yes"]

    assert public == [name for name, _ in columns_of(made["public"], table)]


def test_a_public_package_names_nobody_who_approved_or_allowed(made: dict[str, Path]) -> None:
    with closing(sqlite3.connect(made["public"])) as database:
        assert set(database.execute("SELECT approver FROM exempt")) == {(None,)}
        texts = " ".join(t for (t,) in database.execute("SELECT metadata FROM gpkg_metadata"))
    assert "author" not in texts
    with closing(sqlite3.connect(made["internal"])) as database:
        assert (None,) not in set(database.execute("SELECT approver FROM exempt"))


def test_the_relations_of_the_page_are_those_of_the_file(made: dict[str, Path]) -> None:
    section = PAGE.split("## Relations\n")[1].split("\n## ")[0]
    said = set(re.findall(r"\| `(\w+_posts)` \|", section))
    with closing(sqlite3.connect(made["internal"])) as database:
        there = {
            name for (name,) in database.execute("SELECT mapping_table_name FROM gpkgext_relations")
        }
    assert said <= there
    levels = {"community", "street", "district", "micro_grid", "cell", "city"}
    assert {name.removesuffix("_posts") for name in there - said} <= levels


def test_the_example_of_a_mapping_can_be_used(session: Session, tmp_path: Path) -> None:
    [example] = sorted((ROOT / "resources" / "targets").glob("*.toml"))
    release = make_release(session.document)
    made = make_package(session, release, "public", Choice(mapping=read_mapping(example)), tmp_path)

    assert problems_of(made.path) == []
    assert "wgbm" in [name for name, _ in columns_of(made.path, "wg")]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"rows": {}}, "mapping.unknown_key"),
        ({"layers": {"gird": "wg"}}, "mapping.unknown_layer"),
        ({"columns": {"code": "A", "name": "a"}}, "mapping.taken_twice"),
        ({"columns": {"code": "geom"}}, "mapping.reserved"),
        ({"columns": {"code": 3}}, "mapping.not_text"),
        ({"values": {"kind": "01"}}, "mapping.not_text"),
        ({"values": {"kind": {"general": [1]}}}, "mapping.not_text"),
        ({"leave_out": "code"}, "mapping.not_text"),
    ],
)
def test_a_wrong_mapping_is_refused_with_file_and_key(said: dict[str, object], code: str) -> None:
    with pytest.raises(InputError) as refusal:
        mapping_of(said, "虚构.toml")

    assert refusal.value.code == code
    assert refusal.value.params["file"] == "虚构.toml"


def test_a_mapping_that_is_no_toml_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "坏.toml"
    path.write_text("[columns\n", encoding="utf-8")
    with pytest.raises(SchemeError) as refusal:
        read_mapping(path)

    assert refusal.value.code == "scheme.bad_toml"
    assert (refusal.value.params["line"], refusal.value.params["column"]) == ("1", "9")


def test_a_mapping_saved_by_an_editor_on_windows_is_read(tmp_path: Path) -> None:
    path = tmp_path / "映射.toml"
    path.write_text('[columns]\ncode = "wgbm"\n', encoding="utf-8-sig")

    assert read_mapping(path).columns == {"code": "wgbm"}
