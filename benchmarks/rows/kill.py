"""Killing ``gridadmin edit`` at work, over and over: nothing acknowledged is lost."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

from benchmarks.measure import ROOT, ChildFailedError, Line, Report
from benchmarks.project import project_file
from gridadmin.app.reports import verify_json
from gridadmin.app.session import Session

SIZES = [400]
KILLS = 200
LINES = 10_000
LONGEST_S = 0.4


def run(sizes: list[int] | None) -> Report:
    """Kill at any instant after the first answer, open again, compare with what was answered.

    Raises: ChildFailedError when an acknowledged edit is lost or the project isn't sound.
    """
    report = Report("kill")
    for areas in sizes or SIZES:
        seed = random.SystemRandom().randrange(2**32)
        started = time.perf_counter()
        answered = _kill_often(project_file(areas), random.Random(seed))
        note = f"{KILLS} kills, {answered:,} edits acknowledged, none lost; seed {seed}"
        report.add(Line(f"kill {areas:,}", time.perf_counter() - started, note=note))
        report.details[str(areas)] = {"kills": KILLS, "answered": answered, "seed": seed}
    return report


def _kill_often(source: Path, chance: random.Random) -> int:
    with TemporaryDirectory() as folder:
        project = Path(folder) / "project.gpkg"
        shutil.copyfile(source, project)
        with Session.open(project, write=False) as session:
            root = session.snapshot.root.uid
        answered = revision = 0
        for kill in range(KILLS):
            last = _killed(project, root, chance.uniform(0, LONGEST_S))
            with Session.open(project, write=True) as session:
                proof = verify_json(session)
            left = sorted(entry.name for entry in Path(folder).iterdir())
            if not (last <= proof["revision"] <= last + 1 and proof["ok"]) or len(left) != 1:
                facts = {"answered": last, "left": left, **proof}
                raise ChildFailedError(f"kill {kill + 1}: {json.dumps(facts, ensure_ascii=False)}")
            answered += last - revision
            revision = proof["revision"]
        return answered


def _killed(project: Path, area: str, after_s: float) -> int:
    """Return the revision last acknowledged by an ``edit`` that was killed."""
    child = subprocess.Popen(
        [sys.executable, "-m", "gridadmin", "edit", str(project)],
        cwd=ROOT,
        env={**os.environ, "PYTHONUTF8": "1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        encoding="utf-8",
    )
    if child.stdin is None or child.stdout is None:
        raise ChildFailedError("edit has no pipes")
    _feed(child.stdin, area)
    first = child.stdout.readline()
    time.sleep(after_s)
    child.kill()
    rest = child.stdout.read()
    child.wait()
    complete = [line for line in (first + rest).split("\n")[:-1] if line]
    if not complete:
        raise ChildFailedError("edit ended before its first answer")
    answers = [json.loads(line) for line in complete]
    refused = [answer for answer in answers if not answer["ok"]]
    if refused:
        raise ChildFailedError(f"edit refused: {refused[0]}")
    return int(answers[-1]["revision"])


def _feed(script: IO[str], area: str) -> None:
    """Write as many lines as a pipe takes at once; the child is killed long before they end."""
    size = 0
    for number in range(LINES):
        value = {"do": "set", "area": area, "field": "name", "value": f"虚构{number}-{time.time()}"}
        line = json.dumps(value) + "\n"
        size += len(line)
        if size > 60_000:
            break
        script.write(line)
    script.flush()
