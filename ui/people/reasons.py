"""Why somebody is proposed for a seat, and what speaks against it, in the words of the window."""

from __future__ import annotations

from gridadmin.domain.scheme import PostTime
from gridadmin.staffing.book import StaffBook
from gridadmin.staffing.candidates import Candidate, Conflict, Reason
from gridadmin.staffing.seats import Seat
from ui.panels import words as panel_words
from ui.people import words
from ui.people.choice_list import Choice
from ui.texts import SOURCE, language, mark, tr

_REASONS = {
    Reason.FREE: mark("没有岗位"),
    Reason.PAIRED: mark("单位已结对"),
    Reason.HERE: mark("就在这个区域"),
    Reason.SAME_UNIT: mark("本单位已有人在此"),
    Reason.COMMUNITY: mark("同社区"),
    Reason.STREET: mark("同街道"),
    Reason.FITS: mark("适合这类岗位"),
    Reason.PART_TIME: mark("只有兼职岗位"),
    Reason.CERTIFIED: mark("持社工证"),
    Reason.PARTY: mark("中共党员"),
}
_CONFLICTS = {
    Conflict.FULL: mark("岗位已满"),
    Conflict.UNPAIRED: mark("单位没有与这里结对"),
    Conflict.LEAVES: mark("即将离开花名册"),
    Conflict.LOCKED: mark("现任岗位已锁定"),
}


def reason_words(reason: Reason) -> str:
    """Return what speaks for somebody."""
    return tr(_REASONS[reason])


def choice(book: StaffBook, one: Candidate) -> Choice:
    """Return the row of a candidate."""
    person = one.person
    unit = book.organizations.get(person.organization or "")
    member = ""
    if Reason.PARTY in one.reasons:
        # The roster may say more, as that somebody is on probation.
        said = person.political_status if language() == SOURCE else None
        member = said or reason_words(Reason.PARTY)
    aside = [unit.name if unit else "", person.job_title or "", member, *posts(book, one)]
    reasons = [reason_words(reason) for reason in one.reasons if reason is not Reason.PARTY]
    if one.distance_m:
        reasons.append(tr("相距 {far}", far=panel_words.length(one.distance_m)))
    return Choice(
        person.uid,
        person.name,
        panel_words.dotted([part for part in aside if part]),
        panel_words.dotted(reasons),
        panel_words.dotted([conflict(book, one, found) for found in one.conflicts]),
        " ".join(filter(None, (person.staff_number, person.duty_phone, person.own_phone))),
    )


def posts(book: StaffBook, one: Candidate) -> list[str]:
    """Return the places and posts that a candidate has, two at most."""
    told = [words.held(book, held) for held in one.held[:2]]
    return [*told, "…"] if len(one.held) > len(told) else told


def conflict(book: StaffBook, one: Candidate, found: Conflict) -> str:
    """Return what speaks against a candidate."""
    if found in _CONFLICTS:
        return tr(_CONFLICTS[found])
    held = next(held for held in one.held if book.posts[held.post].time is PostTime.FULL)
    place = words.place(book, (held.anchor_kind, held.anchor))
    post = words.term(book.posts[held.post])
    if found is Conflict.FULL_TIME:
        return tr("已是{place}的专职{post}", place=place, post=post)
    return tr("在{place}专职担任{post}", place=place, post=post)


def explained(book: StaffBook, one: Candidate, seat: Seat) -> str:
    """Return what putting somebody on a seat would break, in sentences; empty for nothing."""
    said = []
    if Conflict.FULL in one.conflicts and seat.post is not None:
        said.append(tr("“{post}”在这里已经满员。", post=words.term(seat.post)))
    if Conflict.FULL_TIME in one.conflicts:
        said.append(
            tr(
                "{name}{held}，再任一个专职岗位会同时占两个；可以勾选转岗。",
                name=one.person.name,
                held=conflict(book, one, Conflict.FULL_TIME),
            )
        )
    if Conflict.UNPAIRED in one.conflicts:
        said.append(tr("{name}的单位没有与这个社区（村）结对。", name=one.person.name))
    if Conflict.LEAVES in one.conflicts and one.person.valid_to:
        last = words.until(one.person.valid_to)
        said.append(tr("{name}在花名册上只到 {day}。", name=one.person.name, day=last))
    return " ".join(said)
