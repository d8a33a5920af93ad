"""Identifiers: ``uid`` for people and files, ``oid`` for the kernel.

A ``uid`` is a UUIDv7 as text: unique, ordered by time. The kernel works with 62-bit integers that
are computed from the uid, so two copies of a project that each make new things never give one
number to two of them, and merging needs no renumbering.
"""

from __future__ import annotations

import hashlib
import os
import random
import struct
import time
import uuid
from collections.abc import Callable, Iterable

UidMaker = Callable[[], str]

OUTSIDE = -1
"""Owner of everything beyond the frame (or, without a frame, beyond all land)."""
NOBODY = 0
"""Owner of land that no area holds."""


def new_uid() -> str:
    """Return a fresh UUIDv7 (RFC 9562) as text."""
    return _uuid7(time.time_ns() // 1_000_000, int.from_bytes(os.urandom(10), "big"))


def seeded_uids(seed: int, start_ms: int = 1_735_689_600_000) -> UidMaker:
    """Return a maker of reproducible uids, for made-up data alone."""
    source = random.Random(seed)
    clock = start_ms

    def make() -> str:
        nonlocal clock
        clock += 1
        return _uuid7(clock, source.getrandbits(80))

    return make


def oid_of(uid: str) -> int:
    """Return the kernel's number of *uid*: positive, below 2**62."""
    digest = hashlib.blake2b(uid.encode(), digest_size=_DIGEST_BYTES).digest()
    return (int.from_bytes(digest, "big") >> 2) or 1


def oids_of(uids: Iterable[str]) -> list[int]:
    """Return :func:`oid_of` of each."""
    make = hashlib.blake2b
    digests = [make(uid.encode(), digest_size=_DIGEST_BYTES).digest() for uid in uids]
    numbers = struct.unpack(f">{len(digests)}Q", b"".join(digests))
    return [(number >> 2) or 1 for number in numbers]


_DIGEST_BYTES = 8


def _uuid7(millis: int, entropy: int) -> str:
    high = (millis & 0xFFFF_FFFF_FFFF) << 16 | 0x7000 | (entropy >> 68) & 0x0FFF
    low = 0x8000_0000_0000_0000 | entropy & 0x3FFF_FFFF_FFFF_FFFF
    return str(uuid.UUID(int=high << 64 | low))
