"""What is chosen for charts: kept as JSON, moved sheet by sheet."""

from __future__ import annotations

import json

from gridadmin.chart.choice import ChartChoice, Moves


def test_what_is_moved_on_one_sheet_is_moved_on_no_other() -> None:
    choice = ChartChoice().moved("9901", nudges_mm={"a": (1.0, 2.0)})
    choice = choice.moved("9902", map_frame=(10.0, 20.0, 200.0, 100.0))
    choice = choice.moved("9901", map_shift_m=(5.0, 0.0))

    assert choice.for_sheet("9901").moves == Moves((5.0, 0.0), None, {"a": (1.0, 2.0)})
    assert choice.for_sheet("9902").moves == Moves(map_frame=(10.0, 20.0, 200.0, 100.0))
    assert choice.for_sheet("9903").moves == Moves()
    assert choice.unmoved("9901").for_sheet("9901").moves == Moves()
    assert choice.unmoved("9901").for_sheet("9902") == choice.for_sheet("9902")


def test_a_choice_comes_back_from_json() -> None:
    choice = ChartChoice(title="图", hidden=frozenset({"water"}), width_mm=900.0)
    choice = choice.moved("9901", nudges_mm={"a": (1.0, 2.0)}, map_frame=(1.0, 2.0, 300.0, 200.0))

    back = ChartChoice.from_json(json.loads(json.dumps(choice.to_json())))

    assert back == choice


def test_moves_that_were_kept_for_all_sheets_are_still_read_and_put_back_one_by_one() -> None:
    kept = {
        "title": "图",
        "nudges_mm": {"a": [3.0, 4.0]},
        "map_frame": [10, 20, 200, 100],
        "map_shift_m": [7.0, 8.0],
    }

    choice = ChartChoice.from_json(kept)

    moves = Moves((7.0, 8.0), (10.0, 20.0, 200.0, 100.0), {"a": (3.0, 4.0)})
    assert choice.title == "图"
    assert choice.for_sheet("9901").moves == choice.for_sheet("9902").moves == moves
    choice = choice.unmoved("9901")
    assert choice.for_sheet("9901").moves == Moves()
    assert choice.for_sheet("9902").moves == moves
