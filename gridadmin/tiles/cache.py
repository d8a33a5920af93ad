"""Tiles that were fetched, kept in one SQLite file that several programs share.

The cache is a convenience: whatever is wrong with its file, tiles are fetched anew and nobody is
stopped. It also counts what was taken of each key in a day, for all programs together.
"""

from __future__ import annotations

import hashlib
import logging
import sqlite3
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import RLock
from typing import Any, TypeVar

import platformdirs

from gridadmin.tiles.freshness import Freshness
from gridadmin.tiles.grid import TileKey
from gridadmin.tiles.request import template_of
from gridadmin.tiles.source import Source

T = TypeVar("T")
_log = logging.getLogger("gridadmin.tiles")

USUAL_MOST_BYTES = 1024 * 2**20
_WAIT_S = 0.05
"""So long another program may write before this one does without."""
_TRIMMED = 0.9
_LOOK_EVERY = 200
"""After so many new tiles it is looked whether the file has grown too large."""
_USE_STEP_S = 3600.0
"""Uses are noted by the hour: looking at a tile should not write each time."""
_DAY_S = 86_400
_BEIJING_S = 8 * 3600
_SHARE_OF_LIMIT = 0.95
_DAYS_COUNTED = 7
_ROW_BYTES = 200
"""What a tile takes beside its picture."""

_TABLES = """
CREATE TABLE IF NOT EXISTS tile (
    id INTEGER PRIMARY KEY, source TEXT NOT NULL, level INTEGER NOT NULL,
    x INTEGER NOT NULL, y INTEGER NOT NULL, bytes INTEGER NOT NULL, fetched REAL NOT NULL,
    expires REAL NOT NULL, etag TEXT NOT NULL, modified TEXT NOT NULL, used REAL NOT NULL,
    UNIQUE (source, level, x, y)
);
CREATE INDEX IF NOT EXISTS tile_used ON tile (used);
CREATE TABLE IF NOT EXISTS picture (
    id INTEGER PRIMARY KEY REFERENCES tile (id) ON DELETE CASCADE, content BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS taken (
    counter TEXT NOT NULL, day INTEGER NOT NULL, count INTEGER NOT NULL,
    PRIMARY KEY (counter, day)
);
"""


@dataclass(frozen=True, slots=True)
class Kept:
    """A tile from the cache; an empty ``content`` means that the server had none there."""

    content: bytes
    fetched_s: float
    is_fresh: bool
    freshness: Freshness


@dataclass(frozen=True, slots=True)
class Usage:
    """What the cache holds of a source; times in seconds since 1970."""

    source_id: str
    tiles: int
    bytes: int
    oldest_s: float
    newest_s: float


def usual_path() -> Path:
    """Return where the cache lies: in the user's own folder for such files."""
    return Path(platformdirs.user_cache_dir("gridadmin", appauthor=False)) / "tiles-1.sqlite"


def counter_of(source: Source, secret: str) -> str:
    """Return by what the use of a key is counted: never the key itself, empty without a key."""
    if not secret:
        return ""
    return hashlib.sha256(f"{source.key_name}\n{secret}".encode()).hexdigest()[:24]


def most_a_day(source: Source) -> int | None:
    """Return how many tiles a day the program takes: it stops a little before the limit."""
    daily = source.terms.daily
    return None if daily is None else int(daily * _SHARE_OF_LIMIT)


