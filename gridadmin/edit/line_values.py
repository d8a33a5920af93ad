"""Values of an edit line, taken by name; what is missing or of another kind is refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from gridadmin.base.errors import EditError

Line = Mapping[str, Any]


def said(line: Line, name: str) -> Any:
    """Return a value that must be there. Raises: EditError ``edit.missing_value``."""
    if name not in line:
        raise EditError("edit.missing_value", field=name)
    return line[name]


def said_text(line: Line, name: str) -> str:
    """Return a text that isn't empty. Raises: EditError ``edit.bad_value`` too."""
    value = said(line, name)
    if not isinstance(value, str) or not value:
        raise EditError("edit.bad_value", field=name, value=value)
    return value


def said_text_or_none(line: Line, name: str) -> str | None:
    """Return a text, None where it is absent or null. Raises: as :func:`said_text`."""
    return None if line.get(name) is None else said_text(line, name)


def said_texts(line: Line, name: str) -> list[str]:
    """Return a list of texts, none of them empty. Raises: EditError ``edit.bad_value`` too."""
    values = said(line, name)
    if not isinstance(values, list) or not all(isinstance(v, str) and v for v in values):
        raise EditError("edit.bad_value", field=name, value=values)
    return values


def said_whole(line: Line, name: str) -> int:
    """Return a whole number. Raises: EditError ``edit.bad_value`` too."""
    value = said(line, name)
    if not isinstance(value, int) or isinstance(value, bool):
        raise EditError("edit.bad_value", field=name, value=value)
    return value


def said_choice(line: Line, name: str, usual: str, words: Sequence[str]) -> str:
    """Return one of *words*, *usual* if none is said. Raises: EditError ``edit.bad_value``."""
    value = line.get(name, usual)
    if value not in words:
        raise EditError("edit.bad_value", field=name, value=value)
    return str(value)


def said_number(line: Line, name: str) -> float:
    """Return a number. Raises: EditError ``edit.bad_value`` too."""
    value = said(line, name)
    if not is_number(value):
        raise EditError("edit.bad_value", field=name, value=value)
    return float(value)


def said_pair(line: Line, name: str) -> tuple[float, float]:
    """Return two numbers. Raises: EditError ``edit.bad_value`` too."""
    return pair_of(name, said(line, name))


def said_areas_or_all(line: Line, name: str = "areas") -> Sequence[str]:
    """Return the areas that a line names; none where it has no *name* and so means all."""
    if name not in line:
        return ()
    found = said_texts(line, name)
    if not found:
        # An empty list is a slip of whoever wrote the line, and must not mean all.
        raise EditError("edit.bad_value", field=name, value=found)
    return found


def said_word_or_texts(line: Line, name: str, usual: str) -> str | list[str]:
    """Return one word or a list of texts, *usual* if none is said. Raises: EditError."""
    value = line.get(name, usual)
    return value if isinstance(value, str) else said_texts(line, name)


def said_objects(line: Line, name: str) -> list[Line]:
    """Return a list of objects. Raises: EditError ``edit.bad_value`` too."""
    values = said(line, name)
    if not isinstance(values, list) or not all(isinstance(value, dict) for value in values):
        raise EditError("edit.bad_value", field=name, value=values)
    return values


def pair_of(name: str, value: Any) -> tuple[float, float]:
    """Return the two numbers that the value of *name* must be. Raises: EditError."""
    if isinstance(value, list) and len(value) == 2 and all(is_number(v) for v in value):
        with suppress(OverflowError):
            return float(value[0]), float(value[1])
    raise EditError("edit.bad_value", field=name, value=value)


def is_number(value: Any) -> bool:
    """Return whether a value is a number, and no yes or no."""
    return isinstance(value, int | float) and not isinstance(value, bool)
