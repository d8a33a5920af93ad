"""From the bands of a picture, of whatever kind and depth, to red, green, blue and clear."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rasterio.enums import ColorInterp, MaskFlags, Resampling
from rasterio.windows import Window

Pixels = NDArray[np.uint8]

_SAMPLE_PX = 512
_LOW, _HIGH = 2.0, 98.0
"""The percentiles that become black and white where a band has more than eight bits."""


@dataclass(frozen=True, slots=True, eq=False)
class Bands:
    """Which bands are shown and how.

    ``indexes`` are one (grey or palette) or three bands, ``alpha`` the one that says what is
    clear; ``palette`` is ``(256, 4)``; ``ranges`` are what becomes black and white, per band.
    """

    indexes: tuple[int, ...]
    alpha: int | None
    palette: Pixels | None
    ranges: tuple[tuple[float, float], ...] | None
    has_mask: bool
    is_smooth: bool

    @classmethod
    def of(cls, file: Any) -> Bands:
        """Look at an open picture."""
        kinds = list(file.colorinterp)
        alpha = kinds.index(ColorInterp.alpha) + 1 if ColorInterp.alpha in kinds else None
        palette = _palette(file, kinds)
        indexes = (1,) if palette is not None else _shown(kinds)
        is_all_there = all(MaskFlags.all_valid in flags for flags in file.mask_flag_enums)
        has_mask = alpha is None and not is_all_there
        ranges = None
        if any(file.dtypes[index - 1] != "uint8" for index in indexes):
            ranges = tuple(_range(file, index) for index in indexes)
        return cls(indexes, alpha, palette, ranges, has_mask, palette is None)

    def read(self, file: Any, window: Window | None, width: int, height: int) -> Pixels:
        """Return a part of the picture in a size: ``(height, width, 3)``, with 4 where it has gaps.

        Raises: RasterioError.
        """
        way = Resampling.average if self.is_smooth else Resampling.nearest
        shape = (height, width)
        options = {"window": window, "resampling": way}
        colours = file.read(self.indexes, out_shape=(len(self.indexes), *shape), **options)
        alpha = self._alpha(file, window, shape)
        if self.palette is not None:
            found = self.palette[np.clip(colours[0], 0, len(self.palette) - 1)]
            clear = found[..., 3] if alpha is None else np.minimum(found[..., 3], alpha)
            return found[..., :3].copy() if clear.min() == 255 else _with(found[..., :3], clear)
        rgb = self._eight_bits(colours)
        rgb = np.repeat(rgb, 3, axis=0) if len(rgb) == 1 else rgb
        picture: Pixels = np.ascontiguousarray(np.moveaxis(rgb, 0, -1))
        return picture if alpha is None else _with(picture, alpha)

    def _alpha(self, file: Any, window: Window | None, shape: tuple[int, int]) -> Pixels | None:
        if self.alpha is not None:
            found = file.read(self.alpha, out_shape=shape, window=window)
            if found.dtype != np.uint8:
                return np.where(found > 0, 255, 0).astype(np.uint8)
            return np.asarray(found)
        if self.has_mask:
            return np.asarray(file.dataset_mask(out_shape=shape, window=window))
        return None

    def _eight_bits(self, colours: NDArray[Any]) -> Pixels:
        if self.ranges is None:
            return colours.astype(np.uint8, copy=False)
        found = np.zeros(colours.shape, dtype=np.uint8)
        for place, (low, high) in enumerate(self.ranges):
            band = np.nan_to_num(np.real(colours[place]).astype(np.float64))
            found[place] = np.clip((band - low) / (high - low) * 255.0, 0, 255).astype(np.uint8)
        return found


def _with(rgb: Pixels, alpha: Pixels) -> Pixels:
    return np.ascontiguousarray(np.concatenate([rgb, alpha[..., None]], axis=-1))


def _shown(kinds: list[ColorInterp]) -> tuple[int, ...]:
    """Return the bands of red, green and blue, else the first three, else the first."""
    wanted = (ColorInterp.red, ColorInterp.green, ColorInterp.blue)
    if all(kind in kinds for kind in wanted):
        return tuple(kinds.index(kind) + 1 for kind in wanted)
    plain = [place + 1 for place, kind in enumerate(kinds) if kind is not ColorInterp.alpha]
    return tuple(plain[:3]) if len(plain) >= 3 else tuple(plain[:1])


def _palette(file: Any, kinds: list[ColorInterp]) -> Pixels | None:
    if kinds[0] is not ColorInterp.palette or file.dtypes[0] not in ("uint8", "uint16"):
        return None
    try:
        entries = file.colormap(1)
    except ValueError:
        return None
    colours = np.zeros((max(entries) + 1, 4), dtype=np.uint8)
    for number, entry in entries.items():
        colours[number] = entry
    return colours


def _range(file: Any, index: int) -> tuple[float, float]:
    """Return what becomes black and white, from a small copy of the band."""
    height, width = min(file.height, _SAMPLE_PX), min(file.width, _SAMPLE_PX)
    sample = file.read(index, out_shape=(height, width), masked=True)
    values = np.real(np.asarray(sample.compressed())).astype(np.float64)
    values = values[np.isfinite(values)]
    if not values.size:
        return 0.0, 1.0
    low, high = (float(value) for value in np.percentile(values, (_LOW, _HIGH)))
    return (low, high) if high > low else (low, low + 1.0)