class TileCache:
    """The cache. It may be used from any thread.

    *most_bytes* is how large it grows; what was not used for longest goes first. A file that is
    damaged is begun anew; where none can be written the cache lives in memory and ``is_lasting``
    is false.
    """

    def __init__(
        self,
        path: Path | None = None,
        most_bytes: int = USUAL_MOST_BYTES,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.path = usual_path() if path is None else path
        self.most_bytes = most_bytes
        self._clock = clock
        self._lock = RLock()
        self._since_look = _LOOK_EVERY
        self._connection, self.is_lasting = _opened(self.path)

    def kept(self, source: Source, key: TileKey) -> Kept | None:
        """Return a tile, fresh or not, or None when it isn't there."""
        now_s = self._clock()
        rows = self._asked(
            "SELECT id, content, fetched, expires, etag, modified, used FROM tile"
            " JOIN picture USING (id) WHERE source = ? AND level = ? AND x = ? AND y = ?",
            (_name(source), key.level, key.column, key.row),
        )
        if not rows:
            return None
        number, content, fetched_s, expires_s, etag, modified, used_s = rows[0]
        if now_s - used_s > _USE_STEP_S:
            self._write("UPDATE tile SET used = ? WHERE id = ?", (now_s, number))
        # A clock that was set back makes nothing fresh for years.
        is_fresh = fetched_s <= now_s + _DAY_S and now_s < expires_s
        return Kept(bytes(content), fetched_s, is_fresh, Freshness(expires_s, etag, modified))

    def keep(self, source: Source, key: TileKey, content: bytes, freshness: Freshness) -> None:
        """Keep a tile, unless its server forbids it."""
        if not freshness.may_keep or len(content) > self.most_bytes:
            self._write(*_deletion(source, key))
            return
        now_s = self._clock()
        place = (_name(source), key.level, key.column, key.row)
        told = (freshness.expires_s, freshness.etag, freshness.modified, now_s)

        def write(connection: sqlite3.Connection) -> None:
            connection.execute(
                "INSERT INTO tile (source, level, x, y, bytes, fetched, expires, etag, modified,"
                " used) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                " ON CONFLICT (source, level, x, y) DO UPDATE SET bytes = excluded.bytes,"
                " fetched = excluded.fetched, expires = excluded.expires, etag = excluded.etag,"
                " modified = excluded.modified, used = excluded.used",
                (*place, len(content) + _ROW_BYTES, now_s, *told),
            )
            connection.execute(
                "INSERT OR REPLACE INTO picture SELECT id, ? FROM tile"
                " WHERE source = ? AND level = ? AND x = ? AND y = ?",
                (content, *place),
            )

        self._written(write)
        self._since_look += 1
        if self._since_look >= _LOOK_EVERY or len(content) * 10 > self.most_bytes:
            self._since_look = 0
            self.trim()

    def renew(self, source: Source, key: TileKey, freshness: Freshness) -> None:
        """Take note that a tile is still right (304)."""
        now_s = self._clock()
        self._write(
            "UPDATE tile SET expires = ?, fetched = ?, used = ?,"
            " etag = CASE ? WHEN '' THEN etag ELSE ? END,"
            " modified = CASE ? WHEN '' THEN modified ELSE ? END"
            " WHERE source = ? AND level = ? AND x = ? AND y = ?",
            (
                *(freshness.expires_s, now_s, now_s),
                *(freshness.etag, freshness.etag, freshness.modified, freshness.modified),
                *(_name(source), key.level, key.column, key.row),
            ),
        )

    def usage(self) -> list[Usage]:
        """Return what is kept of each source, the largest first."""
        rows = self._asked(
            "SELECT substr(source, 1, instr(source, '@') - 1) AS source_id, count(*), sum(bytes),"
            " min(fetched), max(fetched) FROM tile GROUP BY source_id"
            " ORDER BY sum(bytes) DESC, source_id"
        )
        return [Usage(*row) for row in rows]

    def total_bytes(self) -> int:
        """Return how much is kept of all sources."""
        rows = self._asked("SELECT coalesce(sum(bytes), 0) FROM tile")
        return int(rows[0][0]) if rows else 0

    def clear(self, source_id: str | None = None, older_than_s: float | None = None) -> int:
        """Forget tiles: of one source or all, and only those fetched so long ago.

        Return how many; the disk gets its room back.
        """
        before = self.total_tiles()
        sql = "DELETE FROM tile WHERE 1"
        values: list[object] = []
        if source_id is not None:
            sql, values = f"{sql} AND substr(source, 1, instr(source, '@') - 1) = ?", [source_id]
        if older_than_s is not None:
            sql, values = f"{sql} AND fetched < ?", [*values, self._clock() - older_than_s]
        self._write(sql, values)
        self._give_room_back()
        return before - self.total_tiles()

    def total_tiles(self) -> int:
        """Return how many tiles are kept."""
        rows = self._asked("SELECT count(*) FROM tile")
        return int(rows[0][0]) if rows else 0

    def trim(self) -> None:
        """Forget what was not used for longest until the cache is small enough."""
        excess = self.total_bytes() - self.most_bytes
        if excess <= 0:
            return
        excess += int(self.most_bytes * (1 - _TRIMMED))
        oldest = self._asked("SELECT id, bytes FROM tile ORDER BY used, fetched, id")
        going = []
        for number, size in oldest:
            if excess <= 0:
                break
            going.append((number,))
            excess -= size
        self._written(lambda c: c.executemany("DELETE FROM tile WHERE id = ?", going))
        self._give_room_back()

    def take(self, counter: str, most: int | None, count: int = 1) -> bool:
        """Count *count* tiles to be taken today, unless that would be more than *most*.

        Return whether they may be fetched. All programs count together.
        """
        if not counter:
            return True
        day = self._day()

        def write(connection: sqlite3.Connection) -> bool:
            connection.execute("DELETE FROM taken WHERE day < ?", (day - _DAYS_COUNTED,))
            connection.execute("INSERT OR IGNORE INTO taken VALUES (?, ?, 0)", (counter, day))
            changed = connection.execute(
                "UPDATE taken SET count = count + ?1 WHERE counter = ?2 AND day = ?3"
                " AND (?4 IS NULL OR count + ?1 <= ?4)",
                (count, counter, day, most),
            )
            return changed.rowcount > 0

        # What can't be counted now is let through: the program stops well before the limit.
        return self._written(write) is not False

    def taken(self, counter: str) -> int:
        """Return how many tiles of a key were taken today (in Beijing)."""
        rows = self._asked(
            "SELECT count FROM taken WHERE counter = ? AND day = ?", (counter, self._day())
        )
        return int(rows[0][0]) if rows else 0

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._connection.close()

    def _day(self) -> int:
        return int((self._clock() + _BEIJING_S) // _DAY_S)

    def _asked(self, sql: str, values: Sequence[object] = ()) -> list[Any]:
        try:
            with self._lock:
                return self._connection.execute(sql, values).fetchall()
        except sqlite3.Error as error:
            _log.warning("the tile cache can't be read: %s", error)
            return []

    def _write(self, sql: str, values: Sequence[object] = ()) -> None:
        self._written(lambda connection: connection.execute(sql, values))

    def _written(self, work: Callable[[sqlite3.Connection], T]) -> T | None:
        """Write in one transaction; what can't be written now is done without (None)."""
        with self._lock:
            try:
                self._connection.execute("BEGIN IMMEDIATE")
                done = work(self._connection)
                self._connection.execute("COMMIT")
            except sqlite3.Error as error:
                _log.warning("the tile cache can't be written: %s", error)
                self._roll_back()
                return None
            return done

    def _roll_back(self) -> None:
        try:
            self._connection.execute("ROLLBACK")
        except sqlite3.Error:
            # There was no transaction: another program was writing.
            return

    def _give_room_back(self) -> None:
        try:
            with self._lock:
                # As a script: one step of it alone gives back a single page.
                self._connection.executescript("PRAGMA incremental_vacuum")
                self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        except sqlite3.Error as error:
            _log.info("the tile cache keeps its room for now: %s", error)


def _name(source: Source) -> str:
    """Return under which name tiles are kept: an address that was changed begins anew."""
    what = "\n".join((template_of(source), *_layer(source), source.grid_name, source.format))
    return f"{source.id}@{hashlib.sha256(what.encode()).hexdigest()[:12]}"


def _layer(source: Source) -> tuple[str, str, str]:
    return source.layer.name, source.layer.style, source.layer.matrix_set


def _deletion(source: Source, key: TileKey) -> tuple[str, tuple[object, ...]]:
    sql = "DELETE FROM tile WHERE source = ? AND level = ? AND x = ? AND y = ?"
    return sql, (_name(source), key.level, key.column, key.row)


def _opened(path: Path) -> tuple[sqlite3.Connection, bool]:
    """Return a connection, and whether what it keeps outlives the program."""
    for attempt in range(2):
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            return _prepared(str(path)), True
        except sqlite3.OperationalError as error:
            _log.warning("the tile cache can't be used: %s", error)
            break
        except sqlite3.DatabaseError as error:
            _log.warning("the tile cache is damaged and begun anew: %s", error)
            if attempt or not _removed(path):
                break
        except OSError as error:
            _log.warning("the tile cache has no place: %s", error)
            break
    return _prepared(":memory:"), False


def _removed(path: Path) -> bool:
    try:
        for suffix in ("", "-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
    except OSError as error:
        _log.warning("the damaged tile cache can't be removed: %s", error)
        return False
    return True


def _prepared(place: str) -> sqlite3.Connection:
    connection = sqlite3.connect(
        place, timeout=_WAIT_S, isolation_level=None, check_same_thread=False
    )
    try:
        connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
        connection.execute("PRAGMA journal_mode = WAL").fetchall()
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.executescript(_TABLES)
        connection.execute("SELECT count(*) FROM taken").fetchall()
    except BaseException:
        connection.close()
        raise
    return connection
