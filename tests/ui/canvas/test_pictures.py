"""The painter follows the project, whatever comes while it is at work."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from gridadmin.app.session import Session
from gridadmin.edit.area_commands import SetField
from ui.canvas import pictures
from ui.canvas.pictures import Pictures


@pytest.fixture
def session(demo_folder: Path) -> Iterator[Session]:
    with Session.open(demo_folder / "demo.gpkg", write=True) as opened:
        yield opened


@pytest.fixture
def painter(session: Session, qtbot: QtBot) -> Iterator[Pictures]:
    made = Pictures()
    with qtbot.waitSignal(made.ready):
        made.show_project(session.snapshot)
    yield made
    made.close()


def rename(session: Session, painter: Pictures, name: str) -> None:
    root = session.snapshot.root.uid
    painter.follow(session.document.execute(SetField(root, "name", name)))


def test_an_edit_made_while_an_import_is_prepared_is_painted_too(
    session: Session, painter: Pictures, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "MANY_ROWS", 0)
    rename(session, painter, "如同导入")
    monkeypatch.setattr(pictures, "MANY_ROWS", 2000)

    with qtbot.waitSignal(painter.ready):
        rename(session, painter, "之后的修改")

    assert painter.scene is not None
    assert painter.scene.snapshot.revision == 2


def test_edits_made_while_a_project_is_prepared_are_painted_too(
    session: Session, painter: Pictures, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(painter.ready):
        painter.show_project(session.snapshot)
        rename(session, painter, "甲")
        rename(session, painter, "乙")

    assert painter.scene is not None
    assert painter.scene.snapshot.revision == 2
