"""Apache with mod_dav, nginx with its WebDAV module, and rclone, over TLS or plain."""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.servers.authority import Authority
from tests.servers.programs import UNPACKED, free_port, program, running

USER, SECRET = "publisher", "kein-Geheimnis-4711"
"""Credentials of the made-up servers."""


@dataclass(frozen=True)
class Served:
    """A server: its address for the program, and the folder that it serves."""

    url: str
    folder: Path
    port: int


@contextmanager
def apache(root: Path, authority: Authority | None, *, limit: int = 0) -> Iterator[Served]:
    """Run Apache's mod_dav; a *limit* in bytes makes larger bodies 413."""
    binary = program("apache2")
    served, port = _made(root)
    own = root / "apache"
    own.mkdir()
    _hand_over(root, "www-data")
    modules = UNPACKED / "usr/lib/apache2/modules"
    modules = modules if modules.is_dir() else Path("/usr/lib/apache2/modules")
    digest = base64.b64encode(hashlib.sha1(SECRET.encode()).digest()).decode()
    (own / "users").write_text(f"{USER}:{{SHA}}{digest}\n", encoding="ascii")
    names = (
        "mpm_event", "authn_core", "authn_file", "authz_core", "authz_user", "auth_basic",
        "dav", "dav_fs", "setenvif", "socache_shmcb", "ssl",
    )  # fmt: skip
    loads = "\n".join(f"LoadModule {name}_module {modules}/mod_{name}.so" for name in names)
    (own / "httpd.conf").write_text(
        f"""ServerRoot {own}
ServerName 127.0.0.1
Listen 127.0.0.1:{port}
PidFile {own}/pid
DefaultRuntimeDir {own}
Mutex file:{own} default
ErrorLog {own}/error.log
User www-data
Group www-data
{loads}
StartServers 1
ThreadsPerChild 8
MinSpareThreads 1
MaxSpareThreads 64
DavLockDB {own}/locks
{_apache_tls(authority)}
DocumentRoot {served}
LimitRequestBody {limit}
<Location />
  Dav On
  AuthType Basic
  AuthName test
  AuthUserFile {own}/users
  Require valid-user
</Location>
""",
        encoding="utf-8",
    )
    command = (binary, "-D", "FOREGROUND", "-d", own, "-f", own / "httpd.conf")
    with running(command, port, root / "log"):
        yield _served(authority, served, port)


@contextmanager
def nginx(root: Path, authority: Authority | None, *, limit: str = "0") -> Iterator[Served]:
    """Run nginx's WebDAV module, which knows no conditions and lists nothing."""
    binary = program("nginx")
    served, port = _made(root)
    own = root / "nginx"
    (own / "logs").mkdir(parents=True)
    digest = base64.b64encode(hashlib.sha1(SECRET.encode()).digest()).decode()
    (own / "users").write_text(f"{USER}:{{SHA}}{digest}\n", encoding="ascii")
    temporary = "\n".join(
        f"  {name}_temp_path {own}/{name};"
        for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (own / "nginx.conf").write_text(
        f"""daemon off;
{"user root;" if _is_root() else ""}
worker_processes 1;
pid {own}/pid;
error_log {own}/error.log;
events {{ }}
http {{
  access_log off;
{temporary}
  server {{
    listen 127.0.0.1:{port}{_nginx_tls(authority)}
    root {served};
    client_max_body_size {limit};
    location / {{
      dav_methods PUT DELETE MKCOL COPY MOVE;
      auth_basic test;
      auth_basic_user_file {own}/users;
    }}
  }}
}}
""",
        encoding="utf-8",
    )
    command = (binary, "-p", own, "-c", own / "nginx.conf", "-e", own / "error.log")
    with running(command, port, root / "log"):
        yield _served(authority, served, port)


@contextmanager
def rclone(root: Path, authority: Authority | None) -> Iterator[Served]:
    """Run rclone's WebDAV server, which leaves what an aborted upload wrote."""
    binary = program("rclone")
    served, port = _made(root)
    command: tuple[object, ...] = (
        binary, "serve", "webdav", served, "--addr", f"127.0.0.1:{port}",
        "--user", USER, "--pass", SECRET,
        "--config", root / "rclone.conf", "--dir-cache-time", "0s",
    )  # fmt: skip
    if authority is not None:
        command = (*command, "--cert", authority.certificate, "--key", authority.key)
    with running(command, port, root / "log"):
        yield _served(authority, served, port)


def _served(authority: Authority | None, served: Path, port: int) -> Served:
    scheme = "http" if authority is None else "https"
    return Served(f"{scheme}://127.0.0.1:{port}/grids", served / "grids", port)


def _apache_tls(authority: Authority | None) -> str:
    if authority is None:
        return ""
    lines = ("SSLEngine on", f"SSLCertificateFile {authority.certificate}")
    return "\n".join((*lines, f"SSLCertificateKeyFile {authority.key}"))


def _nginx_tls(authority: Authority | None) -> str:
    if authority is None:
        return ";"
    return f" ssl; ssl_certificate {authority.certificate}; ssl_certificate_key {authority.key};"


def _made(root: Path) -> tuple[Path, int]:
    served = root / "served"
    (served / "grids").mkdir(parents=True)
    return served, free_port()


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _hand_over(root: Path, user: str) -> None:
    """Let the server's own user write where a test runs as root."""
    if not _is_root():
        return
    import pwd

    entry = pwd.getpwnam(user)
    for path in (root, *root.rglob("*")):
        os.chown(path, entry.pw_uid, entry.pw_gid)
