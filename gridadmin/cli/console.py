"""How the command line speaks: sentences and progress to stderr, JSON to stdout or a file."""

from __future__ import annotations

import json
import locale
import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any, Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from gridadmin.base.errors import GridAdminError, InputError
from gridadmin.base.texts import LANGUAGES, explain, sentence

FINE, LISTED, BAD_USE, FAULT, CANCELLED = 0, 1, 2, 3, 130


class Voice:
    """The language and loudness of one run."""

    def __init__(self, lang: str, *, is_quiet: bool) -> None:
        self.lang = lang
        self.is_quiet = is_quiet
        self.console = Console(stderr=True, highlight=False, soft_wrap=True)

    def say(self, code: str, /, **params: object) -> None:
        """Print the sentence of *code* for people, unless quiet."""
        if not self.is_quiet:
            self.line(sentence(code, self.lang, params))

    def line(self, text: str) -> None:
        """Print one line for people."""
        self.console.print(text, markup=False)

    def tell(self, text: str) -> None:
        """Print one line of a result, unless quiet."""
        if not self.is_quiet:
            self.line(text)

    def error(self, fault: GridAdminError) -> None:
        """Print what went wrong; quiet runs say it too."""
        self.line(explain(fault, self.lang))


voice = Voice("zh", is_quiet=False)


def set_voice(lang: str, *, is_quiet: bool) -> None:
    """Choose how this run speaks."""
    voice.lang = lang
    voice.is_quiet = is_quiet
    voice.console = Console(stderr=True, highlight=False, soft_wrap=True)


def language_of_locale() -> str:
    """Return ``zh`` when the environment or the system speaks Chinese, else ``en``."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name)
        if value:
            return "zh" if value.lower().startswith("zh") else "en"
    found = locale.getlocale()[0] or ""
    return "zh" if found.lower().startswith(("zh", "chinese")) else "en"


def take_global_options(arguments: list[str]) -> tuple[list[str], str, bool]:
    """Return ``(the rest, language, quiet)``; ``--lang`` and ``--quiet`` may stand anywhere.

    Raises: InputError ``cli.bad_lang``.
    """
    rest: list[str] = []
    lang, is_quiet = language_of_locale(), False
    source = iter(arguments)
    for argument in source:
        if argument == "--":
            rest += [argument, *source]
        elif argument == "--quiet":
            is_quiet = True
        elif argument == "--lang" or argument.startswith("--lang="):
            lang = argument[7:] if "=" in argument else next(source, "")
            if lang not in LANGUAGES:
                raise InputError("cli.bad_lang", lang=lang)
        else:
            rest.append(argument)
    return rest, lang, is_quiet


def write_json(value: Mapping[str, Any], out: str | None) -> None:
    """Write *value* to a path, or to stdout for ``-``; nowhere for None.

    Raises: InputError ``cli.cannot_write``.
    """
    if out is None:
        return
    text = json.dumps(value, ensure_ascii=False, indent=1)
    if out == "-":
        # JSON is UTF-8, whatever encoding the terminal has.
        sys.stdout.flush()
        sys.stdout.buffer.write(text.encode("utf-8") + b"\n")
        sys.stdout.buffer.flush()
        return
    try:
        _refuse_database(Path(out))
        Path(out).write_text(text + "\n", encoding="utf-8")
    except OSError as fault:
        raise InputError("cli.cannot_write", path=out, why=fault.strerror or str(fault)) from fault


_SQLITE = b"SQLite format 3"


def _refuse_database(path: Path) -> None:
    """Refuse to write a result over a project or package: a slip in the order of arguments."""
    if path.is_file():
        with path.open("rb") as file:
            if file.read(len(_SQLITE)) == _SQLITE:
                raise InputError("cli.json_onto_database", path=str(path))


class TerminalProgress:
    """Progress on stderr; Ctrl+C asks the job to stop at its next step."""

    def __init__(self) -> None:
        self._is_cancelled = False
        self._bar: Progress | None = None
        self._task: TaskID | None = None
        self._before: Any = None

    def __enter__(self) -> Self:
        self._before = signal.signal(signal.SIGINT, self._cancel)
        if not voice.is_quiet and voice.console.is_terminal:
            self._bar = Progress(
                TextColumn("{task.description}"),
                BarColumn(),
                TextColumn("{task.percentage:>3.0f}%"),
                TimeElapsedColumn(),
                console=voice.console,
                transient=True,
            )
            self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._bar is not None:
            self._bar.stop()
        signal.signal(signal.SIGINT, self._before)

    def step(self, what: str, done: int, total: int) -> None:
        """Show how far a stage has come."""
        if self._bar is None:
            return
        text = sentence(what, voice.lang)
        if self._task is None:
            self._task = self._bar.add_task(text, total=total)
        self._bar.update(self._task, description=text, completed=done, total=total)

    def is_cancelled(self) -> bool:
        """Return whether Ctrl+C was pressed."""
        return self._is_cancelled

    def _cancel(self, number: int, frame: FrameType | None) -> None:
        del number, frame
        if self._is_cancelled:
            raise KeyboardInterrupt
        self._is_cancelled = True
