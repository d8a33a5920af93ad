"""Times work, in this process or in one of its own, and shows and keeps the figures."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from statistics import quantiles
from time import perf_counter
from typing import Any, TypeVar

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).resolve().parents[1]
OUT = ROOT / "benchmarks" / "out"

T = TypeVar("T")


class ChildFailedError(Exception):
    """A measured process ended badly or took too long; the text says which and its last lines."""


@dataclass(frozen=True)
class Timing:
    """Seconds of each repeat."""

    seconds: tuple[float, ...]

    @property
    def p50(self) -> float:
        """The median."""
        return _quantile(self.seconds, 50)

    @property
    def p95(self) -> float:
        """The value that 95 of 100 repeats stay below."""
        return _quantile(self.seconds, 95)


@dataclass(frozen=True)
class Line:
    """One row of a table: our work against one peer or bound, measured in the same run.

    ``bar`` is the highest ratio that passes (ours ÷ peer); None when the row only informs.
    """

    work: str
    ours_s: float | None
    peer: str = ""
    peer_s: float | None = None
    peak_mb: float | None = None
    bar: float | None = None
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """Ours ÷ peer."""
        return self.ours_s / self.peer_s if self.ours_s is not None and self.peer_s else None

    @property
    def passes(self) -> bool | None:
        """Whether the ratio stays within the bar."""
        if self.bar is None or self.ratio is None:
            return None
        return self.ratio <= self.bar


@dataclass(frozen=True)
class ChildResult:
    """What a function in a process of its own returned, and the most memory it held."""

    value: Any
    peak_mb: float | None


@dataclass
class Report:
    """The lines of one benchmark, and details that only the JSON keeps."""

    name: str
    lines: list[Line] = field(default_factory=list)
    details: dict[str, Any] = field(default_factory=dict)

    def add(self, line: Line) -> None:
        """Append a line."""
        self.lines.append(line)

    def show(self, console: Console) -> None:
        """Print the table."""
        table = Table(title=self.name)
        table.add_column("work")
        for heading in ("ours s", "peer"):
            table.add_column(heading, justify="right" if heading == "ours s" else "left")
        for heading in ("peer s", "ratio", "bar", "peak MB"):
            table.add_column(heading, justify="right")
        table.add_column("note")
        for line in self.lines:
            mark = {None: "", True: " ✓", False: " ✗"}[line.passes]
            table.add_row(
                line.work,
                _shown(line.ours_s, ".3f"),
                line.peer,
                _shown(line.peer_s, ".3f"),
                _shown(line.ratio, ".2f") + mark,
                _shown(line.bar, ".2f"),
                _shown(line.peak_mb, ".0f"),
                line.note,
            )
        console.print(table)

    def write(self, folder: Path = OUT) -> Path:
        """Write ``<name>.json`` with lines, details and the environment, and return its path."""
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{self.name}.json"
        lines = [
            {**asdict(line), "ratio": line.ratio, "passes": line.passes} for line in self.lines
        ]
        content = {
            "benchmark": self.name,
            "time": datetime.now(UTC).isoformat(timespec="seconds"),
            "environment": environment(),
            "lines": lines,
            "details": self.details,
        }
        path.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
        return path


def timed(work: Callable[[], T], repeats: int = 1) -> tuple[T, Timing]:
    """Return what the last of *repeats* calls returned, and the seconds of each."""
    seconds = []
    for _ in range(repeats - 1):
        start = perf_counter()
        work()
        seconds.append(perf_counter() - start)
    start = perf_counter()
    result = work()
    seconds.append(perf_counter() - start)
    return result, Timing(tuple(seconds))


def in_child(
    target: str,
    *,
    python: Path | None = None,
    timeout_s: float | None = None,
    **arguments: Any,
) -> ChildResult:
    """Call ``package.module:function`` with keyword *arguments* in a process of its own.

    *python* is the interpreter of another environment. Arguments and result must fit into JSON.

    Raises: ChildFailedError.
    """
    command = [
        str(python or sys.executable),
        "-m",
        "benchmarks.child",
        target,
        json.dumps(arguments),
    ]
    try:
        done = subprocess.run(
            command,
            cwd=ROOT,
            env={**os.environ, "PYTHONUTF8": "1"},
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=timeout_s,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise ChildFailedError(f"{target} took longer than {timeout_s:.0f} s") from error
    if done.returncode != 0:
        last_lines = "\n".join(done.stderr.splitlines()[-5:])
        raise ChildFailedError(f"{target} ended with {done.returncode}:\n{last_lines}")
    answer = json.loads(done.stdout.splitlines()[-1])
    return ChildResult(answer["value"], answer["peak_mb"])


def environment() -> dict[str, Any]:
    """Describe what the figures were measured with: system, cores, how busy, versions."""
    versions: dict[str, str | None] = {}
    for package in ("numpy", "shapely", "pyproj", "pyogrio"):
        try:
            versions[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            versions[package] = None
    return {
        "system": f"{platform.system()} {platform.machine()}",
        "cores": os.cpu_count(),
        "load": load() if (load := getattr(os, "getloadavg", None)) else None,
        "python": platform.python_version(),
        "packages": versions,
    }


def _quantile(seconds: Sequence[float], percent: int) -> float:
    if len(seconds) == 1:
        return seconds[0]
    return quantiles(seconds, n=100, method="inclusive")[percent - 1]


def _shown(value: float | None, form: str) -> str:
    return "" if value is None else format(value, form)
