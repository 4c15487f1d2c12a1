"""Bulk acts on more rows than a page can wait for: the rows as they were chosen, in batches."""

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from flask_babel import gettext
from sqlalchemy.orm import Session

from app.generator.bulk_changes import Act, Outcome, Refusal, deleting, editing, work_through
from app.generator.export_sql import disarm
from app.generator.jobs import Handler, Work, still_granted
from app.generator.listing import Specs
from app.generator.spec import EntitySpec
from app.models.nilai import column_types, from_json
from app.teks import N_

EDIT_KIND, DELETE_KIND = "ubah_massal", "hapus_massal"

BATCH = 200

EDITED = N_("%(n)s diubah, %(sama)s sudah begitu, %(tolak)s ditolak.")
DELETED = N_("%(n)s dihapus (ada di Sampah), %(tolak)s ditolak.")


def bulk_handlers(specs: Specs) -> dict[str, Handler]:
    """Return what does the jobs that `bulk.BulkPages` starts."""

    def edit(work: Work) -> None:
        spec = still_granted(work, specs, "edit")
        _run(work, spec, editing(spec, values_of(spec, work.data["nilai"])), EDITED)

    def delete(work: Work) -> None:
        spec = still_granted(work, specs, "delete")
        _run(work, spec, deleting(spec), DELETED)

    return {EDIT_KIND: edit, DELETE_KIND: delete}


def values_of(spec: EntitySpec, kept: dict[str, Any]) -> dict[str, Any]:
    """Return values of columns as JSON kept them."""
    types = column_types(spec.model)
    return {name: from_json(types[name], value) for name, value in kept.items()}


def _run(work: Work, spec: EntitySpec, act: Act, text: str) -> None:
    """Act on the kept ids, beginning after those that an earlier run has dealt with.

    Of a run that was cut off, only what came after is in the message and the list of refusals.
    """
    ids = [int(line) for line in b"".join(work.open(work.data["ids"])).split()]
    outcome = Outcome()
    work.progress(work.done, len(ids))
    while work.done < len(ids):
        with work.session(writes=True) as session:
            batch = ids[work.done : work.done + BATCH]
            work_through(session, spec, batch, act, outcome, _stepper(work, session, len(ids)))
        work.progress(work.done, len(ids))
    if outcome.refused:
        work.keep(f"ditolak-{spec.slug}.csv", _lines(outcome.refused))
    counts = {"n": outcome.done, "sama": outcome.same, "tolak": len(outcome.refused)}
    with work.session(writes=True) as session:
        work.finish(session, text, **counts)


def _stepper(work: Work, session: Session, total: int) -> Callable[[int], None]:
    def keep(count: int) -> None:
        work.step(session, work.done + count, total)

    return keep


def _lines(refused: Sequence[Refusal]) -> Iterator[bytes]:
    """Yield a CSV of the rows that stayed as they were."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow([gettext(N_("Data")), gettext(N_("Sebab ditolak"))])
    writer.writerows([disarm(one.label), disarm(one.reason)] for one in refused)
    yield text.getvalue().encode("utf-8-sig")
