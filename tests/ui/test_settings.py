"""Settings: kept at once, bounded by their table, never in the way."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ui.settings import TABLE, Setting, Settings


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "用户 设置" / "settings.json"


def test_a_value_is_kept_for_the_next_start(path: Path) -> None:
    Settings(path).set_value("theme", "dark")

    assert Settings(path).value("theme") == "dark"


def test_a_change_is_told_once(path: Path) -> None:
    settings = Settings(path)
    told: list[str] = []
    settings.changed.connect(told.append)

    settings.set_value("snap_px", 12)
    settings.set_value("snap_px", 12)

    assert told == ["snap_px"]


@pytest.mark.parametrize(
    ("key", "value"), [("theme", "pink"), ("snap_px", 400), ("snap_px", "10"), ("show_labels", 1)]
)
def test_what_the_table_does_not_allow_is_refused(path: Path, key: str, value: object) -> None:
    settings = Settings(path)

    with pytest.raises(ValueError, match=key):
        settings.set_value(key, value)


def test_a_stored_value_that_is_not_allowed_gives_way_to_the_usual_one(path: Path) -> None:
    path.parent.mkdir()
    path.write_text(json.dumps({"theme": "pink", "snap_px": 8, "unheard_of": 1}), encoding="utf-8")

    settings = Settings(path)

    assert settings.value("theme") == "system"
    assert settings.value("snap_px") == 8


@pytest.mark.parametrize("content", ["", "{", "[]", "\x00"])
def test_a_damaged_file_is_not_in_the_way(path: Path, content: str) -> None:
    path.parent.mkdir()
    path.write_text(content, encoding="utf-8")

    assert Settings(path).value("theme") == "system"


def test_restoring_gives_the_dialogs_settings_their_usual_values(path: Path) -> None:
    settings = Settings(path)
    settings.set_value("theme", "dark")
    settings.set_value("recent", [{"path": "x"}])

    settings.reset()

    assert settings.value("theme") == "system"
    assert settings.value("recent") == [{"path": "x"}]


@pytest.mark.parametrize("setting", TABLE, ids=lambda setting: setting.key)
def test_the_usual_value_of_every_setting_is_allowed(setting: Setting) -> None:
    assert setting.allows(setting.usual)
