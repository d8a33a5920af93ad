"""Damages files the way disks, networks and chat programs do, reproducibly."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

_PAGE = 512
_SPLICE = 64


def mutated(raw: bytes, source: random.Random) -> bytes:
    """Return *raw* with one to three faults: flips, a cut end, a zeroed page, a splice."""
    damaged = bytearray(raw)
    for _ in range(source.randint(1, 3)):
        source.choice(_FAULTS)(damaged, source)
    return bytes(damaged)


def mutants(originals: Sequence[bytes], count: int, seed: int) -> Iterator[bytes]:
    """Yield *count* damaged files made from *originals* in turn."""
    source = random.Random(seed)
    for number in range(count):
        yield mutated(originals[number % len(originals)], source)


def _flip(raw: bytearray, source: random.Random) -> None:
    for _ in range(source.randint(1, 20)):
        if raw:
            raw[source.randrange(len(raw))] ^= 1 << source.randrange(8)


def _truncate(raw: bytearray, source: random.Random) -> None:
    del raw[source.randint(0, len(raw)) :]


def _zero_page(raw: bytearray, source: random.Random) -> None:
    start = source.randrange(len(raw) // _PAGE + 1) * _PAGE
    size = len(raw[start : start + _PAGE])
    raw[start : start + size] = bytes(size)


def _splice(raw: bytearray, source: random.Random) -> None:
    """Copy a piece of the file over another place, as overwritten blobs look."""
    if len(raw) <= _SPLICE:
        return
    size = source.randint(1, _SPLICE)
    start = source.randrange(len(raw) - size)
    place = source.randrange(len(raw) - size)
    raw[place : place + size] = raw[start : start + size]


_FAULTS = (_flip, _truncate, _zero_page, _splice)
