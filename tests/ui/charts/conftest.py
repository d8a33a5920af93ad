"""The demo city as a project that a test may write into."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from gridadmin.app.demo import write_demo


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo city with its base map, to be read."""
    folder = tmp_path_factory.mktemp("演示 城市")
    write_demo(folder)
    return folder


@pytest.fixture
def project(demo_folder: Path, chinese_dir: Path) -> Path:
    """A copy of the demo city."""
    path = chinese_dir / "演示.gpkg"
    shutil.copy(demo_folder / "demo.gpkg", path)
    return path
