"""Records of deliveries: added, brought to their next state, and read; never taken out."""

from __future__ import annotations

from dataclasses import asdict, fields

from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert

from gridadmin.domain.delivery import Delivery
from gridadmin.store.tables import DELIVERY

_COLUMNS = tuple(field.name for field in fields(Delivery))


def keep_delivery(connection: Connection, delivery: Delivery) -> None:
    """Add a delivery, or bring the one that bears its uid to what it is now."""
    values = asdict(delivery)
    statement = insert(DELIVERY).values(values)
    changed = {name: value for name, value in values.items() if name != "uid"}
    connection.execute(statement.on_conflict_do_update(index_elements=["uid"], set_=changed))


def read_deliveries(connection: Connection, limit: int | None = None) -> list[Delivery]:
    """Return the deliveries, the newest first."""
    columns = [DELIVERY.c[name] for name in _COLUMNS]
    query = select(*columns).order_by(DELIVERY.c.started.desc(), DELIVERY.c.uid.desc())
    return [Delivery(*row) for row in connection.execute(query.limit(limit))]
