"""A list as an XLSX workbook: every cell a text, so that a NIK stays whole and nothing is run."""

import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

MOST_ROWS = 1_048_575
"""Rows of a sheet below its heading (ECMA-376)."""

MOST_LETTERS = 32_767
"""Letters of a cell (ECMA-376)."""

BLOCK_BYTES = 64 * 1024

Tick = Callable[[int], None]
"""Called now and then with the rows written so far."""


def workbook(
    labels: Sequence[str], rows: Iterable[Sequence[str]], tick: Tick | None = None
) -> tuple[int, IO[bytes]]:
    """Return the number of rows and the workbook as an open temporary file, at its beginning."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Data")
    sheet.freeze_panes = "A2"
    for index, label in enumerate(labels, 1):
        sheet.column_dimensions[get_column_letter(index)].width = max(14, len(label) + 4)
    sheet.append([_cell(sheet, label, Font(bold=True)) for label in labels])
    count = 0
    for row in rows:
        sheet.append([_cell(sheet, text) for text in row])
        count += 1
        if tick is not None and count % 500 == 0:
            tick(count)
    file = tempfile.TemporaryFile()  # noqa: SIM115 # whoever reads it closes it
    book.save(file)
    file.seek(0)
    return count, file


def blocks_of(file: IO[bytes]) -> Iterator[bytes]:
    """Yield the rest of a file in blocks."""
    while block := file.read(BLOCK_BYTES):
        yield block


def _cell(sheet: Any, text: str, font: Font | None = None) -> Any:
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", text)[:MOST_LETTERS])
    cell.data_type = "s"  # the library would take a text that begins with "=" for a formula
    if font is not None:
        cell.font = font
    return cell
