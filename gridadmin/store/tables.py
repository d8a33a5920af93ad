"""The tables of a project file: one per record type of the model, the polygons, the change log.

Every column about people says in ``info["publicity"]`` who may see it.

The logged tables are made from the dataclasses: a column and a field are always the same thing.
Areas and exempt land carry their kernel number beside the uid: it joins them to their polygon.
Every change of a table here is a step in ``migrations``.
"""

from __future__ import annotations

from types import NoneType
from typing import Any, get_args, get_type_hints

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
)
from sqlalchemy.types import TypeEngine, UserDefinedType

from gridadmin.domain.change import TABLES, columns_of, key_column
from gridadmin.domain.people import PEOPLE, is_masked, publicity_of

SQL_NAMES = {"exempt": "exempt_land"}
"""Tables that can't bear the name of their record: a layer for outside readers bears it already."""

OWNERS = ("area", "exempt")
"""Tables whose rows own land and therefore carry a kernel number."""

_TYPES: dict[type[Any], type[TypeEngine[Any]]] = {
    str: Text,
    int: Integer,
    float: Float,
    bool: Boolean,
    bytes: LargeBinary,
}

_INDEXES: dict[str, tuple[str, ...]] = {
    "area": ("code", "parent", "level"),
    "stacked_part": ("area",),
    "entrance": ("building",),
    "code_period": ("area", "code"),
    "lineage": ("predecessor", "successor"),
    "reference_outline": ("area",),
    "grouping_member": ("grouping",),
    "person": ("organization",),
    "assignment": ("person", "anchor"),
    "pairing": ("organization", "anchor"),
    "post_seat": ("anchor",),
    "party_node": ("area",),
    "team_member": ("team", "person"),
}


class LandPolygon(UserDefinedType[bytes]):
    """A GeoPackage blob of a MULTIPOLYGON in the project plane.

    The declared type is the geometry type: a GeoPackage view shows it to outside readers.
    """

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        """Return the declared type."""
        return "MULTIPOLYGON"


METADATA = MetaData()


def table_of(name: str) -> Table:
    """Return the SQL table of the logged table *name* (a key of ``domain.change.TABLES``)."""
    return METADATA.tables[SQL_NAMES.get(name, name)]


def _column(
    hint: Any, column: str, *, is_key: bool, info: dict[str, Any] | None = None
) -> Column[Any]:
    kinds = get_args(hint) or (hint,)
    [kind] = [kind for kind in kinds if kind is not NoneType]
    is_optional = NoneType in kinds
    return Column(column, _TYPES[kind](), primary_key=is_key, nullable=is_optional, info=info)


def _info(name: str, column: str) -> dict[str, Any] | None:
    """Return who may see a column about people, None for the boundaries' own."""
    if name not in PEOPLE:
        return None
    masked = {"masked": True} if is_masked(name, column) else {}
    return {"publicity": publicity_of(name, column), **masked}


def _logged(name: str) -> Table:
    hints = get_type_hints(TABLES[name])
    owns_land = name in OWNERS
    key = key_column(name)
    columns = [
        _column(
            hints[column],
            column,
            is_key=column == key and not owns_land,
            info=_info(name, column),
        )
        for column in columns_of(name)
    ]
    if owns_land:
        columns.insert(0, Column("oid", Integer, primary_key=True))
    sql_name = SQL_NAMES.get(name, name)
    table = Table(sql_name, METADATA, *columns)
    if owns_land:
        Index(f"{sql_name}_{key}", table.c[key], unique=True)
    for column in _INDEXES.get(name, ()):
        Index(f"{sql_name}_{column}", table.c[column])
    return table


for _name in TABLES:
    _logged(_name)

LAND = Table(
    "land",
    METADATA,
    Column("oid", Integer, primary_key=True),
    Column("geom", LandPolygon, nullable=False),
)
"""Polygons of areas and exempt land by kernel number: a result of the borders, kept for readers."""

CHANGE_LOG = Table(
    "change_log",
    METADATA,
    Column("revision", Integer, primary_key=True),
    Column("gesture", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("time", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("undid", Integer),
    Column("redid", Integer),
    Column("parent_revision", Integer, nullable=False),
    # Last, so that reading the light columns never touches the pages of a big change.
    Column("data", LargeBinary, nullable=False),
)
"""One row per revision; ``data`` is a change as ``change_data`` packs it."""

META = Table(
    "meta",
    METADATA,
    Column("key", Text, primary_key=True),
    Column("value", Text, nullable=False),
)
"""Facts about the file: format, schema_version, revision, created, created_by, lock_holder."""

EXPORT_NOTE = Table(
    "export_note",
    METADATA,
    Column("uid", Text, primary_key=True),
    Column("time", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("profile", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("file", Text, nullable=False),
    Column("count", Integer, nullable=False),
    Column("fields", Text, nullable=False),
)
"""Each export: who, when, with which profile, what. No undo takes a line back."""

DELIVERY = Table(
    "delivery",
    METADATA,
    Column("uid", Text, primary_key=True),
    Column("release", Integer, nullable=False),
    Column("target", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("profile", Text, nullable=False),
    Column("file", Text, nullable=False),
    Column("size", Integer, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("started", Text, nullable=False),
    Column("changed", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("sentence", Text, nullable=False),
)
"""Each delivery of a release to a target, and how it ended. No undo takes it back."""

PEOPLE_TABLES: tuple[Table, ...] = (*map(table_of, PEOPLE),)
"""Tables about people."""

ALL_TABLES: tuple[Table, ...] = (
    *map(table_of, TABLES),
    LAND,
    CHANGE_LOG,
    META,
    EXPORT_NOTE,
    DELIVERY,
)
"""All tables of a project file."""
