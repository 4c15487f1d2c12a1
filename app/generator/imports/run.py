"""Runs an import: reads, checks and writes in batches, in one transaction; a dry run goes back.

Both are the same path to the last statement, so that the preview cannot promise what the import
does not keep.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from typing import Any

from sqlalchemy import Table
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.errors import DataTidakValidError
from app.generator.constraints import explain
from app.generator.fields import show
from app.generator.imports.checks import Checker
from app.generator.imports.drafts import Draft, Problem, Reader
from app.generator.imports.files import Row
from app.generator.imports.mapping import Mapping_, Specs
from app.generator.spec import EntitySpec
from app.models.base import AREA_COLUMNS
from app.models.bulk import insert_rows, reserve_ids, update_rows
from app.models.pelaku import Pelaku

BATCH = 2000
MOST_PROBLEMS = 1000
MOST_WARNINGS = 200
MOST_CHANGES = 20

Written = tuple[int, str, int, dict[str, Any] | None]
"""A row as the import left it: key, "tambah" or "ubah", revisi, and the values it had before."""

Note = Callable[[Session, Sequence[Written], Sequence[dict[str, Any]]], None]
"""Keeps what was written, for undo and history: the rows, and for each its columns' new values."""

Reject = Callable[[Draft, Sequence[Problem]], None]
"""Takes each refused row, for the file of the rejected."""


@dataclass
class Report:
    """What an import did, or would do. Lists stop at a limit; ``jumlah`` counts go on."""

    baru: int = 0
    berubah: int = 0
    sama: int = 0
    galat: int = 0
    problems: list[Problem] = field(default_factory=list)
    problem_count: int = 0
    warnings: list[Problem] = field(default_factory=list)
    warning_count: int = 0
    changes: list[tuple[int, list[tuple[str, str, str]]]] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """Rows of the file that were looked at."""
        return self.baru + self.berubah + self.sama + self.galat


@dataclass(frozen=True)
class Task:
    """One import: of what, by whom, by which mapping; ``skip`` leaves bad rows out."""

    spec: EntitySpec
    specs: Specs
    pelaku: Pelaku
    mapping: Mapping_
    skip: bool = False
    dry: bool = False


def run(
    session: Session,
    task: Task,
    rows: Iterable[Row],
    *,
    note: Note,
    reject: Reject = lambda draft, problems: None,
    progress: Callable[[int], None] = lambda done: None,
) -> Report:
    """Import the rows inside the session's transaction; the caller commits.

    Nothing stays written after a dry run, nor when a row is refused and ``skip`` is off.

    Raises:
        BerkasTidakTerbacaError: the file breaks off; nothing stays written.
        DataBerubahError: somebody else changed a row in the meantime; nothing stays written.
    """
    runner = _Runner(session, task, note, reject)
    whole = session.begin_nested()
    try:
        for batch in _batches(rows):
            runner.take(batch)
            progress(runner.report.rows)
    except BaseException:
        whole.rollback()
        raise
    if task.dry or (runner.report.galat and not task.skip):
        whole.rollback()
    else:
        whole.commit()
    return runner.report


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    source = iter(rows)
    while batch := list(islice(source, BATCH)):
        yield batch


