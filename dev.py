"""Set up, try and check gridadmin with nothing but Python.

Each command first makes ``.venv`` when it is missing or the lock changed. Standard library only,
because it runs before anything is installed.
"""

from __future__ import annotations

import argparse
import ctypes
import hashlib
import io
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
LOCK = ROOT / "requirements.lock"
STAMP = VENV / "gridadmin-lock.sha256"
PYTHONS = ((3, 11), (3, 12), (3, 13))
"""Versions for which every library of the lock has a ready-made build."""
SOURCES = ("gridadmin", "ui", "gisdata", "benchmarks", "docs", "tests", "main.py", "dev.py")

QT_LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
"""What Qt's wheel links to, a screen included, and the Debian package that brings it and more."""
WALK_PROGRAMS = {"Xvfb": "xvfb", "xdotool": "xdotool"}
"""What the test that uses the window by real mouse and key events needs, and its package."""
SERVERS = {
    "apache2": "apache2-bin",
    "nginx": "nginx",
    "rclone": "rclone",
    "sshd": "openssh-server",
}
"""What tests of publishing start as servers, and the package of each. They are unpacked into
``.venv`` and not installed: a package that is installed starts its service on this machine."""
UNPACKED = VENV / "servers"
MAP_SERVER = ("qgis-server-bin", "qgis-server-wms", "qgis-server-wfs", "python3-qgis")
"""What the stage ``qgis`` needs; installing these starts nothing."""
FONT = Path("/usr/share/fonts/truetype/wqy/wqy-microhei.ttc")


