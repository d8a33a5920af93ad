"""A delivery that can't half happen: beside, read back, switched by name, pointed to last.

Every step may break off at any byte and be done again: what is there is looked up first, so a lost
answer is no lost delivery. The old release stays whole and pointed to until the new one is.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from gridadmin.base.errors import Cancelled
from gridadmin.base.progress import Progress, checkpoint
from gridadmin.publish.latest import LATEST, Published, Standing, look
from gridadmin.publish.patience import Patience
from gridadmin.publish.targets.faults import RECHECK, TargetError
from gridadmin.publish.targets.target import (
    ANYWAY,
    IF_ABSENT,
    PART,
    Entry,
    OnlyIf,
    Sent,
    Serving,
    Target,
    digest_of,
    read_small,
)


@dataclass(frozen=True, slots=True)
class Parcel:
    """What is delivered: the package in a file of this computer, and what is said about it.

    ``label`` is the column that a map writes beside each area, empty for none; ``kinds`` says of
    each layer what it is, where a mapping gave it another name.
    """

    path: Path
    release: Published
    layers: tuple[str, ...] = ()
    label: str = "name"
    kinds: tuple[str, ...] = ()

    @property
    def shown(self) -> dict[str, str]:
        """The layers of a map by name, each with what it is."""
        return dict(zip(self.layers, self.kinds or self.layers, strict=True))


class Outcome(StrEnum):
    """How a delivery ended."""

    CONFIRMED = "confirmed"
    UNCHANGED = "unchanged"


def deliver(
    target: Target, parcel: Parcel, base: str, progress: Progress, patience: Patience
) -> Outcome:
    """Bring a package to a target; on return the server has confirmed that it points to it.

    *base* is the digest of the standing that the user has seen (:attr:`Standing.digest`): when the
    target has moved on since, nothing is changed.

    Raises: TargetError, ``delivery.rival`` and ``delivery.name_taken`` among them; Cancelled. What
    was pointed to before is untouched then, unless the server already took the last step: a
    second delivery finds that out.
    """
    _require_sound(parcel)
    work = _Work(target, parcel, base, progress)
    try:
        return patience.carry_out(work.attempt, progress)
    except Cancelled:
        with suppress(TargetError):
            target.remove(part_name(parcel.release))
        raise


def part_name(release: Published) -> str:
    """Return what the upload is called until it is whole: the same for the same bytes."""
    return f"{release.file}.{release.sha256[:8]}{PART}"


def _require_sound(parcel: Parcel) -> None:
    """Refuse a package that isn't any more what it was when it was made."""
    with parcel.path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if digest != parcel.release.sha256 or parcel.path.stat().st_size != parcel.release.size:
        raise TargetError("delivery.package_changed", file=parcel.release.file)


