"""What tests of the dialogs of base maps share: a project, a server, a keyring in memory."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest

from gisdata.make_demo_basemap import FILE
from gridadmin.app.session import Session
from tests.helpers.memory_keyring import MemoryKeyring
from tests.helpers.tile_server import TileServer
from ui.context import Context
from ui.settings import Settings
from ui.tiles.basemaps import BaseMaps


@pytest.fixture
def ring(monkeypatch: pytest.MonkeyPatch) -> MemoryKeyring:
    made = MemoryKeyring()
    monkeypatch.setattr(keyring, "get_password", made.get_password)
    monkeypatch.setattr(keyring, "set_password", made.set_password)
    monkeypatch.setattr(keyring, "delete_password", made.delete_password)
    return made


@pytest.fixture
def server() -> Iterator[TileServer]:
    with TileServer(FILE) as server:
        yield server


@pytest.fixture
def context(demo_folder: Path, tmp_path: Path) -> Iterator[Context]:
    settings = Settings(tmp_path / "settings.json")
    settings.set_value("proxy", "none")
    made = Context.made(settings)
    made.bridge.adopt_session(Session.open(demo_folder / "demo.gpkg", write=True), None)
    yield made
    BaseMaps.of(made).close()
    made.bridge.close()
    made.jobs.close()


@pytest.fixture
def maps(context: Context) -> BaseMaps:
    return BaseMaps.of(context)
