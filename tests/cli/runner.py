"""Runs the command line as a user does: inside this process for speed, or as a real child."""

from __future__ import annotations

import contextlib
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gridadmin.base.paths import ROOT
from gridadmin.cli import main

Line = Mapping[str, Any]


@dataclass(frozen=True)
class Ran:
    """What one run of the command line left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one JSON value on stdout."""
        return json.loads(self.out)

    @property
    def answers(self) -> list[Any]:
        """The JSON lines on stdout."""
        return [json.loads(line) for line in self.out.splitlines()]


def run(*arguments: object, lang: str = "en", stdin: bytes = b"") -> Ran:
    """Run one command in this process."""
    out, err = io.BytesIO(), io.StringIO()
    written = io.TextIOWrapper(out, encoding="utf-8", newline="\n")
    read = io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8")
    before = sys.stdin
    sys.stdin = read
    try:
        with contextlib.redirect_stdout(written), contextlib.redirect_stderr(err):
            code = main(["--lang", lang, *(str(argument) for argument in arguments)])
    finally:
        sys.stdin = before
    written.flush()
    return Ran(code, out.getvalue().decode("utf-8"), err.getvalue())


def json_of(*arguments: object, code: int = 0) -> Any:
    """Return the JSON of a command that must end with *code*."""
    ran = run(*arguments, "--json", "-")
    assert ran.code == code, ran.err
    return ran.json


def edit(project: Path, *lines: Line | str, options: Iterable[str] = ()) -> Ran:
    """Run edit lines through stdin."""
    text = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
    return run("edit", project, "-", *options, stdin=text.encode())


def edited(project: Path, *lines: Line) -> list[Any]:
    """Run edit lines that must all be accepted; return the answers."""
    ran = edit(project, *lines)
    assert ran.code == 0, ran.out
    return ran.answers


def child_environment() -> dict[str, str]:
    """Return what a child process of the program needs."""
    return {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}


def run_child(*arguments: object, stdin: bytes = b"") -> Ran:
    """Run one command as a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "gridadmin", *(str(argument) for argument in arguments)],
        input=stdin,
        capture_output=True,
        env=child_environment(),
        check=False,
        timeout=120,
    )
    return Ran(done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8"))
