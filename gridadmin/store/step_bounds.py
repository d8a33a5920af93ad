"""Step 4: areas know whether their border moved since the four bounds were written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

if TYPE_CHECKING:
    from alembic.operations import Operations


def upgrade(operations: Operations) -> None:
    """Add the column; nothing is out of date as yet."""
    column = sa.Column("is_bounds_stale", sa.Boolean, nullable=False, server_default=sa.false())
    with operations.batch_alter_table("area", recreate="always") as area:
        area.add_column(column, insert_after="counts")
    with operations.batch_alter_table("area", recreate="always") as area:
        # The default was for the rows that were there.
        area.alter_column("is_bounds_stale", server_default=None)
