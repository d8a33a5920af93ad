"""The whole main job without a screen: ``python -m gridadmin.headless OUT``.

Makes the demo city, lists every fault of its dirty copy, exports the clean city, and paints the
window with it.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from gridadmin.base.errors import Cancelled, GridAdminError, InputError
from gridadmin.base.progress import Progress
from gridadmin.cli.console import (
    BAD_USE,
    CANCELLED,
    FINE,
    TerminalProgress,
    set_voice,
    take_global_options,
    voice,
    write_json,
)

DIRTY_LAYERS = ("district", "street", "community", "grid", "micro_grid")
"""From the top down: each layer must cover the one above it."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Do the job and return an exit code as the command line does."""
    try:
        rest, lang, is_quiet = take_global_options(
            list(sys.argv[1:] if arguments is None else arguments)
        )
        set_voice(lang, is_quiet=is_quiet)
        if len(rest) != 1 or rest[0].startswith("-"):
            raise InputError("cli.headless_use")
        run(Path(rest[0]))
    except (Cancelled, KeyboardInterrupt):
        voice.error(Cancelled())
        return CANCELLED
    except GridAdminError as fault:
        voice.error(fault)
        return BAD_USE
    return FINE


def run(out: Path) -> None:
    """Write the demo city and the results of the main job into *out*.

    Raises: InputError, StoreError, Cancelled.
    """
    from gridadmin.app.demo import write_demo
    from gridadmin.app.exporting import export_project
    from gridadmin.app.session import Session
    from ui.shots import write_window_png

    with TerminalProgress() as progress:
        files = write_demo(out, progress)
        voice.say("cli.demo_written", folder=out, count=len(files))
        found = _faults_of_layers(out / "demo-dirty.gpkg", progress)
        write_json(found, str(out / "issues.json"))
        voice.say("cli.headless_issues", count=len(found["issues"]), path=out / "issues.json")
        with Session.open(out / "demo.gpkg", write=False) as session:
            export_project(session, out / "export.gpkg", progress=progress)
        voice.say("cli.exported", path=out / "export.gpkg", areas=found["areas"])
    write_window_png(out / "demo.gpkg", out / "window.png", lang=voice.lang)
    voice.say("cli.headless_window", path=out / "window.png")


def _faults_of_layers(dirty: Path, progress: Progress) -> dict[str, Any]:
    """Check each layer of the dirty copy against the layer above; return one check JSON for all."""
    from gridadmin.exchange.file_check import check_file

    result: dict[str, Any] = {}
    for above, layer in pairwise((None, *DIRTY_LAYERS)):
        checked = check_file(
            dirty,
            layer=layer,
            id_column="code",
            parent=None if above is None else dirty,
            parent_layer=above,
            progress=progress,
        ).to_json(voice.lang)
        for issue in checked["issues"]:
            issue["level"] = layer
        if not result:
            result = checked
            continue
        result["issues"] += checked["issues"]
        result["invalid"] += checked["invalid"]
        result["areas"] += checked["areas"]
        for name, value in checked["dust"].items():
            result["dust"][name] = result["dust"].get(name, 0) + value
    result["frame"] = "given"
    return result


if __name__ == "__main__":
    raise SystemExit(main())
