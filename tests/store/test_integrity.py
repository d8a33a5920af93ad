from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from gridadmin.base.ids import oid_of
from gridadmin.base.texts import LANGUAGES, sentence
from gridadmin.store.integrity import FileProblem
from gridadmin.store.project_file import ProjectFile
from tests.store.made_up import renamed, write


def problems_after(path: Path, sql: str) -> list[FileProblem]:
    with ProjectFile.open(path, write=True) as project:
        for number in (1, 2, 3):
            write(project, renamed(number))
    with sqlite3.connect(path) as database:
        database.execute(sql)
    database.close()
    with ProjectFile.open(path, write=False) as project:
        return project.integrity_problems()


@pytest.mark.parametrize(
    ("sql", "problem"),
    [
        (
            'UPDATE border SET "left" = 12',
            FileProblem("store.problem_owner", {"border": 1, "owner": 12}),
        ),
        (
            "DELETE FROM exempt_land",
            FileProblem("store.problem_land", {"oid": oid_of("lake-1")}),
        ),
        (
            "DELETE FROM change_log WHERE revision = 2",
            FileProblem("store.problem_log", {"revision": 3, "last": 3, "entries": 2}),
        ),
        (
            "UPDATE meta SET value = '4' WHERE key = 'revision'",
            FileProblem("store.problem_log", {"revision": 4, "last": 3, "entries": 3}),
        ),
        (
            "UPDATE change_log SET parent_revision = 0 WHERE revision = 3",
            FileProblem("store.problem_parent", {"revision": 3}),
        ),
    ],
)
def test_broken_promise_is_found_and_has_a_sentence(
    path: Path, sql: str, problem: FileProblem
) -> None:
    assert problems_after(path, sql) == [problem]
    for lang in LANGUAGES:
        assert "{" not in sentence(problem.code, lang, problem.params)
        assert sentence(problem.code, lang) != problem.code


def test_sound_file_has_no_problems(path: Path) -> None:
    assert problems_after(path, "SELECT 1") == []


def test_given_owners_count_instead_of_those_in_the_file(path: Path) -> None:
    with ProjectFile.open(path, write=False) as project:
        assert project.integrity_problems(owners={oid_of("grid-1"), -1}) == []
        assert project.integrity_problems(owners={oid_of("grid-1")}) == [
            FileProblem("store.problem_owner", {"border": 1, "owner": -1})
        ]
