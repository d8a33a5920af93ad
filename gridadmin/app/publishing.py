"""Publish a project to a target: the release, its package, the delivery and the record of it."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gridadmin.app.session import Session, author
from gridadmin.base.progress import Progress
from gridadmin.domain.delivery import DeliveryState
from gridadmin.domain.release import Package, Release, newest_release, package_name
from gridadmin.edit.plan_commands import Allowed
from gridadmin.publish.delivery import (
    Outcome,
    Parcel,
    foreign_release,
    is_there,
    require_next,
    rival_error,
)
from gridadmin.publish.latest import LATEST, Published, Standing, look
from gridadmin.publish.leavable_target import leavable
from gridadmin.publish.outbox import WAITS, Item, Outbox, Work, is_kept, new_item
from gridadmin.publish.package import make_package
from gridadmin.publish.releasing import make_release, prepared_release, standing_release
from gridadmin.publish.target_book import TargetSetting
from gridadmin.publish.targets.address import readable
from gridadmin.publish.targets.faults import TargetError
from gridadmin.publish.targets.target import Serving, Target


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be published: for whom, and what a new release should say.

    ``over`` is the number of a release of somebody else that was looked at and is followed.
    """

    profile: str
    note: str | None = None
    allowed: Sequence[Allowed] = ()
    over: int = 0


