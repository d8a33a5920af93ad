"""Best assignments at the published sizes, proven over every pair, against a bare matching."""

from __future__ import annotations

from time import process_time
from typing import Any

import numpy as np

from benchmarks.measure import Line, Report, in_child, timed
from gridadmin.staffing.proposals.parts import Answer, solve_parts
from gridadmin.staffing.proposals.task import NONE, Doors, Places, Rows, Task
from gridadmin.staffing.proposals.tiers import Tier

_SIDE_M = 22_000.0
"""A square of 新都's 496 km²."""
_CITY_M = 110_000.0
"""A square of about 大连's 12,600 km²."""


def run(sizes: list[int] | None) -> Report:
    """Measure both; *sizes* are not asked for, the published places say them."""
    del sizes
    report = Report("assign")
    for name, words, bar_s in (
        ("micro_grids", "12,518 people, 10,161 micro-grids, nobody has a seat yet", 2.0),
        ("micro_grids_held", "12,518 people, 10,161 micro-grids, nine of ten have a seat", 2.0),
        ("cadres", "3,500 cadres, 1,671 places: cover, pairing, locks, stability", 3.0),
    ):
        done = in_child("benchmarks.rows.assign:measure", name=name)
        value = done.value
        note = (
            f"{value['cpu_s']:.2f} s of processor;"
            f" {value['tried']:,} of {value['pairs']:,} pairs tried,"
            f" {value['rounds']} rounds, {value['stages']} stages"
        )
        report.add(Line(words, value["ours_s"], "the bar", bar_s, done.peak_mb, 1.0, note))
        report.details[name] = value
    return report


def measure(name: str) -> dict[str, Any]:
    """Solve one of the tasks; the best of three counts, libraries are loaded then."""
    task = {
        "micro_grids": micro_grids,
        "micro_grids_held": micro_grids_held,
        "cadres": cadres,
    }[name]()
    solve_parts(task)
    before = process_time()
    answer, timing = timed(lambda: solve_parts(task), 3)
    cpu_s = (process_time() - before) / len(timing.seconds)
    return {
        "ours_s": min(timing.seconds),
        "cpu_s": cpu_s,
        "seconds": timing.seconds,
        "pairs": len(task.rows) * len(task.doors),
        **_told(answer),
    }


def _told(answer: Answer) -> dict[str, Any]:
    (part,) = answer.parts
    totals = part.solution.totals
    return {
        "tried": answer.tried,
        "rounds": answer.rounds,
        "stages": len(part.solution.prices.stages),
        "step_m": part.task.step_m,
        "totals": {tier.name.lower(): totals[tier] for tier in Tier},
    }


def micro_grids(held: float = 0.0) -> Task:
    """Return 新都's people and micro-grids, spread at random; a share has a seat already."""
    chance = np.random.default_rng(510114)
    persons, grids = 12_518, 10_161
    door_xy = chance.random((grids, 2)) * _SIDE_M
    homes = np.where(chance.random(persons) < held, chance.integers(0, grids, persons), NONE)
    row_xy = np.where(
        (homes == NONE)[:, None], chance.random((persons, 2)) * _SIDE_M, door_xy[homes]
    )
    nothing = np.zeros(grids, dtype=np.int64)
    return Task(
        Rows(
            np.zeros(persons, dtype=np.int64),
            np.full(persons, NONE),
            homes,
            row_xy,
        ),
        Doors(
            np.arange(grids),
            np.ones((1, grids), dtype=bool),
            np.zeros((0, grids), dtype=bool),
            np.zeros(grids, dtype=bool),
            door_xy,
            np.full(grids, NONE),
            np.full(grids, NONE),
            nothing,
        ),
        Places(nothing, nothing + 1, np.full(grids, NONE), np.zeros(grids, dtype=bool)),
    )


def micro_grids_held() -> Task:
    """Return the same with nine of ten people on seats, some of them two to a micro-grid."""
    return micro_grids(0.9)


def cadres() -> Task:
    """Return 大连's cadres and base units: 300 units, each paired with some of them.

    One cadre in nine is a first secretary, of whom a village has one; one in ten has a locked seat,
    one in five none yet.
    """
    chance = np.random.default_rng(2102)
    persons, villages, base_units, units = 3_500, 928, 1_671, 300
    place_xy = chance.random((base_units, 2)) * _CITY_M
    is_first = np.arange(persons) < 403
    first_homes = base_units + chance.permutation(villages)[:403]
    homes = chance.integers(0, base_units, persons)
    homes[:403] = first_homes
    is_locked = chance.random(persons) < 0.1
    homes[~is_locked & (chance.random(persons) < 0.2)] = NONE
    door_xy = np.concatenate((place_xy, place_xy[:villages]))
    doors = len(door_xy)
    paired = np.zeros((units, doors), dtype=bool)
    for place in range(base_units):
        for unit in chance.integers(0, units, int(chance.integers(1, 3))):
            paired[unit, place] = True
    paired[:, base_units:] = paired[:, :villages]
    opens = np.zeros((2, doors), dtype=bool)
    opens[0, :base_units] = opens[1, base_units:] = True
    places_of = np.concatenate((np.arange(base_units), np.arange(villages)))
    taken = np.bincount(places_of[homes[is_locked]], minlength=base_units)
    gates = np.arange(doors) >= base_units
    gate_taken = np.bincount(homes[is_locked & is_first], minlength=doors)
    free = ~is_locked
    unit_of = chance.integers(0, units, persons)
    unit_xy = chance.random((units, 2)) * _CITY_M
    row_xy = np.where((homes == NONE)[:, None], unit_xy[unit_of], door_xy[homes])
    return Task(
        Rows(is_first[free].astype(np.int64), unit_of[free], homes[free], row_xy[free]),
        Doors(
            places_of,
            opens,
            paired,
            np.ones(doors, dtype=bool),
            door_xy,
            np.where(gates, 0, NONE),
            np.where(gates, 1, NONE),
            np.where(gates, gate_taken, 0),
        ),
        Places(
            taken,
            np.zeros(base_units, dtype=np.int64),
            np.full(base_units, NONE),
            np.ones(base_units, dtype=bool),
        ),
    )
