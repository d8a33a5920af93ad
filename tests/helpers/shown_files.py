"""Small files of points, lines and areas in the middle of the demo city."""

from __future__ import annotations

from pathlib import Path

import fiona
from pyproj import Transformer

PLANE = "EPSG:4544"
X, Y = 430_000.0, 4_456_000.0
"""The lower left corner of the first square, and of the track, in metres of the plane."""


def squares(path: Path, crs: str | None = PLANE, count: int = 3) -> Path:
    """Write squares of 200 m, 400 m apart, called 地块0, 地块1… as FlatGeobuf."""
    schema = {"geometry": "Polygon", "properties": {"name": "str"}}
    with fiona.open(path, "w", driver="FlatGeobuf", crs=crs, schema=schema) as file:
        for number in range(count):
            x, y = X + 400 * number, Y
            ring = [(x, y), (x + 200, y), (x + 200, y + 200), (x, y + 200), (x, y)]
            shape = {"type": "Polygon", "coordinates": [ring]}
            file.write({"geometry": shape, "properties": {"name": f"地块{number}"}})
    return path


def track(path: Path) -> Path:
    """Write a GPX file with two waypoints and a track of 400 m eastwards."""
    place = Transformer.from_crs(PLANE, "EPSG:4326", always_xy=True).transform
    points = [place(X + 40 * step, Y) for step in range(11)]
    marks = "".join(
        f'<wpt lat="{lat:.9f}" lon="{lon:.9f}"><name>点{number}</name></wpt>'
        for number, (lon, lat) in enumerate(points[::10])
    )
    line = "".join(f'<trkpt lat="{lat:.9f}" lon="{lon:.9f}"/>' for lon, lat in points)
    path.write_text(
        '<?xml version="1.0"?><gpx version="1.1" creator="test" '
        f'xmlns="http://www.topografix.com/GPX/1/1">{marks}'
        f"<trk><name>路线</name><trkseg>{line}</trkseg></trk></gpx>",
        encoding="utf-8",
    )
    return path
