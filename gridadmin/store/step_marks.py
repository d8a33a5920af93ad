"""A step: the table of what is remembered of issues."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

if TYPE_CHECKING:
    from alembic.operations import Operations


def upgrade(operations: Operations) -> None:
    """Add the table."""
    texts = ("reason", "name", "until", "since")
    operations.create_table(
        "issue_mark",
        sa.Column("uid", sa.Text, primary_key=True, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("state", "kind", "level", "areas")),
        sa.Column("x", sa.Float),
        sa.Column("y", sa.Float),
        *(sa.Column(name, sa.Text) for name in texts),
        sa.Column("revision", sa.Integer, nullable=False),
    )
