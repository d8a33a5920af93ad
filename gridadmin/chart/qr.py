"""QR codes of addresses, large enough for the camera of a phone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gridadmin.base.errors import InputError
from gridadmin.chart.sheet import Frame
from gridadmin.chart.surface import Paths, Surface

if TYPE_CHECKING:
    import segno

_BORDER = 3
"""So many squares around the code stay white."""
_BODIES, _LEAST_MM, _LEAST_SQUARE_MM = 8.5, 20.0, 0.4
MOST_BYTES = 2331
"""An address of more bytes doesn't go into a code that bears some dirt."""


def qr_code(address: str) -> segno.QRCode:
    """Return the QR code of an address. Raises: InputError ``chart.qr_too_long``."""
    import segno
    from segno.encoder import DataOverflowError

    try:
        return segno.make(address, error="m", micro=False)
    except DataOverflowError as fault:
        length = len(address.encode())
        raise InputError("chart.qr_too_long", length=length, most=MOST_BYTES) from fault


def side_of(code: segno.QRCode, body_mm: float) -> float:
    """Return how large a code is beside letters of that size, in mm; long ones are larger."""
    squares = len(code.matrix) + 2 * _BORDER
    return max(body_mm * _BODIES, _LEAST_MM, squares * _LEAST_SQUARE_MM)


def draw_qr(surface: Surface, code: segno.QRCode, frame: Frame) -> None:
    """Draw a QR code, quiet zone included."""
    rows = [list(row) for row in code.matrix]
    step = frame.width / (len(rows) + 2 * _BORDER)
    surface.land(Paths.frame(frame), "#FFFFFF")
    bars = []
    for number, row in enumerate(rows):
        at = 0
        while at < len(row):
            end = at
            while end < len(row) and row[end]:
                end += 1
            if end > at:
                x = frame.x + (at + _BORDER) * step
                y = frame.y + (number + _BORDER) * step
                # A hair of overlap: no white seam between two rows in any viewer.
                bars.append(Paths.frame(Frame(x, y, (end - at) * step, step * 1.02)).xy)
            at = max(end, at + 1)
    for bar in bars:
        surface.land(Paths.of([bar]), "#000000")
