"""A report as GeoPackage: where the issues are, what they are, and the certificate beside them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import shapely

from gridadmin.app.check_report.ground import Ground
from gridadmin.app.check_report.model import CheckReport, ReportedIssue
from gridadmin.app.check_report.words import Words
from gridadmin.app.exporting import refuse_project
from gridadmin.base.progress import SILENT, Progress, checkpoint
from gridadmin.exchange.geopackage_writer import write_package
from gridadmin.exchange.issue_columns import EXEMPT, issue_columns
from gridadmin.exchange.issue_style import FACES, POINTS, issue_qml
from gridadmin.exchange.package_content import (
    AttributeTable,
    Column,
    ColumnType,
    Layer,
    Metadata,
    Package,
    Row,
    Shape,
    SrsId,
)

_TEXT = ColumnType.TEXT
_COLUMNS = issue_columns(
    "id", "kind", "severity", "state", "level", "class", "area_m2", "width_m", "areas", "codes",
    "text",
)  # fmt: skip
_FACT_COLUMNS = (Column("item", _TEXT, "项目"), Column("value", _TEXT, "内容"))
_ROW_COLUMNS = (Column("row", _TEXT, "行"), Column("why", _TEXT, "原因"))


def write_report_package(
    path: Path, report: CheckReport, ground: Ground, lang: str, progress: Progress = SILENT
) -> None:
    """Write the issues as a point layer, and where their land is known as polygons too.

    Issues without a place stand in the table ``issue_elsewhere``.

    Raises: Cancelled; InputError and StoreError of ``write_package``.
    """
    refuse_project(path)
    words = Words(lang)
    placed = [issue for issue in report.issues if issue.point is not None]
    faces = []
    for number, issue in enumerate(placed):
        checkpoint(progress, "progress.report_faces", number, len(placed))
        face = ground.face(issue)
        if face is not None:
            faces.append((issue, face))
    points = [(issue, shapely.Point(ground.metres(issue) or (0.0, 0.0))) for issue in placed]
    point_layer, srs_id = _layer(words, ground, POINTS, "问题位置", points)
    face_layer, _ = _layer(words, ground, FACES, "问题地块", faces)
    elsewhere = [_row(words, issue) for issue in report.issues if issue.point is None]
    layers = (face_layer, point_layer) if faces else (point_layer,)
    package = Package(
        layers,
        tuple(_tables(words, report, elsewhere)),
        srs_id,
        words.title(report),
        (_certificate(words, report),),
        report.made_at.isoformat(),
    )
    write_package(path, package, progress)


def _layer(
    words: Words,
    ground: Ground,
    name: str,
    title: str,
    placed: list[tuple[ReportedIssue, Any]],
) -> tuple[Layer, SrsId]:
    shapes = np.empty(len(placed), dtype=object)
    shapes[:] = [shape for _, shape in placed]
    shapes, srs_id = ground.lon_lat(shapes)
    layer = Layer(
        name,
        title,
        _COLUMNS,
        np.arange(1, len(placed) + 1, dtype=np.int64),
        shapes,
        [_row(words, issue) for issue, _ in placed],
        issue_qml(name),
        Shape.POINT if name == POINTS else Shape.MULTIPOLYGON,
    )
    return layer, srs_id


def _row(words: Words, issue: ReportedIssue) -> Row:
    return (
        issue.number,
        issue.kind,
        str(issue.severity),
        issue.state or None,
        issue.level or None,
        issue.face_class or None,
        issue.area_m2,
        issue.width_m,
        words.names(issue),
        words.codes(issue) or None,
        words.text(issue),
    )


def _tables(words: Words, report: CheckReport, elsewhere: list[Row]) -> list[AttributeTable]:
    facts: list[Row] = [
        (words.say("certificate"), words.verdict(report)),
        (words.say("figures"), words.line(report)),
        *((words.say("obstacle"), said) for said in words.obstacles(report)),
        *words.facts(report),
        (words.say("dust_heading"), words.dust(report)),
    ]
    tables = [AttributeTable("certificate", "证书", _FACT_COLUMNS, facts)]
    if report.invalid:
        rows: list[Row] = [(row.row, row.why) for row in report.invalid]
        tables.append(AttributeTable("invalid_row", "不合格的行", _ROW_COLUMNS, rows))
    if elsewhere:
        tables.append(AttributeTable("issue_elsewhere", "没有位置的问题", _COLUMNS, elsewhere))
    if report.subject.exempt:
        lands: list[Row] = [
            (e.name or None, e.reason, e.approver, e.until or None, e.land_m2)
            for e in report.subject.exempt
        ]
        tables.append(AttributeTable("exempt", "例外地块", EXEMPT, lands))
    return tables


def _certificate(words: Words, report: CheckReport) -> Metadata:
    lines = [words.verdict(report), words.line(report), words.meaning(report)]
    lines += [*words.obstacles(report), words.dust(report)]
    lines += [words.say("fact", name=name, value=value) for name, value in words.facts(report)]
    return Metadata("dataset", "https://www.isotc211.org/2005/gmd", "text/plain", "\n".join(lines))
