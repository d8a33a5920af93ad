import dataclasses
from collections.abc import Sequence

import pytest

from gridadmin.app.pinyin import keys_of
from gridadmin.app.search import AREA, BUILDING, RETIRED, Found, Phrases, SearchIndex
from gridadmin.base.errors import Cancelled
from gridadmin.base.progress import Silent
from gridadmin.domain.change import Change, RowChange
from gridadmin.domain.model import Area, Building
from gridadmin.edit.document import Done
from gridadmin.edit.merge_commands import Merge
from gridadmin.partition.snapshot import Snapshot
from tests.helpers.projects import ORIGIN_MM, MemoryStore, document_on, named, small_town

NAMES = {
    "A": "桂中社区",
    "A1": "第一网格",
    "A2": "第二网格",
    "A1-1": "01-01 微网格",
    "B": "长江社区",
    "B1": "第一网格",
}


@pytest.fixture
def town() -> MemoryStore:
    """A made-up town some of whose areas have names as they are met in the field."""
    store = small_town()
    snapshot = store.snapshot()
    for key, name in NAMES.items():
        area = named(snapshot, key)
        store.rows["area"][area.uid] = dataclasses.replace(area, name=name)
    for row in store.rows["building"].values():
        if row.name == "虚构楼":
            store.rows["building"][row.uid] = dataclasses.replace(row, address="示例路 12 号")
    return store


def names(found: Sequence[Found]) -> list[str]:
    return [one.name for one in found]


def changed(before: Snapshot, rows: Sequence[RowChange]) -> Done:
    change = Change("test", tuple(rows))
    return Done(change, before, before.applied(change, before.revision + 1), frozenset())


def test_an_exact_code_comes_first(town: MemoryStore) -> None:
    found = SearchIndex.of(town.snapshot()).find("990101001001001")
    assert (found[0].name, found[0].code) == ("第一网格", "990101001001001")
    assert [one.code for one in found[1:3]] == ["99010100100100101", "99010100100100102"]


def test_a_name_is_found_by_its_middle(town: MemoryStore) -> None:
    assert names(SearchIndex.of(town.snapshot()).find("中社")) == ["桂中社区"]


@pytest.mark.parametrize(
    "typed", ["guizhong", "GuiZhongSheQu", "gzsq", "gui", "zhongshequ", "桂中社区", "桂中 社区"]
)
def test_a_name_is_found_in_pinyin_and_by_initials(town: MemoryStore, typed: str) -> None:
    assert SearchIndex.of(town.snapshot()).find(typed)[0].name == "桂中社区"


@pytest.mark.parametrize("typed", ["changjiang", "zhangjiang", "cjsq", "zjsq"])
def test_a_character_with_two_readings_is_found_by_both(town: MemoryStore, typed: str) -> None:
    assert names(SearchIndex.of(town.snapshot()).find(typed)) == ["长江社区"]


def test_pinyin_begins_where_a_syllable_begins(town: MemoryStore) -> None:
    assert SearchIndex.of(town.snapshot()).find("angge") == []
    assert "第一网格" in names(SearchIndex.of(town.snapshot()).find("wangge"))


def test_a_second_word_may_name_what_the_area_lies_in(town: MemoryStore) -> None:
    index = SearchIndex.of(town.snapshot())
    (found,) = index.find("长江 第一")
    assert (found.name, found.path) == ("第一网格", ("虚构root", "长江社区"))
    assert names(index.find("长江 第二")) == []


def test_wider_areas_come_before_narrower_ones(town: MemoryStore) -> None:
    levels = [one.level for one in SearchIndex.of(town.snapshot()).find("9901", limit=6)]
    assert levels == ["district", "community", "community", "grid", "grid", "grid"]


def test_a_building_is_found_by_name_and_address_and_tells_its_place(town: MemoryStore) -> None:
    index = SearchIndex.of(town.snapshot())
    for typed in ("虚构楼", "示例路 12", "xgl"):
        (found,) = index.find(typed)
        assert (found.kind, found.name, found.path) == (BUILDING, "虚构楼", ("示例路 12 号",))
        assert found.place == (15.0, 15.0)


