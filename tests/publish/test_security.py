"""Encrypted, to the configured server alone, and nothing believed that a server says."""

from __future__ import annotations

import json
import logging
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from gridadmin.base.errors import InputError
from gridadmin.base.texts import LANGUAGES, Reason, explain
from gridadmin.publish.latest import is_package_name, look
from gridadmin.publish.target_book import TargetBook, TargetSetting
from gridadmin.publish.targets import credentials
from gridadmin.publish.targets.address import parse_address
from gridadmin.publish.targets.credentials import Credentials, find_credentials
from gridadmin.publish.targets.faults import TargetError, seconds_to_wait, status_error
from gridadmin.publish.targets.opening import open_target
from gridadmin.publish.targets.reasons import why_unreachable
from gridadmin.publish.targets.target import Serving, Target
from tests.servers.authority import Authority, make_authority
from tests.servers.programs import free_port

SECRET = "geheim-Wort-815"


class Answering(BaseHTTPRequestHandler):
    """Says to everything what its server was told to say."""

    server: AnsweringServer

    def _answer(self) -> None:
        self.server.asked.append((self.command, self.path, self.headers.get("Authorization")))
        status, headers, body = self.server.answer
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if "Content-Length" not in headers:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_GET = do_HEAD = do_PUT = do_PROPFIND = do_OPTIONS = do_MOVE = do_DELETE = _answer  # noqa: N815

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing."""


class AnsweringServer(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answering)
        self.answer: tuple[int, dict[str, str], bytes] = (200, {}, b"")
        self.asked: list[tuple[str, str, str | None]] = []

    @property
    def port(self) -> int:
        port: int = self.server_address[1]
        return port

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that goes away is what these tests are about."""


@contextmanager
def answering(authority: Authority | None = None) -> Iterator[AnsweringServer]:
    server = AnsweringServer()
    if authority is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(authority.certificate, authority.key)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def target_at(url: str, who: Credentials, timeout_s: float = 30.0) -> Iterator[Target]:
    target = open_target(parse_address(url), who, timeout_s=timeout_s)
    try:
        yield target
    finally:
        target.close()


def test_a_certificate_of_a_stranger_is_refused_before_anything_is_sent(tmp_path: Path) -> None:
    with (
        answering(make_authority(tmp_path)) as server,
        target_at(f"https://127.0.0.1:{server.port}/", Credentials("u", SECRET)) as target,
        pytest.raises(TargetError, match=r"target\.untrusted"),
    ):
        look(target)

    assert server.asked == []


SECURE = {
    "webdav": "https://127.0.0.1:{port}/",
    "s3": "s3://bucket/a?endpoint=https://127.0.0.1:{port}",
}


@pytest.mark.parametrize("kind", SECURE)
@pytest.mark.parametrize(
    ("host", "days", "why"), [("127.0.0.1", -1, "expired"), ("127.0.0.2", 1, "other_host")]
)
def test_a_certificate_that_has_run_out_or_is_anothers_is_refused(
    host: str, days: int, why: str, kind: str, tmp_path: Path
) -> None:
    authority = make_authority(tmp_path, host=host, days=days)
    with (
        answering(authority) as server,
        target_at(
            SECURE[kind].format(port=server.port), Credentials("u", SECRET, authority.ca)
        ) as target,
        pytest.raises(TargetError, match=r"target\.untrusted") as refused,
    ):
        look(target)

    assert server.asked == []
    assert refused.value.params["why"] == Reason(f"certificate_fault.{why}")


@pytest.mark.parametrize("kind", SECURE)
def test_why_a_stranger_is_not_trusted_is_said_in_the_users_language(
    kind: str, tmp_path: Path
) -> None:
    with (
        answering(make_authority(tmp_path)) as server,
        target_at(SECURE[kind].format(port=server.port), Credentials("u", SECRET)) as target,
        pytest.raises(TargetError, match=r"target\.untrusted") as refused,
    ):
        look(target)

    assert "签发它的机构不在信任之列" in explain(refused.value, "zh")
    assert "the authority that signed it isn't trusted" in explain(refused.value, "en")


