"""What an export sends: one list in one format, as parts of a file, whoever asks and from where.

The screens, the API and the background jobs go through here, so that all hold the same rows.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from flask_babel import gettext
from sqlalchemy import Engine

from app.errors import BangkitError
from app.generator import listing as rows
from app.generator import printing, workbooks
from app.generator.exports import Part, csv_parts, shower
from app.generator.fields import label_of, show_number
from app.generator.listing import Listing, Specs
from app.generator.snapshot import WAIT_SECONDS, snapshot
from app.generator.workbooks import Tick, blocks_of, workbook
from app.models.pelaku import Pelaku
from app.teks import N_


@dataclass(frozen=True)
class Format:
    """One kind of file: its name, how many rows it takes, and what to say above that."""

    label: str
    suffix: str
    mimetype: str
    most: int | None = None
    too_many: str = ""


FORMATS: Mapping[str, Format] = {
    "csv": Format("CSV", "csv", "text/csv"),
    "xlsx": Format(
        N_("Excel (XLSX)"),
        "xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        workbooks.MOST_ROWS,
        N_("Satu lembar Excel memuat paling banyak %(n)s baris. Pilih CSV, atau saring dahulu."),
    ),
    "pdf": Format(
        N_("PDF untuk dicetak"),
        "pdf",
        "application/pdf",
        printing.MOST_ROWS,
        N_("PDF memuat paling banyak %(n)s baris. Saring dahulu, atau pilih CSV."),
    ),
}

JSONL = Format("JSON Lines", "jsonl", "application/x-ndjson")


@dataclass(frozen=True)
class Source:
    """Where an export reads: the database, the person it reads as, and the list."""

    engine: Engine
    pelaku: Pelaku
    listing: Listing
    specs: Specs
    wait: float = WAIT_SECONDS

    @property
    def labels(self) -> list[str]:
        """The heads of the columns, in the person's language."""
        return [label_of(f) for f in self.listing.spec.pick(self.listing.names)]

    def texts(self) -> Iterator[list[str]]:
        """Yield each row as a person reads it."""
        with snapshot(self.engine, self.pelaku, self.wait) as session:
            showers = [shower(f) for f in self.listing.spec.pick(self.listing.names)]
            for row in rows.stream(session, self.listing, self.specs):
                values: tuple[Any, ...] = tuple(row)[2:]
                yield [text(value) for text, value in zip(showers, values, strict=True)]


class TerlaluBanyakError(BangkitError):
    """More rows than this format takes."""

    status = 422
    code = "terlalu_banyak_baris"

    def __init__(self, format_: Format) -> None:
        super().__init__(format_.too_many, n=show_number(format_.most or 0))


def csv_file(source: Source, separator: str) -> Iterator[Part]:
    """Return the parts of a CSV; its first bytes go before the first row is read."""
    return csv_parts(
        source.engine, source.pelaku, source.listing, source.specs, separator, source.wait
    )


def xlsx_file(source: Source, tick: Tick | None = None) -> Iterator[Part]:
    """Yield the parts of a workbook, which is whole before the first.

    Raises:
        TerlaluBanyakError: a sheet does not hold so many rows.
    """
    found = source.texts()
    some = islice(found, workbooks.MOST_ROWS)
    count, file = workbook(source.labels, some, tick)
    with file:
        if next(found, None) is not None:
            raise TerlaluBanyakError(FORMATS["xlsx"])
        yield 0, b""
        yield count, b""
        for block in blocks_of(file):
            yield 0, block


def pdf_file(source: Source, texts: Mapping[str, Any]) -> Iterator[Part]:
    """Yield a PDF for printing, which is whole before the first part.

    Raises:
        TerlaluBanyakError: it would be too many pages.
    """
    found = list(islice(source.texts(), printing.MOST_ROWS + 1))
    if len(found) > printing.MOST_ROWS:
        raise TerlaluBanyakError(FORMATS["pdf"])
    made = printing.printed(dict(texts), source.labels, found)
    yield 0, b""
    yield len(found), made


def jsonl_file(
    source: Source, dump: Callable[[Sequence[Any]], list[dict[str, Any]]]
) -> Iterator[Part]:
    """Yield one JSON object a line; ``dump`` makes rows of the list what the API shows."""
    with snapshot(source.engine, source.pelaku, source.wait) as session:
        rows.statement(session, source.listing, source.specs)  # refuses a filter that is none
        found = rows.stream(session, source.listing, source.specs)
        yield 0, b""
        while some := list(islice(found, 500)):
            lines = [json.dumps(row, ensure_ascii=False, sort_keys=True) for row in dump(some)]
            yield len(some), ("\n".join(lines) + "\n").encode()


def reason_of(text: str, listing: Listing) -> str | None:
    """Return the reason for an export, None where none is due and none was given.

    Raises:
        AlasanEksporError: a column that is shown is sensitive, masked as it is, and no reason
            stands there.
    """
    reason = " ".join(text.split())[:REASON_MOST]
    if needs_reason(listing) and len(reason) < REASON_LEAST:
        raise AlasanEksporError
    return reason or None


REASON_LEAST, REASON_MOST = 5, 300
"""Letters of a reason; the latter is what its column holds."""


class AlasanEksporError(BangkitError):
    """A list with a sensitive column leaves only for a reason (UU 27/2022)."""

    status = 422
    code = "alasan_kurang"

    def __init__(self) -> None:
        super().__init__(N_("Tulis alasan mengunduh data ini, paling sedikit 5 huruf."))


def needs_reason(listing: Listing) -> bool:
    """Whether a sensitive column is among those that leave, masked or not."""
    return any(f.mask for f in listing.spec.pick(listing.names))


def title_of(listing: Listing) -> str:
    """Return what the list is called, in the person's language."""
    return str(gettext(listing.spec.screen.plural))
