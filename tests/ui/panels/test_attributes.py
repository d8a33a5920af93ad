"""Fields of the inspector: kind, class, counts, figures, four bounds, note, lineage."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from gridadmin.domain.model import Area
from gridadmin.edit.area_commands import SetField
from gridadmin.edit.bounds_commands import WriteBounds
from gridadmin.edit.merge_commands import Merge
from tests.ui.finding import part
from tests.ui.panels.conftest import OpenContext, area, click, idle, press, said, shown, type_into
from tests.ui.panels.wheel import turn_wheel
from ui.context import Context
from ui.panels.attributes import differences
from ui.panels.fields import Choice, Lines
from ui.panels.inspector import Inspector

COMMUNITY = "庚午社区"


def inspect(qtbot: QtBot, context: Context, *areas: Area) -> Inspector:
    """Show the inspector with areas selected."""
    panel = shown(qtbot, Inspector(context), (312, 1400))
    panel.activateWindow()
    idle(qtbot, context)
    context.selection.select_areas([one.uid for one in areas])
    refreshed(panel)
    # The page asks for the history, and is made anew when that comes.
    idle(qtbot, context)
    refreshed(panel)
    return panel


def refreshed(inspector: Inspector) -> str:
    """Return the words of the page as it is after everything that waits."""
    inspector.refresh()
    QApplication.processEvents()
    return said(inspector.page)


def now(context: Context, of: Area) -> Area:
    return context.bridge.snapshot.area(of.uid)


def revision(context: Context) -> int:
    return context.bridge.snapshot.revision


def test_the_class_is_chosen_in_one_step_and_taken_back_in_one(qtbot: QtBot, demo: Context) -> None:
    grid = area(demo, COMMUNITY, "第五网格")
    was = grid.area_class
    inspector = inspect(qtbot, demo, grid)
    box = part(inspector.page, Choice, "class")
    assert box.currentData() == was
    first = revision(demo)

    box.setFocus()
    press(box, Qt.Key.Key_Down)

    assert revision(demo) == first + 1
    assert now(demo, grid).area_class != was
    demo.bridge.undo()
    assert now(demo, grid).area_class == was


def test_kind_and_type_are_one_choice(qtbot: QtBot, demo: Context) -> None:
    grid = area(demo, COMMUNITY, "第五网格")
    inspector = inspect(qtbot, demo, grid)
    box = part(inspector.page, Choice, "kind")
    assert [box.itemText(n) for n in range(3)] == [
        "一般网格",
        "专属网格（未分类型）",
        "专属 · 学校",
    ]

    box.setFocus()
    press(box, Qt.Key.Key_Down)
    refreshed(inspector)
    press(part(inspector.page, Choice, "kind"), Qt.Key.Key_Down)

    assert (now(demo, grid).kind, now(demo, grid).exclusive_type) == ("exclusive", "school")


def test_a_micro_grid_has_no_kind_to_choose(qtbot: QtBot, demo: Context) -> None:
    inspector = inspect(qtbot, demo, area(demo, COMMUNITY, "第五网格", "05-03微网格"))

    assert inspector.page.findChild(Choice, "kind") is None


def test_the_wheel_over_a_choice_does_not_change_it(qtbot: QtBot, demo: Context) -> None:
    grid = area(demo, COMMUNITY, "第五网格")
    inspector = inspect(qtbot, demo, grid)
    box = part(inspector.page, Choice, "class")
    first = revision(demo)
    box.setFocus()

    turn_wheel(box)

    assert revision(demo) == first


def test_a_note_is_kept_when_the_field_is_left(qtbot: QtBot, demo: Context) -> None:
    grid = area(demo, COMMUNITY, "第五网格")
    inspector = inspect(qtbot, demo, grid)
    note = part(inspector.page, Lines, "note")
    note.setFocus()
    QTest.keyClicks(note, "school run")
    press(note, Qt.Key.Key_Return)
    QTest.keyClicks(note, "8:00")

    press(note, Qt.Key.Key_Tab)

    assert now(demo, grid).note == "school run\n8:00"


def test_escape_takes_a_half_written_note_back(qtbot: QtBot, demo: Context) -> None:
    grid = area(demo, COMMUNITY, "第五网格")
    inspector = inspect(qtbot, demo, grid)
    note = part(inspector.page, Lines, "note")
    note.setFocus()
    QTest.keyClicks(note, "no")

    press(note, Qt.Key.Key_Escape)
    press(note, Qt.Key.Key_Tab)

    assert note.toPlainText() == ""
    assert now(demo, grid).note is None


def test_a_half_written_note_is_not_lost_when_issues_come_in(qtbot: QtBot, demo: Context) -> None:
    inspector = inspect(qtbot, demo, area(demo, COMMUNITY, "第五网格"))
    note = part(inspector.page, Lines, "note")
    note.setFocus()
    QTest.keyClicks(note, "half")

    demo.bridge.issues_changed.emit()
    qtbot.wait(150)

    assert part(inspector.page, Lines, "note").toPlainText() == "half"
    press(note, Qt.Key.Key_Escape)


def test_a_read_only_project_has_fields_that_say_why(
    qtbot: QtBot, open_context: OpenContext, demo_files: Path
) -> None:
    context = open_context(demo_files / "demo.gpkg", write=False)
    inspector = inspect(qtbot, context, area(context, COMMUNITY, "第五网格"))

    assert not part(inspector.page, Choice, "class").isEnabled()
    assert part(inspector.page, Lines, "note").isReadOnly()
    assert part(inspector.page, QPushButton, "write-bounds").toolTip() == "项目以只读方式打开。"


# Households


def test_a_figure_is_typed_beside_the_counted_one_and_both_are_shown(
    qtbot: QtBot, demo: Context
) -> None:
    grid = area(demo, COMMUNITY, "第五网格")
    inspector = inspect(qtbot, demo, grid)

    click(part(inspector.page, QPushButton, "type-households"))
    type_into(part(inspector.page, QLineEdit, "households"), "400")
    type_into(part(inspector.page, QLineEdit, "households-as-of"), "2025-12-31")
    press(part(inspector.page, QLineEdit, "households-as-of"), Qt.Key.Key_Return)

    assert (now(demo, grid).households_typed, now(demo, grid).households_as_of) == (
        400,
        "2025-12-31",
    )
    told = refreshed(inspector)
    assert "户数 375 户" in told
    assert "按楼栋统计 375 户，填报 400 户，相差 25 户。" in told
    assert "人工填写，截至 2025-12-31。" in told


def test_a_day_that_is_none_is_refused_beside_the_field(qtbot: QtBot, dirty: Context) -> None:
    grid = area(dirty, COMMUNITY, "第三网格")
    inspector = inspect(qtbot, dirty, grid)
    type_into(part(inspector.page, QLineEdit, "households"), "320")
    day = part(inspector.page, QLineEdit, "households-as-of")
    type_into(day, "31.12.")

    press(day, Qt.Key.Key_Return)

    assert "“31.12.”不是日期，请写成 2026-12-31 的形式。" in said(inspector.page)
    assert now(dirty, grid).households_typed is None


# Four bounds


def test_four_bounds_are_written_from_the_map(qtbot: QtBot, demo: Context) -> None:
    grid = area(demo, COMMUNITY, "第五网格")
    inspector = inspect(qtbot, demo, grid)
    button = part(inspector.page, QPushButton, "write-bounds")
    assert button.text() == "生成四至"

    click(button)

    text = now(demo, grid).four_bounds
    assert text is not None
    assert [part_[:2] for part_ in text.split("，")] == ["东至", "南至", "西至", "北至"]
    refreshed(inspector)
    assert part(inspector.page, Lines, "four_bounds").toPlainText() == text


def test_what_the_map_says_is_shown_before_a_written_text_is_replaced(
    qtbot: QtBot, demo: Context
) -> None:
    grid = area(demo, COMMUNITY, "第五网格")
    demo.bridge.execute(WriteBounds([grid.uid]))
    right = now(demo, grid).four_bounds or ""
    east = right.split("，")[0]
    demo.bridge.execute(SetField(grid.uid, "four_bounds", right.replace(east, "东至旧路")))
    inspector = inspect(qtbot, demo, grid)

    click(part(inspector.page, QPushButton, "write-bounds"))

    told = said(inspector.page)
    assert right in told
    assert f"东：旧路 → {east[2:]}" in told
    assert (now(demo, grid).four_bounds or "").startswith("东至旧路")
    click(part(inspector.page, QPushButton, "take-bounds"))
    assert now(demo, grid).four_bounds == right


def test_bounds_whose_border_moved_say_so_and_can_be_confirmed(qtbot: QtBot, demo: Context) -> None:
    from tests.ui.panels.test_area_tree import _move_border_of

    grid = area(demo, COMMUNITY, "第五网格")
    demo.bridge.execute(SetField(grid.uid, "four_bounds", "东至甲路"))
    _move_border_of(demo, grid.uid)
    inspector = inspect(qtbot, demo, grid)
    assert "写好以后边界有过变动，请更新或确认。" in said(inspector.page)

    click(part(inspector.page, QPushButton, "confirm-bounds"))

    assert not now(demo, grid).is_bounds_stale
    assert "写好以后边界有过变动，请更新或确认。" not in refreshed(inspector)


def test_differences_are_told_side_by_side() -> None:
    old, new = "东至甲路，南至乙河，西至丙", "东至甲路，南至丁街，西至丙，北至戊"

    assert differences(old, new) == ["南：乙河 → 丁街", "北：— → 戊"]


# Several areas


def test_one_change_sets_all_that_are_selected(qtbot: QtBot, demo: Context) -> None:
    grids = [area(demo, COMMUNITY, name) for name in ("第五网格", "第四网格", "第三网格")]
    demo.bridge.execute(SetField(grids[0].uid, "class", "rural"))
    inspector = inspect(qtbot, demo, *grids)
    box = part(inspector.page, Choice, "class")
    assert box.currentIndex() == -1
    assert box.placeholderText() == "（各不相同）"
    first = revision(demo)

    box.setFocus()
    press(box, Qt.Key.Key_Down)

    assert revision(demo) == first + 1
    assert len({now(demo, grid).area_class for grid in grids}) == 1


def test_a_note_that_differs_says_so_and_is_set_for_all(qtbot: QtBot, demo: Context) -> None:
    grids = [area(demo, COMMUNITY, name) for name in ("第五网格", "第四网格")]
    demo.bridge.execute(SetField(grids[0].uid, "note", "甲"))
    inspector = inspect(qtbot, demo, *grids)
    note = part(inspector.page, Lines, "note")
    assert note.placeholderText() == "（各不相同，写入后全部改成一样）"
    note.setFocus()
    QTest.keyClicks(note, "both")

    press(note, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)

    assert [now(demo, grid).note for grid in grids] == ["both", "both"]


def test_the_bounds_of_all_that_are_selected_are_written_in_one_step(
    qtbot: QtBot, demo: Context
) -> None:
    grids = [area(demo, COMMUNITY, name) for name in ("第五网格", "第四网格")]
    inspector = inspect(qtbot, demo, *grids)
    assert "四至：2 个没有四至" in said(inspector.page)
    first = revision(demo)

    with qtbot.waitSignal(demo.bridge.changed):
        click(part(inspector.page, QPushButton, "bounds-outdated"))

    assert revision(demo) == first + 1
    assert all(now(demo, grid).four_bounds for grid in grids)
    refreshed(inspector)
    button: QWidget = part(inspector.page, QPushButton, "bounds-outdated")
    assert button.toolTip() == "都有四至，边界也没有变动。"


# Lineage


def test_lineage_and_papers_of_a_merged_community(qtbot: QtBot, demo: Context) -> None:
    snapshot = demo.bridge.snapshot
    community = area(demo, COMMUNITY)
    siblings = [one for one in snapshot.children(community.parent) if one.uid != community.uid]
    merged = next(
        one for one in siblings if not demo.bridge.attempt(Merge([community.uid, one.uid]))
    )
    stays = min(community.uid, merged.uid)
    gone = max(community.uid, merged.uid)
    inspector = inspect(qtbot, demo, demo.bridge.snapshot.area(stays))
    name = demo.bridge.snapshot.area(gone).name
    assert any(line.startswith(f"由{name}（") for line in said(inspector.page).splitlines())

    number = part(inspector.page, QLineEdit, "document")
    type_into(number, "X-2026-1")
    press(number, Qt.Key.Key_Return)

    (line,) = demo.bridge.snapshot.rows("lineage").values()
    assert line.document == "X-2026-1"
    assert "X-2026-1" in refreshed(inspector)
