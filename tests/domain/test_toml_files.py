"""One TOML file laid over another."""

from __future__ import annotations

from gridadmin.domain.toml_files import laid_over


def test_tables_are_mixed_and_lists_are_replaced() -> None:
    base = {"zh": "甲", "posts": {"a": {"seats": 1, "most": 2}, "b": {}}, "levels": ["grid"]}
    upper = {"posts": {"a": {"seats": 3}}, "levels": ["community"]}

    assert laid_over(base, upper) == {
        "zh": "甲",
        "posts": {"a": {"seats": 3, "most": 2}, "b": {}},
        "levels": ["community"],
    }
    assert base["levels"] == ["grid"]


def test_a_table_that_counts_as_a_whole_is_replaced_wherever_it_stands() -> None:
    base = {"grid": {"band": {"from": 300, "to": 500}, "most": 9}}

    assert laid_over(base, {"grid": {"band": {"from": 100}}}, whole=("band",)) == {
        "grid": {"band": {"from": 100}, "most": 9}
    }
