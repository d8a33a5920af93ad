"""Sheets on paper."""

from __future__ import annotations

from ui.menus.spec import CHARTS, ActionSpec
from ui.texts import mark

CHART_ACTIONS = (
    ActionSpec(
        "chart.save",
        mark("生成图纸…"),
        CHARTS,
        0,
        "export",
        tip=mark("把选好的图幅写成 PDF、图片或 SVG；写完后重新打开检查。"),
    ),
    ActionSpec(
        "chart.print",
        mark("打印图纸…"),
        CHARTS,
        0,
        "print",
        tip=mark("按原大打印正在看的图幅。"),
    ),
    ActionSpec(
        "chart.tiles",
        mark("拼接打印（A4/A3）…"),
        CHARTS,
        0,
        "grid",
        tip=mark("把大幅图纸切成 A4 或 A3 打印，再按示意图拼成原大。"),
    ),
    ActionSpec("chart.previous", mark("上一页"), CHARTS, 1, "previous"),
    ActionSpec("chart.next", mark("下一页"), CHARTS, 1, "next"),
    ActionSpec("chart.zoom_in", mark("放大图纸"), CHARTS, 2, "zoom-in"),
    ActionSpec("chart.zoom_out", mark("缩小图纸"), CHARTS, 2, "zoom-out"),
    ActionSpec("chart.fit", mark("看全图纸"), CHARTS, 2, "zoom-all"),
    ActionSpec("chart.true_size", mark("按纸上大小看"), CHARTS, 2, "zoom-selection"),
)
