"""Pictures of the tools at work, for the pages about them: each scene uses one by mouse and keys.

    python docs/tool_pictures.py [NAME …] [--lang zh|en] [--theme light|dark] [--out FOLDER]

The pictures of the light theme go to ``docs/images``; no screen is needed.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from PySide6.QtCore import QPoint, Qt  # noqa: E402 - the folder above has to be known first
from PySide6.QtTest import QTest  # noqa: E402
from PySide6.QtWidgets import QApplication, QWidget  # noqa: E402

from docs.few_colours import with_few_colours  # noqa: E402
from gridadmin.base.ids import oid_of  # noqa: E402
from gridadmin.domain.model import Area, Land  # noqa: E402
from gridadmin.partition.base import chain_of  # noqa: E402
from gridadmin.partition.border import points_of  # noqa: E402
from gridadmin.partition.faces import faces_of  # noqa: E402
from gridadmin.partition.snapshot import Snapshot  # noqa: E402
from ui.canvas.viewport import Box, Place  # noqa: E402
from ui.main_window import MainWindow  # noqa: E402
from ui.shots import is_at_rest, open_window, wait_until  # noqa: E402

SIZE_PX = (1180, 760)
LANGS, THEMES = ("zh", "en"), ("light", "dark")
NONE = Qt.KeyboardModifier.NoModifier
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
_LEFT = Qt.MouseButton.LeftButton


class Stage:
    """The window with the demo city: pointer and keys in local metres, and where things are."""

    def __init__(self, window: MainWindow) -> None:
        self.window = window

    @property
    def snapshot(self) -> Snapshot:
        """The present state."""
        return self.window.context.bridge.snapshot

    # Where things are

    def area(self, level: str, number: int = 0) -> Area:
        """Return the drawn area of a level that comes at this place by code."""
        found = [a for a in self.snapshot.areas() if a.level == level and a.land == Land.DRAWN]
        return sorted(found, key=lambda area: area.code or "")[number]

    def box(self, *uids: str) -> Box:
        """Return the box around areas."""
        boxes = [self.window.context.bridge.box_of_area(uid) for uid in uids]
        known = [box for box in boxes if box is not None]
        return (
            min(box[0] for box in known),
            min(box[1] for box in known),
            max(box[2] for box in known),
            max(box[3] for box in known),
        )

    def inside(self, uid: str) -> Place:
        """Return a place surely inside an area."""
        for holder in (self.snapshot.area(uid), *self.snapshot.descendants(uid)):
            for face in faces_of(self.snapshot.partition, oid_of(holder.uid)):
                x, y = face.inner_point()
                return x / 1000, y / 1000
        raise LookupError(uid)

    def neighbour(self, uid: str) -> Area:
        """Return the sibling with which an area shares most of its outline."""
        shared: dict[str, int] = {}
        area = self.snapshot.area(uid)
        for border in self.snapshot.partition.outline(oid_of(uid)):
            for side in (border.left, border.right):
                for oid in chain_of(side, self.snapshot.partition.parents):
                    other = self.snapshot.owning_area(oid)
                    if other and other.uid != uid and other.parent == area.parent:
                        shared[other.uid] = shared.get(other.uid, 0) + len(border.points)
        return self.snapshot.area(max(sorted(shared), key=lambda one: shared[one]))

    def vertex_between(self, uid: str, other: str) -> Place:
        """Return the middle vertex of the longest border between two areas."""
        partition = self.snapshot.partition
        oids = {oid_of(uid), oid_of(other)}
        shared = [
            border
            for border in partition.outline(oid_of(uid))
            if oids
            <= {*chain_of(border.left, partition.parents)}
            | {*chain_of(border.right, partition.parents)}
        ]
        points = max((points_of(border) for border in shared), key=len)
        x, y = points[len(points) // 2].tolist()
        return x / 1000, y / 1000

    # Looking, pointer, keys

    def show(self, *uids: str, margin_m: float = 60) -> None:
        """Show areas with some land around them."""
        x0, y0, x1, y1 = self.box(*uids)
        self.window.map_panel.show_box((x0 - margin_m, y0 - margin_m, x1 + margin_m, y1 + margin_m))
        self.rest()

    def rest(self) -> None:
        """Wait until the window has nothing more to do."""
        QApplication.processEvents()
        wait_until(self.window, lambda: is_at_rest(self.window))

    def select(self, *uids: str) -> None:
        """Select areas."""
        self.window.context.selection.select_areas(list(uids))

    def act(self, key: str) -> None:
        """Do an action of the table."""
        self.window.actions_table.action(key).trigger()
        QApplication.processEvents()

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
        """Press a key over the map."""
        QTest.keyClick(self.window.map_panel.view, key, modifiers)
        QApplication.processEvents()

    def hover(self, place: Place) -> None:
        """Move the pointer to a place."""
        port, end = self._port(), self._px(place)
        QTest.mouseMove(port, end + QPoint(7, 7))
        QApplication.processEvents()
        QTest.mouseMove(port, end)
        QApplication.processEvents()

    def click(self, place: Place, modifiers: Qt.KeyboardModifier = NONE) -> None:
        """Click a place."""
        self.hover(place)
        QTest.mouseClick(self._port(), _LEFT, modifiers, self._px(place))
        QApplication.processEvents()

    def drag(
        self, start: Place, end: Place, modifiers: Qt.KeyboardModifier = NONE, *, drop: bool = False
    ) -> None:
        """Drag from a place to another; the button stays down unless it is to *drop*."""
        begin, finish = self._px(start), self._px(end)
        self.hover(start)
        QTest.mousePress(self._port(), _LEFT, modifiers, begin)
        for step in range(1, 6):
            QTest.mouseMove(self._port(), begin + (finish - begin) * step / 5)
            QApplication.processEvents()
        if drop:
            QTest.mouseRelease(self._port(), _LEFT, modifiers, finish)
            QApplication.processEvents()

    def _px(self, place: Place) -> QPoint:
        x, y = self.window.map_panel.view.view.px_of(place)
        return QPoint(round(x), round(y))

    def _port(self) -> QWidget:
        port: QWidget = self.window.map_panel.view.viewport()
        return port


def _select(stage: Stage) -> None:
    grid = stage.area("grid", 3)
    stage.show(grid.uid)
    stage.click(stage.inside(grid.uid))
    stage.click(stage.inside(stage.neighbour(grid.uid).uid), CTRL)


def _adjust(stage: Stage) -> None:
    grid = stage.area("grid", 3)
    vertex = stage.vertex_between(grid.uid, stage.neighbour(grid.uid).uid)
    stage.show(grid.uid, margin_m=20)
    stage.act("tool.adjust")
    stage.drag(vertex, (vertex[0] + 12, vertex[1] + 9))


def _give(stage: Stage) -> None:
    micro = stage.area("micro_grid", 8)
    stage.show(micro.uid)
    stage.act("tool.give")
    stage.click(stage.inside(micro.uid))
    stage.hover(stage.inside(stage.neighbour(micro.uid).uid))


def _split(stage: Stage) -> None:
    micro = stage.area("micro_grid", 8)
    x0, _, x1, _ = stage.box(micro.uid)
    _, y = stage.inside(micro.uid)
    stage.show(micro.uid)
    stage.select(micro.uid)
    stage.act("tool.split")
    stage.click((x0 - 12, y))
    stage.hover((x1 + 12, y))


def _merge(stage: Stage) -> None:
    micro = stage.area("micro_grid", 8)
    stage.show(micro.uid)
    stage.select(micro.uid, stage.neighbour(micro.uid).uid)
    stage.act("edit.merge")


SCENES: Mapping[str, Callable[[Stage], None]] = {
    "select": _select,
    "adjust": _adjust,
    "give": _give,
    "split": _split,
    "merge": _merge,
}


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
    folder = out / f"{lang}-{theme}"
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        fresh = project.with_name("scene.gpkg")
        fresh.write_bytes(project.read_bytes())
        with open_window(lang=lang, theme=theme) as window:
            window.resize(*SIZE_PX)
            window.open_project(fresh)
            stage = Stage(window)
            stage.rest()
            SCENES[name](stage)
            stage.rest()
            with_few_colours(window.grab().toImage()).save(str(folder / f"tool-{name}.png"))
            stage.press(Qt.Key.Key_Escape)


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
