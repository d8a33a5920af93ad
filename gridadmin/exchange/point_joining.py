"""Points of a file of buildings: each is a building, or a label of a footprint that is there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely

from gridadmin.exchange.pieces import Piece, distinct

_MOST_FACTS = ("households", "entrances", "floors", "address", "compound", "compound_type")


@dataclass(frozen=True)
class JoinedPoints:
    """Points that are buildings, and the footprints with what their labels knew beside."""

    objects: tuple[Piece, ...]
    hosts: tuple[Piece, ...]
    duplicates: int


def joined_points(points: Sequence[Piece], footprints: Sequence[Piece]) -> tuple[JoinedPoints, int]:
    """Return the points that are buildings of their own, and how many were labels.

    A point inside a footprint labels it and gives it what it lacks: name, address, households. So
    does one that bears its id. A house number or entrance is never a building.
    """
    if not points:
        return JoinedPoints((), tuple(footprints), 0), 0
    single = [replace(point, shape=shapely.centroid(point.shape)) for point in points]
    hosts = list(footprints)
    inside = _hosts_of(single, hosts)
    by_id = {host.source_id: n for n, host in enumerate(hosts) if host.source_id is not None}
    free: list[Piece] = []
    labels = 0
    for number, point in enumerate(single):
        host = inside.get(number)
        if host is None and point.source_id is not None:
            host = by_id.get(point.source_id)
        if host is not None:
            hosts[host] = _with_more(hosts[host], point)
            labels += 1
        elif point.kind == "mark":
            labels += 1
        else:
            free.append(point)
    kept = distinct(free) if free else []
    return JoinedPoints(tuple(kept), tuple(hosts), len(free) - len(kept)), labels


def _hosts_of(points: Sequence[Piece], hosts: Sequence[Piece]) -> dict[int, int]:
    if not hosts:
        return {}
    shapes = np.array([host.shape for host in hosts], dtype=object)
    dots = np.array([point.shape for point in points], dtype=object)
    point, host = shapely.STRtree(shapes).query(dots, predicate="intersects")
    return dict(zip(point.tolist(), host.tolist(), strict=True))


def _with_more(host: Piece, label: Piece) -> Piece:
    facts = {key: label.facts[key] for key in _MOST_FACTS if key in label.facts}
    return replace(host, name=host.name or label.name, facts={**facts, **host.facts})
