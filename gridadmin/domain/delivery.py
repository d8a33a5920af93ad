"""What was sent where, when, by whom, for whom, with its hash: one record for each delivery."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class DeliveryState(StrEnum):
    """Where a delivery stands; it is done when the server has confirmed, and not before."""

    WAITING = "waiting"
    SENDING = "sending"
    CONFIRMED = "confirmed"
    FAILED = "failed"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One delivery of a release to a target; no undo takes it back.

    ``url`` holds neither user name nor secret. ``started`` and ``changed`` are ISO 8601 with zone,
    ``changed`` is when it came into its state. ``code`` is that of a refusal or fault, else empty;
    ``sentence`` says how it ended, or why it waits, in the words of then.
    """

    uid: str
    release: int
    target: str
    url: str
    profile: str
    file: str
    size: int
    sha256: str
    author: str
    started: str
    changed: str
    state: str = DeliveryState.WAITING
    code: str = ""
    sentence: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return the delivery as JSON values."""
        return {name: getattr(self, name) for name in self.__slots__ if name != "uid"}
