"""Scenes of publishing: targets, dry run, queue, receiving, releases, work packages."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields, replace
from functools import wraps
from pathlib import Path
from typing import cast

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QDialog, QRadioButton

from docs.stage import Stage
from gridadmin.app import publishing
from gridadmin.app.session import Session
from gridadmin.base.ids import oid_of
from gridadmin.base.progress import SILENT
from gridadmin.edit.area_commands import SetField
from gridadmin.edit.merge_commands import Merge
from gridadmin.edit.vertex_commands import Move
from gridadmin.partition.border import points_of
from gridadmin.publish.outbox import Outbox, Work
from gridadmin.publish.patience import Patience
from gridadmin.publish.releasing import make_release
from gridadmin.publish.target_book import TargetBook, TargetSetting
from gridadmin.publish.targets.faults import TargetError
from gridadmin.publish.targets.folder import FolderTarget
from gridadmin.publish.targets.target import Target
from ui.canvas.viewport import Place
from ui.publish.comparison_page import ComparisonPage
from ui.publish.fetch_dialog import FetchDialog
from ui.publish.package_work import HandOutForm
from ui.publish.take_in_dialog import TakeInDialog
from ui.publish.target_form import TargetForm
from ui.publish.targets_page import TargetsPage

_CITY = "https://dav.example.org/grids"
_AWAY = "sftp://files.example.org/srv/grids"
Scene = Callable[[Stage], None]


class _Server(FolderTarget):
    """A folder that stands for a server: pictures show the address of the server."""

    @property
    def place(self) -> str:
        """The address that the target has."""
        return _CITY


class _Shown(TargetSetting):
    """A target whose server is a folder; the second one is away."""

    def open(self, *, makes_folder: bool = False) -> Target:
        if self.url == _AWAY:
            raise TargetError("target.timeout", is_passing=True, host="files.example.org")
        return _Server(Path(os.environ["GRIDADMIN_CONFIG"]) / "server", makes_folder=makes_folder)


class _Book(TargetBook):
    """The user's targets, with servers that stand in for those that the addresses name."""

    def all(self) -> list[TargetSetting]:
        return [
            _Shown(**{f.name: getattr(one, f.name) for f in fields(one)}) for one in super().all()
        ]


@contextmanager
def _somebody(stage: Stage) -> Iterator[None]:
    """Let the work be done with settings and a folder of their own."""
    names = ("GRIDADMIN_CONFIG", "GRIDADMIN_OUTBOX")
    before = {name: os.environ.get(name) for name in names}
    folder = stage.folder / f"publish-{stage.words('zh', 'en')}"
    number = len([*stage.folder.glob("publish-*")])
    folder = folder.with_name(f"{folder.name}-{number}")
    (folder / "server").mkdir(parents=True)
    os.environ["GRIDADMIN_CONFIG"] = str(folder)
    os.environ["GRIDADMIN_OUTBOX"] = str(folder / "outbox")
    here = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(here)
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _scene(play: Scene) -> Scene:
    """Play a scene as somebody, in the workspace of publishing."""

    @wraps(play)
    def played(stage: Stage) -> None:
        with _somebody(stage):
            desk = stage.window.publish.desk
            desk.post.book, desk.post.outbox = _Book(), Outbox()
            city = TargetSetting(stage.words("市级平台", "City platform"), _CITY, "publisher")
            desk.post.book.keep(city)
            kept = stage.words("档案服务器", "Archive")
            desk.post.book.keep(replace(city, name=kept, url=_AWAY, profile="internal"))
            stage.window.choose_workspace("publish")
            for name in ("tree", "inspector"):
                stage.window.docks[name].hide()
            stage.rest()
            play(stage)
            _rest(stage)

    return played


def _rest(stage: Stage) -> None:
    stage.wait(lambda: not stage.window.publish.desk.post.is_busy)
    stage.window.publish.records.read()
    stage.rest()


def _session(stage: Stage) -> Session:
    return stage.window.context.bridge.session


def _release(stage: Stage, note: str) -> None:
    make_release(_session(stage).document, note)
    stage.rest()


def _targets(stage: Stage) -> TargetsPage:
    page = cast("TargetsPage", stage.window.publish.show_page("targets"))
    page.refresh()
    stage.rest()
    return page


def _published(stage: Stage) -> None:
    """Publish two releases to the city platform."""
    setting = stage.window.publish.desk.post.book.all()[0]
    work = Work(SILENT, Patience(1), str)
    _release(stage, stage.words("年初边界", "As the year began"))
    publishing.publish(_session(stage), setting, publishing.Order("public"), Outbox(), work)
    _change(stage)
    _release(stage, stage.words("东片两格合并", "Two grids in the east merged"))
    publishing.publish(_session(stage), setting, publishing.Order("public"), Outbox(), work)


def _change(stage: Stage) -> None:
    """Merge two micro-grids, move a border, give a grid another name."""
    lot = stage.area("micro_grid", 4)
    near = stage.neighbour(lot.uid)
    grid = stage.area("grid", 2)
    other = stage.neighbour(grid.uid)
    place = _metres(stage, stage.vertex_between(grid.uid, other.uid))
    stage.do(Move(place, (place[0] + 12, place[1] + 9)))
    stage.do(Merge((lot.uid, near.uid), lot.uid))
    stage.do(SetField(other.uid, "name", stage.words("河湾网格", "River bend grid")))


