"""The directions of imports, as pyproject.toml states them."""

from __future__ import annotations

import ast
import logging
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from importlinter.cli import lint_imports

from gridadmin.base.paths import ROOT

CONFIGURATION = ROOT / "pyproject.toml"


def _settings() -> dict[str, Any]:
    with CONFIGURATION.open("rb") as file:
        settings: dict[str, Any] = tomllib.load(file)["tool"]["importlinter"]
    return settings


def _contracts() -> list[str]:
    return [contract["id"] for contract in _settings()["contracts"]]


def _layers() -> set[str]:
    layers = next(found for found in _settings()["contracts"] if found["id"] == "layers")
    names = " | ".join(layers["layers"]).split("|")
    return {name.strip(" ()") for name in names}


def _imported(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    plain = {
        name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names
    }
    return plain | {
        node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)
    }


@pytest.fixture
def _loggers_kept() -> Iterator[None]:
    """Undo what import-linter does to the loggers of its process: it disables all there are."""
    yield
    for logger in logging.root.manager.loggerDict.values():
        if isinstance(logger, logging.Logger):
            logger.disabled = False


@pytest.mark.usefixtures("_loggers_kept")
@pytest.mark.parametrize("contract", _contracts())
def test_imports_keep_the_contract(
    contract: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)

    exit_code = lint_imports(
        config_filename=str(CONFIGURATION),
        limit_to_contracts=(contract,),
        no_cache=True,
        no_logo=True,
    )

    assert exit_code == 0, capsys.readouterr().out


def test_every_part_of_the_core_has_its_layer() -> None:
    parts = {
        f"gridadmin.{path.stem}"
        for path in (ROOT / "gridadmin").iterdir()
        if path.suffix == ".py" or (path / "__init__.py").exists()
    }

    assert parts - {"gridadmin.__init__"} - _layers() == set()


def test_the_window_is_under_contract_once_it_exists() -> None:
    window_exists = (ROOT / "ui" / "__init__.py").exists()

    assert window_exists == ("ui" in _settings()["root_packages"])


def test_main_only_hands_over() -> None:
    main = ROOT / "main.py"

    assert _imported(main) <= {"__future__", "sys", "gridadmin.cli", "ui.application"}
    assert len(main.read_text(encoding="utf-8").splitlines()) < 40


def test_nothing_reads_pictures_from_a_device_that_python_made() -> None:
    # Qt holds a lock of all its readers while it asks the device, and the device asks Python: a
    # worker that reads so and a window that paints an icon have waited for each other for ever.
    readers = [
        path.relative_to(ROOT).as_posix()
        for path in sorted((ROOT / "ui").rglob("*.py"))
        if "QImageReader(" in path.read_text(encoding="utf-8")
    ]

    assert readers == []
