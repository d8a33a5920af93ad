"""What a report says, told from plain results: the certificate, states, words in two languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from gridadmin.app.check_report.ground import ProjectGround
from gridadmin.app.check_report.model import CheckReport, ReportedExempt, Subject, report_of
from gridadmin.app.check_report.page import report_page
from gridadmin.app.check_report.pictures import MOST_PICTURES, pictured
from gridadmin.app.check_report.words import Words
from gridadmin.app.check_report.writing import write_report
from gridadmin.base.errors import Cancelled, InputError
from tests.helpers.projects import document_on, small_town

DAY = datetime(2026, 11, 26, 8, 30, tzinfo=UTC)
SUBJECT = Subject(Path("样例区.gpkg"), "样例区", is_project=True, sha256="ab12", revision=7)


def issue(number: str, kind: str, severity: str = "error", **more: Any) -> dict[str, Any]:
    fields = {
        "id": number, "kind": kind, "class": "", "level": "grid", "severity": severity,
        "area_m2": None, "width_m": None, "areas": ["u1"], "codes": ["990001"],
        "names": ["样例网格 990001"], "point": [530_000.0, 3_994_000.0], "bbox": None,
    }  # fmt: skip
    return {**fields, **more}


def report(*issues: Mapping[str, Any], subject: Subject = SUBJECT, **more: Any) -> CheckReport:
    result = {
        "version": 1, "crs": "EPSG:4549", "areas": 4, "snap_m": 0.001, "min_area_m2": 0.01,
        "frame": "given", "set": "usual", "issues": list(issues), "invalid": [],
        "dust": {"gap": 0, "overlap": 0, "area_m2": 0.0}, **more,
    }  # fmt: skip
    return report_of(result, subject, made_at=DAY)


def why_not(of: CheckReport) -> list[str]:
    return [obstacle.code for obstacle in of.certificate.obstacles]


def test_notes_and_people_leave_the_coverage_proved() -> None:
    found = report(issue("1", "undivided", "info"), issue("2", "code_missing", "warning"))

    assert found.certificate.is_proved
    assert Words("en").line(found) == "gaps 0, overlaps 0, exempt 0"
    assert Words("zh").line(found) == "空隙 0，重叠 0，例外地块 0"


@pytest.mark.parametrize(
    ("kind", "why"),
    [
        ("gap", "not_gaps"),
        ("overlap", "not_overlaps"),
        ("duplicate", "not_overlaps"),
        ("contained", "not_overlaps"),
        ("overhang", "not_overhangs"),
        ("remainder", "not_remainders"),
    ],
)
def test_land_that_is_not_held_as_it_should_be_stands_in_the_way(kind: str, why: str) -> None:
    assert why_not(report(issue("1", kind, area_m2=3.5))) == [why]


def test_everything_else_that_proves_nothing_is_told() -> None:
    expired = ReportedExempt("湖", "水面", "张三（示例）", "2020-01-01", 10.0, has_expired=True)
    subject = replace(SUBJECT, exempt=(expired,), off=("gap", "overlap"), broken=2)

    found = report(
        subject=subject, frame="none", areas=0, invalid=[{"row": "3", "why": "crosses itself"}]
    )

    assert why_not(found) == [
        "not_broken",
        "not_invalid",
        "not_expired",
        "not_framed",
        "not_checked",
        "not_anything",
    ]
    assert "The check set leaves out: Gap, Overlap." in Words("en").obstacles(found)
    assert "有 1 块例外地块已过有效期。" in Words("zh").obstacles(found)


def test_dust_is_counted_with_its_land() -> None:
    found = report(dust={"gap": 2, "overlap": 1, "area_m2": 0.0000123})

    assert Words("en").dust(found) == (
        "Dust below 0.01 m², counted and not listed: gaps 2, overlaps 1, 0.00001230 m² together."
    )


def test_dust_beyond_a_parent_is_counted_too() -> None:
    found = report(dust={"gap": 0, "overlap": 0, "overhang": 3, "area_m2": 0.01})

    assert "gaps 0, overlaps 0, overhangs 3, " in Words("en").dust(found)
    assert "越界 3 个" in Words("zh").dust(found)


def test_an_accepted_issue_says_who_answers_for_it() -> None:
    accepted = {"reason": "河岸", "name": "李四（示例）", "until": "2027-01-01"}
    one = report(issue("1", "sliver", "warning", state="accepted", accepted=accepted)).issues[0]

    assert Words("en").state(one) == "accepted: 河岸 (李四（示例）), until 2027-01-01"
    assert one.areas[0].name == "样例网格"
    assert one.areas[0].code == "990001"


def test_of_very_many_areas_the_first_are_named_with_how_many_more() -> None:
    names = [f"网格{n} 99{n:02}" for n in range(20)]
    codes = [f"99{n:02}" for n in range(20)]

    one = report(issue("1", "overlap", names=names, codes=codes)).issues[0]

    assert Words("zh").about(one).startswith("网格0 9900、网格1 9901、")
    assert Words("zh").about(one).endswith("网格11 9911 … +8")
    assert Words("zh").codes(one).count("、") == 19


def test_counts_are_by_severity_and_kind_errors_first() -> None:
    found = report(
        issue("1", "remainder", "warning", area_m2=2.0),
        issue("2", "gap", area_m2=1.5),
        issue("3", "gap", area_m2=0.25),
    )

    assert found.counts() == [("error", "gap", 2, 1.75), ("warning", "remainder", 1, 2.0)]


def test_a_sentence_that_the_file_cannot_fill_says_what_the_kind_means() -> None:
    one = report(issue("1", "multipart", "warning")).issues[0]

    assert Words("en").text(one) == "Land in more separate parts than the scheme allows."


def test_markup_in_names_reasons_and_rows_stays_text() -> None:
    evil = "<script>alert(1)</script>"
    exempt = ReportedExempt(evil, evil, evil, "", 1.0, has_expired=False)
    subject = replace(SUBJECT, name=evil, plan=evil, plan_state="draft", exempt=(exempt,))
    found = report(issue("1", "gap", names=[evil]), subject=subject)

    page = report_page(replace(found, remarks=(evil,)), {}, "zh")

    assert "<script" not in page
    assert page.count("&lt;script&gt;") >= 7


def test_only_the_first_errors_and_warnings_get_pictures_and_the_page_says_so() -> None:
    found = report(*(issue(str(n), "gap") for n in range(70)), issue("n", "hole", "info"))

    assert [one.number for one in pictured(found)] == [str(n) for n in range(MOST_PICTURES)]
    page = report_page(found, {one.number: b"" for one in pictured(found)}, "en")
    assert "Only the first 60 errors and warnings have a picture." in page


class Stopping:
    """Somebody who cancels at once."""

    def step(self, what: str, done: int, total: int) -> None:
        """Take no notice."""

    def is_cancelled(self) -> bool:
        """Say yes."""
        return True


def test_a_cancelled_report_leaves_the_older_file(chinese_dir: Path) -> None:
    snapshot = document_on(small_town()).snapshot
    out = chinese_dir / "报告.gpkg"
    out.write_bytes(b"older")

    with pytest.raises(Cancelled):
        write_report(
            out,
            report(issue("1", "gap")),
            ProjectGround(snapshot),
            "zh",
            progress=Stopping(),
        )

    assert out.read_bytes() == b"older"
    assert list(chinese_dir.glob("*.part")) == []


def test_without_a_painter_the_page_says_so_and_a_pdf_is_refused(chinese_dir: Path) -> None:
    ground = ProjectGround(document_on(small_town()).snapshot)
    found = report(issue("1", "gap", area_m2=1.0))

    write_report(chinese_dir / "报告.html", found, ground, "en")

    page = (chinese_dir / "报告.html").read_text(encoding="utf-8")
    assert "There are no pictures: this computer can&#39;t paint them." in page
    with pytest.raises(InputError) as refusal:
        write_report(chinese_dir / "报告.pdf", found, ground, "en")
    assert refusal.value.code == "render.cannot_paint"
