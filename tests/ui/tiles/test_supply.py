"""Tiles come from memory, from the disk, else over the network: each once, and faults in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from gisdata.make_demo_basemap import FILE
from gridadmin.tiles.cache import TileCache
from gridadmin.tiles.grid import TileKey, web_grid
from gridadmin.tiles.mbtiles import MBTiles
from gridadmin.tiles.source import Kind, Source, Terms
from tests.helpers.certificates import Authority
from tests.helpers.tile_server import Answer as Said
from tests.helpers.tile_server import TileServer
from ui.texts import explain
from ui.tiles.decoding import decoded
from ui.tiles.memory import Blank, TileMemory
from ui.tiles.network import Reach
from ui.tiles.supply import Condition, NetShelf, Supply

KEYS = [TileKey(16, 51_729 + n % 5, 24_753 + n // 5) for n in range(20)]
PLAIN = Reach(proxy="none")

MakeSupply = Callable[..., Supply]


@pytest.fixture
def server() -> Iterator[TileServer]:
    with TileServer(FILE) as server:
        yield server


@pytest.fixture
def supply_of(tmp_path: Path) -> Iterator[MakeSupply]:
    """Makes supplies that share one cache on the disk, as several programs do."""
    made: list[Supply] = []
    caches: list[TileCache] = []

    def make(**options: object) -> Supply:
        caches.append(TileCache(tmp_path / "图块 缓存" / "tiles.sqlite"))
        key_of = options.pop("key_of", lambda _: "")
        supply = Supply(
            options.pop("reach", PLAIN),  # type: ignore[arg-type]
            key_of,  # type: ignore[arg-type]
            caches[-1],
            first_wait_s=0.002,
            **options,  # type: ignore[arg-type]
        )
        made.append(supply)
        return supply

    yield make
    for supply in made:
        supply.close()
        supply.deleteLater()
    for cache in caches:
        cache.close()


def _source(server: TileServer, **changes: object) -> Source:
    source = Source("office", "单位底图", Kind.XYZ, server.template, grid=web_grid(16))
    return replace(source, **changes)  # type: ignore[arg-type]


def _bring(qtbot: QtBot, supply: Supply, shelf: NetShelf, keys: list[TileKey] = KEYS) -> None:
    shelf.see(keys)
    qtbot.waitUntil(
        lambda: all(shelf.picture(key) is not Blank.WAITING for key in keys) and supply.is_idle,
        timeout=10_000,
    )


def _stored(key: TileKey) -> QImage:
    with MBTiles(FILE) as file:
        content = file.tile(key)
    assert content is not None
    picture = decoded(content)
    assert picture is not None
    return picture


def test_tiles_arrive_as_the_server_has_them_and_each_is_asked_for_once(
    qtbot: QtBot, server: TileServer, supply_of: MakeSupply
) -> None:
    supply = supply_of()
    shelf = supply.shelf(_source(server))
    assert shelf.picture(KEYS[0]) is Blank.WAITING
    _bring(qtbot, supply, shelf)
    _bring(qtbot, supply, shelf)

    assert [shelf.picture(key) for key in KEYS] == [_stored(key) for key in KEYS]
    assert set(server.counts.values()) == {1}
    assert len(server.counts) == 20


def test_two_maps_that_see_the_same_share_what_comes(
    qtbot: QtBot, server: TileServer, supply_of: MakeSupply
) -> None:
    supply = supply_of()
    one, other = supply.shelf(_source(server)), supply.shelf(_source(server))
    server.hold()
    one.see(KEYS)
    other.see(KEYS[10:])
    qtbot.waitUntil(lambda: len(server.requests) == 6, timeout=10_000)
    server.let_go()
    _bring(qtbot, supply, other, KEYS[10:])
    _bring(qtbot, supply, one)

    assert set(server.counts.values()) == {1}


def test_second_program_finds_on_the_disk_what_the_first_fetched(
    qtbot: QtBot, server: TileServer, supply_of: MakeSupply
) -> None:
    first, second = supply_of(), supply_of()
    _bring(qtbot, first, first.shelf(_source(server)))
    shelf = second.shelf(_source(server))
    _bring(qtbot, second, shelf)

    assert len(server.requests) == 20
    assert shelf.picture(KEYS[7]) == _stored(KEYS[7])


def test_old_tiles_are_shown_and_validated_and_not_fetched_anew(
    qtbot: QtBot, server: TileServer, supply_of: MakeSupply
) -> None:
    server.headers["Cache-Control"] = "no-cache"
    first, second = supply_of(), supply_of()
    _bring(qtbot, first, first.shelf(_source(server)), KEYS[:4])
    server.requests.clear()
    server.hold()
    shelf = second.shelf(_source(server))
    shelf.see(KEYS[:4])
    qtbot.waitUntil(lambda: len(server.requests) == 4, timeout=10_000)

    assert [shelf.picture(key) for key in KEYS[:4]] == [_stored(key) for key in KEYS[:4]]
    assert all("if-none-match" in request.headers for request in server.requests)
    server.let_go()
    _bring(qtbot, second, shelf, KEYS[:4])
    assert len(server.requests) == 4


def test_tiles_that_left_the_view_are_not_fetched(
    qtbot: QtBot, server: TileServer, supply_of: MakeSupply
) -> None:
    supply = supply_of()
    shelf = supply.shelf(_source(server))
    server.hold()
    shelf.see(KEYS[:10])
    qtbot.waitUntil(lambda: len(server.requests) == 6, timeout=10_000)
    shelf.see(KEYS[10:])
    server.let_go()
    _bring(qtbot, supply, shelf, KEYS[10:])

    assert not {key[1:] for key in server.counts} & {(k.column, k.row) for k in KEYS[6:10]}


def test_layer_that_goes_takes_its_requests_along(
    qtbot: QtBot, server: TileServer, supply_of: MakeSupply
) -> None:
    supply = supply_of()
    shelf = supply.shelf(_source(server))
    server.hold()
    shelf.see(KEYS)
    qtbot.waitUntil(lambda: len(server.requests) == 6, timeout=10_000)
    supply.forget(shelf)
    server.let_go()
    qtbot.waitUntil(lambda: server.cut_off + len(server.requests) >= 6, timeout=10_000)

    assert supply.is_idle
    assert len(server.requests) == 6


def test_tile_that_the_server_does_not_have_is_not_asked_for_again(
    qtbot: QtBot, server: TileServer, supply_of: MakeSupply
) -> None:
    server.script = lambda _: Said(404)
    first, second = supply_of(), supply_of()
    for supply in (first, second):
        shelf = supply.shelf(_source(server))
        _bring(qtbot, supply, shelf, KEYS[:3])
        assert {shelf.picture(key) for key in KEYS[:3]} == {Blank.MISSING}
        assert supply.state("office").condition is Condition.WELL

    assert len(server.requests) == 3


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (Said(403), "不允许取图（403）"),
        (Said(401), "401"),
        (Said(200, b"<html><body>Please log in", {"Content-Type": "text/html"}), "log in"),
        (Said(400, b"what?"), "400"),
    ],
)
def test_server_that_refuses_is_left_alone_and_the_reason_told(
    qtbot: QtBot, server: TileServer, supply_of: MakeSupply, said: Said, words: str
) -> None:
    supply = supply_of()
    shelf = supply.shelf(_source(server))
    server.script = lambda _: said
    shelf.see(KEYS)
    qtbot.waitUntil(lambda: supply.state("office").condition is Condition.REFUSED, timeout=10_000)
    qtbot.waitUntil(lambda: supply.is_idle, timeout=10_000)
    error = supply.state("office").error
    shelf.see([*KEYS, TileKey(16, 51_740, 24_760)])
    qtbot.waitUntil(lambda: supply.is_idle, timeout=10_000)

    assert error is not None
    assert words in explain(error)
    # What was under way when the refusal came may still arrive; nothing is asked afterwards.
    asked = [request.key for request in server.requests]
    assert (16, 51_740, 24_760) not in asked
    assert len(asked) == len(set(asked))
    assert len(asked) <= (12 if said.status in (401, 403) else 20)
    server.script = None
    supply.try_again("office")
    _bring(qtbot, supply, shelf)
    assert supply.state("office").condition is Condition.WELL
    assert shelf.picture(KEYS[0]) == _stored(KEYS[0])


BOMB = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + (60_000).to_bytes(4, "big") * 2 + b"\x08\2\0\0\0IEND"
"""A picture that claims to be of 3,600 million pixels."""


@pytest.mark.parametrize("content", [b"no picture", BOMB, b"\x1f\x8b a vector tile", b"RIFF"])
def test_one_tile_with_wrong_content_does_not_stop_the_others(
    qtbot: QtBot, server: TileServer, supply_of: MakeSupply, content: bytes
) -> None:
    bad = (KEYS[3].level, KEYS[3].column, KEYS[3].row)
    server.script = lambda request: Said(200, content) if request.key == bad else None
    supply = supply_of()
    shelf = supply.shelf(_source(server))
    _bring(qtbot, supply, shelf)

    assert shelf.picture(KEYS[3]) is Blank.BROKEN
    assert sum(isinstance(shelf.picture(key), QImage) for key in KEYS) == 19
    assert supply.state("office").condition is Condition.WELL


def test_damaged_picture_is_fetched_three_times_at_most(
    qtbot: QtBot, server: TileServer, supply_of: MakeSupply
) -> None:
    half = _png_half()
    server.script = lambda _: Said(200, half)
    supply = supply_of()
    shelf = supply.shelf(_source(server))
    _bring(qtbot, supply, shelf, KEYS[:1])

    assert shelf.picture(KEYS[0]) is Blank.BROKEN
    assert len(server.requests) == 3


def _png_half() -> bytes:
    with MBTiles(FILE) as file:
        content = file.tile(KEYS[0])
    assert content is not None
    return content[: len(content) // 2]


@pytest.mark.parametrize("status", [429, 500, 503])
def test_busy_server_is_away_until_it_answers(
    qtbot: QtBot, server: TileServer, supply_of: MakeSupply, status: int
) -> None:
    supply = supply_of()
    shelf = supply.shelf(_source(server))
    server.script = lambda _: Said(status)
    shelf.see(KEYS[:4])
    qtbot.waitUntil(lambda: supply.state("office").condition is Condition.AWAY, timeout=10_000)
    error = supply.state("office").error
    server.script = None
    _bring(qtbot, supply, shelf, KEYS[:4])

    assert error is not None
    assert str(status) in explain(error)
    assert supply.state("office").condition is Condition.WELL


def test_without_the_server_the_map_lives_on_what_the_disk_has(
    qtbot: QtBot, server: TileServer, supply_of: MakeSupply
) -> None:
    first = supply_of()
    source = _source(server)
    _bring(qtbot, first, first.shelf(source), KEYS[:10])
    server.close()
    supply = supply_of()
    shelf = supply.shelf(source)
    told: list[str] = []
    supply.state_changed.connect(told.append)
    shelf.see(KEYS)
    qtbot.waitUntil(lambda: supply.state("office").condition is Condition.AWAY, timeout=10_000)
    qtbot.waitUntil(
        lambda: all(isinstance(shelf.picture(key), QImage) for key in KEYS[:10]), timeout=10_000
    )
    error = supply.state("office").error
    server.__init__(FILE)  # type: ignore[misc]

    assert error is not None
    assert "存下的图块" in explain(error)
    assert told == ["office"]
    assert {shelf.picture(key) for key in KEYS[10:]} == {Blank.WAITING}


def test_certificate_that_nobody_vouches_for_stops_the_source(
    qtbot: QtBot, supply_of: MakeSupply, tmp_path: Path
) -> None:
    authority = Authority(tmp_path)
    supply = supply_of()
    with TileServer(FILE, tls=authority.signed()) as server:
        shelf = supply.shelf(_source(server))
        shelf.see(KEYS)
        qtbot.waitUntil(
            lambda: supply.state("office").condition is Condition.REFUSED, timeout=10_000
        )
        error = supply.state("office").error
        assert error is not None
        assert "证书有问题" in explain(error)
        assert server.requests == []
        supply.go_by(replace(PLAIN, authorities=str(authority.certificate)))
        _bring(qtbot, supply, shelf)

        assert supply.state("office").condition is Condition.WELL


def test_days_limit_of_a_key_is_kept_by_all_programs_together(
    qtbot: QtBot, server: TileServer, supply_of: MakeSupply
) -> None:
    first, second = (supply_of(key_of=lambda _: "geheim") for _ in range(2))
    source = _source(
        server,
        address=server.template + "?tk={key}",
        key_name="office",
        terms=Terms(daily=20),
    )
    _bring(qtbot, first, first.shelf(source), KEYS[:10])
    shelf = second.shelf(source)
    shelf.see(KEYS[10:])
    qtbot.waitUntil(lambda: second.state("office").condition is Condition.REFUSED, timeout=10_000)
    qtbot.waitUntil(lambda: second.is_idle, timeout=10_000)
    error = second.state("office").error

    assert error is not None
    assert "上限" in explain(error)
    assert 10 < len(server.requests) <= 19


def test_key_goes_to_the_server_and_nowhere_else(
    qtbot: QtBot,
    server: TileServer,
    supply_of: MakeSupply,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("DEBUG")
    supply = supply_of(key_of=lambda _: "geheim")
    source = _source(server, address=server.template + "?tk={key}", key_name="office")
    server.script = lambda _: Said(503) if len(server.requests) < 3 else None
    _bring(qtbot, supply, supply.shelf(source))
    supply.close()

    assert all(request.path.endswith("?tk=geheim") for request in server.requests)
    assert "geheim" not in caplog.text
    files = [path for path in (tmp_path / "图块 缓存").rglob("*") if path.is_file()]
    assert files
    assert not any(b"geheim" in path.read_bytes() for path in files)


def test_source_without_its_key_asks_nobody_and_says_so(
    qtbot: QtBot, server: TileServer, supply_of: MakeSupply
) -> None:
    keys: list[str | None] = [None]
    supply = supply_of(key_of=lambda _: keys[0])
    source = _source(server, address=server.template + "?tk={key}", key_name="office")
    shelf = supply.shelf(source)
    shelf.see(KEYS)
    qtbot.waitUntil(lambda: supply.state("office").condition is Condition.WAITING, timeout=10_000)
    keys[0] = ""
    supply.try_again("office")
    qtbot.waitUntil(lambda: supply.state("office").condition is Condition.REFUSED, timeout=10_000)
    error = supply.state("office").error
    assert error is not None
    assert "需要密钥" in explain(error)
    assert server.requests == []
    keys[0] = "k"
    supply.try_again("office")
    _bring(qtbot, supply, shelf)


def test_memory_keeps_its_bound_and_the_disk_fills_it_again(
    qtbot: QtBot, server: TileServer, supply_of: MakeSupply
) -> None:
    memory = TileMemory(4 * 256 * 256 * 4)
    supply = supply_of(memory=memory)
    shelf = supply.shelf(_source(server))
    for at in (0, 4, 8, 0):
        _bring(qtbot, supply, shelf, KEYS[at : at + 4])
        assert memory.bytes <= 4 * 256 * 256 * 4

    assert len(server.requests) == 12
