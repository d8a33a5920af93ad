"""Deliveries that go wrong on the way, and the proof that the server holds one release whole.

One run: release 1 lies on the server; release 2 is delivered through a proxy that does what the
plan says; then the server is looked at from behind. It must point to release 1 or to release 2,
both whole, and what the client said must be true. A last delivery without faults always succeeds.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from gridadmin.base.errors import GridAdminError
from gridadmin.base.paths import ROOT
from gridadmin.base.progress import SILENT
from gridadmin.publish.delivery import Outcome, Parcel, deliver
from gridadmin.publish.latest import LATEST, Published, look
from gridadmin.publish.patience import Patience
from gridadmin.publish.targets.address import parse_address
from gridadmin.publish.targets.credentials import Credentials
from gridadmin.publish.targets.faults import TargetError
from gridadmin.publish.targets.opening import open_target
from tests.servers import http, s3, ssh
from tests.servers.programs import own_folder
from tests.servers.proxy import HTTP_KINDS, Fault, Kind, Proxy, proxied

SERVERS = ("apache", "nginx", "rclone", "openssh", "s3")
_CUT_EVERY = 64 * 1024
_TIMEOUT_S = 3.0
_USUAL_TIMEOUT_S = 30.0
"""Where nothing is broken on purpose a busy machine may take its time."""
_HTTP: Mapping[str, Callable[[Path, None], AbstractContextManager[http.Served]]] = {
    "apache": http.apache,
    "nginx": http.nginx,
    "rclone": http.rclone,
}
_KINDS: tuple[Kind, ...] = (
    "cut_up", "cut_down", "reset", "slow", "lost_reply", "kill", *HTTP_KINDS,
)  # fmt: skip


@dataclass(frozen=True)
class Bed:
    """A server for many runs: an address for each of them, and its files seen from behind."""

    kind: str
    port: int
    url: Callable[[int, str], str]
    credentials: Credentials
    make: Callable[[str], object] = str
    read: Callable[[str, str], bytes | None] = lambda run, file: None  # noqa: ARG005
    host_key: str = ""


@contextmanager
def bed(kind: str) -> Iterator[Bed]:
    """Start a server of that kind, without TLS where the proxy has to understand it."""
    with ExitStack() as stack:
        root = stack.enter_context(own_folder())
        if kind == "s3":
            yield _s3_bed(stack.enter_context(s3.s3(root, None)))
        elif kind == "openssh":
            yield _ssh_bed(stack.enter_context(ssh.openssh(root)))
        else:
            yield _http_bed(kind, stack.enter_context(_HTTP[kind](root, None)))


def _http_bed(kind: str, served: http.Served) -> Bed:
    return Bed(
        kind,
        served.port,
        lambda port, name: f"http://127.0.0.1:{port}/grids/{name}",
        Credentials(http.USER, http.SECRET),
        lambda name: _open_folder(served.folder / name),
        lambda name, file: _content(served.folder / name / file),
    )


def _ssh_bed(served: ssh.SshServed) -> Bed:
    return Bed(
        "openssh",
        served.port,
        lambda port, name: f"sftp://127.0.0.1:{port}{served.folder.as_posix()}/{name}",
        Credentials(served.user, "", key_file=served.open_key_file),
        lambda name: _open_folder(served.folder / name),
        lambda name, file: _content(served.folder / name / file),
        served.fingerprint,
    )


def _s3_bed(served: s3.S3Served) -> Bed:
    def read(name: str, file: str) -> bytes | None:
        try:
            said = served.client.get_object(Bucket=served.bucket, Key=f"{name}/{file}")
        except served.client.exceptions.NoSuchKey:
            return None
        body: bytes = said["Body"].read()
        return body

    def url(port: int, name: str) -> str:
        endpoint = quote(f"http://127.0.0.1:{port}", safe="")
        return f"s3://{served.bucket}/{name}?endpoint={endpoint}"

    return Bed("s3", served.port, url, Credentials(s3.ACCESS, s3.SECRET), str, read)


def _open_folder(folder: Path) -> None:
    folder.mkdir()
    folder.chmod(0o777)


def _content(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def planned(server: str, chance: random.Random, size: int) -> list[Fault]:
    """Return one to three faults; cuts of an upload fall on every 64 KiB of it."""
    kinds = [kind for kind in _KINDS if server != "openssh" or kind not in HTTP_KINDS]
    faults = []
    for _ in range(chance.choice((1, 1, 2, 3))):
        kind = chance.choice(kinds)
        places = range(0, size + _CUT_EVERY, _CUT_EVERY)
        near = [0, 1, 100, 400, 1000, 3000]
        is_small = kind in ("cut_down", "lost_reply") and chance.random() < 0.7
        faults.append(Fault(kind, chance.choice(near if is_small else [*near, *places])))
    return faults


def run_once(made: Bed, folder: Path, seed: int) -> str:
    """Carry out one run; return what was done and said, in a few words.

    Raises: AssertionError when a release isn't whole or the client's word isn't true.
    """
    chance = random.Random(seed)
    name = f"run-{seed}"
    made.make(name)
    first = _parcel(folder / name, 1, chance, chance.randrange(1000, 500_000))
    second = _parcel(folder / name, 2, chance, chance.randrange(1000, 700_000))
    _send(made, made.port, name, first)
    base = _digest(made, name)
    with proxied(made.port) as proxy:
        proxy.faults = planned(made.kind, chance, second.release.size)
        plan = [f"{one.kind}@{one.after}" for one in proxy.faults]
        if any(one.kind == "kill" for one in proxy.faults):
            word = _send_and_kill(made, proxy, name, second, folder / name)
        else:
            word = _said(made, proxy.port, name, second)
        happened = list(proxy.happened)
    now = _digest(made, name)
    holds = _holding(made, name, (first, second))
    told = f"{made.kind} seed {seed} plan {plan} happened {happened}: {word}, holds r{holds}"
    if word == Outcome.CONFIRMED:
        assert holds == 2, told
    elif word == "refused":
        assert (holds, now) == (1, base), told
    _send(made, made.port, name, second)
    assert _holding(made, name, (first, second)) == 2, told
    return told


def _parcel(folder: Path, number: int, chance: random.Random, size: int) -> Parcel:
    folder.mkdir(exist_ok=True)
    content = chance.randbytes(size)
    path = folder / f"虚构区-r{number:04}-public.gpkg"
    path.write_bytes(content)
    digest = hashlib.sha256(content).hexdigest()
    return Parcel(path, Published(number, path.name, size, digest, "public", digest))


def _send(
    made: Bed, port: int, name: str, parcel: Parcel, timeout_s: float = _USUAL_TIMEOUT_S
) -> Outcome:
    target = open_target(
        parse_address(made.url(port, name)),
        made.credentials,
        host_key=made.host_key,
        timeout_s=timeout_s,
    )
    patience = Patience(3, 0.0, 0.1, random.Random(0))
    try:
        base = patience.carry_out(lambda: look(target).digest, SILENT)
        return deliver(target, parcel, base, SILENT, patience)
    finally:
        target.close()


def _said(made: Bed, port: int, name: str, parcel: Parcel) -> str:
    try:
        return _send(made, port, name, parcel, _TIMEOUT_S)
    except TargetError as error:
        return "not yet" if error.is_passing else "refused"
    except GridAdminError:
        return "refused"


def _send_and_kill(made: Bed, proxy: Proxy, name: str, parcel: Parcel, folder: Path) -> str:
    """Send from a process of its own, which the proxy kills when the plan says so."""
    order = folder / "order.json"
    order.write_text(
        json.dumps(
            {
                "kind": made.kind,
                "url": made.url(proxy.port, name),
                "host_key": made.host_key,
                "user": made.credentials.user,
                "secret": made.credentials.secret,
                "key_file": str(made.credentials.key_file or ""),
                "path": str(parcel.path),
                "sha256": parcel.release.sha256,
            }
        ),
        encoding="utf-8",
    )
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.servers.fault_runs", str(order)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )

    def kill() -> None:
        with suppress(ProcessLookupError):
            child.send_signal(signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)

    for fault in proxy.faults:
        fault.killer = kill
    said, _ = child.communicate(timeout=120)
    return said.decode().strip() or "killed"


def _digest(made: Bed, name: str) -> str:
    raw = made.read(name, LATEST)
    assert raw is not None
    return hashlib.sha256(raw).hexdigest()


def _holding(made: Bed, name: str, parcels: tuple[Parcel, ...]) -> int:
    """Return the number that the server points to, proved whole, and release 1 with it."""
    raw = made.read(name, LATEST)
    assert raw is not None
    said = json.loads(raw)
    for parcel in parcels[: said["number"]]:
        content = made.read(name, parcel.release.file)
        assert content is not None
        assert hashlib.sha256(content).hexdigest() == parcel.release.sha256
    latest = parcels[said["number"] - 1].release
    assert (said["file"], said["size"], said["sha256"]) == (latest.file, latest.size, latest.sha256)
    number: int = said["number"]
    return number


def main(arguments: list[str]) -> None:
    """Deliver what an order says and print how it ended: the process that gets killed."""
    order = json.loads(Path(arguments[0]).read_text(encoding="utf-8"))
    path = Path(order["path"])
    key_file = Path(order["key_file"]) if order["key_file"] else None
    credentials = Credentials(order["user"], order["secret"], key_file=key_file)
    release = Published(
        2, path.name, path.stat().st_size, order["sha256"], "public", order["sha256"]
    )

    def url(_port: int, _name: str) -> str:
        return str(order["url"])

    made = Bed(order["kind"], 0, url, credentials, host_key=order["host_key"])
    sys.stdout.write(_said(made, 0, "", Parcel(path, release)))


if __name__ == "__main__":
    main(sys.argv[1:])
