"""Long work lets others by where its thread was asked to, and nowhere else."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import numpy as np
import pytest

from gridadmin.base.giving_way import give_way, give_way_by
from gridadmin.partition.portions import points_in_portions


@pytest.fixture
def waits() -> Iterator[list[str]]:
    found: list[str] = []
    give_way_by(lambda: found.append("waited"))
    yield found
    give_way_by(None)


def test_work_waits_as_its_thread_was_asked_to(waits: list[str]) -> None:
    give_way()
    assert waits == ["waited"]


def test_work_of_another_thread_waits_for_nobody(waits: list[str]) -> None:
    other = threading.Thread(target=give_way)
    other.start()
    other.join()
    assert waits == []


def test_work_goes_on_when_nobody_has_to_be_let_by_any_more(waits: list[str]) -> None:
    give_way_by(None)
    give_way()
    assert waits == []


def test_shapes_made_in_portions_let_others_by_between_them(waits: list[str]) -> None:
    made = points_in_portions(np.zeros((12_000, 2)))

    assert len(made) == 12_000
    assert waits == ["waited"] * 3
