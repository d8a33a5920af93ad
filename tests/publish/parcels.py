"""Made-up packages to be delivered, and targets that stand in for a server's moods."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable
from pathlib import Path

from gridadmin.publish.delivery import Parcel
from gridadmin.publish.latest import Published
from gridadmin.publish.patience import Patience


def made_up_parcel(
    folder: Path, number: int = 1, *, size: int = 200_000, seed: int = 0, profile: str = "public"
) -> Parcel:
    """Return a package of random bytes: what is inside is nobody's business on the way."""
    content = random.Random(f"{seed}-{number}-{profile}").randbytes(size)
    path = folder / f"新都区 一号-r{number:04}-{profile}.gpkg"
    path.write_bytes(content)
    digest = hashlib.sha256(content).hexdigest()
    release = Published(
        number,
        path.name,
        size,
        digest,
        profile,
        f"content-{number}",
        "2026-01-05",
        "测试员",
        "方案",
    )
    return Parcel(path, release, ("grid",))


def hurried(attempts: int = 5, pause: Callable[[float], None] | None = None) -> Patience:
    """Return a patience that doesn't wait."""
    return Patience(attempts, 0.0, 5.0, random.Random(0), pause or (lambda _: None))
