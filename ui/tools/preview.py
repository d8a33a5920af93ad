"""What a command would do, as the map shows it before anything is done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gridadmin.app.effects import effects_of
from gridadmin.app.handover import handed_over
from gridadmin.base.errors import EditError
from gridadmin.edit.command import Command
from gridadmin.edit.document import Done
from ui.canvas.overlay import Handles, Mark, Outline, Role, Tag, Thing
from ui.canvas.viewport import Place
from ui.context import Context
from ui.texts import explain
from ui.tools.shapes import cut_things, effect_tag, refusal_things


@dataclass(frozen=True)
class Preview:
    """Shapes over the map, the table beside the pointer, and why it would be refused."""

    things: Sequence[Thing] = ()
    tag: Tag | None = None
    why_not: str = ""
    code: str = ""
    """The code of the refusal."""
    done: Done | None = None


def outcome(
    context: Context, command: Command, place: Place, first: str = ""
) -> tuple[list[Thing], str]:
    """Return all that the map shows of what a command would do, and why it is refused.

    The reason stands on the map too, where the refusal lies, else at *place*.
    """
    shown = previewed(context, command, place, first)
    if not shown.why_not:
        return [*shown.things, *([] if shown.tag is None else [shown.tag])], ""
    signs = [one for one in shown.things if isinstance(one, Handles)]
    x, y = signs[0].places[0].tolist()
    return refusal_things((x, y), shown.why_not), shown.why_not


def previewed(context: Context, command: Command, place: Place, first: str = "") -> Preview:
    """Return what a command would do, told at *place*; areas of the level *first* come first."""
    try:
        done = context.bridge.preview(command)
    except EditError as refusal:
        where = context.bridge.place_of(refusal) or place
        sign = Handles(np.array([where]), Mark.REFUSED)
        return Preview([sign], None, explain(refusal), refusal.code)
    effects = effects_of(done, waits=False)
    things: list[Thing] = [
        Outline(piece.rings, Role.HANDED, is_filled=True) for piece in handed_over(done)
    ]
    things += cut_things(effects)
    return Preview(things, effect_tag(effects, place, first), done=done)
