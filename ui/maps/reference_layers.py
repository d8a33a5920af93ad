"""Files of points, lines and areas that lie over the map and are only looked at.

Which there are and how they look is kept for each project in the user's settings.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from gridadmin.app.import_questions import Answer, Question, question_of
from gridadmin.base.errors import GridAdminError, InputError
from gridadmin.base.progress import Progress
from gridadmin.exchange.shown_file import ShownFile, declared_crs, read_shown_file
from gridadmin.partition.snapshot import Snapshot
from gridadmin.tiles.image_formats import SUFFIXES
from ui.canvas.looked_at import DASHES, INKS, WIDTHS, FileLook, LookedAt
from ui.context import Context
from ui.texts import explain, tr
from ui.tiles.basemaps import BaseMaps

SETTING = "reference_layers"
_MOST_PROJECTS = 60
_BASE_MAPS = (*SUFFIXES, ".mbtiles", ".kmz")


@dataclass(frozen=True)
class Reference:
    """A file, how its coordinates are read, and how it looks; switched off it isn't read."""

    path: str
    crs: str | None = None
    swap_xy: bool = False
    is_on: bool = True
    look: FileLook = field(default_factory=FileLook)

    @property
    def name(self) -> str:
        """What the file is called."""
        return Path(self.path).name


@dataclass(frozen=True)
class Reading:
    """What came of reading a file: the file, or why not, and what is asked; nothing yet."""

    file: ShownFile | None = None
    error: GridAdminError | None = None
    question: Question | None = None

    @property
    def is_under_way(self) -> bool:
        """Whether the file is being read."""
        return self.file is None and self.error is None


