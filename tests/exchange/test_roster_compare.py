"""What the rows of a roster mean: persons, areas, posts, units; and what has to be asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from gridadmin.base.errors import InputError
from gridadmin.domain.people import Person
from gridadmin.domain.scheme_loader import load_scheme
from gridadmin.edit.area_commands import Create
from gridadmin.edit.document import Document
from gridadmin.exchange.roster_areas import is_slip, number_form
from gridadmin.exchange.roster_columns import BY_KEY
from gridadmin.exchange.roster_compare import RosterChoices, compare, look_at
from gridadmin.exchange.roster_file import Cell, RosterSheet
from gridadmin.exchange.roster_preview import RosterPreview
from gridadmin.exchange.roster_values import shown, value_of
from tests.helpers.projects import TODAY, document_on, named, small_town

SCHEME = load_scheme("default")
A1, A2 = "990101001001001", "990101001001002"
MOBILE = "138" + "0000" + "1234"


@pytest.fixture
def document() -> Document:
    return document_on(small_town())


def sheet(*rows: Mapping[str, Cell], name: str = "名册") -> RosterSheet:
    """Return a sheet of rows that are given by the meanings of their columns."""
    keys = list(dict.fromkeys(key for row in rows for key in row))
    headings: list[Cell] = [BY_KEY[key].title for key in keys]
    return RosterSheet(name, [headings, *([row.get(key) for key in keys] for row in rows)])


def looked(
    document: Document, *rows: Mapping[str, Cell], answers: Mapping[str, str] | None = None
) -> RosterPreview:
    choices = RosterChoices(answers=answers or {})
    return compare(document.snapshot, [sheet(*rows)], TODAY, choices)


def taken(document: Document, *rows: Mapping[str, Cell], **answers: str) -> RosterPreview:
    """Write a roster, answering whole kinds of questions."""
    preview = looked(document, *rows, answers=answers)
    assert preview.command is not None, preview.problems
    document.execute(preview.command)
    return preview


def found(preview: RosterPreview) -> list[tuple[int, str, str]]:
    return [(one.row, one.column, one.code) for one in preview.problems]


def persons(document: Document) -> dict[str, Person]:
    return {one.name: one for one in document.snapshot.rows("person").values()}


def held(document: Document) -> list[tuple[str, str, str, str | None]]:
    """Return who holds which post where, until when."""
    rows = document.snapshot.rows
    return sorted(
        (
            rows("person")[one.person].name,
            rows("area")[one.anchor].name,
            one.post,
            one.valid_to,
        )
        for one in rows("assignment").values()
    )


def row(name: str, grid: str = "A1", post: str = "网格员", **more: Cell) -> dict[str, Cell]:
    return {"community": "虚构A", "grid": f"虚构{grid}", "name": name, "post": post, **more}


# Who it is


def test_a_staff_number_says_who_it_is_and_a_blank_cell_takes_nothing_away(
    document: Document,
) -> None:
    taken(document, row("赵甲", staff_number="A7", rank="科员", own_phone=MOBILE))

    preview = taken(document, row("赵甲", staff_number="A7", rank="副科长", own_phone=None))

    person = persons(document)["赵甲"]
    assert (person.rank, person.own_phone) == ("副科长", MOBILE)
    assert (preview.persons_changed, preview.posts_same, len(persons(document))) == (1, 1, 1)


@pytest.mark.parametrize(
    "names", ["赵甲、钱乙", "赵甲，钱乙", "赵甲/钱乙", "赵甲\n钱乙", "赵甲;钱乙"]
)
def test_several_names_in_one_cell_are_not_one_person(document: Document, names: str) -> None:
    preview = looked(document, row(names), row("孙丙"))

    assert found(preview) == [(2, "姓名", "roster.several_names")]
    assert preview.problems[0].params == {"count": 2}
    assert preview.persons_new == 1


@pytest.mark.parametrize("nobody", ["空缺", "待定", "暂缺", "无", "/"])
def test_a_seat_without_anybody_makes_no_person(document: Document, nobody: str) -> None:
    preview = looked(document, row(nobody), row("孙丙"))

    assert found(preview) == [(2, "姓名", "roster.no_name")]
    assert preview.persons_new == 1


@pytest.mark.parametrize("name", ["赵 甲", "赵\n甲", "买买提·阿不都", "赵甲（虚构）", "无忌"])
def test_a_name_may_be_spaced_broken_or_joined(document: Document, name: str) -> None:
    assert found(looked(document, row(name))) == []


def test_columns_of_days_are_known_by_the_words_of_a_posting(document: Document) -> None:
    headings: list[Cell] = ["社区", "网格", "姓名", "岗位", "派驻日期", "到期日"]
    line: list[Cell] = ["虚构A", "虚构A1", "赵甲", "网格员", "2026-13-40", "2025-1-1"]

    preview = compare(document.snapshot, [RosterSheet("名册", [headings, line])], TODAY)

    assert found(preview) == [(2, "派驻日期", "roster.bad_date")]


def test_a_staff_number_of_somebody_else_is_a_mistake(document: Document) -> None:
    taken(document, row("赵甲", staff_number="A7"))

    preview = looked(document, row("钱乙", staff_number="A7"))

    assert found(preview) == [(2, "工号", "roster.number_of_other")]


def test_unit_name_and_phone_tail_say_who_it_is_whatever_else_is_written(
    document: Document,
) -> None:
    taken(document, row("赵甲", organization="虚构局", own_phone=MOBILE))
    spaced = row("赵 甲", organization="虚构局", own_phone="138 0000 1234")
    masked = row("赵甲", organization="虚构局", own_phone="138****1234")

    for again in (spaced, masked):
        preview = looked(document, again)
        assert (preview.persons_same, preview.command, preview.problems) == (1, None, ())


@pytest.mark.parametrize(
    "other",
    [
        {"organization": "虚构局", "own_phone": "100-9999"},
        {"organization": "虚构局"},
        {"organization": "别的委", "own_phone": MOBILE},
        {},
    ],
)
def test_half_a_key_is_asked_and_the_answer_settles_it(
    document: Document, other: dict[str, Cell]
) -> None:
    taken(document, row("赵甲", organization="虚构局", own_phone=MOBILE))
    known = persons(document)["赵甲"]

    asked = looked(document, {**row("赵甲", "A2"), **other})
    [question] = asked.questions
    same = looked(document, {**row("赵甲", "A2"), **other}, answers={question.ask.id: known.uid})
    new = looked(document, {**row("赵甲", "A2"), **other}, answers={"person": "new"})

    assert (question.ask.kind, asked.good) == ("person", 0)
    told = {option.key: option.text for option in question.ask.options}
    assert told[known.uid] == "赵甲 虚构局 虚构A1网格员 138****1234"
    assert MOBILE not in repr(asked)
    assert [one.ask.kind for one in same.questions] == ["move"]
    assert (new.persons_new, new.good) == (1, 1)


def test_the_same_name_on_the_same_seat_is_the_same_person(document: Document) -> None:
    taken(document, row("赵甲", organization="虚构局", own_phone=MOBILE))

    preview = looked(document, row("赵甲"))

    assert (preview.persons_same, preview.posts_same, preview.questions) == (1, 1, ())


def test_namesakes_with_other_phones_are_different_people(document: Document) -> None:
    taken(document, row("赵甲", own_phone="100-0001"), row("赵甲", "A2", own_phone="100-0002"))

    preview = looked(document, row("赵甲", "A3", own_phone="100-0003"))

    assert (preview.persons_new, preview.problems) == (1, ())


def test_rows_of_one_person_come_together_and_contradictions_are_told(document: Document) -> None:
    both = [row("赵甲", own_phone="100-0001", gender="男"), row("赵甲", "A2", own_phone="100-0001")]
    other = row("赵甲", "A3", own_phone="100-0001", gender="女")

    preview = looked(document, *both, other)

    assert (preview.persons_new, preview.posts_new) == (1, 2)
    assert found(preview) == [(4, "性别", "roster.conflict")]


def test_a_namesake_without_a_phone_is_asked_about(document: Document) -> None:
    rows = [row("赵甲", own_phone="100-0001"), row("赵甲", "A2")]

    asked = looked(document, *rows)
    one = looked(document, *rows, answers={"twin": "…0001"})
    two = looked(document, *rows, answers={"twin": "new"})

    assert found(asked) == [(3, "姓名", "roster.ask_twin")]
    assert (one.persons_new, one.posts_new) == (1, 2)
    assert (two.persons_new, two.posts_new) == (2, 2)


def test_an_own_phone_of_somebody_else_is_a_warning(document: Document) -> None:
    taken(document, row("赵甲", own_phone="100-0001"))

    preview = looked(
        document,
        row("钱乙", "A2", own_phone="100-0001"),
        row("孙丙", "A3", own_phone="100-0002"),
        row("李丁", "A4", own_phone="100-0002"),
    )

    assert found(preview) == [
        (2, "手机号", "roster.phone_of_other"),
        (4, "手机号", "roster.phone_shared"),
    ]
    assert preview.good == 3


# Posts


def test_somebody_who_has_the_post_elsewhere_has_moved_or_holds_both(document: Document) -> None:
    taken(document, row("赵甲", valid_from="2025-01-01"))

    asked = looked(document, row("赵甲", "A2"))
    assert found(asked) == [(2, "姓名", "roster.ask_move")]
    both = looked(document, row("赵甲", "A2"), answers={"move": "both"})
    assert (both.posts_new, both.ended) == (1, 0)
    taken(document, row("赵甲", "A2"), move="move")

    assert held(document) == [
        ("赵甲", "虚构A1", "grid_member", TODAY),
        ("赵甲", "虚构A2", "grid_member", None),
    ]


def test_a_taken_seat_is_handed_over_only_when_that_is_said(document: Document) -> None:
    taken(document, row("赵甲", post="网格长", valid_from="2025-01-01"))

    asked = looked(document, row("钱乙", post="网格长"))
    assert found(asked) == [(2, "所属岗位", "roster.ask_holder")]
    taken(document, row("钱乙", post="网格长"), holder="replace")

    assert held(document) == [
        ("赵甲", "虚构A1", "grid_chief", TODAY),
        ("钱乙", "虚构A1", "grid_chief", None),
    ]


def test_two_who_change_seats_are_not_in_each_others_way(document: Document) -> None:
    taken(document, row("赵甲", post="网格长"), row("钱乙", "A2", post="网格长"))

    taken(document, row("赵甲", "A2", post="网格长"), row("钱乙", post="网格长"), move="move")

    now = [one[:2] for one in held(document) if one[3] is None]
    assert now == [("赵甲", "虚构A2"), ("钱乙", "虚构A1")]


def test_a_second_chief_in_the_roster_is_a_mistake(document: Document) -> None:
    preview = looked(document, row("赵甲", post="网格长"), row("钱乙", post="网格长"))

    assert found(preview) == [(3, "所属岗位", "roster.post_taken")]


def test_several_posts_may_stand_in_one_cell_and_near_ones_are_asked(document: Document) -> None:
    several = looked(document, row("赵甲", post="网格长、网格员"))
    near = looked(document, row("赵甲", post="专职网格员"))
    answered = looked(document, row("赵甲", post="专职网格员"), answers={"post": "grid_member"})

    assert (several.posts_new, several.problems) == (2, ())
    assert found(near) == [(2, "所属岗位", "roster.ask_post")]
    assert answered.posts_new == 1


def test_a_term_that_is_over_stays_in_the_past_and_comes_once(document: Document) -> None:
    past = row("赵甲", valid_from="2023.1.1", valid_to="2023年12月")

    taken(document, past)

    assert held(document) == [("赵甲", "虚构A1", "grid_member", "2024-01-01")]
    assert looked(document, past).command is None


def test_a_second_unit_of_a_person_sends_the_second_post(document: Document) -> None:
    taken(
        document,
        row("赵甲", staff_number="A7", organization="虚构局"),
        row("赵甲", "A2", staff_number="A7", organization="虚构委"),
    )

    units = {one.uid: one.name for one in document.snapshot.rows("organization").values()}
    senders = {
        document.snapshot.rows("area")[one.anchor].name: units.get(one.sending_organization)
        for one in document.snapshot.rows("assignment").values()
    }
    assert senders == {"虚构A1": None, "虚构A2": "虚构委"}


# Areas and units


def test_a_code_is_enough_and_names_beside_it_must_agree(document: Document) -> None:
    by_code = {"area_code": A1, "name": "赵甲", "post": "网格员"}
    number: dict[str, Cell] = {**by_code, "area_code": float(A1)}

    assert looked(document, by_code).good == 1
    assert looked(document, {**by_code, "grid": "虚构A1"}).good == 1
    wrong = looked(document, {**by_code, "grid": "虚构A2"})
    lost = looked(document, number)
    unknown = looked(document, {**by_code, "area_code": "990101001001099"})

    assert found(wrong) == [(2, "所属网格", "roster.area_and_code")]
    assert lost.good == 1
    assert found(unknown) == [(2, "区域编码", "roster.unknown_code")]


def test_codes_that_a_spreadsheet_has_rounded_are_told(document: Document) -> None:
    lost = looked(document, {"area_code": 9.90101001001001e16, "name": "赵甲", "post": "网格员"})

    assert found(lost) == [(2, "区域编码", "roster.digits_lost")]


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("第三网格", "3"), ("3号网格", "3"), ("网格3", "3"), ("甲子社区第03网格", "3"),
        ("甲子三网格", "3"), ("第十二网格", "12"), ("二十网格", "20"), ("01-02微网格", "1-2"),
        ("滨河网格", "滨河"), ("网格", "网格"),
    ],
)  # fmt: skip
def test_a_grid_is_known_by_its_number_however_it_is_written(name: str, form: str) -> None:
    assert number_form(name, "甲子社区") == form


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("民政局", "民正局", True), ("民政局", "民政局局", True), ("民政局", "政民局", True),
        ("甲局", "乙局", False), ("东区", "西区", False), ("民政局", "财政厅", False),
        ("民政局", "民政局", True),
    ],
)  # fmt: skip
def test_a_slip_is_one_sign_and_not_another_name(a: str, b: str, *, expected: bool) -> None:
    assert is_slip(a, b) is expected


def test_a_unit_with_a_slip_is_asked_and_another_one_is_new(document: Document) -> None:
    taken(document, row("赵甲", organization="虚构民政局"))

    slip = looked(document, row("钱乙", "A2", organization="虚构民正局"))
    fresh = looked(document, row("钱乙", "A2", organization="虚构财政局"))
    as_new = looked(document, row("钱乙", "A2", organization="虚构民正局"), answers={"unit": "new"})

    assert found(slip) == [(2, "派出单位", "roster.ask_unit")]
    assert (fresh.units_new, fresh.good) == (("虚构财政局",), 1)
    assert as_new.units_new == ("虚构民正局",)


def test_a_name_that_several_have_is_told_apart_by_what_lies_below(document: Document) -> None:
    for community in ("A", "B"):
        parent = named(document.snapshot, community).uid
        document.execute(Create("grid", parent, "虚构滨河网格"))
    [riverside] = [
        one
        for one in document.snapshot.children(named(document.snapshot, "A").uid)
        if one.name == "虚构滨河网格"
    ]
    document.execute(Create("micro_grid", riverside.uid, "虚构柳岸"))
    grid: dict[str, Cell] = {"grid": "虚构滨河网格", "name": "赵甲", "post": "网格员"}

    asked = looked(document, grid)
    below = looked(document, {**grid, "micro_grid": "虚构柳岸", "post": "微网格员"})

    assert found(asked) == [(2, "所属网格", "roster.ask_area")]
    assert len(asked.questions[0].ask.options) == 2
    assert (below.good, below.problems) == (1, ())


def test_the_only_district_may_stand_beside_with_or_without_its_city(document: Document) -> None:
    known = looked(document, row("钱乙", district="某市虚构root"))
    other = looked(document, row("钱乙", district="别的区"))

    assert known.good == 1
    assert found(other) == [(2, "所属区县", "roster.unknown_area")]


# Sheets and columns


def test_sheets_are_named_when_they_are_not_read(document: Document) -> None:
    hidden = RosterSheet("底稿", sheet(row("钱乙")).rows, is_hidden=True)
    sheets = [RosterSheet("说明", [["填写说明"]]), sheet(row("赵甲")), hidden]

    preview = compare(document.snapshot, sheets, TODAY)
    chosen = compare(document.snapshot, sheets, TODAY, RosterChoices(sheets=("底稿",)))

    assert [one.why for one in preview.sheets] == [
        "roster.sheet_no_header",
        "",
        "roster.sheet_hidden",
    ]
    assert preview.persons_new == 1
    assert [one.why for one in chosen.sheets][1:] == ["roster.sheet_not_chosen", ""]


@pytest.mark.parametrize(
    ("choices", "code"),
    [
        ({"sheets": ("没有",)}, "roster.unknown_sheet"),
        ({"post": "没有"}, "roster.unknown_post_key"),
        ({"columns": {"姓名": "shoes"}}, "roster.unknown_meaning"),
    ],
)
def test_choices_that_make_no_sense_are_refused(
    document: Document, choices: Mapping[str, Any], code: str
) -> None:
    with pytest.raises(InputError) as caught:
        compare(document.snapshot, [sheet(row("赵甲"))], TODAY, RosterChoices(**choices))

    assert caught.value.code == code


def test_without_a_column_of_posts_persons_are_taken_and_that_is_told(document: Document) -> None:
    plain: dict[str, Cell] = {"community": "虚构A", "name": "赵甲"}

    told = looked(document, plain)
    chosen = compare(document.snapshot, [sheet(plain)], TODAY, RosterChoices(post="下沉干部"))

    assert found(told) == [(2, "姓名", "roster.no_post_column")]
    assert (told.persons_new, told.posts_new, told.good) == (1, 0, 1)
    assert (chosen.posts_new, chosen.problems) == (1, ())


def test_totals_remarks_and_repeated_headings_are_no_persons() -> None:
    rows: Sequence[list[Cell]] = [
        ["所属社区", "姓名", "手机号"],
        ["虚构A", "赵甲", None],
        ["所属社区", "姓名", "手机号"],
        ["合计", 1.0, None],
        ["填表人：虚构", None, None],
    ]

    (fact,), _ = look_at([RosterSheet("名册", list(rows))])

    assert (fact.rows, fact.skipped) == (1, 3)


# Values


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2025.3.1", "2025-03-01"), ("2025年3月", "2025-03-01"), ("2025/3/1", "2025-03-01"),
        ("20250301", "2025-03-01"), (45717.0, "2025-03-01"), ("2025-03-01 08:00:00", "2025-03-01"),
        ("２０２５．３．１", "2025-03-01"), ("长期", None), (20250301.0, "2025-03-01"),
    ],
)  # fmt: skip
def test_dates_are_read_however_they_are_written(cell: Cell, day: str | None) -> None:
    assert value_of(SCHEME, "valid_from", cell) == day


@pytest.mark.parametrize(
    ("cell", "day"), [("2025.3.31", "2025-04-01"), ("2025年2月", "2025-03-01"), ("长期", None)]
)
def test_the_last_day_still_counts(cell: Cell, day: str | None) -> None:
    assert value_of(SCHEME, "valid_to", cell) == day


@pytest.mark.parametrize("cell", ["2025.2.30", "去年", 2025.1, 5.0, "2025年13月", "3月1日"])
def test_what_is_no_date_is_refused(cell: Cell) -> None:
    with pytest.raises(InputError) as caught:
        value_of(SCHEME, "valid_from", cell)

    assert caught.value.code == "roster.bad_date"


@pytest.mark.parametrize(
    ("cell", "kept"),
    [
        (float(MOBILE), MOBILE), (f"+86{MOBILE}", MOBILE), (f"86 {MOBILE}", MOBILE),
        (f"{MOBILE[:3]} {MOBILE[3:7]} {MOBILE[7:]}", MOBILE), ("（0577）64000000", "057764000000"),
        ("0577-64000000", "0577-64000000"), ("138****1234", None), ("****", None),
    ],
)  # fmt: skip
def test_phones_are_read_however_they_are_written(cell: Cell, kept: str | None) -> None:
    assert value_of(SCHEME, "own_phone", cell) == kept


@pytest.mark.parametrize("cell", [MOBILE[:10], MOBILE + "5", "12345", "电话", "+-86"])
def test_what_is_no_phone_is_refused(cell: Cell) -> None:
    with pytest.raises(InputError) as caught:
        value_of(SCHEME, "own_phone", cell)

    assert caught.value.code == "roster.bad_phone"


def test_mistakes_show_phones_masked_and_identity_numbers_not_at_all() -> None:
    assert shown("own_phone", MOBILE[:10]) == "138***0123"
    assert shown("role", f"走访 {MOBILE}") == "走访 138****1234"
    assert shown("name", "赵甲110101180001010015") == "******"
    assert shown("name", 110101180001010015.0) == "******"


@pytest.mark.parametrize(
    ("key", "cell", "kept"),
    [
        ("gender", " 女 ", "女"), ("gender", "男性", "男"),
        ("certificate_level", "助理社工师", "assistant"),
        ("certificate_level", "中级", "intermediate"), ("certificate_level", "无", "none"),
        ("is_full_time", "专职", True), ("is_full_time", "兼职", False),
        ("roster_kind", "驻社干部", "stationed_cadre"), ("note", " 一 \n 二 ", "一 二"),
        ("name", "买买提 · 艾力", "买买提·艾力"), ("name", "Jia Made-up", "Jia Made-up"),
        ("staff_number", 1001.0, "1001"),
    ],
)  # fmt: skip
def test_words_of_a_roster_become_those_of_the_scheme(key: str, cell: Cell, kept: Any) -> None:
    assert value_of(load_scheme("longgang"), key, cell) == kept


@pytest.mark.parametrize(
    ("key", "cell", "code"),
    [
        ("gender", "难", "roster.not_one_of"), ("roster_kind", "国王", "roster.not_one_of"),
        ("staff_number", 1e17 + 5, "roster.digits_lost"),
        ("staff_number", "3.7E+11", "roster.digits_lost"),
        ("role", "字" * 201, "roster.too_long"), ("name", "赵甲1", "roster.bad_name"),
        ("note", "证110101180001010015", "roster.identity_number"),
    ],
)  # fmt: skip
def test_what_no_field_can_hold_is_refused(key: str, cell: Cell, code: str) -> None:
    with pytest.raises(InputError) as caught:
        value_of(load_scheme("longgang"), key, cell)

    assert caught.value.code == code
