"""mapshaper: holes of the dissolved layer, and the pieces of its mosaic that lie in several areas.

It reads no GeoPackage without a native library, so it gets a Shapefile, made before the clock runs.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from importlib import import_module
from pathlib import Path
from time import perf_counter
from typing import Any


def check(path: str, layer: str, program: str) -> dict[str, Any]:
    """Find gaps and overlaps; *program* is the script of mapshaper, run by node."""
    with tempfile.TemporaryDirectory() as folder:
        source, union, pieces = (
            str(Path(folder) / name) for name in ("areas.shp", "union.json", "pieces.json")
        )
        table = import_module("geopandas").read_file(path, layer=layer)
        table[["geometry"]].to_file(source, engine="pyogrio")
        read_s, _ = _run(program, source, "-info")
        gap_s, gap_mb = _run(
            program, source, "-dissolve2", "gap-fill-area=0", "-o", union, "format=geojson"
        )
        overlap_s, overlap_mb = _run(
            program, source, "-mosaic", "calc=n = count()", "-filter", "n > 1",
            "-each", "m2 = this.originalArea", "-o", pieces, "format=geojson",
        )  # fmt: skip
        holes = _holes(union)
        shared = [one["properties"] for one in _features(pieces)]
    return {
        "version": _version(program),
        "seconds": {
            "read": read_s,
            "gaps": max(gap_s - read_s, 0.0),
            "overlaps": max(overlap_s - read_s, 0.0),
            "all": gap_s + overlap_s - read_s,
        },
        "gaps": len(holes),
        "gap_m2": sum(holes),
        "overlaps": len(shared),
        "overlap_m2": sum(one["m2"] for one in shared),
        "child_mb": max(gap_mb, overlap_mb),
    }


def _run(program: str, *arguments: str) -> tuple[float, float]:
    """Run mapshaper; return its seconds and the most memory that it held, in MiB."""
    start = perf_counter()
    child = subprocess.Popen(
        [_node(), program, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    _, said = child.communicate()
    seconds = perf_counter() - start
    if child.returncode:
        raise RuntimeError(said.decode("utf-8", "replace")[-500:])
    import resource

    return seconds, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def _node() -> str:
    found = shutil.which("node")
    if found is None:
        raise RuntimeError("node is not installed")
    return found


def _features(path: str) -> list[dict[str, Any]]:
    content = json.loads(Path(path).read_text(encoding="utf-8"))
    found: list[dict[str, Any]] = content.get("features", [])
    return found


def _holes(path: str) -> list[float]:
    shapely = import_module("shapely")
    content = json.loads(Path(path).read_text(encoding="utf-8"))
    shapes = [
        shapely.from_geojson(json.dumps(one.get("geometry", one)))
        for one in content.get("features") or content.get("geometries") or [content]
    ]
    parts = shapely.get_parts(shapes)
    return [float(shapely.Polygon(ring).area) for part in parts for ring in part.interiors]


def _version(program: str) -> str:
    package = Path(os.path.realpath(program)).parents[1] / "package.json"
    return str(json.loads(package.read_text(encoding="utf-8"))["version"])
