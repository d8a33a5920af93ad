"""Export a project: GeoPackage by default, other formats by extension."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from gridadmin.app.export_log import NoteStore, note_export, refuse_unlogged
from gridadmin.app.session import Session, author, today
from gridadmin.base.errors import InputError, StoreError
from gridadmin.base.ids import oid_of
from gridadmin.base.progress import SILENT, Progress
from gridadmin.domain.export_note import Exported as What
from gridadmin.domain.export_note import Profile
from gridadmin.domain.issue import Issue
from gridadmin.domain.model import Area
from gridadmin.edit.command import find_area
from gridadmin.exchange.geopackage_writer import write_package
from gridadmin.exchange.import_source import plane_of
from gridadmin.exchange.ledger import ledger_of
from gridadmin.exchange.ledger_file import SUFFIXES as LEDGERS
from gridadmin.exchange.ledger_file import write_ledger
from gridadmin.exchange.other_formats import UTF_8, write_other
from gridadmin.exchange.package_content import AttributeTable
from gridadmin.exchange.people_tables import PEOPLE_EXTRAS, organizations_table, posts_table
from gridadmin.exchange.project_package import naming_nobody, project_package
from gridadmin.partition.faces import faces_of
from gridadmin.partition.snapshot import Snapshot
from gridadmin.store.project_file import is_project

EXTRAS = ("issues", *PEOPLE_EXTRAS)


@dataclass(frozen=True)
class Exported:
    """What an export wrote; disputed faces are in no area's polygon.

    ``lost_letters`` counts letters that GBK lacks and that were written as 〓.
    """

    files: tuple[Path, ...]
    layers: tuple[tuple[str, int], ...]
    disputed_faces: int
    content_sha256: str
    lost_letters: int = 0


def export_project(
    session: Session,
    out: Path,
    *,
    levels: Collection[str] | None = None,
    area_code: str | None = None,
    extras: Collection[str] = (),
    profile: str = Profile.PUBLIC,
    encoding: str = UTF_8,
    progress: Progress = SILENT,
) -> Exported:
    """Write the boundaries of a project and note it; posts and units as far as a profile sees them.

    *encoding* is that of a Shapefile's text.

    Raises: InputError ``export.…``, EditError ``edit.unknown_area``, Cancelled. A file that stood
    there before is untouched then.
    """
    for extra in extras:
        if extra not in EXTRAS:
            raise InputError("export.unknown_extra", extra=extra, extras=", ".join(EXTRAS))
    refuse_project(out)
    about_people = [extra for extra in PEOPLE_EXTRAS if extra in extras]
    if about_people:
        refuse_unlogged(session.store)
    done = export_snapshot(
        session.snapshot,
        out,
        levels=levels,
        area_code=area_code,
        issues=session.book(progress).issues() if "issues" in extras else None,
        people=People(tuple(about_people), profile),
        last_change=last_change(session),
        encoding=encoding,
        progress=progress,
    )
    note_boundaries(session.store, out, done, People(tuple(about_people), profile))
    return done


@dataclass(frozen=True)
class People:
    """Which tables about people go along with boundaries, and for whom."""

    tables: tuple[str, ...] = ()
    profile: str = Profile.PUBLIC


NOBODY = People()


def note_boundaries(store: NoteStore, out: Path, done: Exported, people: People = NOBODY) -> bool:
    """Note an export of boundaries; return False where the project can't be written."""
    return note_export(
        store,
        author(),
        What.BOUNDARIES,
        people.profile,
        file=out,
        count=sum(count for _, count in done.layers),
        fields="、".join(people.tables),
    )


def export_snapshot(  # noqa: PLR0913 - one argument for each option of the command
    snapshot: Snapshot,
    out: Path,
    *,
    levels: Collection[str] | None = None,
    area_code: str | None = None,
    issues: Iterable[Issue] | None = None,
    people: People = NOBODY,
    last_change: str | None = None,
    encoding: str = UTF_8,
    progress: Progress = SILENT,
) -> Exported:
    """Write the boundaries of one state of a project; as :func:`export_project` else."""
    refuse_project(out)
    if out.suffix.lower() in LEDGERS:
        sheets = ledger_of(
            snapshot,
            levels=levels,
            area=None if area_code is None else find_area(snapshot, area_code),
        )
        write_ledger(out, sheets, progress)
        rows = tuple((sheet.level, len(sheet.rows)) for sheet in sheets)
        return Exported((out,), rows, 0, "")
    area = None if area_code is None else find_area(snapshot, area_code)
    package = project_package(
        snapshot,
        levels=levels,
        area=area,
        issues=issues,
        more=_people_tables(snapshot, people, area),
        last_change=last_change,
    )
    if people.profile != Profile.INTERNAL:
        package = naming_nobody(package)
    disputed = sum(
        len(faces_of(snapshot.partition, oid_of(uid))) for uid in snapshot.rows("dispute")
    )
    layers = tuple((layer.name, len(layer.values)) for layer in package.layers)
    if out.suffix.lower() == ".gpkg":
        written = write_package(out, package, progress)
        return Exported((out,), layers, disputed, written.content_hash)
    plane = plane_of(snapshot)
    crs = None if plane is None else plane.crs
    files = write_other(out, package, progress, crs, encoding)
    return Exported(tuple(files.files), layers, disputed, "", files.lost_letters)


def _people_tables(
    snapshot: Snapshot, people: People, area: Area | None
) -> Iterator[AttributeTable]:
    makers = {"posts": posts_table, "organizations": organizations_table}
    for name in people.tables:
        yield makers[name](snapshot, today(), people.profile, area)


def refuse_report_target(out: Path, suffixes: Sequence[str]) -> None:
    """Refuse what a report can't be written to, before it is worked out.

    Raises: InputError ``report.unknown_format``, ``export.no_folder``, ``export.target_is_folder``.
    """
    if out.suffix.lower() not in suffixes:
        raise InputError("report.unknown_format", file=str(out), known=" ".join(suffixes))
    if out.is_dir():
        raise InputError("export.target_is_folder", file=str(out))
    if not out.parent.is_dir():
        raise InputError("export.no_folder", folder=str(out.parent), file=str(out))


def refuse_project(out: Path) -> None:
    """Refuse to write over a project, this one or any other. Raises: InputError."""
    if out.suffix.lower() != ".gpkg" or not out.is_file():
        return
    try:
        is_known = is_project(out)
    except StoreError:
        # Damaged or busy: whether it is a project can't be said, so it isn't ours to replace.
        is_known = True
    if is_known:
        raise InputError("export.onto_project", file=str(out))


def last_change(session: Session) -> str:
    """Return when the project last changed: the same content gives the same bytes."""
    newest = session.document.history(limit=1)
    if newest:
        return newest[0].time
    dates = [area.valid_from for area in session.snapshot.areas() if area.valid_from]
    return datetime.fromisoformat(max(dates, default="2000-01-01")).isoformat() + "Z"
