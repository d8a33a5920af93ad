"""What is chosen for a chart beside its template; survives the way into JSON and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from gridadmin.domain.export_note import Profile

LAYERS = ("roads", "water", "railways", "buildings", "compounds", "facilities", "cadres")
"""What can be shown on the map beside areas and borders."""
NO_LAYERS: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Moves:
    """What was moved by hand on one sheet.

    ``map_shift_m`` moves what the map shows, in metres of the plane; ``map_frame`` (x, y, width,
    height in mm) puts the map elsewhere on the sheet. ``nudges_mm`` moves labels, by uid.
    """

    map_shift_m: tuple[float, float] = (0.0, 0.0)
    map_frame: tuple[float, float, float, float] | None = None
    nudges_mm: Mapping[str, tuple[float, float]] = field(default_factory=dict)

    @property
    def is_any(self) -> bool:
        """Whether anything was moved."""
        return self != Moves()

    def bare(self) -> Moves:
        """Return the names alone: where the map stood makes no sense on another kind of sheet."""
        return Moves(nudges_mm=self.nudges_mm)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Moves:
        """Return the moves that JSON holds. Raises: TypeError, ValueError."""
        frame = values.get("map_frame")
        return cls(
            _pair(values.get("map_shift_m", (0.0, 0.0))),
            None if frame is None else _four(frame),
            {uid: _pair(shift) for uid, shift in values.get("nudges_mm", {}).items()},
        )


NO_MOVES = Moves()


@dataclass(frozen=True, slots=True)
class ChartChoice:
    """One way to make charts from a template.

    ``scale`` None = the largest round one that fits. ``title`` empty = as the template has it.
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
    moves: Moves = NO_MOVES
    """What was moved on every sheet that has no moves of its own."""
    moves_of: Mapping[str, Moves] = field(default_factory=dict)
    """What was moved on single sheets, by their keys."""

    def for_sheet(self, key: str) -> ChartChoice:
        """Return what counts for one sheet: its own moves, and nobody else's."""
        return replace(self, moves=self.moves_of.get(key, self.moves), moves_of={})

    def moved(self, key: str, **changes: Any) -> ChartChoice:
        """Return the choice with something moved on one sheet; fields of :class:`Moves`."""
        own = replace(self.moves_of.get(key, self.moves), **changes)
        return replace(self, moves_of={**self.moves_of, key: own})

    def unmoved(self, key: str) -> ChartChoice:
        """Return the choice with everything on one sheet where it stood by itself."""
        others = {one: moves for one, moves in self.moves_of.items() if one != key}
        return replace(self, moves_of={**others, key: NO_MOVES} if self.moves.is_any else others)

    def to_json(self) -> dict[str, Any]:
        """Return the choice as JSON values."""
        found = asdict(self)
        found["hidden"] = sorted(self.hidden)
        return found

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> ChartChoice:
        """Return the choice that :meth:`to_json` gave; what is unknown or unusable is left out.

        Raises: TypeError, ValueError.
        """
        known = {one.name for one in fields(cls)}
        taken = {name: value for name, value in values.items() if name in known}
        taken["hidden"] = frozenset(taken.get("hidden", ()))
        # Once what was moved stood among the rest, for all sheets.
        taken["moves"] = Moves.from_json(values.get("moves", values))
        moves_of = values.get("moves_of", {})
        taken["moves_of"] = {key: Moves.from_json(moves) for key, moves in moves_of.items()}
        return cls(**taken)


def _pair(values: Any) -> tuple[float, float]:
    x, y = values
    return float(x), float(y)


def _four(values: Any) -> tuple[float, float, float, float]:
    x, y, width, height = values
    return float(x), float(y), float(width), float(height)
