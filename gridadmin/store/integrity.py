"""Whether a project file holds together: SQLite's own check, and what our tables promise."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, func, select, union_all

from gridadmin.base.ids import NOBODY, OUTSIDE, oid_of
from gridadmin.store.meta import read_revision
from gridadmin.store.tables import CHANGE_LOG, LAND, table_of


@dataclass(frozen=True, slots=True)
class FileProblem:
    """Something wrong inside a file: a text code and the parameters of its sentence."""

    code: str
    params: Mapping[str, object]


def find_problems(
    connection: Connection, owners: Collection[int] | None = None
) -> list[FileProblem]:
    """Return what is wrong with the file, nothing for a sound one.

    *owners* are the kernel numbers that borders may name; by default those of the areas, the exempt
    land and the disputes of the file, nobody and outside.
    """
    damage = [FileProblem("store.problem_sqlite", {"reason": line}) for line in _damage(connection)]
    if damage:
        # What a damaged file says about itself is not worth reading.
        return damage
    allowed = _owners_in_file(connection) if owners is None else set(owners)
    return [
        *_foreign_owners(connection, allowed),
        *_orphaned_lands(connection),
        *_log_faults(connection),
    ]


def _damage(connection: Connection) -> Iterator[str]:
    for (line,) in connection.exec_driver_sql("PRAGMA integrity_check"):
        if line != "ok":
            yield line


def _owners_in_file(connection: Connection) -> set[int]:
    owners = {NOBODY, OUTSIDE}
    for table in ("area", "exempt", "dispute"):
        owners.update(oid_of(uid) for uid in connection.scalars(select(table_of(table).c.uid)))
    return owners


def _foreign_owners(connection: Connection, allowed: set[int]) -> Iterator[FileProblem]:
    border = table_of("border")
    rows = connection.execute(select(border.c.id, border.c.left, border.c.right))
    for identity, left, right in rows:
        for owner in (left, right):
            if owner not in allowed:
                yield FileProblem("store.problem_owner", {"border": identity, "owner": owner})


def _orphaned_lands(connection: Connection) -> Iterator[FileProblem]:
    holders = union_all(select(table_of("area").c.oid), select(table_of("exempt").c.oid))
    for oid in connection.scalars(select(LAND.c.oid).where(LAND.c.oid.not_in(holders))):
        yield FileProblem("store.problem_land", {"oid": oid})


def _log_faults(connection: Connection) -> Iterator[FileProblem]:
    revision = read_revision(connection)
    count, last = connection.execute(
        select(func.count(), func.coalesce(func.max(CHANGE_LOG.c.revision), 0)).select_from(
            CHANGE_LOG
        )
    ).one()
    if not count == last == revision:
        yield FileProblem(
            "store.problem_log", {"revision": revision, "last": last, "entries": count}
        )
    breaks = select(CHANGE_LOG.c.revision).where(
        CHANGE_LOG.c.parent_revision != CHANGE_LOG.c.revision - 1
    )
    for broken in connection.scalars(breaks):
        yield FileProblem("store.problem_parent", {"revision": broken})
