"""The same promises on every kind of server that runs here."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from gridadmin.base.progress import SILENT
from gridadmin.publish.delivery import Outcome, Parcel, deliver
from gridadmin.publish.fetching import fetch
from gridadmin.publish.latest import LATEST, look
from gridadmin.publish.targets.address import parse_address
from gridadmin.publish.targets.credentials import Credentials
from gridadmin.publish.targets.faults import TargetError
from gridadmin.publish.targets.opening import open_target
from gridadmin.publish.targets.target import Target
from gridadmin.publish.trying_out import try_out
from tests.publish.parcels import hurried, made_up_parcel
from tests.servers import http, s3, ssh
from tests.servers.authority import make_authority
from tests.servers.programs import own_folder


@dataclass
class Server:
    """A server that runs, and the same things to look at whatever its kind."""

    url: str
    credentials: Credentials
    names: Callable[[], list[str]]
    content: Callable[[str], bytes]
    put: Callable[[str, bytes], object]
    host_key: str = ""
    opened: list[Target] = field(default_factory=list)

    def target(self, credentials: Credentials | None = None) -> Target:
        target = open_target(
            parse_address(self.url), credentials or self.credentials, host_key=self.host_key
        )
        self.opened.append(target)
        return target


def _folder_server(served: http.Served, ca: Path) -> Server:
    return Server(
        served.url,
        Credentials(http.USER, http.SECRET, ca),
        lambda: sorted(path.name for path in served.folder.iterdir()),
        lambda name: (served.folder / name).read_bytes(),
        lambda name, content: (served.folder / name).write_bytes(content),
    )


def _start(kind: str, root: Path, stack: ExitStack) -> Server:
    authority = make_authority(root)
    own = root / kind
    own.mkdir()
    if kind == "openssh":
        sftp = stack.enter_context(ssh.openssh(own))
        return Server(
            sftp.url,
            Credentials(sftp.user, ssh.PASSPHRASE, key_file=sftp.key_file),
            lambda: sorted(path.name for path in sftp.folder.iterdir()),
            lambda name: (sftp.folder / name).read_bytes(),
            lambda name, content: (sftp.folder / name).write_bytes(content),
            sftp.fingerprint,
        )
    if kind == "s3":
        store = stack.enter_context(s3.s3(own, authority))

        def names() -> list[str]:
            listed = store.client.list_objects_v2(Bucket=store.bucket).get("Contents", ())
            return [one["Key"].removeprefix("xindu/") for one in listed]

        def content(name: str) -> bytes:
            said = store.client.get_object(Bucket=store.bucket, Key=f"xindu/{name}")
            body: bytes = said["Body"].read()
            return body

        return Server(
            store.url,
            Credentials(s3.ACCESS, s3.SECRET, authority.ca),
            names,
            content,
            lambda name, body: store.client.put_object(
                Bucket=store.bucket, Key=f"xindu/{name}", Body=body
            ),
        )
    if kind == "apache":
        served = stack.enter_context(http.apache(own, authority))
    elif kind == "nginx":
        served = stack.enter_context(http.nginx(own, authority))
    else:
        served = stack.enter_context(http.rclone(own, authority))
    return _folder_server(served, authority.ca)


@pytest.fixture(params=["apache", "nginx", "rclone", "openssh", "s3"])
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    with ExitStack() as stack:
        made = _start(request.param, stack.enter_context(own_folder()), stack)
        yield made
        for target in made.opened:
            target.close()


def send(server: Server, parcel: Parcel, base: str | None = None) -> Outcome:
    target = server.target()
    seen = look(target).digest if base is None else base
    return deliver(target, parcel, seen, SILENT, hurried())


def test_releases_arrive_whole_and_are_pointed_to(server: Server, tmp_path: Path) -> None:
    first, second = made_up_parcel(tmp_path, 1), made_up_parcel(tmp_path, 2)

    assert send(server, first) == Outcome.CONFIRMED
    assert send(server, second) == Outcome.CONFIRMED

    assert server.names() == sorted([LATEST, first.release.file, second.release.file])
    assert server.content(first.release.file) == first.path.read_bytes()
    assert server.content(second.release.file) == second.path.read_bytes()
    assert json.loads(server.content(LATEST))["number"] == 2


def test_a_large_package_arrives_whole(server: Server, tmp_path: Path) -> None:
    parcel = made_up_parcel(tmp_path, size=20_000_001)

    send(server, parcel)

    assert server.content(parcel.release.file) == parcel.path.read_bytes()


def test_a_rival_is_noticed_before_anything_is_written(server: Server, tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    send(server, made_up_parcel(tmp_path / "b", 1, seed=7))
    before = server.names()

    with pytest.raises(TargetError, match=r"delivery\.rival"):
        send(server, made_up_parcel(tmp_path, 2), base="")

    assert server.names() == before


def test_a_rival_at_the_last_moment_is_noticed_and_stays(server: Server, tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    theirs = made_up_parcel(tmp_path / "b", 2, seed=7, profile="internal")
    send(server, made_up_parcel(tmp_path, 1))
    target = server.target()
    base = look(target).digest
    is_first = True

    def publish_meanwhile(done: int) -> None:
        nonlocal is_first
        if is_first and done:
            is_first = False
            send(server, theirs)

    class Watching:
        def step(self, what: str, done: int, total: int) -> None:
            publish_meanwhile(done)

        def is_cancelled(self) -> bool:
            return False

    with pytest.raises(TargetError, match=r"delivery\.rival"):
        deliver(target, made_up_parcel(tmp_path, 3), base, Watching(), hurried())

    assert json.loads(server.content(LATEST))["file"] == theirs.release.file


def test_a_published_file_is_never_changed(server: Server, tmp_path: Path) -> None:
    parcel = made_up_parcel(tmp_path)
    # S3 tells a foreign object by its size; a shorter one could be a torn upload elsewhere.
    server.put(parcel.release.file, b"x" * 200_000)

    with pytest.raises(TargetError, match=r"delivery\.name_taken"):
        send(server, parcel)

    assert server.content(parcel.release.file) == b"x" * 200_000


def test_a_wrong_secret_is_explained_and_not_repeated(server: Server) -> None:
    if server.url.startswith("s3:"):
        pytest.skip("moto checks no credentials")
    given = server.credentials
    wrong = Credentials(given.user, "falsch-4714", given.ca, given.key_file)

    with pytest.raises(TargetError, match=r"target\.(denied|bad_key)") as refused:
        look(server.target(wrong))

    assert "falsch-4714" not in f"{refused.value}{refused.value.__cause__}{refused.value.params}"


def test_what_was_published_is_fetched_and_checked(server: Server, tmp_path: Path) -> None:
    parcel = made_up_parcel(tmp_path)
    send(server, parcel)

    fetched = fetch(server.target(), tmp_path / "取回.gpkg", None, None, SILENT, hurried())

    assert fetched.path.read_bytes() == parcel.path.read_bytes()


def test_trying_out_leaves_nothing_behind(server: Server) -> None:
    tried = try_out(server.target())

    assert tried.latest is None
    assert server.names() == []


def test_a_bucket_that_is_not_there_is_no_empty_one(tmp_path: Path) -> None:
    with own_folder() as own:
        authority = make_authority(own)
        with s3.s3(own, authority) as store:
            url = store.url.replace(f"//{store.bucket}/", "//no-such-bucket/")
            target = open_target(
                parse_address(url), Credentials(s3.ACCESS, s3.SECRET, authority.ca)
            )
            with pytest.raises(TargetError) as refused:
                fetch(target, tmp_path, None, None, SILENT, hurried())
            target.close()

    assert refused.value.code == "target.no_bucket"
    assert refused.value.params["name"] == "no-such-bucket"