@pytest.mark.parametrize("kind", [*SECURE, "sftp"])
def test_a_port_that_nobody_listens_on_is_told_in_words(kind: str) -> None:
    url = {**SECURE, "sftp": "sftp://127.0.0.1:{port}/a"}[kind].format(port=free_port())

    with target_at(url, Credentials("u", SECRET)) as target, pytest.raises(TargetError) as told:
        look(target)

    assert told.value.is_passing
    assert "那里没有服务在接收" in explain(told.value, "zh")


def test_a_name_that_no_server_has_is_told_in_words() -> None:
    fault = OSError("outer")
    fault.__cause__ = socket.gaierror(-2, "Name or service not known")

    assert why_unreachable(fault) == Reason("connect_fault.no_host")


def test_a_certificate_of_the_named_authority_is_trusted(tmp_path: Path) -> None:
    authority = make_authority(tmp_path)
    with (
        answering(authority) as server,
        target_at(
            f"https://127.0.0.1:{server.port}/", Credentials("u", SECRET, authority.ca)
        ) as target,
    ):
        server.answer = (404, {}, b"")

        assert look(target).latest is None


@pytest.mark.parametrize(
    "goal", ["http://127.0.0.1:{other}/x", "http://localhost:{own}/x", "//127.0.0.1:{other}/x"]
)
def test_a_redirect_elsewhere_is_refused_and_gets_no_credentials(goal: str) -> None:
    with (
        answering() as server,
        answering() as other,
        target_at(f"http://127.0.0.1:{server.port}/a", Credentials("u", SECRET)) as target,
    ):
        there = goal.format(other=other.port, own=server.port)
        server.answer = (302, {"Location": there}, b"")

        with pytest.raises(TargetError, match=r"target\.redirect"):
            look(target)

    assert other.asked == []
    assert len(server.asked) == 1


def test_a_write_is_never_led_on_even_on_the_same_server() -> None:
    with (
        answering() as server,
        target_at(f"http://127.0.0.1:{server.port}/a", Credentials("u", SECRET)) as target,
    ):
        server.answer = (308, {"Location": "/b"}, b"")

        with pytest.raises(TargetError, match=r"target\.redirect"):
            target.remove("x.part")


def test_an_answer_that_would_never_end_is_cut() -> None:
    with (
        answering() as server,
        target_at(f"http://127.0.0.1:{server.port}/a", Credentials()) as target,
    ):
        server.answer = (200, {}, b"x" * (1024 * 1024 + 1))

        with pytest.raises(TargetError, match=r"target\.answer_too_large"):
            look(target)


@pytest.mark.parametrize("status", [200, 403])
@pytest.mark.parametrize("question", ["entries", "read"])
def test_an_answer_of_s3_that_would_never_end_is_cut(question: str, status: int) -> None:
    url = "s3://bucket/a?endpoint=http://127.0.0.1:{}"
    with (
        answering() as server,
        target_at(url.format(server.port), Credentials("key", SECRET)) as target,
    ):
        server.answer = (status, {}, b"<" * (8 * 1024 * 1024 + 1))
        asked = target.entries if question == "entries" else lambda: list(target.read("x", 100))

        with pytest.raises(TargetError, match=r"target\.answer_too_large"):
            asked()


def test_a_packed_answer_is_not_unpacked() -> None:
    with (
        answering() as server,
        target_at(f"http://127.0.0.1:{server.port}/a", Credentials()) as target,
    ):
        server.answer = (200, {"Content-Encoding": "gzip"}, b"x")

        with pytest.raises(TargetError, match=r"target\.bad_answer"):
            look(target)


BOMB = b"""<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>
<multistatus xmlns="DAV:"><response><href>&b;</href></response></multistatus>"""
READS_A_FILE = b"""<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a SYSTEM "file:///etc/passwd">]>
<multistatus xmlns="DAV:"><response><href>&a;</href></response></multistatus>"""


@pytest.mark.parametrize("body", [BOMB, READS_A_FILE, b"<multistatus", b"\xff\xfe"])
def test_xml_with_entities_or_without_sense_is_refused(body: bytes) -> None:
    with (
        answering() as server,
        target_at(f"http://127.0.0.1:{server.port}/a", Credentials()) as target,
    ):
        server.answer = (207, {}, body)

        with pytest.raises(TargetError, match=r"target\.bad_answer"):
            target.entries()


