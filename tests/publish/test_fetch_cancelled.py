"""A fetch that is cancelled, at whatever moment, leaves nothing and harms nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest

from gridadmin.base.errors import Cancelled
from gridadmin.base.progress import SILENT
from gridadmin.publish.delivery import deliver
from gridadmin.publish.fetching import fetch
from gridadmin.publish.latest import look
from gridadmin.publish.patience import Patience
from gridadmin.publish.targets.address import parse_address
from gridadmin.publish.targets.credentials import Credentials
from gridadmin.publish.targets.faults import TargetError
from gridadmin.publish.targets.opening import open_target
from gridadmin.publish.targets.target import CHUNK, Target
from tests.publish.parcels import hurried, made_up_parcel

PIECES = 6


@dataclass
class CancelledAfter:
    """A progress whose user cancels when he has been asked so often."""

    times: int
    asked: int = 0

    def step(self, what: str, done: int, total: int) -> None:
        pass

    def is_cancelled(self) -> bool:
        self.asked += 1
        return self.asked > self.times


@pytest.fixture
def target(tmp_path: Path) -> Target:
    server = tmp_path / "服务器"
    server.mkdir()
    made = open_target(parse_address(server.as_uri()), Credentials())
    parcel = made_up_parcel(tmp_path, size=PIECES * CHUNK)
    deliver(made, parcel, look(made).digest, SILENT, hurried())
    return made


@pytest.fixture
def out(tmp_path: Path) -> Path:
    folder = tmp_path / "收 到"
    folder.mkdir()
    return folder


@pytest.mark.parametrize("times", range(PIECES + 1))
def test_a_cancelled_fetch_leaves_no_file_and_the_next_one_is_whole(
    target: Target, out: Path, times: int
) -> None:
    (out / "别人的.gpkg").write_bytes(b"other")

    with pytest.raises(Cancelled):
        fetch(target, out, None, None, CancelledAfter(times), hurried())

    assert [path.name for path in out.iterdir()] == ["别人的.gpkg"]
    fetched = fetch(target, out, None, None, CancelledAfter(PIECES + 1), hurried())
    assert fetched.path.stat().st_size == PIECES * CHUNK
    assert sorted(path.suffix for path in out.iterdir()) == [".gpkg", ".gpkg"]


def test_a_fetch_is_cancelled_while_it_waits_to_try_again(target: Target, out: Path) -> None:
    progress = CancelledAfter(2)
    waits: list[float] = []
    patience = Patience(5, 1.0, 5.0, Random(0), waits.append)

    class Torn:
        """The target, whose answers end in the middle."""

        place = target.place
        stat = target.stat

        def read(self, name: str, limit: int) -> Iterator[bytes]:
            if name == "latest.json":
                yield from target.read(name, limit)
                return
            yield b"half"
            raise TargetError("target.broken", is_passing=True)

    with pytest.raises(Cancelled):
        fetch(Torn(), out, None, None, progress, patience)  # type: ignore[arg-type]

    assert waits
    assert list(out.iterdir()) == []
