"""What the tool *adjust border* says while nothing is on its way."""

from __future__ import annotations

from ui.canvas.picking import VertexHit
from ui.texts import tr
from ui.tools.tool import Hint


def rest_hint() -> Hint:
    """Return what clicks and keys do while no point and no stretch is held."""
    return Hint(
        tr("拖动边界上的点，两侧区域一起变化；拖动线段可加点"),
        (
            (tr("Shift+拖动"), tr("移动整段")),
            ("A", tr("加点")),
            ("Del", tr("删点")),
            ("Tab", tr("逐点选择")),
            ("B", tr("整段边界")),
            ("Esc", tr("取消")),
        ),
    )


def point_hint(step_m: float, end_words: str) -> Hint:
    """Return what keys do with the active point; *end_words* is what E does."""
    return Hint(
        tr("已选中边界上的点"),
        (
            (tr("方向键"), tr("移动 {m} 米", m=step_m)),
            ("Shift", tr("十倍")),
            ("Del", tr("删点")),
            ("B", tr("整段边界")),
            ("E", end_words),
            ("Tab", tr("下一点")),
            ("Esc", tr("取消")),
        ),
    )


def under_pointer(vertex: VertexHit | None, *, is_border: bool) -> str:
    """Return what the pointer is on, in words; empty for nothing."""
    if vertex is None:
        return tr("边界线") if is_border else ""
    if vertex.ends > 2:
        return tr("{n} 条边界相交的节点", n=vertex.ends)
    return tr("边界上的点")
