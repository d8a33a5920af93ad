"""The shipped schemes say what the places published, and a scheme answers questions."""

from __future__ import annotations

import pytest

from gridadmin.domain.check_kinds import Severity
from gridadmin.domain.scheme import Band, LandRule, PostTime, Presence, Scheme
from gridadmin.domain.scheme_loader import load_scheme

PLACES = ("default", "dalian", "longgang", "sanming", "shinan", "xindu")


@pytest.fixture(params=PLACES)
def scheme(request: pytest.FixtureRequest) -> Scheme:
    return load_scheme(str(request.param))


def keys(items: tuple[object, ...]) -> list[str]:
    return [getattr(item, "key", "") for item in items]


def test_every_shipped_scheme_names_its_source_and_kinds(scheme: Scheme) -> None:
    assert scheme.version == (3 if scheme.key == "default" else 2)
    assert scheme.source.title
    assert scheme.source.place
    assert keys(scheme.kinds) == ["general", "exclusive"]
    assert keys(scheme.classes) == ["urban", "suburban", "rural"]
    assert keys(scheme.exclusive_types)[:5] == [
        "school", "hospital", "market", "factory", "business_park",
    ]  # fmt: skip


def test_every_shipped_scheme_codes_grids_with_15_and_micro_grids_with_17_digits(
    scheme: Scheme,
) -> None:
    templates = {level.key: level.code for level in scheme.levels if level.code is not None}

    grid = templates["grid"].make("510114001004", 1)
    exclusive = templates["grid"].make("510114001004", 901, "exclusive")

    assert (grid, exclusive) == ("510114001004001", "510114001004901")
    assert templates["micro_grid"].make(grid, 1) == "51011400100400101"


def test_default_has_a_band_of_300_to_500_and_about_50_households() -> None:
    scheme = load_scheme("default")

    assert scheme.band_of("grid", "general") == Band(300, 500)
    assert scheme.band_of("micro_grid", "general") == Band(30, 70, 50)
    assert keys(scheme.present_levels) == [
        "city", "district", "street", "community", "grid", "micro_grid",
    ]  # fmt: skip
    assert scheme.check("post_vacant").on


def test_exclusive_areas_and_unknown_levels_have_no_band() -> None:
    scheme = load_scheme("default")

    assert scheme.band_of("grid", "exclusive") is None
    assert scheme.band_of("building", "general") is None
    assert scheme.band_of("community", "general") is None


def test_a_band_includes_both_ends() -> None:
    band = Band(300, 500)

    assert [band.holds(n) for n in (299, 300, 500, 501)] == [False, True, True, False]


def test_default_posts_are_full_time_on_grids_and_part_time_on_micro_grids() -> None:
    scheme = load_scheme("default")
    member, micro = (
        next(post for post in scheme.posts if post.key == key)
        for key in ("grid_member", "micro_grid_member")
    )

    assert (member.time, micro.time) == (PostTime.FULL, PostTime.PART)
    assert keys(scheme.posts_on("grid")) == ["grid_chief", "grid_member", "cadre"]
    assert keys(scheme.posts_on("grid", "exclusive")) == [
        "exclusive_grid_chief", "exclusive_grid_member", "cadre",
    ]  # fmt: skip


def test_xindu_has_seven_compound_types_and_the_secretary_as_chief() -> None:
    scheme = load_scheme("xindu")

    assert [term.zh for term in scheme.compound_types] == [
        "商品房小区",
        "单位家属小区",
        "老旧小区",
        "保障性住房小区",
        "统规自建安置小区",
        "拆迁统建安置小区",
        "乡村集中居住区",
    ]
    assert keys(scheme.posts_on("community")) == [
        "cadre", "total_grid_chief", "emergency_responder",
    ]  # fmt: skip
    assert scheme.check("ex_officio").severity is Severity.ERROR
    micro_member = next(post for post in scheme.posts if post.key == "micro_grid_member")
    assert len(micro_member.filled_from) == 7
    assert micro_member.time is PostTime.PART


