"""Names along roads and rivers: written on straight stretches, turned with them, not too often."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import shapely
from numpy.typing import NDArray

from gridadmin.chart.occupied import Occupied
from gridadmin.chart.sheet import Frame
from gridadmin.chart.surface import Align, Metrics, TextStyle, Words

_BEND = 0.42
"""A stretch may leave its chord by so much of the size of the letters."""
_SPREAD = 0.35
"""Letters of a long road stand apart by up to so much of their size."""


def names_along(
    name: str,
    line: shapely.Geometry,
    style: TextStyle,
    taken: Occupied,
    metrics: Metrics,
    every_mm: float,
) -> list[Words]:
    """Return a name where it can stand along lines in mm; what it takes is taken afterwards.

    Between two of the same name lie at least *every_mm*.
    """
    found: list[Words] = []
    parts = sorted(shapely.get_parts(line).tolist(), key=lambda part: -part.length)
    for part in parts:
        if part.geom_type != "LineString":
            continue
        for words in _along(name, part, style, metrics):
            is_far = all(
                math.hypot(words.x - other.x, words.y - other.y) >= every_mm for other in found
            )
            frames = list(_frames(words))
            if is_far and all(taken.is_free(frame) for frame in frames):
                found.append(words)
                for frame in frames:
                    taken.take(frame)
    return found


def _along(
    name: str, part: shapely.LineString, style: TextStyle, metrics: Metrics
) -> Iterator[Words]:
    width = metrics.width_mm(name, style)
    length = float(part.length)
    if length < width * 1.15:
        return
    room = min(length / width - 1.15, 1.0)
    spread = replace(style, spacing_mm=style.size_mm * _SPREAD * max(room, 0.0))
    width = metrics.width_mm(name, spread) - spread.spacing_mm
    step = max(width * 0.6, 2.0)
    count = int((length - width) / step) + 1
    # From the middle outwards: there the name says best what it names.
    starts = sorted(
        ((length - width) / 2 + (k - count // 2) * step for k in range(count)),
        key=lambda start: abs(start - (length - width) / 2),
    )
    for start in starts:
        if start < 0 or start + width > length:
            continue
        share = np.linspace(start, start + width, 9)
        points = shapely.get_coordinates(shapely.line_interpolate_point(part, share))
        chord = points[-1] - points[0]
        span = float(np.hypot(*chord))
        if span < width * 0.97 or _bend(points, chord, span) > _BEND * style.size_mm:
            continue
        angle = math.degrees(math.atan2(-chord[1], chord[0]))
        if angle > 90:
            angle -= 180
        elif angle <= -90:
            angle += 180
        x, y = points.mean(axis=0).tolist()
        # The baseline lies below the line by what makes the letters stand in its middle.
        turned, drop = math.radians(angle), 0.36 * style.size_mm
        yield Words(
            name,
            x + math.sin(turned) * drop,
            y + math.cos(turned) * drop,
            spread,
            Align.MIDDLE,
            angle,
            width,
        )


def _bend(points: NDArray[np.float64], chord: NDArray[np.float64], span: float) -> float:
    off = points - points[0]
    return float(np.abs(off[:, 0] * chord[1] - off[:, 1] * chord[0]).max() / max(span, 1e-9))


def _frames(words: Words) -> Iterator[Frame]:
    """Yield small frames that together cover turned words."""
    size = words.style.size_mm
    angle = math.radians(words.angle_deg)
    along = math.cos(angle), -math.sin(angle)
    middle = words.x - math.sin(angle) * 0.36 * size, words.y - math.cos(angle) * 0.36 * size
    count = max(math.ceil(words.width_mm / size), 1)
    for number in range(count + 1):
        off = (number / count - 0.5) * words.width_mm
        x, y = middle[0] + along[0] * off, middle[1] + along[1] * off
        yield Frame(x - size * 0.55, y - size * 0.55, size * 1.1, size * 1.1)
