"""The command line: the same services as the window, without a screen."""

from __future__ import annotations

import io
import logging
import sys
from collections.abc import Sequence

import typer

from gridadmin.base.errors import Cancelled, GridAdminError
from gridadmin.base.texts import sentence
from gridadmin.cli.console import (
    BAD_USE,
    CANCELLED,
    FAULT,
    language_of_locale,
    set_voice,
    take_global_options,
    voice,
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; never raises.

    0 fine, 1 something is listed, 2 bad use or input, 3 a fault of the program, 130 cancelled.
    """
    _never_fail_to_print()
    set_voice(language_of_locale(), is_quiet=False)
    try:
        rest, lang, is_quiet = take_global_options(
            list(sys.argv[1:] if arguments is None else arguments)
        )
        set_voice(lang, is_quiet=is_quiet)
        return _run(rest)
    except Cancelled as stop:
        voice.error(stop)
        return CANCELLED
    except GridAdminError as fault:
        voice.error(fault)
        return BAD_USE
    except KeyboardInterrupt:
        voice.error(Cancelled())
        return CANCELLED
    except BrokenPipeError:
        # Whoever read our output has gone; there is nobody left to tell.
        sys.stderr.close()
        return BAD_USE
    except Exception as fault:
        logging.getLogger("gridadmin").exception("a fault of the program")
        voice.line(sentence("cli.fault", voice.lang, {"fault": repr(fault)}))
        return FAULT


def _never_fail_to_print() -> None:
    """Print what the terminal's own encoding lacks as escapes instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


_BAD_USE: type[Exception] = next(
    kind for kind in typer.BadParameter.__mro__ if kind.__name__ == "ClickException"
)
"""What typer raises for bad use; it carries its own copy of click and doesn't export the name."""


def _run(arguments: list[str]) -> int:
    from gridadmin.cli.commands import build

    try:
        result = build()(args=arguments, prog_name="gridadmin", standalone_mode=False)
    except _BAD_USE as wrong:
        message = str(getattr(wrong, "format_message", wrong.__str__)())
        voice.line(sentence("cli.bad_use", voice.lang, {"message": message}))
        voice.say("cli.see_help")
        return BAD_USE
    except typer.Exit as done:
        if done.exit_code == CANCELLED:
            # Ctrl+C while a command waited for its input.
            voice.error(Cancelled())
        return done.exit_code
    except typer.Abort:
        voice.error(Cancelled())
        return CANCELLED
    return result if isinstance(result, int) else 0
