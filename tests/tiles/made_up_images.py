"""Small pictures with a place, for tests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from numpy.typing import NDArray
from PIL import Image
from rasterio.transform import Affine, from_origin

PLANE = "EPSG:4544"
LEFT, TOP, PX_M = 430_000.0, 4_458_000.0, 0.5
"""Where :func:`geotiff` puts its upper left corner, and how large a pixel is."""


def quartered(width: int, height: int, bands: int = 3) -> NDArray[np.uint8]:
    """Return ``(bands, height, width)``: red upper left, green upper right, blue below, white."""
    pixels = np.zeros((bands, height, width), dtype=np.uint8)
    x, y = width // 2, height // 2
    colours = {(0, 0): (200, 0, 0), (0, 1): (0, 150, 0), (1, 0): (0, 0, 250), (1, 1): (255,) * 3}
    for (down, right), colour in colours.items():
        rows = slice(y, None) if down else slice(0, y)
        columns = slice(x, None) if right else slice(0, x)
        for band in range(min(bands, 3)):
            pixels[band, rows, columns] = colour[band]
    if bands == 4:
        pixels[3] = 255
    return pixels


def geotiff(path: Path, pixels: NDArray[Any], **options: Any) -> Path:
    """Write a GeoTIFF; by default in the plane of the demo city."""
    bands, height, width = pixels.shape
    profile: dict[str, Any] = {
        "driver": "GTiff",
        "width": width,
        "height": height,
        "count": bands,
        "dtype": pixels.dtype,
        "crs": PLANE,
        "transform": from_origin(LEFT, TOP, PX_M, PX_M),
        "compress": "deflate",
    } | options
    colormap = profile.pop("colormap", None)
    overviews = profile.pop("overviews", None)
    with rasterio.open(path, "w", **profile) as file:
        if colormap:
            file.write_colormap(1, colormap)
        file.write(pixels)
        if overviews:
            file.build_overviews(overviews)
    return path


def world_image(path: Path, pixels: NDArray[np.uint8], transform: Affine | None = None) -> Path:
    """Write a picture with a world file beside it (none when *transform* is None)."""
    Image.fromarray(np.moveaxis(pixels, 0, -1)).save(path)
    if transform is not None:
        t = transform
        numbers = (t.a, t.d, t.b, t.e, t.c + (t.a + t.b) / 2, t.f + (t.d + t.e) / 2)
        suffix = f".{path.suffix[1]}{path.suffix[-1]}w"
        path.with_suffix(suffix).write_text("\n".join(f"{n:.10f}" for n in numbers))
    return path


def decoded(content: bytes | None) -> NDArray[np.uint8]:
    """Return a tile as ``(rows, columns, 4)``."""
    import io

    assert content is not None
    with Image.open(io.BytesIO(content)) as image:
        return np.asarray(image.convert("RGBA"))
