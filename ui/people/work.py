"""What is done with people in the window: binds the actions of one window to the drawer."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QBoxLayout, QWidget

from gridadmin.staffing.seats import SeatState
from ui.actions import Actions
from ui.context import Context
from ui.people.assign_work import AssignWork
from ui.people.body_work import BodyWork
from ui.people.desk import PeopleDesk
from ui.people.finding import PeopleFinder
from ui.people.inspecting import PeopleInspecting
from ui.people.map_drop import MapDrop
from ui.people.map_pick import MapPick
from ui.people.mode_work import ModeWork
from ui.people.pairing_map import PairingMap
from ui.people.panel import PeoplePanel
from ui.people.proposal_work import ProposalWork
from ui.people.reach_map import ReachMap
from ui.people.record_work import RecordWork
from ui.people.roster_work import RosterWork
from ui.people.staff import Staff
from ui.people.works import Works
from ui.texts import tr

if TYPE_CHECKING:
    from ui.main_window import MainWindow
    from ui.people.bodies_page import BodiesPage
    from ui.people.counts_page import CountsPage
    from ui.people.dashboard_page import DashboardPage
    from ui.people.found_page import FoundPage
    from ui.people.matrix_page import MatrixPage
    from ui.people.party_page import PartyPage
    from ui.people.seat_page import SeatPage


class PeopleWork(QObject):
    """The drawer of people and what its actions do."""

    def __init__(self, context: Context, actions: Actions, window: MainWindow) -> None:
        super().__init__(window)
        self._context = context
        self._actions = actions
        self._window = window
        self.staff = Staff.of(context)
        self.desk = PeopleDesk(context, actions, self.staff)
        self.panel = PeoplePanel(self.desk)
        self.assigning = AssignWork(self.desk, window)
        self.records = RecordWork(self.desk, window)
        self.bodies = BodyWork(self.desk, MapPick(context, window.map_panel, self), window)
        self.bodies.shown = self._show_made
        works = Works(self.assigning, self.records, self.bodies)
        self.inspecting = PeopleInspecting(window.inspector, self.desk, works)
        self.rosters = RosterWork(context, actions, window)
        overlay = window.map_panel.view.overlay
        self.proposals = ProposalWork(context, actions, overlay, window)
        central = window.centralWidget()
        middle = None if central is None else central.layout()
        if isinstance(middle, QBoxLayout):
            self.modes = ModeWork(self.desk, middle)
        actions.bind("people.vacant", self.show_vacant, self._why_not_open)
        actions.bind("people.matrix", self.show_matrix, self._why_not_open)
        actions.bind("people.findings", self.show_findings, self._why_not_open)
        actions.bind("people.find", self.find, self._why_not_open)
        actions.bind("people.bodies", self.show_bodies, self._why_not_open)
        actions.bind("people.counts", self.show_counts, self._why_not_open)
        actions.bind("people.party", self.show_party, self._why_not_open)
        self.staff.chosen_changed.connect(actions.refresh)
        self.pairings = PairingMap(self.desk, window.map_panel.view, self)
        self.reach = ReachMap(self.desk, window.map_panel, self)
        self.finder = PeopleFinder(window, self.staff)
        drop = MapDrop(context, window.map_panel.view, self)
        drop.dropped.connect(self.assigning.put_on_area)
        self.panel.made.connect(self._connect_page)

    def _connect_page(self, key: str, page: QWidget) -> None:
        if key == "seats":
            seats = cast("SeatPage", page)
            seats.assign_wanted.connect(self._actions.action("people.assign").trigger)
            seats.dropped.connect(self.assigning.put_on_seat)
        elif key == "matrix":
            cast("MatrixPage", page).seats_wanted.connect(self.show_seats_of)
        elif key == "dashboard":
            board = cast("DashboardPage", page)
            board.place_wanted.connect(lambda uid: self.show_seats_of(uid, ""))
            board.post_wanted.connect(self.show_seats_of_post)
            board.unit_wanted.connect(self.show_unit)
        elif key == "bodies":
            bodies = cast("BodiesPage", page)
            bodies.new_wanted.connect(self.bodies.new)
            bodies.edit_wanted.connect(self._edit_body)
            bodies.end_wanted.connect(self._end_body)
        elif key == "party":
            party = cast("PartyPage", page)
            party.new_wanted.connect(self.bodies.new_party)
            party.edit_wanted.connect(self.bodies.edit_party)
            party.end_wanted.connect(self.bodies.end_party)
            party.move_wanted.connect(self.bodies.move_party)
        elif key == "findings":
            found = cast("FoundPage", page)
            found.seats_wanted.connect(self.show_seats_of)
            found.post_wanted.connect(self.show_seats_of_post)
            found.person_wanted.connect(self.show_person)
            found.unit_wanted.connect(self.show_unit)
            found.party_wanted.connect(self.show_party_of)

    def _edit_body(self, table: str, uid: str) -> None:
        self.bodies.edit(table, self._context.bridge.snapshot.rows(table)[uid])

    def _end_body(self, table: str, uid: str) -> None:
        self.bodies.end(table, self._context.bridge.snapshot.rows(table)[uid])

    def _show_made(self, table: str, uid: str) -> None:
        if self.panel.page == "bodies":
            cast("BodiesPage", self.panel.widget_of("bodies")).show_kind(table, uid)

    def _why_not_open(self) -> str:
        return "" if self._context.bridge.is_open else tr("没有打开的项目。")

    def enter(self, *, is_in_use: bool) -> None:
        """Take part in the window when the workspace of people is in use."""
        if is_in_use:
            self.staff.wake()
        self.inspecting.enter(is_in_use=is_in_use)
        self.pairings.enter(is_in_use=is_in_use)

    def seat_page(self) -> SeatPage:
        """Go to the workspace of people and show the table of seats."""
        self._window.choose_workspace("people")
        dock = self._window.docks["people"]
        dock.show()
        dock.raise_()
        return cast("SeatPage", self.panel.show_page("seats"))

    def show_matrix(self) -> None:
        """Show the coverage matrix."""
        self.seat_page()
        self.panel.show_page("matrix")

    def show_bodies(self) -> None:
        """Show the lists of clusters, teams, agreements, facilities, streets and compounds."""
        self.seat_page()
        self.panel.show_page("bodies")

    def show_counts(self) -> None:
        """Show the sheets of numbers to type in."""
        self.seat_page()
        cast("CountsPage", self.panel.show_page("counts")).focus_table()

    def show_party(self) -> None:
        """Show the party tree."""
        self.seat_page()
        self.panel.show_page("party")

    def show_findings(self) -> None:
        """Show all that the rules find on the people."""
        self.seat_page()
        cast("FoundPage", self.panel.show_page("findings")).show_all()

    def show_seats_of(self, unit: str, post: str) -> None:
        """Show the seats of a post in a community and below it; of cadres where it says so."""
        self._context.selection.select_areas([unit])
        posts = {one.key for one in self._context.bridge.snapshot.scheme.posts}
        self.seat_page().show_of(post if post in posts else "")

    def show_seats_of_post(self, post: str) -> None:
        """Show all seats of a post."""
        self.seat_page().show_all_of(post)

    def show_unit(self, uid: str) -> None:
        """Show the card of a unit, and on the map what it is paired with."""
        book = self.staff.book
        pairings = () if book is None else book.pairings()
        found = [one for one in pairings if one.organization == uid and one.anchor_kind == "area"]
        self._context.selection.select_organization(uid, [one.anchor for one in found])

    def show_person(self, uid: str) -> None:
        """Show the card of a person, and on the map where the person is at work."""
        book = self.staff.book
        held = () if book is None else book.of(uid)
        areas = [one.anchor for one in held if one.anchor_kind == "area"]
        self._context.selection.select_person(uid, areas)

    def show_party_of(self, area: str) -> None:
        """Show the party organization of an area in the party tree."""
        self._context.selection.select_areas([area])
        self.panel.show_page("party")

    def show_vacant(self) -> None:
        """Show the seats that are empty."""
        self.seat_page().show_state(SeatState.VACANT)

    def find(self) -> None:
        """Begin to type what the table is to show."""
        self.seat_page().focus_field()
