"""The garbage collector pauses for long builds and is back afterwards."""

from __future__ import annotations

import gc

import pytest

from gridadmin.base.memory import collector_paused, collector_resting


def test_collector_is_off_inside_and_on_afterwards() -> None:
    with collector_paused():
        assert not gc.isenabled()

    assert gc.isenabled()


def test_collector_is_on_again_after_a_fault() -> None:
    with pytest.raises(ValueError, match="broken"), collector_paused():
        raise ValueError("broken")

    assert gc.isenabled()


def test_a_collector_that_was_off_stays_off() -> None:
    gc.disable()
    try:
        with collector_paused():
            assert not gc.isenabled()
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_a_resting_collector_works_again_afterwards_even_after_a_fault() -> None:
    frozen = gc.get_freeze_count()
    with collector_resting():
        assert not gc.isenabled()
    assert gc.isenabled()
    with pytest.raises(ValueError, match="broken"), collector_resting():
        raise ValueError("broken")

    assert gc.isenabled()
    assert gc.get_freeze_count() == frozen


def test_a_resting_collector_that_was_off_stays_off() -> None:
    gc.disable()
    try:
        with collector_resting():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
