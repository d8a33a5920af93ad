"""Pictures of the window with a palette of few colours: a third of the size."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

_BITS = 5
_MOST = 256


def with_few_colours(picture: QImage, most: int = _MOST) -> QImage:
    """Return a picture with the colours it uses most; others become the nearest of them."""
    rgb = picture.convertToFormat(QImage.Format.Format_RGB888)
    width, height = rgb.width(), rgb.height()
    rows = np.frombuffer(rgb.constBits(), dtype=np.uint8).reshape(height, rgb.bytesPerLine())
    pixels = rows[:, : 3 * width].reshape(height, width, 3).astype(np.int32)
    bucket = _bucket(pixels)
    palette, number_of = _palette(pixels.reshape(-1, 3), bucket.ravel(), most)
    stride = (width + 3) // 4 * 4
    numbers = np.zeros((height, stride), dtype=np.uint8)
    numbers[:, :width] = number_of[bucket]
    data = numbers.tobytes()
    small = QImage(data, width, height, stride, QImage.Format.Format_Indexed8)
    small.setColorTable([0xFF000000 | int(r) << 16 | int(g) << 8 | int(b) for r, g, b in palette])
    return small.copy()


def _bucket(pixels: NDArray[np.int32]) -> NDArray[np.int32]:
    high: NDArray[np.int32] = pixels >> (8 - _BITS)
    found: NDArray[np.int32] = (high[..., 0] << 2 * _BITS) | (high[..., 1] << _BITS) | high[..., 2]
    return found


def _palette(
    pixels: NDArray[np.int32], bucket: NDArray[np.int32], most: int
) -> tuple[NDArray[np.int64], NDArray[np.uint8]]:
    """Return the colours, and for every bucket of similar ones the number of the nearest."""
    size = 1 << 3 * _BITS
    counts = np.bincount(bucket, minlength=size)
    used = np.nonzero(counts)[0]
    sums = [np.bincount(bucket, pixels[:, part], minlength=size)[used] for part in range(3)]
    means = np.stack(sums, axis=1) / counts[used, None]
    palette = np.rint(means[_chosen(means, counts[used], most)]).astype(np.int64)
    number_of = np.zeros(size, dtype=np.uint8)
    for start in range(0, len(used), 2048):
        part = means[start : start + 2048]
        distance = ((part[:, None, :] - palette[None, :, :]) ** 2).sum(axis=2)
        number_of[used[start : start + 2048]] = distance.argmin(axis=1)
    return palette, number_of


def _chosen(
    colours: NDArray[np.float64], counts: NDArray[np.int64], most: int
) -> NDArray[np.int64]:
    """Return which colours to keep: often used, or unlike all that are kept already."""
    chosen = [int(counts.argmax())]
    far = ((colours - colours[chosen[0]]) ** 2).sum(axis=1)
    weight = np.sqrt(counts)
    while len(chosen) < min(most, len(colours)):
        chosen.append(int((far * weight).argmax()))
        far = np.minimum(far, ((colours - colours[chosen[-1]]) ** 2).sum(axis=1))
    return np.array(chosen)
