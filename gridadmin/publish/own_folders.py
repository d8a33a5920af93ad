"""Where this user's targets, confirmed host keys and unfinished deliveries lie."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs


def config_folder() -> Path:
    """Return the folder of the user's settings; ``GRIDADMIN_CONFIG`` names another."""
    named = os.environ.get("GRIDADMIN_CONFIG")
    return Path(named) if named else platformdirs.user_config_path("gridadmin", appauthor=False)


def outbox_folder() -> Path:
    """Return the folder of deliveries on their way; ``GRIDADMIN_OUTBOX`` names another."""
    named = os.environ.get("GRIDADMIN_OUTBOX")
    if named:
        return Path(named)
    return platformdirs.user_data_path("gridadmin", appauthor=False) / "outbox"
