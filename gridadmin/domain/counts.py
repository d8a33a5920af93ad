"""Extra counts of an area that a scheme declares, such as the household groups of a micro-grid."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace

from gridadmin.domain.model import CELL_LEVEL, Area
from gridadmin.domain.scheme import Entry, Scheme


def counts_on(scheme: Scheme, level: str) -> tuple[Entry, ...]:
    """Return the counts that areas of a level have; those of no level in particular are on all."""
    if level == CELL_LEVEL:
        return ()
    return tuple(entry for entry in scheme.counts if not entry.levels or level in entry.levels)


def counts_of(area: Area) -> Mapping[str, int]:
    """Return the counts of an area that are known, by key."""
    if area.counts is None:
        return {}
    return {str(key): int(value) for key, value in json.loads(area.counts).items()}


def with_count(area: Area, key: str, value: int | None) -> Area:
    """Return the area with one count changed, or taken out (None)."""
    counts = dict(counts_of(area))
    if value is None:
        counts.pop(key, None)
    else:
        counts[key] = value
    return replace(area, counts=json.dumps(counts, sort_keys=True) if counts else None)
