"""Offline packs: what goes in, what is broken off and resumed, and what is not allowed."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from pyproj import CRS

from gridadmin.base.errors import Cancelled, GridAdminError, InputError
from gridadmin.base.texts import LANGUAGES, explain
from gridadmin.tiles.book import read_book
from gridadmin.tiles.cache import TileCache, counter_of
from gridadmin.tiles.freshness import Freshness
from gridadmin.tiles.grid import TileKey, degree_grid, web_grid
from gridadmin.tiles.mbtiles import MBTiles
from gridadmin.tiles.pack import PackPlan, TileAnswer, make_pack, may_pack, plan_pack
from gridadmin.tiles.placement import Metres, Placement
from gridadmin.tiles.request import TileRequest
from gridadmin.tiles.source import Datum, Kind, Source, Terms
from tests.tiles.made_up_tiles import png

PLANE = CRS.from_epsg(4549)
AREA: Metres = (530_000.0, 3_994_000.0, 532_000.0, 3_995_500.0)
INTRANET = Source(
    "district",
    "区底图",
    Kind.XYZ,
    "http://10.0.0.5/{z}/{x}/{y}",
    grid=web_grid(18),
    attribution="虚构单位",
    terms=Terms(pack=True),
)
PICTURE = png(256, 256)


class Server:
    """Answers as it is told to; counts what it is asked."""

    def __init__(self, answer: Callable[[str], TileAnswer] | None = None) -> None:
        self.asked: Counter[str] = Counter()
        self._answer = answer

    def fetch(self, requests: Sequence[TileRequest]) -> Iterable[tuple[int, TileAnswer]]:
        # The last comes first: answers arrive in any order.
        for place in reversed(range(len(requests))):
            url = requests[place].url
            self.asked[url] += 1
            yield place, self._answer(url) if self._answer else TileAnswer(200, {}, PICTURE)


class Stopping:
    """A progress whose user stops after some tiles."""

    def __init__(self, after: int) -> None:
        self._after = after
        self.steps: list[tuple[str, int, int]] = []

    def step(self, what: str, done: int, total: int) -> None:
        self.steps.append((what, done, total))

    def is_cancelled(self) -> bool:
        return len(self.steps) >= self._after


def planned(source: Source = INTRANET, levels: Iterable[int] = (13, 14, 15)) -> PackPlan:
    placement = Placement(PLANE, source.grid, source.datum)
    return plan_pack(source, placement, AREA, tuple(levels))


def refused(work: Callable[[], object]) -> GridAdminError:
    with pytest.raises(GridAdminError) as error:
        work()
    for lang in LANGUAGES:
        assert "{" not in explain(error.value, lang)
    return error.value


@pytest.fixture
def out(chinese_dir: Path) -> Path:
    return chinese_dir / "离线 包.mbtiles"


@pytest.fixture
def cache(chinese_dir: Path) -> Iterator[TileCache]:
    with closing(TileCache(chinese_dir / "cache.sqlite")) as made:
        yield made


def never(_seconds: float) -> None:
    """Let no time pass."""


def test_plan_counts_tiles_by_level() -> None:
    plan = planned()

    # Tiles of level 15 are 988 m wide here.
    assert plan.levels == (13, 14, 15)
    assert plan.counts == (1, 4, 12)
    assert plan.total == 17
    assert len(list(plan.tiles())) == 17
    assert plan.estimated_bytes(10_000) == 170_000


def test_pack_holds_every_tile_and_says_what_it_is(out: Path) -> None:
    server = Server()

    packed = make_pack(planned(), out, server)

    assert (packed.tiles, packed.empty, packed.bytes) == (17, 0, 17 * len(PICTURE))
    assert set(server.asked.values()) == {1}
    with MBTiles(out) as tiles:
        assert tiles.name == "区底图"
        assert tiles.attribution == "虚构单位"
        assert tiles.grid.levels == (13, 14, 15)
        assert all(tiles.tile(key) == PICTURE for key in planned().tiles())
        assert tiles.tile(TileKey(15, 0, 0)) is None
    assert [path.name for path in out.parent.iterdir()] == ["离线 包.mbtiles"]


def test_pack_of_a_shifted_map_is_moved_like_the_map(out: Path) -> None:
    shifted = replace(INTRANET, datum=Datum.GCJ02)

    make_pack(planned(shifted), out, Server())

    with MBTiles(out) as tiles:
        assert tiles.datum is Datum.GCJ02
        placement = Placement(PLANE, tiles.grid, tiles.datum)
        assert placement.cover(AREA, 4.0, within=tiles.extent) is not None


def test_places_without_a_tile_are_left_empty(out: Path) -> None:
    def answer(url: str) -> TileAnswer:
        return TileAnswer(404) if "/15/" in url else TileAnswer(200, {}, PICTURE)

    packed = make_pack(planned(), out, Server(answer))

    assert (packed.tiles, packed.empty) == (5, 12)
    with MBTiles(out) as tiles:
        assert tiles.grid.levels == (13, 14)


def test_broken_off_pack_goes_on_where_it_was(out: Path) -> None:
    first, second = Server(), Server()
    plan = planned(levels=range(12, 17))

    with pytest.raises(Cancelled):
        make_pack(plan, out, first, progress=Stopping(10))
    assert not out.exists()
    assert out.with_name("离线 包.mbtiles.part").exists()
    packed = make_pack(plan, out, second)

    assert packed.tiles == plan.total
    assert second.asked.total() == plan.total - 10
    assert [path.name for path in out.parent.iterdir()] == ["离线 包.mbtiles"]


def test_smaller_plan_takes_over_what_fits_of_a_broken_off_one(out: Path) -> None:
    with pytest.raises(Cancelled):
        make_pack(planned(levels=(13, 14, 15)), out, Server(), progress=Stopping(14))

    server = Server()
    packed = make_pack(planned(levels=(15,)), out, server)

    assert packed.tiles == 12
    assert server.asked.total() == 0
    with MBTiles(out) as tiles:
        assert tiles.grid.levels == (15,)


def test_part_of_another_source_is_not_taken_over(out: Path) -> None:
    with pytest.raises(Cancelled):
        make_pack(planned(), out, Server(), progress=Stopping(8))
    other = replace(INTRANET, address="http://10.0.0.9/{z}/{x}/{y}")

    server = Server()
    make_pack(planned(other), out, server)

    assert server.asked.total() == 17


def test_damaged_part_is_begun_anew(out: Path) -> None:
    out.with_name(out.name + ".part").write_bytes(b"SQLite format 3\0" + bytes(3000))

    assert make_pack(planned(), out, Server()).tiles == 17


def test_server_in_trouble_gets_time_and_is_asked_again(out: Path) -> None:
    asked: Counter[str] = Counter()
    waits: list[float] = []

    def answer(url: str) -> TileAnswer:
        asked[url] += 1
        if asked[url] == 1:
            return TileAnswer(503, {"Retry-After": "9"})
        return TileAnswer(0) if asked[url] == 2 else TileAnswer(200, {}, PICTURE)

    packed = make_pack(planned(), out, Server(answer), sleep=waits.append)

    assert packed.tiles == 17
    assert waits == [9.0, 8.0]


def test_tiles_that_do_not_come_are_told_and_the_others_kept(out: Path) -> None:
    def answer(url: str) -> TileAnswer:
        return TileAnswer(500) if "/14/" in url else TileAnswer(200, {}, PICTURE)

    error = refused(lambda: make_pack(planned(), out, Server(answer), sleep=never))
    server = Server()
    packed = make_pack(planned(), out, server)

    assert (error.code, error.params["count"], error.params["total"]) == ("pack.incomplete", 4, 17)
    assert server.asked.total() == 4
    assert packed.tiles == 17


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (TileAnswer(403), "answer.forbidden"),
        (TileAnswer(200, {"Content-Type": "text/html"}, b"<html>log in"), "answer.page"),
        (TileAnswer(200, {}, b"\x1a\x01x"), "picture.vector"),
    ],
)
def test_server_that_refuses_ends_the_work_with_its_reason(
    out: Path, answer: TileAnswer, code: str
) -> None:
    server = Server(lambda _url: answer)

    assert refused(lambda: make_pack(planned(), out, server, sleep=never)).code == code
    assert server.asked.total() == 1
    assert not out.exists()


def test_what_the_cache_has_is_not_fetched(out: Path, cache: TileCache) -> None:
    key = next(iter(planned().tiles()))
    cache.keep(INTRANET, key, PICTURE, Freshness(1e12))
    server = Server()

    make_pack(planned(), out, server, cache=cache)

    assert server.asked.total() == 16
    assert cache.total_tiles() == 17


def test_key_is_counted_and_stops_before_its_limit(out: Path, cache: TileCache) -> None:
    keyed = replace(
        INTRANET,
        address="http://10.0.0.5/{z}/{x}/{y}?k={key}",
        key_name="k",
        terms=Terms(pack=True, daily=40),
    )
    plan = planned(keyed, range(12, 17))
    server = Server()

    error = refused(lambda: make_pack(plan, out, server, secret="abc", cache=cache))

    assert error.code == "pack.daily_limit"
    assert server.asked.total() == 24
    assert cache.taken(counter_of(keyed, "abc")) == 24
    with closing(sqlite3.connect(out.with_name(out.name + ".part"))) as part:
        assert part.execute("SELECT count(*) FROM tiles").fetchone() == (24,)
    assert b"abc" not in out.with_name(out.name + ".part").read_bytes()


def test_key_that_is_needed_and_missing_is_told(out: Path) -> None:
    keyed = replace(INTRANET, key_name="k")

    assert refused(lambda: make_pack(planned(keyed), out, Server())).code == "basemap.no_key"


def test_progress_tells_how_far_it_is(out: Path) -> None:
    progress = Stopping(99)

    make_pack(planned(), out, Server(), progress=progress)

    assert progress.steps[0] == ("progress.pack", 1, 17)
    assert progress.steps[-1] == ("progress.pack", 17, 17)


def test_no_source_of_the_program_may_be_packed() -> None:
    for source in read_book().sources:
        error = refused(lambda source=source: planned(source))  # type: ignore[misc]
        assert error.code == "pack.not_allowed"


@pytest.mark.parametrize(
    ("kind", "address"),
    [
        (Kind.TIANDITU, ""),
        (Kind.XYZ, "https://webrd01.is.autonavi.com/{z}/{x}/{y}"),
        (Kind.XYZ, "https://tile.openstreetmap.org/{z}/{x}/{y}.png"),
        (Kind.WMTS, "https://T0.TIANDITU.GOV.CN./vec_w/{z}/{x}/{y}"),
    ],
)
def test_maps_whose_terms_are_known_are_not_packed_whatever_is_declared(
    kind: Kind, address: str
) -> None:
    source = replace(INTRANET, kind=kind, address=address)

    assert not may_pack(source)
    assert refused(lambda: planned(source)).code == "pack.not_allowed"


def test_server_of_an_office_with_a_like_name_may_be_packed() -> None:
    assert may_pack(replace(INTRANET, address="http://notqq.com/{z}/{x}/{y}"))


@pytest.mark.parametrize(
    ("source", "levels", "code"),
    [
        (replace(INTRANET, grid=degree_grid(18)), (13,), "pack.not_web"),
        (INTRANET, (), "pack.nothing"),
        (INTRANET, (22,), "pack.nothing"),
        (replace(INTRANET, kind=Kind.MBTILES), (13,), "pack.not_allowed"),
    ],
)
def test_plan_that_makes_no_pack_is_refused(
    source: Source, levels: tuple[int, ...], code: str
) -> None:
    assert refused(lambda: planned(source, levels)).code == code


def test_plan_of_a_whole_province_is_refused() -> None:
    placement = Placement(PLANE, INTRANET.grid)

    error = refused(
        lambda: plan_pack(INTRANET, placement, (300_000, 3_900_000, 600_000, 4_100_000), (18,))
    )

    assert error.code == "pack.too_many"


def test_folder_that_is_not_there_is_told(chinese_dir: Path) -> None:
    out = chinese_dir / "无此" / "a.mbtiles"

    error = refused(lambda: make_pack(planned(), out, Server()))

    assert isinstance(error, InputError)
    assert error.code == "export.no_folder"
