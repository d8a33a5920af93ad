"""Which base map is chosen for a project and how it looks; kept in the user's settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ui.settings import Settings

BESIDE = "beside"
"""The id of the base map that lies beside a project."""
NONE = ""
_SETTING = "basemaps"
_MOST_PROJECTS = 60
_LEAST_OPACITY, _MOST_DIMMING = 10, 90


@dataclass(frozen=True)
class Choice:
    """The base and the overlay by their ids, empty for none.

    ``opacity`` is that of sources in percent, where it isn't 100; ``dimming`` is how far the map
    fades into the ground in percent, None as the theme has it.
    """

    base: str = NONE
    overlay: str = NONE
    opacity: Mapping[str, int] = field(default_factory=dict)
    dimming: int | None = None

    def opacity_of(self, source: str) -> float:
        """Return the opacity of a source, 0 to 1."""
        return self.opacity.get(source, 100) / 100


def choice_of(settings: Settings, project: Path) -> Choice | None:
    """Return what was chosen for a project; None when nothing was yet."""
    found = settings.value(_SETTING).get(str(project))
    return None if not isinstance(found, dict) else _read(found)


def keep_choice(settings: Settings, project: Path, choice: Choice) -> None:
    """Keep what is chosen for a project; of many projects those used last."""
    name = str(project)
    kept = {key: value for key, value in settings.value(_SETTING).items() if key != name}
    kept[name] = _written(choice)
    for oldest in list(kept)[: max(len(kept) - _MOST_PROJECTS, 0)]:
        del kept[oldest]
    settings.set_value(_SETTING, kept)


def _written(choice: Choice) -> dict[str, Any]:
    return {
        "base": choice.base,
        "overlay": choice.overlay,
        "opacity": {name: value for name, value in choice.opacity.items() if value != 100},
        "dimming": choice.dimming,
    }


def _read(kept: Mapping[str, Any]) -> Choice:
    """Return a choice; what makes no sense in the user's file is as usual."""
    opacity = kept.get("opacity")
    dimming = kept.get("dimming")
    return Choice(
        str(kept.get("base", NONE)),
        str(kept.get("overlay", NONE)),
        {
            str(name): min(max(value, _LEAST_OPACITY), 100)
            for name, value in (opacity.items() if isinstance(opacity, dict) else ())
            if isinstance(value, int)
        },
        min(max(dimming, 0), _MOST_DIMMING) if isinstance(dimming, int) else None,
    )
