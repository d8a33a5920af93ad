"""``python -m benchmarks NAME…``: measures, prints a table, writes ``benchmarks/out/NAME.json``."""

from __future__ import annotations

import argparse
import sys

from rich.console import Console

from benchmarks.measure import ChildFailedError
from benchmarks.peer_env import missing_programs, peer_python
from benchmarks.registry import BENCHMARKS, row


def main(arguments: list[str] | None = None) -> int:
    """Run the named benchmarks; return 1 when one of them could not be measured."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="see --list")
    parser.add_argument("--all", action="store_true", help="run all of them")
    parser.add_argument("--list", action="store_true", help="name them and stop")
    parser.add_argument("--peers", action="store_true", help="make the peers' environment and stop")
    parser.add_argument("--sizes", nargs="+", type=int, metavar="AREAS", help="numbers of areas")
    options = parser.parse_args(arguments)
    unknown = [name for name in options.names if name not in BENCHMARKS]
    if unknown:
        parser.error(f"no benchmark {', '.join(unknown)}; there are {', '.join(BENCHMARKS)}")
    if not (options.names or options.all or options.list or options.peers):
        parser.error("name a benchmark, or --all, --list, --peers")
    # a table in a log file must not be folded to 80 columns
    console = Console(width=None if sys.stdout.isatty() else 150)
    if options.list:
        for name, what in BENCHMARKS.items():
            console.print(f"{name:10} {what}")
        return 0
    if options.peers and not _make_peers(console):
        return 1
    return _run(list(BENCHMARKS) if options.all else options.names, options.sizes, console)


def _make_peers(console: Console) -> bool:
    try:
        folder = peer_python().parents[1].name
    except ChildFailedError as error:
        console.print(str(error), markup=False)
        return False
    console.print(f"the peers' environment {folder} is ready")
    for name in missing_programs():
        console.print(f"{name} is not installed and will be left out")
    return True


def _run(names: list[str], sizes: list[int] | None, console: Console) -> int:
    failed = 0
    for name in names:
        try:
            report = row(name).run(sizes)
        except ChildFailedError as error:
            console.print(f"{name} could not be measured: {error}", markup=False)
            failed = 1
            continue
        report.show(console)
        console.print(f"written: {report.write().name}")
    return failed


if __name__ == "__main__":
    sys.exit(main())
