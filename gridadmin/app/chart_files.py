"""Files of charts: room on the disk before, a look at a picture afterwards."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from gridadmin.base.errors import InputError, StoreError
from gridadmin.chart.drawing import DrawLand, DrawLines, DrawRaster
from gridadmin.chart.page import ChartPage
from gridadmin.chart.sheet import Sheet

_BYTES_PER_POINT = 14
"""A point of a line takes about so much in a file, before it is packed."""
_LEAST_BYTES = 4_000_000
_PACKED = 0.5


def refuse_full_disk(out: Path, pages: Sequence[ChartPage], dpi: float) -> None:
    """Refuse to begin what the disk has no room for. Raises: StoreError ``export.disk_full``."""
    need = float(_LEAST_BYTES)
    for page in pages:
        media = page.sheet.media
        if dpi:
            need += media.width * media.height / 25.4**2 * dpi**2 * 3 * _PACKED
        for call in page.drawing.calls:
            if isinstance(call, DrawLines):
                need += len(call.paths.xy) * _BYTES_PER_POINT
            elif isinstance(call, DrawLand):
                need += len(call.rings.xy) * _BYTES_PER_POINT
            elif isinstance(call, DrawRaster):
                pixels = call.frame.width * call.frame.height * (300 / 25.4) ** 2
                need += pixels * 3 * _PACKED
    # Painted, put together, and what waits aside meanwhile.
    if shutil.disk_usage(out.parent).free < 3 * need:
        raise StoreError("export.disk_full", file=str(out))


def check_png(path: Path, sheet: Sheet) -> None:
    """Look at a PNG that was written: its size, and that its last strip isn't blank.

    Raises: InputError ``chart.bad_picture``.
    """
    from PIL import Image

    before = Image.MAX_IMAGE_PIXELS
    Image.MAX_IMAGE_PIXELS = None
    try:
        with Image.open(path) as image:
            width, height = image.size
            mm = sheet.media.height / height
            # From the middle of the foot down to the edge: the neat line runs through there.
            top = round(height - (sheet.margin_mm + sheet.bleed_mm + 12.0) / mm)
            strip = image.crop((0, max(top, 0), width, height)).convert("L")
            darkest, _ = strip.getextrema()
    except (OSError, ValueError, SyntaxError) as fault:
        raise InputError("chart.bad_picture", file=str(path), why=str(fault)) from fault
    finally:
        Image.MAX_IMAGE_PIXELS = before
    if not isinstance(darkest, int | float) or darkest > 128:
        raise InputError("chart.bad_picture", file=str(path), why="the last strip is blank")
