"""Which benchmarks there are: one module of ``benchmarks.rows`` each, imported when it runs."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Protocol

from benchmarks.measure import Report

BENCHMARKS: Mapping[str, str] = {
    "generate": "make the benchmark data: time and memory",
    "read": "read polygons from a GeoPackage, against pyogrio and bare blobs",
    "export": "write a GeoPackage with spatial index, against pyogrio",
    "publish": "make a release and its package, hand a street out and take it in",
    "check": "find all gaps and overlaps, against reading, shapely and maup",
    "repair": "settle all gaps and overlaps of a file with planted faults",
    "truth": "planted faults found and nothing else: recall and precision by size, three seeds",
    "rough": "neighbours a hair apart; 12,000 polygons of 3 million points, many of them invalid",
    "build": "build the partition from polygons, clean and with planted faults",
    "open": "open a project, and its first full check",
    "edit": "execute one edit with polygons and durable store, as the map grows",
    "recheck": "keep up the issues after one edit",
    "undo": "take gestures back and repeat them",
    "picture": "paint the map picture: whole project and one street",
    "basemap": "fill a screen with the tiles of a base map: cold, and from memory",
    "chart": "a wall chart of a whole project on A0: gathered, laid out, painted, looked at",
    "window": "start, first sharp map, pan and zoom, stalls, a step of a drag",
    "tools": "a step of each boundary tool: snapping, what would come of it, totals, paint",
    "people": "the workspace of people: table, filters, scrolling, a change, coverage matrix",
    "soak": "2,000 random pans, zooms, selections, edits, undos: memory and stalls",
    "assign": "best assignments at the published sizes, proven over every pair",
    "kill": "kill the program while it edits, 200 times: nothing acknowledged is lost",
    "faults": "break deliveries on the way to five kinds of servers, over 500 times",
    "peers": "gaps and overlaps as other programs find them",
}


class Row(Protocol):
    """What a module of ``benchmarks.rows`` offers."""

    def run(self, sizes: list[int] | None) -> Report:
        """Measure at the given numbers of areas, or at the usual ones."""


def row(name: str) -> Row:
    """Return the module of one benchmark."""
    module: Row = import_module(f"benchmarks.rows.{name}")
    return module
