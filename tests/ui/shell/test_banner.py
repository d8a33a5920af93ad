from PySide6.QtWidgets import QMainWindow
from pytestqt.qtbot import QtBot

from tests.ui.hands import tap
from ui.shell.banner import Banner


def test_the_banner_says_why_and_offers_to_try_again(qtbot: QtBot, frame: QMainWindow) -> None:
    banner = Banner(frame)
    assert banner.isHidden()
    banner.tell("“示例.gpkg”正由别人使用。")
    assert banner.isVisible()
    assert banner.text.text() == "“示例.gpkg”正由别人使用。现在可以查看，不能修改。"
    with qtbot.waitSignal(banner.retried):
        tap(banner.button)
    banner.tell("")
    assert banner.isHidden()


def test_other_notices_have_no_button(frame: QMainWindow) -> None:
    banner = Banner(frame)
    banner.note("接着上次没有写回的工作。")
    assert banner.isVisible()
    assert banner.button.isHidden()
    assert banner.text.accessibleName() == "接着上次没有写回的工作。"
