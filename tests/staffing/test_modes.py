"""What a switch of the mode changes."""

from __future__ import annotations

from gridadmin.domain.people import ModeSwitch, Organization, Pairing
from gridadmin.staffing.modes import difference_of, last_switch, usual_mode
from tests.helpers.projects import TODAY
from tests.staffing.conftest import Town


def test_posts_people_units_and_pairings_of_the_emergency_begin(town: Town) -> None:
    made = town("xindu")
    person = made.person()
    made.assign("A1", "grid_member", person)
    responder = made.assign("A", "emergency_responder", person)
    unit = made.put("organization", Organization(made.uid(), "虚构临时党组织", mode="emergency"))
    always = made.put("organization", Organization(made.uid(), "虚构局"))
    pairing = made.put(
        "pairing",
        Pairing(made.uid(), always.uid, "area", made.area("A"), "report_in", mode="emergency"),
    )
    snapshot = made.book().snapshot

    found = difference_of(snapshot, TODAY, "normal", "emergency")

    assert [post.key for post in found.begins.posts] == ["emergency_responder"]
    assert [one.uid for one in found.begins.assignments] == [responder.uid]
    assert [one.uid for one in found.begins.organizations] == [unit.uid]
    assert [one.uid for one in found.begins.pairings] == [pairing.uid]
    assert found.second_roles == {person.uid}
    assert (found.ends.posts, found.ends.assignments) == ((), ())


def test_the_way_back_is_the_same_the_other_way_round(town: Town) -> None:
    made = town("xindu")
    responder = made.assign("A", "emergency_responder")
    snapshot = made.book().snapshot

    found = difference_of(snapshot, TODAY, "emergency", "normal")

    assert [one.uid for one in found.ends.assignments] == [responder.uid]
    assert found.begins.assignments == ()


def test_the_last_switch_up_to_the_day_holds(town: Town) -> None:
    made = town("xindu")
    made.put("mode_switch", ModeSwitch(made.uid(), "emergency", "2026-01-01", "虚构", "演练"))
    made.put("mode_switch", ModeSwitch(made.uid(), "normal", "2026-02-01", "虚构"))
    snapshot = made.book().snapshot

    assert last_switch(snapshot, "2025-12-31") is None
    january = last_switch(snapshot, "2026-01-31")
    assert january is not None
    assert (january.mode, january.note) == ("emergency", "演练")
    usual = usual_mode(snapshot)
    assert usual is not None
    assert usual.key == "normal"
