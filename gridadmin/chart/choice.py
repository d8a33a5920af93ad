"""What is chosen for a chart beside its template; survives the way into JSON and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from gridadmin.domain.export_note import Profile

LAYERS = ("roads", "water", "railways", "buildings", "compounds", "facilities", "cadres")
"""What can be shown on the map beside areas and borders."""
NO_LAYERS: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ChartChoice:
    """One way to make charts from a template.

    ``scale`` None = the largest round one that fits. ``title`` empty = as the template has it.
    ``map_shift_m`` moves what the map shows, in metres of the plane; ``map_frame`` (x, y, width,
    height in mm) puts the map elsewhere on the sheet. ``nudges_mm`` moves labels, by uid.
    """

    profile: str = Profile.PUBLIC
    lang: str = "zh"
    day: str = ""
    """The day on which people are looked at, ISO 8601; empty = today."""
    width_mm: float | None = None
    height_mm: float | None = None
    bleed_mm: float | None = None
    scale: int | None = None
    title: str = ""
    maker: str = ""
    secrecy: str = ""
    """What the mark says; empty = what the profile means."""
    approval: str = ""
    """审图号."""
    qr_address: str = ""
    qr_words: str = ""
    has_grid: bool = False
    """Whether lines of coordinates are drawn."""
    has_staff: bool = True
    hidden: frozenset[str] = NO_LAYERS
    """Layers that are not shown, of :data:`LAYERS`."""
    map_shift_m: tuple[float, float] = (0.0, 0.0)
    map_frame: tuple[float, float, float, float] | None = None
    nudges_mm: Mapping[str, tuple[float, float]] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return the choice as JSON values."""
        found = asdict(self)
        found["hidden"] = sorted(self.hidden)
        return found

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> ChartChoice:
        """Return the choice that :meth:`to_json` gave; what is unknown or unusable is left out."""
        known = {one.name for one in fields(cls)}
        taken = {name: value for name, value in values.items() if name in known}
        taken["hidden"] = frozenset(taken.get("hidden", ()))
        taken["map_shift_m"] = tuple(taken.get("map_shift_m", (0.0, 0.0)))
        frame = taken.get("map_frame")
        taken["map_frame"] = None if frame is None else tuple(frame)
        nudges = taken.get("nudges_mm", {})
        taken["nudges_mm"] = {uid: tuple(shift) for uid, shift in nudges.items()}
        return cls(**taken)
