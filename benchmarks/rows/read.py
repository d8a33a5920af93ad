"""Reading polygons from a GeoPackage: the program's reader, pyogrio, and bare blobs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from benchmarks.data import LAYER, data_file
from benchmarks.measure import ChildFailedError, ChildResult, Line, Report, Timing, in_child, timed
from benchmarks.peer_env import peer_python

SIZES = [10_161, 100_000]
REPEATS = 5


def run(sizes: list[int] | None) -> Report:
    """Measure each size against both peers; geometry and columns are ours, geometry theirs."""
    report = Report("read")
    for areas in sizes or SIZES:
        path = str(data_file(areas, is_planted=False).path)
        try:
            ours: ChildResult | None = in_child("benchmarks.rows.read:read_with_ours", path=path)
            note = ""
        except ChildFailedError as error:
            ours, note = None, f"ours could not be measured: {error}"
        for peer, module in (("bare blobs", "shapely_alone"), ("pyogrio", "pyogrio_io")):
            theirs = in_child(
                f"benchmarks.peers.{module}:time_read",
                python=peer_python(),
                path=path,
                layer=LAYER,
                repeats=REPEATS,
            )
            seconds = Timing(tuple(theirs.value["seconds"])).p50
            mine = ours.value["p50"] if ours else None
            peak = ours.peak_mb if ours else None
            report.add(Line(f"read {areas:,}", mine, peer, seconds, peak, note=note))
            report.details[f"{peer} {areas}"] = theirs.value | {"peak_mb": theirs.peak_mb}
    return report


def read_with_ours(path: str) -> dict[str, Any]:
    """Return the median seconds of the program's reader."""
    from gridadmin.exchange.geopackage_reader import read_geopackage

    table, seconds = timed(lambda: read_geopackage(Path(path), LAYER), REPEATS)
    return {"p50": seconds.p50, "areas": len(table.geometries)}
