"""Identifiers: unique, ordered by time, reproducible when seeded."""

from __future__ import annotations

import uuid

from gridadmin.base.ids import new_uid, oid_of, oids_of, seeded_uids


def test_new_uid_is_a_version_7_uuid() -> None:
    made = uuid.UUID(new_uid())

    assert made.version == 7
    assert made.variant == uuid.RFC_4122


def test_new_uids_differ() -> None:
    assert len({new_uid() for _ in range(1000)}) == 1000


def test_seeded_uids_repeat_and_grow() -> None:
    first, second = seeded_uids(7), seeded_uids(7)
    made = [first() for _ in range(5)]

    assert made == [second() for _ in range(5)]
    assert made == sorted(made)
    assert seeded_uids(8)() != made[0]


def test_oid_is_a_lasting_positive_number_below_2_62() -> None:
    assert oid_of("0194-demo") == oid_of("0194-demo")
    assert oid_of("a") != oid_of("b")
    assert all(0 < oid_of(str(n)) < 2**62 for n in range(1000))


def test_oid_of_a_known_uid_never_changes() -> None:
    assert oid_of("x") == 1348776248114648595


def test_oids_of_many_are_those_of_each() -> None:
    uids = [str(n) for n in range(1000)] + ["x", "虚构", ""]

    assert oids_of(uids) == [oid_of(uid) for uid in uids]
    assert oids_of(iter(())) == []
