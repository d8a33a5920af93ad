"""Sentences: filled in, and never in the way of the fault that they tell of."""

from __future__ import annotations

from gridadmin.base.errors import Cancelled, EditError
from gridadmin.base.texts import explain, sentence


def test_sentence_is_filled_in() -> None:
    text = sentence("edit.unknown_area", "en", {"area": "9900"})

    assert text == "No area has the code or uid “9900”."


def test_error_is_explained_in_both_languages() -> None:
    fault = EditError("edit.nothing_to_undo")

    assert explain(fault, "en") == "There is nothing to undo."
    assert explain(fault, "zh") == "没有可以撤销的操作。"


def test_unknown_code_returns_itself_with_its_params() -> None:
    assert sentence("edit.never_heard_of", "en") == "edit.never_heard_of"
    assert sentence("edit.never_heard_of", "en", {"a": 1}) == "edit.never_heard_of {'a': 1}"


def test_missing_parameter_stays_visible() -> None:
    assert "{area}" in sentence("edit.unknown_area", "en", {})


def test_error_shows_code_and_params_to_developers() -> None:
    assert str(EditError("edit.locked", reason="frame")) == "edit.locked(reason='frame')"
    assert Cancelled().code == "job.cancelled"
