"""The words of a report in Chinese or English, the same in every kind of file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gridadmin.app.check_report.model import CheckReport, ReportedIssue
from gridadmin.app.check_report.subject import level_name
from gridadmin.base.texts import sentence

_FINE_M2 = 0.01
_MOST_NAMES = 12


class Words:
    """Says everything in a report in one language."""

    def __init__(self, lang: str) -> None:
        self.lang = lang

    def say(self, name: str, /, **params: object) -> str:
        """Return the text ``report.<name>``."""
        return sentence(f"report.{name}", self.lang, params)

    def kind(self, key: str) -> str:
        """Return what a kind of issue is called, as one begins a line."""
        name = sentence(f"kind.{key}", self.lang)
        return name[:1].upper() + name[1:]

    def severity(self, key: str) -> str:
        """Return what a severity is called."""
        return self.say(f"severity_{key}")

    def title(self, report: CheckReport) -> str:
        """Return the title of the report."""
        return self.say("title", name=report.subject.name)

    def facts(self, report: CheckReport) -> list[tuple[str, str]]:
        """Return what was checked, how and when: names and values."""
        subject = report.subject
        found = [
            (self.say("project" if subject.is_project else "file"), subject.name),
            (self.say("path"), subject.path.name),
            (self.say("layer"), subject.layer),
            (self.say("plan"), self._plan(report)),
            (self.say("made_at"), f"{report.made_at:%Y-%m-%d %H:%M}"),
            (self.say("crs"), report.crs or self.say("crs_unknown")),
            (self.say("areas"), f"{report.areas:,}"),
            (self.say("frame"), self.say("frame_given" if report.has_frame else "frame_none")),
            (self.say("set"), subject.check_set[self.lang != "zh"] or report.check_set),
            (self.say("snap"), f"{report.snap_m:g} m"),
            (self.say("least"), f"{report.min_area_m2:g} m²"),
            (self.say("revision"), "" if subject.revision is None else str(subject.revision)),
            (self.say("hash" if subject.is_project else "file_hash"), subject.sha256),
        ]
        return [(name, value) for name, value in found if value]

    def _plan(self, report: CheckReport) -> str:
        subject = report.subject
        if not subject.is_project:
            return ""
        if not subject.plan:
            return self.say("no_plan")
        state = sentence(f"plan.{subject.plan_state}", self.lang)
        return self.say("plan_value", name=subject.plan, state=state)

    def verdict(self, report: CheckReport) -> str:
        """Return in one line whether the coverage is proved."""
        if report.certificate.is_proved:
            return self.say("proved")
        return self.say("not_proved")

    def figures(self, report: CheckReport) -> list[tuple[str, str]]:
        """Return the figures of the certificate: gaps, overlaps, overhangs, exempt land."""
        found = report.certificate
        return [
            (self.say("gaps"), f"{found.gaps:,}"),
            (self.say("overlaps"), f"{found.overlaps:,}"),
            (self.say("overhangs"), f"{found.overhangs:,}"),
            (self.say("exempt_land"), f"{found.exempt:,}"),
        ]

    def line(self, report: CheckReport) -> str:
        """Return the figures of the certificate in one line: gaps 0, overlaps 0, exempt n."""
        found = report.certificate
        return self.say("line", gaps=found.gaps, overlaps=found.overlaps, exempt=found.exempt)

    def meaning(self, report: CheckReport) -> str:
        """Return what the certificate says, with the tolerances that it holds for."""
        code = "means_proved" if report.certificate.is_proved else "means_not_proved"
        return self.say(code, snap=f"{report.snap_m:g}", least=f"{report.min_area_m2:g}")

    def obstacles(self, report: CheckReport) -> list[str]:
        """Return what stands in the way of a proof, one sentence each."""
        off = self.listed([self.kind(kind) for kind in report.subject.off])
        return [
            self.say(obstacle.code, count=f"{obstacle.count:,}", kinds=off)
            for obstacle in report.certificate.obstacles
        ]

    def dust(self, report: CheckReport) -> str:
        """Return what was found below the smallest listed defect."""
        dust = report.dust
        return self.say(
            "dust_overhangs" if dust.overhangs else "dust",
            least=f"{report.min_area_m2:g}",
            gaps=f"{dust.gaps:,}",
            overlaps=f"{dust.overlaps:,}",
            overhangs=f"{dust.overhangs:,}",
            m2=self.exact(dust.area_m2),
        )

    def exact(self, m2: float) -> str:
        """Return a number of m² as exactly as it is known to the reader's use."""
        if m2 == 0:
            return "0"
        return f"{m2:,.4f}" if m2 >= _FINE_M2 else f"{m2:.8f}"

    def size(self, issue: ReportedIssue) -> str:
        """Return the exact size of an issue, empty where it has none."""
        parts = []
        if issue.area_m2 is not None:
            parts.append(f"{self.exact(issue.area_m2)} m²")
        if issue.width_m:
            parts.append(self.say("width", m=f"{issue.width_m:,.3f}"))
        return self.say("comma").join(parts)

    def place(self, issue: ReportedIssue) -> str:
        """Return where an issue lies; degrees with seven digits, metres with three."""
        if issue.point is None:
            return ""
        is_lonlat = all(abs(number) <= 180 for number in issue.point)
        return ", ".join(f"{number:.{7 if is_lonlat else 3}f}" for number in issue.point)

    def about(self, issue: ReportedIssue) -> str:
        """Return the names of the areas that an issue is about, with their codes.

        Of very many only the first, so that a line stays a line; a workbook names them all.
        """
        named = [f"{area.name} {area.code}".strip() for area in issue.areas[:_MOST_NAMES]]
        more = len(issue.areas) - _MOST_NAMES
        return self.listed(named) + (f" … +{more}" if more > 0 else "")

    def names(self, issue: ReportedIssue) -> str:
        """Return the names of the areas alone."""
        return self.listed([area.name for area in issue.areas])

    def codes(self, issue: ReportedIssue) -> str:
        """Return the codes of the areas alone."""
        return self.listed([area.code for area in issue.areas if area.code])

    def listed(self, parts: Sequence[str]) -> str:
        """Return several words as one list."""
        return self.say("between").join(parts)

    def level(self, report: CheckReport, issue: ReportedIssue) -> str:
        """Return what the level of an issue is called."""
        return level_name(report.subject, issue.level, self.lang)

    def state(self, issue: ReportedIssue) -> str:
        """Return where an issue stands, with reason and name where somebody accepted it."""
        if not issue.state:
            return ""
        state = sentence(f"issue_state.{issue.state}", self.lang)
        if issue.acceptance is None or issue.state != "accepted":
            return state
        one = issue.acceptance
        said = self.say("accepted", state=state, reason=one.reason, name=one.name)
        return said if not one.until else said + self.say("until", until=one.until)

    def details(self, report: CheckReport, issue: ReportedIssue) -> list[tuple[str, str]]:
        """Return what is known of an issue beside its sentence: names and values."""
        found = [
            (self.say("head_areas"), self.about(issue)),
            (self.say("head_level"), self.level(report, issue)),
            (self.say("head_size"), self.size(issue)),
            (self.say("head_place"), self.place(issue)),
            (self.say("head_state"), self.state(issue)),
            (self.say("head_number"), issue.number),
        ]
        return [(name, value) for name, value in found if value]

    def text(self, issue: ReportedIssue) -> str:
        """Return what an issue says, in one sentence."""
        text = sentence(f"check.{issue.kind}", self.lang, self._params(issue))
        # A check of a file tells less than the sentence asks for: then what the kind means.
        return sentence(f"about.{issue.kind}", self.lang) if "{" in text else text

    def _params(self, issue: ReportedIssue) -> dict[str, Any]:
        found: dict[str, Any] = {}
        if issue.area_m2 is not None:
            found["m2"] = self.exact(issue.area_m2)
        if issue.point is not None:
            found["x"], found["y"] = self.place(issue).split(", ")
        if issue.areas:
            found["area"] = issue.areas[0].name
        if issue.width_m is not None:
            found["width_mm"] = f"{issue.width_m * 1000:.1f}"
        said = {k: f"{v:,.2f}" if isinstance(v, float) else v for k, v in issue.params.items()}
        return found | said
