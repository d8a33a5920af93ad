"""Writing a GeoPackage with spatial index: the program's writer against pyogrio."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time
from typing import Any

from benchmarks.data import LAYER, data_file
from benchmarks.measure import ChildFailedError, ChildResult, Line, Report, Timing, in_child, timed
from benchmarks.peer_env import peer_python

SIZES = [10_161, 100_000]
REPEATS = 3
BAR = 1.5


def run(sizes: list[int] | None) -> Report:
    """Measure each size; ours also checks the finished file and makes it durable."""
    report = Report("export")
    for areas in sizes or SIZES:
        path = str(data_file(areas, is_planted=False).path)
        note = ""
        try:
            ours: ChildResult | None = in_child("benchmarks.rows.export:write_with_ours", path=path)
        except ChildFailedError as error:
            ours, note = None, f"ours could not be measured: {error}"
        with TemporaryDirectory() as folder:
            theirs = in_child(
                "benchmarks.peers.pyogrio_io:time_write",
                python=peer_python(),
                path=path,
                layer=LAYER,
                out=str(Path(folder) / "out.gpkg"),
                repeats=REPEATS,
            )
        seconds = Timing(tuple(theirs.value["seconds"])).p50
        if ours:
            # Beside other work the disk's share varies; the processor's tells what was gained.
            busy = ours.value["processor_s"], theirs.value["processor_s"]
            note = "whole proof, hash, fsync; processor {:.2f} s, theirs {:.2f} s".format(*busy)
        mine = ours.value["p50"] if ours else None
        peak = ours.peak_mb if ours else None
        report.add(Line(f"export {areas:,}", mine, "pyogrio", seconds, peak, BAR, note))
        report.details[f"pyogrio {areas}"] = theirs.value | {"peak_mb": theirs.peak_mb}
    return report


def write_with_ours(path: str) -> dict[str, Any]:
    """Return the median seconds of the program's writer, on the same polygons in lon, lat."""
    import numpy as np
    import shapely
    from pyproj import Transformer

    from benchmarks.partition import EPSG
    from benchmarks.peers.shapely_alone import read
    from gridadmin.exchange.geopackage_writer import write_package
    from gridadmin.exchange.package_content import Column, ColumnType, Layer, Package

    to_lonlat = Transformer.from_crs(EPSG, 4490, always_xy=True)
    polygons = shapely.transform(
        read(path, LAYER), lambda xy: np.column_stack(to_lonlat.transform(xy[:, 0], xy[:, 1]))
    )
    layer = Layer(
        name=LAYER,
        title="微网格",
        columns=(Column("code", ColumnType.TEXT, "编码"),),
        fids=np.arange(1, len(polygons) + 1, dtype=np.int64),
        geometries=polygons,
        values=[(f"99{index:07d}",) for index in range(1, len(polygons) + 1)],
    )
    package = Package((layer,), last_change="2025-01-01T00:00:00Z")
    with TemporaryDirectory() as folder:
        out = Path(folder) / "out.gpkg"
        begun = process_time()
        _, seconds = timed(lambda: write_package(out, package), REPEATS)
        busy = (process_time() - begun) / REPEATS
    return {"p50": seconds.p50, "processor_s": busy, "areas": len(polygons)}
