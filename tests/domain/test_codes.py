"""Codes: statistical ones by their digits, those below a community by template."""

from __future__ import annotations

import pytest

from gridadmin.base.errors import EditError, InputError, SchemeError
from gridadmin.domain.codes import (
    CodeParts,
    CodeTemplate,
    ancestor_codes,
    level_of_code,
    next_free,
    parent_code,
    read_code,
    short_code,
    street_class,
)
from gridadmin.domain.model import AreaKind

COMMUNITY = "510114001004"
GRID = CodeTemplate("{community}{seq:03}", exclusive_from=901)
MICRO_GRID = CodeTemplate("{grid}{seq:02}")
LETTERED = CodeTemplate("{community}{letter}{seq:03}", exclusive_letter="Z")
TEMPLATES = {"grid": GRID, "micro_grid": MICRO_GRID}


@pytest.mark.parametrize(
    ("code", "level", "parent"),
    [
        ("5101", "city", None),
        ("510114", "district", "5101"),
        ("510114001", "street", "510114"),
        ("510114001004", "community", "510114001"),
        ("510114001004001", "grid", "510114001004"),
        ("51011400100490112", "micro_grid", "510114001004901"),
        ("510114000000", "district", "5101"),
        ("510114001000", "street", "510114"),
    ],
)
def test_level_and_parent_follow_from_the_form_of_a_code(
    code: str, level: str, parent: str | None
) -> None:
    assert level_of_code(code, TEMPLATES) == level
    assert parent_code(code, TEMPLATES) == parent


@pytest.mark.parametrize(
    "code",
    ["", "51", "51011", "51011400100", "510000000000", "A10114", "510114001004000", "５１０１"],
)
def test_codes_of_unknown_form_have_no_level_and_no_parent(code: str) -> None:
    assert level_of_code(code, TEMPLATES) is None
    assert parent_code(code, TEMPLATES) is None


def test_without_templates_only_statistical_codes_have_a_level() -> None:
    assert level_of_code("510114001004001") is None
    assert level_of_code(COMMUNITY) == "community"


def test_ancestors_come_nearest_first() -> None:
    ancestors = ancestor_codes("51011400100400102", TEMPLATES)

    assert ancestors == ("510114001004001", "510114001004", "510114001", "510114", "5101")


@pytest.mark.parametrize(
    ("code", "short"),
    [
        ("510114001004", "510114001004"),
        ("510114001000", "510114001"),
        ("510114000000", "510114"),
        ("510100000000", "5101"),
        ("510000000000", "51"),
        ("5101140000", "5101140000"),
        ("51011400000A", "51011400000A"),
    ],
)
def test_only_the_zeros_that_fill_a_code_up_are_cut(code: str, short: str) -> None:
    assert short_code(code) == short


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("510114001", "street"),
        ("510114099", "street"),
        ("510114100004", "town"),
        ("510114199", "town"),
        ("510114200", "township"),
        ("510114399", "township"),
        ("510114400", "similar"),
        ("510114599", "similar"),
        ("510114000", None),
        ("510114600", None),
        ("510114", None),
        ("510114A01", None),
    ],
)
def test_digits_seven_to_nine_name_the_class_of_a_street(code: str, found: str | None) -> None:
    assert street_class(code) == found


def test_default_templates_make_codes_of_15_and_17_digits() -> None:
    assert GRID.make(COMMUNITY, 7) == "510114001004007"
    assert GRID.make(COMMUNITY, 901, AreaKind.EXCLUSIVE) == "510114001004901"
    assert MICRO_GRID.make("510114001004007", 12) == "51011400100400712"


def test_a_letter_marks_exclusive_grids_where_the_template_has_one() -> None:
    assert LETTERED.make(COMMUNITY, 1, AreaKind.EXCLUSIVE) == "510114001004Z001"
    assert LETTERED.make(COMMUNITY, 1) == "510114001004001"
    assert LETTERED.parse("510114001004Z012") == CodeParts(COMMUNITY, 12, AreaKind.EXCLUSIVE)
    assert LETTERED.parse("510114001004012") == CodeParts(COMMUNITY, 12, AreaKind.GENERAL)


def test_literal_text_of_a_template_is_part_of_the_code() -> None:
    building = CodeTemplate("{community}-D{seq:03}")

    assert building.make(COMMUNITY, 5) == "510114001004-D005"
    assert building.parse("510114001004-D005") == CodeParts(COMMUNITY, 5, None)
    assert building.parse("510114001004005") is None


@pytest.mark.parametrize(
    ("template", "seq", "kind"),
    [
        (GRID, 0, AreaKind.GENERAL),
        (GRID, 901, AreaKind.GENERAL),
        (GRID, 900, AreaKind.EXCLUSIVE),
        (GRID, 1000, AreaKind.EXCLUSIVE),
        (MICRO_GRID, 100, AreaKind.GENERAL),
    ],
)
def test_numbers_of_another_kind_or_beyond_the_width_are_refused(
    template: CodeTemplate, seq: int, kind: AreaKind
) -> None:
    with pytest.raises(EditError) as refused:
        template.make(COMMUNITY, seq, kind)

    assert refused.value.code == "edit.code_number"
    assert refused.value.params["number"] == seq


def test_parsing_tells_exclusive_grids_by_their_number() -> None:
    assert GRID.parse("510114001004900") == CodeParts(COMMUNITY, 900, AreaKind.GENERAL)
    assert GRID.parse("510114001004901") == CodeParts(COMMUNITY, 901, AreaKind.EXCLUSIVE)
    assert GRID.parse("510114001004000") is None
    assert MICRO_GRID.parse("51011400100490101") == CodeParts("510114001004901", 1, None)


