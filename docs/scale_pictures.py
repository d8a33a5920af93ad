"""The map of the demo city at four scales, in both themes, at 100 % and 200 % of the screen.

    python docs/scale_pictures.py OUT [--lang zh|en]

Sixteen pictures to be looked at; they are no part of the pages. No screen is needed.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

THEMES = ("light", "dark")
FACTORS = (1, 2)
SCALES = (40_000, 12_000, 4_000, 1_200)
SIZE_PX = (1180, 720)


def take(project: Path, out: Path, lang: str, theme: str, factor: int) -> None:
    """Keep a picture at each scale; the factor of the screen holds for the whole process."""
    from docs.stage import Stage
    from ui.shots import open_window

    with open_window(lang=lang, theme=theme) as window:
        window.resize(*SIZE_PX)
        window.open_project(project)
        stage = Stage(window, project.parent, lang)
        stage.rest()
        stage.wide()
        place = stage.inside(stage.area("grid", 30).uid)
        view = window.map_panel.view
        for number in SCALES:
            view.look(view.view.centred(place).at_scale_number(number))
            stage.rest()
            view.grab().save(str(out / f"{lang}-{theme}-{factor}00-{number}.png"))


def main(arguments: list[str] | None = None) -> int:
    """Take all pictures, each factor in a process of its own."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("--lang", choices=("zh", "en"), default="zh")
    parser.add_argument("--one", nargs=3, metavar=("PROJECT", "THEME", "FACTOR"))
    options = parser.parse_args(arguments)
    if options.one:
        project, theme, factor = options.one
        take(Path(project), options.out, options.lang, theme, int(factor))
        return 0
    from docs.tool_pictures import demo_project

    options.out.mkdir(parents=True, exist_ok=True)
    with demo_project() as project:
        for theme in THEMES:
            for factor in FACTORS:
                subprocess.run(
                    [
                        sys.executable, __file__, str(options.out), "--lang", options.lang,
                        "--one", str(project), theme, str(factor),
                    ],
                    check=True,
                    env={**os.environ, "QT_SCALE_FACTOR": str(factor)},
                )  # fmt: skip
    return 0


if __name__ == "__main__":
    sys.exit(main())
