"""Exempt land whose day has passed: it is to be prolonged or given back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from gridadmin.checks.finding import placed_issue
from gridadmin.checks.look import Look
from gridadmin.checks.registry import Check
from gridadmin.domain.issue import Issue


def _expired(look: Look, uid: str) -> Iterator[Issue]:
    exempt = look.snapshot.rows("exempt").get(uid)
    today = date.today().isoformat()  # noqa: DTZ011 - the day on the wall
    if exempt is None or not exempt.is_over_on(today):
        return
    land = look.shape(uid)
    if land.is_empty:
        return
    yield placed_issue(
        look.snapshot,
        "exempt_expired",
        land,
        about=uid,
        area_m2=sum(part.twice_area() for part in look.parts(uid)) / 2_000_000,
        exempt=exempt.name or exempt.reason,
        until=exempt.until,
        approver=exempt.approver,
    )


CHECKS = (Check(("exempt_expired",), "exempt", _expired),)
