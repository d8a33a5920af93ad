"""What a further map shows: which state, over which base map, coloured by which rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

from ui.canvas.style import FillTheme
from ui.maps.states import NOW

SAME = "same"
"""The base map of the map in the window, whichever it is."""
NONE = ""
"""No base map."""


@dataclass(frozen=True)
class Look:
    """``state`` is the key of a state, ``base_map`` one of the above or the path of a file."""

    state: str = NOW
    base_map: str = SAME
    fills: FillTheme = FillTheme.PLAIN

    def stored(self) -> dict[str, str]:
        """Return it as settings keep it."""
        return {name: str(value) for name, value in asdict(self).items()}

    @classmethod
    def restored(cls, kept: Mapping[str, Any]) -> Self:
        """Return a look as settings kept it; what they don't say is as usual."""
        usual = cls()
        fills = kept.get("fills")
        return cls(
            str(kept.get("state", usual.state)),
            str(kept.get("base_map", usual.base_map)),
            FillTheme(fills) if fills in list(FillTheme) else usual.fills,
        )
