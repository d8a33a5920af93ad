"""The post of one window: what is sent to targets, what waits, and trying again what may pass."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from gridadmin.app.publishing import Order, opening_of, prepared_item
from gridadmin.app.session import Session
from gridadmin.base.errors import GridAdminError
from gridadmin.domain.delivery import Delivery, DeliveryState
from gridadmin.domain.release import Release
from gridadmin.publish.leavable_target import leavable
from gridadmin.publish.outbox import Item, Outbox, Work, is_kept
from gridadmin.publish.patience import Patience
from gridadmin.publish.target_book import TargetBook, TargetSetting
from gridadmin.publish.targets.faults import TargetError
from ui.context import Context
from ui.jobs import Job, JobProgress, Jobs
from ui.publish import words
from ui.publish.records import Records
from ui.texts import explain, tr

RETRY_MS = 60_000
"""How often what waits is tried again while the window is open."""
_ATTEMPTS = 3
_LAST_PATIENCE_S = 2.0
"""How long the window waits at its end for a server that doesn't answer."""
_CLEARING_S = 10.0
"""How long a server may take to let what was given up be removed; else it is done later."""


HOST_UNKNOWN = "target.host_unknown"
"""The code of the refusal to speak with a server whose key nobody has confirmed."""


def host_answer() -> str:
    """Return what a button says that accepts such a key."""
    return tr("指纹相符，记住它")


class _ProjectGoneError(Exception):
    """The project of a delivery isn't open any more; the outbox keeps how it went."""


class _Briefly:
    """A progress that is cancelled by itself after some seconds: others wait for their turn."""

    def __init__(self, progress: JobProgress, seconds: float) -> None:
        self._progress = progress
        self._until = time.monotonic() + seconds

    def step(self, what: str, done: int, total: int) -> None:
        """Pass on how far it has come."""
        self._progress.step(what, done, total)

    def is_cancelled(self) -> bool:
        """Return whether the user wants it to stop, or its time is over."""
        return self._progress.is_cancelled() or time.monotonic() > self._until