def _metres(stage: Stage, place: Place) -> Place:
    """Return a local place in the metres of the plane."""
    x, y = stage.snapshot.origin_mm
    return place[0] + x / 1000, place[1] + y / 1000


def _place(stage: Stage, dialog: QDialog, width: int, height: int) -> None:
    dialog.resize(width, height)
    size = stage.window.size()
    middle = QPoint((size.width() - width) // 2, (size.height() - height) // 2 + 14)
    dialog.move(stage.window.pos() + middle)


@_scene
def target(stage: Stage) -> None:
    """The form of a target: where, for whom, what it gets."""
    _targets(stage)
    stage.select(stage.area("street").uid)
    stage.act("publish.target_edit")
    form = stage.find(TargetForm, "target_form")
    for key in ("city", "district", "street", "community"):
        form.content.levels[key].click()
    _place(stage, form, form.minimumSizeHint().width(), form.sizeHint().height())


@_scene
def dry_run(stage: Stage) -> None:
    """What sending would change on the server."""
    _published(stage)
    stage.do(SetField(stage.area("grid").uid, "name", stage.words("桥头网格", "Bridge grid")))
    _release(stage, stage.words("改名", "Another name"))
    _targets(stage)
    stage.act("publish.dry_run")


@_scene
def queue(stage: Stage) -> None:
    """A server that is away: the delivery waits."""
    _published(stage)
    page = _targets(stage)
    page.choose(stage.window.publish.desk.post.book.all()[1].name)
    stage.act("publish.send")
    stage.wait(lambda: bool(stage.window.publish.desk.post.items))
    _rest(stage)
    stage.window.publish.show_page("queue")


@_scene
def fetch(stage: Stage) -> None:
    """What a target holds, and where a release is put."""
    _published(stage)
    _targets(stage)
    stage.act("publish.fetch")
    dialog = stage.find(FetchDialog, "fetch_dialog")
    _rest(stage)
    folder = Path(stage.words("收到的边界", "received"))
    folder.mkdir()
    dialog.page.place.folder.setText(str(folder))
    _place(stage, dialog, 620, 330)


@_scene
def releases(stage: Stage) -> None:
    """The releases, and what is known of the newest."""
    _published(stage)
    stage.window.publish.show_page("releases")


@_scene
def comparison(stage: Stage) -> None:
    """Two releases compared, on the map and as a table."""
    _published(stage)
    page = cast("ComparisonPage", stage.window.publish.show_page("comparison"))
    page.before.setCurrentIndex(page.before.findText("r0001", Qt.MatchFlag.MatchStartsWith))
    page.after.setCurrentIndex(page.after.findText("r0002", Qt.MatchFlag.MatchStartsWith))
    page.compare()
    stage.wait(lambda: page.comparison is not None)
    grid = stage.area("grid", 2)
    stage.show(grid.uid, stage.neighbour(grid.uid).uid)


@_scene
def hand_out(stage: Stage) -> None:
    """Which area goes out as a file of its own."""
    stage.window.publish.show_page("packages")
    stage.select(stage.area("street").uid)
    stage.act("publish.hand_out")
    form = next(one for one in _dialogs(stage) if isinstance(one, HandOutForm))
    _place(stage, form, 520, form.sizeHint().height())


@_scene
def take_in(stage: Stage) -> None:
    """What both sides moved, side by side."""
    street = stage.area("street")
    out = Path(os.environ["GRIDADMIN_CONFIG"]) / stage.words("子虚街道.gpkg", "street.gpkg")
    stage.window.publish.packages.hand_out(street.uid, out)
    stage.rest()
    stage.window.publish.show_page("packages")
    place = _inner_vertex(stage, {one.uid for one in stage.snapshot.descendants(street.uid)})
    (x, y) = place
    stage.do(Move(place, (x + 9, y + 4)))
    with Session.open(out, write=True) as package:
        package.document.execute(Move(place, (x - 6, y - 8)))
        package.document.execute(SetField(street.uid, "name", street.name + "（新）"))
    stage.window.publish.packages.take_in(out)
    dialog = stage.find(TakeInDialog, "take_in_dialog")
    stage.wait(lambda: not dialog.strip.is_busy)
    _place(stage, dialog, 760, 430)
    dialog.page.findChildren(QRadioButton)[1].click()


def _inner_vertex(stage: Stage, uids: set[str]) -> Place:
    """Return the middle vertex of a long border between two of the areas, in metres."""
    partition = stage.snapshot.partition
    own = [uid for uid in uids if stage.snapshot.area(uid).level == "micro_grid"]
    oids = {oid_of(uid) for uid in own}
    inner = [one for one in partition if one.left in oids and one.right in oids]
    longest = max(inner, key=lambda one: (len(points_of(one)), one.id))
    points = points_of(longest)
    x, y = (points[len(points) // 2] / 1000).tolist()
    return _metres(stage, (x, y))


def _dialogs(stage: Stage) -> list[QDialog]:
    return [one for one in stage.window.findChildren(QDialog) if one.isVisible()]


PUBLISH_SCENES: Mapping[str, Scene] = {
    "publish-target": target,
    "publish-dry-run": dry_run,
    "publish-queue": queue,
    "publish-fetch": fetch,
    "release-list": releases,
    "release-compare": comparison,
    "package-out": hand_out,
    "package-in": take_in,
}
