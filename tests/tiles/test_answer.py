"""What servers answer, and what the program makes of it."""

from __future__ import annotations

import struct
from dataclasses import replace

import pytest

from gridadmin.base.texts import LANGUAGES, explain
from gridadmin.tiles.answer import Outcome, verdict
from gridadmin.tiles.picture import PictureFormat
from gridadmin.tiles.source import KeyType, Kind, Source
from tests.tiles.made_up_tiles import png

INTRANET = Source("a", "内网底图", Kind.XYZ, "http://10.0.0.5/{z}/{x}/{y}")
TIANDITU = Source("t", "天地图", Kind.TIANDITU, "", key_name="t", key_type=KeyType.BROWSER)
PNG = png(256, 256)


def test_picture_is_taken_whatever_the_server_calls_it() -> None:
    judged = verdict(INTRANET, 200, {"Content-Type": "text/plain"}, PNG)

    assert judged.outcome is Outcome.PICTURE
    assert judged.head is not None
    assert (judged.head.format, judged.head.width_px) == (PictureFormat.PNG, 256)
    assert judged.error is None


@pytest.mark.parametrize("status", [204, 404, 410])
def test_nothing_there_is_no_fault(status: int) -> None:
    assert verdict(INTRANET, status, {}, b"").outcome is Outcome.EMPTY


def test_empty_answer_means_no_tile() -> None:
    assert verdict(INTRANET, 200, {}, b"").outcome is Outcome.EMPTY


def test_unchanged_keeps_what_there_is() -> None:
    assert verdict(INTRANET, 304, {}, b"").outcome is Outcome.UNCHANGED


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_server_in_trouble_is_asked_again_later(status: int) -> None:
    judged = verdict(INTRANET, status, {}, b"")

    assert judged.outcome is Outcome.LATER
    assert judged.after_s is None


@pytest.mark.parametrize(
    ("asked_for", "after_s"),
    [
        ("7", 7.0),
        ("999999", 3600.0),
        ("Thu, 01 Jan 1970 00:01:40 GMT", 60.0),
        ("Thu, 01 Jan 1970 00:00:01 GMT", 0.0),
        ("soon", None),
    ],
)
def test_server_says_how_long_to_wait(asked_for: str, after_s: float | None) -> None:
    judged = verdict(INTRANET, 429, {"Retry-After": asked_for}, b"", now=40.0)

    assert judged.after_s == after_s


@pytest.mark.parametrize(
    ("source", "status", "code", "words"),
    [
        (TIANDITU, 418, "answer.tianditu_key", "填错"),
        (TIANDITU, 403, "answer.tianditu_browser_key", "浏览器端"),
        (
            replace(TIANDITU, key_type=KeyType.SERVER),
            403,
            "answer.tianditu_server_key",
            "服务器端",
        ),
        (replace(INTRANET, key_name="k"), 403, "answer.key_refused", "密钥"),
        (INTRANET, 403, "answer.forbidden", "403"),
        (INTRANET, 401, "answer.forbidden", "401"),
        (INTRANET, 407, "answer.proxy", "代理"),
        (INTRANET, 302, "answer.status", "302"),
        (INTRANET, 206, "answer.status", "206"),
    ],
)
def test_refusal_is_explained(source: Source, status: int, code: str, words: str) -> None:
    judged = verdict(source, status, {}, b"<html>no</html>")

    assert judged.outcome is Outcome.REFUSED
    assert judged.code == code
    assert judged.error is not None
    assert words in explain(judged.error, "zh")
    for lang in LANGUAGES:
        assert "{" not in explain(judged.error, lang)


@pytest.mark.parametrize(
    ("content", "content_type", "said"),
    [
        (b"<html><body>Please <b>log in</b></body></html>", "image/png", "Please log in"),
        ('{"msg":"非法Key"}'.encode(), "application/json", '{"msg":"非法Key"}'),
        (
            b'<?xml version="1.0"?><ServiceExceptionReport>No layer</ServiceExceptionReport>',
            "text/xml",
            "No layer",
        ),
        (b"key 0123456789abcdef0123456789abcdef is bad", "text/plain", "key *** is bad"),
    ],
)
def test_page_instead_of_a_picture_is_told_in_its_own_words(
    content: bytes, content_type: str, said: str
) -> None:
    judged = verdict(INTRANET, 200, {"content-type": content_type}, content)

    assert (judged.outcome, judged.code) == (Outcome.REFUSED, "answer.page")
    assert judged.params["said"] == said


def test_page_of_megabytes_makes_a_short_sentence() -> None:
    judged = verdict(INTRANET, 200, {"content-type": "text/html"}, b"word " * 10**6)

    assert judged.error is not None
    assert len(explain(judged.error, "zh")) < 300


@pytest.mark.parametrize(
    ("content", "outcome", "code"),
    [
        (b"BM\x00\x00", Outcome.REFUSED, "answer.no_picture"),
        (b"\x1f\x8b\x08\x00", Outcome.REFUSED, "picture.vector"),
        (b"\x1a\x05layer", Outcome.REFUSED, "picture.vector"),
        (PNG[:-20], Outcome.LATER, "answer.damaged"),
        (PNG[:20], Outcome.LATER, "answer.damaged"),
        (PNG[:8], Outcome.LATER, "answer.damaged"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", Outcome.LATER, "answer.damaged"),
        (b"\xff\xd8\xff\xe0\x00\x00", Outcome.LATER, "answer.damaged"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", Outcome.LATER, "answer.damaged"),
        (b"GIF89a", Outcome.LATER, "answer.damaged"),
        (PNG[:16] + struct.pack(">II", 60_000, 60_000) + PNG[24:], Outcome.REFUSED,
         "picture.too_large"),
        (PNG[:16] + struct.pack(">II", 0, 5) + PNG[24:], Outcome.LATER, "answer.damaged"),
        (PNG + bytes(9 * 2**20), Outcome.REFUSED, "picture.too_many_bytes"),
    ],
)  # fmt: skip
def test_what_is_no_sound_picture_is_never_shown(
    content: bytes, outcome: Outcome, code: str
) -> None:
    judged = verdict(INTRANET, 200, {"content-type": "image/png"}, content)

    assert (judged.outcome, judged.code) == (outcome, code)
    assert judged.error is not None
    for lang in LANGUAGES:
        assert "{" not in explain(judged.error, lang)
