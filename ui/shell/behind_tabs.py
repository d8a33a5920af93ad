"""What lies behind a tab: Qt takes it for visible and would go to it with the Tab key."""

from __future__ import annotations

from PySide6.QtWidgets import QDockWidget, QTabBar, QWidget


def is_behind_a_tab(widget: QWidget) -> bool:
    """Return whether a widget lies in a dock behind another one, or is a tab bar without docks."""
    holder: QWidget | None = widget
    while holder is not None and not isinstance(holder, (QDockWidget, QTabBar)):
        holder = holder.parentWidget()
    return holder is not None and holder.visibleRegion().isEmpty()
