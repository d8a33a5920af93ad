"""The user's keys of map services: in the system's keyring, in no file and in no message.

Asking the keyring may take long (the system may ask the user to unlock it), so jobs do that.
"""

from __future__ import annotations

import logging

from PySide6.QtCore import QObject, Signal

from ui.jobs import JobProgress, Jobs
from ui.texts import tr

_log = logging.getLogger("gridadmin.network")

_SERVICE = "gridadmin basemaps"


class Keys(QObject):
    """What is known of the keys, by their names; several sources may share one."""

    changed = Signal(str)
    """The key of this name is known now, or another one."""
    not_kept = Signal()
    """A key was to be kept, and the system has no keyring."""

    def __init__(self, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._known: dict[str, str] = {}
        self._asked: set[str] = set()
        self.is_lasting = True
        """Whether keys outlive the program: False where the system has no keyring."""

    def key(self, name: str) -> str | None:
        """Return a key, empty when there is none; None while the keyring is asked."""
        if name not in self._known and name not in self._asked:
            self._asked.add(name)
            self._jobs.start(
                tr("读取密钥"),
                lambda _: _asked_keyring(name),
                on_done=lambda found: self._take(name, *found),
                is_quiet=True,
            )
        return self._known.get(name)

    def keep(self, name: str, key: str) -> None:
        """Use a key from now on and keep it in the keyring; an empty one is forgotten there."""
        self._asked.add(name)
        self._known[name] = key
        self.changed.emit(name)

        def keep(_: JobProgress) -> bool:
            return _kept_in_keyring(name, key)

        self._jobs.start(tr("保存密钥"), keep, on_done=self._kept, is_quiet=True)

    def _kept(self, is_lasting: bool) -> None:
        self._take_lasting(is_lasting)
        if not is_lasting:
            self.not_kept.emit()

    def _take(self, name: str, key: str, is_lasting: bool) -> None:
        self._take_lasting(is_lasting)
        # One that was typed meanwhile is newer.
        if name not in self._known:
            self._known[name] = key
            self.changed.emit(name)

    def _take_lasting(self, is_lasting: bool) -> None:
        self.is_lasting = is_lasting


def _asked_keyring(name: str) -> tuple[str, bool]:
    """Return the key in the keyring, empty when there is none, and whether there is a keyring."""
    import keyring
    from keyring.errors import KeyringError

    try:
        return keyring.get_password(_SERVICE, name) or "", True
    except KeyringError as fault:
        _log.info("no keyring: %s", type(fault).__name__)
        return "", False


def _kept_in_keyring(name: str, key: str) -> bool:
    import keyring
    from keyring.errors import KeyringError, PasswordDeleteError

    try:
        if key:
            keyring.set_password(_SERVICE, name, key)
        else:
            keyring.delete_password(_SERVICE, name)
    except PasswordDeleteError:
        return True  # there was none
    except KeyringError as fault:
        _log.info("no keyring: %s", type(fault).__name__)
        return False
    return True
