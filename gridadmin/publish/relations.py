"""Which rows of a package belong together: posts to areas, posts to units."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gridadmin.exchange.package_content import AttributeTable, Column, Package, Relation, Row

_HELD_BY = (("anchor_uid", None), ("organization_uid", "organizations"))
"""A column of ``posts``, and the table whose ``uid`` it names; None = any layer of areas."""


def relations_of(package: Package) -> tuple[Relation, ...]:
    """Return the relations between the tables of *package*, as far as its columns tell them."""
    tables = {table.name: table for table in package.tables}
    posts = tables.get("posts")
    if posts is None:
        return ()
    found = []
    for column, table in _HELD_BY:
        wanted = _texts(posts.columns, posts.rows, column)
        for name, uids in _bases(package, tables, table):
            pairs = [(uids[uid], fid) for fid, uid in enumerate(wanted, start=1) if uid in uids]
            if pairs:
                found.append(Relation(name, posts.name, sorted(pairs)))
    return tuple(found)


def _bases(
    package: Package, tables: dict[str, AttributeTable], name: str | None
) -> Iterator[tuple[str, dict[str, int]]]:
    if name is not None:
        table = tables.get(name)
        if table is not None:
            uids = _texts(table.columns, table.rows, "uid")
            yield name, {uid: fid for fid, uid in enumerate(uids, start=1) if uid}
        return
    for layer in package.layers:
        uids = _texts(layer.columns, layer.values, "uid")
        yield layer.name, dict(zip((uid or "" for uid in uids), layer.fids.tolist(), strict=True))
    areas = tables["areas"]
    uids = _texts(areas.columns, areas.rows, "uid")
    yield "areas", {uid: fid for fid, uid in enumerate(uids, start=1) if uid}


def _texts(columns: Sequence[Column], rows: Sequence[Row], name: str) -> list[str | None]:
    places = [place for place, column in enumerate(columns) if column.name == name]
    if not places:
        return [None] * len(rows)
    return [row[places[0]] for row in rows]
