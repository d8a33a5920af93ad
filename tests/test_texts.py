"""Every code has its sentence, in both languages, with the same parameters."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

from gridadmin.base.paths import ROOT
from gridadmin.base.texts import LANGUAGES, table

CODE = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")


def raised_codes(source: str) -> Iterator[tuple[str, int]]:
    """Yield each code handed to an error class in *source*, with its line."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and node.args and _makes_error(node.func):
            for part in ast.walk(node.args[0]):
                if isinstance(part, ast.Constant) and CODE.fullmatch(str(part.value)):
                    yield str(part.value), node.lineno


def parameters(sentence: str) -> set[str]:
    """Return the names in braces of *sentence*."""
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


def _makes_error(function: ast.expr) -> bool:
    if isinstance(function, ast.Name):
        return function.id.endswith("Error") or function.id == "Reason"
    if not isinstance(function, ast.Attribute):
        return False
    is_super = isinstance(function.value, ast.Call) and ast.unparse(function.value) == "super()"
    return function.attr.endswith("Error") or (is_super and function.attr == "__init__")


def _modules() -> list[Path]:
    return sorted((ROOT / "gridadmin").rglob("*.py"))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_raised_code_has_a_sentence(lang: str) -> None:
    missing = [
        f"{code} ({path.relative_to(ROOT).as_posix()}:{line})"
        for path in _modules()
        for code, line in raised_codes(path.read_text(encoding="utf-8"))
        if code not in table(lang)
    ]

    assert not missing, "\n".join(missing)


def test_both_languages_hold_the_same_codes() -> None:
    assert set(table("zh")) ^ set(table("en")) == set()


def test_both_languages_name_the_same_parameters() -> None:
    different = {
        code
        for code in set(table("zh")) & set(table("en"))
        if parameters(table("zh")[code]) != parameters(table("en")[code])
    }

    assert different == set()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_sentence_is_empty(lang: str) -> None:
    assert [code for code, sentence in table(lang).items() if not sentence.strip()] == []


def test_english_apostrophes_are_straight() -> None:
    """The Chinese font draws the curved one as wide as a Chinese character."""
    assert [code for code, sentence in table("en").items() if "\u2019" in sentence] == []


@pytest.mark.parametrize(
    ("source", "codes"),
    [
        ('raise EditError("edit.locked", at=1)', ["edit.locked"]),
        ('raise errors.InputError("input.no_layer")', ["input.no_layer"]),
        ('StoreError("store.a" if x else "store.b")', ["store.a", "store.b"]),
        ('super().__init__("job.cancelled")', ["job.cancelled"]),
        ('f(why=Reason("connect_fault.refused"))', ["connect_fault.refused"]),
        ('print("edit.locked")', []),
        ('raise ValueError("not a code.")', []),
    ],
)
def test_codes_are_found_however_they_are_raised(source: str, codes: list[str]) -> None:
    assert [code for code, _ in raised_codes(source)] == codes


def test_parameters_are_the_names_in_braces() -> None:
    assert parameters("{file}: layer {layer} has {n:,} rows") == {"file", "layer", "n"}
