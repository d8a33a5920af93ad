"""Pictures of the tools at work, for the pages about them: each scene uses one by mouse and keys.

    python docs/tool_pictures.py [NAME …] [--lang zh|en] [--theme light|dark] [--out FOLDER]

The pictures of the light theme go to ``docs/images``; no screen is needed.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from PySide6.QtCore import Qt  # noqa: E402 - the folder above has to be known first
from PySide6.QtGui import QImage  # noqa: E402
from PySide6.QtWidgets import QDialog, QMenu  # noqa: E402

from docs.area_scenes import AREA_SCENES  # noqa: E402
from docs.basemap_scenes import BASEMAP_SCENES  # noqa: E402
from docs.chart_scenes import CHART_SCENES  # noqa: E402
from docs.check_scenes import CHECK_SCENES  # noqa: E402
from docs.few_colours import with_few_colours  # noqa: E402
from docs.map_scenes import MAP_SCENES  # noqa: E402
from docs.people_scenes import PEOPLE_SCENES  # noqa: E402
from docs.publish_scenes import PUBLISH_SCENES  # noqa: E402
from docs.roster_scenes import ROSTER_SCENES  # noqa: E402
from docs.stage import Stage, tops  # noqa: E402
from docs.tool_scenes import TOOL_SCENES  # noqa: E402
from ui.shots import open_window  # noqa: E402

SIZE_PX = (1180, 720)
COLOURS = (64, 48, 32)
"""Fewer, where a picture would be larger than :data:`MOST_BYTES`."""
MOST_BYTES = 90_000
SMALLEST = 0
"""The quality that Qt packs tightest for."""
LANGS, THEMES = ("zh", "en"), ("light", "dark")
SCENES: Mapping[str, Callable[[Stage], None]] = {
    **TOOL_SCENES,
    **AREA_SCENES,
    **BASEMAP_SCENES,
    **CHART_SCENES,
    **CHECK_SCENES,
    **MAP_SCENES,
    **ROSTER_SCENES,
    **PEOPLE_SCENES,
    **PUBLISH_SCENES,
}
WITH_TREE = {
    "select",
    *AREA_SCENES,
    *CHART_SCENES,
    *CHECK_SCENES,
    *ROSTER_SCENES,
    *PEOPLE_SCENES,
}
"""Scenes in which the tree matters; in others the map has its room."""


@contextmanager
def demo_project() -> Iterator[Path]:
    """Return the project of a demo city of its own."""
    from gridadmin.app.demo import write_demo
    from gridadmin.base.progress import SILENT

    with tempfile.TemporaryDirectory() as folder:
        write_demo(Path(folder) / "demo", SILENT)
        yield Path(folder) / "demo" / "demo.gpkg"


def take(names: list[str], project: Path, out: Path, lang: str, theme: str) -> None:
    """Play scenes, each on the city as it was, and keep a picture of each."""
    # Whoever plays the scenes is somebody made up.
    before = os.environ.get("LOGNAME")
    os.environ["LOGNAME"] = "示例甲" if lang == "zh" else "Sample A"
    try:
        _take(names, project, out / f"{lang}-{theme}", lang, theme)
    finally:
        if before is None:
            del os.environ["LOGNAME"]
        else:
            os.environ["LOGNAME"] = before


def _take(names: list[str], project: Path, folder: Path, lang: str, theme: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        fresh = project.with_name("scene.gpkg")
        fresh.write_bytes(project.read_bytes())
        with open_window(lang=lang, theme=theme) as window:
            window.resize(*SIZE_PX)
            window.open_project(fresh)
            stage = Stage(window, project.parent, lang)
            stage.rest()
            if name not in WITH_TREE:
                stage.wide()
            SCENES[name](stage)
            stage.settle()
            keep(stage.picture(), folder / f"tool-{name}.png")
            for top in tops():
                if isinstance(top, QDialog | QMenu):
                    top.close()
            stage.press(Qt.Key.Key_Escape)


def keep(picture: QImage, path: Path) -> None:
    """Keep a picture with as many colours as there is room for."""
    for most in COLOURS:
        with_few_colours(picture, most).save(str(path), quality=SMALLEST)
        if path.stat().st_size <= MOST_BYTES:
            return


def main() -> int:
    """Take the pictures that the command line names, or all."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(SCENES))
    parser.add_argument("--lang", choices=LANGS)
    parser.add_argument("--theme", choices=THEMES, default="light")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "images")
    options = parser.parse_args()
    with demo_project() as project:
        for lang in [options.lang] if options.lang else LANGS:
            take(options.names or list(SCENES), project, options.out, lang, options.theme)
    return 0


if __name__ == "__main__":
    sys.exit(main())
