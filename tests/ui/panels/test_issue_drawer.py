"""The list of issues: filter, groups, order, and how it goes with selection and map."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from gridadmin.app.issue_facts import coverage_of
from gridadmin.base.ids import oid_of
from gridadmin.domain.check_kinds import Severity
from gridadmin.edit.area_commands import SetField
from gridadmin.edit.land_commands import Give
from tests.ui.panels.conftest import OpenContext, area, click, idle, press, said, shown
from ui.context import Context
from ui.panels.issue_drawer import IssueDrawer
from ui.panels.issue_model import Grouping, IssueRole
from ui.panels.marks import State


@pytest.fixture
def drawer(qtbot: QtBot, dirty: Context) -> IssueDrawer:
    panel = shown(qtbot, IssueDrawer(dirty))
    idle(qtbot, dirty)
    return panel


def titles(drawer: IssueDrawer) -> list[str]:
    """Return the first lines of all rows; heads of groups stand in brackets."""
    found = []
    for row in range(drawer.model.rowCount()):
        index = drawer.model.index(row)
        text = str(index.data())
        found.append(text if index.data(IssueRole.ISSUE) is not None else f"[{text}]")
    return found


def chip(drawer: IssueDrawer, name: str) -> QPushButton:
    found = drawer.findChild(QPushButton, name)
    assert found is not None, name
    return found


def place_of(drawer: IssueDrawer, number: str | None) -> int:
    return drawer.model.index_of(number).row()


ALL = [
    "越界  第七网格",
    "重叠  庚午社区与甲戌社区与第一网格",
    "重叠  第三网格与镜花湖公园专属网格",
    "空隙  子虚街道 ↔ 无是街道",
    "剩余  甲戌社区",
    "剩余  乙亥社区",
]


def test_issues_stand_in_the_order_of_the_check(drawer: IssueDrawer) -> None:
    assert titles(drawer) == ALL


def test_a_row_tells_its_exact_size_and_width(drawer: IssueDrawer) -> None:
    sizes = [str(drawer.model.index(row).data(IssueRole.SIZE)) for row in (0, 3, 4)]

    assert sizes == [
        "470 m² · 最宽 10.0 米 · 没有楼栋",
        "28.59 公顷 · 最宽 498 米 · 没有楼栋",
        "234 m² · 最宽 8.0 米 · 0 户",
    ]


def test_a_row_tells_who_lives_on_the_land(
    qtbot: QtBot, open_context: OpenContext, dirty_file: Path, demo_files: Path, tmp_path: Path
) -> None:
    from gridadmin.app.importing import Request, import_file

    path = tmp_path / "mit.gpkg"
    path.write_bytes(dirty_file.read_bytes())
    import_file(path, Request(demo_files / "demo-dirty.gpkg", "micro_grid", layer="micro_grid"))
    import_file(path, Request(demo_files / "buildings.geojson", "buildings"))
    context = open_context(path)
    drawer = shown(qtbot, IssueDrawer(context))
    idle(qtbot, context)

    drawer.model.set_filter(kind="duplicate")

    told = [str(drawer.model.index(row).data(IssueRole.SIZE)) for row in range(2)]
    assert told == ["1.41 公顷 · 最宽 102 米 · 6 栋 49 户", "9,168 m² · 最宽 70.5 米 · 2 栋 43 户"]


def test_severity_has_a_sign_of_its_own_and_is_spoken(drawer: IssueDrawer) -> None:
    gap, remainder = drawer.model.index(3), drawer.model.index(4)

    assert (gap.data(IssueRole.STATE), remainder.data(IssueRole.STATE)) == (
        State.ERROR,
        State.WARNING,
    )
    assert str(remainder.data(Qt.ItemDataRole.AccessibleTextRole)).startswith(
        "有警告，剩余  甲戌社区，234 m²"
    )


def test_notes_are_off_until_they_are_asked_for(drawer: IssueDrawer) -> None:
    assert chip(drawer, "severity-info").text() == "提示 110"
    assert not any(title.startswith("未划分") for title in titles(drawer))

    click(chip(drawer, "severity-info"))

    assert len(titles(drawer)) == 116
    assert any(title.startswith("未划分") for title in titles(drawer))


def test_chips_count_kinds_and_filter_by_them(drawer: IssueDrawer) -> None:
    assert [button.text() for name, button in drawer._kinds.items() if button.isVisible()] == [
        "全部 6",
        "越界 1",
        "重叠 2",
        "空隙 1",
        "剩余 2",
    ]

    click(chip(drawer, "kind-remainder"))
    assert titles(drawer) == ["剩余  甲戌社区", "剩余  乙亥社区"]

    click(chip(drawer, "kind-all"))
    assert titles(drawer) == ALL


def test_the_text_filter_takes_names_and_codes(qtbot: QtBot, drawer: IssueDrawer) -> None:
    drawer._field.setText("庚午")
    qtbot.waitUntil(lambda: not drawer._pause.isActive())
    assert titles(drawer) == ["重叠  庚午社区与甲戌社区与第一网格"]

    drawer._field.setText("990001003007")
    qtbot.waitUntil(lambda: not drawer._pause.isActive())
    assert titles(drawer) == ["剩余  乙亥社区"]


def test_a_tip_takes_no_name_for_markup(qtbot: QtBot, drawer: IssueDrawer, dirty: Context) -> None:
    dirty.bridge.execute(SetField(area(dirty, "乙亥社区").uid, "name", "<b>乙</b>"))
    idle(qtbot, dirty)

    found = [
        str(drawer.model.index(row).data(Qt.ItemDataRole.ToolTipRole))
        for row in range(drawer.model.rowCount())
        if "<b>乙</b>" in str(drawer.model.index(row).data())
    ]
    assert found
    assert all("&lt;b&gt;乙&lt;/b&gt;" in tip and "<b>" not in tip for tip in found)


def test_groups_by_kind_have_heads_with_sums(drawer: IssueDrawer) -> None:
    drawer._groups.setCurrentIndex(drawer._groups.findData(Grouping.KIND))

    assert titles(drawer)[-3:] == ["[剩余]", "剩余  甲戌社区", "剩余  乙亥社区"]
    head = drawer.model.index(drawer.model.rowCount() - 3)
    assert head.data(IssueRole.SIZE) == "2 条 · 合计 429 m²"
    assert not drawer.model.flags(head) & Qt.ItemFlag.ItemIsSelectable


def test_groups_by_place_put_a_community_together(drawer: IssueDrawer) -> None:
    drawer._groups.setCurrentIndex(drawer._groups.findData(Grouping.PLACE))

    told = titles(drawer)
    assert told[told.index("剩余  乙亥社区") - 1] == "[乙亥社区]"
    assert told[told.index("空隙  子虚街道 ↔ 无是街道") - 1] in ("[子虚街道]", "[无是街道]")


def test_the_head_tells_how_many_issues_there_are(drawer: IssueDrawer) -> None:
    assert drawer._head.whole_text() == "6 条"


def test_what_the_check_covered_is_told(drawer: IssueDrawer, dirty: Context) -> None:
    told = said(drawer.coverage).splitlines()

    assert told[0] == "▾  检查情况 · 覆盖 98.803 %"
    assert "1 区 · 3 街道 · 12 社区 · 93 网格" in told
    assert "捕捉 1 毫米 · 列出 ≥ 0.01 m²" in told
    assert "没有外框，只能查出四周被围住的缝隙" in told
    share = coverage_of(dirty.bridge.snapshot, dirty.bridge.issues(), 0.0)
    assert share is not None
    assert 0.98803 <= share < 0.98804


# Choosing


def test_a_click_selects_an_issue_and_shows_its_land(
    qtbot: QtBot, drawer: IssueDrawer, dirty: Context
) -> None:
    index = drawer.model.index(3)
    issue = drawer.model.issue_of(index)
    assert issue is not None
    box = dirty.bridge.box_of_issue(issue)
    assert box is not None

    with qtbot.waitSignal(dirty.navigator.box_wanted) as wanted:
        QTest.mouseClick(
            drawer.view.viewport(),
            Qt.MouseButton.LeftButton,
            pos=drawer.view.visualRect(index).center(),
        )

    assert dirty.selection.now.issue == issue.id
    west, south, east, north = wanted.args[0]
    assert (east - west, north - south) == pytest.approx(
        (2 * (box[2] - box[0]), 2 * (box[3] - box[1]))
    )


def test_a_second_click_shows_the_land_again(
    qtbot: QtBot, drawer: IssueDrawer, dirty: Context
) -> None:
    index = drawer.model.index(3)
    for _ in range(2):
        with qtbot.waitSignal(dirty.navigator.box_wanted):
            QTest.mouseClick(
                drawer.view.viewport(),
                Qt.MouseButton.LeftButton,
                pos=drawer.view.visualRect(index).center(),
            )


def test_keys_go_through_the_list(drawer: IssueDrawer, dirty: Context) -> None:
    drawer.view.setFocus()
    drawer.view.setCurrentIndex(drawer.model.index(0))

    places = []
    for key in (Qt.Key.Key_Down, Qt.Key.Key_End, Qt.Key.Key_Up, Qt.Key.Key_Home):
        press(drawer.view, key)
        places.append(place_of(drawer, dirty.selection.now.issue))

    assert places == [1, 5, 4, 0]


def test_next_and_previous_go_round(drawer: IssueDrawer, dirty: Context) -> None:
    places = []
    for step in (
        drawer.next_issue,
        drawer.next_issue,
        drawer.previous_issue,
        drawer.previous_issue,
        drawer.next_issue,
    ):
        step()
        places.append(place_of(drawer, dirty.selection.now.issue))

    assert places == [0, 1, 0, 5, 0]
    assert drawer.view.currentIndex().row() == 0


def test_next_says_when_there_is_no_issue(
    qtbot: QtBot, open_context: OpenContext, demo_files: Path
) -> None:
    context = open_context(demo_files / "demo.gpkg")
    drawer = shown(qtbot, IssueDrawer(context))

    with qtbot.waitSignal(context.messages.told) as told:
        drawer.next_issue()

    assert told.args[0].text == "没有可以去的问题。"
    assert drawer._said.text() == "没有发现问题：土地全部划分，互不重叠。"


def test_enter_asks_for_the_ways_to_settle(qtbot: QtBot, drawer: IssueDrawer) -> None:
    drawer.next_issue()

    with qtbot.waitSignal(drawer.settle_wanted):
        press(drawer.view, Qt.Key.Key_Return)


def test_settling_an_issue_goes_on_to_the_next(
    qtbot: QtBot, drawer: IssueDrawer, dirty: Context
) -> None:
    drawer.next_issue()
    drawer.next_issue()
    issue = drawer.model.issue_of(drawer.model.index(1))
    third = drawer.model.issue_of(drawer.model.index(2))
    assert issue is not None
    assert issue.point is not None
    assert third is not None

    with qtbot.waitSignal(dirty.navigator.box_wanted):
        dirty.bridge.execute(Give(issue.point, issue.areas[0], is_inside=True))

    assert dirty.selection.now.issue == third.id
    assert drawer.view.currentIndex() == drawer.model.index_of(third.id)
    assert issue.id not in drawer.model.numbers()


def test_settling_the_last_issue_goes_back_to_the_one_before(
    drawer: IssueDrawer, dirty: Context
) -> None:
    drawer.previous_issue()
    last = drawer.model.issue_of(drawer.model.index(5))
    assert last is not None
    assert last.point is not None
    grid = area(dirty, "乙亥社区", "第二网格")

    dirty.bridge.execute(Give(last.point, grid.uid, is_inside=True))

    assert place_of(drawer, dirty.selection.now.issue) == 4


def test_an_edit_elsewhere_leaves_the_current_issue_alone(
    drawer: IssueDrawer, dirty: Context
) -> None:
    drawer.next_issue()
    number = dirty.selection.now.issue

    dirty.bridge.execute(SetField(area(dirty, "庚午社区", "第三网格").uid, "name", "别名"))

    assert dirty.selection.now.issue == number
    assert drawer.view.currentIndex() == drawer.model.index_of(number)


def test_an_issue_selected_elsewhere_becomes_the_current_one(
    drawer: IssueDrawer, dirty: Context
) -> None:
    number = drawer.model.numbers()[4]

    dirty.selection.select_issue(number)
    assert drawer.view.currentIndex().row() == 4

    dirty.selection.clear()
    assert drawer.view.currentIndex() == QModelIndex()


def test_a_check_under_way_is_told(qtbot: QtBot, dirty: Context) -> None:
    drawer = shown(qtbot, IssueDrawer(dirty))
    dirty.bridge.start_check()
    assert drawer._progress.isVisible()
    assert drawer._said.text().startswith("正在检查…")

    idle(qtbot, dirty)
    assert not drawer._progress.isVisible()
    assert len(titles(drawer)) == 6


def test_a_kind_that_is_gone_takes_its_filter_along(drawer: IssueDrawer, dirty: Context) -> None:
    click(chip(drawer, "kind-overhang"))
    (issue,) = [drawer.model.issue_of(drawer.model.index(0))]
    assert issue is not None
    assert issue.point is not None

    dirty.bridge.execute(Give(issue.point, issue.areas[0], is_inside=True))

    assert len(titles(drawer)) == 5
    assert chip(drawer, "kind-all").isChecked()


def test_a_gap_that_touches_no_area_is_counted_in_all(
    qtbot: QtBot, open_context: OpenContext, dirty_file: Path, demo_files: Path, tmp_path: Path
) -> None:
    from gridadmin.app.importing import Request, import_file

    path = tmp_path / "mit.gpkg"
    path.write_bytes(dirty_file.read_bytes())
    import_file(path, Request(demo_files / "demo-dirty.gpkg", "micro_grid", layer="micro_grid"))
    context = open_context(path)
    drawer = shown(qtbot, IssueDrawer(context))
    idle(qtbot, context)
    crossing = area(context, "自相交（误绘）")
    lobe = next(one for one in context.bridge.issues() if one.areas == (crossing.uid,))
    assert lobe.point is not None

    context.bridge.execute(Give(lobe.point, None, is_inside=True))
    idle(qtbot, context)

    assert [one.kind for one in context.bridge.issues() if not one.areas] == ["gap"]
    counts = drawer.model.severities()
    assert context.bridge.weighing() == counts[Severity.ERROR] + counts[Severity.WARNING]


def test_dust_is_counted_in_the_head(drawer: IssueDrawer, dirty: Context) -> None:
    community = area(dirty, "乙亥社区")
    dirty.bridge.execute(SetField(community.uid, "divided", value=True))
    own = dirty.bridge.snapshot.partition.own_twice_area(oid_of(community.uid))
    assert own > 0
    count, m2 = {"gap": 2, "overlap": 1}, 0.0031

    def dust() -> tuple[dict[str, int], float]:
        return count, m2

    dirty.bridge.dust = dust  # type: ignore[method-assign]
    dirty.bridge.issues_changed.emit()

    assert drawer._head.whole_text().endswith("微小误差 3 处（合计 0.0031 m²）")


@pytest.mark.parametrize("size", [(300, 700), (1000, 260), (300, 380)])
def test_the_list_always_has_room(qtbot: QtBot, dirty: Context, size: tuple[int, int]) -> None:
    drawer = shown(qtbot, IssueDrawer(dirty), size)
    idle(qtbot, dirty)
    QApplication.processEvents()

    assert drawer.view.height() >= 2 * drawer.view.sizeHintForRow(0)
    severities = [chip(drawer, f"severity-{one}") for one in Severity]
    assert all(one.width() >= one.minimumSizeHint().width() for one in severities)
