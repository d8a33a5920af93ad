"""The garbage collector pauses for long work and is back afterwards."""

from __future__ import annotations

import gc

import pytest

from gridadmin.base.memory import collector_paused

both = pytest.mark.parametrize("lasting", [False, True])


@both
def test_collector_is_off_inside_and_on_afterwards(lasting: bool) -> None:
    with collector_paused(lasting=lasting):
        assert not gc.isenabled()

    assert gc.isenabled()


@both
def test_collector_is_on_again_after_a_fault(lasting: bool) -> None:
    with pytest.raises(ValueError, match="broken"), collector_paused(lasting=lasting):
        raise ValueError("broken")

    assert gc.isenabled()


@both
def test_a_collector_that_was_off_stays_off(lasting: bool) -> None:
    gc.disable()
    try:
        with collector_paused(lasting=lasting):
            assert not gc.isenabled()
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_only_what_lasts_is_out_of_the_collectors_sight_afterwards() -> None:
    gc.collect()
    frozen = gc.get_freeze_count()
    with collector_paused():
        passing: list[list[int]] = [[] for _ in range(1000)]
    assert gc.get_freeze_count() == frozen

    with collector_paused(lasting=True):
        lasting: list[list[int]] = [[] for _ in range(1000)]

    assert gc.get_freeze_count() >= frozen + len(passing) + len(lasting)
