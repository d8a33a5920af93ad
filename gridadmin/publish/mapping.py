"""Names of layers and columns, and code lists, as a receiver knows them: read from TOML."""

from __future__ import annotations

from collections.abc import Mapping as Mapped
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from gridadmin.base.errors import InputError
from gridadmin.domain.toml_files import read_toml
from gridadmin.exchange.package_content import (
    GEOMETRY_COLUMN,
    KEY_COLUMN,
    AttributeTable,
    Column,
    ColumnType,
    Layer,
    Package,
    Relation,
    Row,
)

_KEYS = ("layers", "columns", "values", "leave_out")
_KNOWN_LAYERS = (
    "city", "district", "street", "community", "grid", "micro_grid", "cell", "exempt",
    "areas", "stacked", "posts", "organizations", "issues",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mapping:
    """Other names for layers, tables and columns, other values, and columns that stay at home.

    ``columns`` and ``values`` are looked up by column name, whatever the layer.
    """

    layers: Mapped[str, str] = field(default_factory=dict)
    columns: Mapped[str, str] = field(default_factory=dict)
    values: Mapped[str, Mapped[str, Any]] = field(default_factory=dict)
    leave_out: frozenset[str] = frozenset()

    @property
    def is_plain(self) -> bool:
        """Whether everything keeps its name and value."""
        return not (self.layers or self.columns or self.values or self.leave_out)

    @property
    def label_column(self) -> str:
        """The column that has the names of areas, empty where names stay at home."""
        return "" if "name" in self.leave_out else self.columns.get("name", "name")

    def kind_of(self, layer: str) -> str:
        """Return what the layer of that name is called here: a level, for one."""
        return next((own for own, named in self.layers.items() if named == layer), layer)


PLAIN = Mapping()


def read_mapping(path: Path) -> Mapping:
    """Return the mapping that a TOML file says.

    Raises: those of :func:`read_toml` and of :func:`mapping_of`.
    """
    return mapping_of(mapping_table(path), str(path))


def mapping_table(path: Path) -> dict[str, Any]:
    """Return the TOML table that a file says, once it is seen to be a mapping.

    Raises: as :func:`read_mapping`.
    """
    data = read_toml(path)
    table = data.get("mapping", data)
    if not isinstance(table, dict):
        raise InputError("mapping.not_text", file=str(path), key="mapping")
    mapping_of(table, str(path))
    return table


def mapping_of(data: Mapped[str, Any], file: str) -> Mapping:
    """Return the mapping of a TOML table; *file* is named in errors.

    Raises: InputError ``mapping.unknown_key``, ``mapping.not_text``, ``mapping.unknown_layer``,
    ``mapping.taken_twice``, ``mapping.reserved``.
    """
    for key in data:
        if key not in _KEYS:
            raise InputError("mapping.unknown_key", file=file, key=key, known=", ".join(_KEYS))
    layers = _texts(data.get("layers", {}), "layers", file)
    for layer in layers:
        if layer not in _KNOWN_LAYERS:
            known = ", ".join(_KNOWN_LAYERS)
            raise InputError("mapping.unknown_layer", file=file, layer=layer, known=known)
    columns = _texts(data.get("columns", {}), "columns", file)
    for kind, names in (("layers", layers), ("columns", columns)):
        _refuse_twins(kind, names, file)
    out = data.get("leave_out", [])
    if not isinstance(out, list) or not all(isinstance(name, str) for name in out):
        raise InputError("mapping.not_text", file=file, key="leave_out")
    lists = _value_lists(data.get("values", {}), file)
    return Mapping(layers, columns, lists, frozenset(out))


def _value_lists(said: Any, file: str) -> dict[str, Mapped[str, Any]]:
    if not isinstance(said, dict):
        raise InputError("mapping.not_text", file=file, key="values")
    lists: dict[str, Mapped[str, Any]] = {}
    for column, values in said.items():
        if not isinstance(values, dict):
            raise InputError("mapping.not_text", file=file, key=f"values.{column}")
        for value, told in values.items():
            if isinstance(told, bool) or not isinstance(told, (str, int)):
                raise InputError("mapping.not_text", file=file, key=f"values.{column}.{value}")
        lists[column] = dict(values)
    return lists


def _texts(said: Any, key: str, file: str) -> dict[str, str]:
    if not isinstance(said, dict):
        raise InputError("mapping.not_text", file=file, key=key)
    for name, value in said.items():
        if not isinstance(value, str) or not value.strip():
            raise InputError("mapping.not_text", file=file, key=f"{key}.{name}")
    return dict(said)


def _refuse_twins(kind: str, names: Mapped[str, str], file: str) -> None:
    seen: dict[str, str] = {}
    for own, name in names.items():
        low = name.lower()
        if kind == "columns" and low in {KEY_COLUMN, GEOMETRY_COLUMN}:
            raise InputError("mapping.reserved", file=file, key=f"{kind}.{own}", name=name)
        if low in seen:
            raise InputError("mapping.taken_twice", file=file, name=name, one=seen[low], two=own)
        seen[low] = own


def mapped(package: Package, mapping: Mapping) -> Package:
    """Return *package* with the receiver's names and values."""
    if mapping.is_plain:
        return package
    named = mapping.layers.get
    return replace(
        package,
        layers=tuple(_layer(layer, mapping) for layer in package.layers),
        tables=tuple(_table(table, mapping) for table in package.tables),
        relations=tuple(
            Relation(named(one.base, one.base), named(one.related, one.related), one.pairs)
            for one in package.relations
        ),
    )


def _layer(layer: Layer, mapping: Mapping) -> Layer:
    columns, values = _columns(layer.columns, layer.values, mapping)
    name = mapping.layers.get(layer.name, layer.name)
    style = layer.style_qml
    shown = mapping.columns.get("name")
    if style is not None and shown is not None:
        style = style.replace('fieldName="name"', f'fieldName="{shown}"')
    return replace(layer, name=name, columns=columns, values=values, style_qml=style)


def _table(table: AttributeTable, mapping: Mapping) -> AttributeTable:
    columns, rows = _columns(table.columns, table.rows, mapping)
    return replace(
        table, name=mapping.layers.get(table.name, table.name), columns=columns, rows=rows
    )


def _columns(
    columns: tuple[Column, ...], rows: list[Row], mapping: Mapping
) -> tuple[tuple[Column, ...], list[Row]]:
    kept = [place for place, one in enumerate(columns) if one.name not in mapping.leave_out]
    lists = mapping.values
    told = {at: lists[columns[at].name] for at in kept if columns[at].name in lists}
    named = tuple(_column(columns[place], mapping) for place in kept)
    if not told:
        return named, [tuple(row[place] for place in kept) for row in rows]
    return named, [
        tuple(
            told[place].get(str(row[place]), row[place]) if place in told else row[place]
            for place in kept
        )
        for row in rows
    ]


def _column(column: Column, mapping: Mapping) -> Column:
    kind = column.type
    lists = mapping.values.get(column.name)
    if lists is not None:
        is_whole = kind == ColumnType.INTEGER and all(isinstance(v, int) for v in lists.values())
        kind = ColumnType.INTEGER if is_whole else ColumnType.TEXT
    return replace(column, name=mapping.columns.get(column.name, column.name), type=kind)