class ReferenceLayers(QObject):
    """The files of the open project; the lowest first."""

    changed = Signal()
    """There are others, they look otherwise, or one has been read."""
    refused = Signal(str)
    """A file can't be shown, and why."""

    def __init__(self, context: Context, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._maps = BaseMaps.of(context)
        self._all: tuple[Reference, ...] = ()
        self._read: dict[tuple[str, str | None, bool], Reading] = {}
        context.bridge.opened.connect(self._begin)
        self._begin()

    def _begin(self) -> None:
        """Show the files of the project that is open now."""
        bridge = self._context.bridge
        self._read.clear()
        kept = self._context.settings.value(SETTING).get(str(bridge.path)) if bridge.is_open else []
        self._all = tuple(_from_kept(kept))
        self._renew()

    # Which there are

    def all(self) -> tuple[Reference, ...]:
        """Return all files, the lowest first."""
        return self._all

    def reading(self, reference: Reference) -> Reading:
        """Return what came of reading a file; one that is off is not read."""
        return self._read.get(_key(reference), Reading())

    def looked_at(self) -> tuple[LookedAt, ...]:
        """Return what the map shows, the lowest first."""
        shown = ((one, self.reading(one).file) for one in self._all if one.is_on)
        return tuple(LookedAt(file, one.look) for one, file in shown if file is not None)

    def add(self, path: Path) -> Reference:
        """Lay a file over the others; one that is there already is switched on."""
        known = next((one for one in self._all if one.path == str(path)), None)
        if known is not None:
            if self.reading(known).error is not None:
                # Perhaps it has been mended on the disk.
                self._read.pop(_key(known), None)
                self._renew()
            self.change(known, replace(known, is_on=True))
            return replace(known, is_on=True)
        inks = [*INKS]
        used = [one.look.ink for one in self._all]
        ink = min(inks, key=lambda one: (used.count(one), inks.index(one)))
        made = Reference(str(path), look=FileLook(ink))
        self._keep((*self._all, made))
        return made

    def change(self, before: Reference, after: Reference) -> None:
        """Show a file otherwise, or read it in another way."""
        self._keep(tuple(after if one == before else one for one in self._all))

    def answer(self, reference: Reference, answer: Answer) -> None:
        """Read a file as the user says."""
        self.change(reference, replace(reference, crs=answer.crs, swap_xy=answer.swap_xy))

    def remove(self, reference: Reference) -> None:
        """Take a file away; it stays on the disk."""
        self._keep(tuple(one for one in self._all if one != reference))

    def _keep(self, references: tuple[Reference, ...]) -> None:
        if references == self._all:
            return
        self._all = references
        settings, project = self._context.settings, str(self._context.bridge.path)
        kept = {key: value for key, value in settings.value(SETTING).items() if key != project}
        if references:
            kept[project] = [asdict(one) for one in references]
        for oldest in list(kept)[: max(len(kept) - _MOST_PROJECTS, 0)]:
            del kept[oldest]
        settings.set_value(SETTING, kept)
        self._renew()

    # Reading them

    def _renew(self) -> None:
        """Read what is shown and not read yet; let go of what is shown no more."""
        wanted = {_key(one): one for one in self._all if one.is_on}
        for key in self._read.keys() - wanted.keys():
            del self._read[key]
        for key in wanted.keys() - self._read.keys():
            self._begin_reading(wanted[key])
        self.changed.emit()

    def _begin_reading(self, reference: Reference) -> None:
        key = _key(reference)
        if reference.path.lower().endswith(_BASE_MAPS):
            refusal = InputError("shown.is_basemap", file=reference.name)
            self._read[key] = Reading(error=refusal)
            self.refused.emit(explain(refusal))
            return
        self._read[key] = started = Reading()
        snapshot = self._context.bridge.snapshot
        self._maps.open_beside(
            tr("读取参考图层"),
            lambda progress: _reading(snapshot, reference, progress),
            partial(self._take, key, started),
            _unexpected,
            partial(
                self._take,
                key,
                started,
                Reading(error=InputError("shown.stopped", file=reference.name)),
            ),
        )

    def _take(self, key: tuple[str, str | None, bool], started: Reading, reading: Reading) -> None:
        if self._read.get(key) is not started:
            return
        self._read[key] = reading
        if reading.error is not None and reading.question is None:
            self.refused.emit(explain(reading.error))
        self.changed.emit()


def _key(reference: Reference) -> tuple[str, str | None, bool]:
    return reference.path, reference.crs, reference.swap_xy


def _reading(snapshot: Snapshot, reference: Reference, progress: Progress) -> Reading:
    """Read a file, in a worker. Raises: Cancelled."""
    path = Path(reference.path)
    try:
        file = read_shown_file(
            snapshot, path, crs=reference.crs, swap_xy=reference.swap_xy, progress=progress
        )
        # Made here: it takes a moment for many shapes.
        _ = file.tree
    except InputError as error:
        given = Answer("other", reference.crs, reference.swap_xy)
        try:
            declared = declared_crs(path)
        except InputError:
            declared = None
        return Reading(error=error, question=question_of(error, declared, given))
    return Reading(file)


def _unexpected(fault: BaseException) -> None:
    raise fault


def _from_kept(kept: object) -> list[Reference]:
    """Return the files of a project; what makes no sense in the user's settings is left out."""
    found = []
    for row in kept if isinstance(kept, list) else ():
        if not isinstance(row, dict) or not isinstance(row.get("path"), str):
            continue
        crs = row.get("crs")
        found.append(
            Reference(
                row["path"],
                crs if isinstance(crs, str) else None,
                row.get("swap_xy") is True,
                row.get("is_on") is not False,
                _look_of(row.get("look")),
            )
        )
    return found


def _look_of(kept: object) -> FileLook:
    row: Mapping[str, Any] = kept if isinstance(kept, dict) else {}
    ink, dash, width = row.get("ink"), row.get("dash"), row.get("width_px")
    usual = FileLook()
    low, high = WIDTHS
    return FileLook(
        ink if isinstance(ink, str) and ink in INKS else usual.ink,
        dash if isinstance(dash, str) and dash in DASHES else usual.dash,
        min(max(float(width), low), high) if isinstance(width, int | float) else usual.width_px,
        row.get("is_filled") is True,
        row.get("has_names") is not False,
    )
