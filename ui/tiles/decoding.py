"""Encoded pictures as Qt paints them; for workers."""

from __future__ import annotations

from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QImage, QImageReader

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
    content = QByteArray(stored)
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    # The format that its bytes show: Qt must not try others on it.
    reader = QImageReader(buffer, QByteArray(head.format.encode()))
    image = reader.read()
    if image.isNull():
        return None
    if image.hasAlphaChannel():
        return image.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)
    return image.convertToFormat(QImage.Format.Format_RGB32)