def test_names_that_lead_out_of_the_folder_are_not_listed() -> None:
    hrefs = ("/a/good.gpkg", "/a/..", "/a/%2e%2e", "/a/x%2F..%2Fy", "/a/a%5Cb", "/a/a%00b")
    responses = "".join(
        f"<response><href>{href}</href><propstat><prop><getcontentlength>1</getcontentlength>"
        "</prop></propstat></response>"
        for href in hrefs
    )
    with (
        answering() as server,
        target_at(f"http://127.0.0.1:{server.port}/a", Credentials()) as target,
    ):
        body = f'<multistatus xmlns="DAV:">{responses}</multistatus>'.encode()
        server.answer = (207, {}, body)

        entries = target.entries()

    assert entries is not None
    assert [entry.name for entry in entries] == ["good.gpkg"]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("status", [401, 403, 404, 405, 409, 412, 413, 423, 429, 500, 503, 507])
def test_each_refusal_of_a_server_is_explained_in_words(status: int, lang: str) -> None:
    error = status_error(status, host="dav.example.org", name="a.gpkg")

    told = explain(error, lang)

    assert "dav.example.org" in told
    assert "{" not in told
    assert error.is_passing == (status in (429, 500, 503))


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    "code",
    ["login_refused", "key_refused", "no_right", "disk_full", "changed", "refused_write"],
)
def test_where_nobody_speaks_http_refusals_have_words_and_no_numbers(code: str, lang: str) -> None:
    said = explain(TargetError(f"target.{code}", host="主机", name="文件"), lang)

    assert "主机" in said
    assert not any(sign.isdigit() or sign in "{}" for sign in said)


def test_a_server_that_asks_for_a_pause_is_heard() -> None:
    error = status_error(503, host="h", name="n", retry_after="7")

    assert error.wait_s == 7
    assert seconds_to_wait("Wed, 21 Oct 2015 07:28:00 GMT") == 0
    assert seconds_to_wait("soon") is None


def test_the_secret_is_in_no_file_error_representation_or_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    book = TargetBook()
    with answering() as server:
        setting = TargetSetting("服务器", f"http://127.0.0.1:{server.port}/a", "publisher")
        book.keep(setting)
        credentials.keep_secret(setting.address.origin, "publisher", SECRET)
        server.answer = (401, {}, b"no")
        who = book.find("服务器").credentials()
        target = book.find("服务器").open()
        with pytest.raises(TargetError) as refused:
            look(target)
        target.close()

    assert who.secret == SECRET
    assert server.asked[0][2] is not None
    said = [repr(who), str(refused.value), repr(refused.value.params), caplog.text]
    said += [explain(refused.value, lang) for lang in LANGUAGES]
    said += [path.read_text("utf-8", "replace") for path in tmp_path.rglob("*") if path.is_file()]
    assert [text for text in said if SECRET in text] == []


def test_a_secret_stays_behind_when_the_address_of_its_target_changes() -> None:
    old = TargetSetting("服务器", "https://dav.example.org/a", "publisher")
    credentials.keep_secret(old.address.origin, "publisher", SECRET)

    moved = TargetSetting("服务器", "https://evil.example.net/a", "publisher")

    assert old.credentials().secret == SECRET
    assert moved.credentials().secret == ""


def test_a_password_in_the_file_of_targets_is_refused(user_folder: Path) -> None:
    path = user_folder / "config" / "targets.toml"
    path.parent.mkdir(parents=True)
    path.write_text(
        f'[targets.x]\nurl = "https://dav.example.org"\npassword = "{SECRET}"\n', encoding="utf-8"
    )

    with pytest.raises(InputError, match=r"target\.bad_settings") as refused:
        TargetBook().all()

    assert SECRET not in str(refused.value)


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ("targets = 5", "targets，值的写法不对"),
        ("[targets]\nx = 5", '[targets."x"] url，缺少地址'),
        ('[targets.x]\nuser = "a"', '[targets."x"] url，缺少地址'),
        ("[targets.x]\nurl = 5", '[targets."x"] url，值的写法不对'),
        ('[targets.x]\nurl = "file:///a"\nlevels = [1]', '[targets."x"] levels，值的写法不对'),
        ('[targets.x]\nurl = "file:///a"\ntables = [["posts"]]', '[targets."x"] tables，值的'),
        ('[targets.x]\nurl = "file:///a"\ntables = ["residents"]', '[targets."x"]，profile 只能'),
        ('[targets.x]\nurl = "file:///a"\nprofil = "public"', '[targets."x"] profil，没有这一项'),
        ('[targets.x]\nurl = "file:///a"\nsecret = "a"', '[targets."x"] secret，密码只放在'),
    ],
)
def test_a_fault_in_the_file_of_targets_is_told_with_its_place_and_what_it_is(
    said: str, place: str, user_folder: Path
) -> None:
    path = user_folder / "config" / "targets.toml"
    path.parent.mkdir(parents=True)
    path.write_text(said, encoding="utf-8")

    with pytest.raises(InputError, match=r"target\.bad_settings") as refused:
        TargetBook().all()

    assert f"有错：{place}" in explain(refused.value, "zh")


