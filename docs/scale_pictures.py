"""The map of the demo city at four scales, in both themes, at 100 % and 200 % of the screen.

    python docs/scale_pictures.py OUT [--lang zh|en] [--sheets FOLDER]

Sixteen pictures to be looked at. Of those at 200 % the middles, pixel for pixel, go onto a sheet
for each theme, which stand in the page about maps. No screen is needed.
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
CELL_PX = (560, 320)
COLOURS = 64


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


def sheet(taken: Path, out: Path, lang: str, theme: str) -> None:
    """Put the middles of the four pictures at 200 % onto one sheet, each pixel as it is."""
    from PySide6.QtGui import QImage, QPainter

    from docs.few_colours import with_few_colours

    width, height = CELL_PX
    made = QImage(2 * width + 4, 2 * height + 4, QImage.Format.Format_RGB32)
    made.fill(0xFFFFFFFF)
    painter = QPainter(made)
    for number, scale in enumerate(SCALES):
        whole = QImage(str(taken / f"{lang}-{theme}-200-{scale}.png"))
        # Right of the middle: at the largest scale the buildings lie there.
        left, top = (whole.width() - width) * 2 // 3, (whole.height() - height) // 2
        column, row = number % 2, number // 2
        middle = whole.copy(left, top, width, height)
        painter.drawImage(column * (width + 4), row * (height + 4), middle)
    painter.end()
    out.mkdir(parents=True, exist_ok=True)
    with_few_colours(made, COLOURS).save(str(out / "scales-200.png"), quality=0)


def main(arguments: list[str] | None = None) -> int:
    """Take all pictures, each factor in a process of its own."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("--lang", choices=("zh", "en"), default="zh")
    parser.add_argument("--sheets", type=Path, help="where the sheets go, a folder for each theme")
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
    if options.sheets is not None:
        for theme in THEMES:
            folder = options.sheets / f"{options.lang}-{theme}"
            sheet(options.out, folder, options.lang, theme)
    return 0


if __name__ == "__main__":
    sys.exit(main())
