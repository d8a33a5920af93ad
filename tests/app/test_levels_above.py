"""Which areas of upper levels an edit of a border changes too."""

from __future__ import annotations

from gridadmin.app.levels_above import areas_above
from gridadmin.edit.vertex_commands import AddVertex
from tests.helpers.projects import document_on, place, small_town


def test_a_border_of_micro_grids_that_parts_their_grids_names_the_grids() -> None:
    document = document_on(small_town())
    done = document.execute(AddVertex(place(2, 0.5), place(2.2, 0.5)))

    assert [area.name for area in areas_above(done)] == ["虚构A1", "虚构A2"]


def test_a_border_within_a_grid_names_none() -> None:
    document = document_on(small_town())
    done = document.execute(AddVertex(place(1, 0.5), place(1.2, 0.5)))

    assert areas_above(done) == []


def test_a_border_of_communities_names_them_after_the_grids() -> None:
    document = document_on(small_town())
    done = document.execute(AddVertex(place(4, 0.5), place(4.2, 0.5)))

    # B's grids have no areas below them: B2 is beside the border itself.
    assert [area.name for area in areas_above(done)] == ["虚构A2", "虚构A", "虚构B"]
