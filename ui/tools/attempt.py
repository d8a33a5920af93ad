"""A change on its way: what it would do is shown before it is carried out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from gridadmin.app.effects import effects_of
from gridadmin.base.errors import EditError
from gridadmin.edit.command import Command
from gridadmin.edit.document import Done
from gridadmin.partition.snapshot import Snapshot
from ui.bridge import Bridge
from ui.canvas.overlay import Handles, Mark, Outline, Role, Thing
from ui.canvas.viewport import Floats, Place
from ui.texts import explain, tr
from ui.tools.levels_said import above_rows
from ui.tools.shapes import border_outline, cut_things, effect_tag
from ui.tools.tool import Hint


class Attempt:
    """One command in the making; ``place`` (local metres) is where its effect is told."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.done: Done | None = None
        self.refusal: EditError | None = None

    # What others say of theirs

    def command(self, bridge: Bridge) -> Command:
        """Return what would be carried out now."""
        raise NotImplementedError

    @property
    def is_nothing(self) -> bool:
        """Whether it changes nothing yet, so that it may be dropped without a word."""
        return False

    def wanted_lines(self, snapshot: Snapshot) -> Sequence[Floats]:
        """Return the lines that it would draw, for when it is refused."""
        return ()

    def more_things(self) -> Sequence[Thing]:
        """Return what else is to be seen."""
        return ()

    def words(self, snapshot: Snapshot) -> Hint:
        """Return what to say while nothing is in the way."""
        return Hint(tr("松开即保存"), (("Esc", tr("取消")),))

    # What is the same for all

    def look(self, bridge: Bridge) -> None:
        """Find out what it would do."""
        try:
            self.done, self.refusal = bridge.preview(self.command(bridge)), None
        except EditError as refusal:
            self.done, self.refusal = None, refusal

    @property
    def is_known(self) -> bool:
        """Whether it has been looked at."""
        return self.done is not None or self.refusal is not None

    def hint(self, snapshot: Snapshot) -> Hint:
        """Return what to say: the reason against it, or what the next key does."""
        hint = self.words(snapshot)
        if self.refusal is not None:
            return Hint(explain(self.refusal), hint.keys, is_refusal=True)
        return hint

    def things(self, snapshot: Snapshot) -> list[Thing]:
        """Return what is to be seen: old and new lines and totals, or what is refused."""
        here = np.array([self.place])
        if self.done is None:
            lines = list(self.wanted_lines(snapshot))
            refused = [Outline(lines, Role.REFUSED)] if lines else []
            return [*self.more_things(), *refused, Handles(here, Mark.REFUSED)]
        rows = self.done.change.of("border")
        old = [row.before for row in rows if row.before is not None]
        new = [row.after for row in rows if row.after is not None]
        things: list[Thing] = [
            *self.more_things(),
            border_outline(old, Role.BEFORE),
            border_outline(new, Role.AFTER),
            Handles(here, Mark.ACTIVE),
        ]
        effects = effects_of(self.done, waits=False)
        things += cut_things(effects)
        tag = effect_tag(effects, self.place)
        if tag is None:
            return things
        above = [(row,) for row in above_rows(self.done)]
        return [*things, replace(tag, rows=[*tag.rows, *above])]
