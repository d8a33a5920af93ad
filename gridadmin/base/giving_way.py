"""Long work gives way between two of its steps, where whoever runs it asked for that.

Python runs one thread at a time: a window beside the work waits until a step is done.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

_here = threading.local()


def give_way_by(wait: Callable[[], object] | None) -> None:
    """Let work on this thread call *wait* whenever it can; None = nobody has to be let by."""
    _here.wait = wait


def give_way() -> None:
    """Let others go first, if this thread was asked to; takes next to no time otherwise."""
    wait: Callable[[], object] | None = getattr(_here, "wait", None)
    if wait is not None:
        wait()
