"""What a release says, as hashes: equal for equal content, however often it was changed and back.

Revisions of rows do not enter: an edit that was taken back leaves the content as it was.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import fields
from typing import Any

import msgpack

from gridadmin.domain.people import holds_on
from gridadmin.partition.audit import partition_sha256
from gridadmin.partition.figures import households_of
from gridadmin.partition.snapshot import Snapshot

_PEOPLE = ("assignment", "person", "organization")


def borders_sha256(snapshot: Snapshot) -> str:
    """Return the hash over borders and owners, that of ``verify``."""
    return partition_sha256(snapshot.partition, snapshot.owner_name, snapshot.origin_mm)


def content_sha256(snapshot: Snapshot) -> str:
    """Return the canonical hash of what the boundaries say: land, areas, exempt land, towers."""
    areas = (
        (
            area.uid,
            area.code,
            area.name,
            area.level,
            str(area.kind),
            area.area_class,
            area.parent,
            str(area.land),
            area.cell,
            area.valid_from,
            *map(str, households_of(snapshot, area)),
        )
        for area in snapshot.areas()
    )
    exempt = (
        (row.uid, row.name, row.reason, row.approver, row.until)
        for row in snapshot.rows("exempt").values()
    )
    stacked = (
        (row.uid, row.area, row.building, row.entrance, row.floor_from, row.floor_to)
        for row in snapshot.rows("stacked_part").values()
    )
    plane = snapshot.setting("plane")
    head = ["gridadmin-release-1", borders_sha256(snapshot), str(plane)]
    return _hash(head, areas, exempt, stacked)


def people_sha256(snapshot: Snapshot, day: str) -> str:
    """Return the canonical hash of who holds which post on *day*, and of the units."""
    tables = (
        (_values(row) for row in snapshot.rows(table).values() if holds_on(row, day))
        for table in _PEOPLE
    )
    return _hash(["gridadmin-release-people-1"], *tables)


def _values(row: Any) -> tuple[Any, ...]:
    return tuple(getattr(row, one.name) for one in fields(row) if one.name != "revision")


def _hash(head: list[str], *tables: Iterable[tuple[Any, ...]]) -> str:
    total = hashlib.sha256(msgpack.packb(head))
    for table in tables:
        digests = sorted(hashlib.sha256(msgpack.packb(row)).digest() for row in table)
        total.update(msgpack.packb(len(digests)))
        total.update(b"".join(digests))
    return total.hexdigest()
