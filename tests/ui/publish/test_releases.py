"""Releases in the window: made in four steps, compared on the map, saved, rolled back."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from gridadmin.domain.delivery import Delivery
from gridadmin.edit.area_commands import Delete, SetField
from tests.ui.hands import tap
from tests.ui.people.acting import dialog_of
from ui.main_window import MainWindow
from ui.panels.parts import Facts
from ui.plans.forms import PlanForm
from ui.publish.comparison_page import ComparisonPage
from ui.publish.release_dialog import ReleaseDialog
from ui.publish.releases_page import ReleasesPage
from ui.publish.save_dialog import SaveDialog

LEFT = Qt.MouseButton.LeftButton


def rest(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: not window.context.jobs.is_busy, timeout=30_000)


def rename(window: MainWindow, name: str = "改名微网格") -> str:
    areas = [a for a in window.context.bridge.snapshot.areas() if a.level == "micro_grid"]
    uid = min(areas, key=lambda a: a.code or "").uid
    window.context.bridge.execute(SetField(uid, "name", name))
    return uid


def release(qtbot: QtBot, window: MainWindow, note: str = "") -> None:
    """Go through the four steps with real clicks and keys."""
    window.publish.show_page("releases")
    window.actions_table.action("publish.release").trigger()
    dialog = dialog_of(window, ReleaseDialog)
    tap(dialog.main_button)
    qtbot.waitUntil(lambda: dialog.pages.currentWidget() is dialog.checks_page, timeout=30_000)
    tap(dialog.main_button)
    QTest.keyClicks(dialog.note_page.note, note)
    tap(dialog.main_button)
    qtbot.waitUntil(lambda: dialog.pages.currentWidget() is dialog.done_page, timeout=30_000)
    tap(dialog.main_button)
    rest(qtbot, window)


def releases_page(window: MainWindow) -> ReleasesPage:
    page = window.publish.show_page("releases")
    assert isinstance(page, ReleasesPage)
    return page


def test_a_release_is_made_in_four_steps_and_stands_in_the_list(
    qtbot: QtBot, window: MainWindow
) -> None:
    QTest.keyClick(window, Qt.Key.Key_5, Qt.KeyboardModifier.ControlModifier)
    assert window.workspace == "publish"
    assert not window.actions_table.action("publish.save").isEnabled()

    release(qtbot, window, "first")

    page = releases_page(window)
    cells = [page.model.index(0, column).data() for column in range(4)]
    assert cells[0] == "r0001"
    assert cells[3] == "first"
    assert window.publish.records.chosen is not None
    assert window.actions_table.action("publish.save").isEnabled()


def test_what_is_known_of_another_release_takes_the_place_of_the_last_at_once(
    qtbot: QtBot, window: MainWindow
) -> None:
    release(qtbot, window, "first")
    rename(window)
    release(qtbot, window, "second")
    page = releases_page(window)

    def shown() -> list[Facts]:
        return [facts for facts in page.findChildren(Facts) if facts.isVisible()]

    qtbot.waitUntil(lambda: len(shown()) == 1)
    (before,) = shown()

    page.table.selectRow(1)

    # The event loop has not deleted it yet.
    assert before.isHidden()


def test_the_same_content_is_refused_with_its_reason(qtbot: QtBot, window: MainWindow) -> None:
    release(qtbot, window)
    window.actions_table.action("publish.release").trigger()
    dialog = dialog_of(window, ReleaseDialog)
    tap(dialog.main_button)
    qtbot.waitUntil(lambda: dialog.pages.currentWidget() is dialog.checks_page, timeout=30_000)
    tap(dialog.main_button)
    tap(dialog.main_button)
    qtbot.waitUntil(lambda: bool(dialog.banner.text), timeout=30_000)

    assert "1" in dialog.banner.text
    assert len(window.publish.records.releases) == 1
    dialog.reject()


def test_an_error_asks_for_a_reason_and_a_name(qtbot: QtBot, window: MainWindow) -> None:
    bridge = window.context.bridge
    areas = [a for a in bridge.snapshot.areas() if a.level == "micro_grid"]
    # Its land goes to the grid above, which a release counts as a gap.
    bridge.execute(Delete(min(areas, key=lambda a: a.code or "").uid))
    rest(qtbot, window)
    window.publish.show_page("releases")
    window.actions_table.action("publish.release").trigger()
    dialog = dialog_of(window, ReleaseDialog)
    tap(dialog.main_button)
    qtbot.waitUntil(lambda: dialog.pages.currentWidget() is dialog.checks_page, timeout=30_000)
    assert not dialog.main_button.isEnabled()
    reasons = [
        field
        for field in dialog.checks_page.findChildren(QLineEdit)
        if field.objectName().startswith("reason-")
    ]
    assert reasons
    for reason in reasons:
        QTest.keyClicks(reason, "made up")
    assert not dialog.main_button.isEnabled()
    QTest.keyClicks(dialog.checks_page.name, "nobody")
    assert dialog.main_button.isEnabled()
    tap(dialog.main_button)
    tap(dialog.main_button)
    qtbot.waitUntil(lambda: dialog.pages.currentWidget() is dialog.done_page, timeout=30_000)

    [made] = window.publish.records.releases
    said = [(one.reason, one.by) for one in made.allowed_issues]
    assert said == [("made up", "nobody")] * len(reasons)
    dialog.accept()


def test_the_chosen_release_is_compared_with_the_present(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    release(qtbot, window)
    uid = rename(window)
    window.actions_table.action("publish.compare").trigger()
    page = window.publish.show_page("comparison")
    assert isinstance(page, ComparisonPage)
    qtbot.waitUntil(lambda: page.comparison is not None, timeout=30_000)

    assert page.comparison is not None
    assert [area.uid for area in page.comparison.areas] == [uid]
    assert page.model.rowCount() == 1
    page.picture_wanted.emit(tmp_path / "对照 图.png")
    assert (tmp_path / "对照 图.png").stat().st_size > 1000


def test_rolling_back_asks_first_and_can_be_undone(qtbot: QtBot, window: MainWindow) -> None:
    release(qtbot, window)
    uid = rename(window)
    window.actions_table.action("publish.roll_back").trigger()
    form = dialog_of(window, PlanForm)
    tap(form.act_button)
    bridge = window.context.bridge
    qtbot.waitUntil(lambda: bridge.snapshot.area(uid).name != "改名微网格", timeout=30_000)
    rest(qtbot, window)

    bridge.undo()
    qtbot.waitUntil(lambda: bridge.snapshot.area(uid).name == "改名微网格", timeout=30_000)


def test_a_release_is_saved_under_its_own_name(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    release(qtbot, window)
    window.actions_table.action("publish.save").trigger()
    dialog = dialog_of(window, SaveDialog)
    dialog.page.place.folder.setText(str(tmp_path))
    tap(dialog.main_button)
    rest(qtbot, window)

    assert (tmp_path / "demo-r0001-public.gpkg").is_file()
    [note] = window.context.bridge.session.store.export_notes()
    assert note.file == "demo-r0001-public.gpkg"


def test_a_ledger_takes_no_mapping_and_says_why(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    mapping = tmp_path / "映射.toml"
    mapping.write_text('[columns]\nname = "MC"\n', encoding="utf-8")
    release(qtbot, window)
    window.actions_table.action("publish.save").trigger()
    dialog = dialog_of(window, SaveDialog)
    page = dialog.page
    page.take_mapping(mapping)
    assert page.choose_mapping.isEnabled()
    assert page.mapped.text() == "按 映射.toml 改列名和代码。"

    page.format.setCurrentIndex(page.format.findData(".xlsx"))
    assert not page.choose_mapping.isEnabled()
    assert page.choose_mapping.toolTip() == "Excel 台账的列名是固定的。"
    assert page.mapped.text() == "Excel 台账的列名是固定的。"

    page.format.setCurrentIndex(0)
    assert page.choose_mapping.isEnabled()
    assert page.choose_mapping.toolTip() == ""
    assert page.mapped.text() == "按 映射.toml 改列名和代码。"
    dialog.reject()


def test_letters_that_gbk_lacks_are_counted_where_a_release_is_saved(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    rename(window, "\U00020021巷微网格")
    release(qtbot, window)
    window.actions_table.action("publish.save").trigger()
    dialog = dialog_of(window, SaveDialog)
    dialog.page.format.setCurrentIndex(2)
    dialog.page.place.folder.setText(str(tmp_path))
    tap(dialog.main_button)
    rest(qtbot, window)

    assert dialog.banner.text.endswith("有 1 个字 GBK 里没有，写成了 〓。")
    assert dialog.main_button.text() == "完成"
    folder = tmp_path / "demo-r0001-public"
    assert (folder / "micro_grid.cpg").read_text().strip() in ("936", "GBK")
    tap(dialog.main_button)
    assert not dialog.isVisible()


def test_deliveries_are_shown_and_written_as_a_file(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    one = Delivery(
        "d", 1, "虚构目标", "https://example.invalid/", "public", "a-r0001-public.gpkg", 9,
        "ab" * 32, "甲", "2026-01-01T00:00:00+00:00", "2026-01-01T00:01:00+00:00", "confirmed", "",
        "=1+1",
    )  # fmt: skip
    window.context.bridge.session.store.keep_delivery(one)
    window.publish.show_page("audit")
    window.publish.records.read()
    rest(qtbot, window)
    assert window.publish.records.deliveries == [one]

    window.publish.audit.write(tmp_path / "audit.csv")
    rest(qtbot, window)
    text = (tmp_path / "audit.csv").read_text(encoding="utf-8-sig")
    assert "虚构目标" in text
    assert "'=1+1" in text
