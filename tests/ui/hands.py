"""What a hand does with buttons: it waits until they are there and can be pressed."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from tests.helpers.patience import until

Shown = TypeVar("Shown", bound=QWidget)


def tap(widget: QWidget, at: QPoint | None = None) -> None:
    """Click a widget with the left button as soon as it shows and can be clicked.

    What is put on a page that shows already comes into sight a turn of the event loop later, and
    many a button can be pressed only when a worker has looked at what it would do.
    """
    until(
        lambda: widget.isVisible() and widget.isEnabled(),
        lambda: f"{widget.objectName() or widget} can't be clicked: {widget.toolTip()}",
    )
    place = widget.rect().center() if at is None else at
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)


def coming(above: QWidget, kind: type[Shown], name: str) -> Shown:
    """Return the widget of a name as soon as it shows, and shows once."""

    def visible() -> list[Shown]:
        return [one for one in above.findChildren(kind, name) if one.isVisible()]

    until(lambda: len(visible()) == 1, lambda: f"{name} shows {len(visible())} times")
    return visible()[0]


def all_shown(above: QWidget) -> None:
    """Wait until all shows that was put on a page, but for what was hidden on purpose."""

    def coming_ones() -> list[QWidget]:
        return [
            one
            for one in above.findChildren(QWidget)
            if not (one.isWindow() or one.isVisible())
            and not one.testAttribute(Qt.WidgetAttribute.WA_WState_ExplicitShowHide)
            and (holder := one.parentWidget()) is not None
            and holder.isVisible()
        ]

    until(lambda: not coming_ones(), lambda: f"still to come: {coming_ones()}")
