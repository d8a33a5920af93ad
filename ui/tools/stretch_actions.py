"""What menus, search and the inspector offer for the border that is selected."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt

from ui.actions import Actions
from ui.context import Context
from ui.texts import tr
from ui.tools.adjust import AdjustTool

STRETCH_ACTIONS = ("adjust.straighten", "adjust.align", "adjust.offset")


def bind_stretch_actions(
    context: Context, actions: Actions, tool: AdjustTool, take_tool: Callable[[], object]
) -> None:
    """Bind the actions: *take_tool* takes the tool in hand, which then begins on the border."""

    def why_not() -> str:
        why = context.bridge.why_not_change()
        if why or context.selection.now.border is not None:
            return why
        return tr("请先选中一条边界。")

    def begin(act: Callable[[], None]) -> Callable[[], None]:
        def begun() -> None:
            take_tool()
            tool.map.setFocus(Qt.FocusReason.OtherFocusReason)
            act()

        return begun

    work = tool.stretch
    acts = (work.begin_straighten, work.begin_align, work.begin_shift)
    for key, act in zip(STRETCH_ACTIONS, acts, strict=True):
        actions.bind(key, begin(act), why_not)