@dataclass(frozen=True, slots=True)
class Told:
    """How it ended, or how it would: *outcome* is ``published``, ``unchanged`` or ``planned``.

    *changes* are lines of what is new (+) or other (~) on the server; *release* is what it points
    to, with an empty hash where the package has not been made.
    """

    outcome: str
    target: str
    place: str
    release: Published
    changes: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON values."""
        one = self.release
        return {
            "outcome": self.outcome,
            "target": self.target,
            "place": self.place,
            "release": one.number,
            "profile": one.profile,
            "file": one.file,
            "size": one.size,
            "sha256": one.sha256,
            "content_sha256": one.content,
            "changes": list(self.changes),
        }


def publish(
    session: Session, setting: TargetSetting, order: Order, outbox: Outbox, work: Work
) -> Told:
    """Publish the present state; on return the server has confirmed, or has it already.

    A release is made unless the newest says the same. Where the server can't be reached, the
    delivery waits in the outbox and the fault is raised.

    Raises: TargetError, EditError ``edit.release_blocked``, InputError, StoreError, Cancelled.
    """
    known = known_packages(session)
    opening = opening_of(session, setting, work.progress)
    standing, fault = _looked(opening, work, is_known=_was_published(session, setting))
    if standing is not None:
        _require_ours(standing, known, order.over, readable(setting.url))
    release = _release(session, setting, order, work.progress)
    with tempfile.TemporaryDirectory(prefix="gridadmin-") as folder:
        item, package = prepared_item(session, release, setting, order, Path(folder), work.progress)
        if standing is not None and _holds(standing, item.release):
            held = _held(standing, item.release)
            if _is_whole(opening, held, work):
                return Told(Outcome.UNCHANGED, setting.name, setting.url, held)
            if not held.is_same_file(item.release):
                raise TargetError(
                    "delivery.package_gone", file=held.file, place=readable(setting.url)
                )
        item = outbox.add(item, package, session.store.keep_delivery, work.say)
    session.store.keep_delivery(item.delivery)
    if fault is not None:
        raise fault
    outbox.send(item, opening, session.store.keep_delivery, work)
    return Told("published", setting.name, setting.url, item.release)


def dry_run(session: Session, setting: TargetSetting, order: Order, work: Work) -> Told:
    """Return what publishing would change on the server; nothing is changed there or here.

    Raises: as :func:`publish`.
    """
    target = opening_of(session, setting, work.progress)()
    try:
        standing = work.patience.carry_out(lambda: look(target), work.progress)
        _require_ours(standing, known_packages(session), order.over, target.place)
        release = _planned(session, setting, order, work.progress)
        if _holds(standing, release):
            held = _held(standing, release)
            if is_there(target, held):
                return Told(Outcome.UNCHANGED, setting.name, setting.url, held)
            return Told("planned", setting.name, setting.url, held, (f"+ {held.file}",))
        require_next(standing, release)
        changes = tuple(_changes(target, standing, release))
    finally:
        target.close()
    return Told("planned", setting.name, setting.url, release, changes)


def prepared_item(
    session: Session,
    release: Release,
    setting: TargetSetting,
    order: Order,
    folder: Path,
    progress: Progress,
) -> tuple[Item, Path]:
    """Make the package of a release for a target; return the delivery and the file in *folder*.

    Raises: InputError, StoreError, Cancelled.
    """
    choice = setting.choice(order.profile)
    package = make_package(session, release, order.profile, choice, folder, progress)
    label = choice.mapping.label_column
    layers = _layers(package)
    kinds = tuple(choice.mapping.kind_of(layer) for layer in layers)
    parcel = Parcel(package.path, published_of(package, release), layers, label, kinds)
    known = known_packages(session)
    item = new_item(
        session.store.path, setting.name, setting.url, parcel, author(), known, order.over
    )
    return item, package.path


def published_of(package: Package, release: Release) -> Published:
    """Return what is said on a target of a package; the public profile names nobody."""
    is_public = package.profile != "internal"
    return Published(
        package.release,
        package.name,
        package.size,
        package.sha256,
        package.profile,
        package.content_sha256,
        release.made_at or release.date,
        "" if is_public else release.author,
        release.plan or "",
    )


def known_packages(session: Session) -> tuple[str, ...]:
    """Return the SHA-256 of every package that this project has sent or tried to send."""
    return tuple(sorted({one.sha256 for one in session.store.deliveries()}))


def is_waiting(outbox: Outbox, project: Path, setting: TargetSetting) -> bool:
    """Return whether a delivery of the project to this target stays in the outbox to be sent."""
    return any(item.url == setting.url and is_kept(item) for item in outbox.items(project))


def opening_of(
    session: Session, setting: TargetSetting, progress: Progress
) -> Callable[[], Target]:
    """Return what opens the target, which is left behind when it is silent after a cancel.

    A folder is made only where nothing was published before: a share that isn't mounted would else
    be taken for an empty one.
    """
    is_new = not _was_published(session, setting)
    return lambda: leavable(setting.open(makes_folder=is_new), progress)


def _was_published(session: Session, setting: TargetSetting) -> bool:
    return any(
        one.url == setting.url and one.state == DeliveryState.CONFIRMED
        for one in session.store.deliveries()
    )


def _looked(
    opening: Callable[[], Target], work: Work, *, is_known: bool
) -> tuple[Standing | None, TargetError | None]:
    """Return what the target holds, or the fault that may pass.

    A folder that is away may come back where it *is_known*; else its address is wrong.
    """
    target = opening()
    try:
        return work.patience.carry_out(lambda: look(target), work.progress), None
    except TargetError as error:
        if not (error.is_passing or (is_known and error.code in WAITS)):
            raise
        return None, error
    finally:
        target.close()


def _require_ours(standing: Standing, known: Sequence[str], over: int, place: str) -> None:
    rival = foreign_release(standing, known)
    if rival is not None and rival.number != over:
        raise rival_error(rival, place)


def _release(session: Session, setting: TargetSetting, order: Order, progress: Progress) -> Release:
    people = setting.choice(order.profile).has_people
    found = standing_release(session.snapshot, with_people=people)
    if found is not None and found.number > order.over:
        return found
    return make_release(session.document, order.note, order.allowed, progress, order.over)


def _planned(
    session: Session, setting: TargetSetting, order: Order, progress: Progress
) -> Published:
    """Return the package that would be sent; only that of a release that stands can be made."""
    people = setting.choice(order.profile).has_people
    found = standing_release(session.snapshot, with_people=people)
    if found is not None and found.number > order.over:
        with tempfile.TemporaryDirectory(prefix="gridadmin-") as folder:
            item, _ = prepared_item(session, found, setting, order, Path(folder), progress)
            return item.release
    prepared_release(session.document, order.note, order.allowed, progress, order.over)
    newest = newest_release(session.snapshot.rows("release"))
    number = max(0 if newest is None else newest.number, order.over) + 1
    name = package_name(session.store.path.stem, number, order.profile)
    return Published(number, name, 0, "", order.profile)


def _holds(standing: Standing, release: Published) -> bool:
    """Return whether the target's newest release of this profile says the same already."""
    there = standing.latest_of(release.profile)
    if there is None:
        return False
    is_same = bool(release.content) and there.content == release.content
    return is_same or (bool(release.sha256) and there.is_same_file(release))


def _is_whole(opening: Callable[[], Target], held: Published, work: Work) -> bool:
    """Return whether the package that a target points to still lies there."""
    target = opening()
    try:
        return work.patience.carry_out(lambda: is_there(target, held), work.progress)
    finally:
        target.close()


def _held(standing: Standing, release: Published) -> Published:
    return standing.latest_of(release.profile) or release


def _changes(target: Target, standing: Standing, release: Published) -> list[str]:
    there = target.stat(release.file)
    lines = [] if there is not None else [f"+ {release.file}"]
    if isinstance(target, Serving):
        lines += target.service_plan(release.file)
    latest = standing.latest
    if latest is None:
        return [*lines, f"+ {LATEST} → r{release.number:04}"]
    return [*lines, f"~ {LATEST} r{latest.number:04} → r{release.number:04}"]


def _layers(package: Package) -> tuple[str, ...]:
    return tuple(name for name, count in package.layers if count)