@dataclass
class _Work:
    target: Target
    parcel: Parcel
    base: str
    progress: Progress

    def attempt(self) -> Outcome:
        """Do what is left to do, beginning with a look at what is there."""
        release = self.parcel.release
        standing = look(self.target)
        if standing.points_to(release):
            if not is_there(self.target, release):
                self._bring_package(standing)
        else:
            require_no_rival(standing, self.base, self.target.place)
            require_next(standing, release)
            self._bring_package(standing)
            if isinstance(self.target, Serving):
                # The map service has no condition: a rival who came meanwhile is met before it.
                self._require_unmoved(standing)
                self.target.serve(release.file, self.parcel.shown, self.parcel.label)
            self._point(standing)
        if self.target.can_rename:
            with suppress(TargetError):
                self.target.remove(part_name(release))
        return Outcome.CONFIRMED

    def _bring_package(self, standing: Standing) -> None:
        release = self.parcel.release
        there = self.target.stat(release.file)
        if there is not None and self._is_whole(release.file, there):
            return
        if there is not None:
            # A refusal is final, so it isn't left to one answer, which may have been cut.
            there = self.target.stat(release.file)
            if self._is_whole(release.file, there):
                return
        if self.target.can_rename:
            if there is not None:
                raise self._taken()
            self._upload_beside()
            self._switch(part_name(release), release.file, IF_ABSENT)
            return
        # Without renaming the package is written under its own name. One that broke off is shorter
        # and nothing points to it.
        if there is not None and (there.size >= release.size or _is_listed(standing, release.file)):
            raise self._taken()
        self._put_package(release.file, IF_ABSENT if there is None else OnlyIf(tag=there.tag))
        self._require_whole(release.file)

    def _upload_beside(self) -> None:
        release = self.parcel.release
        part = part_name(release)
        there = self.target.stat(part) if self.target.can_append else None
        start = there.size if there is not None and there.size <= release.size else 0
        if start < release.size:
            self._put_package(part, ANYWAY, start)
        if start and not self._is_whole(part, self.target.stat(part)):
            # What was there was no beginning of ours.
            self._put_package(part, ANYWAY)
        self._require_whole(part)

    def _put_package(self, name: str, only_if: OnlyIf, start: int = 0) -> None:
        size = self.parcel.release.size
        seen = self._seen("progress.upload")
        with self.parcel.path.open("rb") as file, self._looking_again():
            self.target.put(name, file, size, only_if, seen, start)

    def _require_whole(self, name: str) -> None:
        """Read a file back; one that isn't what was sent is removed and counts as not sent."""
        if self._is_whole(name, self.target.stat(name)):
            return
        if name.endswith(PART):
            self.target.remove(name)
        raise TargetError(
            "delivery.damaged",
            is_passing=True,
            file=self.parcel.release.file,
            place=self.target.place,
        )

    def _is_whole(self, name: str, there: Entry | None) -> bool:
        release = self.parcel.release
        if there is None or there.size != release.size:
            return False
        said = digest_of(self.target, name, release.size, self._seen("progress.read_back"))
        return said == (release.size, release.sha256)

    def _switch(self, part: str, name: str, only_if: OnlyIf) -> None:
        try:
            self.target.rename(part, name, only_if)
        except TargetError as error:
            if error.code != RECHECK:
                raise
            if not self._is_whole(name, self.target.stat(name)):
                raise self._taken() from error

    def _point(self, standing: Standing) -> None:
        content = standing.with_latest(self.parcel.release)
        if self.target.can_rename:
            part = f"{LATEST}.{hashlib.sha256(content).hexdigest()[:8]}{PART}"
            with self._leaving_no(part):
                self._put_bytes(part, content, ANYWAY)
                if read_small(self.target, part, len(content) + 1) != content:
                    raise self._unconfirmed()
                self._require_unmoved(standing)
                self._rename_latest(part, standing)
        else:
            self._require_unmoved(standing)
            self._put_bytes(LATEST, content, standing.only_if)
        if read_small(self.target, LATEST, len(content) + 1024) != content:
            raise self._unconfirmed()

    def _rename_latest(self, part: str, standing: Standing) -> None:
        try:
            self.target.rename(part, LATEST, standing.only_if)
        except TargetError as error:
            if error.code != RECHECK:
                raise
            self._require_unmoved(standing)
            if standing.raw is None:
                raise
            # Nothing moved, so it is the condition that this server doesn't understand.
            self.target.rename(part, LATEST, ANYWAY)

    def _require_unmoved(self, standing: Standing) -> None:
        """Look once more: not every server heeds a condition."""
        now = look(self.target)
        if not now.points_to(self.parcel.release):
            require_no_rival(now, standing.digest, self.target.place)

    def _put_bytes(self, name: str, content: bytes, only_if: OnlyIf) -> None:
        with self._looking_again():
            self.target.put(name, io.BytesIO(content), len(content), only_if, self._unseen)

    @contextmanager
    def _looking_again(self) -> Iterator[None]:
        """Let the next attempt see who it was when a condition isn't true any more."""
        try:
            yield
        except TargetError as error:
            if error.code != RECHECK:
                raise
            raise self._unconfirmed() from error

    @contextmanager
    def _leaving_no(self, part: str) -> Iterator[None]:
        """Take *part* away when nobody will go on with it: after a cancel or a refusal."""
        try:
            yield
        except (Cancelled, TargetError) as error:
            if not (isinstance(error, TargetError) and error.is_passing):
                with suppress(TargetError):
                    self.target.remove(part)
            raise

    def _unseen(self, done: int) -> None:
        if self.progress.is_cancelled():
            raise Cancelled

    def _seen(self, what: str) -> Sent:
        total = self.parcel.release.size
        return lambda done: checkpoint(self.progress, what, done, total)

    def _taken(self) -> TargetError:
        return TargetError(
            "delivery.name_taken", file=self.parcel.release.file, place=self.target.place
        )

    def _unconfirmed(self) -> TargetError:
        # The next attempt looks: ours, the old one, or somebody else's.
        return TargetError("delivery.not_confirmed", is_passing=True, place=self.target.place)


def is_there(target: Target, release: Published) -> bool:
    """Return whether the file of a release lies on a target, by its name and size.

    Raises: TargetError.
    """
    there = target.stat(release.file)
    return there is not None and there.size == release.size


def _is_listed(standing: Standing, file: str) -> bool:
    return any(one.file == file for one in standing.releases)


def require_no_rival(standing: Standing, base: str, place: str) -> None:
    """Refuse to go on when the target has moved since *base* was seen.

    Raises: TargetError ``delivery.rival``, ``delivery.vanished``.
    """
    if standing.digest == base:
        return
    latest = standing.latest
    if latest is None:
        raise TargetError("delivery.vanished", place=place)
    raise rival_error(latest, place)


def rival_error(latest: Published, place: str) -> TargetError:
    """Return the refusal that names what somebody else has published."""
    when = latest.date[:16].replace("T", " ")
    said = " · ".join(filter(None, (latest.file, latest.author, latest.plan, when)))
    return TargetError("delivery.rival", place=place, number=latest.number, said=said)


def require_next(standing: Standing, release: Published) -> None:
    """Refuse a release whose number isn't beyond what the target points to.

    The same release may come in another profile. Raises: TargetError ``delivery.number_behind``.
    """
    latest = standing.latest
    if latest is None or latest.number < release.number:
        return
    if latest.number == release.number and latest.profile != release.profile:
        return
    raise TargetError("delivery.number_behind", number=release.number, latest=latest.number)


def foreign_release(standing: Standing, own: Sequence[str]) -> Published | None:
    """Return the release that the target points to when none of ours has that SHA-256."""
    latest = standing.latest
    return latest if latest is not None and latest.sha256 not in own else None
