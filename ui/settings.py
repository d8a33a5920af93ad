"""The user's settings: one declared table, from which the settings dialog is made as well.

Values lie in a JSON file in the user's own configuration folder. A value that the table doesn't
allow is replaced by the usual one; a file that can't be read is left alone and not used.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import platformdirs
from PySide6.QtCore import QObject, Signal

from ui.texts import mark

_log = logging.getLogger("gridadmin.settings")


@dataclass(frozen=True)
class Setting:
    """One setting: its key, what it is called, its usual value and what else it may be.

    ``choices`` are ``(value, words)``; ``low`` and ``high`` bound numbers. A setting without
    ``words`` is remembered by the program and not shown in the dialog. ``is_file`` makes of a
    text the path of a file; one that ``is_secret`` is kept in the system's keyring and never here.
    """

    key: str
    usual: Any
    words: str = ""
    group: str = ""
    hint: str = ""
    choices: Sequence[tuple[Any, str]] = ()
    low: float | None = None
    high: float | None = None
    needs_restart: bool = False
    is_file: bool = False
    is_secret: bool = False

    def allows(self, value: Any) -> bool:
        """Return whether *value* may stand here."""
        if type(value) is not type(self.usual) or (self.is_secret and value):
            return False
        if self.choices:
            return any(value == choice for choice, _ in self.choices)
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return (self.low is None or value >= self.low) and (
                self.high is None or value <= self.high
            )
        return True


_LOOK, _MAP, _WORK, _NETWORK = mark("外观"), mark("地图"), mark("工作"), mark("网络")

TABLE: tuple[Setting, ...] = (
    Setting(
        "language",
        "system",
        mark("语言"),
        _LOOK,
        mark("界面文字所用的语言。"),
        (("system", mark("跟随系统")), ("zh", mark("中文")), ("en", mark("English"))),
        needs_restart=True,
    ),
    Setting(
        "theme",
        "system",
        mark("主题"),
        _LOOK,
        mark("浅色或深色；跟随系统时随系统设置变化。"),
        (("system", mark("跟随系统")), ("light", mark("浅色")), ("dark", mark("深色"))),
    ),
    Setting(
        "font_scale",
        100,
        mark("文字大小（%）"),
        _LOOK,
        mark("在系统缩放之外再放大或缩小文字。"),
        low=80,
        high=200,
    ),
    Setting("show_labels", True, mark("显示名称和户数"), _MAP),
    Setting("show_basemap", True, mark("显示底图"), _MAP),
    Setting(
        "fill_opacity",
        45,
        mark("区域填色浓度（%）"),
        _MAP,
        mark("越小，底图越清楚。"),
        low=0,
        high=100,
    ),
    Setting(
        "snap_px",
        10,
        mark("捕捉距离（像素）"),
        _WORK,
        mark("指针离节点或边界多近时算作选中。"),
        low=4,
        high=40,
    ),
    Setting(
        "nudge_m",
        0.1,
        mark("方向键移动的距离（米）"),
        _WORK,
        mark("按住 Shift 时移动十倍。"),
        low=0.001,
        high=10.0,
    ),
    Setting(
        "proxy",
        "system",
        mark("代理"),
        _NETWORK,
        mark("取在线底图时经过的代理服务器。"),
        (("system", mark("跟随系统")), ("none", mark("不用代理")), ("own", mark("下面的地址"))),
    ),
    Setting(
        "proxy_address",
        "",
        mark("代理地址"),
        _NETWORK,
        mark("主机:端口，例如 10.1.2.3:8080。"),
    ),
    Setting(
        "proxy_user",
        "",
        mark("代理用户名"),
        _NETWORK,
        mark("代理服务器要求登录时填写。"),
    ),
    Setting(
        "proxy_password",
        "",
        mark("代理密码"),
        _NETWORK,
        mark("只存在系统密钥库里。"),
        is_secret=True,
    ),
    Setting(
        "ca_file",
        "",
        mark("另外信任的证书机构"),
        _NETWORK,
        mark("单位内网自建证书机构的 PEM 文件；证书有问题的服务器一律不连接。"),
        is_file=True,
    ),
    Setting(
        "tile_cache_mb",
        1024,
        mark("底图缓存上限（MB）"),
        _NETWORK,
        mark("取过的图块存在本机，断网时也能看；超过上限时，先清除最久没用的。"),
        low=16,
        high=100_000,
    ),
    Setting("hidden_layers", []),
    Setting("second_map", {}),
    Setting("second_map_open", False),
    Setting("swipe", {}),
    Setting("basemaps", {}),
    Setting("reference_layers", {}),
    Setting("charts", {}),
    Setting("show_locator", False),
    Setting("bookmarks", {}),
    Setting("recent", []),
    Setting("last_folder", ""),
    Setting("window", {}),
    Setting("tour_seen", False),
)


def config_folder() -> Path:
    """Return the folder of the user's settings; ``GRIDADMIN_CONFIG`` names another."""
    named = os.environ.get("GRIDADMIN_CONFIG")
    return Path(named) if named else Path(platformdirs.user_config_dir("gridadmin", False))


class Settings(QObject):
    """The settings of this user; every change is kept at once."""

    changed = Signal(str)

    def __init__(self, path: Path | None = None, table: Sequence[Setting] = TABLE) -> None:
        super().__init__()
        self._path = path or config_folder() / "settings.json"
        self._table: Mapping[str, Setting] = {setting.key: setting for setting in table}
        self._values = self._read()

    @property
    def folder(self) -> Path:
        """The folder of the user's settings, where what he declares lies, too."""
        return self._path.parent

    @property
    def table(self) -> Sequence[Setting]:
        """All settings, in their order."""
        return tuple(self._table.values())

    def value(self, key: str) -> Any:
        """Return a setting. Raises: KeyError when the table has none of that key."""
        setting = self._table[key]
        return self._values.get(key, setting.usual)

    def set_value(self, key: str, value: Any) -> None:
        """Keep a setting. Raises: KeyError, ValueError when the table doesn't allow the value."""
        if not self._table[key].allows(value):
            raise ValueError(f"{key}: {value!r}")
        if self.value(key) == value:
            return
        self._values[key] = value
        self._write()
        self.changed.emit(key)

    def reset(self) -> None:
        """Give all settings of the dialog their usual values."""
        for setting in self.table:
            if setting.words:
                self.set_value(setting.key, setting.usual)

    def _read(self) -> dict[str, Any]:
        try:
            stored = json.loads(self._path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as fault:
            _log.warning("the settings can't be read and the usual ones are used: %s", fault)
            return {}
        if not isinstance(stored, dict):
            return {}
        return {
            key: value
            for key, value in stored.items()
            if key in self._table and self._table[key].allows(value)
        }

    def _write(self) -> None:
        text = json.dumps(self._values, ensure_ascii=False, indent=1)
        part = self._path.with_suffix(".part")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            part.write_text(text, encoding="utf-8")
            part.replace(self._path)
        except OSError as fault:
            _log.warning("the settings can't be kept: %s", fault)
