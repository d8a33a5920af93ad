"""Deliveries broken on the way: over 500 runs, and the server always holds one release whole."""

from __future__ import annotations

import os
import random
import tempfile
import time
from collections import Counter
from pathlib import Path

import pytest

from benchmarks.measure import ChildFailedError, Line, Report
from tests.servers.fault_runs import SERVERS, bed, run_once

RUNS = 110
"""Runs on each of the five kinds of servers."""
SEED_VARIABLE = "GRIDADMIN_FAULT_SEED"


def run(sizes: list[int] | None) -> Report:
    """Break deliveries on every kind of server that is here; *sizes* gives the runs on each.

    Raises: ChildFailedError when a release isn't whole or the client's word isn't true; it names
    the seed, which ``GRIDADMIN_FAULT_SEED`` repeats.
    """
    report = Report("faults")
    runs = (sizes or [RUNS])[0]
    named = os.environ.get(SEED_VARIABLE)
    seed = int(named) if named else random.SystemRandom().randrange(2**31)
    for kind in SERVERS:
        started = time.perf_counter()
        try:
            words = _runs(kind, seed, runs)
        except pytest.skip.Exception as missing:
            report.add(Line(kind, 0.0, note=str(missing)))
            continue
        told = ", ".join(f"{count} {word}" for word, count in sorted(words.items()))
        note = f"{runs} runs, one release whole after each: {told}; seed {seed}"
        report.add(Line(kind, time.perf_counter() - started, note=note))
        report.details[kind] = {"runs": runs, "seed": seed, "said": dict(words)}
    return report


def _runs(kind: str, seed: int, runs: int) -> Counter[str]:
    words: Counter[str] = Counter()
    before = os.environ.get("GRIDADMIN_CONFIG")
    with tempfile.TemporaryDirectory() as folder, bed(kind) as made:
        # Host keys that are confirmed here are forgotten with the folder.
        os.environ["GRIDADMIN_CONFIG"] = folder
        try:
            for number in range(runs):
                try:
                    told = run_once(made, Path(folder), seed + number)
                except AssertionError as error:
                    message = f"{kind}, {SEED_VARIABLE}={seed + number}: {error}"
                    raise ChildFailedError(message) from error
                words[told.rpartition(": ")[2].partition(",")[0]] += 1
        finally:
            if before is None:
                del os.environ["GRIDADMIN_CONFIG"]
            else:
                os.environ["GRIDADMIN_CONFIG"] = before
    return words
