"""Which areas a filter lets through: by parts of names and codes, by pinyin, by initials."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping

from gridadmin.app.pinyin import keys_of, pattern_of
from gridadmin.base.progress import SILENT, Progress, checkpoint
from gridadmin.domain.change import RowChange
from gridadmin.domain.model import Area
from gridadmin.partition.snapshot import Snapshot

_BATCH = 2000
_BREAK = "\n"


class AreaIndex:
    """The living areas of a project by what one may type for them, and how many each level has.

    Kept up with :meth:`follow`; reading is quick enough for every keystroke.
    """

    def __init__(self) -> None:
        self._keys: dict[str, str] = {}
        self._full: dict[str, str] = {}
        self._counts: Counter[str] = Counter()

    @classmethod
    def of(cls, snapshot: Snapshot, progress: Progress = SILENT) -> AreaIndex:
        """Return the index of all living areas. Raises: Cancelled."""
        found = cls()
        areas = list(snapshot.areas())
        for number, area in enumerate(areas):
            if number % _BATCH == 0:
                checkpoint(progress, "progress.reading", number, len(areas))
            found._put(area)
        return found

    def __len__(self) -> int:
        return len(self._keys)

    @property
    def counts(self) -> Mapping[str, int]:
        """How many living areas there are of each level."""
        return self._counts

    def follow(self, rows: Iterable[RowChange]) -> None:
        """Keep up with changed rows of areas."""
        for row in rows:
            for area in (row.before,) if _is_alive(row.before) else ():
                self._keys.pop(area.uid, None)
                self._full.pop(area.uid, None)
                self._counts[area.level] -= 1
            if _is_alive(row.after):
                self._put(row.after)

    def find(self, typed: str, limit: int) -> tuple[list[str], int]:
        """Return the uids of areas that *typed* may mean, at most *limit*, and how many there are.

        All of its words must be found. Where there are more than *limit*, those whose name or code
        begins with the first word are preferred.
        """
        words = folded(typed).split()
        if not words:
            return [], 0
        hits = list(self._keys)
        for word in words:
            hits = self._fitting(word, hits)
        begin = _BREAK + words[0]
        ahead = [uid for uid in hits if begin in self._keys[uid]][:limit]
        if len(ahead) < limit:
            known = set(ahead)
            ahead += [uid for uid in hits[: 2 * limit] if uid not in known][: limit - len(ahead)]
        return ahead, len(hits)

    def _fitting(self, word: str, uids: list[str]) -> list[str]:
        keys = self._keys
        if not word.isascii() or word.isdigit():
            return [uid for uid in uids if word in keys[uid]]
        full, fits = self._full, re.compile(pattern_of(word)).search
        return [uid for uid in uids if word in keys[uid] or fits(full[uid])]

    def _put(self, area: Area) -> None:
        spelled = keys_of(folded(area.name))
        name, code = folded(area.name), folded(area.code or "")
        self._keys[area.uid] = _BREAK.join(("", name, code, spelled.initials))
        self._full[area.uid] = spelled.full
        self._counts[area.level] += 1


def folded(text: str) -> str:
    """Return *text* as it is compared: full-width signs as plain ones, in small letters."""
    return unicodedata.normalize("NFKC", text).casefold()


def _is_alive(area: Area | None) -> bool:
    return area is not None and area.valid_to is None
