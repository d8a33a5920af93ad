"""A delivery is whole or did not happen, and its word agrees with what lies on the target."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import pytest

from gridadmin.base.errors import Cancelled
from gridadmin.base.progress import SILENT
from gridadmin.publish.delivery import Outcome, Parcel, deliver, part_name
from gridadmin.publish.latest import LATEST, look
from gridadmin.publish.targets.faults import TargetError
from gridadmin.publish.targets.folder import FolderTarget
from gridadmin.publish.targets.target import OnlyIf, Sent
from tests.publish.parcels import hurried, made_up_parcel


@pytest.fixture
def server(chinese_dir: Path) -> Path:
    folder = chinese_dir / "服务器"
    folder.mkdir()
    return folder


def send(target: FolderTarget, parcel: Parcel, base: str | None = None) -> Outcome:
    seen = look(target).digest if base is None else base
    return deliver(target, parcel, seen, SILENT, hurried())


def test_the_first_delivery_leaves_the_package_and_a_pointer_and_nothing_else(
    server: Path, tmp_path: Path
) -> None:
    parcel = made_up_parcel(tmp_path)

    assert send(FolderTarget(server), parcel) == Outcome.CONFIRMED

    names = sorted(path.name for path in server.iterdir())
    assert names == [LATEST, "新都区 一号-r0001-public.gpkg"]
    assert (server / parcel.release.file).read_bytes() == parcel.path.read_bytes()
    said = json.loads((server / LATEST).read_bytes())
    assert said["number"] == 1
    assert said["file"] == "新都区 一号-r0001-public.gpkg"
    assert said["size"] == 200_000
    assert said["sha256"] == hashlib.sha256(parcel.path.read_bytes()).hexdigest()


def test_earlier_releases_stay_as_they_are_and_are_remembered(server: Path, tmp_path: Path) -> None:
    first, second = made_up_parcel(tmp_path, 1), made_up_parcel(tmp_path, 2)
    send(FolderTarget(server), first)

    send(FolderTarget(server), second)

    assert (server / first.release.file).read_bytes() == first.path.read_bytes()
    standing = look(FolderTarget(server))
    assert [one.number for one in standing.releases] == [2, 1]
    assert standing.find(1, None) == first.release


def test_a_second_delivery_of_the_same_package_changes_nothing(
    server: Path, tmp_path: Path
) -> None:
    parcel = made_up_parcel(tmp_path)
    send(FolderTarget(server), parcel)
    before = {path.name: path.stat().st_mtime_ns for path in server.iterdir()}

    assert send(FolderTarget(server), parcel, base="") == Outcome.CONFIRMED

    assert {path.name: path.stat().st_mtime_ns for path in server.iterdir()} == before


def test_a_package_that_is_gone_from_the_target_is_brought_back_by_its_delivery(
    server: Path, tmp_path: Path
) -> None:
    parcel = made_up_parcel(tmp_path)
    send(FolderTarget(server), parcel)
    before = {path.name: path.read_bytes() for path in server.iterdir()}
    (server / parcel.release.file).unlink()

    assert send(FolderTarget(server), parcel) == Outcome.CONFIRMED

    assert {path.name: path.read_bytes() for path in server.iterdir()} == before


def test_a_package_that_is_cut_on_the_target_counts_as_no_delivery(
    server: Path, tmp_path: Path
) -> None:
    parcel = made_up_parcel(tmp_path)
    send(FolderTarget(server), parcel)
    (server / parcel.release.file).write_bytes(b"cut")

    with pytest.raises(TargetError, match=r"delivery\.name_taken"):
        send(FolderTarget(server), parcel)


def test_what_somebody_else_published_meanwhile_is_shown_and_not_overwritten(
    server: Path, tmp_path: Path
) -> None:
    seen = look(FolderTarget(server)).digest
    (tmp_path / "b").mkdir()
    theirs = made_up_parcel(tmp_path / "b", 1, seed=7)
    send(FolderTarget(server), theirs)
    before = (server / LATEST).read_bytes()

    with pytest.raises(TargetError, match=r"delivery\.rival.*number=1.*测试员"):
        send(FolderTarget(server), made_up_parcel(tmp_path, 2), base=seen)

    assert (server / LATEST).read_bytes() == before


def test_a_file_of_that_name_with_other_content_is_never_replaced(
    server: Path, tmp_path: Path
) -> None:
    parcel = made_up_parcel(tmp_path)
    (server / parcel.release.file).write_bytes(b"theirs")

    with pytest.raises(TargetError, match=r"delivery\.name_taken"):
        send(FolderTarget(server), parcel)

    assert (server / parcel.release.file).read_bytes() == b"theirs"
    assert not (server / LATEST).exists()


def test_an_upload_that_broke_off_goes_on_where_it_stopped(server: Path, tmp_path: Path) -> None:
    parcel = made_up_parcel(tmp_path)
    (server / part_name(parcel.release)).write_bytes(parcel.path.read_bytes()[:130_000])
    target = Recording(server)

    send(target, parcel)

    assert target.starts == [130_000, 0]  # the package, then latest.json
    assert (server / parcel.release.file).read_bytes() == parcel.path.read_bytes()


def test_a_torn_beginning_with_wrong_bytes_is_sent_anew(server: Path, tmp_path: Path) -> None:
    parcel = made_up_parcel(tmp_path)
    (server / part_name(parcel.release)).write_bytes(b"x" * 130_000)

    send(FolderTarget(server), parcel)

    assert (server / parcel.release.file).read_bytes() == parcel.path.read_bytes()


def test_bytes_that_change_on_the_way_are_noticed_before_the_switch(
    server: Path, tmp_path: Path
) -> None:
    parcel = made_up_parcel(tmp_path)

    with pytest.raises(TargetError, match=r"delivery\.damaged"):
        send(Corrupting(server), parcel)

    assert not (server / parcel.release.file).exists()
    assert not (server / LATEST).exists()
    assert list(server.iterdir()) == []


def test_an_answer_that_got_lost_is_looked_up(server: Path, tmp_path: Path) -> None:
    target = LosingAnswers(server)

    assert send(target, made_up_parcel(tmp_path)) == Outcome.CONFIRMED

    assert target.lost == 4  # two uploads, two renames
    assert [path.name for path in server.iterdir() if path.name.endswith(".part")] == []


def test_a_cancelled_delivery_takes_its_unfinished_upload_away(
    server: Path, tmp_path: Path
) -> None:
    class Impatient:
        steps = 0

        def step(self, what: str, done: int, total: int) -> None:
            self.steps += 1

        def is_cancelled(self) -> bool:
            return self.steps >= 2

    with pytest.raises(Cancelled):
        deliver(FolderTarget(server), made_up_parcel(tmp_path), "", Impatient(), hurried())

    assert list(server.iterdir()) == []


def test_a_delivery_cancelled_at_any_moment_leaves_the_old_release_and_no_litter(
    server: Path, tmp_path: Path
) -> None:
    class StopsAt:
        def __init__(self, look_number: int) -> None:
            self.left = look_number

        def step(self, what: str, done: int, total: int) -> None:
            """Ignore it."""

        def is_cancelled(self) -> bool:
            self.left -= 1
            return self.left < 0

    first, second = made_up_parcel(tmp_path, 1), made_up_parcel(tmp_path, 2)
    target = FolderTarget(server)
    send(target, first)
    # Four pieces go out, four come back, and the pointer is one.
    for looks in range(9):
        with pytest.raises(Cancelled):
            deliver(target, second, look(target).digest, StopsAt(looks), hurried())
        assert look(target).points_to(first.release)
        assert list(server.glob("*.part")) == []
        (server / second.release.file).unlink(missing_ok=True)

    assert deliver(target, second, look(target).digest, StopsAt(9), hurried()) == Outcome.CONFIRMED
    assert look(target).points_to(second.release)


def test_a_number_behind_that_of_the_target_is_refused(server: Path, tmp_path: Path) -> None:
    send(FolderTarget(server), made_up_parcel(tmp_path, 5))

    with pytest.raises(TargetError, match=r"delivery\.number_behind"):
        send(FolderTarget(server), made_up_parcel(tmp_path, 4))


def test_one_release_may_come_in_both_profiles(server: Path, tmp_path: Path) -> None:
    send(FolderTarget(server), made_up_parcel(tmp_path, 5))

    send(FolderTarget(server), made_up_parcel(tmp_path, 5, profile="internal"))

    standing = look(FolderTarget(server))
    assert standing.latest_of("public") is not None
    assert standing.latest_of("internal") == standing.latest


def test_a_package_that_was_touched_after_it_was_made_is_not_sent(
    server: Path, tmp_path: Path
) -> None:
    parcel = made_up_parcel(tmp_path)
    parcel.path.write_bytes(b"something else")

    with pytest.raises(TargetError, match=r"delivery\.package_changed"):
        send(FolderTarget(server), parcel)

    assert list(server.iterdir()) == []


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not json",
        b"[]",
        b'{"number": 1}',
        b'{"number": true, "file": "a.gpkg", "size": 1, "sha256": "%s"}' % (b"0" * 64),
        b'{"number": 1, "file": "../a.gpkg", "size": 1, "sha256": "%s"}' % (b"0" * 64),
        b'{"number": 1, "file": "C:\\\\a.gpkg", "size": 1, "sha256": "%s"}' % (b"0" * 64),
        b'{"number": 1, "file": "a.exe", "size": 1, "sha256": "%s"}' % (b"0" * 64),
        b'{"number": 1, "file": "a.gpkg", "size": -1, "sha256": "%s"}' % (b"0" * 64),
        b'{"number": 1, "file": "a.gpkg", "size": 1, "sha256": "zz"}',
        b"[" * 100_000,
    ],
)
def test_a_pointer_that_cannot_be_ours_is_refused_and_left_alone(
    content: bytes, server: Path, tmp_path: Path
) -> None:
    (server / LATEST).write_bytes(content)

    with pytest.raises(TargetError, match=r"delivery\.bad_latest"):
        send(FolderTarget(server), made_up_parcel(tmp_path), base="")

    assert [path.name for path in server.iterdir()] == [LATEST]


def test_a_pointer_of_endless_length_is_not_read(server: Path, tmp_path: Path) -> None:
    (server / LATEST).write_bytes(b" " * (1024 * 1024 + 1))

    with pytest.raises(TargetError, match=r"target\.answer_too_large"):
        send(FolderTarget(server), made_up_parcel(tmp_path), base="")


class Recording(FolderTarget):
    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.starts: list[int] = []

    def put(
        self, name: str, source: BinaryIO, size: int, only_if: OnlyIf, sent: Sent, start: int = 0
    ) -> None:
        self.starts.append(start)
        super().put(name, source, size, only_if, sent, start)


class Corrupting(FolderTarget):
    def read(self, name: str, limit: int) -> Iterator[bytes]:
        for chunk in super().read(name, limit):
            yield b"\x00" + chunk[1:]


class LosingAnswers(FolderTarget):
    """Does each thing once and says that it broke off."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.seen: set[str] = set()
        self.lost = 0

    def put(
        self, name: str, source: BinaryIO, size: int, only_if: OnlyIf, sent: Sent, start: int = 0
    ) -> None:
        super().put(name, source, size, only_if, sent, start)
        self._lose(f"put {name}")

    def rename(self, old: str, new: str, only_if: OnlyIf) -> None:
        super().rename(old, new, only_if)
        self._lose(f"rename {new}")

    def _lose(self, what: str) -> None:
        if what not in self.seen:
            self.seen.add(what)
            self.lost += 1
            raise TargetError("target.broken_off", is_passing=True, host="test")
