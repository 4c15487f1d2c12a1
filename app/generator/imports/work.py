"""One import from its book entry to its report; in a request when small, else as a job."""

import csv
import tempfile
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from flask_babel import gettext
from sqlalchemy.orm import Session

from app.generator.export_sql import disarm
from app.generator.imports.drafts import Draft, Problem
from app.generator.imports.files import Opened, open_table
from app.generator.imports.mapping import Specs, build
from app.generator.imports.ports import Book, Entry
from app.generator.imports.run import Report, Task, run
from app.generator.jobs import Handler, Work
from app.generator.spec import EntitySpec
from app.models.pelaku import Pelaku
from app.teks import N_

KIND = "impor"
REASON = N_("Sebab ditolak")
DONE = N_("%(data)s: %(baru)s baru, %(berubah)s berubah, %(sama)s sama, %(galat)s galat.")

Progress = Callable[[int], None]


def examine(
    session: Session,
    book: Book,
    spec: EntitySpec,
    specs: Specs,
    pelaku: Pelaku,
    entry: Entry,
    *,
    dry: bool,
    progress: Progress = lambda done: None,
) -> Report:
    """Try or run the import of an entry and write its report; the caller commits.

    Raises:
        BangkitError: the file cannot be read, or rows were changed by others.
    """
    skip = str(entry.cara) == "lewati"
    with book.open(entry.kunci) as path, open_table(path) as opened:
        mapping = build(spec, opened.headers, entry.pemetaan)
        task = Task(spec, specs, pelaku, mapping, skip=skip, dry=dry)
        with tempfile.TemporaryDirectory(prefix="impor-") as folder:
            rejected = _Rejected(Path(folder) / "ditolak.csv", opened)
            report = run(
                session,
                task,
                opened.rows,
                note=lambda s, rows, values: book.note(s, spec, entry.id, rows, values),
                reject=rejected.add,
                progress=progress,
            )
            rejected.close()
            key = book.keep(rejected.path) if report.galat else ""
        facts = as_facts(report, opened, mapping.layout, key)
    _write(session, book, entry, report, facts, dry=dry)
    return report


def _write(
    session: Session,
    book: Book,
    entry: Entry,
    report: Report,
    facts: Mapping[str, Any],
    *,
    dry: bool,
) -> None:
    failed = bool(report.galat) and str(entry.cara) != "lewati"
    status = "diperiksa" if dry else "gagal" if failed else "selesai"
    book.change(
        session,
        entry,
        status=type(entry.status)(status),
        laporan=facts,
        jumlah_baru=report.baru,
        jumlah_berubah=report.berubah,
        jumlah_sama=report.sama,
        jumlah_galat=report.galat,
    )


def as_facts(report: Report, opened: Opened, layout: str, key: str) -> dict[str, Any]:
    """Return a report as JSON keeps it."""
    return {
        "galat": [_as_list(p) for p in report.problems],
        "jumlah_galat": report.problem_count,
        "peringatan": [_as_list(p) for p in report.warnings],
        "jumlah_peringatan": report.warning_count,
        "perubahan": [[number, *map(list, changes)] for number, changes in report.changes],
        "baris": report.rows,
        "jenis": opened.kind,
        "huruf": opened.encoding,
        "pemisah": opened.separator,
        "tata": layout,
        "ditolak": key,
    }


def _as_list(p: Problem) -> list[Any]:
    return [p.row, p.column, p.value, p.message, dict(p.params)]


def say(message: str, params: Mapping[str, str]) -> str:
    """Return a message in the reader's language; what fills it may be a msgid itself."""
    return str(gettext(message)) % {k: gettext(v) if v else v for k, v in params.items()}


class _Rejected:
    """The file of the refused rows: as they came, with a last column that says why."""

    def __init__(self, path: Path, opened: Opened) -> None:
        self.path = path
        self.width = len(opened.headers)
        self.file = path.open("w", encoding="utf-8-sig", newline="")
        self.writer = csv.writer(self.file, delimiter=";", lineterminator="\r\n")
        self.writer.writerow([*map(disarm, opened.headers), gettext(REASON)])

    def add(self, draft: Draft, problems: Sequence[Problem]) -> None:
        cells = ["" if c is None else str(c).replace("\x00", "") for c in draft.cells[: self.width]]
        cells += [""] * (self.width - len(cells))
        why = "; ".join(
            f"{gettext(p.column)}: {say(p.message, p.params)}"
            if p.column
            else say(p.message, p.params)
            for p in problems
        )
        self.writer.writerow([*map(disarm, cells), why])

    def close(self) -> None:
        self.file.close()


def handler(book: Book, specs: Specs) -> Handler:
    """Return who does imports as jobs: data are ``resource``, ``impor_id`` and ``uji``."""

    def work_on(work: Work) -> None:
        spec = specs[work.data["resource"]]
        with work.session(writes=True) as session:
            entry = book.load(session, spec, work.pelaku, work.data["impor_id"], own=True)
            if entry is None:
                work.finish(session, N_("Impor ini sudah tidak ada."))
                return
            report = examine(
                session,
                book,
                spec,
                specs,
                work.pelaku,
                entry,
                dry=work.data["uji"],
                progress=partial(_tell, work, (entry.laporan or {}).get("baris")),
            )
            work.finish(session, DONE, **summary(spec, report))

    return work_on


def _tell(work: Work, total: int | None, done: int) -> None:
    work.progress(done, total)


def summary(spec: EntitySpec, report: Report) -> dict[str, Any]:
    """Return what fills `DONE`."""
    return {
        "data": spec.screen.plural,
        "baru": report.baru,
        "berubah": report.berubah,
        "sama": report.sama,
        "galat": report.galat,
    }
