"""Further maps beside the first one, places to come back to, a page of what is seen."""

from __future__ import annotations

from ui.menus.spec import MAP, ActionSpec
from ui.texts import mark

MAP_ACTIONS = (
    ActionSpec(
        "map.second",
        mark("第二幅地图"),
        MAP,
        0,
        "second-map",
        ("Ctrl+Shift+M",),
        mark("另开一个窗口，看别的底图、别的着色，或调整以前的边界。"),
        is_checkable=True,
    ),
    ActionSpec(
        "map.swipe",
        mark("卷帘对比"),
        MAP,
        0,
        "swipe",
        ("Ctrl+Shift+L",),
        mark("在同一幅地图上左右拖动，比较两种底图，或调整前后的边界。"),
        is_checkable=True,
    ),
    ActionSpec(
        "map.locator",
        mark("鹰眼图"),
        MAP,
        0,
        "locator",
        ("Ctrl+Shift+O",),
        mark("在地图一角看全部范围，拖动方框到别处。"),
        is_checkable=True,
    ),
    ActionSpec(
        "map.bookmarks",
        mark("书签…"),
        MAP,
        1,
        "pin",
        ("Ctrl+D",),
        mark("给现在看到的地方起个名字，以后直接回来；Alt+1 至 Alt+9 转到前九个。"),
    ),
    ActionSpec(
        "map.references",
        mark("参考图层…"),
        MAP,
        1,
        "layers",
        (),
        mark("把 FlatGeobuf、GPX、KML 等文件里的点、线、面叠在地图上看，不进入项目。"),
    ),
    ActionSpec(
        "map.print",
        mark("打印当前视图…"),
        MAP,
        2,
        "print",
        ("Ctrl+P",),
        mark("把现在看到的地图打印出来或存为 PDF，带标题、图例、比例尺和日期。"),
    ),
)
