"""The sheets of a series in their order: an index, then one sheet for each area by code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from gridadmin.base.errors import InputError
from gridadmin.chart.facts import SheetFacts, Table, TableColumn, TableRow
from gridadmin.chart.gathering import ChartSource
from gridadmin.chart.template import BlockKind, Maps, Template
from gridadmin.domain.model import Area
from gridadmin.domain.scheme import LEVELS

INDEX = "index"
"""The key of the index sheet."""


@dataclass(frozen=True, slots=True)
class SheetOrder:
    """One sheet that is to be made: its key, the area, whether it is the index of the others."""

    key: str
    area: Area
    is_index: bool = False


def orders_of(
    source: ChartSource, template: Template, about: Area, series: str = ""
) -> list[SheetOrder]:
    """Return the sheets for an area: one, or a series with its index.

    Without *series* the template says whether there is one. The list depends on codes alone, so the
    pages of the same areas always stand in the same order.

    Raises: InputError ``chart.no_series``, ``chart.bad_series``, ``chart.wrong_about``.
    """
    level = series or template.series
    if series and series not in source.land.levels:
        known = ", ".join(source.land.levels)
        raise InputError("chart.bad_series", level=series, known=known)
    if level and level != about.level:
        if LEVELS.index(level) < LEVELS.index(about.level):
            if series:
                raise InputError("chart.no_series", area=about.name, level=level)
            raise InputError("chart.wrong_about", area=about.name, template=template.zh)
        areas = source.series_areas(about, level)
        sheets = [SheetOrder(area.code or area.uid, area) for area in areas]
        return [SheetOrder(INDEX, about, is_index=True), *sheets]
    return [SheetOrder(about.code or about.uid, about)]


def index_template(template: Template, level: str) -> Template:
    """Return the template of the index sheet: the map of all sheets and the list of them."""
    blocks = (BlockKind.TOTALS, BlockKind.STAFF, BlockKind.LEGEND)
    panel = replace(template.panel, blocks=blocks)
    return replace(
        template,
        maps=Maps.ONE,
        detail=level,
        finer=False,
        panel=panel,
        title_zh="{place}图幅索引",
        title_en="Index of sheets: {place}",
    )


def index_facts(
    source: ChartSource,
    template: Template,
    about: Area,
    orders: Sequence[SheetOrder],
    first_pages: Sequence[int] | None = None,
    *,
    has_pages: bool = True,
) -> SheetFacts:
    """Return what the index sheet tells: each sheet with code, name and page, and a link to it.

    *first_pages* are the numbers of the pages on which the sheets begin, where they are known.
    Without *has_pages* each sheet is a file of its own, named by its code: no pages are told.
    """
    sheets = [order for order in orders if not order.is_index]
    pages = {order.area.uid: order.key for order in sheets}
    facts = source.facts(about, template, pages=pages, key=INDEX)
    say = source.staff.say
    columns = [
        TableColumn(say("col_page"), is_number=True),
        TableColumn(say("col_code")),
        TableColumn(say("col_name")),
        TableColumn(say("col_households"), is_number=True),
    ]
    rows = []
    for number, order in enumerate(sheets):
        page = number + 2 if first_pages is None else first_pages[number]
        households = source.households(order.area)
        cells = (str(page), order.area.code or "", order.area.name, households)
        rows.append(TableRow(cells if has_pages else cells[1:], page=order.key))
    told = columns if has_pages else columns[1:]
    table = Table(say("index_title", count=len(sheets)), tuple(told), tuple(rows))
    return replace(facts, staff=table, bounds="", stacks=(), facilities=(), page_of=pages)
