"""The table of what a change does leaves out what only a new node bends."""

from __future__ import annotations

import pytest

from gridadmin.app.effects import AreaEffect, Effects
from gridadmin.domain.model import HouseholdsState
from ui.tools.shapes import effect_tag


def effect(name: str, grown_m2: float, households: int | None = 50) -> AreaEffect:
    """Return what an area of a hectare with 50 households gains."""
    return AreaEffect(
        uid=name,
        name=name,
        code=None,
        level="grid",
        is_new=False,
        is_gone=False,
        land_before_m2=10_000.0,
        land_after_m2=10_000.0 + grown_m2,
        households_before=50,
        households_after=households,
        state_before=HouseholdsState.TYPED,
        state_after=HouseholdsState.TYPED,
        buildings_before=5,
        buildings_after=5,
        band=None,
        band_before=None,
        band_after=None,
    )


def names(*effects: AreaEffect) -> list[str]:
    tag = effect_tag(Effects(effects, 0, 0, 0.0), (0.0, 0.0))
    assert tag is not None
    return [row[0] for row in tag.rows]


@pytest.mark.parametrize("grown_m2", [0.0, 0.04, -0.3, 0.9])
def test_an_area_bent_by_a_new_node_is_left_out(grown_m2: float) -> None:
    assert names(effect("甲", 120.0), effect("乙", -120.0), effect("丙", grown_m2)) == ["甲", "乙"]


def test_an_area_whose_households_change_is_told_whatever_its_land_does() -> None:
    assert names(effect("甲", 120.0), effect("丙", 0.0, households=51)) == ["甲", "丙"]


def test_small_changes_are_told_when_there_are_no_greater_ones() -> None:
    assert names(effect("甲", 0.6), effect("乙", -0.4), effect("丙", -0.2)) == ["甲", "乙", "丙"]
