from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from gridadmin.app.demo import write_demo
from gridadmin.base.errors import EditError
from gridadmin.edit.command import Command
from gridadmin.edit.document import Document
from tests.helpers.projects import MemoryStore, document_on, small_town

Refused = Callable[[Document, Command], EditError]


@pytest.fixture
def store() -> MemoryStore:
    return small_town()


@pytest.fixture
def document(store: MemoryStore) -> Document:
    return document_on(store)


@pytest.fixture
def refused() -> Refused:
    """Return what carries out a command that must be refused, and returns the refusal."""

    def refusal(document: Document, command: Command) -> EditError:
        before = document.snapshot
        with pytest.raises(EditError) as caught:
            document.execute(command)
        assert document.snapshot is before
        return caught.value

    return refusal


@pytest.fixture(scope="session")
def demo_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo city, not to be changed."""
    folder = tmp_path_factory.mktemp("样例 城市")
    write_demo(folder)
    return folder / "demo.gpkg"
