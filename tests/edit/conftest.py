from __future__ import annotations

from collections.abc import Callable

import pytest

from gridadmin.base.errors import EditError
from gridadmin.edit.command import Command
from gridadmin.edit.document import Document

Refused = Callable[[Document, Command], EditError]


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
