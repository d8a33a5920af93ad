"""Which encoding the text of a file is in: UTF-8 and GBK are what Chinese offices meet."""

from __future__ import annotations

from collections.abc import Iterable

_BYTE_ORDER_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)


def decoded(raw: bytes) -> tuple[str, str]:
    """Return the text of *raw* and the name of its encoding.

    Bytes that are neither UTF-8 nor GB 18030 become replacement characters; the encoding is then
    ``?``.
    """
    for mark, encoding in _BYTE_ORDER_MARKS:
        if raw.startswith(mark):
            return raw.decode(encoding, errors="replace"), encoding
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    return raw.decode("gb18030", errors="replace"), "?"


def fits(values: Iterable[bytes], encoding: str) -> bool:
    """Return whether all values read in *encoding*, but for a last character that is cut off."""
    for value in values:
        try:
            value.decode(encoding)
        except UnicodeDecodeError as error:
            if len(value) - error.start > 3 or error.reason == "invalid start byte":
                return False
        except LookupError:
            return False
    return True
