"""Encoded pictures as Qt paints them; for workers."""

from __future__ import annotations

from PySide6.QtGui import QImage

from gridadmin.base.errors import InputError
from gridadmin.tiles.picture import require_picture


def decoded(stored: bytes) -> QImage | None:
    """Return a picture in the format that Qt paints quickest, None where it is none.

    Before anything is unpacked the picture's head is looked at: it may claim to be giant.
    """
    try:
        head = require_picture(stored)
    except InputError:
        return None
    # The format that its bytes show: Qt must not try others on it. And no device made here: Qt asks
    # it while it holds a lock of all its readers, the device asks Python, and whoever waits for
    # that lock may be the one who has Python.
    image = QImage.fromData(stored, str(head.format))  # type: ignore[arg-type] # takes text
    if image.isNull():
        return None
    if image.hasAlphaChannel():
        return image.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)
    return image.convertToFormat(QImage.Format.Format_RGB32)
