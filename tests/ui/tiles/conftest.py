"""What tests of the dialogs of base maps share: a project, a server, a keyring in memory."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import PasswordDeleteError

from gisdata.make_demo_basemap import FILE
from gridadmin.app.session import Session
from tests.helpers.tile_server import TileServer
from ui.context import Context
from ui.settings import Settings
from ui.tiles.basemaps import BaseMaps


class Ring(KeyringBackend):
    """A keyring in memory."""

    priority = 1

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if (service, username) not in self.kept:
            raise PasswordDeleteError
        del self.kept[service, username]


@pytest.fixture
def ring(monkeypatch: pytest.MonkeyPatch) -> Ring:
    made = Ring()
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
