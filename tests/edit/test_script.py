from __future__ import annotations

import pytest

from gridadmin.base.errors import EditError
from gridadmin.edit.align_commands import Align
from gridadmin.edit.area_commands import Create, Delete, SetField
from gridadmin.edit.dissolve_commands import Dissolve
from gridadmin.edit.draw_commands import Draw
from gridadmin.edit.field_commands import SetEach, SetFields
from gridadmin.edit.land_commands import FrameFromUnion, Give, InsertLine, MakeExempt
from gridadmin.edit.lock_commands import Lock, LockTarget, Unlock
from gridadmin.edit.merge_commands import Merge
from gridadmin.edit.paint_commands import Paint
from gridadmin.edit.papers import Papers, SetPapers
from gridadmin.edit.redraw_commands import Redraw
from gridadmin.edit.renumber_commands import Renumber
from gridadmin.edit.reparent_commands import Reparent, ReparentAll
from gridadmin.edit.script import REDO, UNDO, ScriptReader
from gridadmin.edit.simplify_commands import Simplify
from gridadmin.edit.split_commands import Split, SplitByLines, SplitEqually
from gridadmin.edit.stretch_commands import MoveStretch, Offset, Straighten
from gridadmin.edit.stretches import Between, Whole
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
        (
            '{"do":"set","area":"X","field":"households","value":7,"as_of":"2025-12-31"}',
            SetField("X", "households", 7, "2025-12-31"),
        ),
        (
            '{"do":"set","areas":["X","Y"],"field":"class","value":"urban"}',
            SetFields(["X", "Y"], {"class": "urban"}),
        ),
        (
            '{"do":"set","area":"X","values":{"kind":"exclusive","exclusive_type":"school"}}',
            SetFields(["X"], {"kind": "exclusive", "exclusive_type": "school"}),
        ),
        (
            '{"do":"set","each":[{"area":"X","values":{"code":"1"}}]}',
            SetEach([("X", {"code": "1"})]),
        ),
        ('{"do":"renumber","parent":"P","level":"grid"}', Renumber("P", "grid")),
        (
            '{"do":"lineage","area":"X","document":"D","date":"2026-01-05"}',
            SetPapers("X", Papers("D", "2026-01-05")),
        ),
        (
            '{"do":"merge","areas":["X","Y"],"document":"D"}',
            Merge(["X", "Y"], papers=Papers("D")),
        ),
        ('{"do":"delete","area":"X"}', Delete("X")),
        (
            '{"do":"merge","areas":["X","Y"],"into":"Y","name":"甲"}',
            Merge(["X", "Y"], "Y", "甲"),
        ),
        (
            '{"do":"dissolve","area":"X"}',
            Dissolve("X"),
        ),
        (
            '{"do":"split","area":"X","line":[[1,2],[3,4]],"keep":"left","name":"甲"}',
            Split(["X"], [(2.0, 2.0), (4.0, 4.0)], "left", name="甲"),
        ),
        (
            '{"do":"split","areas":["X","Y"],"line":[[1,2],[3,4]],"children":"cut"}',
            Split(["X", "Y"], [(2.0, 2.0), (4.0, 4.0)], children="cut"),
        ),
        (
            '{"do":"split","area":"X","parts":3,"by":"land","direction":"ns","children":"keep"}',
            SplitEqually(["X"], 3, "land", "ns"),
        ),
        (
            '{"do":"move_stretch","border":[1,2],"by":[0.5,-1]}',
            MoveStretch(Whole((2.0, 2.0)), (0.5, -1.0)),
        ),
        (
            '{"do":"move_stretch","from":[1,2],"to":[3,4],"by":[0.5,-1],"nodes":"move"}',
            MoveStretch(Between((2.0, 2.0), (4.0, 4.0)), (0.5, -1.0), moves_nodes=True),
        ),
        (
            '{"do":"offset","border":[1,2],"by":5,"into":"X"}',
            Offset(Whole((2.0, 2.0)), 5.0, "X"),
        ),
        (
            '{"do":"offset","from":[1,2],"to":[3,4],"by":-5}',
            Offset(Between((2.0, 2.0), (4.0, 4.0)), -5.0),
        ),
        ('{"do":"straighten","border":[1,2]}', Straighten(Whole((2.0, 2.0)))),
        ('{"do":"straighten","border":[1,2],"within":2}', Straighten(Whole((2.0, 2.0)), 2.0)),
        ('{"do":"align","border":[1,2],"line":"L"}', Align(Whole((2.0, 2.0)), "L")),
        ('{"do":"align","border":[1,2],"line":"L","reach":9}', Align(Whole((2.0, 2.0)), "L", 9.0)),
        (
            '{"do":"redraw","line":[[1,2],[3,4]]}',
            Redraw([(2.0, 2.0), (4.0, 4.0)]),
        ),
        (
            '{"do":"redraw","line":[[1,2],[3,4]],"reach":5}',
            Redraw([(2.0, 2.0), (4.0, 4.0)], 5.0),
        ),
        (
            '{"do":"draw","polygon":[[1,2],[3,4],[5,6]],"level":"grid","parent":"P"}',
            Draw([(2.0, 2.0), (4.0, 4.0), (6.0, 6.0)], "grid", "P"),
        ),
        (
            '{"do":"draw","polygon":[[1,2]],"level":"grid","parent":"P","code":"C","take":["X"]}',
            Draw([(2.0, 2.0)], "grid", "P", "C", take=["X"]),
        ),
        (
            '{"do":"draw","polygon":[],"level":"grid","parent":"P","kind":"k","exclusive_type":"e"}',
            Draw([], "grid", "P", kind="k", exclusive_type="e"),
        ),
        (
            '{"do":"draw","polygon":[[1,2]],"level":"grid","parent":"P","take":"all"}',
            Draw([(2.0, 2.0)], "grid", "P", take="all"),
        ),
        (
            '{"do":"paint","to":"X","points":[[1,2]],"from":"free"}',
            Paint("X", (), [(2.0, 2.0)], "free"),
        ),
        ('{"do":"paint","to":"X","areas":["Y"]}', Paint("X", ["Y"])),
        ('{"do":"paint","to":"X","buildings":["b"]}', Paint("X", buildings=["b"])),
        ('{"do":"paint","to":"X","blocks":[[1,2]]}', Paint("X", blocks=[(2.0, 2.0)])),
        (
            '{"do":"split","areas":["X","Y"],"parts":2,"children":"whole","keep":"larger"}',
            SplitEqually(["X", "Y"], 2, children="whole", keep="larger"),
        ),
        ('{"do":"split","area":"X","by":"roads"}', SplitByLines(["X"])),
        (
            '{"do":"split","area":"X","by":"rivers","least_m2":50,"empty":"keep","names":["甲"]}',
            SplitByLines(["X"], "rivers", 50.0, True, names=["甲"]),
        ),
        ('{"do":"paint","to":"X","areas":["Y"],"from":["Z"]}', Paint("X", ["Y"], (), ["Z"])),
        ('{"do":"reparent","areas":["X","Y"],"to":"P"}', ReparentAll(["X", "Y"], "P")),
        ('{"do":"reparent","area":"X","to":"Y"}', Reparent("X", "Y")),
        (
            '{"do":"lock","area":"X","reason":"已公告"}',
            Lock(LockTarget(area="X"), "已公告"),
        ),
        (
            '{"do":"lock","border":[1,2],"reason":"已公告"}',
            Lock(LockTarget(border=(2.0, 2.0)), "已公告"),
        ),
        ('{"do":"unlock","area":"X","reason":"重议"}', Unlock(LockTarget(area="X"), "重议")),
        ('{"do":"simplify","within":0.5}', Simplify(0.5)),
        ('{"do":"simplify","within":2,"areas":["X"]}', Simplify(2.0, ["X"])),
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
        ('{"do":"simplify","within":1,"areas":[]}', "edit.bad_value"),
        ('{"do":"four_bounds","areas":[]}', "edit.bad_value"),
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
        ('{"do":"merge","areas":"X"}', "edit.bad_value"),
        ('{"do":"simplify"}', "edit.missing_value"),
        ('{"do":"simplify","within":-1}', "edit.bad_value"),
        ('{"do":"lock","reason":"已公告"}', "edit.missing_value"),
        ('{"do":"lock","area":"X"}', "edit.missing_value"),
        (
            '{"do":"draw","polygon":[[1,2]],"level":"grid","parent":"P","take":7}',
            "edit.bad_value",
        ),
        ('{"do":"redraw","line":[[1,2],[3,4]],"reach":0}', "edit.bad_value"),
        ('{"do":"move_stretch","border":[1,2]}', "edit.missing_value"),
        ('{"do":"move_stretch","from":[1,2],"by":[1,2]}', "edit.missing_value"),
        ('{"do":"move_stretch","border":[1,2],"by":[1,2],"nodes":"fly"}', "edit.bad_value"),
        ('{"do":"offset","border":[1,2],"by":5}', "edit.missing_value"),
        ('{"do":"offset","border":[1,2],"by":"5","into":"X"}', "edit.bad_value"),
        ('{"do":"offset","border":[1,2],"by":1e9,"into":"X"}', "edit.bad_value"),
        ('{"do":"straighten","border":[1,2],"within":0}', "edit.bad_value"),
        ('{"do":"align","border":[1,2]}', "edit.missing_value"),
        ('{"do":"split","area":"X","parts":2.5}', "edit.bad_value"),
        ('{"do":"split","area":"X","parts":true}', "edit.bad_value"),
        ('{"do":"split","area":"X","parts":2,"children":7}', "edit.bad_value"),
        ('{"do":"merge","areas":["X",7]}', "edit.bad_value"),
    ],
)
def test_line_that_is_wrong_is_refused_with_its_reason(line: str, code: str) -> None:
    with pytest.raises(EditError) as refused:
        READER.read(line)

    assert refused.value.code == code