def test_a_target_with_a_bad_address_stands_in_no_others_way(user_folder: Path) -> None:
    path = user_folder / "config" / "targets.toml"
    path.parent.mkdir(parents=True)
    said = '[targets.bad]\nurl = "ftp://a"\n[targets.good]\nurl = "https://dav.example.org/a"\n'
    path.write_text(said, encoding="utf-8")

    assert TargetBook().find("https://dav.example.org/a/").name == "good"
    assert TargetBook().find("https://dav.example.org/b").name == "https://dav.example.org/b"


def test_targets_saved_by_an_editor_on_windows_are_read(user_folder: Path) -> None:
    path = user_folder / "config" / "targets.toml"
    path.parent.mkdir(parents=True)
    path.write_text('[targets.x]\nurl = "https://dav.example.org"\n', encoding="utf-8-sig")

    assert [one.name for one in TargetBook().all()] == ["x"]


def test_targets_survive_writing_and_reading() -> None:
    setting = TargetSetting(
        '市级 "平台"',
        "https://dav.example.org/grids",
        "publisher",
        "internal",
        levels=("grid", "micro_grid"),
        tables=("posts",),
        mapping={"columns": {"code": "WGBM", "name": "名称"}, "values": {"kind": {"general": "1"}}},
    )

    TargetBook().keep(setting)

    assert TargetBook().all() == [setting]
    assert TargetBook().find(setting.url) == setting
    assert dict(setting.choice("internal").mapping.columns) == {"code": "WGBM", "name": "名称"}


@pytest.mark.parametrize(
    ("url", "is_taken"),
    [
        ("http://127.0.0.1:8080/a", True),
        ("http://[::1]:8080/a", True),
        ("geoserver+http://127.0.0.1:8080/geoserver", True),
        ("http://localhost:8080/a", False),
        ("http://127.0.0.1.example.org/a", False),
        ("http://10.0.0.1/a", False),
        ("s3://bucket/a?endpoint=http://10.0.0.1:9000", False),
        ("s3://bucket/a?endpoint=http://127.0.0.1:9000", True),
    ],
)
def test_without_encryption_only_this_very_computer_is_spoken_to(url: str, is_taken: bool) -> None:
    if is_taken:
        assert parse_address(url).url == url
    else:
        with pytest.raises(InputError, match=r"target\.not_encrypted"):
            parse_address(url)


def test_a_server_that_says_nothing_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/a"
        target = open_target(parse_address(url), Credentials(), timeout_s=0.2)
        with pytest.raises(TargetError, match=r"target\.timeout"):
            look(target)
        target.close()


def test_a_pointer_cannot_name_a_file_elsewhere() -> None:
    said = {"number": 1, "file": "../../x.gpkg", "size": 1, "sha256": "0" * 64}
    with (
        answering() as server,
        target_at(f"http://127.0.0.1:{server.port}/a", Credentials()) as target,
    ):
        server.answer = (200, {}, json.dumps(said).encode())

        with pytest.raises(TargetError, match=r"delivery\.bad_latest"):
            look(target)


def _listing(inside: str) -> bytes:
    prop = f"<propstat><prop>{inside}</prop></propstat>"
    return f'<multistatus xmlns="DAV:"><response>{prop}</response></multistatus>'.encode()


