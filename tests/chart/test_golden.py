"""Each shipped template draws exactly what it drew before, call by call.

``python -m tests.chart.test_golden`` writes the lists anew; read the difference before keeping it.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from gridadmin.chart.choice import ChartChoice
from gridadmin.chart.compose import compose
from gridadmin.chart.listing import listing
from gridadmin.chart.template import Maps
from gridadmin.chart.template_reading import SHIPPED, load_template
from tests.chart.hard_facts import facts_of, squares
from tests.helpers.charts import FixedLetters

GOLDEN = Path(__file__).with_name("golden")
KEYS = sorted(path.stem for path in SHIPPED.glob("*.toml"))


def drawn(key: str) -> list[str]:
    """Return what a template draws of nine made-up grids, line by line."""
    template = load_template(key)
    facts = facts_of(squares(9, 240.0), rows=9)
    if template.maps is Maps.BEFORE_AFTER:
        facts = replace(
            facts,
            maps=facts.maps * 2,
            map_titles=("调整前", "调整后"),
            plan="示例方案",
            changes=facts.staff,
            signatures=("编制人", "社区（村）"),
        )
    choice = ChartChoice(qr_address="https://example.org/9900010010", has_grid=True)
    pages = compose(facts, template, choice, FixedLetters(), origin_m=(430_000.0, 4_450_000.0))
    return [line for page in pages for line in (f"page {page.key}", *listing(page.drawing))]


@pytest.mark.parametrize("key", KEYS)
def test_a_template_draws_what_it_drew_before(key: str) -> None:
    kept = (GOLDEN / f"{key}.txt").read_text(encoding="utf-8").splitlines()

    assert drawn(key) == kept


def main() -> None:
    """Write the lists of all shipped templates."""
    GOLDEN.mkdir(exist_ok=True)
    for key in KEYS:
        text = "\n".join(drawn(key)) + "\n"
        (GOLDEN / f"{key}.txt").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
