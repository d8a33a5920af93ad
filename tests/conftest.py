"""What every test may ask for."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings
from PySide6.QtWidgets import QApplication

from gridadmin.base.paths import ROOT
from tests.helpers.patience import PatientBot

# Tests must pass where there is no screen; who wants to watch sets the platform himself.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

# A busy machine is slow for a moment; that is no failure of the property.
settings.register_profile("gridadmin", deadline=None)
settings.load_profile("gridadmin")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data beside the checkout; tests that need it are skipped without it."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("../shared/data is not beside this checkout")
    return folder


@pytest.fixture(scope="session", autouse=True)
def application(qapp: QApplication) -> QApplication:
    """The one application of a test process: painting alone would make one without widgets."""
    return qapp


@pytest.fixture
def qtbot(application: QApplication, request: pytest.FixtureRequest) -> PatientBot:
    """The bot of pytest-qt, as patient as a busy machine asks for."""
    assert application is not None
    return PatientBot(request)


@pytest.fixture
def chinese_dir(tmp_path: Path) -> Path:
    """An empty folder whose name has Chinese characters and a blank, as users have them."""
    folder = tmp_path / "网格 调整 2025"
    folder.mkdir()
    return folder
