"""What of a release goes into a package: levels, a place, tables about people, names of columns."""

from __future__ import annotations

from dataclasses import dataclass

from gridadmin.exchange.people_tables import PEOPLE_EXTRAS
from gridadmin.publish.mapping import PLAIN, Mapping


@dataclass(frozen=True, slots=True)
class Choice:
    """What a package holds. *levels* None = all, *area* the uid or code of one place, None = all.

    *tables* are of ``posts``, ``organizations`` and ``issues``; *mapping* gives the names and code
    lists that the receiver knows.
    """

    levels: tuple[str, ...] | None = None
    area: str | None = None
    tables: tuple[str, ...] = ()
    mapping: Mapping = PLAIN

    @property
    def has_people(self) -> bool:
        """Whether posts or units go along."""
        return any(table in PEOPLE_EXTRAS for table in self.tables)


WHOLE = Choice()
"""All boundaries, nobody's name."""

INTERNAL_TABLES = PEOPLE_EXTRAS
"""What the internal profile holds besides, unless a choice says otherwise."""
