"""pyogrio: reads and writes GeoPackages through GDAL."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from time import perf_counter, process_time
from typing import Any


def time_read(path: str, layer: str, repeats: int) -> dict[str, Any]:
    """Return the seconds of reading the geometry into shapely polygons, without columns."""
    raw = import_module("pyogrio.raw")
    shapely = import_module("shapely")
    seconds = []
    count = 0
    for _ in range(repeats):
        start = perf_counter()
        blobs = raw.read(path, layer=layer, columns=[])[2]
        count = len(shapely.from_wkb(blobs))
        seconds.append(perf_counter() - start)
    return {"seconds": seconds, "areas": count}


def time_write(path: str, layer: str, out: str, repeats: int) -> dict[str, Any]:
    """Return the seconds of writing shapely polygons and one column, with a spatial index."""
    pyogrio = import_module("pyogrio")
    raw = import_module("pyogrio.raw")
    shapely = import_module("shapely")
    meta, _, blobs, columns = raw.read(path, layer=layer)
    polygons = shapely.from_wkb(blobs)
    seconds = []
    begun = process_time()
    for _ in range(repeats):
        Path(out).unlink(missing_ok=True)
        start = perf_counter()
        raw.write(
            out,
            shapely.to_wkb(polygons),
            field_data=columns,
            fields=meta["fields"],
            geometry_type="MultiPolygon",
            crs=meta["crs"],
            layer=layer,
            driver="GPKG",
            layer_options={"SPATIAL_INDEX": "YES"},
        )
        seconds.append(perf_counter() - start)
    return {
        "seconds": seconds,
        "processor_s": (process_time() - begun) / repeats,
        "bytes": Path(out).stat().st_size,
        "version": pyogrio.__version__,
    }
