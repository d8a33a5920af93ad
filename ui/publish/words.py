"""What the window says of releases and deliveries."""

from __future__ import annotations

from datetime import datetime

from gridadmin.domain.delivery import Delivery, DeliveryState
from gridadmin.domain.export_note import Profile
from gridadmin.domain.release import Release
from ui.texts import mark, tr

_PROFILES = {Profile.PUBLIC: mark("公开版"), Profile.INTERNAL: mark("内部版")}
_STATES = {
    DeliveryState.WAITING: mark("等待发送"),
    DeliveryState.SENDING: mark("正在发送"),
    DeliveryState.CONFIRMED: mark("已确认"),
    DeliveryState.FAILED: mark("失败"),
    DeliveryState.REFUSED: mark("被拒绝"),
}
_SHORT = 12
"""So many letters of a hash tell two apart at a glance."""


def number(release: int) -> str:
    """Return a release as its files are called: r0001."""
    return f"r{release:04}"


def moment(iso: str) -> str:
    """Return a moment as the clock on the wall showed it; what is no moment as it stands."""
    try:
        return f"{datetime.fromisoformat(iso).astimezone():%Y-%m-%d %H:%M}"
    except (ValueError, OverflowError, OSError):
        # Other programs write to targets too, and a server may say anything.
        return iso


def short(sha256: str) -> str:
    """Return the beginning of a hash."""
    return sha256[:_SHORT]


def profile(key: str) -> str:
    """Return whom a package is for."""
    return tr(_PROFILES[Profile(key)])


def state(delivery: Delivery) -> str:
    """Return where a delivery stands."""
    return tr(_STATES[DeliveryState(delivery.state)])


def certificate(release: Release) -> str:
    """Return in short what a release was proved to be."""
    facts = release.facts
    allowed = len(release.allowed_issues)
    said = tr("{areas} 个区域，缝隙 {gap} m²，重叠 {overlap} m²",
              areas=f"{facts.get('areas', 0):,}",
              gap=f"{facts.get('gap_m2', 0):,.2f}",
              overlap=f"{facts.get('overlap_m2', 0):,.2f}")  # fmt: skip
    return said + (tr("，保留 {n} 个问题", n=f"{allowed:,}") if allowed else "")


def content(release: Release) -> str:
    """Return in a few words how much a release holds, and what was allowed to stand."""
    said = tr("{areas} 个区域", areas=f"{release.facts.get('areas', 0):,}")
    allowed = len(release.allowed_issues)
    return said + (tr("，保留 {n} 个问题", n=f"{allowed:,}") if allowed else "")


def sent(deliveries: list[Delivery]) -> str:
    """Return to whom a release got, each target once."""
    confirmed = [one for one in deliveries if one.state == DeliveryState.CONFIRMED]
    return tr("、").join(dict.fromkeys(one.target for one in confirmed))
