"""A window on the demo city with made-up people in it."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from benchmarks.people import PutPeople
from gridadmin.app.session import Session
from gridadmin.domain.change import Change
from gridadmin.domain.scheme_copy import to_json
from gridadmin.domain.scheme_loader import load_scheme
from gridadmin.edit.draft import Desk, Draft
from gridadmin.partition.snapshot import Snapshot
from tests.ui.conftest import OpenWindow, rest
from ui.main_window import MainWindow
from ui.people.seat_page import SeatPage


@pytest.fixture(scope="session")
def staffed_file(demo_files: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo city with made-up people, not to be changed."""
    path = tmp_path_factory.mktemp("staffed") / "样例.gpkg"
    copyfile(demo_files / "demo.gpkg", path)
    with Session.open(path, write=True) as session:
        if not session.snapshot.rows("person"):
            session.document.execute(PutPeople())
    return path


@pytest.fixture
def staffed(
    open_window: OpenWindow, staffed_file: Path, tmp_path: Path, qtbot: QtBot
) -> MainWindow:
    """A window in the workspace of people, its seats read."""
    path = tmp_path / "人员 样例.gpkg"
    copyfile(staffed_file, path)
    window = open_window(path)
    window.choose_workspace("people")
    known(qtbot, window)
    rest(qtbot, window)
    return window


def known(qtbot: QtBot, window: MainWindow) -> None:
    """Wait until the seats are those of the present state."""
    qtbot.waitUntil(lambda: window.people.staff.is_up_to_date, timeout=20_000)
    QApplication.processEvents()


def seats(window: MainWindow) -> SeatPage:
    """Return the page of seats."""
    return window.people.seat_page()


_SCHEME = """
extends = "default"
zh = "虚构市"
en = "Made-up city"
version = 1

[posts.street_chief]
zh = "街长"
en = "Street chief"
levels = ["street_line"]
seats = 1
most = 1

[posts.shop_chief]
zh = "店长"
en = "Shop chief"
levels = ["shop"]
seats = 1
most = 1

[posts.cluster_leader]
zh = "片区负责人"
en = "Cluster leader"
levels = ["cluster"]

[organizations.community_organization]
zh = "社会组织"
en = "Community organization"
levels = ["community"]

[organizations.shock_team]
zh = "突击队"
en = "Shock team"
levels = ["community"]
modes = ["emergency"]

[groupings.cluster]
zh = "片区"
en = "Cluster"
levels = ["community"]

[facilities.agency_point]
zh = "代办点"
en = "Agency point"
levels = ["community"]

[channels.surfacing]
zh = "楼院浮出"
en = "Surfacing"
levels = ["community", "grid"]

[channels.return]
zh = "在职回归"
en = "Return"
levels = ["community"]

[checks]
cluster_membership = { on = true, severity = "error" }
cluster_centre = { on = true, severity = "error" }
cluster_adjacent = { on = true, severity = "error" }
"""


@dataclass(frozen=True)
class PutScheme:
    """Put another scheme into a project; people keep the posts that it has, too."""

    text: str
    may_move_frame: bool = False

    def propose(self, snapshot: Snapshot, desk: Desk) -> Change:
        """Return the change."""
        with TemporaryDirectory() as folder:
            path = Path(folder) / "虚构.toml"
            path.write_text(self.text, encoding="utf-8")
            scheme = load_scheme(path)
        row = snapshot.rows("setting")["scheme"]
        said = {**json.loads(row.value), "key": scheme.key, "copy": to_json(scheme)}
        draft = Draft(snapshot)
        draft.put("setting", replace(row, value=json.dumps(said, ensure_ascii=False)))
        return draft.change("people")


@pytest.fixture(scope="session")
def bodied_file(staffed_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The staffed demo city under a scheme with clusters, channels, shops and chiefs."""
    path = tmp_path_factory.mktemp("bodied") / "样例.gpkg"
    copyfile(staffed_file, path)
    with Session.open(path, write=True) as session:
        session.document.execute(PutScheme(_SCHEME))
    return path


@pytest.fixture
def bodied(open_window: OpenWindow, bodied_file: Path, tmp_path: Path, qtbot: QtBot) -> MainWindow:
    """A window in the workspace of people of that city, its seats read."""
    path = tmp_path / "片区 样例.gpkg"
    copyfile(bodied_file, path)
    window = open_window(path)
    window.choose_workspace("people")
    known(qtbot, window)
    rest(qtbot, window)
    return window
