"""Long builds of lasting objects, without the garbage collector going over them again and again."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_paused() -> Iterator[None]:
    """Pause the cyclic garbage collector inside, and leave what was made there out of its sight.

    Hundreds of thousands of records that stay make each full collection take a tenth of a second.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.freeze()
            gc.enable()


@contextmanager
def collector_resting() -> Iterator[None]:
    """Let the cyclic garbage collector rest inside, where much is made that doesn't stay.

    Each of its rounds walks through all that a large project holds, and finds nothing.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
