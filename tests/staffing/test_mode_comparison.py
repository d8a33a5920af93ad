from __future__ import annotations

from gridadmin.domain.people import ModeSwitch, Organization, Pairing, Team
from gridadmin.staffing.changes import What, changes_between
from gridadmin.staffing.mode_comparison import compare_modes, other_mode, switches_of
from tests.staffing.conftest import StaffedTown, Town


def emergency(town: StaffedTown, mode: str, since: str, uid: str) -> None:
    town.put("mode_switch", ModeSwitch(uid, mode, since, "虚构用户", "演练"))


def test_the_emergency_has_posts_and_bodies_of_its_own(town: Town) -> None:
    xindu = town("xindu")
    responder = xindu.assign("A", "emergency_responder")
    member = xindu.assign("A1", "grid_member", mode="normal")
    xindu.assign("A2", "grid_member")
    party = Organization(
        "o", "临时党组织", "temporary_party_organization", area=xindu.area("A"), mode="emergency"
    )
    xindu.put("organization", party)
    xindu.put("team", Team("t", "突击队", "shock_team", "area", xindu.area("A"), mode="emergency"))

    compared = compare_modes(xindu.book().snapshot, "2026-01-05", "emergency")

    posts = {(one.what, one.person.uid) for one in compared.changes.posts}
    assert posts == {(What.BEGUN, responder.person), (What.ENDED, member.person)}
    assert {one.body.uid for one in compared.changes.bodies} == {"o", "t"}
    assert compared.since is None
    assert compared.meanwhile is None


def test_pairings_of_the_other_mode_come_and_those_of_this_one_rest(town: Town) -> None:
    xindu = town("xindu")
    xindu.put("organization", Organization("unit", "虚构局"))
    for kind, mode in (("normal_pairing", "normal"), ("emergency_report_in", "emergency")):
        xindu.put("pairing", Pairing(kind, "unit", "area", xindu.area("A"), kind, mode=mode))

    changes = compare_modes(xindu.book().snapshot, "2026-01-05", "emergency").changes

    assert [(one.what, one.pairing.uid) for one in changes.pairings] == [
        (What.ENDED, "normal_pairing"),
        (What.BEGUN, "emergency_report_in"),
    ]


def test_after_the_emergency_the_posts_from_before_come_back(town: Town) -> None:
    xindu = town("xindu")
    member = xindu.assign("A1", "grid_member", mode="normal", valid_from="2025-01-01")
    before = xindu.book("2026-01-04")
    emergency(xindu, "emergency", "2026-01-05", "s1")
    during = xindu.book("2026-01-06")
    emergency(xindu, "normal", "2026-02-01", "s2")
    after = xindu.book("2026-02-01")

    assert [during.of(member.person), after.of(member.person)] == [(), before.of(member.person)]
    assert changes_between(before, after).posts == ()


def test_what_changed_in_the_normal_set_meanwhile_is_told(town: Town) -> None:
    xindu = town("xindu")
    gone = xindu.assign("A1", "grid_member", valid_from="2025-01-01", valid_to="2026-01-20")
    emergency(xindu, "emergency", "2026-01-05", "s1")

    compared = compare_modes(xindu.book().snapshot, "2026-01-25", "normal")

    assert compared.meanwhile is not None
    assert [(one.what, one.person.uid) for one in compared.meanwhile.posts] == [
        (What.ENDED, gone.person)
    ]
    assert compared.since is not None
    assert compared.since.note == "演练"
    assert "A1" in {need.area.name.removeprefix("虚构") for need in compared.short}


def test_switches_are_listed_from_the_newest(town: Town) -> None:
    xindu = town("xindu")
    emergency(xindu, "emergency", "2026-01-05", "s1")
    emergency(xindu, "normal", "2026-02-01", "s2")
    snapshot = xindu.book().snapshot

    assert [one.uid for one in switches_of(snapshot)] == ["s2", "s1"]
    assert [other_mode(snapshot, day) for day in ("2026-01-04", "2026-01-05")] == [
        "emergency",
        "normal",
    ]


def test_a_person_who_takes_the_same_post_elsewhere_has_moved(town: Town) -> None:
    default = town("default")
    person = default.person()
    default.assign("A1", "grid_member", person, valid_to="2026-01-05")
    default.assign("A2", "grid_member", person, valid_from="2026-01-05")

    (change,) = changes_between(default.book("2026-01-04"), default.book("2026-01-05")).posts

    assert change.what is What.MOVED
    assert change.before is not None
    assert change.after is not None
    assert (change.before.anchor, change.after.anchor) == (
        default.area("A1"),
        default.area("A2"),
    )


def test_who_joined_and_left_is_told_apart_from_posts(town: Town) -> None:
    default = town("default")
    gone = default.person(valid_to="2026-01-05")
    come = default.person(valid_from="2026-01-05")

    changes = changes_between(default.book("2026-01-04"), default.book("2026-01-05"))

    assert [one.uid for one in changes.left] == [gone.uid]
    assert [one.uid for one in changes.joined] == [come.uid]
    assert changes.posts == ()
