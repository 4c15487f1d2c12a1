"""An export as a background job: as asked on the page, read as the person, kept for a day."""

import hashlib
from collections.abc import Callable, Iterator, Sequence

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.generator import listing as rows
from app.generator.exports import Part
from app.generator.files import FORMATS, Source, csv_file, xlsx_file
from app.generator.jobs import Handler, Work, still_granted
from app.generator.listing import Listing, Specs
from app.generator.snapshot import EksporPenuhError
from app.generator.spec import EntitySpec
from app.models.pelaku import Pelaku
from app.teks import N_

Note = Callable[[Session, EntitySpec, Pelaku, Sequence[str], int, str, str | None], None]
"""Adds the note of an export to a session that somebody else commits."""


def export_handler(specs: Specs, note: Note, separator: str) -> Handler:
    """Return what does the jobs that `downloads.ExportView` starts."""

    def export(work: Work) -> None:
        listing = listing_of(work, specs)
        with work.session() as session:
            engine = session.get_bind()
            assert isinstance(engine, Engine)
            total = rows.count(session, listing, specs)
        source = Source(engine, work.pelaku, listing, specs)
        sent = _Sent()
        suffix = FORMATS[work.data["format"]].suffix
        parts = _begun(work, source, separator, total)
        work.keep(f"{listing.spec.slug}.{suffix}", sent.taken(parts, work, total))
        words, reason = work.data["kata"], work.data["alasan"]
        with work.session(writes=True) as session:
            note(session, listing.spec, work.pelaku, words, sent.rows, sent.sha256, reason)
            work.finish(session, N_("%(n)s baris siap diunduh."), n=sent.rows)

    return export


def listing_of(work: Work, specs: Specs) -> Listing:
    """Return the list that was asked for.

    Raises:
        TidakBerwenangError: the person may no longer export it.
    """
    data = work.data
    spec = still_granted(work, specs, "export")
    filters = tuple((str(a), str(b), str(c)) for a, b, c in data["saringan"])
    return Listing(
        spec, tuple(data["kolom"]), data["cari"], filters, data["urutan"], action="export"
    )


def _begun(work: Work, source: Source, separator: str, total: int) -> Iterator[Part]:
    """Return the parts of the file, once a place among the exports is free."""
    while True:
        work.progress(0, total)
        parts = (
            csv_file(source, separator)
            if work.data["format"] == "csv"
            else xlsx_file(source, lambda count: work.progress(count, total))
        )
        try:
            next(parts)
        except EksporPenuhError:
            continue  # it has waited; the next look at the progress lets the person cancel
        return parts


class _Sent:
    """Counts and hashes what goes into the kept file."""

    def __init__(self) -> None:
        self.rows = 0
        self._digest = hashlib.sha256()

    @property
    def sha256(self) -> str:
        """The hash of all bytes so far."""
        return self._digest.hexdigest()

    def taken(self, parts: Iterator[Part], work: Work, total: int) -> Iterator[bytes]:
        """Yield the bytes, telling how far it is."""
        for count, block in parts:
            self.rows += count
            self._digest.update(block)
            work.progress(self.rows, max(total, self.rows))
            yield block
