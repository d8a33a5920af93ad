"""Deliveries on their way: they outlast the program and wait while the server can't be reached.

Each is a small JSON file and a copy of its package in the user's own folder; no secret is in it. A
delivery leaves the outbox when the server has confirmed it, or when the user takes it out. What one
that was taken out left unfinished on its target is removed as soon as that can be reached.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from gridadmin.base.errors import Cancelled, GridAdminError, StoreError
from gridadmin.base.ids import new_uid
from gridadmin.base.progress import Progress
from gridadmin.domain.delivery import Delivery, DeliveryState
from gridadmin.publish.delivery import (
    Outcome,
    Parcel,
    deliver,
    foreign_release,
    part_name,
    rival_error,
)
from gridadmin.publish.latest import Published, look
from gridadmin.publish.leftovers import Leftovers
from gridadmin.publish.own_folders import outbox_folder
from gridadmin.publish.patience import Patience
from gridadmin.publish.targets.faults import TargetError
from gridadmin.publish.targets.target import Target
from gridadmin.store.durable import whole_file
from gridadmin.store.lock import FileLock, take_lock

Record = Callable[[Delivery], None]
"""Keeps a delivery in the project that it is of."""

WAITS = ("target.no_folder", "delivery.in_hand")
"""What is no passing fault for the moment, but may be gone tomorrow."""


@dataclass(frozen=True, slots=True)
class Item:
    """A delivery in the outbox.

    ``project`` is the path of its project, ``known`` are the SHA-256 of the releases that may stand
    on the target without being anybody else's, ``over`` the number of a release of somebody else
    that the user has looked at and goes on from.
    """

    uid: str
    project: str
    target: str
    url: str
    release: Published
    layers: tuple[str, ...]
    author: str
    started: str
    changed: str
    known: tuple[str, ...] = ()
    over: int = 0
    state: str = DeliveryState.WAITING
    code: str = ""
    sentence: str = ""
    attempts: int = 0
    label: str = "name"
    kinds: tuple[str, ...] = ()

    @property
    def delivery(self) -> Delivery:
        """What the project keeps of it."""
        one = self.release
        return Delivery(
            self.uid,
            one.number,
            self.target,
            self.url,
            one.profile,
            one.file,
            one.size,
            one.sha256,
            self.author,
            self.started,
            self.changed,
            self.state,
            self.code,
            self.sentence,
        )


class Outbox:
    """The deliveries of this user, whichever project they are of."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or outbox_folder()
        self._leftovers = Leftovers(self.folder)

    def items(self, project: Path | None = None) -> list[Item]:
        """Return the deliveries, the oldest first; those of one project if it is named.

        One that was being sent when its program ended is waiting again.
        """
        found = []
        for path in sorted(self.folder.glob("*.json")):
            item = self._read(path)
            if item is None or (project is not None and item.project != str(project)):
                continue
            if item.state == DeliveryState.SENDING and not self.is_in_hand(item):
                item = replace(item, state=DeliveryState.WAITING)
            found.append(item)
        return found

    def add(
        self,
        item: Item,
        package: Path,
        record: Record | None = None,
        say: Callable[[GridAdminError], str] = str,
    ) -> Item:
        """Take a delivery in, its package copied; the same one is taken in once.

        Older ones of the same project for the same target and profile are dropped: the newer
        release stands for them, which *record* keeps, told by *say*.

        Raises: StoreError of the disk.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        for other in self.items(Path(item.project)):
            if (other.url, other.release.profile) != (item.url, item.release.profile):
                continue
            if other.release.is_same_file(item.release):
                item = replace(other, known=item.known, over=item.over)
                self._write(item)
                return item
            if not self.is_in_hand(other):
                self._note_leftover(other)
                self.remove(other)
                if record is not None and is_kept(other):
                    record(_superseded(other, item, say).delivery)
        with whole_file(self.package_of(item)) as draft:
            shutil.copyfile(package, draft)
        self._write(item)
        return item

    def remove(self, item: Item) -> None:
        """Take a delivery out, its copy of the package too."""
        for path in (self._file_of(item), self.package_of(item)):
            with suppress(OSError):
                path.unlink(missing_ok=True)

    def package_of(self, item: Item) -> Path:
        """Return the file that is delivered."""
        return self.folder / f"{item.uid}.gpkg"

    def is_in_hand(self, item: Item) -> bool:
        """Return whether a window or program is sending it now."""
        try:
            lock = take_lock(self.package_of(item))
        except StoreError:
            return False
        if lock is None:
            return True
        lock.release()
        return False

    def send(
        self, item: Item, open_target: Callable[[], Target], record: Record, work: Work
    ) -> Outcome:
        """Deliver, and keep in outbox and project how it went; return how it ended.

        On return the server has confirmed. After a fault that may pass the delivery waits, after a
        refusal it stays to be looked at.

        Raises: TargetError, InputError, StoreError, Cancelled.
        """
        with self._in_hand(item):
            item = self._told(item, record, DeliveryState.SENDING, attempts=item.attempts + 1)
            try:
                outcome = self._deliver(item, open_target, work)
            except GridAdminError as error:
                self._told(item, record, _state_after(error), error, work.say)
                raise
            except BaseException:
                self._told(item, record, DeliveryState.WAITING)
                raise
            self._told(item, record, DeliveryState.CONFIRMED)
        self._leftovers.forget(item.url, part_name(item.release))
        self.remove(item)
        return outcome

    def give_up(self, item: Item, record: Record) -> None:
        """Take out a delivery that isn't being sent, without asking its target anything.

        One that is gone already, because the server has confirmed it, is left as it is.

        Raises: TargetError ``delivery.in_hand``; StoreError of the disk.
        """
        if self.package_of(item).exists():
            with self._in_hand(item):
                self._note_leftover(item)
                self._told(item, record, DeliveryState.FAILED, Cancelled())
            self.remove(item)
            return
        # Without its package it can't be sent, but it can't stay for ever either.
        left = self._read(self._file_of(item))
        if left is not None and left.state != DeliveryState.CONFIRMED:
            self._note_leftover(left)
            self._told(left, record, DeliveryState.FAILED, Cancelled())
            self.remove(left)

    def has_leftovers(self, url: str) -> bool:
        """Return whether deliveries that were given up may have left something at a target."""
        return bool(self._leftovers.at(url))

    def clear_leftovers(self, target: Target, url: str) -> None:
        """Remove from a target what deliveries that were given up left unfinished there.

        Raises: TargetError, Cancelled; what was not reached is removed the next time.
        """
        wanted = {part_name(one.release) for one in self.items() if one.url == url}
        self._leftovers.clear(target, url, wanted)

    def _deliver(self, item: Item, open_target: Callable[[], Target], work: Work) -> Outcome:
        target = open_target()
        try:
            standing = work.patience.carry_out(lambda: look(target), work.progress)
            rival = foreign_release(standing, (*item.known, item.release.sha256))
            if rival is not None and rival.number != item.over:
                raise rival_error(rival, target.place)
            with suppress(TargetError):
                self.clear_leftovers(target, item.url)
            parcel = Parcel(
                self.package_of(item), item.release, item.layers, item.label, item.kinds
            )
            return deliver(target, parcel, standing.digest, work.progress, work.patience)
        finally:
            target.close()

    def _note_leftover(self, item: Item) -> None:
        if item.attempts:
            self._leftovers.note(item.url, part_name(item.release))

    def _in_hand(self, item: Item) -> FileLock:
        lock = take_lock(self.package_of(item))
        if lock is None:
            raise TargetError("delivery.in_hand")
        return lock

    def _told(
        self,
        item: Item,
        record: Record,
        state: str,
        error: GridAdminError | None = None,
        say: Callable[[GridAdminError], str] = str,
        attempts: int | None = None,
    ) -> Item:
        told = replace(
            item,
            state=state,
            code="" if error is None else error.code,
            sentence="" if error is None else say(error),
            changed=now(),
            attempts=item.attempts if attempts is None else attempts,
        )
        self._write(told)
        record(told.delivery)
        return told

    def _file_of(self, item: Item) -> Path:
        return self.folder / f"{item.uid}.json"

    def _write(self, item: Item) -> None:
        with whole_file(self._file_of(item)) as draft:
            draft.write_text(json.dumps(asdict(item), ensure_ascii=False), encoding="utf-8")

    @staticmethod
    def _read(path: Path) -> Item | None:
        """Return what a file of the outbox says, None for one that can't be ours."""
        try:
            said = json.loads(path.read_text(encoding="utf-8"))
            said["release"] = Published(**said["release"])
            for name in ("layers", "known", "kinds"):
                said[name] = tuple(said.get(name, ()))
            return Item(**said)
        except (OSError, ValueError, TypeError, KeyError):
            return None


