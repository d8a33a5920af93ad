"""Land against the published figure: what an area measures and what a document says of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from gridadmin.checks.finding import area_issue
from gridadmin.checks.look import Look, Survey
from gridadmin.checks.registry import Check
from gridadmin.domain.check_settings import PUBLISHED_SETTING
from gridadmin.domain.issue import Issue
from gridadmin.domain.model import Land


def _total(look: Look, uid: str) -> Iterator[Issue]:
    snapshot = look.snapshot
    if PUBLISHED_SETTING not in snapshot.rows("setting"):
        return
    published = snapshot.setting(PUBLISHED_SETTING, {}).get(uid)
    if published is None or snapshot.area(uid).land != Land.DRAWN:
        return
    land_m2 = snapshot.land_twice_mm2(uid) / 2_000_000
    difference = land_m2 - published
    if abs(difference) > snapshot.check("land_total").param("share") * published:
        yield area_issue(
            snapshot,
            "land_total",
            uid,
            area_m2=round(abs(difference), 2),
            land_m2=round(land_m2, 2),
            published_m2=published,
        )


def _published(survey: Survey) -> Collection[str]:
    areas = survey.snapshot.rows("area")
    named = survey.snapshot.setting(PUBLISHED_SETTING, {})
    return [uid for uid in named if uid in areas and areas[uid].valid_to is None]


CHECKS = (Check(("land_total",), "area", _total, _published),)
