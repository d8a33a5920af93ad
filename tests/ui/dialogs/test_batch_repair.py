"""Small issues settled at once: counts before anything is done, one gesture, one way back."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QRadioButton
from pytestqt.qtbot import QtBot

from tests.ui.dialogs.conftest import click, idle, with_overlap
from tests.ui.panels.conftest import said
from ui.context import Context
from ui.dialogs.batch_repair import BatchRepairDialog


@pytest.fixture
def narrow(working: Context, chinese_dir: Path) -> Context:
    """A project in which grid 1 and grid 2 overlap by half a metre along 100 m."""
    return with_overlap(working, chinese_dir, 0.5)


def shown(qtbot: QtBot, context: Context) -> BatchRepairDialog:
    idle(qtbot, context)
    dialog = BatchRepairDialog(context)
    qtbot.addWidget(dialog)
    dialog.show()
    idle(qtbot, context)
    return dialog


def test_the_summary_comes_before_anything_is_done(qtbot: QtBot, narrow: Context) -> None:
    before = narrow.bridge.snapshot

    dialog = shown(qtbot, narrow)

    slivers = dialog.findChild(QRadioButton, "batch-slivers")
    assert slivers is not None
    assert slivers.isChecked(), "there is no dust"
    told = said(dialog)
    assert "重叠 1 处" in told
    assert "50.0000 m²" in told
    assert narrow.bridge.snapshot is before


def test_all_are_settled_in_one_gesture_that_can_be_taken_back(
    qtbot: QtBot, narrow: Context
) -> None:
    dialog = shown(qtbot, narrow)
    revision = narrow.bridge.snapshot.revision

    with qtbot.waitSignal(narrow.messages.told, timeout=30_000) as told:
        click(dialog.main_button)
    idle(qtbot, narrow)

    assert told.args[0].text == "已处理 1 处微小问题。"
    assert narrow.bridge.snapshot.revision == revision + 1
    assert [one.kind for one in narrow.bridge.issues() if one.kind == "overlap"] == []
    word, undo = told.args[0].action
    assert word == "撤销"
    undo()
    idle(qtbot, narrow)
    assert len([one for one in narrow.bridge.issues() if one.kind == "overlap"]) == 1


def test_without_dust_the_button_says_that_there_is_nothing(qtbot: QtBot, narrow: Context) -> None:
    dialog = shown(qtbot, narrow)
    dust = dialog.findChild(QRadioButton, "batch-dust")
    assert dust is not None

    dust.setChecked(True)

    assert not dialog.main_button.isEnabled()
    assert dialog.main_button.toolTip() == "没有可以这样处理的地方。"
