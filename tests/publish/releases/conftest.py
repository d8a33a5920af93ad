from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from gridadmin.app.session import Session
from tests.cli.runner import run


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo city, made once; tests that write work on a copy."""
    folder = tmp_path_factory.mktemp("演示 城市")
    ran = run("demo", folder, "--quiet")
    assert ran.code == 0, ran.err
    return folder


@pytest.fixture
def demo(demo_folder: Path, chinese_dir: Path) -> Path:
    """A fresh copy of the demo project, in a folder with Chinese characters and blanks."""
    return Path(shutil.copy(demo_folder / "demo.gpkg", chinese_dir / "演示 项目.gpkg"))


@pytest.fixture
def session(demo: Path) -> Iterator[Session]:
    """The demo project, open for work."""
    with Session.open(demo, write=True) as session:
        yield session
