"""A step: releases know their proof, and each delivery is a line of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

if TYPE_CHECKING:
    from alembic.operations import Operations

_RELEASE: dict[str, type[sa.Integer | sa.Text]] = {
    "uid": sa.Text,
    "number": sa.Integer,
    "at_revision": sa.Integer,
    "date": sa.Text,
    "author": sa.Text,
    "sha256": sa.Text,
    "note": sa.Text,
    "plan": sa.Text,
    "made_at": sa.Text,
    "partition_sha256": sa.Text,
    "people_sha256": sa.Text,
    "certificate": sa.Text,
    "allowed": sa.Text,
    "revision": sa.Integer,
}
_DELIVERY: dict[str, type[sa.Integer | sa.Text]] = {
    "uid": sa.Text,
    "release": sa.Integer,
    "target": sa.Text,
    "url": sa.Text,
    "profile": sa.Text,
    "file": sa.Text,
    "size": sa.Integer,
    "sha256": sa.Text,
    "author": sa.Text,
    "started": sa.Text,
    "changed": sa.Text,
    "state": sa.Text,
    "code": sa.Text,
    "sentence": sa.Text,
}


def upgrade(operations: Operations) -> None:
    """Make the table of releases anew, which held nothing yet, and add that of deliveries."""
    operations.drop_table("release")
    _create(operations, "release", _RELEASE, optional=("note", "plan"))
    _create(operations, "delivery", _DELIVERY)


def _create(
    operations: Operations,
    name: str,
    columns: dict[str, type[sa.Integer | sa.Text]],
    optional: tuple[str, ...] = (),
) -> None:
    operations.create_table(
        name,
        *(
            sa.Column(column, kind(), primary_key=column == "uid", nullable=column in optional)
            for column, kind in columns.items()
        ),
    )
