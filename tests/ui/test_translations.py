"""Everything the window says has its English, with the same parameters; nothing is left over."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from string import Formatter

import pytest

from gridadmin.base.paths import RESOURCES, ROOT
from gridadmin.base.texts import LANGUAGES
from ui.texts import SOURCE, set_language, tr, translations

OTHERS = [lang for lang in LANGUAGES if lang != SOURCE]
CHINESE = re.compile(r"[\u3400-\u9fff]")
MANY = re.compile(r"(?<!others, )(?<!all )(?<!node of )(?<!series of )(?<!Part )\{n\} [a-z]+s\b")
"""A number of things that may be one."""


def said(source: str) -> Iterator[str]:
    """Yield each text handed to ``tr`` or ``mark`` in *source*."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and _name(node.func) in {"tr", "mark"} and node.args:
            for part in ast.walk(node.args[0]):
                if isinstance(part, ast.Constant) and isinstance(part.value, str):
                    yield part.value


def _name(function: ast.expr) -> str:
    if isinstance(function, ast.Name):
        return function.id
    return function.attr if isinstance(function, ast.Attribute) else ""


def everything_said() -> dict[str, str]:
    found: dict[str, str] = {}
    for path in sorted((ROOT / "ui").rglob("*.py")):
        for text in said(path.read_text(encoding="utf-8")):
            found.setdefault(text, path.relative_to(ROOT).as_posix())
    return found


def parameters(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def in_chinese_only(source: str) -> Iterator[str]:
    """Yield Chinese texts of *source* that are no docstring and are not handed to ``tr``."""
    tree = ast.parse(source)
    handed = set(said(source))
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef))
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in docstrings
            and CHINESE.search(node.value)
            and node.value not in handed
        ):
            yield node.value


@pytest.fixture(autouse=True)
def in_source_language() -> Iterator[None]:
    yield
    set_language(SOURCE)


@pytest.mark.parametrize("lang", OTHERS)
def test_every_text_is_translated(lang: str) -> None:
    known = translations(lang)

    missing = [
        f"{text} ({where})" for text, where in everything_said().items() if text not in known
    ]

    assert not missing, "\n".join(missing)


@pytest.mark.parametrize("lang", OTHERS)
def test_no_translation_is_left_over(lang: str) -> None:
    spoken = everything_said()

    assert [text for text in translations(lang) if text not in spoken] == []


@pytest.mark.parametrize("lang", OTHERS)
def test_translations_have_the_parameters_of_their_source(lang: str) -> None:
    different = [
        text
        for text, translated in translations(lang).items()
        if any(not parameters(one) <= parameters(text) for one in translated.split("|"))
        or not parameters(text) <= parameters(translated)
    ]

    assert different == []


@pytest.mark.parametrize("lang", OTHERS)
def test_translations_hold_no_chinese(lang: str) -> None:
    assert [t for t in translations(lang).values() if CHINESE.search(t)] == []


def test_apostrophes_are_straight_for_the_chinese_font_draws_others_wide() -> None:
    assert [text for text in translations("en").values() if "\u2019" in text] == []


def test_nothing_is_said_to_be_1_things() -> None:
    assert [one for one in translations("en").values() if MANY.search(one) and "|" not in one] == []


def test_no_two_files_translate_one_text_differently() -> None:
    import tomllib

    seen: dict[str, str] = {}
    different = []
    for path in sorted((RESOURCES / "i18n" / "en").glob("*.toml")):
        for text, translated in tomllib.loads(path.read_text(encoding="utf-8")).items():
            if seen.setdefault(text, translated) != translated:
                different.append(f"{text}: {seen[text]} / {translated}")

    assert different == []


def test_no_chinese_is_said_past_the_translations() -> None:
    found = [
        f"{text!r} ({path.relative_to(ROOT).as_posix()})"
        for path in sorted((ROOT / "ui").rglob("*.py"))
        for text in in_chinese_only(path.read_text(encoding="utf-8"))
    ]

    assert not found, "\n".join(found)


def test_the_number_decides_between_singular_and_plural() -> None:
    set_language("en")

    assert tr("另有 {n} 个区域", n=1) == "and 1 more area"
    assert tr("另有 {n} 个区域", n=2) == "and 2 more areas"


def test_chinese_is_said_as_it_stands() -> None:
    assert tr("另有 {n} 个区域", n=1) == "另有 1 个区域"
