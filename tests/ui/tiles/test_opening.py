"""A large file that is being opened holds up nothing else and can be left."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from pytestqt.qtbot import QtBot

from gridadmin.tiles.source import Kind, Source
from tests.ui.tiles.test_adding import field, opened, press
from ui.context import Context
from ui.jobs import Job
from ui.tiles.basemaps import BaseMaps


@pytest.fixture
def gate() -> Iterator[threading.Event]:
    made = threading.Event()
    yield made
    made.set()


@pytest.fixture
def photo(maps: BaseMaps, tmp_path: Path) -> Source:
    """A picture that lies in the middle of the demo city, declared and not yet chosen."""
    path = tmp_path / "航片.png"
    Image.new("RGB", (400, 300), "green").save(path)
    path.with_suffix(".pgw").write_text("20\n0\n0\n-20\n427000\n4459000\n", encoding="ascii")
    source = Source("photo", "航片", Kind.IMAGE, str(path), crs="EPSG:4544")
    maps.declare(source)
    return source


def busy(maps: BaseMaps, gate: threading.Event) -> None:
    """Let a file be opened that takes until the gate is opened."""
    maps.open_beside("打开底图", lambda _: gate.wait(), lambda _: None, lambda _: None)


def test_other_work_goes_on_while_a_large_file_is_read(
    qtbot: QtBot, context: Context, maps: BaseMaps, photo: Source, gate: threading.Event
) -> None:
    busy(maps, gate)
    maps.choose_base(photo.id)
    assert maps.file_of(photo) is None
    done: list[int] = []
    context.jobs.start("检查", lambda _: 7, on_done=done.append)
    qtbot.waitUntil(lambda: done == [7])

    assert maps.is_opening(photo)
    gate.set()
    qtbot.waitUntil(lambda: maps.opened_file(photo) is not None, timeout=20_000)


def test_file_that_is_shown_no_more_is_not_read_on(
    qtbot: QtBot, maps: BaseMaps, photo: Source, gate: threading.Event
) -> None:
    busy(maps, gate)
    maps.choose_base(photo.id)
    maps.file_of(photo)
    maps.choose_base("")
    gate.set()
    qtbot.waitUntil(lambda: not maps.is_opening(photo))

    assert maps.opened_file(photo) is None
    assert maps.trouble(photo) == ""
    assert maps.file_of(photo) is None
    qtbot.waitUntil(lambda: maps.opened_file(photo) is not None, timeout=20_000)


def test_reading_that_the_user_stops_is_said_and_can_be_begun_again(
    qtbot: QtBot, context: Context, maps: BaseMaps, photo: Source
) -> None:
    told: list[str] = []
    context.messages.told.connect(lambda message: told.append(message.text))
    stopping: list[Job] = []

    def stop(job: Job) -> None:
        if not stopping:
            stopping.append(job)
            job.cancel()

    maps.opening.connect(stop)
    maps.choose_base(photo.id)
    maps.file_of(photo)
    qtbot.waitUntil(lambda: not maps.is_opening(photo))

    assert "没有打开底图“航片”：读取被停止了" in maps.trouble(photo)
    assert told == [maps.trouble(photo)]
    maps.try_again(photo)
    maps.file_of(photo)
    qtbot.waitUntil(lambda: maps.opened_file(photo) is not None, timeout=20_000)
    assert maps.trouble(photo) == ""


def test_file_that_was_tested_is_not_read_again_when_it_is_added(
    qtbot: QtBot, context: Context, maps: BaseMaps, photo: Source
) -> None:
    begun: list[Job] = []
    maps.opening.connect(begun.append)
    dialog = opened(qtbot, context, "file")
    field(dialog, "source_path").setText(photo.address)
    field(dialog, "source_crs").setText("EPSG:4544")
    press(dialog, "test_source")
    qtbot.waitUntil(lambda: dialog.said.text() == "文件可用。", timeout=20_000)
    press(dialog, "main")
    qtbot.waitUntil(lambda: maps.choice.base not in ("beside", ""), timeout=20_000)

    assert maps.base is not None
    assert maps.file_of(maps.base) is not None
    assert len(begun) == 1


def test_file_that_is_added_while_it_is_tested_is_read_once_and_taken(
    qtbot: QtBot, context: Context, maps: BaseMaps, photo: Source, gate: threading.Event
) -> None:
    begun: list[Job] = []
    busy(maps, gate)
    maps.opening.connect(begun.append)
    dialog = opened(qtbot, context, "file")
    field(dialog, "source_path").setText(photo.address)
    field(dialog, "source_crs").setText("EPSG:4544")
    press(dialog, "test_source")
    press(dialog, "main")
    gate.set()
    qtbot.waitUntil(lambda: maps.choice.base not in ("beside", ""), timeout=20_000)

    assert maps.base is not None
    assert maps.base.address == photo.address
    assert len(begun) == 1


def test_reading_that_is_stopped_while_it_is_added_is_said_in_the_dialog(
    qtbot: QtBot, context: Context, maps: BaseMaps, photo: Source
) -> None:
    dialog = opened(qtbot, context, "file")
    field(dialog, "source_path").setText(photo.address)
    field(dialog, "source_crs").setText("EPSG:4544")
    maps.opening.connect(lambda job: job.cancel())
    press(dialog, "main")
    qtbot.waitUntil(lambda: "读取被停止了" in dialog.fault.text(), timeout=20_000)

    assert dialog.keep.isEnabled()
    assert maps.choice.base == "beside"


def test_a_test_of_a_file_that_is_being_added_lets_it_be_added_afterwards(
    qtbot: QtBot, context: Context, maps: BaseMaps, photo: Source, gate: threading.Event
) -> None:
    busy(maps, gate)
    dialog = opened(qtbot, context, "file")
    field(dialog, "source_path").setText(photo.address)
    field(dialog, "source_crs").setText("EPSG:4544")
    press(dialog, "main")
    assert not dialog.keep.isEnabled()
    press(dialog, "test_source")
    gate.set()
    qtbot.waitUntil(lambda: dialog.said.text() == "文件可用。", timeout=20_000)

    assert dialog.keep.isEnabled()


def test_a_slider_of_the_map_leaves_what_another_map_is_opening(
    qtbot: QtBot, maps: BaseMaps, photo: Source, gate: threading.Event
) -> None:
    begun: list[Job] = []
    busy(maps, gate)
    maps.opening.connect(begun.append)
    assert maps.file_of(photo) is None
    maps.set_dimming(40)
    maps.set_dimming(50)
    gate.set()
    qtbot.waitUntil(lambda: maps.opened_file(photo) is not None, timeout=20_000)

    assert len(begun) == 1
