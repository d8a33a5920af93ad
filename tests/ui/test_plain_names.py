"""Names are shown as they are: what looks like HTML in them is no HTML."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtGui import Qt as Gui
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from gridadmin.edit.area_commands import SetField
from gridadmin.edit.merge_commands import Merge
from tests.ui.conftest import rest
from tests.ui.mapping import area_named
from ui.main_window import MainWindow

NAME = "<b>甲</b>"


def read_as_html(window: MainWindow) -> list[str]:
    """Return the tips and labels with that name in them that Qt would read as HTML."""
    tips = [one.toolTip() for one in window.findChildren(QWidget)]
    tips += [one.toolTip() for one in window.findChildren(QAction)]
    labels = [
        one.text()
        for one in window.findChildren(QLabel)
        if one.textFormat() == Qt.TextFormat.RichText
        or (one.textFormat() == Qt.TextFormat.AutoText and Gui.mightBeRichText(one.text()))
    ]
    return [
        words
        for words in (*(tip for tip in tips if Gui.mightBeRichText(tip)), *labels)
        if NAME in words
    ]


def mentions(window: MainWindow) -> int:
    """Return how many tips tell that name."""
    escaped = NAME.replace("<", "&lt;").replace(">", "&gt;")
    return sum(escaped in one.toolTip() for one in window.findChildren(QWidget))


def test_a_name_that_looks_like_html_is_shown_as_it_is(window: MainWindow, qtbot: QtBot) -> None:
    bridge = window.context.bridge
    community = area_named(bridge.snapshot, "甲子社区", "子虚街道")
    bridge.execute(SetField(community.uid, "name", NAME))
    pair = [area_named(bridge.snapshot, name, NAME).uid for name in ("第一网格", "第二网格")]
    bridge.execute(SetField(pair[1], "name", NAME))
    bridge.execute(Merge(pair))

    for uid in (community.uid, pair[0], pair[1]):
        window.context.selection.select_areas([uid])
        rest(qtbot, window)
        assert read_as_html(window) == []

    assert mentions(window) > 0