@dataclass(frozen=True, slots=True)
class Work:
    """How a delivery is carried out: watched by whom, how patiently, told in which language."""

    progress: Progress
    patience: Patience
    say: Callable[[GridAdminError], str]


def new_item(
    project: Path,
    target: str,
    url: str,
    parcel: Parcel,
    author: str,
    known: tuple[str, ...] = (),
    over: int = 0,
) -> Item:
    """Return a delivery that has not been taken in yet."""
    time = now()
    return Item(
        new_uid(),
        str(project),
        target,
        url,
        parcel.release,
        parcel.layers,
        author,
        time,
        time,
        known,
        over,
        label=parcel.label,
        kinds=parcel.kinds,
    )


def _superseded(item: Item, by: Item, say: Callable[[GridAdminError], str]) -> Item:
    error = TargetError("delivery.superseded", number=by.release.number)
    return replace(
        item,
        state=DeliveryState.FAILED,
        code=error.code,
        sentence=say(error),
        changed=now(),
    )


def is_kept(item: Item) -> bool:
    """Return whether a delivery will be tried again by itself."""
    return item.state in (DeliveryState.WAITING, DeliveryState.SENDING)


def now() -> str:
    """Return this moment, ISO 8601 with zone."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def _state_after(error: GridAdminError) -> DeliveryState:
    if isinstance(error, Cancelled) or error.code in WAITS:
        return DeliveryState.WAITING
    if isinstance(error, TargetError) and error.is_passing:
        return DeliveryState.WAITING
    if error.code in ("delivery.rival", "delivery.name_taken", "delivery.number_behind"):
        return DeliveryState.REFUSED
    return DeliveryState.FAILED
