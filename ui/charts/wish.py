"""What is chosen in the workspace of charts, kept for each project in the user's settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from gridadmin.chart.choice import ChartChoice
from gridadmin.chart.series import INDEX
from ui.settings import Settings

USUAL_TEMPLATE = "wall-a0"
_SETTING = "charts"
_MOST_PROJECTS = 60


@dataclass(frozen=True)
class Wish:
    """A template by its key, the area by its uid (empty = the whole project), the choices.

    ``series`` is the level of which there is one sheet each; empty = as the template has it.
    ``has_base`` puts the base map of the map below the borders.
    """

    template: str = USUAL_TEMPLATE
    area: str = ""
    series: str = ""
    has_base: bool = False
    choice: ChartChoice = field(default_factory=ChartChoice)

    def chosen(self, **changes: Any) -> Wish:
        """Return the wish with other choices."""
        return replace(self, choice=replace(self.choice, **changes))

    def settled(self, before: Wish) -> Wish:
        """Return the wish without what was moved by hand *before* and makes no sense any more.

        Another template has its map elsewhere: names alone stay moved. Another area or series has
        another index.
        """
        choice = self.choice
        if self.template != before.template:
            own = {key: moves.bare() for key, moves in choice.moves_of.items()}
            choice = replace(choice, moves=choice.moves.bare(), moves_of=own)
        if (self.area, self.series) != (before.area, before.series):
            own = {key: moves for key, moves in choice.moves_of.items() if key != INDEX}
            choice = replace(choice, moves=choice.moves.bare(), moves_of=own)
        return replace(self, choice=choice)


def wish_of(settings: Settings, project: Path) -> Wish:
    """Return what was chosen for a project the last time; the usual where that makes no sense."""
    kept = settings.value(_SETTING).get(str(project))
    if not isinstance(kept, dict):
        return Wish()
    try:
        return Wish(
            str(kept["template"]),
            str(kept["area"]),
            str(kept["series"]),
            bool(kept["has_base"]),
            ChartChoice.from_json(_mapping(kept["choice"])),
        )
    except (AttributeError, KeyError, TypeError, ValueError):
        return Wish()


def keep_wish(settings: Settings, project: Path, wish: Wish) -> None:
    """Keep what is chosen for a project; of many projects those used last."""
    name = str(project)
    kept = {key: value for key, value in settings.value(_SETTING).items() if key != name}
    kept[name] = {
        "template": wish.template,
        "area": wish.area,
        "series": wish.series,
        "has_base": wish.has_base,
        "choice": wish.choice.to_json(),
    }
    for oldest in list(kept)[: max(len(kept) - _MOST_PROJECTS, 0)]:
        del kept[oldest]
    settings.set_value(_SETTING, kept)


def _mapping(value: object) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise TypeError
    return value
