"""The last gestures that touched an area, on its page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ui.panels import words
from ui.panels.desk import Desk
from ui.panels.gesture_words import gesture
from ui.panels.lasting_page import Part
from ui.panels.parts import ElidedButton, Fact, Section, row_of
from ui.texts import tr


def history_part(desk: Desk, uid: str) -> Iterator[Part]:
    """Yield the section of what happened to an area; nothing while that isn't known."""
    entries = desk.index.history_of(uid)
    if entries is None:
        return
    told = [
        Fact(
            words.clock(entry.time),
            words.dotted((gesture(entry, desk.index.gist_of(entry)), entry.note)),
        )
        for entry in entries
    ]
    yield Part(
        "history",
        (uid, told),
        lambda: HistorySection(desk, uid, told),
        lambda section: section.tell(uid, told),
    )


class HistorySection(Section):
    """Times and what was done, and the way to the whole history."""

    def __init__(self, desk: Desk, uid: str, told: Sequence[Fact]) -> None:
        super().__init__(tr("变更记录"))
        self._desk = desk
        self._none = self.say(tr("最近没有改动。"), "quiet")
        self.tell(uid, told)
        more = ElidedButton(tr("全部记录"), self._show_all, "link")
        more.setObjectName("whole-history")
        self.add(row_of(more))

    def tell(self, uid: str, told: Sequence[Fact]) -> None:
        """Show these gestures of an area."""
        self._uid = uid
        self._none.setVisible(not told)
        self.show_facts(told)

    def _show_all(self) -> None:
        self._desk.context.navigator.history_wanted.emit(self._uid)
