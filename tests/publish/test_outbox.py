"""The queue: it outlasts its program, waits for what may pass, and is emptied by confirmation."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

import pytest

from gridadmin.base.errors import Cancelled
from gridadmin.base.progress import SILENT
from gridadmin.domain.delivery import Delivery, DeliveryState
from gridadmin.publish.delivery import Parcel, part_name
from gridadmin.publish.latest import LATEST, look
from gridadmin.publish.outbox import Item, Outbox, Work, new_item
from gridadmin.publish.patience import Patience
from gridadmin.publish.targets.faults import TargetError
from gridadmin.publish.targets.folder import FolderTarget
from gridadmin.publish.targets.target import OnlyIf, Sent, Target
from gridadmin.store.lock import take_lock
from tests.publish.parcels import hurried, made_up_parcel

WORK = Work(SILENT, hurried(2), str)


@pytest.fixture
def server(tmp_path: Path) -> Path:
    folder = tmp_path / "server"
    folder.mkdir()
    return folder


def taken_in(parcel: Parcel, server: Path, known: tuple[str, ...] = ()) -> Item:
    item = new_item(Path("项目.gpkg"), "共享", server.as_uri(), parcel, "测试员", known)
    return Outbox().add(item, parcel.path)


def opens(server: Path) -> Callable[[], Target]:
    return lambda: FolderTarget(server)


def test_a_delivery_is_done_when_the_server_has_confirmed_and_leaves_the_queue(
    server: Path, tmp_path: Path, user_folder: Path
) -> None:
    item = taken_in(made_up_parcel(tmp_path), server)
    kept: list[Delivery] = []

    Outbox().send(item, opens(server), kept.append, WORK)

    assert [one.state for one in kept] == [DeliveryState.SENDING, DeliveryState.CONFIRMED]
    assert look(FolderTarget(server)).points_to(item.release)
    assert list((user_folder / "outbox").iterdir()) == []


def test_the_queue_outlasts_its_program_even_one_killed_while_sending(
    server: Path, tmp_path: Path
) -> None:
    parcel = made_up_parcel(tmp_path)
    item = taken_in(parcel, server)
    outbox = Outbox()
    outbox._told(item, lambda _: None, DeliveryState.SENDING)
    parcel.path.unlink()

    (found,) = Outbox().items(Path("项目.gpkg"))

    assert found.state == DeliveryState.WAITING
    Outbox().send(found, opens(server), lambda _: None, WORK)
    assert look(FolderTarget(server)).points_to(item.release)


def test_what_a_renamed_layer_is_outlasts_the_program_and_older_files_are_read(
    server: Path, tmp_path: Path, user_folder: Path
) -> None:
    parcel = replace(made_up_parcel(tmp_path), layers=("WG",), kinds=("grid",))
    item = taken_in(parcel, server)
    assert [(one.layers, one.kinds) for one in Outbox().items()] == [(("WG",), ("grid",))]

    # Files from before these were kept.
    file = user_folder / "outbox" / f"{item.uid}.json"
    said = json.loads(file.read_text(encoding="utf-8"))
    del said["kinds"]
    file.write_text(json.dumps(said), encoding="utf-8")
    assert [(one.layers, one.kinds) for one in Outbox().items()] == [(("WG",), ())]


def test_what_may_pass_waits_and_what_is_refused_stays_to_be_looked_at(
    server: Path, tmp_path: Path
) -> None:
    item = taken_in(made_up_parcel(tmp_path), server)

    with pytest.raises(TargetError, match="no_folder"):
        Outbox().send(item, opens(tmp_path / "away"), lambda _: None, WORK)
    (waiting,) = Outbox().items()
    (server / item.release.file).write_bytes(b"theirs")
    with pytest.raises(TargetError, match="name_taken"):
        Outbox().send(item, opens(server), lambda _: None, WORK)
    (refused,) = Outbox().items()

    assert (waiting.state, waiting.attempts) == (DeliveryState.WAITING, 1)
    assert refused.state == DeliveryState.REFUSED
    assert "name_taken" in refused.sentence


def test_a_rival_is_met_by_the_queue_as_well(server: Path, tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    theirs = taken_in(made_up_parcel(tmp_path / "b", 1, seed=7), server)
    Outbox().send(theirs, opens(server), lambda _: None, WORK)
    ours = taken_in(made_up_parcel(tmp_path, 2), server)

    with pytest.raises(TargetError, match="rival"):
        Outbox().send(ours, opens(server), lambda _: None, WORK)

    assert look(FolderTarget(server)).points_to(theirs.release)


def test_no_two_programs_send_one_delivery(server: Path, tmp_path: Path) -> None:
    item = taken_in(made_up_parcel(tmp_path), server)
    lock = take_lock(Outbox().package_of(item))
    assert lock is not None

    with lock, pytest.raises(TargetError, match="in_hand"):
        Outbox().send(item, opens(server), lambda _: None, WORK)


def test_a_newer_release_stands_for_the_one_that_waited(server: Path, tmp_path: Path) -> None:
    taken_in(made_up_parcel(tmp_path, 1), server)

    kept: list[Delivery] = []
    parcel = made_up_parcel(tmp_path, 2)
    newer = new_item(Path("项目.gpkg"), "共享", server.as_uri(), parcel, "测试员")
    Outbox().add(newer, parcel.path, kept.append)

    assert [item.uid for item in Outbox().items()] == [newer.uid]
    assert [(one.release, one.state, one.code) for one in kept] == [
        (1, DeliveryState.FAILED, "delivery.superseded")
    ]


def test_a_cancelled_delivery_waits_and_one_taken_out_is_gone(server: Path, tmp_path: Path) -> None:
    class Stop:
        def step(self, what: str, done: int, total: int) -> None:
            """Ignore it."""

        def is_cancelled(self) -> bool:
            return True

    item = taken_in(made_up_parcel(tmp_path), server)
    with pytest.raises(Cancelled):
        Outbox().send(item, opens(server), lambda _: None, Work(Stop(), hurried(), str))
    (waiting,) = Outbox().items()

    kept: list[Delivery] = []
    Outbox().give_up(waiting, kept.append)

    assert waiting.state == DeliveryState.WAITING
    assert [(one.state, one.code) for one in kept] == [(DeliveryState.FAILED, "job.cancelled")]
    assert Outbox().items() == []


def test_one_that_was_confirmed_meanwhile_is_not_said_to_be_cancelled(
    server: Path, tmp_path: Path
) -> None:
    item = taken_in(made_up_parcel(tmp_path), server)
    Outbox().send(item, opens(server), lambda _: None, WORK)

    kept: list[Delivery] = []
    Outbox().give_up(item, kept.append)

    assert kept == []


def torn_off(server: Path, parcel: Parcel) -> Item:
    """Return a delivery whose upload broke off: its beginning lies on the server."""
    item = taken_in(parcel, server)
    with pytest.raises(TargetError, match="broken_off"):
        Outbox().send(item, lambda: Tearing(server), lambda _: None, WORK)
    assert (server / part_name(item.release)).stat().st_size == 70_000
    (found,) = (one for one in Outbox().items() if one.uid == item.uid)
    return found


class Tearing(FolderTarget):
    """A folder whose connection breaks off in the middle of a package."""

    def put(
        self, name: str, source: BinaryIO, size: int, only_if: OnlyIf, sent: Sent, start: int = 0
    ) -> None:
        super().put(name, source, min(size, 70_000), only_if, sent, start)
        raise TargetError("target.broken_off", is_passing=True, host="x")


def test_what_was_given_up_half_done_is_removed_from_the_target_and_nothing_else(
    server: Path, tmp_path: Path
) -> None:
    item = torn_off(server, made_up_parcel(tmp_path, 1))
    foreign = server / "新都区 一号-r0009-public.gpkg.0badcafe.part"
    foreign.write_bytes(b"theirs")
    Outbox().give_up(item, lambda _: None)
    assert Outbox().has_leftovers(item.url)

    Outbox().clear_leftovers(FolderTarget(server), item.url)

    assert list(server.iterdir()) == [foreign]
    assert not Outbox().has_leftovers(item.url)


def test_what_could_not_be_removed_at_once_is_removed_by_the_next_delivery(
    server: Path, tmp_path: Path
) -> None:
    Outbox().give_up(torn_off(server, made_up_parcel(tmp_path, 1)), lambda _: None)

    class Away(FolderTarget):
        def remove(self, name: str) -> None:
            raise TargetError("target.timeout", is_passing=True, host="x")

    with pytest.raises(TargetError, match="timeout"):
        Outbox().clear_leftovers(Away(server), server.as_uri())
    second = made_up_parcel(tmp_path, 2)
    Outbox().send(taken_in(second, server), opens(server), lambda _: None, WORK)

    assert sorted(path.name for path in server.iterdir()) == [LATEST, second.release.file]


def test_the_half_of_a_release_that_a_newer_one_took_the_place_of_is_removed(
    server: Path, tmp_path: Path
) -> None:
    torn_off(server, made_up_parcel(tmp_path, 1))
    second = made_up_parcel(tmp_path, 2)

    Outbox().send(taken_in(second, server), opens(server), lambda _: None, WORK)

    assert sorted(path.name for path in server.iterdir()) == [LATEST, second.release.file]


def test_a_half_that_is_wanted_again_is_gone_on_with(server: Path, tmp_path: Path) -> None:
    parcel = made_up_parcel(tmp_path)
    Outbox().give_up(torn_off(server, parcel), lambda _: None)
    again = taken_in(parcel, server)
    starts: list[int] = []

    class Watched(FolderTarget):
        def put(
            self,
            name: str,
            source: BinaryIO,
            size: int,
            only_if: OnlyIf,
            sent: Sent,
            start: int = 0,
        ) -> None:
            starts.append(start)
            super().put(name, source, size, only_if, sent, start)

    Outbox().send(again, lambda: Watched(server), lambda _: None, WORK)

    assert starts[0] == 70_000
    assert look(FolderTarget(server)).points_to(again.release)
    assert not Outbox().has_leftovers(again.url)


def test_a_damaged_file_of_the_queue_is_passed_over(user_folder: Path) -> None:
    (user_folder / "outbox").mkdir()
    for name in ("x.json", "x.left"):
        (user_folder / "outbox" / name).write_text("{", encoding="utf-8")

    assert Outbox().items() == []
    assert not Outbox().has_leftovers("file:///x")


def test_pauses_grow_scatter_and_hear_the_server() -> None:
    paused: list[float] = []
    asked = iter([None, None, 3.0])

    def fails() -> None:
        raise TargetError("target.busy", is_passing=True, wait_s=next(asked, None))

    patience = Patience(4, 1.0, 30.0, pause=paused.append)
    with pytest.raises(TargetError):
        patience.carry_out(fails, SILENT)

    total = sum(paused)
    # The third pause is what the server asked for, or a longer one of our own: 2 to 4 seconds.
    assert 0.5 + 1.0 + 3.0 <= round(total, 6) <= 1.0 + 2.0 + 4.0
    assert max(paused) <= 0.1


def test_a_server_that_wants_a_long_pause_is_left_for_later() -> None:
    def fails() -> None:
        raise TargetError("target.busy", is_passing=True, wait_s=3600)

    tries: list[float] = []
    with pytest.raises(TargetError):
        Patience(5, 0.0, 30.0, pause=tries.append).carry_out(fails, SILENT)

    assert tries == []


def test_a_delivery_without_its_package_can_be_taken_out(server: Path, tmp_path: Path) -> None:
    item = taken_in(made_up_parcel(tmp_path), server)
    Outbox().package_of(item).unlink()
    kept: list[Delivery] = []

    Outbox().give_up(item, kept.append)

    assert [one.state for one in kept] == [DeliveryState.FAILED]
    assert Outbox().items() == []


def test_what_is_wanted_again_is_not_forgotten_on_the_server(server: Path, tmp_path: Path) -> None:
    item = taken_in(made_up_parcel(tmp_path), server)
    part = server / part_name(item.release)
    part.write_bytes(b"half")
    outbox = Outbox()
    outbox._leftovers.note(item.url, part.name)

    outbox.clear_leftovers(FolderTarget(server), item.url)
    assert part.exists()
    outbox.give_up(item, lambda _: None)
    outbox.clear_leftovers(FolderTarget(server), item.url)

    assert not part.exists()
    assert not outbox.has_leftovers(item.url)
