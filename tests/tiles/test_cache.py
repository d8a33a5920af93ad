"""The cache: what it keeps, for how long, how large it grows, and that it never stops anybody."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from gridadmin.tiles.cache import TileCache, counter_of, most_a_day
from gridadmin.tiles.freshness import Freshness, freshness_of
from gridadmin.tiles.grid import TileKey
from gridadmin.tiles.source import Kind, Source, Terms

ONE = Source("一", "底图一", Kind.XYZ, "http://10.0.0.5/{z}/{x}/{y}", key_name="k")
OTHER = Source("other", "底图二", Kind.XYZ, "http://10.0.0.6/{z}/{x}/{y}")
KEY = TileKey(17, 103_466, 49_513)
DAY_S = 86_400.0
LONG = Freshness(1e12)


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now_s = 1_000_000_000.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def cache(chinese_dir: Path, clock: Clock) -> Iterator[TileCache]:
    with closing(TileCache(chinese_dir / "缓 存" / "tiles.sqlite", clock=clock)) as made:
        yield made


def test_tile_is_kept_until_it_expires_and_beyond(cache: TileCache, clock: Clock) -> None:
    cache.keep(ONE, KEY, b"picture", Freshness(clock.now_s + 60, '"e"', "Mon"))

    fresh = cache.kept(ONE, KEY)
    clock.now_s += 61
    stale = cache.kept(ONE, KEY)

    assert fresh is not None
    assert (fresh.content, fresh.is_fresh) == (b"picture", True)
    assert stale is not None
    assert (stale.content, stale.is_fresh) == (b"picture", False)
    assert stale.freshness.conditions == (("If-None-Match", '"e"'), ("If-Modified-Since", "Mon"))


def test_tile_that_was_never_fetched_is_none(cache: TileCache) -> None:
    cache.keep(ONE, KEY, b"picture", LONG)

    assert cache.kept(OTHER, KEY) is None
    assert cache.kept(ONE, TileKey(17, 103_466, 49_514)) is None


def test_place_without_a_tile_is_remembered_too(cache: TileCache) -> None:
    cache.keep(ONE, KEY, b"", LONG)

    kept = cache.kept(ONE, KEY)

    assert kept is not None
    assert kept.content == b""


def test_tile_still_right_is_fresh_again(cache: TileCache, clock: Clock) -> None:
    cache.keep(ONE, KEY, b"picture", Freshness(clock.now_s + 60, '"e"'))
    clock.now_s += 100
    cache.renew(ONE, KEY, Freshness(clock.now_s + 60))

    kept = cache.kept(ONE, KEY)

    assert kept is not None
    assert kept.is_fresh
    assert kept.freshness.etag == '"e"'


def test_what_a_server_forbids_to_store_is_not(cache: TileCache) -> None:
    cache.keep(ONE, KEY, b"old", LONG)
    cache.keep(ONE, KEY, b"new", Freshness(1e12, may_keep=False))

    assert cache.kept(ONE, KEY) is None


def test_new_address_of_a_source_begins_anew(cache: TileCache) -> None:
    cache.keep(ONE, KEY, b"picture", LONG)

    assert cache.kept(replace(ONE, address="http://10.0.0.9/{z}/{x}/{y}"), KEY) is None
    assert cache.kept(replace(ONE, name="另一个名字"), KEY) is not None


def test_everything_is_there_after_a_restart(cache: TileCache, clock: Clock) -> None:
    cache.keep(ONE, KEY, b"picture", LONG)
    cache.take("c", None, 7)
    cache.close()

    with closing(TileCache(cache.path, clock=clock)) as again:
        kept = again.kept(ONE, KEY)
        assert again.taken("c") == 7
        assert again.is_lasting

    assert kept is not None
    assert kept.content == b"picture"


def test_usage_is_told_by_source(cache: TileCache, clock: Clock) -> None:
    cache.keep(ONE, KEY, bytes(800), LONG)
    clock.now_s += 50
    cache.keep(ONE, TileKey(1, 0, 0), bytes(800), LONG)
    cache.keep(OTHER, KEY, bytes(300), LONG)

    one, other = cache.usage()

    assert (one.source_id, one.tiles, one.bytes) == ("一", 2, 2000)
    assert (other.source_id, other.tiles, other.bytes) == ("other", 1, 500)
    assert (one.oldest_s, one.newest_s) == (1_000_000_000.0, 1_000_000_050.0)
    assert cache.total_bytes() == 2500


def test_one_source_is_cleared_and_the_other_stays(cache: TileCache) -> None:
    cache.keep(ONE, KEY, b"1", LONG)
    cache.keep(replace(ONE, address="http://old/{z}/{x}/{y}"), KEY, b"1", LONG)
    cache.keep(OTHER, KEY, b"2", LONG)

    assert cache.clear("一") == 2

    assert cache.kept(ONE, KEY) is None
    assert cache.kept(OTHER, KEY) is not None


def test_old_tiles_are_cleared_by_age(cache: TileCache, clock: Clock) -> None:
    cache.keep(ONE, KEY, b"old", LONG)
    clock.now_s += 10 * DAY_S
    cache.keep(ONE, TileKey(1, 0, 0), b"new", LONG)

    assert cache.clear(older_than_s=5 * DAY_S) == 1

    assert cache.kept(ONE, KEY) is None
    assert cache.kept(ONE, TileKey(1, 0, 0)) is not None


def test_clearing_gives_the_disk_its_room_back(cache: TileCache) -> None:
    for row in range(400):
        cache.keep(ONE, TileKey(17, 0, row), bytes(range(256)) * 40, LONG)
    before = cache.path.stat().st_size

    cache.clear()

    assert before > 1_000_000
    assert cache.path.stat().st_size < 100_000


def test_cache_stays_below_its_size_and_forgets_what_was_not_used(
    chinese_dir: Path, clock: Clock
) -> None:
    with closing(TileCache(chinese_dir / "t.sqlite", most_bytes=1_000_000, clock=clock)) as cache:
        for row in range(900):
            clock.now_s += 5000
            cache.keep(ONE, TileKey(17, 0, row), bytes(9_800), LONG)
            cache.kept(ONE, TileKey(17, 0, 0))

        cache.trim()

        assert cache.total_bytes() <= 1_000_000
        assert cache.kept(ONE, TileKey(17, 0, 0)) is not None
        assert cache.kept(ONE, TileKey(17, 0, 1)) is None
        assert cache.kept(ONE, TileKey(17, 0, 899)) is not None
        assert cache.path.stat().st_size < 5_000_000


@pytest.mark.parametrize("content", [b"no database at all", b"SQLite format 3\0" + bytes(5000)])
def test_damaged_cache_is_begun_anew(chinese_dir: Path, content: bytes) -> None:
    path = chinese_dir / "t.sqlite"
    path.write_bytes(content)

    with closing(TileCache(path)) as cache:
        cache.keep(ONE, KEY, b"picture", LONG)
        kept = cache.kept(ONE, KEY)

    assert cache.is_lasting
    assert kept is not None


def test_cache_without_a_place_lives_in_memory(chinese_dir: Path) -> None:
    (chinese_dir / "file").write_bytes(b"")

    with closing(TileCache(chinese_dir / "file" / "t.sqlite")) as cache:
        cache.keep(ONE, KEY, b"picture", LONG)
        kept = cache.kept(ONE, KEY)

    assert not cache.is_lasting
    assert kept is not None


def test_cache_that_breaks_while_in_use_stops_nobody(cache: TileCache) -> None:
    cache.keep(ONE, KEY, b"picture", LONG)
    cache._connection.execute("DROP TABLE picture")

    cache.keep(ONE, KEY, b"picture", LONG)

    assert cache.kept(ONE, KEY) is None
    assert cache.usage() != []


def test_another_program_that_writes_for_long_stops_nobody(cache: TileCache) -> None:
    with closing(sqlite3.connect(cache.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        cache.keep(ONE, KEY, b"picture", LONG)
        missing = cache.kept(ONE, KEY)
        other.execute("ROLLBACK")
    cache.keep(ONE, KEY, b"picture", LONG)

    assert missing is None
    assert cache.kept(ONE, KEY) is not None


def test_several_threads_use_it_at_once(cache: TileCache) -> None:
    def work(number: int) -> bool:
        key = TileKey(10, number % 40, number // 40)
        cache.keep(ONE, key, b"%d" % number, LONG)
        kept = cache.kept(ONE, key)
        return kept is not None and kept.content == b"%d" % number

    with ThreadPoolExecutor(4) as workers:
        assert all(workers.map(work, range(400)))

    assert cache.total_tiles() == 400


_OTHER_PROGRAM = """
import sys
from pathlib import Path
from gridadmin.tiles.cache import TileCache
cache = TileCache(Path(sys.argv[1]))
print(sum(cache.take("key", 150) for _ in range(100)))
"""


def test_two_programs_count_the_same_key_together(chinese_dir: Path) -> None:
    path = chinese_dir / "t.sqlite"
    with closing(TileCache(path)) as cache:
        arguments = [sys.executable, "-c", _OTHER_PROGRAM, str(path)]
        others = [subprocess.Popen(arguments, stdout=subprocess.PIPE) for _ in range(2)]
        granted = sum(int(other.communicate()[0]) for other in others)

        assert granted >= 150
        assert cache.taken("key") == 150
        assert not cache.take("key", 150)


def test_count_stops_before_the_limit_and_begins_anew_at_midnight_in_beijing(
    cache: TileCache, clock: Clock
) -> None:
    source = replace(ONE, terms=Terms(daily=10_000))
    clock.now_s = 20_000 * DAY_S + 15.9 * 3600
    counter = counter_of(source, "secret")

    assert most_a_day(source) == 9500
    assert cache.take(counter, 9500, 9499)
    assert cache.take(counter, 9500)
    assert not cache.take(counter, 9500)
    assert cache.taken(counter) == 9500

    clock.now_s += 0.2 * 3600

    assert cache.taken(counter) == 0
    assert cache.take(counter, 9500)


def test_key_itself_stands_nowhere_in_the_file(cache: TileCache) -> None:
    secret = "0123456789abcdef0123456789abcdef"
    cache.take(counter_of(ONE, secret), 10)
    cache.close()

    assert secret.encode() not in cache.path.read_bytes()


def test_source_without_a_key_is_not_counted(cache: TileCache) -> None:
    assert counter_of(OTHER, "") == ""
    assert cache.take("", 0)


NOW_S = 784_111_777.0
SENT = "Sun, 06 Nov 1994 08:49:37 GMT"
HOUR_LATER = "Sun, 06 Nov 1994 09:49:37 GMT"
TEN_DAYS_BEFORE = "Thu, 27 Oct 1994 08:49:37 GMT"


@pytest.mark.parametrize(
    ("headers", "lifetime_s"),
    [
        ({}, 7 * DAY_S),
        ({"Cache-Control": "public, max-age=600"}, 600),
        ({"cache-control": "Max-Age=600", "age": "100"}, 500),
        ({"Cache-Control": "max-age=600", "Expires": SENT}, 600),
        ({"Cache-Control": "no-cache"}, 0),
        ({"Cache-Control": "max-age=99999999999999999999"}, 365 * DAY_S),
        ({"Cache-Control": "max-age=-5"}, 7 * DAY_S),
        ({"Expires": HOUR_LATER, "Date": SENT}, 3600),
        ({"Expires": "0", "Date": SENT}, 0),
        ({"Expires": TEN_DAYS_BEFORE, "Date": SENT}, 0),
        ({"Last-Modified": TEN_DAYS_BEFORE, "Date": SENT}, DAY_S),
        ({"Pragma": "no-cache"}, 0),
        ({"Cache-Control": "garbage;;=,,=", "Date": "never"}, 7 * DAY_S),
    ],
)
def test_headers_say_how_long_a_tile_is_good(headers: dict[str, str], lifetime_s: float) -> None:
    assert freshness_of(headers, NOW_S).expires_s == NOW_S + lifetime_s


def test_no_store_forbids_to_keep() -> None:
    assert not freshness_of({"Cache-Control": "no-store, max-age=600"}, NOW_S).may_keep


def test_tags_of_an_answer_are_asked_with_again() -> None:
    found = freshness_of({"ETag": 'W/"a"', "Last-Modified": SENT}, NOW_S)

    assert found.conditions == (("If-None-Match", 'W/"a"'), ("If-Modified-Since", SENT))
