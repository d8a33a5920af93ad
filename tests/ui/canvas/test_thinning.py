"""Thinned lines look like the lines they were made of, and still meet where those met."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from ui.canvas.thinning import octave_of, thinned, tolerance_m

Offsets = np.ndarray


def wave(count: int, height: float) -> np.ndarray:
    x = np.linspace(0.0, 100.0, count)
    return np.stack((x, height * np.sin(x)), axis=1)


def test_vertices_on_a_straight_line_go() -> None:
    xy = np.array([[0, 0], [1, 0], [2, 0], [3, 0], [3, 5]], dtype=np.float64)

    thin, offsets = thinned(xy, np.array([0, 5]), 0.01)

    assert thin.tolist() == [[0, 0], [3, 0], [3, 5]]
    assert offsets.tolist() == [0, 3]


def test_ends_of_lines_stay_though_nothing_between_them_does() -> None:
    xy = np.array([[0, 0], [1, 0.1], [2, 0], [2, 0], [3, 0.1], [4, 0]], dtype=np.float64)

    thin, offsets = thinned(xy, np.array([0, 3, 6]), 1.0)

    assert thin.tolist() == [[0, 0], [2, 0], [2, 0], [4, 0]]
    assert offsets.tolist() == [0, 2, 4]


@pytest.mark.parametrize("tolerance", [0.01, 0.1, 0.5, 2.0])
def test_a_line_strays_by_twice_the_tolerance_at_most(tolerance: float) -> None:
    xy = wave(2000, 3.0)

    thin, _ = thinned(xy, np.array([0, len(xy)]), tolerance)

    distance = shapely.hausdorff_distance(shapely.LineString(xy), shapely.LineString(thin))
    assert distance <= 2 * tolerance
    assert len(thin) < len(xy)


def test_coarser_scales_have_fewer_vertices() -> None:
    xy = wave(4000, 3.0)

    counts = [len(thinned(xy, np.array([0, len(xy)]), tolerance_m(n))[0]) for n in range(-6, 5)]

    assert counts == sorted(counts, reverse=True)
    assert counts[-1] < 20
    assert counts[0] > 200


def test_an_octave_holds_scales_up_to_twice_its_own() -> None:
    assert [octave_of(scale) for scale in (0.5, 0.99, 1.0, 1.99, 2.0, 100.0)] == [
        -1, -1, 0, 0, 1, 6,
    ]  # fmt: skip
    assert tolerance_m(1) == 2 * tolerance_m(0) == 0.8
