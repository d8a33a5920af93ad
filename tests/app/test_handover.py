"""The pieces of land that a change hands over."""

from __future__ import annotations

import shapely

from gridadmin.app.handover import handed_over
from gridadmin.base.ids import NOBODY, oid_of
from gridadmin.edit.area_commands import SetField
from gridadmin.edit.draw_commands import Draw
from gridadmin.edit.land_commands import Give
from gridadmin.edit.redraw_commands import Redraw
from tests.helpers.projects import document_on, named, place, small_town


def land_m2(rings: tuple[object, ...]) -> float:
    area: float = shapely.Polygon(rings[0], list(rings[1:])).area
    return area


def test_a_face_given_away_is_one_piece_from_one_owner_to_the_other() -> None:
    document = document_on(small_town())
    to = named(document.snapshot, "B4").uid
    done = document.preview(Give(place(7.5, 2.5), to))

    (piece,) = handed_over(done)

    assert (piece.before, piece.after) == (NOBODY, oid_of(to))
    assert shapely.Polygon(piece.rings[0]).bounds == (70.0, 20.0, 80.0, 30.0)


def test_a_border_redrawn_to_and_fro_hands_land_over_both_ways() -> None:
    document = document_on(small_town())
    line = [place(1, 0.1), place(0.8, 0.3), place(1.1, 0.6), place(1, 0.9)]
    done = document.preview(Redraw(line))

    pieces = handed_over(done)

    snapshot = document.snapshot
    left, right = (oid_of(named(snapshot, key).uid) for key in ("A1-1", "A1-2"))
    assert [(piece.before, piece.after) for piece in pieces] == [(left, right), (right, left)]
    # Triangles on the old border: 4 m by 2 m and 4 m by 1 m.
    assert [round(land_m2(piece.rings), 2) for piece in pieces] == [4.0, 2.0]


def test_an_outline_drawn_inside_one_area_is_one_piece() -> None:
    document = document_on(small_town())
    corners = [place(6.2, 0.2), place(6.8, 0.2), place(6.8, 0.8), place(6.2, 0.8)]
    parent = named(document.snapshot, "B").uid
    draw = Draw(corners, "grid", parent, kind="exclusive", take="all")

    (piece,) = handed_over(document.preview(draw))

    assert round(land_m2(piece.rings), 6) == 36.0


def test_a_change_of_no_border_hands_nothing_over() -> None:
    document = document_on(small_town())
    uid = named(document.snapshot, "A1-2").uid

    assert handed_over(document.preview(SetField(uid, "name", "虚构新名"))) == []
