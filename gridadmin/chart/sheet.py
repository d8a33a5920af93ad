"""Sheets and places on them in millimetres: the origin is the upper left corner, y grows down."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

POINTS_PER_MM = 72 / 25.4
"""A point of PDF and of type is 1/72 inch."""


class Frame(NamedTuple):
    """An upright rectangle on a sheet in mm."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """The right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """The lower edge."""
        return self.y + self.height

    @property
    def middle(self) -> tuple[float, float]:
        """The point in the middle."""
        return self.x + self.width / 2, self.y + self.height / 2

    def inset(self, by: float) -> Frame:
        """Return the frame *by* mm smaller on each side."""
        return Frame(self.x + by, self.y + by, self.width - 2 * by, self.height - 2 * by)

    def moved(self, dx: float, dy: float) -> Frame:
        """Return the frame elsewhere."""
        return Frame(self.x + dx, self.y + dy, self.width, self.height)

    def holds(self, other: Frame, slack: float = 1e-6) -> bool:
        """Return whether *other* lies inside, but for *slack* mm."""
        return (
            other.x >= self.x - slack
            and other.y >= self.y - slack
            and other.right <= self.right + slack
            and other.bottom <= self.bottom + slack
        )

    def meets(self, other: Frame) -> bool:
        """Return whether the two have more than an edge in common."""
        return (
            self.x < other.right
            and other.x < self.right
            and self.y < other.bottom
            and other.y < self.bottom
        )

    def joined(self, other: Frame) -> Frame:
        """Return the smallest frame around both."""
        x, y = min(self.x, other.x), min(self.y, other.y)
        right, bottom = max(self.right, other.right), max(self.bottom, other.bottom)
        return Frame(x, y, right - x, bottom - y)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of paper in mm: the finished size, what the knife takes away, the margins.

    ``bleed_mm`` lies around the finished size on all sides. ``binding`` is the side that is bound
    or hung, where the margin is ``binding_mm``.
    """

    width_mm: float
    height_mm: float
    margin_mm: float = 15.0
    bleed_mm: float = 0.0
    binding: Literal["none", "left", "top"] = "none"
    binding_mm: float = 35.0

    @property
    def whole(self) -> Frame:
        """The finished sheet."""
        return Frame(0.0, 0.0, self.width_mm, self.height_mm)

    @property
    def media(self) -> Frame:
        """What is printed on, bleed included; it begins above and left of the origin."""
        return self.whole.inset(-self.bleed_mm)

    @property
    def inner(self) -> Frame:
        """What the margins leave."""
        left = self.binding_mm if self.binding == "left" else self.margin_mm
        top = self.binding_mm if self.binding == "top" else self.margin_mm
        return Frame(
            left,
            top,
            self.width_mm - left - self.margin_mm,
            self.height_mm - top - self.margin_mm,
        )

    def sized(self, width_mm: float, height_mm: float) -> Sheet:
        """Return the same kind of sheet in another size."""
        return replace(self, width_mm=width_mm, height_mm=height_mm)