class Post(QObject):
    """Sends the releases of the open project; the outbox keeps what is on its way."""

    changed = Signal()
    """The outbox holds something else, or a delivery is in another state."""
    sending = Signal(object)
    """A delivery begins to be sent; the job."""
    refused = Signal(object, object, object)
    """The server, or we for its sake, refused a delivery: the target, the refusal, the item."""

    def __init__(self, context: Context, records: Records, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._records = records
        self.outbox = Outbox()
        self.book = TargetBook()
        # A server that doesn't answer must not hold up the other work of the window.
        self.jobs = Jobs(self)
        self.jobs.started.connect(self._tell_sending)
        self._in_hand: dict[str, Job] = {}
        self._unwanted: set[str] = set()
        self._timer = QTimer(self)
        self._timer.setInterval(RETRY_MS)
        self._timer.timeout.connect(self.try_again)
        self._timer.start()
        context.bridge.opened.connect(self._settle)

    @property
    def items(self) -> list[Item]:
        """The deliveries of the open project that are not confirmed, the oldest first."""
        bridge = self._context.bridge
        return self.outbox.items(bridge.session.store.path) if bridge.is_open else []

    def publish(self, setting: TargetSetting, release: Release, over: int = 0) -> None:
        """Make the package of a release for a target, then send it."""
        session = self._context.bridge.session
        order = Order(setting.profile, over=over)

        def prepare(progress: JobProgress) -> Item:
            with tempfile.TemporaryDirectory(prefix="gridadmin-") as folder:
                item, package = prepared_item(
                    session, release, setting, order, Path(folder), progress
                )
                item = self.outbox.add(item, package, session.store.keep_delivery, explain)
            session.store.keep_delivery(item.delivery)
            return item

        self._context.jobs.start(
            tr("准备发布文件"),
            prepare,
            on_done=self.send,
            on_failed=self._failed,
            on_cancelled=self._refresh,
        )

    def accept_host(self, setting: TargetSetting, fingerprint: str) -> TargetSetting:
        """Remember that a target's server has this key, and return the target so."""
        known = replace(setting, host_key=fingerprint)
        self.book.keep(known, setting.name)
        return known

    def send(self, item: Item) -> None:
        """Send a delivery of the outbox now, beside all other work."""
        session, setting = self._context.bridge.session, self.setting_of(item)

        def work(progress: JobProgress) -> Item:
            opening = opening_of(session, setting, progress)
            outbox_work = Work(progress, Patience(_ATTEMPTS), explain)
            self.outbox.send(item, opening, self._record_of(session), outbox_work)
            return item

        job = self.jobs.start(
            tr("发送到 {target}", target=setting.name),
            work,
            on_done=self._sent,
            on_failed=lambda error: self._not_sent(item, setting, session, error),
            on_cancelled=lambda: self._not_sent(item, setting, session),
        )
        self._in_hand[item.uid] = job
        self._tell_sending(self.jobs.current)
        self.changed.emit()

    @property
    def at_work(self) -> Job | None:
        """What is being sent now."""
        job = self.jobs.current
        return job if job in self._in_hand.values() else None

    def _tell_sending(self, job: Job | None) -> None:
        if job is not None and job is self.at_work:
            self.sending.emit(job)

    @property
    def is_busy(self) -> bool:
        """Whether anything is being sent."""
        return self.jobs.is_busy

    def close(self) -> None:
        """Stop sending; what isn't confirmed goes on the next time."""
        self._timer.stop()
        self.jobs.close(_LAST_PATIENCE_S)

    def cancel(self, item: Item) -> None:
        """Take a delivery out of the outbox at once, whether its server answers or not.

        One that is being sent is stopped before. What it left unfinished there is removed now if
        the server answers soon, or by the next delivery.
        """
        job = self._in_hand.get(item.uid)
        if job is not None:
            job.cancel()
            if job is self.jobs.current:
                self._unwanted.add(item.uid)
                return
        if self._context.bridge.is_open:
            self._give_up(item, self._context.bridge.session)

    def try_again(self) -> None:
        """Send the delivery that was tried longest ago, unless something is being sent."""
        if self.is_busy:
            return
        waiting = [item for item in self.items if is_kept(item)]
        if waiting:
            # A target that is away for days doesn't hold up the others.
            self.send(min(waiting, key=lambda item: item.changed))

    def setting_of(self, item: Item) -> TargetSetting:
        """Return the target of a delivery as it is set up now, at the address of then."""
        try:
            known = self.book.all()
        except GridAdminError:
            known = []
        for setting in known:
            if setting.url == item.url:
                return setting
        return TargetSetting(item.target, item.url, profile=item.release.profile)

    def _record_of(self, session: Session) -> Callable[[Delivery], None]:
        """Return what keeps deliveries in a project, as long as that is the open one."""
        bridge = self._context.bridge

        def record(delivery: Delivery) -> None:
            if not bridge.is_open or bridge.session is not session:
                raise _ProjectGoneError
            session.store.keep_delivery(delivery)

        return record

    def _give_up(self, item: Item, session: Session) -> None:
        """Take out a delivery of the project of *session*, which may be closed by now."""
        try:
            self.outbox.give_up(item, self._record_of(session))
        except _ProjectGoneError:
            self.outbox.remove(item)
        except GridAdminError as error:
            self._failed(error)
            return
        self._refresh()
        if self.outbox.has_leftovers(item.url):
            self._clear(item)

    def _clear(self, item: Item) -> None:
        """Remove what a delivery left unfinished on its target, if that answers soon."""
        setting = self.setting_of(item)

        def work(progress: JobProgress) -> None:
            target = leavable(setting.open(), _Briefly(progress, _CLEARING_S))
            try:
                self.outbox.clear_leftovers(target, item.url)
            finally:
                target.close()

        self.jobs.start(tr("清理没传完的文件"), work, on_failed=_left_for_later, is_quiet=True)

    def _settle(self) -> None:
        """Record what was confirmed when its project had been closed already."""
        bridge = self._context.bridge
        store = bridge.session.store if bridge.is_open else None
        if store is not None and store.why_read_only is None:
            for item in self.items:
                if item.state == DeliveryState.CONFIRMED:
                    store.keep_delivery(item.delivery)
                    self.outbox.remove(item)
        self.changed.emit()

    def _sent(self, item: Item) -> None:
        self._in_hand.pop(item.uid, None)
        self._unwanted.discard(item.uid)
        self._context.messages.done(
            tr(
                "{number} 已发送到 {target}，服务器已确认。",
                number=words.number(item.release.number),
                target=item.target,
            )
        )
        self._refresh()

    def _not_sent(
        self,
        item: Item,
        setting: TargetSetting,
        session: Session,
        error: BaseException | None = None,
    ) -> None:
        """Go on after a delivery that was stopped, or that failed with *error*."""
        self._in_hand.pop(item.uid, None)
        is_unwanted = item.uid in self._unwanted
        self._unwanted.discard(item.uid)
        if is_unwanted:
            # The outbox has counted the attempt; what was asked for is what it says now.
            items = self.outbox.items(Path(item.project))
            self._give_up(next((one for one in items if one.uid == item.uid), item), session)
        elif error is None:
            self._refresh()
        else:
            self._failed(error, setting, item)

    def _failed(
        self,
        error: BaseException,
        setting: TargetSetting | None = None,
        item: Item | None = None,
    ) -> None:
        self._refresh()
        if isinstance(error, _ProjectGoneError):
            return
        if not isinstance(error, GridAdminError):
            raise error
        self._context.messages.refused(error)
        if setting is not None and isinstance(error, TargetError):
            self.refused.emit(setting, error, item)

    def _refresh(self) -> None:
        self.changed.emit()
        self._records.read()


def _left_for_later(error: BaseException) -> None:
    """Let a refusal be: the outbox remembers what it has still to remove."""
    if not isinstance(error, GridAdminError):
        raise error