class _Runner:
    def __init__(self, session: Session, task: Task, note: Note, reject: Reject) -> None:
        self.session = session
        self.task = task
        self.note = note
        self.reject = reject
        self.report = Report()
        spec = task.spec
        self.table: Table = spec.model.__table__  # type: ignore[attr-defined]
        area = task.pelaku.area(spec.resource, "import")
        self.reader = Reader(session, spec, task.specs, task.mapping, area)
        self.checker = Checker(session, spec, task.pelaku)
        self.names = [c.name for c in self.table.columns]
        areas = AREA_COLUMNS if spec.has_area else ()
        filled = {code.partition(".")[0] for code in task.mapping.codes if code}
        self.edited = [n for n in self.names if n in filled] + list(areas)

    def take(self, batch: Sequence[Row]) -> None:
        """Read, check and write one batch."""
        drafts = [self.reader.draft(n, cells) for n, cells in batch if self.reader.takes(cells)]
        self.reader.find_relations(drafts)
        self.checker.check(drafts)
        self._write([draft for draft in drafts if not draft.errors])
        for draft in drafts:
            self._report(draft)

    def _report(self, draft: Draft) -> None:
        report = self.report
        if draft.errors:
            problems = self.reader.problems(draft)
            report.galat += 1
            report.problem_count += len(problems)
            report.problems += problems[: max(0, MOST_PROBLEMS - len(report.problems))]
            self.reject(draft, problems)
        elif draft.warnings and (draft.before is None or self._changed(draft)):
            remarks = self.reader.remarks(draft)
            report.warning_count += len(remarks)
            report.warnings += remarks[: max(0, MOST_WARNINGS - len(report.warnings))]

    def _write(self, drafts: Sequence[Draft]) -> None:
        for draft in drafts:
            draft.values |= self.checker.area_columns(draft)
        new = [draft for draft in drafts if draft.before is None]
        changed = [d for d in drafts if d.before is not None and self._changed(d)]
        self._saved(new, self._insert)
        self._saved(changed, self._update)
        new = [draft for draft in new if not draft.errors]
        changed = [draft for draft in changed if not draft.errors]
        self.report.baru += len(new)
        self.report.berubah += len(changed)
        self.report.sama += sum(d.before is not None and not d.errors for d in drafts) - len(
            changed
        )
        for draft in changed[: max(0, MOST_CHANGES - len(self.report.changes))]:
            self.report.changes.append((draft.number, self._show_change(draft)))

    def _changed(self, draft: Draft) -> list[str]:
        before: Any = draft.before
        return [n for n in self.edited if draft.values[n] != before[n]]

    def _show_change(self, draft: Draft) -> list[tuple[str, str, str]]:
        before: Any = draft.before
        found = []
        say: Callable[[Any], str]
        for name in self._changed(draft):
            f = self.task.spec.fields.get(name)
            if f is None:
                continue
            relation = self.reader.relations.get(name)
            say = relation.title_of if relation else partial(show, f)
            found.append((f.label, say(before[name]), say(draft.values[name])))
        return found

    def _saved(self, drafts: list[Draft], write: Callable[[list[Draft]], None]) -> None:
        """Write drafts at once; if the database refuses, find the one to blame by halves."""
        if not drafts:
            return
        part = self.session.begin_nested()
        try:
            write(drafts)
        except IntegrityError as error:
            part.rollback()
            if len(drafts) == 1:
                self._blame(drafts[0], error)
                return
            middle = len(drafts) // 2
            self._saved(drafts[:middle], write)
            self._saved(drafts[middle:], write)
        else:
            part.commit()

    def _blame(self, draft: Draft, error: IntegrityError) -> None:
        told = explain(error, self.task.spec)
        if isinstance(told, DataTidakValidError):
            for name, message in told.fields.items():
                draft.refuse(name, message)
        else:
            draft.refuse("", told.message)

    def _insert(self, drafts: list[Draft]) -> None:
        ids = reserve_ids(self.session, self.table, len(drafts))
        rows = []
        for id_, draft in zip(ids, drafts, strict=True):
            draft.id = id_
            values = draft.values
            values["id"], values["revisi"] = id_, 1
            rows.append([values.get(name) for name in self.names])
        insert_rows(self.session, self.table, self.names, rows)
        self._note([(d.id or 0, "tambah", 1, None) for d in drafts], drafts)

    def _update(self, drafts: list[Draft]) -> None:
        rows = [{**draft.values, "id": draft.id} for draft in drafts]
        update_rows(self.session, self.table, self.edited, rows)
        written: list[Written] = []
        for draft in drafts:
            before: Any = draft.before
            old = {name: before[name] for name in self._changed(draft)}
            written.append((before["id"], "ubah", before["revisi"] + 1, old))
        self._note(written, drafts)

    def _note(self, written: Sequence[Written], drafts: Sequence[Draft]) -> None:
        self.note(self.session, written, [draft.values for draft in drafts])
