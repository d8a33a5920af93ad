"""Looking at an import before it is made: guesses, questions, figures and outlines."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import shapely
from pyproj import CRS

from gridadmin.app.creation import new_project
from gridadmin.app.import_guess import (
    SourceFile,
    best_layer,
    guess_level,
    has_only_points,
    samples,
)
from gridadmin.app.import_preview import (
    SkippedLevels,
    look_at_layer,
    preview_import,
    with_progress,
)
from gridadmin.app.import_questions import Answer, question_of
from gridadmin.app.importing import Request
from gridadmin.app.session import Session
from gridadmin.base.errors import Cancelled, InputError
from gridadmin.base.progress import Silent
from gridadmin.exchange.reader import list_layers, read_layer
from tests.cli.boundaries import PLANE, boundary_file, box, quarters


@pytest.fixture
def session(chinese_dir: Path) -> Iterator[Session]:
    path = chinese_dir / "p.gpkg"
    new_project(path, "default", name="样例区")
    with Session.open(path, write=True) as opened:
        yield opened


@pytest.mark.parametrize(
    ("layer", "level", "reason"),
    [
        ("grid", "grid", "layer"),
        ("微网格2025", "micro_grid", "layer"),
        ("桂湖街道", "street", "layer"),
        ("district", "frame", "layer"),
        ("外框", "frame", "layer"),
        ("buildings", "buildings", "layer"),
    ],
)
def test_a_layer_says_what_it_is(session: Session, layer: str, level: str, reason: str) -> None:
    guess = guess_level(session.snapshot, layer, "数据")
    assert guess is not None
    assert (guess.level, guess.reason, guess.sign) == (level, reason, layer)


def test_codes_say_it_where_the_layer_does_not(session: Session, chinese_dir: Path) -> None:
    table = read_layer(boundary_file(chinese_dir / "x.gpkg", quarters(), layer="out"))
    guess = guess_level(session.snapshot, "out", "数据", table)
    assert guess is not None
    assert (guess.level, guess.reason, guess.sign) == ("community", "codes", "990001001001")


def test_the_file_says_it_where_nothing_else_does(session: Session) -> None:
    guess = guess_level(session.snapshot, "out", "社区边界")
    assert guess is not None
    assert (guess.level, guess.reason) == ("community", "file")
    assert guess_level(session.snapshot, "out", "数据") is None
    assert guess_level(session.snapshot, "cell", "网格") is None


def test_layers_come_from_the_top_level_down(session: Session, chinese_dir: Path) -> None:
    path = chinese_dir / "x.gpkg"
    for layer in ("grid", "cell", "street", "district"):
        boundary_file(path, quarters(), layer=layer)
    source = SourceFile(path, list_layers(path))
    order = []
    for _ in range(4):
        order.append(source.next_layer(session.snapshot))
        source.done.append(order[-1] or "")
    assert order == ["district", "street", "grid", None]
    assert best_layer(session.snapshot, [], "x") is None


def test_samples_are_the_first_different_values(chinese_dir: Path) -> None:
    rows = [({"name": name}, box(0, 0, 1, 1)) for name in ("甲", "甲", "乙", "丙", "丁")]
    table = read_layer(boundary_file(chinese_dir / "x.gpkg", rows))
    assert samples(table, "name") == ["甲", "乙", "丙"]


def test_a_preview_holds_figures_and_outlines_and_writes_nothing(
    session: Session, chinese_dir: Path
) -> None:
    rows = quarters()
    rows[0] = (rows[0][0], box(0, 100, 110, 200))
    path = boundary_file(chinese_dir / "x.gpkg", rows)
    preview = preview_import(session.document, Request(path, "grid"))
    assert (preview.told["new"], preview.told["revision"]) == (4, None)
    assert [face["area_m2"] for face in preview.told["disputed"]] == [1000.0]
    assert len(preview.shapes.new) == 4
    assert shapely.Polygon(preview.shapes.disputed[0]).area == pytest.approx(1000.0, abs=1e-6)
    # A project without land counts from the plane's own origin.
    assert preview.shapes.box == (530_000.0, 3_994_000.0, 530_200.0, 3_994_200.0)
    assert session.snapshot.revision == 0
    assert preview.is_of(session.snapshot)


def test_the_command_of_a_preview_is_the_one_that_is_carried_out(
    session: Session, chinese_dir: Path
) -> None:
    path = boundary_file(chinese_dir / "x.gpkg", quarters())
    preview = preview_import(session.document, Request(path, "grid"))
    path.unlink()
    done = session.document.execute(with_progress(preview.command, Silent()))
    assert done.revision == 1
    assert not preview.is_of(session.snapshot)


def test_known_areas_are_told_apart_from_new_ones(session: Session, chinese_dir: Path) -> None:
    path = boundary_file(chinese_dir / "x.gpkg", quarters())
    session.document.execute(preview_import(session.document, Request(path, "grid")).command)
    again = preview_import(session.document, Request(path, "grid"))
    assert again.changes_nothing
    moved = quarters()
    moved[0] = (moved[0][0], box(0, 100, 90, 200))
    other = boundary_file(chinese_dir / "y.gpkg", moved)
    replaced = preview_import(session.document, Request(other, "grid", replaces=True))
    assert (len(replaced.shapes.new), len(replaced.shapes.known)) == (0, 4)


class Stopped(Silent):
    def is_cancelled(self) -> bool:
        return True


def test_a_preview_can_be_cancelled(session: Session, chinese_dir: Path) -> None:
    path = boundary_file(chinese_dir / "x.gpkg", quarters())
    with pytest.raises(Cancelled):
        preview_import(session.document, Request(path, "grid"), Stopped())


def test_a_column_can_be_said_not_to_be_there(session: Session, chinese_dir: Path) -> None:
    path = boundary_file(chinese_dir / "x.gpkg", quarters())
    preview = preview_import(session.document, Request(path, "grid", code=""))
    assert preview.told["columns"] == {"code": None, "name": "name", "parent": None}


def test_a_look_asks_what_the_file_does_not_say(session: Session, chinese_dir: Path) -> None:
    path = boundary_file(chinese_dir / "x.gpkg", quarters(), crs=None)
    look = look_at_layer(session.snapshot, path, list_layers(path)[0].name)
    assert look.question is not None
    assert look.question.code == "input.ask_plane"
    assert look.question.answers == ()


def test_a_look_says_how_the_file_is_read(session: Session, chinese_dir: Path) -> None:
    path = boundary_file(chinese_dir / "x.gpkg", quarters())
    look = look_at_layer(session.snapshot, path, list_layers(path)[0].name)
    assert (look.question, look.crs_text) == (None, PLANE)


def test_what_cannot_be_converted_is_no_question(session: Session, chinese_dir: Path) -> None:
    path = boundary_file(chinese_dir / "x.gpkg", quarters(), crs="EPSG:2437")
    with pytest.raises(InputError, match=r"input\.old_datum"):
        look_at_layer(session.snapshot, path, list_layers(path)[0].name)


AS_SAID = Answer("as_declared")


def test_the_likely_answers_come_with_the_question() -> None:
    error = InputError("input.ask_lat_lon", file="x", option="EPSG:4490")
    question = question_of(error, None, AS_SAID)
    assert question is not None
    assert question.answers == (
        Answer("proposed", "EPSG:4490", swap_xy=True),
        Answer("gcj02", "gcj02", swap_xy=True),
        Answer("bd09", "bd09", swap_xy=True),
    )


def test_a_shift_may_be_undone_or_denied() -> None:
    declared = CRS.from_epsg(4490)
    error = InputError("input.ask_shift", kind="bd09", shift_m=900, residual_m=1)
    question = question_of(error, declared, AS_SAID)
    assert question is not None
    assert [answer.kind for answer in question.answers] == ["bd09", "as_declared"]
    assert question.answers[1].crs == declared.to_wkt()


def test_exchanged_axes_may_be_exchanged_back_or_not() -> None:
    question = question_of(InputError("input.ask_swapped"), CRS.from_epsg(4490), AS_SAID)
    assert question is not None
    assert question.answers[0] == Answer("swapped", None, swap_xy=True)
    assert not question.answers[1].swap_xy


def test_a_proposal_without_a_number_is_no_answer() -> None:
    error = InputError("input.crs_disagrees_proposal", option="EPSG:n", declared="WGS 84")
    question = question_of(error, None, AS_SAID)
    assert question is not None
    assert question.answers == ()


def test_other_refusals_ask_nothing() -> None:
    assert question_of(InputError("import.no_land", file="x"), None, AS_SAID) is None


def test_a_missing_level_between_the_new_areas_and_their_parent_is_told(
    session: Session, chinese_dir: Path
) -> None:
    path = boundary_file(chinese_dir / "x.gpkg", quarters())
    preview = preview_import(session.document, Request(path, "grid"))
    assert preview.skipped == SkippedLevels(4, "district", ("community",))
    session.document.execute(
        preview_import(
            session.document,
            Request(boundary_file(chinese_dir / "y.gpkg", community()), "community"),
        ).command
    )
    again = preview_import(session.document, Request(path, "grid"))
    assert again.skipped is None


def community() -> list[tuple[dict[str, str], shapely.Polygon]]:
    return [({"code": "990001001001", "name": "样例社区"}, box(0, 0, 200, 200))]


def test_data_far_from_the_land_of_the_project_are_told(
    session: Session, chinese_dir: Path
) -> None:
    near = boundary_file(chinese_dir / "x.gpkg", community())
    preview = preview_import(session.document, Request(near, "community"))
    assert preview.far is None
    session.document.execute(preview.command)
    rows = [({"code": "990001001002", "name": "远"}, box(0, 600_000, 200, 600_200))]
    far = boundary_file(chinese_dir / "y.gpkg", rows)
    # Far areas don't even fit into one project, but surroundings do.
    told = preview_import(session.document, Request(far, "context")).far
    assert told is not None
    assert told.km == pytest.approx(600, abs=2)


def test_data_outside_china_are_told_where_the_project_has_a_code(chinese_dir: Path) -> None:
    path = chinese_dir / "p.gpkg"
    new_project(path, "default", root="510114", with_units=False)
    rows = [({"name": "虚构"}, shapely.box(18.0, 59.3, 18.01, 59.31))]
    abroad = boundary_file(chinese_dir / "x.gpkg", rows, crs="EPSG:4326")
    with Session.open(path, write=True) as session:
        told = preview_import(session.document, Request(abroad, "community")).far
    assert told is not None
    assert told.km is None
    assert (round(told.lon), round(told.lat)) == (18, 59)


def test_points_alone_are_known_as_such(chinese_dir: Path) -> None:
    rows = [({"name": "点"}, shapely.Point(530_010, 3_994_010))]
    points = read_layer(boundary_file(chinese_dir / "点.gpkg", rows))
    assert has_only_points(points)
    assert not has_only_points(read_layer(boundary_file(chinese_dir / "面.gpkg", quarters())))


def test_what_the_project_has_already_is_not_offered_again(
    session: Session, chinese_dir: Path
) -> None:
    path = chinese_dir / "x.gpkg"
    boundary_file(path, [({"name": "样例区"}, box(0, 0, 200, 200))], layer="district")
    boundary_file(path, quarters(), layer="grid")
    boundary_file(path, quarters("990001002"), layer="street")
    layers = list_layers(path)
    document = session.document
    assert SourceFile(path, layers).next_layer(session.snapshot) == "district"
    frame = Request(path, "frame", layer="district")
    document.execute(preview_import(document, frame).command)
    assert SourceFile(path, layers).next_layer(session.snapshot) == "street"
    document.execute(preview_import(document, Request(path, "street", layer="street")).command)
    assert SourceFile(path, layers).next_layer(session.snapshot) == "grid"
