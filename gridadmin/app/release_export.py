"""A release as a file for somebody: the package, or another format, noted in the log of exports."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from gridadmin.app.export_log import note_export, refuse_unlogged
from gridadmin.app.exporting import refuse_project
from gridadmin.app.session import Session, author
from gridadmin.base.progress import SILENT, Progress
from gridadmin.domain.export_note import Exported as What
from gridadmin.domain.export_note import Profile
from gridadmin.domain.release import Release
from gridadmin.edit.command import find_area
from gridadmin.exchange.import_source import plane_of
from gridadmin.exchange.ledger import ledger_of, without_notes
from gridadmin.exchange.ledger_file import SUFFIXES as LEDGERS
from gridadmin.exchange.ledger_file import write_ledger
from gridadmin.exchange.other_formats import UTF_8, write_other
from gridadmin.publish.choice import WHOLE, Choice
from gridadmin.publish.package import make_package, package_content, state_of_release


@dataclass(frozen=True, slots=True)
class SavedRelease:
    """The files of a saved release; ``lost_letters`` counts those that GBK lacks."""

    files: tuple[Path, ...]
    lost_letters: int = 0


def save_release(
    session: Session,
    release: Release,
    profile: str,
    out: Path,
    choice: Choice = WHOLE,
    progress: Progress = SILENT,
    encoding: str = UTF_8,
) -> SavedRelease:
    """Write a release to *out*; a GeoPackage goes beside it under the name of its kind.

    *encoding* is that of a Shapefile's text; letters that GBK lacks are written as 〓.

    Raises: InputError ``export.…``, StoreError, Cancelled; nothing is written
    then. What holds personal data is refused where it can't be noted.
    """
    refuse_project(out)
    if choice.has_people:
        refuse_unlogged(session.store)
    if out.suffix.lower() == ".gpkg":
        made = make_package(session, release, profile, choice, out.parent, progress)
        saved = SavedRelease((made.path,))
        count = sum(n for _, n in made.layers)
    else:
        saved, count = _write_other(session, release, profile, out, choice, progress, encoding)
    note_export(
        session.store,
        author(),
        What.BOUNDARIES,
        profile,
        file=saved.files[0],
        count=count,
        fields="、".join(name for name in choice.tables if name != "issues"),
    )
    return saved


def _write_other(
    session: Session,
    release: Release,
    profile: str,
    out: Path,
    choice: Choice,
    progress: Progress,
    encoding: str,
) -> tuple[SavedRelease, int]:
    state = state_of_release(session.document, release, progress)
    if out.suffix.lower() in LEDGERS:
        area = None if choice.area is None else find_area(state, choice.area)
        sheets = ledger_of(state, levels=choice.levels, area=area)
        if profile != Profile.INTERNAL:
            sheets = [without_notes(sheet) for sheet in sheets]
        write_ledger(out, sheets, progress)
        return SavedRelease((out,)), sum(len(sheet.rows) for sheet in sheets)
    content = package_content(state, release, profile, choice, progress)
    plane = plane_of(state)
    crs = None if plane is None else plane.crs
    written = write_other(out, content, progress, crs, encoding)
    saved = SavedRelease(tuple(written.files), written.lost_letters)
    return saved, sum(len(layer.values) for layer in content.layers)
