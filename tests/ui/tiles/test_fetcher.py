"""Tiles over real HTTP: few at once, in their order, none twice, and every fault told apart."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from gisdata.make_demo_basemap import FILE
from tests.helpers.certificates import Authority
from tests.helpers.http2_server import Http2Server
from tests.helpers.tile_server import Answer as Said
from tests.helpers.tile_server import Request, TileServer
from ui.tiles.fetcher import Answer, Fault, Fetcher
from ui.tiles.network import Reach
from ui.tiles.orders import Order

PLAIN = Reach(proxy="none")
TILES = [(16, 51_729 + n % 5, 24_753 + n // 5) for n in range(20)]

MakeFetcher = Callable[..., tuple[Fetcher, list[Answer]]]


@pytest.fixture
def server() -> Iterator[TileServer]:
    with TileServer(FILE) as server:
        yield server


@pytest.fixture
def fetcher_of() -> Iterator[MakeFetcher]:
    made: list[Fetcher] = []

    def make(reach: Reach = PLAIN, **options: object) -> tuple[Fetcher, list[Answer]]:
        fetcher = Fetcher(reach, first_wait_s=0.002, **options)  # type: ignore[arg-type]
        answers: list[Answer] = []
        fetcher.answered.connect(answers.append)
        made.append(fetcher)
        return fetcher, answers

    yield make
    for fetcher in made:
        fetcher.close()
        fetcher.deleteLater()


def _order(server: TileServer, key: tuple[int, int, int], **options: object) -> Order:
    zoom, x, y = key
    url = server.template.format(z=zoom, x=x, y=y)
    return Order(key, url, f"127.0.0.1:{server.port}", **options)  # type: ignore[arg-type]


def _orders(server: TileServer, keys: list[tuple[int, int, int]] = TILES) -> list[Order]:
    return [_order(server, key) for key in keys]


def _one(qtbot: QtBot, answers: list[Answer]) -> Answer:
    qtbot.waitUntil(lambda: bool(answers), timeout=10_000)
    return answers[0]


def test_every_tile_arrives_as_it_is_stored(
    qtbot: QtBot, server: TileServer, fetcher_of: MakeFetcher
) -> None:
    fetcher, answers = fetcher_of()
    fetcher.want(_orders(server))
    qtbot.waitUntil(lambda: len(answers) == 20, timeout=10_000)

    assert {answer.order.name for answer in answers} == set(TILES)
    assert all(answer.status == 200 and answer.is_last for answer in answers)
    assert all(answer.body.startswith(b"\x89PNG") for answer in answers)
    assert set(server.counts.values()) == {1}


def test_at_most_six_are_under_way_at_once_over_as_many_connections(
    qtbot: QtBot, server: TileServer, fetcher_of: MakeFetcher
) -> None:
    fetcher, answers = fetcher_of()
    server.hold()
    fetcher.want(_orders(server))
    qtbot.waitUntil(lambda: len(server.requests) == 6, timeout=10_000)
    server.let_go()
    qtbot.waitUntil(lambda: len(answers) == 20, timeout=10_000)

    assert server.most_at_once == 6
    assert server.connections <= 6


def test_fetchers_of_one_program_share_the_requests_to_a_host(
    qtbot: QtBot, server: TileServer, fetcher_of: MakeFetcher
) -> None:
    (one, answers), (other, others) = fetcher_of(), fetcher_of()
    server.hold()
    one.want(_orders(server, TILES[:10]))
    other.want(_orders(server, TILES[10:]))
    qtbot.waitUntil(lambda: len(server.requests) == 6, timeout=10_000)
    server.let_go()
    qtbot.waitUntil(lambda: (len(answers), len(others)) == (10, 10), timeout=10_000)

    assert server.most_at_once == 6


def test_most_wanted_go_first(qtbot: QtBot, server: TileServer, fetcher_of: MakeFetcher) -> None:
    fetcher, answers = fetcher_of()
    server.hold()
    fetcher.want(_orders(server))
    qtbot.waitUntil(lambda: len(server.requests) == 6, timeout=10_000)

    assert {request.key for request in server.requests} == set(TILES[:6])
    server.let_go()
    qtbot.waitUntil(lambda: len(answers) == 20, timeout=10_000)


def test_wanting_again_what_is_under_way_asks_nobody_twice(
    qtbot: QtBot, server: TileServer, fetcher_of: MakeFetcher
) -> None:
    fetcher, answers = fetcher_of()
    server.hold()
    for _ in range(5):
        fetcher.want(_orders(server))
    qtbot.waitUntil(lambda: len(server.requests) == 6, timeout=10_000)
    fetcher.want(_orders(server))
    server.let_go()
    qtbot.waitUntil(lambda: len(answers) == 20, timeout=10_000)

    assert set(server.counts.values()) == {1}


def test_what_left_the_view_is_broken_off_and_makes_room(
    qtbot: QtBot, server: TileServer, fetcher_of: MakeFetcher
) -> None:
    fetcher, answers = fetcher_of()
    server.hold()
    fetcher.want(_orders(server, TILES[:10]))
    qtbot.waitUntil(lambda: len(server.requests) == 6, timeout=10_000)
    fetcher.want(_orders(server, TILES[10:]))
    server.let_go()
    qtbot.waitUntil(lambda: len(answers) == 10, timeout=10_000)

    assert {answer.order.name for answer in answers} == set(TILES[10:])
    assert not {request.key for request in server.requests} & set(TILES[6:10])


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_server_that_is_busy_is_asked_again_until_it_answers(
    qtbot: QtBot, server: TileServer, fetcher_of: MakeFetcher, status: int
) -> None:
    fetcher, answers = fetcher_of()
    server.script = lambda _: Said(status) if len(server.requests) <= 3 else None
    fetcher.want(_orders(server, TILES[:1]))
    qtbot.waitUntil(lambda: any(answer.is_last for answer in answers), timeout=10_000)

    assert [answer.status for answer in answers] == [status, status, status, 200]


def test_host_that_asks_to_wait_gets_no_request_meanwhile(
    qtbot: QtBot, server: TileServer, fetcher_of: MakeFetcher
) -> None:
    fetcher, answers = fetcher_of()
    server.script = lambda _: Said(429, headers={"Retry-After": "3000"})
    fetcher.want(_orders(server))
    qtbot.waitUntil(lambda: len(answers) == 6, timeout=10_000)
    waits_s = fetcher._timer.remainingTime() / 1000

    assert len(server.requests) == 6
    assert 2900 < waits_s <= 3001


def test_host_that_failed_is_tried_with_one_request_first(
    qtbot: QtBot, server: TileServer, fetcher_of: MakeFetcher
) -> None:
    fetcher, answers = fetcher_of()
    server.script = lambda _: Said(503)
    fetcher.want(_orders(server))
    qtbot.waitUntil(lambda: len(answers) >= 7, timeout=10_000)
    server.script = None
    before = len(server.requests)
    qtbot.waitUntil(lambda: sum(answer.is_last for answer in answers) == 20, timeout=20_000)

    assert server.requests[before].key is not None
    assert all(answer.status == 200 for answer in answers if answer.is_last)


def test_trying_again_by_hand_does_not_wait(
    qtbot: QtBot, server: TileServer, fetcher_of: MakeFetcher
) -> None:
    fetcher, answers = fetcher_of()
    server.script = lambda _: Said(503, headers={"Retry-After": "3000"})
    fetcher.want(_orders(server, TILES[:1]))
    _one(qtbot, answers)
    server.script = None
    fetcher.try_again()
    qtbot.waitUntil(lambda: len(answers) == 2, timeout=10_000)

    assert answers[1].status == 200


@pytest.mark.parametrize("status", [403, 404, 410, 418])
def test_refusals_are_answers_and_not_tried_again(
    qtbot: QtBot, server: TileServer, fetcher_of: MakeFetcher, status: int
) -> None:
    fetcher, answers = fetcher_of()
    server.script = lambda _: Said(status, b"no")
    fetcher.want(_orders(server, TILES[:1]))
    answer = _one(qtbot, answers)

    assert (answer.status, answer.body, answer.is_last) == (status, b"no", True)
    assert answer.fault is None
    assert len(server.requests) == 1


def test_validated_tile_comes_back_without_a_body(
    qtbot: QtBot, server: TileServer, fetcher_of: MakeFetcher
) -> None:
    fetcher, answers = fetcher_of()
    fetcher.want(_orders(server, TILES[:1]))
    etag = _one(qtbot, answers).headers["etag"]
    fetcher.want([_order(server, TILES[0], headers={"If-None-Match": etag})])
    qtbot.waitUntil(lambda: len(answers) == 2, timeout=10_000)

    assert (answers[1].status, answers[1].body) == (304, b"")


def test_nobody_at_the_address_is_told_and_tried_again(
    qtbot: QtBot, server: TileServer, fetcher_of: MakeFetcher
) -> None:
    fetcher, answers = fetcher_of()
    order = _order(server, TILES[0])
    server.close()
    fetcher.want([order])
    qtbot.waitUntil(lambda: len(answers) >= 3, timeout=10_000)
    server.__init__(FILE)  # type: ignore[misc]

    assert {answer.fault for answer in answers} == {Fault.NO_CONNECTION}
    assert not any(answer.is_last for answer in answers)


def test_server_that_says_nothing_times_out(
    qtbot: QtBot, server: TileServer, fetcher_of: MakeFetcher
) -> None:
    fetcher, answers = fetcher_of(patience_ms=50)
    server.hold()
    fetcher.want(_orders(server, TILES[:1]))

    assert _one(qtbot, answers).fault is Fault.TIMEOUT
    server.let_go()
    qtbot.waitUntil(lambda: answers[-1].is_last, timeout=10_000)
    assert answers[-1].status == 200


def test_picture_that_is_cut_off_is_fetched_again(
    qtbot: QtBot, server: TileServer, fetcher_of: MakeFetcher
) -> None:
    fetcher, answers = fetcher_of()
    whole = Said(200, b"x" * 5000, {"Content-Length": "5000"}, cut_at=800)
    server.script = lambda _: whole if len(server.requests) == 1 else None
    fetcher.want(_orders(server, TILES[:1]))
    qtbot.waitUntil(lambda: any(answer.is_last for answer in answers), timeout=10_000)

    assert answers[0].fault is Fault.CUT_OFF
    assert answers[-1].body.startswith(b"\x89PNG")


def test_giant_answer_is_broken_off(
    qtbot: QtBot, server: TileServer, fetcher_of: MakeFetcher
) -> None:
    fetcher, answers = fetcher_of()
    server.script = lambda _: Said(200, b"x", {"Content-Length": str(2 * 10**9)})
    fetcher.want(_orders(server, TILES[:1]))
    answer = _one(qtbot, answers)

    assert (answer.fault, answer.is_last) == (Fault.TOO_LARGE, True)


def test_redirect_to_another_host_is_followed_unless_a_key_would_go_along(
    qtbot: QtBot, server: TileServer, fetcher_of: MakeFetcher
) -> None:
    fetcher, answers = fetcher_of()
    with TileServer(FILE) as other:

        def elsewhere(request: Request) -> Said:
            return Said(302, headers={"Location": other.root + request.path})

        server.script = elsewhere
        fetcher.want([_order(server, TILES[0])])
        assert _one(qtbot, answers).status == 200
        fetcher.want([_order(server, TILES[1], is_secret=True)])
        qtbot.waitUntil(lambda: len(answers) == 2, timeout=10_000)

        assert (answers[1].fault, answers[1].is_last) == (Fault.REDIRECT, True)
        assert [request.key for request in other.requests] == [TILES[0]]


def test_redirects_in_a_circle_end(
    qtbot: QtBot, server: TileServer, fetcher_of: MakeFetcher
) -> None:
    fetcher, answers = fetcher_of()
    server.script = lambda request: Said(302, headers={"Location": request.path})
    fetcher.want(_orders(server, TILES[:1]))

    assert _one(qtbot, answers).fault is Fault.REDIRECT


def test_certificate_that_nobody_vouches_for_is_refused(
    qtbot: QtBot, fetcher_of: MakeFetcher, tmp_path: Path
) -> None:
    fetcher, answers = fetcher_of()
    with TileServer(FILE, tls=Authority(tmp_path).signed()) as server:
        fetcher.want(_orders(server, TILES[:1]))
        answer = _one(qtbot, answers)

        assert (answer.fault, answer.is_last) == (Fault.CERTIFICATE, True)
        assert answer.detail
        assert server.requests == []


def test_authority_from_a_file_is_trusted(
    qtbot: QtBot, fetcher_of: MakeFetcher, chinese_dir: Path
) -> None:
    authority = Authority(chinese_dir)
    fetcher, answers = fetcher_of(Reach(proxy="none", authorities=str(authority.certificate)))
    with TileServer(FILE, tls=authority.signed()) as server:
        fetcher.want(_orders(server, TILES[:3]))
        qtbot.waitUntil(lambda: len(answers) == 3, timeout=10_000)

    assert [answer.status for answer in answers] == [200, 200, 200]


def test_server_that_speaks_http2_is_asked_over_one_connection(
    qtbot: QtBot, fetcher_of: MakeFetcher, tmp_path: Path
) -> None:
    authority = Authority(tmp_path)
    fetcher, answers = fetcher_of(Reach(proxy="none", authorities=str(authority.certificate)))
    with Http2Server(authority.signed(), lambda path: path.encode()) as server:
        paths = [f"/16/{n}/7.png" for n in range(30)]
        fetcher.want([Order(path, server.root + path, "127.0.0.1") for path in paths])
        qtbot.waitUntil(lambda: len(answers) == 30, timeout=10_000)

        assert sorted(server.paths) == sorted(paths)
        assert server.connections == 1
    assert all(answer.body.decode() == answer.order.name for answer in answers)


@pytest.mark.parametrize(("host", "days"), [("127.0.0.1", -1), ("tiles.example", 30)])
def test_certificate_that_ran_out_or_is_anothers_is_refused(
    qtbot: QtBot, fetcher_of: MakeFetcher, tmp_path: Path, host: str, days: int
) -> None:
    authority = Authority(tmp_path)
    fetcher, answers = fetcher_of(Reach(proxy="none", authorities=str(authority.certificate)))
    with TileServer(FILE, tls=authority.signed(host, days=days)) as server:
        fetcher.want(_orders(server, TILES[:1]))

        assert _one(qtbot, answers).fault is Fault.CERTIFICATE
        assert server.requests == []


def test_proxy_is_asked_for_the_whole_address(
    qtbot: QtBot, server: TileServer, fetcher_of: MakeFetcher
) -> None:
    fetcher, answers = fetcher_of(Reach("own", f"http://127.0.0.1:{server.port}/"))
    zoom, x, y = TILES[0]
    url = f"http://tiles.intranet.invalid/{zoom}/{x}/{y}.png"
    fetcher.want([Order(TILES[0], url, "tiles.intranet.invalid")])

    assert _one(qtbot, answers).status == 200
    assert [request.path for request in server.requests] == [url]


def test_proxy_that_is_not_there_is_told_apart(
    qtbot: QtBot, server: TileServer, fetcher_of: MakeFetcher
) -> None:
    fetcher, answers = fetcher_of(Reach("own", "127.0.0.1:1"))
    fetcher.want(_orders(server, TILES[:1]))

    assert _one(qtbot, answers).fault is Fault.PROXY


def test_network_can_be_reached_another_way_later(
    qtbot: QtBot, server: TileServer, fetcher_of: MakeFetcher
) -> None:
    fetcher, answers = fetcher_of(Reach("own", "127.0.0.1:1"))
    fetcher.want(_orders(server, TILES[:1]))
    _one(qtbot, answers)
    fetcher.go_by(PLAIN)
    qtbot.waitUntil(lambda: answers[-1].is_last, timeout=10_000)

    assert answers[-1].status == 200


def test_what_may_not_be_sent_is_not_sent(
    qtbot: QtBot, server: TileServer, fetcher_of: MakeFetcher
) -> None:
    allowed = [3]

    def may_send(_: Order) -> bool:
        allowed[0] -= 1
        return allowed[0] >= 0

    fetcher, answers = fetcher_of(may_send=may_send)
    fetcher.want(_orders(server))
    qtbot.waitUntil(lambda: len(answers) == 3, timeout=10_000)

    assert len(server.requests) == 3


def test_no_key_stands_in_what_is_said_of_a_fault(
    qtbot: QtBot,
    server: TileServer,
    fetcher_of: MakeFetcher,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("DEBUG")
    fetcher, answers = fetcher_of()
    url = server.template.format(z=1, x=2, y=3) + "?tk=very-secret"
    server.script = lambda _: Said(503)
    fetcher.want([Order(1, url, f"127.0.0.1:{server.port}", is_secret=True)])
    _one(qtbot, answers)
    port = server.port
    fetcher.want([Order(2, f"http://127.0.0.1:1/{port}?tk=very-secret", "127.0.0.1:1")])
    qtbot.waitUntil(lambda: any(answer.fault for answer in answers), timeout=10_000)

    assert "very-secret" not in caplog.text
    assert all("very-secret" not in answer.detail for answer in answers)
