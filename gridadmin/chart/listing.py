"""A drawing as lines of text: what tests keep as golden files, and people can compare."""

from __future__ import annotations

import hashlib

from gridadmin.chart.drawing import Call, Drawing, DrawLand, DrawLines, DrawRaster, DrawWords
from gridadmin.chart.drawing import SetClip as _SetClip
from gridadmin.chart.sheet import Frame
from gridadmin.chart.surface import Paths, Pen


def listing(drawing: Drawing) -> list[str]:
    """Return one line for each call, lengths in mm with two digits.

    Of many points the line holds how many there are, the frame around them and a hash of them.
    """
    sheet = drawing.sheet
    head = f"sheet {sheet.width_mm:g} x {sheet.height_mm:g} bleed {sheet.bleed_mm:g}"
    return [head, *(_line(call) for call in drawing.calls)]


def _line(call: Call) -> str:
    if isinstance(call, DrawLines):
        return f"lines {_paths(call.paths)} {_pen(call.pen)}"
    if isinstance(call, DrawLand):
        outline = "" if call.pen is None else f" {_pen(call.pen)}"
        return f"land {_paths(call.rings)} {call.fill or '-'}{outline}"
    if isinstance(call, DrawWords):
        words, style = call.words, call.words.style
        weight = " bold" if style.is_bold else ""
        turned = f" {words.angle_deg:.1f}°" if words.angle_deg else ""
        at = f"{words.x:.2f} {words.y:.2f} {words.align}"
        return f"words {at} {style.size_mm:.2f}{weight} {style.colour}{turned} {words.text}"
    if isinstance(call, DrawRaster):
        return f"raster {_frame(call.frame)}"
    if isinstance(call, _SetClip):
        return "clip off" if call.frame is None else f"clip {_frame(call.frame)}"
    return f"link {_frame(call.frame)} {call.target.page or call.target.address}"


def _paths(paths: Paths) -> str:
    bounds = paths.bounds
    around = "-" if bounds is None else _frame(bounds)
    rounded = (paths.xy * 100).round().astype("<i8").tobytes() + paths.offsets.tobytes()
    sha = hashlib.sha256(rounded).hexdigest()[:8]
    return f"{len(paths)} of {len(paths.xy)} points in {around} {sha}"


def _pen(pen: Pen) -> str:
    dash = "" if not pen.dash_mm else " dash " + " ".join(f"{d:g}" for d in pen.dash_mm)
    return f"pen {pen.colour} {pen.width_mm:.2f}{dash}"


def _frame(frame: Frame) -> str:
    return " ".join(f"{value:.2f}" for value in frame)
