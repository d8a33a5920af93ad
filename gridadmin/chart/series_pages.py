"""The pages of the sheets of a series, one sheet after the other: for files and for the preview."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from gridadmin.chart.choice import ChartChoice
from gridadmin.chart.compose import RasterMaker, compose
from gridadmin.chart.facts import SheetFacts
from gridadmin.chart.gathering import ChartSource
from gridadmin.chart.page import ChartPage
from gridadmin.chart.series import INDEX, SheetOrder, index_facts, index_template
from gridadmin.chart.surface import Metrics
from gridadmin.chart.template import Template


@dataclass(frozen=True)
class SheetSeries:
    """The sheets that are wanted, and what they are made of."""

    source: ChartSource
    template: Template
    orders: Sequence[SheetOrder]
    has_pages: bool = True
    """Whether all sheets go into one file, so that the index tells pages."""

    def with_choice(self, choice: ChartChoice) -> SheetSeries:
        """Return the same sheets with something else chosen."""
        return replace(self, source=self.source.with_choice(choice))

    def pages(
        self,
        order: SheetOrder,
        metrics: Metrics,
        rasters: RasterMaker | None = None,
        counts: Sequence[int] = (),
    ) -> list[ChartPage]:
        """Return the pages of one sheet; of an index with the pages on which the others begin.

        *counts* are how many pages each of the others has; one each where nobody knows.
        """
        if order.is_index:
            others = counts or [1] * (len(self.orders) - 1)
            return self._index_pages(order, metrics, rasters, others)
        facts = self.source.facts(order.area, self.template, key=order.key)
        if self.orders[0].is_index:
            facts = replace(facts, index=INDEX)
        return self._composed(order, facts, self.template, metrics, rasters)

    def _index_pages(
        self,
        order: SheetOrder,
        metrics: Metrics,
        rasters: RasterMaker | None,
        counts: Sequence[int],
    ) -> list[ChartPage]:
        template = index_template(self.template, self.orders[-1].area.level)
        own = 1
        while True:
            firsts = [1 + own + sum(counts[:number]) for number in range(len(counts))]
            facts = index_facts(
                self.source, template, order.area, self.orders, firsts, has_pages=self.has_pages
            )
            pages = self._composed(order, facts, template, metrics, rasters)
            if len(pages) <= own:
                return pages
            # The index itself takes more pages than was thought.
            own = len(pages)

    def _composed(
        self,
        order: SheetOrder,
        facts: SheetFacts,
        template: Template,
        metrics: Metrics,
        rasters: RasterMaker | None,
    ) -> list[ChartPage]:
        x, y = self.source.snapshot.origin_mm
        choice = self.source.choice.for_sheet(order.key)
        return compose(facts, template, choice, metrics, rasters, (x / 1000, y / 1000))