class SetupError(Exception):
    """The machine lacks something that only its owner can give; the text says what to do."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a Chinese path must not stop a Western console
            stream.reconfigure(errors="backslashreplace")
    options, rest = _parser().parse_known_args(arguments)
    if rest and options.command != "test":
        _parser().error(f"unknown arguments: {' '.join(rest)}")
    try:
        _prepare_system(options.command)
        _prepare_venv()
        if options.command in {"test", "bench"} and sys.platform == "linux":
            _unpack_servers()
        return _execute(options, rest)
    except SetupError as error:
        print(f"dev.py: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


def _execute(options: argparse.Namespace, rest: Sequence[str]) -> int:
    # No match statement: an old Python must get as far as the sentence about its version.
    if options.command == "demo":
        return _demo(options.headless)
    if options.command == "test":
        return _test(rest)
    if options.command == "lint":
        return 1 if _lint() else 0
    if options.command == "qgis":
        return _qgis()
    if options.command == "lock":
        return _lock(upgrade=options.upgrade)
    return _run("-m", "benchmarks", *options.names)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="dev.py", description=(__doc__ or "").splitlines()[0])
    commands = parser.add_subparsers(dest="command", required=True)
    demo = commands.add_parser("demo", help="open a made-up city in the window")
    demo.add_argument("--headless", metavar="OUT", type=Path, help="the main job without a screen")
    commands.add_parser("test", help="lint, then pytest with the arguments given", add_help=False)
    commands.add_parser("qgis", help="install QGIS Server and test what it serves of a release")
    commands.add_parser("lint", help="ruff and mypy")
    lock = commands.add_parser("lock", help="write requirements.lock anew from pyproject.toml")
    lock.add_argument("--upgrade", action="store_true", help="take the newest versions")
    bench = commands.add_parser("bench", help="run benchmarks")
    bench.add_argument("names", nargs="+", metavar="NAME", help="as python -m benchmarks takes it")
    return parser


def _fresh_folder(folder: Path) -> Path:
    """Return *folder*, or one beside it when it holds a demo that somebody may have worked on."""
    number = 2
    fresh = folder
    while (fresh / "demo.gpkg").exists():
        fresh = folder.with_name(f"{folder.name}-{number}")
        number += 1
    return fresh


def _demo(out: Path | None) -> int:
    """Do the main job without a screen into *out*, or open the demo city in the window."""
    if out is None and not _has_screen():
        print("There is no screen here: the demo runs without one.", flush=True)
        out = _fresh_folder(Path("demo-city"))
    if out is not None:
        out = out.absolute()
        print(f"The demo city goes to {out}", flush=True)
        return _run("-m", "gridadmin.headless", str(out))
    folder = _fresh_folder(Path("demo-city")).absolute()
    return _run("-m", "gridadmin", "demo", str(folder)) or _run(
        "main.py", str(folder / "demo.gpkg")
    )


def _has_screen() -> bool:
    if sys.platform != "linux":
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def _test(arguments: Sequence[str]) -> int:
    failed = _lint()
    if failed:
        print(f"dev.py: {', '.join(failed)} found faults; this run counts as failed.", flush=True)
    # Sets and maps keep one order, so what fails here fails again; "random" looks for other orders.
    os.environ.setdefault("PYTHONHASHSEED", "0")
    # Two workers pay for a whole run, not for a few tests.
    code = _run("-m", "pytest", *(arguments or ("-n", "2")))
    return code or (1 if failed else 0)


def _qgis() -> int:
    """Test that QGIS Server serves a release as it is, and say in a sentence how it went."""
    if not _has_map_server():
        print("dev.py: there is no QGIS Server here, so nothing was tested.", file=sys.stderr)
        return 2
    code = _run("-m", "pytest", "-v", "-rs", "tests/publish/test_qgis_server.py")
    told = "serves the release as the project has it" if code == 0 else "disagrees: see above"
    print(f"dev.py: QGIS Server {told}.", flush=True)
    return code


def _lint() -> list[str]:
    sources = [name for name in SOURCES if _has_python(ROOT / name)]
    tools = {
        "ruff check": ("-m", "ruff", "check", "--output-format", "concise", *sources),
        "ruff format": ("-m", "ruff", "format", "--check", *sources),
        "mypy": ("-m", "mypy", *sources),
    }
    return [name for name, command in tools.items() if _run(*command)]


def _lock(*, upgrade: bool) -> int:
    options = ["--universal", "--python-version", "3.11", "--fork-strategy", "fewest", "--quiet"]
    options += ["--generate-hashes", "--no-emit-index-url", "--no-header", "--no-annotate"]
    options += ["--group", "dev", "--output-file", LOCK.name, *(["--upgrade"] if upgrade else [])]
    return _run("-m", "uv", "pip", "compile", "pyproject.toml", *options)


def _prepare_system(command: str) -> None:
    """Install what the system lacks, or name it; only what stops us is an error."""
    lacking: list[str] = []
    if sys.platform == "linux" and command in {"demo", "test"}:
        lacking += _lacking_packages()
    if sys.platform == "linux" and command == "test":
        lacking += [package for name, package in WALK_PROGRAMS.items() if not shutil.which(name)]
    if command == "qgis" and sys.platform == "linux" and not _has_map_server():
        lacking += MAP_SERVER
    if not _is_prepared() and find_spec("ensurepip") is None and sys.platform == "linux":
        lacking.append(f"python3.{sys.version_info.minor}-venv")
    if lacking and not _apt_install(lacking):
        print(f"dev.py: please run: sudo apt-get install {' '.join(lacking)}", flush=True)


def _has_map_server() -> bool:
    """Return whether QGIS Server is here, and the Python that makes a project file for it."""
    python = shutil.which("python3", path="/usr/bin")
    if python is None or not shutil.which("qgis_mapserver"):
        return False
    return _runs([python, "-c", "import qgis.core"])


def _lacking_packages() -> list[str]:
    packages = [package for library, package in QT_LIBRARIES.items() if not _can_load(library)]
    return packages if FONT.exists() else [*packages, "fonts-wqy-microhei"]


def _unpack_servers() -> None:
    """Unpack the servers that are not installed; tests name what they miss where that fails."""
    lacking = [package for name, package in SERVERS.items() if not _has_server(name)]
    if not lacking or not shutil.which("apt-get") or not shutil.which("dpkg-deb"):
        return
    print(f"Unpacking servers for the tests: {' '.join(lacking)}", flush=True)
    archives = VENV / "packages"
    (archives / "partial").mkdir(parents=True, exist_ok=True)
    right = _right_to_install()
    apt = ["apt-get", "-qq", "-o", "Debug::NoLocking=1", "-o", f"Dir::Cache::archives={archives}"]
    fetch = [*apt, "install", "-y", "--no-install-recommends", "--download-only", *lacking]
    if not _runs(fetch) and right is not None:
        _runs([*right, "apt-get", "-qq", "update"])
        _runs(fetch)
    for package in sorted(archives.glob("*.deb")):
        _runs(["dpkg-deb", "-x", str(package), str(UNPACKED)])
    shutil.rmtree(archives)


def _runs(command: Sequence[str]) -> bool:
    return subprocess.run(command, check=False, capture_output=True).returncode == 0


def _has_server(name: str) -> bool:
    path = os.pathsep.join(("/usr/sbin", os.environ.get("PATH", "")))
    unpacked = (UNPACKED / "usr" / folder / name for folder in ("sbin", "bin"))
    return shutil.which(name, path=path) is not None or any(one.exists() for one in unpacked)


def _can_load(library: str) -> bool:
    try:
        return bool(ctypes.CDLL(library))
    except OSError:
        return False


def _apt_install(packages: Sequence[str]) -> bool:
    right = _right_to_install()
    if right is None or shutil.which("apt-get") is None:
        return False
    print(f"Installing packages: {' '.join(packages)}", flush=True)
    apt = [*right, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    subprocess.run([*apt, "update"], check=False, stdout=subprocess.DEVNULL)
    install = [*apt, "install", "-y", "--no-install-recommends", *packages]
    return subprocess.run(install, check=False, stdout=subprocess.DEVNULL).returncode == 0


def _right_to_install() -> list[str] | None:
    """Return the words before apt-get, or None when it would have to ask for a password."""
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        return []
    if shutil.which("sudo") is None:
        return None
    quiet = subprocess.run(["sudo", "-n", "true"], check=False, capture_output=True)
    return ["sudo", "-n"] if quiet.returncode == 0 else None


def _prepare_venv() -> None:
    """Make ``.venv`` from the lock unless it is there already.

    Raises: SetupError.
    """
    if _is_prepared():
        return
    if Path(sys.prefix).resolve() == VENV.resolve():
        message = "the lock changed; leave .venv and start dev.py with the system's Python."
        raise SetupError(message)
    if VENV.exists() and not STAMP.exists():
        message = f"{VENV} was not made by dev.py. Please move it away; it was left as it is."
        raise SetupError(message)
    python = _usable_python()
    print("Making .venv ...", flush=True)
    _step([python, "-m", "venv", "--clear", str(VENV)], "the virtual environment was not made")
    STAMP.write_text("unfinished", encoding="ascii")
    pip = [str(_venv_python()), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    pip += ["--no-deps"]
    _step(
        [*pip, "--require-hashes", "--only-binary", ":all:", "-r", str(LOCK)],
        "not all libraries were installed. Is the network there? Ready-made builds exist for"
        " Windows and Linux (glibc 2.34 or later) on x86-64 and for macOS 14; this is"
        f" {platform.system()} on {platform.machine()}",
    )
    _step(
        [*pip, "--no-build-isolation", "--no-index", "--editable", str(ROOT)],
        "gridadmin itself was not installed into .venv",
    )
    STAMP.write_text(_fingerprint(), encoding="ascii")


def _is_prepared() -> bool:
    stamp = STAMP.read_text(encoding="ascii") if STAMP.exists() else None
    return _venv_python().exists() and stamp == _fingerprint()


def _fingerprint() -> str:
    # Read as text: Windows may have changed the line ends.
    return hashlib.sha256(LOCK.read_text(encoding="utf-8").encode()).hexdigest()


def _usable_python() -> str:
    if sys.version_info[:2] in PYTHONS:
        return sys.executable
    for major, minor in reversed(PYTHONS):
        if found := shutil.which(f"python{major}.{minor}"):
            return found
    versions = ", ".join(f"{major}.{minor}" for major, minor in PYTHONS)
    message = (
        f"this is Python {platform.python_version()}, but the libraries are ready-made for"
        f" {versions}. Please install one of these and start dev.py with it."
    )
    raise SetupError(message)


def _step(command: Sequence[str], failure: str) -> None:
    if subprocess.run(command, check=False, cwd=ROOT).returncode:
        message = f"{failure}. The lines above say why."
        raise SetupError(message)


def _venv_python() -> Path:
    return VENV / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")


def _run(*arguments: str) -> int:
    """Run the environment's Python in this folder and return its exit code."""
    return subprocess.run([_venv_python(), *arguments], check=False, cwd=ROOT).returncode


def _has_python(path: Path) -> bool:
    return path.is_file() or any(path.rglob("*.py"))


if __name__ == "__main__":
    raise SystemExit(main())
