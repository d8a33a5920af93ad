"""A page of the inspector that lasts: what is told anew stands in the widgets that are there.

Making a page takes longer than a frame of the screen, and an edit changes a few of its words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import Any, NamedTuple
from weakref import ref

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from ui.panels.desk import Desk
from ui.panels.page import Page
from ui.panels.parts import Fact, Section, line


class Part(NamedTuple):
    """A section of a page, and all that it tells: with the same *state* its widget stays.

    With another state *take* shows it in the widget that is there; where it returns False, and
    without it, the section is made anew. Parts have keys, and always come in one order.
    """

    key: str
    state: object
    make: Callable[[], QWidget]
    take: Callable[[Any], bool | None] | None = None


def facts_part(key: str, make: Callable[[], Section], facts: Sequence[Fact]) -> Part:
    """Return a part that tells *facts* at the end of the section that is made for it."""

    def made() -> Section:
        section = make()
        section.show_facts(facts)
        return section

    return Part(key, facts, made, lambda section: section.show_facts(facts))


class _Placed(NamedTuple):
    state: object
    widget: QWidget
    above: QWidget | None
    """The line above it."""


class LastingPage(Page):
    """A page that can show the present state of its selection without being made anew."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._placed: dict[str, _Placed] = {}
        # A project that was closed must go, though its last page is there until the next one.
        self._session = ref(desk.bridge.session)

    def parts(self) -> Iterable[Part] | None:
        """Return what there is to tell now, None where another kind of page has to tell it."""
        raise NotImplementedError

    def renew(self) -> bool:
        """Tell the present state; return False where the page has to be made anew for that."""
        if not self.desk.bridge.is_open or self.desk.bridge.session is not self._session():
            return False
        parts = self.parts()
        if parts is None:
            return False
        self._lay(list(parts))
        return True

    def leave(self) -> None:
        """Forget the sections: page and sections know each other, and would stay in memory."""
        self._placed.clear()

    def _lay(self, parts: list[Part]) -> None:
        wanted = {part.key for part in parts}
        for key in [key for key in self._placed if key not in wanted]:
            self._drop(key)
        was_empty, is_new = not self._placed, False
        for place, part in enumerate(parts):
            known = self._placed.get(part.key)
            if known is not None and known.state == part.state:
                continue
            if known is not None and _is_taken(part, known.widget):
                self._placed[part.key] = known._replace(state=part.state)
                continue
            if known is not None:
                self._drop(part.key)
            self._put(place, part)
            is_new = True
        if is_new and not was_empty:
            self._chain([self._placed[part.key].widget for part in parts])

    def _put(self, place: int, part: Part) -> None:
        above = line() if place else None
        if above is not None:
            self._column.insertWidget(2 * place - 1, above)
        widget = part.make()
        self._column.insertWidget(2 * place, widget)
        self._placed[part.key] = _Placed(part.state, widget, above)

    def _drop(self, key: str) -> None:
        placed = self._placed.pop(key)
        for widget in (placed.widget, placed.above):
            if widget is not None:
                # At once, so that nobody finds it on the page any more.
                widget.hide()
                self._column.removeWidget(widget)
                widget.setParent(None)
                widget.deleteLater()

    def _chain(self, sections: list[QWidget]) -> None:
        """Let Tab go through the sections in their order, not in that in which they were made."""
        inner = [one for section in sections for one in section.findChildren(QWidget)]
        # The list of a choice is a window of its own.
        here = [one for one in inner if one.window() is self.window()]
        reached = [one for one in here if _is_reached(one)]
        for before, widget in pairwise(reached):
            QWidget.setTabOrder(before, widget)


def _is_taken(part: Part, widget: QWidget) -> bool:
    return part.take is not None and part.take(widget) is not False


def _is_reached(widget: QWidget) -> bool:
    """Return whether Tab stops at a widget."""
    is_stop = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
    return is_stop and widget.focusProxy() is None
