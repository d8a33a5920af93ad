from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest

from tests.helpers.memory_keyring import MemoryKeyring


@pytest.fixture(autouse=True)
def user_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user without targets, credentials, confirmed hosts or deliveries on their way."""
    folder = tmp_path / "user"
    folder.mkdir()
    monkeypatch.setenv("GRIDADMIN_CONFIG", str(folder / "config"))
    monkeypatch.setenv("GRIDADMIN_OUTBOX", str(folder / "outbox"))
    for name in ("USER", "PASSWORD", "CA", "KEY_FILE"):
        monkeypatch.delenv(f"GRIDADMIN_{name}", raising=False)
    return folder


@pytest.fixture(autouse=True)
def memory_keyring() -> Iterator[MemoryKeyring]:
    before = keyring.get_keyring()
    ours = MemoryKeyring()
    keyring.set_keyring(ours)
    yield ours
    keyring.set_keyring(before)
