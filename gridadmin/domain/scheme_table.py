"""Reading a table of a scheme file value by value, so that every fault names file and key."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterator, Mapping
from enum import StrEnum
from typing import Any, TypeVar

from gridadmin.base.errors import SchemeError

E = TypeVar("E", bound=StrEnum)

_KEY = re.compile(r"[a-z][a-z0-9_]*")
MAX_COUNT = 1_000_000


class SchemeTable:
    """One table of a scheme; remembers what was asked for, so that the rest can be refused.

    *origins* tells by dotted path which file a value came from: a scheme may extend another file.
    """

    def __init__(
        self, values: Mapping[str, Any], origins: Mapping[str, str], path: str = ""
    ) -> None:
        self._values = values
        self._origins = origins
        self._asked: set[str] = set()
        self.path = path

    def __contains__(self, key: str) -> bool:
        # Who asks for a key knows it: it is one that a slip may have meant.
        self._asked.add(key)
        return key in self._values

    def at(self, key: str) -> str:
        """Return the dotted path of *key*."""
        return f"{self.path}.{key}" if self.path else key

    def file_of(self, path: str) -> str:
        """Return the file that the value at a dotted path, or the table around it, came from."""
        while path not in self._origins and path:
            path = path.rpartition(".")[0]
        return self._origins[path]

    def place(self, key: str) -> dict[str, str]:
        """Return the parameters ``file`` and ``key`` of an error about *key*."""
        return {"file": self.file_of(self.at(key)), "key": self.at(key)}

    def holds_text(self, key: str) -> bool:
        """Return whether a text stands at *key*, where a table might stand as well."""
        return isinstance(self._values.get(key), str)

    def text(self, key: str, usual: str | None = None) -> str:
        """Return a text that is not blank.

        Raises: SchemeError ``scheme.not_text``, ``scheme.missing_key``.
        """
        value = self._take(key, usual)
        if not isinstance(value, str) or not (value.strip() or value == usual):
            raise SchemeError("scheme.not_text", **self.place(key), value=value)
        return value

    def integer(self, key: str, usual: int | None = None, low: int = 0) -> int:
        """Return a whole number from *low* to a million.

        Raises: SchemeError ``scheme.not_integer``, ``scheme.out_of_range``, ``scheme.missing_key``.
        """
        value = self._take(key, usual)
        if isinstance(value, bool) or not isinstance(value, int):
            raise SchemeError("scheme.not_integer", **self.place(key), value=value)
        self._in_range(key, value, low, MAX_COUNT)
        return value

    def number(self, key: str, low: float, high: float, usual: float | None = None) -> float:
        """Return a number from *low* to *high*.

        Raises: SchemeError ``scheme.not_number``, ``scheme.out_of_range``, ``scheme.missing_key``.
        """
        value = self._take(key, usual)
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise SchemeError("scheme.not_number", **self.place(key), value=value)
        self._in_range(key, value, low, high)
        return value

    def switch(self, key: str, usual: bool | None = None) -> bool:
        """Return true or false.

        Raises: SchemeError ``scheme.not_switch``, ``scheme.missing_key``.
        """
        value = self._take(key, usual)
        if not isinstance(value, bool):
            raise SchemeError("scheme.not_switch", **self.place(key), value=value)
        return value

    def choice(self, key: str, kind: type[E], usual: E) -> E:
        """Return one of an enumeration's values. Raises: SchemeError ``scheme.unknown_value``."""
        return kind(self.known(key, self.text(key, usual), [str(one) for one in kind]))

    def words(self, key: str) -> tuple[str, ...]:
        """Return a list of texts without repeats; none when absent. Raises: ``scheme.not_list``."""
        value = self._take(key, [])
        if not isinstance(value, (list, tuple)) or not all(
            isinstance(word, str) and word.strip() for word in value
        ):
            raise SchemeError("scheme.not_list", **self.place(key), value=value)
        return tuple(dict.fromkeys(value))

    def choices(self, key: str, known: Collection[str]) -> tuple[str, ...]:
        """Return a list of texts that are all in *known*. Raises: ``scheme.unknown_value``."""
        return tuple(self.known(key, word, known) for word in self.words(key))

    def known(self, key: str, value: str, known: Collection[str]) -> str:
        """Return *value* if it is in *known*.

        Raises: SchemeError ``scheme.unknown_value``, ``scheme.unknown_value_near``.
        """
        if value in known:
            return value
        near = nearest(value, known)
        if near is None:
            raise SchemeError(
                "scheme.unknown_value", **self.place(key), value=value, known=", ".join(known)
            )
        raise SchemeError("scheme.unknown_value_near", **self.place(key), value=value, nearest=near)

    def table(self, key: str) -> SchemeTable:
        """Return the table at *key*; an empty one when absent. Raises: ``scheme.not_table``."""
        value = self._take(key, {})
        if not isinstance(value, Mapping):
            raise SchemeError("scheme.not_table", **self.place(key), value=value)
        return SchemeTable(value, self._origins, self.at(key))

    def tables(
        self, key: str, known: Collection[str] | None = None
    ) -> Iterator[tuple[str, SchemeTable]]:
        """Yield the named tables inside the table at *key*, each finished after its use.

        Raises: SchemeError ``scheme.unknown_key`` for a name that is not in *known*,
        ``scheme.bad_name`` for one that is no lower-case English key.
        """
        group = self.table(key)
        if known is not None:
            group.only(known)
        for name in group.names():
            if not _KEY.fullmatch(name):
                raise SchemeError("scheme.bad_name", **group.place(name), value=name)
            one = group.table(name)
            yield name, one
            one.finish()

    def names(self) -> tuple[str, ...]:
        """Return the keys that are there, in the order of the file."""
        return tuple(self._values)

    def finish(self) -> None:
        """Refuse keys that nobody asked for. Raises: ``scheme.unknown_key(_near)``."""
        self.only(self._asked)

    def only(self, known: Collection[str]) -> None:
        """Refuse keys that are not in *known*. Raises: ``scheme.unknown_key(_near)``."""
        for name in self._values:
            if name in known:
                continue
            near = nearest(name, known)
            if near is None:
                raise SchemeError(
                    "scheme.unknown_key", **self.place(name), known=", ".join(sorted(known))
                )
            raise SchemeError("scheme.unknown_key_near", **self.place(name), nearest=near)

    def _take(self, key: str, usual: Any) -> Any:
        self._asked.add(key)
        if key in self._values:
            return self._values[key]
        if usual is not None:
            return usual
        slip = nearest(key, [name for name in self._values if name not in self._asked])
        if slip is not None:
            raise SchemeError("scheme.unknown_key_near", **self.place(slip), nearest=key)
        raise SchemeError("scheme.missing_key", **self.place(key))

    def _in_range(self, key: str, value: float, low: float, high: float) -> None:
        # Written so that nan, which TOML allows, is refused as well.
        if not low <= value <= high:
            raise SchemeError(
                "scheme.out_of_range", **self.place(key), value=value, low=low, high=high
            )


def nearest(value: str, known: Collection[str]) -> str | None:
    """Return the one of *known* that *value* is most likely a slip of, or None."""
    return next(iter(difflib.get_close_matches(value, sorted(known), 1)), None)