def test_a_number_that_its_kind_may_not_bear_is_no_code_of_the_template() -> None:
    both = CodeTemplate("{community}{letter}{seq:03}", exclusive_from=901, exclusive_letter="Z")

    assert both.parse("510114001004Z001") is None
    assert both.parse("510114001004Z901") == CodeParts(COMMUNITY, 901, AreaKind.EXCLUSIVE)


def test_a_code_matches_only_under_its_own_parent() -> None:
    assert GRID.matches("510114001004001", COMMUNITY)
    assert not GRID.matches("510114001004001", "510114001007")
    assert not GRID.matches("51011400100400101", COMMUNITY)


def test_a_template_knows_which_level_comes_before_it() -> None:
    assert (GRID.parent_level, MICRO_GRID.parent_level) == ("community", "grid")


@pytest.mark.parametrize(
    "template",
    [
        "",
        "{community}",
        "{seq:03}",
        "{community}{seq}",
        "{community}{seq:3}",
        "{community}{seq:03}X",
    ],
)
def test_templates_without_level_and_number_are_refused(template: str) -> None:
    with pytest.raises(SchemeError) as refused:
        CodeTemplate(template)

    assert refused.value.code == "scheme.template_shape"


@pytest.mark.parametrize(
    ("template", "letter"),
    [("{community}{letter}{seq:03}", ""), ("{community}{seq:03}", "Z"),
     ("{community}{letter}{seq:03}", "9")],
)  # fmt: skip
def test_a_letter_must_stand_in_template_and_setting(template: str, letter: str) -> None:
    with pytest.raises(SchemeError) as refused:
        CodeTemplate(template, exclusive_letter=letter)

    assert refused.value.code == "scheme.template_letter"


@pytest.mark.parametrize("start", [0, 1, 1000])
def test_exclusive_numbers_must_leave_room_for_general_ones_and_fit(start: int) -> None:
    with pytest.raises(SchemeError) as refused:
        CodeTemplate("{community}{seq:03}", exclusive_from=start)

    assert refused.value.code == "scheme.template_exclusive"


def test_next_free_starts_each_kind_at_its_first_number() -> None:
    assert next_free(GRID, COMMUNITY, []) == "510114001004001"
    assert next_free(GRID, COMMUNITY, [], AreaKind.EXCLUSIVE) == "510114001004901"
    assert next_free(GRID, COMMUNITY, [], "exclusive") == "510114001004901"


def test_next_free_follows_the_highest_code_of_the_same_parent_and_kind() -> None:
    taken = ["510114001004001", "510114001004004", "510114001004903", "510114001007009", "x"]

    assert next_free(GRID, COMMUNITY, taken) == "510114001004005"
    assert next_free(GRID, COMMUNITY, taken, AreaKind.EXCLUSIVE) == "510114001004904"


def test_next_free_never_gives_a_retired_code_again() -> None:
    in_force = ["510114001004001"]
    retired = ["510114001004002"]

    assert next_free(GRID, COMMUNITY, in_force + retired) == "510114001004003"


def test_next_free_counts_lettered_kinds_apart() -> None:
    taken = ["510114001004Z001", "510114001004001", "510114001004002"]

    assert next_free(LETTERED, COMMUNITY, taken, AreaKind.EXCLUSIVE) == "510114001004Z002"
    assert next_free(LETTERED, COMMUNITY, taken) == "510114001004003"


def test_next_free_counts_codes_of_micro_grids_apart_from_those_of_grids() -> None:
    taken = ["510114001004001", "51011400100400107"]

    assert next_free(MICRO_GRID, "510114001004001", taken) == "51011400100400108"


def test_next_free_fills_holes_when_the_numbers_have_run_out() -> None:
    short = CodeTemplate("{grid}{seq:01}")
    taken = [f"7{number}" for number in (1, 2, 4, 9)]

    assert next_free(short, "7", taken) == "73"


def test_next_free_refuses_when_every_number_was_used() -> None:
    short = CodeTemplate("{grid}{seq:01}")

    with pytest.raises(EditError) as refused:
        next_free(short, "7", [f"7{number}" for number in range(1, 10)])

    assert refused.value.code == "edit.no_free_code"
    assert refused.value.params == {"parent": "7", "last": 9}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (" 510114001004 ", "510114001004"),
        ("'510114001004", "510114001004"),
        ("５１０１１４００１００４", "510114001004"),
        ("5101 1400\u00a01004", "510114001004"),
        ("1E5", "1E5"),
        ("1.2", "1.2"),
        ("5101140010040010", "5101140010040010"),
        ("51011400100400101", "51011400100400101"),
        ("", ""),
    ],
)
def test_codes_are_read_as_text(text: str, code: str) -> None:
    assert read_code(text) == code


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("3.30383E+11", "input.code_scientific"),
        ("3e+11", "input.code_scientific"),
        ("330383198001.0", "input.code_decimal"),
        ("330383198001.", "input.code_decimal"),
        ("51011400100400100", "input.code_rounded"),
        ("51011400100400000000", "input.code_rounded"),
    ],
)
def test_codes_that_a_spreadsheet_destroyed_are_refused(text: str, fault: str) -> None:
    with pytest.raises(InputError) as refused:
        read_code(text)

    assert refused.value.code == fault
    assert refused.value.params == {"value": text}
