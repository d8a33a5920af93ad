import os
from pathlib import Path
from time import time

from ui.settings import Settings
from ui.workspaces.recent import KEPT, forget, recent, remember


def names(settings: Settings) -> list[str]:
    return [entry.name for entry in recent(settings)]


def test_the_last_opened_comes_first() -> None:
    settings = Settings()
    remember(settings, Path("/a/甲.gpkg"), "甲")
    remember(settings, Path("/a/乙.gpkg"), "乙")
    assert names(settings) == ["乙", "甲"]


def test_a_project_stands_in_the_list_once_under_its_last_name() -> None:
    settings = Settings()
    remember(settings, Path("/a/甲.gpkg"), "甲")
    remember(settings, Path("/a/乙.gpkg"), "乙")
    remember(settings, Path(os.path.normcase("/a/甲.gpkg")), "甲（新）")
    assert names(settings) == ["甲（新）", "乙"]


def test_the_list_is_kept_for_the_next_start() -> None:
    remember(Settings(), Path("/a/甲.gpkg"), "甲")
    (entry,) = recent(Settings())
    assert entry.path == Path("/a/甲.gpkg")
    assert entry.time is not None
    assert abs(entry.time.timestamp() - time()) < 60


def test_the_list_is_short() -> None:
    settings = Settings()
    for number in range(KEPT + 3):
        remember(settings, Path(f"/a/{number}.gpkg"), str(number))
    assert names(settings) == [str(number) for number in range(KEPT + 2, 2, -1)]


def test_a_project_can_be_forgotten() -> None:
    settings = Settings()
    remember(settings, Path("/a/甲.gpkg"), "甲")
    remember(settings, Path("/a/乙.gpkg"), "乙")
    forget(settings, Path("/a/甲.gpkg"))
    assert names(settings) == ["乙"]


def test_entries_that_make_no_sense_are_left_out() -> None:
    settings = Settings()
    settings.set_value("recent", [3, {}, {"path": 1}, {"path": "/a/甲.gpkg", "time": "gestern"}])
    (entry,) = recent(settings)
    assert (entry.name, entry.time) == ("甲", None)
