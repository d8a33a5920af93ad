"""Step 4: areas know whether their border moved since the four bounds were written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

if TYPE_CHECKING:
    from alembic.operations import Operations


def upgrade(operations: Operations) -> None:
    """Add the column; nothing is out of date as yet."""
    column = sa.Column("is_bounds_stale", sa.Boolean, nullable=False, server_default=sa.false())
    with operations.batch_alter_table("area", recreate="never") as area:
        area.add_column(column)
