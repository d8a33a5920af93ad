"""Deliveries are kept beside the history: brought on, never lost, and no revision of their own."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from gridadmin.base.errors import StoreError
from gridadmin.domain.delivery import Delivery, DeliveryState
from gridadmin.store.project_file import ProjectFile

ONE = Delivery(
    uid="d-1",
    release=1,
    target="虚构目标",
    url="https://example.invalid/dav/",
    profile="public",
    file="虚构-r0001-public.gpkg",
    size=4096,
    sha256="ab" * 32,
    author="虚构用户",
    started="2026-01-05T08:00:00+00:00",
    changed="2026-01-05T08:00:00+00:00",
)


def test_a_delivery_is_brought_on_and_outlasts_the_program(path: Path) -> None:
    later = replace(ONE, uid="d-2", started="2026-01-06T08:00:00+00:00")
    with ProjectFile.open(path, write=True) as project:
        project.keep_delivery(ONE)
        project.keep_delivery(later)
        project.keep_delivery(replace(ONE, state=DeliveryState.CONFIRMED, sentence="已确认"))
        assert project.revision == 0

    with ProjectFile.open(path, write=False) as project:
        found = project.deliveries()
        assert [one.uid for one in found] == ["d-2", "d-1"]
        assert (found[1].state, found[1].sentence) == ("confirmed", "已确认")
        assert [one.uid for one in project.deliveries(limit=1)] == ["d-2"]


def test_a_project_opened_for_reading_keeps_no_delivery(path: Path) -> None:
    with ProjectFile.open(path, write=False) as project, pytest.raises(StoreError):
        project.keep_delivery(ONE)
