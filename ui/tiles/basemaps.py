"""The base maps of one window: which there are, which is chosen, and what brings their tiles."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from gridadmin.base.errors import GridAdminError, InputError
from gridadmin.tiles.book import FILE_NAME, SourceBook, read_book
from gridadmin.tiles.cache import TileCache, usual_path
from gridadmin.tiles.local import BASEMAP_NAME, LocalTiles
from gridadmin.tiles.opening import open_source
from gridadmin.tiles.source import Kind, Role, Source
from ui.context import Context
from ui.jobs import Job, Jobs, Work
from ui.texts import explain, language, tr
from ui.tiles.choice import BESIDE, NONE, Choice, choice_of, keep_choice
from ui.tiles.keys import Keys
from ui.tiles.network import Reach
from ui.tiles.supply import Supply

_NETWORK = ("proxy", "proxy_address", "proxy_user", "ca_file")
PROXY = "proxy"
"""The name under which the password of the proxy is kept in the keyring."""

_PATIENCE_S = 3.0
"""So long the window waits for a file that is being opened when it closes."""


def cache_file() -> Path:
    """Return where fetched tiles are kept; ``GRIDADMIN_CACHE`` names another folder."""
    named = os.environ.get("GRIDADMIN_CACHE")
    return Path(named) / "tiles-1.sqlite" if named else usual_path()


class BaseMaps(QObject):
    """Base maps, shared by the maps and dialogs of one window. Ask :meth:`of` for them."""

    changed = Signal()
    """There are others, or something else is chosen."""
    state_changed = Signal(str)
    """It stands otherwise with the source of this id: see :meth:`trouble`."""
    tiles_arrived = Signal()
    opened = Signal(str)
    """The file of the source of this id is open now, or can't be."""
    opening = Signal(object)
    """A :class:`Job` that opens a file has begun."""

    def __init__(self, context: Context) -> None:
        super().__init__(context.bridge)
        self._context = context
        self._file = context.settings.folder / FILE_NAME
        self.book: SourceBook = read_book(self._file)
        self.keys = Keys(context.jobs, self)
        self._choice = Choice()
        self._beside: Source | None = None
        self._supply: Supply | None = None
        self._cache: TileCache | None = None
        self._files: dict[str, LocalTiles | GridAdminError | None] = {}
        self._jobs: Jobs | None = None
        self._opening: dict[str, tuple[Source, Job]] = {}
        """The jobs that open files, with their sources, by the ids of these."""
        self._told: set[tuple[str, str]] = set()
        """Sources and the codes of faults of theirs that the user knows of."""
        self._is_listed = False
        self._standing = ("", "")
        """The source of which something was said last, and what."""
        self._is_over = False
        self.keys.changed.connect(self._key_changed)
        self.keys.not_kept.connect(self._key_not_kept)
        context.bridge.opened.connect(self._project_opened)
        context.settings.changed.connect(self._settings_changed)
        self._project_opened()

    @classmethod
    def of(cls, context: Context) -> BaseMaps:
        """Return the base maps that a window's parts share."""
        for child in context.bridge.children():
            if isinstance(child, cls):
                return child
        return cls(context)

    # Which there are

    @property
    def file(self) -> Path:
        """The user's file of base maps."""
        return self._file

    def all_sources(self) -> Sequence[Source]:
        """Return all sources, those that are switched off too; first the one beside the project."""
        return (*([] if self._beside is None else [self._beside]), *self.book.sources)

    def sources(self, role: Role) -> Sequence[Source]:
        """Return the sources of a role that can be chosen."""
        return [one for one in self.all_sources() if one.role is role and one.is_on]

    def source(self, id_: str) -> Source | None:
        """Return a source by its id; the path of a file is one, too."""
        known = next((one for one in self.all_sources() if one.id == id_), None)
        if known is None and os.sep in id_:
            return Source(id_, Path(id_).stem, Kind.MBTILES, id_)
        return known

    def declare(self, source: Source) -> None:
        """Add or change a source, for good.

        Raises: InputError of family ``basemap``, StoreError.
        """
        self._save(self.book.declared(source))
        self._forget(source.id)
        self.changed.emit()

    def remove(self, id_: str) -> None:
        """Take a source of the user's away; one of the program's is as it was.

        Raises: StoreError.
        """
        self._save(self.book.removed(id_))
        self._forget(id_)
        self.changed.emit()

    def _save(self, book: SourceBook) -> None:
        book.save(self._file)
        self.book = book

    def _forget(self, id_: str) -> None:
        """Drop what is known of a source that is another one now."""
        self._files.pop(id_, None)
        if id_ in self._opening:
            self._opening.pop(id_)[1].cancel()
        self._not_told(id_)
        if self._supply is not None:
            self._supply.memory.forget(lambda one, _: one == id_)
            self._supply.try_again(id_)

    def _found_beside(self) -> Source | None:
        """Return the base map beside the project that is open."""
        bridge = self._context.bridge
        if not bridge.is_open:
            return None
        path = bridge.path.with_name(BASEMAP_NAME)
        if not path.is_file():
            return None
        return Source(BESIDE, tr("项目旁的文件"), Kind.MBTILES, str(path))

    # Which is chosen

    @property
    def choice(self) -> Choice:
        """What is chosen for the project that is open."""
        return self._choice

    @property
    def base(self) -> Source | None:
        """The base map that is chosen, None without one."""
        return self.source(self._choice.base)

    @property
    def overlay(self) -> Source | None:
        """What lies over the base map, None without one."""
        return self.source(self._choice.overlay)

    def chosen(self) -> Sequence[Source]:
        """Return what is shown, the lowest first."""
        return [source for source in (self.base, self.overlay) if source is not None]

    def with_pair(self, source: Source) -> Sequence[Source]:
        """Return a base with the overlay that belongs to it, the lowest first."""
        pair = self.book.pair_of(source)
        return [source] if pair is None else [source, pair]

    def choose_base(self, id_: str) -> None:
        """Show another base map, with the overlay that belongs to it; an empty id shows none."""
        source = self.source(id_)
        pair = None if source is None else self.book.pair_of(source)
        overlay = NONE if pair is None else pair.id
        is_other = id_ != self._choice.base
        self._choose(replace(self._choice, base=id_, overlay=overlay))
        if source is not None:
            self._context.settings.set_value("show_basemap", True)
            if is_other and not source.kind.is_local and self._supply is not None:
                # Its host may wait because of another map; who chooses doesn't want to wait.
                self._supply.try_again(id_)

    def choose_overlay(self, id_: str) -> None:
        """Lay another map over the base map; an empty id lays none."""
        self._choose(replace(self._choice, overlay=id_))

    def set_opacity(self, id_: str, percent: int) -> None:
        """Let a source shine through."""
        self._choose(replace(self._choice, opacity={**self._choice.opacity, id_: percent}))

    def set_dimming(self, percent: int | None) -> None:
        """Let the map fade into the ground; None as the theme has it."""
        self._choose(replace(self._choice, dimming=percent))

    def _choose(self, choice: Choice) -> None:
        if choice == self._choice:
            return
        before = {source.id for source in self.chosen()}
        self._choice = choice
        bridge = self._context.bridge
        if bridge.is_open:
            keep_choice(self._context.settings, bridge.path, choice)
        self._leave_files(before)
        self._withdraw()
        self.changed.emit()

    def _project_opened(self) -> None:
        bridge = self._context.bridge
        self._beside = self._found_beside()
        kept = choice_of(self._context.settings, bridge.path) if bridge.is_open else None
        if kept is None:
            # Nobody's network is used before he has chosen it.
            kept = Choice(base=NONE if self._beside is None else BESIDE)
        self._choice = kept
        self._files.pop(BESIDE, None)
        self._told.clear()
        self.changed.emit()

    # What brings the tiles

    @property
    def supply(self) -> Supply:
        """What brings tiles over the network; it begins when it is first asked for."""
        if self._supply is None:
            self._cache = TileCache(cache_file(), self._cache_bytes())
            self._supply = Supply(self.reach(), self._key_of, self._cache, self)
            self._supply.arrived.connect(self.tiles_arrived)
            self._supply.state_changed.connect(self._state_changed)
        return self._supply

    def reach(self) -> Reach:
        """Return how the network is reached now; the password of the proxy as far as known."""
        settings = self._context.settings
        password = self.keys.key(PROXY) if settings.value("proxy_user") else ""
        return Reach.of(settings, password or "")

    def file_of(self, source: Source) -> LocalTiles | None:
        """Return the open file of a local source; None while a job opens it, or when it can't."""
        found = self._files.get(source.id)
        if source.id not in self._files and not self._is_over:
            self._files[source.id] = None
            job = self.open_beside(
                tr("打开底图"),
                lambda progress: open_source(source, progress),
                partial(self._take_file, source),
                partial(self._fail_file, source),
                partial(self._stop_file, source),
            )
            self._opening[source.id] = source, job
        return None if isinstance(found, GridAdminError) else found

    def open_beside(
        self,
        title: str,
        work: Work,
        on_done: Callable[[Any], None],
        on_failed: Callable[[BaseException], None],
        on_cancelled: Callable[[], None] | None = None,
    ) -> Job:
        """Open a file in a thread of its own: a large picture must not hold up other work."""
        if self._jobs is None:
            self._jobs = Jobs(self)
            self._jobs.started.connect(self.opening)
        return self._jobs.start(
            title, work, on_done=on_done, on_failed=on_failed, on_cancelled=on_cancelled
        )

    def adopt_file(self, id_: str, tiles: LocalTiles) -> None:
        """Take over the file of a source that somebody has opened."""
        self._files[id_] = tiles

    def opened_file(self, source: Source) -> LocalTiles | None:
        """Return the file of a source where it is open; nobody opens it for that."""
        found = self._files.get(source.id)
        return None if isinstance(found, GridAdminError) else found

    def is_opening(self, source: Source) -> bool:
        """Return whether a job is opening the file of a source."""
        return source.id in self._files and self._files[source.id] is None

    def _take_file(self, source: Source, tiles: LocalTiles) -> None:
        self._is_expected(source)
        if self.source(source.id) == source:
            self._files[source.id] = tiles
            self.opened.emit(source.id)
            self.changed.emit()

    def _fail_file(self, source: Source, fault: BaseException) -> None:
        self._is_expected(source)
        if not isinstance(fault, GridAdminError):
            raise fault
        if self.source(source.id) == source:
            self._files[source.id] = fault
            self.opened.emit(source.id)
            self._state_changed(source.id)

    def _stop_file(self, source: Source) -> None:
        """Keep in mind that the user stopped it; one that is shown no more is opened anew."""
        if self._is_expected(source):
            self._fail_file(source, InputError("basemap.opening_stopped", name=title(source)))
        elif self.source(source.id) == source and source.id not in self._opening:
            self._files.pop(source.id, None)
            # Another map may still want it.
            self.changed.emit()

    def _is_expected(self, source: Source) -> bool:
        """Return whether a job was to open just this, which has ended now."""
        known = self._opening.get(source.id)
        if known is None or known[0] != source:
            return False
        del self._opening[source.id]
        return True

    def _leave_files(self, before: AbstractSet[str]) -> None:
        """Stop opening what is shown no more; another map or a chart may open more than that."""
        shown = {source.id for source in self.chosen()}
        for id_ in self._opening.keys() & (before - shown):
            self._opening.pop(id_)[1].cancel()

    def trouble(self, source: Source) -> str:
        """Return in words why a source brings no tiles now; empty when it stands well."""
        error = self._error_of(source.id)
        return "" if error is None else explain(error)

    def try_again(self, source: Source) -> None:
        """Ask a source again, at the user's wish."""
        self._not_told(source.id)
        if source.kind.is_local:
            self._files.pop(source.id, None)
            self.changed.emit()
        else:
            self.supply.try_again(source.id)

    def close(self) -> None:
        """Stop bringing tiles, for good."""
        self._is_over = True
        if self._jobs is not None:
            self._jobs.close(_PATIENCE_S)
        if self._supply is not None:
            self._supply.close()
        if self._cache is not None:
            self._cache.close()
        self._files.clear()

    def _key_of(self, source: Source) -> str | None:
        return self.keys.key(source.key_name)

    def _key_not_kept(self) -> None:
        self._context.messages.note(tr("这台电脑没有系统密钥库，密钥只在这次运行中有效。"))

    def _key_changed(self, name: str) -> None:
        if name == PROXY:
            self._settings_changed("proxy_user")
        elif self._supply is not None:
            for source in self.book.sources:
                if source.key_name == name:
                    self._not_told(source.id)
                    self._supply.try_again(source.id)
        self.changed.emit()

    def _state_changed(self, id_: str) -> None:
        """Say once when a map that is shown can't be had; afterwards its button tells."""
        self.state_changed.emit(id_)
        self._withdraw()
        source, error = self.source(id_), self._error_of(id_)
        is_shown = id_ in (self._choice.base, self._choice.overlay)
        if source is None or error is None or not is_shown:
            return
        if (id_, error.code) not in self._told:
            same = [one.id for one in self.all_sources() if _is_same(one, source)]
            self._told.update((one, error.code) for one in same)
            self._standing = id_, explain(error)
            if not self._is_listed:
                self._context.messages.note(self._standing[1])

    def tell_in_list(self, is_listed: bool) -> None:
        """Let the list of base maps say what is wrong while it is open: it stands in its place."""
        self._is_listed = is_listed
        if is_listed:
            self._context.messages.withdraw(self._standing[1])

    def _withdraw(self) -> None:
        """Take back what was said of a map that is well now, or shown no more."""
        id_, words = self._standing
        is_shown = id_ in (self._choice.base, self._choice.overlay)
        if words and (not is_shown or self._error_of(id_) is None):
            self._standing = ("", "")
            self._context.messages.withdraw(words)

    def _error_of(self, id_: str) -> GridAdminError | None:
        found = self._files.get(id_)
        if isinstance(found, GridAdminError):
            return found
        return None if self._supply is None else self._supply.state(id_).error

    def _not_told(self, id_: str) -> None:
        self._told = {told for told in self._told if told[0] != id_}

    def _settings_changed(self, key: str) -> None:
        if key in _NETWORK and self._supply is not None:
            self._told.clear()
            self._supply.go_by(self.reach())
        elif key == "tile_cache_mb" and self._cache is not None:
            self._cache.most_bytes = self._cache_bytes()

    def _cache_bytes(self) -> int:
        return int(self._context.settings.value("tile_cache_mb")) * 2**20


def title(source: Source) -> str:
    """Return the name of a source in the language of the window."""
    return source.title(language())


def _is_same(one: Source, other: Source) -> bool:
    """Return whether one word for two sources is enough: a base and its labels."""
    return one.id == other.id or bool(one.key_name and one.key_name == other.key_name)
