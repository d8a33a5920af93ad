"""What is selected, and where the map is asked to look."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from ui.turns import take_turn

Place = tuple[float, float]
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Selected:
    """At most one of these is set; ``face`` is a place (local metres) in land of no plain area.

    ``piece`` is a place (metres of the plane) in one of the pieces of an issue that has several.
    With a ``person`` or an ``organization`` (uids) go the areas where it is at work, with a body of
    people those that it is for.
    """

    areas: tuple[str, ...] = ()
    border: int | None = None
    face: Place | None = None
    issue: str | None = None
    thing: tuple[str, str] | None = None
    """An object of a reference layer, or a body of people (a team, a cluster): table and uid."""
    piece: Place | None = None
    person: str | None = None
    organization: str | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing is selected."""
        return self == Selected()


class Selection(QObject):
    """The selection that tree, map, inspector and issues share; areas are uids, in order."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._now = Selected()

    @property
    def now(self) -> Selected:
        """What is selected."""
        return self._now

    @property
    def areas(self) -> tuple[str, ...]:
        """The uids of the selected areas."""
        return self._now.areas

    @property
    def area(self) -> str | None:
        """The uid of the one selected area, None when there is none or more than one."""
        return self._now.areas[0] if len(self._now.areas) == 1 else None

    def select_areas(self, uids: Iterable[str]) -> None:
        """Select areas instead of whatever was selected."""
        self._set(Selected(areas=tuple(dict.fromkeys(uids))))

    def keep_areas(self, uids: Iterable[str]) -> None:
        """Select no areas but these of the selected ones; what else is selected stays."""
        if self._now.areas:
            kept = set(uids)
            self._set(Selected(areas=tuple(uid for uid in self._now.areas if uid in kept)))

    def toggle_area(self, uid: str) -> None:
        """Add an area to the selected ones, or take it out."""
        kept = tuple(other for other in self._now.areas if other != uid)
        is_new = len(kept) == len(self._now.areas)
        self._set(Selected(areas=(*kept, uid) if is_new else kept))

    def select_border(self, border: int) -> None:
        """Select a border by its number."""
        self._set(Selected(border=border))

    def select_face(self, place: Place) -> None:
        """Select the face at a place in local metres."""
        self._set(Selected(face=place))

    def select_thing(self, table: str, uid: str, areas: Iterable[str] = ()) -> None:
        """Select an object of a reference layer, or a body of people with its areas."""
        self._set(Selected(areas=tuple(dict.fromkeys(areas)), thing=(table, uid)))

    def select_issue(self, number: str, piece: Place | None = None) -> None:
        """Select an issue by its number; *piece* is a place (plane metres) in one of its pieces."""
        self._set(Selected(issue=number, piece=piece))

    def select_person(self, uid: str, areas: Iterable[str] = ()) -> None:
        """Select a person, with areas of the person's posts."""
        self._set(Selected(areas=tuple(dict.fromkeys(areas)), person=uid))

    def select_organization(self, uid: str, areas: Iterable[str] = ()) -> None:
        """Select a unit, with the areas that it is paired with."""
        self._set(Selected(areas=tuple(dict.fromkeys(areas)), organization=uid))

    def clear(self) -> None:
        """Select nothing."""
        self._set(Selected())

    def _set(self, now: Selected) -> None:
        if now != self._now:
            take_turn()
            self._now = now
            self.changed.emit()


class Navigator(QObject):
    """Where the map is asked to look; the map listens."""

    box_wanted = Signal(object)
    """A box ``(x0, y0, x1, y1)`` in local metres to be shown whole."""
    history_wanted = Signal(str)
    """The history of the area of that uid is wanted."""
    place_wanted = Signal(object)
    """A place in local metres to come into view, at the present scale if possible."""

    proposal_wanted = Signal(object)
    """Things of the overlay that show what would be done; none to take them off the map."""

    def show_proposal(self, things: Sequence[object]) -> None:
        """Ask the map to show what would be done, or nothing any more."""
        self.proposal_wanted.emit(things)

    def show_box(self, box: Box) -> None:
        """Ask the map to show a box whole."""
        self.box_wanted.emit(box)

    def show_place(self, place: Place) -> None:
        """Ask the map to bring a place into view."""
        self.place_wanted.emit(place)
