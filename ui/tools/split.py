"""The tool *split*: draw a line across an area; both parts are shown before anything is done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from gridadmin.edit.split_commands import Split
from ui.canvas.overlay import Role
from ui.canvas.picking import areas_at
from ui.canvas.viewport import Place
from ui.dialogs.papers_fields import PapersForm, take_papers
from ui.panels import words
from ui.panels.lock_words import area_lock_words, plan_lock_words
from ui.texts import tr
from ui.tools.drawing import DrawingTool
from ui.tools.preview import Preview, previewed
from ui.tools.shapes import area_outline
from ui.tools.tool import Hint


class SplitTool(DrawingTool):
    """A line across what is selected, or what it runs through, cuts it and all levels below."""

    key_name = "split"

    def begin_hint(self) -> Hint:
        """Return what the first click does."""
        return Hint(
            tr("从区域外面单击开始画分割线，画到另一侧外面"),
            (
                (tr("先选中区域"), tr("只分所选的")),
                (tr("方向键+空格"), tr("用键盘加点")),
                ("Esc", tr("取消")),
            ),
        )

    def why_not_begin(self, place: Place | None) -> str:
        """Return what locks the outlines of what would be cut."""
        uids = self.context.selection.areas
        if not uids and place is not None:
            uids = self._shown_at(place)
        return area_lock_words(self.snapshot, uids) or plan_lock_words(self.snapshot)

    def finish_words(self) -> str:
        """Return what Enter does."""
        return tr("切开")

    def preview(self, line: Sequence[Place], place: Place) -> Preview:
        """Return what the cut would do."""
        command = self._command(line)
        if command is None:
            return Preview()
        level = self.snapshot.area(command.areas[0]).level
        found = previewed(self.context, command, place, level)
        if found.code == "edit.cuts_nothing":
            # It is not across yet, which is no mistake.
            found = Preview()
        outline = area_outline(self.snapshot, command.areas, Role.HOVER)
        return replace(found, things=[*outline, *found.things])

    def finish(self, line: Sequence[Place]) -> bool:
        """Cut along the line."""
        command = self._command(line)
        if command is None:
            self.context.messages.refuse(tr("这条线没有穿过任何区域，请从区域的一侧画到另一侧。"))
            return False
        areas = [self.snapshot.area(uid) for uid in command.areas]
        asks = not self.context.bridge.why_not_change() and take_papers(self.snapshot, areas)
        # What is refused anyway asks for nothing.
        if asks and not previewed(self.context, command, line[-1]).code:
            self._ask_papers(command, line[-1])
            return False
        return self._cut(command, line[-1])

    def _ask_papers(self, command: Split, place: Place) -> None:
        """Ask for the document first; the line stays where it is meanwhile."""
        names = tr("、").join(words.name_of_uid(self.snapshot, uid) for uid in command.areas)
        form = PapersForm(names, self.map.window())

        def act() -> None:
            if self._cut(replace(command, papers=form.fields.papers()), place):
                self.cancel()

        form.agreed.connect(act)
        form.finished.connect(form.deleteLater)
        form.open()

    def _cut(self, command: Split, place: Place) -> bool:
        done = self.context.bridge.execute(command, place=place)
        if done is None:
            return False
        created = [row["uid"] for row in dict(done.change.told).get("created", [])]
        self.context.selection.select_areas([*command.areas, *created[: len(command.areas)]])
        self.context.messages.done(tr("已分割。"), (tr("撤销"), self.context.bridge.undo))
        return True

    def _command(self, line: Sequence[Place]) -> Split | None:
        """Return the command for a line: of what is selected, else of the area it runs through."""
        uids = self.context.selection.areas or self._under(line)
        if len(line) < 2 or not uids:
            return None
        bridge = self.context.bridge
        return Split(uids, [bridge.to_plane(place) for place in line], children="cut")

    def _under(self, line: Sequence[Place]) -> tuple[str, ...]:
        """Return the area of the level shown in the middle of the longest stretch of a line."""
        if len(line) < 2:
            return ()
        points = np.array(line)
        longest = int(np.hypot(*np.diff(points, axis=0).T).argmax())
        x, y = points[longest : longest + 2].mean(axis=0).tolist()
        return self._shown_at((x, y))

    def _shown_at(self, place: Place) -> tuple[str, ...]:
        rank = self.snapshot.level_rank
        shown = [
            area
            for area in areas_at(self.snapshot, place)
            if rank(area.level) <= rank(self.map.shown_level)
        ]
        return (shown[-1].uid,) if shown else ()
