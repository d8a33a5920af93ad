"""moto as an S3 service, over TLS or plain."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.servers.authority import Authority
from tests.servers.programs import free_port, running

ACCESS, SECRET = "made-up-access", "kein-Geheimnis-4713"
"""Keys that the service doesn't check."""


@dataclass(frozen=True)
class S3Served:
    """A service: the address of a prefix in its bucket, and a client to look with."""

    url: str
    bucket: str
    port: int
    client: Any


@contextmanager
def s3(root: Path, authority: Authority | None) -> Iterator[S3Served]:
    """Run a service with one bucket in it."""
    import boto3

    port = free_port()
    command: tuple[object, ...] = (
        sys.executable, "-W", "ignore", "-m", "moto.server", "-H", "127.0.0.1", "-p", port,
    )  # fmt: skip
    if authority is not None:
        command = (*command, "-c", authority.certificate, "-k", authority.key)
    with running(command, port, root / "log"):
        endpoint = f"{'http' if authority is None else 'https'}://127.0.0.1:{port}"
        client = boto3.client(
            "s3",
            endpoint_url=endpoint,
            region_name="us-east-1",
            aws_access_key_id=ACCESS,
            aws_secret_access_key=SECRET,
            verify=None if authority is None else str(authority.ca),
        )
        client.create_bucket(Bucket="grids")
        yield S3Served(f"s3://grids/xindu?endpoint={endpoint}", "grids", port, client)
        client.close()
