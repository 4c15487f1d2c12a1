"""CSV of exactly what a list shows: its filters, order, scope and masks, streamed."""

import csv
import hashlib
import io
from collections.abc import Callable, Iterator

from sqlalchemy.orm import Session

from app.generator.fields import label_of
from app.generator.listing import Listing, Specs, cells, stream

BOM = "\ufeff"
"""Tells spreadsheets that the file is UTF-8."""

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")

Done = Callable[[int, str], None]
"""Called once at the end with the number of rows sent and the sha256 of the bytes sent."""


def disarm(text: str) -> str:
    """Return text that a spreadsheet will not run as a formula (OWASP "CSV injection").

    >>> disarm("=1+1"), disarm("-"), disarm("-1.234,5")
    ("'=1+1", "'-", '-1.234,5')
    """
    if text.startswith(FORMULA_STARTS) and not _is_number(text):
        return f"'{text}"
    return text


def _is_number(text: str) -> bool:
    digits = text.removeprefix("-").replace(".", "").replace(",", "")
    return digits.isascii() and digits.isdigit()


def csv_lines(
    session: Session, listing: Listing, specs: Specs, separator: str, done: Done
) -> Iterator[bytes]:
    """Yield the CSV as UTF-8 bytes in blocks; call ``done`` even when the reader goes away."""
    digest = hashlib.sha256()
    rows = 0
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=separator, lineterminator="\r\n")
    buffer.write(BOM)
    writer.writerow([label_of(f) for f in listing.spec.pick(listing.names)])
    try:
        for row in stream(session, listing, specs):
            writer.writerow([disarm(text) for text in cells(listing, row)])
            rows += 1
            if buffer.tell() > 64 * 1024:
                yield _take(buffer, digest)
        yield _take(buffer, digest)
    finally:
        done(rows, digest.hexdigest())


def _take(buffer: io.StringIO, digest: "hashlib._Hash") -> bytes:
    block = buffer.getvalue().encode()
    buffer.seek(0)
    buffer.truncate()
    digest.update(block)
    return block
