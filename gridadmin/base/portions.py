"""Long work of one call cut into several, so that other threads get their turn in between.

Python changes threads between two of its own steps only: a sort of a million values, say, keeps the
window waiting until it is done.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from heapq import merge
from typing import Any, TypeVar

T = TypeVar("T")

_AT_ONCE = 20_000
"""So many values are sorted in a few milliseconds."""


def sorted_in_portions(
    values: Iterable[T], key: Callable[[T], Any], at_once: int = _AT_ONCE
) -> list[T]:
    """Return what ``sorted(values, key=key)`` does, equal ones in the order in which they came."""
    waiting = list(values)
    portions = [
        sorted(waiting[start : start + at_once], key=key)
        for start in range(0, len(waiting), at_once)
    ]
    return portions[0] if len(portions) == 1 else list(merge(*portions, key=key))
