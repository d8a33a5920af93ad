from __future__ import annotations

import pytest

from gridadmin.base.errors import EditError
from gridadmin.edit.area_commands import Create, Delete, SetField
from gridadmin.edit.land_commands import FrameFromUnion, Give, InsertLine, MakeExempt
from gridadmin.edit.script import REDO, UNDO, ScriptReader
from gridadmin.edit.vertex_commands import AddVertex, DeleteVertex, Move

READER = ScriptReader(lambda _: (7.0, 8.0), lambda point: (point[0] + 1, point[1]))


@pytest.mark.parametrize(
    ("line", "command"),
    [
        ('{"do":"give","point":[1,2],"to":"X"}', Give((2.0, 2.0), "X")),
        ('{"do":"give","issue":"ab","to":null}', Give((7.0, 8.0), None, is_inside=True)),
        (
            '{"do":"insert_line","line":[[1,2],[3,4.5]],"left":"new","right":"keep"}',
            InsertLine([(2.0, 2.0), (4.0, 4.5)], "new", "keep"),
        ),
        ('{"do":"move","from":[1,2],"to":[3,4]}', Move((2.0, 2.0), (4.0, 4.0))),
        (
            '{"do":"add_vertex","at":[1,2],"to":[3,4]}',
            AddVertex((2.0, 2.0), (4.0, 4.0)),
        ),
        ('{"do":"delete_vertex","at":[1,2]}', DeleteVertex((2.0, 2.0))),
        (
            '{"do":"create","level":"grid","parent":"P","code":"C","name":"甲"}',
            Create("grid", "P", "甲", "C"),
        ),
        ('{"do":"set","area":"X","field":"name","value":"甲"}', SetField("X", "name", "甲")),
        ('{"do":"delete","area":"X"}', Delete("X")),
        (
            '{"do":"exempt","issue":"ab","reason":"水面","approver":"虚构","until":null}',
            MakeExempt((7.0, 8.0), "水面", "虚构", None, None, is_inside=True),
        ),
        ('{"do":"frame","from":"union"}', FrameFromUnion()),
        ('{"do":"undo"}', UNDO),
        ('{"do":"redo"}', REDO),
    ],
)
def test_line_is_read_as_its_command(line: str, command: object) -> None:
    assert READER.read(line) == command


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("no json", "edit.bad_line"),
        ("[1]", "edit.bad_line"),
        ("[" * 100_000, "edit.bad_line"),
        ('{"do":"set","area":"X","field":"name","value":"\\ud800"}', "edit.bad_line"),
        ('{"do":"fly"}', "edit.unknown_command"),
        ('{"do":["give"]}', "edit.unknown_command"),
        ("{}", "edit.unknown_command"),
        ('{"do":"give","to":"X"}', "edit.missing_value"),
        ('{"do":"give","point":[1,2]}', "edit.missing_value"),
        ('{"do":"give","point":[1],"to":"X"}', "edit.bad_value"),
        ('{"do":"give","point":[true,2],"to":"X"}', "edit.bad_value"),
        ('{"do":"add_vertex","at":[1,2]}', "edit.missing_value"),
        ('{"do":"delete_vertex","at":7}', "edit.bad_value"),
        ('{"do":"give","point":"1 2","to":"X"}', "edit.bad_value"),
        ('{"do":"give","point":[1,2],"to":7}', "edit.bad_value"),
        ('{"do":"give","issue":7,"to":"X"}', "edit.bad_value"),
        (f'{{"do":"give","point":[1{"0" * 400},2],"to":"X"}}', "edit.bad_value"),
        ('{"do":"insert_line","line":5,"left":"new","right":"keep"}', "edit.bad_value"),
        ('{"do":"insert_line","line":[[1,2],3],"left":"new","right":"keep"}', "edit.bad_value"),
        ('{"do":"frame","from":"memory"}', "edit.bad_value"),
        ('{"do":"set","area":"X","field":"name"}', "edit.missing_value"),
        ('{"do":"delete","area":""}', "edit.bad_value"),
    ],
)
def test_line_that_is_wrong_is_refused_with_its_reason(line: str, code: str) -> None:
    with pytest.raises(EditError) as refused:
        READER.read(line)

    assert refused.value.code == code
