"""A way to settle something as it would look on the map: who gets which land, before it is done."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from gridadmin.app.effects import Effects
from gridadmin.app.repairs import gains_of
from gridadmin.edit.document import Done
from ui.canvas.overlay import Outline, Role, Thing
from ui.tools.shapes import effect_tag

_ROLES = (Role.TARGET, Role.COMING, Role.HOVER)


def proposal_things(done: Done, effects: Effects) -> list[Thing]:
    """Return filled outlines of the land that changes hands, and a table of what that does."""
    gains = gains_of(done)
    things: list[Thing] = [
        Outline(gain.rings, _ROLES[number % len(_ROLES)], is_filled=True)
        for number, gain in enumerate(gains)
    ]
    if gains:
        points = np.concatenate([ring for gain in gains for ring in gain.rings])
        place = (float(points[:, 0].mean()), float(points[:, 1].min()))
        named = {gain.uid for gain in gains}
        shown = replace(effects, areas=tuple(one for one in effects.areas if one.uid in named))
        tag = effect_tag(shown, place)
        if tag is not None:
            things.append(tag)
    return things