NONSENSE: list[tuple[int, dict[str, str], bytes]] = [
    (503, {"Retry-After": "²"}, b""),
    (429, {"Retry-After": "Mon, 01 Jan 99999999999999999999 00:00:00 GMT"}, b""),
    (302, {"Location": "https://h:999999/"}, b""),
    (302, {"Location": "http://[::1/"}, b""),
    (207, {}, _listing("<getcontentlength>²</getcontentlength>")),
    (207, {}, _listing(f"<getcontentlength>{'9' * 5000}</getcontentlength>")),
    (207, {}, _listing("<getcontentlength>1</getcontentlength>").replace(
        b"<propstat>", b"<href>http://[::1/a</href><propstat>")),
    (200, {}, b'{"ResourceDirectory": []}'),
    (200, {}, b'{"ResourceDirectory": {"children": {"child": {"name": "x"}}}}'),
    (200, {}, b'{"ResourceDirectory": {"children": {"child": ["x", {"name": 1}]}}}'),
    (200, {}, b'{"dataStore": []}'),
    (200, {}, b'{"dataStore": {"connectionParameters": ""}}'),
    (200, {}, b'{"dataStore": {"connectionParameters": {"entry": ["x"]}}}'),
    (200, {}, b'{"featureTypes": {"featureType": ["x"]}}'),
    (200, {}, b"[" * 100_000),
]  # fmt: skip


@pytest.mark.parametrize("answer", NONSENSE, ids=range(len(NONSENSE)))
@pytest.mark.parametrize("scheme", ["http", "geoserver+http"])
def test_an_answer_without_sense_is_a_sentence_and_no_fault_of_the_program(
    scheme: str, answer: tuple[int, dict[str, str], bytes]
) -> None:
    with (
        answering() as server,
        target_at(f"{scheme}://127.0.0.1:{server.port}/a", Credentials(), timeout_s=3) as target,
    ):
        server.answer = answer
        asked: list[Callable[[], object]] = [target.entries, lambda: look(target)]
        if isinstance(target, Serving):
            asked.append(lambda: target.serve("a.gpkg", {"grid": "grid"}))

        for ask in asked:
            with suppress(TargetError):
                ask()

        assert server.asked


@pytest.mark.parametrize("name", ["a\u202egpj.gpkg", "a\x9b31m.gpkg", "a\u2028b.gpkg"])
def test_a_pointer_cannot_name_a_file_with_hidden_signs(name: str) -> None:
    assert not is_package_name(name)


def test_a_file_of_certificates_without_any_is_named(tmp_path: Path) -> None:
    file = tmp_path / "证书.pem"
    file.write_text("garbage", encoding="utf-8")

    with pytest.raises(InputError, match=r"target\.bad_ca.*证书\.pem"):
        find_credentials("https://dav.example.org:443", ca=file)


@pytest.mark.parametrize("proxy", ["socks5://u:pass-Wort@127.0.0.1:1", "foo://127.0.0.1", ":::"])
def test_a_proxy_that_cannot_be_used_is_told_without_its_password(
    proxy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", proxy)

    with pytest.raises(TargetError) as refused:
        open_target(parse_address("https://dav.example.org/grids"))

    assert refused.value.code == "target.bad_proxy"
    assert "pass-Wort" not in explain(refused.value, "en")


@pytest.mark.parametrize("url", ["https://h..h/a", f"https://{'a' * 64}.org/a", "sftp://a..b/"])
def test_a_host_that_cannot_be_looked_up_is_no_address(url: str) -> None:
    with pytest.raises(InputError, match=r"target\.bad_url"):
        parse_address(url)


def test_s3_heeds_nothing_that_other_tools_were_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "config"
    file.write_text("[default]\nregion = nowhere-1\n", encoding="utf-8")
    monkeypatch.setenv("AWS_PROFILE", "of-another-tool")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(file))
    url = "s3://bucket/a?endpoint=https://127.0.0.1:1"

    with target_at(url, Credentials("key", SECRET)) as target, pytest.raises(TargetError) as told:
        look(target)

    assert told.value.code == "target.unreachable"
    assert told.value.params["why"] == Reason("connect_fault.refused")


def test_a_region_that_is_none_is_no_address() -> None:
    url = "s3://bucket/a?endpoint=https://127.0.0.1:1&region=..%2Fx"

    with pytest.raises(InputError, match=r"target\.bad_url"):
        open_target(parse_address(url), Credentials("key", SECRET))
