from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gridadmin.base.errors import Cancelled
from gridadmin.staffing.proposals import candidates, prices, tiers
from gridadmin.staffing.proposals import solve as solving
from gridadmin.staffing.proposals.matching import NotProvenError
from gridadmin.staffing.proposals.parts import solve_parts
from gridadmin.staffing.proposals.solve import solve
from gridadmin.staffing.proposals.tiers import Tier, stages_of
from tests.staffing.proposals.made_up_tasks import (
    best_by_highs,
    best_of_all,
    district,
    side_by_side,
    small_task,
    totals_of,
)

SEEDS = st.integers(0, 10**9)


@pytest.fixture
def few_pairs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Try a single pair of each person at first, and add one at a time."""
    monkeypatch.setattr(candidates, "ALL_PAIRS", 0)
    monkeypatch.setattr(candidates, "_FEWEST", 1)
    monkeypatch.setattr(candidates, "_MOST", 1)
    monkeypatch.setattr(candidates, "_PAIRED", 1)
    monkeypatch.setattr(candidates, "_FROM_DOORS", 1)
    monkeypatch.setattr(prices, "_FEWEST_PER_ROW", 1)
    monkeypatch.setattr(prices, "_MOST_PER_ROW", 1)
    monkeypatch.setattr(solving, "_MANY_ROWS", 0)
    monkeypatch.setattr(prices, "_BLOCK", 8)


@settings(max_examples=150, deadline=None)
@given(SEEDS)
def test_the_answer_is_the_best_of_all_answers(seed: int) -> None:
    task = small_task(np.random.default_rng(seed))

    solution = solve(task)

    assert solution.totals == totals_of(task, solution.door_of.tolist())
    assert solution.totals == best_of_all(task)


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(SEEDS)
@pytest.mark.usefixtures("few_pairs")
def test_leaving_pairs_out_at_first_loses_nothing(seed: int) -> None:
    task = small_task(np.random.default_rng(seed))

    assert solve(task).totals == best_of_all(task)


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(seed=SEEDS)
@pytest.mark.usefixtures("few_pairs")
def test_goal_by_goal_gives_what_all_goals_at_once_give(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tiers, "_EXACT", 2)
    task = small_task(np.random.default_rng(seed))

    solution = solve(task)

    assert solution.totals == best_of_all(task)


@pytest.mark.parametrize("seed", range(4))
def test_another_solver_finds_nothing_better_in_a_small_district(seed: int) -> None:
    task = district(np.random.default_rng(seed), persons=60, places=25, units=6)

    solution = solve(task)

    assert solution.totals == totals_of(task, solution.door_of.tolist())
    assert solution.totals == best_by_highs(task)


@pytest.mark.usefixtures("few_pairs")
def test_the_same_task_has_the_same_answer_every_time() -> None:
    task = district(np.random.default_rng(7), persons=60, places=25, units=6)

    first, second = solve(task), solve(task)

    assert first.door_of.tolist() == second.door_of.tolist()
    assert first.rounds > 1


@settings(max_examples=100, deadline=None)
@given(SEEDS, SEEDS)
def test_posts_that_have_nothing_to_do_with_each_other_are_solved_apart(
    seed: int, other: int
) -> None:
    first, second = (small_task(np.random.default_rng(one)) for one in (seed, other))
    whole = side_by_side(first, second)

    answer = solve_parts(whole)

    apart = [best_of_all(task) for task in (first, second)]
    totals = totals_of(whole, answer.door_of.tolist())
    assert totals == tuple(map(sum, zip(*apart, strict=True)))


def test_goals_that_fit_one_number_are_taken_apart_again() -> None:
    (stage,) = stages_of([2, 2, 0, 0, 0, 30, 30, 6, 4000])

    total = 1 * stage.weights[0] - 7 * stage.weights[2] + 4000

    assert stage.tiers == (0, 1, 5, 6, 7, 8)
    assert stage.parts(total) == [(Tier.UNCOVERED, 1), (Tier.UNPAIRED, -7), (Tier.DISTANCE, 4000)]


def test_goals_too_large_for_one_number_become_stages() -> None:
    stages = stages_of([2, 2, 2, 2, 2, 12_000, 12_000, 12, 50_000_000])

    assert [stage.tiers for stage in stages] == [(0, 1, 2, 3, 4, 5, 6, 7), (8,)]


def test_an_answer_that_is_not_the_cheapest_is_not_called_proven() -> None:
    from gridadmin.staffing.proposals.matching import Arcs, worths_of

    numbers = np.array([[0, 0, 1, 1], [0, 1, 0, 1], [1, 5, 1, 9]])
    arcs = Arcs(numbers[0], numbers[1], numbers[2], 2, 3)

    assert worths_of(arcs, np.array([1, 0])).tolist() == [-4, 0, 0]
    with pytest.raises(NotProvenError):
        worths_of(arcs, np.array([0, 1]))


def test_a_proposal_can_be_cancelled() -> None:
    class Impatient:
        def step(self, what: str, done: int, total: int) -> None:
            self.what = what

        def is_cancelled(self) -> bool:
            return True

    with pytest.raises(Cancelled):
        solve(small_task(np.random.default_rng(1)), Impatient())
