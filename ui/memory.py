"""Memory that was freed goes back to the system, so that a long day doesn't fill the machine."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable
from time import monotonic

_PAUSE_S = 20.0

_last = [0.0]


def _found_trim() -> Callable[[int], int] | None:
    """Return the function of the C library that does it, where there is one and it is needed."""
    if sys.platform != "linux":
        return None
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    return None if trim is None else lambda keep: int(trim(keep))


_trim = _found_trim()


def give_back() -> None:
    """Hand freed memory back, now and then; takes some milliseconds: for workers.

    Threads that make and drop large arrays leave heaps behind that are nearly empty, which the
    allocator of Linux keeps otherwise.
    """
    if _trim is not None and monotonic() - _last[0] > _PAUSE_S:
        _trim(0)
        _last[0] = monotonic()
