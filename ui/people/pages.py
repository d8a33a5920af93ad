"""The pages of the drawer of people, in their order; each is imported when it is first shown."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from ui.people.desk import PageSpec, PeopleDesk
from ui.texts import mark


def _seats(desk: PeopleDesk) -> QWidget:
    from ui.people.seat_page import SeatPage

    return SeatPage(desk)


def _matrix(desk: PeopleDesk) -> QWidget:
    from ui.people.matrix_page import MatrixPage

    return MatrixPage(desk)


def _dashboard(desk: PeopleDesk) -> QWidget:
    from ui.people.dashboard_page import DashboardPage

    return DashboardPage(desk)


def _found(desk: PeopleDesk) -> QWidget:
    from ui.people.found_page import FoundPage

    return FoundPage(desk)


def _calls(desk: PeopleDesk) -> QWidget:
    from ui.people.call_page import CallPage

    return CallPage(desk)


def _party(desk: PeopleDesk) -> QWidget:
    from ui.people.party_page import PartyPage

    return PartyPage(desk)


def _bodies(desk: PeopleDesk) -> QWidget:
    from ui.people.bodies_page import BodiesPage

    return BodiesPage(desk)


def _counts(desk: PeopleDesk) -> QWidget:
    from ui.people.counts_page import CountsPage

    return CountsPage(desk)


PAGES: tuple[PageSpec, ...] = (
    PageSpec("seats", mark("岗位和人员"), _seats),
    PageSpec("matrix", mark("覆盖矩阵"), _matrix),
    PageSpec("dashboard", mark("看板"), _dashboard),
    PageSpec("findings", mark("人员问题"), _found),
    PageSpec("calls", mark("应急名单"), _calls),
    PageSpec("party", mark("党组织"), _party),
    PageSpec("bodies", mark("组织和设施"), _bodies),
    PageSpec("counts", mark("人数登记"), _counts),
)
