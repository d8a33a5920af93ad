"""The tables are those of the model, and stay those of the schema version."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy.dialects import sqlite as sqlite_dialect
from sqlalchemy.schema import CreateIndex, CreateTable

from gridadmin.domain.change import TABLES, columns_of
from gridadmin.store.creation import create_project
from gridadmin.store.migrations import STEPS, newest_version
from gridadmin.store.tables import ALL_TABLES, PEOPLE_TABLES, table_of

GOLDEN = Path(__file__).with_name("schema.sql")


def schema() -> str:
    """Return all tables and indexes as SQL, after the version that they are."""
    dialect = sqlite_dialect.dialect()
    statements = [f"-- schema version {newest_version()}"]
    for table in ALL_TABLES:
        statements.append(str(CreateTable(table).compile(dialect=dialect)).strip())
        indexes = sorted(table.indexes, key=lambda index: str(index.name))
        statements += [str(CreateIndex(index).compile(dialect=dialect)) for index in indexes]
    return "\n\n".join(" ".join(statement.split()) for statement in statements) + "\n"


def test_schema_is_that_of_its_version() -> None:
    # Another schema is another version: add a step to migrations, then write schema() to the file.
    assert schema() == GOLDEN.read_text(encoding="utf-8")


def test_steps_follow_one_another() -> None:
    assert [step.version for step in STEPS] == list(range(2, 2 + len(STEPS)))


@pytest.mark.parametrize("name", TABLES)
def test_columns_are_the_fields_in_order(name: str) -> None:
    columns = [column.name for column in table_of(name).columns if column.name != "oid"]

    assert columns == list(columns_of(name))


def test_optional_fields_may_be_null_and_others_may_not() -> None:
    area = table_of("area")

    assert area.c.code.nullable
    assert not area.c.name.nullable
    assert not area.c.is_divided.nullable
    assert not table_of("border").c.points.nullable


def test_every_column_about_people_says_who_may_see_it() -> None:
    levels = {column.info.get("publicity") for table in PEOPLE_TABLES for column in table.columns}

    assert levels == {"public", "internal", "never"}


def test_nothing_about_a_person_but_name_and_duty_phone_is_public() -> None:
    [person] = [table for table in PEOPLE_TABLES if table.name == "person"]
    public = {column.name for column in person.columns if column.info["publicity"] == "public"}

    assert public == {"uid", "name", "duty_phone"}
    assert person.c.own_phone.info == {"publicity": "internal", "masked": True}


@pytest.mark.parametrize("name", ["assignment", "pairing", "post_seat", "team"])
def test_posts_anchor_to_objects_of_any_table(name: str) -> None:
    assert {"anchor_kind", "anchor"} <= set(table_of(name).columns.keys())


def test_project_file_holds_all_tables(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    create_project(path, {}, [], "虚构用户")

    with sqlite3.connect(path) as database:
        found = {
            name
            for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type='table'")
        }
    database.close()
    assert {table.name for table in ALL_TABLES} < found
