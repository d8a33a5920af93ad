"""What the pointer snapped to, in words for the status line."""

from __future__ import annotations

from ui.canvas.snapping import Snap, SnapKind
from ui.texts import mark, tr

_WORDS = {
    SnapKind.NODE: mark("节点"),
    SnapKind.VERTEX: mark("边界上的点"),
    SnapKind.INTERSECTION: mark("交点"),
    SnapKind.CORNER: mark("建筑的角点"),
    SnapKind.SQUARE: mark("直角"),
    SnapKind.MIDDLE: mark("线段中点"),
    SnapKind.BORDER: mark("边界线"),
    SnapKind.ROAD: mark("道路"),
    SnapKind.RIVER: mark("河流水域"),
    SnapKind.RAILWAY: mark("铁路线"),
    SnapKind.WALL: mark("建筑的边线"),
}


def snap_words(snap: Snap | None) -> str:
    """Return what was snapped to; empty for nothing."""
    if snap is None:
        return ""
    if snap.kind is SnapKind.NODE:
        return tr("{n} 条边界相交的节点", n=snap.ends)
    words = tr(_WORDS[snap.kind])
    return f"{words} {snap.name}" if snap.name else words