def test_full_width_letters_and_digits_find_the_same(town: MemoryStore) -> None:
    assert names(SearchIndex.of(town.snapshot()).find("０１－０１"))[0] == "01-01 微网格"


def test_nothing_typed_finds_nothing(town: MemoryStore) -> None:
    assert SearchIndex.of(town.snapshot()).find("  ") == []


def test_no_more_is_found_than_asked_for(town: MemoryStore) -> None:
    assert len(SearchIndex.of(town.snapshot()).find("虚构", limit=3)) == 3


def test_the_index_follows_new_names_and_retired_areas(town: MemoryStore) -> None:
    before = town.snapshot()
    grid, other = named_as(before, "第二网格"), named_as(before, "桂中社区")
    rename = RowChange("area", other, dataclasses.replace(other, name="桂东社区"))
    retire = RowChange("area", grid, dataclasses.replace(grid, valid_to="2026-01-05"))

    index = SearchIndex.of(before).after(changed(before, [rename, retire]))

    assert index.find("桂中") == []
    assert [one.kind for one in index.find("第二网格")] == [RETIRED]
    assert names(index.find("guidong")) == ["桂东社区"]
    assert [one.path for one in index.find("桂东 01-01")] == [
        ("虚构root", "桂东社区", "第一网格"),
    ]


def test_the_index_follows_new_buildings_and_forgets_those_torn_down(town: MemoryStore) -> None:
    before = town.snapshot()
    tower = next(row for row in town.rows["building"].values() if row.name == "虚构楼")
    school = Building("b-new", *ORIGIN_MM, name="示例小学")
    rows = [RowChange("building", tower, None), RowChange("building", None, school)]

    index = SearchIndex.of(before).after(changed(before, rows))

    assert index.find("虚构楼") == []
    assert [one.uid for one in index.find("slxx")] == ["b-new"]
    assert not index.is_worn


def test_a_change_taken_back_is_found_again(town: MemoryStore) -> None:
    before = town.snapshot()
    grid = named_as(before, "第二网格")
    retire = RowChange("area", grid, dataclasses.replace(grid, valid_to="2026-01-05"))
    gone = changed(before, [retire])
    back = changed(gone.after, [retire.swapped()])

    index = SearchIndex.of(before).after(gone).after(back)

    assert [one.kind for one in index.find("第二网格")] == [AREA]


def test_a_retired_area_is_found_with_who_took_over(town: MemoryStore) -> None:
    document = document_on(town)
    first, second = (
        one for one in sorted(document.snapshot.areas(), key=lambda a: a.uid)
        if one.code in ("990101001001002", "990101001001001")
    )  # fmt: skip
    index = SearchIndex.of(document.snapshot)

    done = document.execute(Merge([first.uid, second.uid]))

    for found in (index.after(done), SearchIndex.of(done.after)):
        (one,) = found.find(second.code or "", limit=1)
        assert (one.kind, one.uid, one.path) == (RETIRED, second.uid, (first.name,))


def test_making_the_index_can_be_cancelled(town: MemoryStore) -> None:
    class Impatient(Silent):
        def is_cancelled(self) -> bool:
            return True

    with pytest.raises(Cancelled):
        SearchIndex.of(town.snapshot(), Impatient())


def test_phrases_are_found_as_areas_are() -> None:
    phrases = Phrases(["打开项目", "导出边界", "Zoom to selection"])
    assert phrases.find("xm") == [0]
    assert phrases.find("daochu") == [1]
    assert phrases.find("selection zoom") == [2]
    assert phrases.find("") == []


def test_keys_keep_digits_and_letters() -> None:
    keys = keys_of("05-03 微网格 a座")
    assert (keys.full, keys.initials) == ("'05'03'wei'wang'ge'a'zuo", "0503wwgaz")


def test_characters_without_a_reading_do_no_harm() -> None:
    assert keys_of("㐂区𠀀").initials.startswith("㐂")


def named_as(snapshot: Snapshot, name: str) -> Area:
    found: list[Area] = [area for area in snapshot.areas() if area.name == name]
    return found[0]