def test_xindu_has_two_modes_with_their_own_posts_and_pairings() -> None:
    scheme = load_scheme("xindu")

    assert keys(scheme.modes) == ["normal", "emergency"]
    assert keys(scheme.posts_on("grid", mode="normal")) == ["grid_chief", "grid_member", "cadre"]
    assert "emergency_responder" in keys(scheme.posts_on("grid", mode="emergency"))
    assert [(pairing.key, pairing.modes) for pairing in scheme.pairings] == [
        ("normal_pairing", ("normal",)),
        ("emergency_report_in", ("emergency",)),
    ]


def test_xindu_reports_missing_emergency_organizations_without_blocking() -> None:
    check = load_scheme("xindu").check("emergency_organizations")

    assert check.on
    assert check.severity is Severity.INFO
    assert check.param("temporary_party_organizations") == 180
    assert check.param("shock_teams") == 92
    assert check.param("service_teams") == 256


def test_dalian_asks_for_one_member_per_200_households() -> None:
    scheme = load_scheme("dalian")

    assert scheme.check("member_ratio").on
    assert scheme.check("member_ratio").param("households_per_member") == 200
    assert {"grid_informant", "first_secretary", "branch_secretary"} <= set(keys(scheme.posts))
    assert len(scheme.organizations) == 3


def test_longgang_has_no_street_level() -> None:
    scheme = load_scheme("longgang")

    assert scheme.level("street") is None
    community = scheme.level("community")
    assert community is not None
    assert community.parents == ("district",)
    assert keys(scheme.levels_above("community")) == ["district", "city"]
    assert keys(scheme.nets) == ["red", "governance", "enforcement", "police"]
    assert len(scheme.roster_kinds) == 5
    assert scheme.counts[0].levels == ("micro_grid",)


def test_longgang_bands_differ_by_class() -> None:
    scheme = load_scheme("longgang")

    assert scheme.band_of("grid", "general") == Band(300, 500)
    assert scheme.band_of("grid", "general", "rural") == Band(200, 500)
    assert scheme.band_of("micro_grid", "general", "rural") == Band(30, 70, 50)


def test_sanming_has_listed_buildings_and_floors_and_no_grids_at_first() -> None:
    scheme = load_scheme("sanming")

    assert keys(scheme.present_levels) == [
        "city", "district", "street", "community", "building", "floor",
    ]  # fmt: skip
    assert [level.land for level in scheme.present_levels[-2:]] == [LandRule.LISTED] * 2
    assert [level.parents for level in scheme.present_levels[-2:]] == [
        ("community",), ("building",),
    ]  # fmt: skip
    assert scheme.level("grid") is None
    assert len(scheme.posts_on("shop")) == 1
    officers = {"judge", "prosecutor", "police_officer", "justice_officer"}
    assert officers < set(keys(scheme.posts_on("community")))


def test_shinan_leaves_the_band_open_and_counts_four_channels() -> None:
    scheme = load_scheme("shinan")

    assert scheme.band_of("grid", "general") is None
    assert [channel.zh for channel in scheme.channels] == [
        "机关下网格", "楼院浮出", "辖区融入", "在职回归",
    ]  # fmt: skip
    assert scheme.check("certificate_share").param("min_share") == 0.5


def test_templates_are_those_of_present_levels() -> None:
    assert list(load_scheme("default").templates) == ["grid", "micro_grid"]
    assert list(load_scheme("sanming").templates) == ["building", "floor"]


def test_optional_levels_may_be_skipped_up_to_the_first_required_one() -> None:
    scheme = load_scheme("default")
    community = scheme.level("community")

    assert community is not None
    assert community.presence is Presence.REQUIRED
    assert community.parents == ("street", "district", "city")


def test_a_check_that_the_scheme_does_not_mention_is_as_the_program_says() -> None:
    sliver = load_scheme("default").check("sliver")

    assert (sliver.on, sliver.severity, sliver.params) == (
        True, Severity.WARNING, (("width_m", 1.0),),
    )  # fmt: skip
    assert not load_scheme("default").check("member_ratio").on
    with pytest.raises(KeyError):
        load_scheme("default").check("no_such_check")
