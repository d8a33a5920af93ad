"""Pictures of the open project for a further map: another state, base map or colouring.

The present state shares what the map of the window has prepared; an earlier one is worked out of
the change log by a job and prepared by the painter itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Literal

from PySide6.QtCore import QObject, Signal

from gridadmin.base.errors import GridAdminError
from gridadmin.edit.document import Done
from gridadmin.edit.past_state import past_state
from gridadmin.partition.snapshot import Snapshot
from gridadmin.tiles.source import Source
from ui.canvas.base_layers import BaseLayers
from ui.canvas.map_panel import MapPanel
from ui.canvas.pictures import Picture, Pictures
from ui.canvas.style import MapStyle
from ui.canvas.viewport import Viewport
from ui.context import Context
from ui.jobs import Job, JobProgress
from ui.maps.look import NONE, SAME, Look
from ui.maps.states import MapStates
from ui.texts import tr
from ui.tiles.basemaps import BaseMaps


class OtherPictures(QObject):
    """Paints a look. Ask for pictures of a viewport after :attr:`ready`."""

    made = Signal(object)
    """A :class:`Picture`."""
    ready = Signal()
    """There is something to paint, or something else than before."""

    def __init__(
        self, context: Context, panel: MapPanel, states: MapStates, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._context = context
        self._bridge = context.bridge
        self._panel = panel
        self._states = states
        self._look = Look()
        self.theme: Literal["light", "dark"] | None = None
        """The colours where they are not those of the window: paper is light."""
        self._revision: int | None = None
        self._job: Job | None = None
        self._maps = BaseMaps.of(context)
        self._layers = BaseLayers(context, self, self._base_maps)
        self._layers.changed.connect(self._base_map_news)
        self._maps.state_changed.connect(self._tell_trouble)
        self._said = ""
        self._is_painting = self._has_news = False
        self.pictures = Pictures(self)
        self.pictures.made.connect(self._made)
        self.pictures.ready.connect(self.ready)
        self.pictures.failed.connect(_raise)
        self._bridge.opened.connect(self._begin)
        self._bridge.changed.connect(self._follow)
        panel.pictures.ready.connect(self._share)
        states.changed.connect(self._states_changed)
        self._begin()

    @property
    def look(self) -> Look:
        """What is painted."""
        return self._look

    @property
    def snapshot(self) -> Snapshot | None:
        """The state that is painted, None while it isn't known."""
        scene = self.pictures.scene
        return None if scene is None else scene.snapshot

    @property
    def attribution(self) -> str:
        """Whose base map it is; empty without one."""
        return self._layers.credits

    def show(self, look: Look) -> None:
        """Paint another look from now on."""
        before, self._look = self._look, look
        if look.base_map != before.base_map:
            self._said = ""
            self._layers.renew()
            self._tell_trouble(look.base_map)
        if self._states.state(look.state).revision != self._revision:
            self._prepare()
        elif look != before:
            self.ready.emit()

    def style(self) -> MapStyle:
        """Return how it is painted: as the map of the window, but for the colouring."""
        style = replace(self._panel.style_now(), fills=self._look.fills)
        return style if self.theme is None else replace(style, theme=self.theme)

    def ask(self, viewport: Viewport) -> bool:
        """Ask for a picture; False while there is nothing to paint."""
        self._is_painting = self.pictures.ask(viewport, self.style(), self._layers.stack())
        return self._is_painting

    def close(self) -> None:
        """Stop painting for good and let go of the base map."""
        self._stop_job()
        self.pictures.close()
        self._layers.stop()

    # The state

    def _begin(self) -> None:
        self._stop_job()
        self._revision = None
        self.pictures.show_project(None)
        self._layers.place()
        if self._bridge.is_open:
            self._prepare()

    def _states_changed(self) -> None:
        if self._bridge.is_open and self._states.state(self._look.state).revision != self._revision:
            self._prepare()

    def _prepare(self) -> None:
        self._stop_job()
        self._revision = revision = self._states.state(self._look.state).revision
        if revision is None:
            self._share()
            return
        snapshot, store = self._bridge.snapshot, self._bridge.session.store

        def work(progress: JobProgress) -> Snapshot:
            return past_state(snapshot, revision, store.change_at, progress).snapshot

        self._job = job = self._context.jobs.start(
            tr("读取以前的状态"), work, on_failed=self._failed, is_quiet=True
        )
        job.finished.connect(partial(self._take, job))

    def _take(self, job: Job, snapshot: Snapshot) -> None:
        if job is self._job:
            self._job = None
            self.pictures.show_project(snapshot, like=self._panel.pictures.scene)

    def _failed(self, error: BaseException) -> None:
        self._job = None
        if not isinstance(error, GridAdminError):
            raise error
        self._context.messages.refused(error)

    def _stop_job(self) -> None:
        if self._job is not None:
            self._job.cancel()
            self._job = None

    def _share(self) -> None:
        """Paint what the map of the window has prepared, where the present is wanted."""
        scene = self._panel.pictures.scene
        if self._revision is None and scene is not None:
            self.pictures.share(scene)
            self.ready.emit()

    def _follow(self, done: Done) -> None:
        if self._revision is None:
            self._share()

    # The base map

    def _base_map_news(self) -> None:
        """Have it painted anew, after the picture that is being painted: that may take long."""
        if self._is_painting:
            self._has_news = True
        else:
            self.ready.emit()

    def _made(self, picture: Picture) -> None:
        self._is_painting = False
        self.made.emit(picture)
        if self._has_news:
            self._has_news = False
            self.ready.emit()

    def _tell_trouble(self, id_: str) -> None:
        """Say once why a base map that is chosen here alone can't be had."""
        source = self._maps.source(id_) if id_ == self._look.base_map else None
        words = "" if source is None else self._maps.trouble(source)
        if words and words != self._said:
            self._said = words
            self._context.messages.note(words)

    def _base_maps(self) -> Sequence[Source]:
        named = self._look.base_map
        if named == SAME:
            return self._maps.chosen()
        source = None if named == NONE else self._maps.source(named)
        return [] if source is None else self._maps.with_pair(source)


def _raise(fault: Exception) -> None:
    raise fault
