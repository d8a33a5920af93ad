"""Runs one function in a process of its own and prints what it returns as JSON, with peak memory.

Standard library only: it also runs in the peers' environment. ``python -m benchmarks.child
package.module:function '{"keyword": value}'``.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import sys
from pathlib import Path

_OWN_STATUS = Path("/proc/self/status")


def peak_mb() -> float | None:
    """Return the most memory that this process ever held, in MiB; None where nobody tells."""
    if _OWN_STATUS.exists():
        # getrusage would also count the parent's memory from before exec
        for line in _OWN_STATUS.read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    try:
        import resource
    except ImportError:
        return None
    in_bytes = sys.platform == "darwin"
    peak = float(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
    return peak / (1024 * 1024 if in_bytes else 1024)


def main() -> None:
    """Call the named function; whatever it prints itself goes to stderr."""
    target, arguments = sys.argv[1:3]
    module_name, function_name = target.split(":")
    with contextlib.redirect_stdout(sys.stderr):
        function = getattr(importlib.import_module(module_name), function_name)
        value = function(**json.loads(arguments))
    print(json.dumps({"value": value, "peak_mb": peak_mb()}))


if __name__ == "__main__":
    main()
