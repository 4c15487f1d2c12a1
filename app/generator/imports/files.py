"""Opens an uploaded CSV or XLSX as a stream of rows; says clearly what it cannot read."""

import codecs
import csv
import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from app.errors import BangkitError
from app.teks import N_

Row = tuple[int, list[Any]]
"""The number of a row as the spreadsheet program shows it, and its cells."""

SEPARATORS = (";", ",", "\t", "|")
MOST_COLUMNS = 200
MOST_UNPACKED = 400 * 1024**2
MOST_STRINGS = 96 * 1024**2
"""Largest unpacked workbook, and table of texts in it (that one is held in memory), in bytes."""

MOST_RATIO = 200
MOST_PARTS = 500
"""A part of a workbook that shrinks to less than 1/200, or more parts than this, is a bomb."""

BLOCK = 1024 * 1024


class BerkasTidakTerbacaError(BangkitError):
    """The file is of a kind, or in a state, that an import cannot read; says what to do."""

    status = 422
    code = "berkas_tidak_terbaca"


@dataclass(frozen=True)
class Opened:
    """An open table: its headers, the rows below them, and how it was understood."""

    headers: list[str]
    rows: Iterator[Row]
    kind: str
    encoding: str = ""
    separator: str = ""


@contextmanager
def open_table(path: Path) -> Iterator[Opened]:
    """Open the file; its first row that is not empty holds the headers.

    Raises:
        BerkasTidakTerbacaError: it is no CSV or XLSX, is damaged, a bomb, or has no rows.
    """
    with path.open("rb") as file:
        start = file.read(BLOCK)
        file.seek(0)
        if not start.strip(b"\x00\r\n\t ;,"):
            raise BerkasTidakTerbacaError(N_("Berkas kosong: tidak ada satu baris pun."))
        if start.startswith(b"PK\x03\x04"):
            with _workbook(file) as rows:
                yield _headed(rows, "XLSX")
            return
        _refuse_others(start)
        encoding = _encoding(file, start)
        file.seek(0)
        text = io.TextIOWrapper(file, encoding, newline="")
        separator = _separator(text)
        yield _headed(_csv_rows(text, separator), "CSV", encoding, separator)
        text.detach()


def _headed(rows: Iterator[Row], kind: str, encoding: str = "", separator: str = "") -> Opened:
    for _, cells in rows:
        headers = [str(cell or "").strip()[:100] for cell in cells]
        while headers and not headers[-1]:
            headers.pop()
        if not headers:
            continue
        if len(headers) > MOST_COLUMNS:
            raise BerkasTidakTerbacaError(N_("Terlalu banyak kolom: paling banyak 200."))
        return Opened(headers, rows, kind, encoding, separator)
    raise BerkasTidakTerbacaError(N_("Berkas kosong: tidak ada satu baris pun."))


def _refuse_others(start: bytes) -> None:
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        raise BerkasTidakTerbacaError(
            N_("Ini berkas Excel lama (.xls) atau bersandi. Simpan sebagai .xlsx tanpa sandi.")
        )
    if start.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8", b"GIF8", b"Rar!", b"\x1f\x8b", b"7z")):
        raise BerkasTidakTerbacaError(N_("Ini bukan tabel. Pilih berkas CSV atau XLSX."))
    if start.lstrip()[:1] == b"<":
        raise BerkasTidakTerbacaError(
            N_("Ini halaman web, bukan tabel. Buka dengan Excel, lalu simpan sebagai .xlsx.")
        )


# CSV.


def _encoding(file: io.BufferedReader, start: bytes) -> str:
    """Return the encoding: by its mark, by its zero bytes, else UTF-8 if it is, else Windows."""
    if start.startswith(codecs.BOM_UTF8):
        found = "utf-8-sig"
    elif start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        found = "utf-16"
    elif start[:400].count(b"\x00") > len(start[:400]) // 4:
        found = "utf-16-le" if start[1:2] == b"\x00" else "utf-16-be"
    else:
        found = "utf-8" if _decodes(file, "utf-8") else "cp1252"
    if found != "utf-8" and not _decodes(file, found):
        raise BerkasTidakTerbacaError(
            N_("Huruf pada berkas ini tidak dikenal. Simpan lagi sebagai CSV UTF-8, atau .xlsx.")
        )
    return found


def _decodes(file: io.BufferedReader, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    file.seek(0)
    try:
        while block := file.read(BLOCK):
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True


def _separator(text: io.TextIOWrapper) -> str:
    """Return the sign that divides the first record into most cells; read over ``sep=;``."""
    start = text.read(64 * 1024).lstrip("\ufeff\r\n")
    text.seek(0)
    if start[:4].lower() == "sep=" and start[4:5]:
        text.readline()
        return start[4]
    line: list[str] = []
    quoted = False
    for sign in start:
        quoted ^= sign == '"'
        if sign in "\r\n" and not quoted and line:
            break
        if not quoted:
            line.append(sign)
    return max(SEPARATORS, key=line.count)


def _csv_rows(text: io.TextIOWrapper, separator: str) -> Iterator[Row]:
    reader = csv.reader(text, delimiter=separator, strict=True)
    number = 0
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise BerkasTidakTerbacaError(
                N_(
                    "Baris %(baris)s: tanda kutip tidak ditutup atau isinya terlalu panjang. "
                    "Perbaiki baris itu, atau simpan sebagai .xlsx."
                ),
                baris=number,
            ) from error
        yield number, cells


# XLSX.


@contextmanager
def _workbook(file: io.BufferedReader) -> Iterator[Iterator[Row]]:
    damaged = BerkasTidakTerbacaError(
        N_("Berkas XLSX ini rusak. Buka dengan Excel, lalu simpan lagi sebagai .xlsx.")
    )
    try:
        with zipfile.ZipFile(file) as packed:
            _refuse_bomb(packed)
        file.seek(0)
        # Cached values only: a formula is never computed here.
        book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
        sheet = book.worksheets[0]
    except (zipfile.BadZipFile, KeyError, IndexError, ValueError) as error:
        raise damaged from error
    except (InvalidFileException, ParseError, OSError, EOFError) as error:
        raise damaged from error
    sheet.reset_dimensions()
    try:
        yield _sheet_rows(sheet, damaged)
    finally:
        book.close()


def _sheet_rows(sheet: Any, damaged: BerkasTidakTerbacaError) -> Iterator[Row]:
    try:
        for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
            yield number, list(cells)
    except (zipfile.BadZipFile, KeyError, IndexError, ValueError, ParseError, EOFError) as error:
        raise damaged from error


def _refuse_bomb(packed: zipfile.ZipFile) -> None:
    parts = packed.infolist()
    names = {part.filename for part in parts}
    if "xl/workbook.xml" not in names:
        raise BerkasTidakTerbacaError(
            N_("Ini bukan berkas Excel. Simpan sebagai .xlsx atau CSV, lalu pilih lagi.")
        )
    strings = sum(p.file_size for p in parts if p.filename.endswith("sharedStrings.xml"))
    size = sum(part.file_size for part in parts)
    thick = any(p.file_size > MOST_RATIO * max(p.compress_size, 1024) for p in parts)
    if len(parts) > MOST_PARTS or size > MOST_UNPACKED or strings > MOST_STRINGS or thick:
        raise BerkasTidakTerbacaError(
            N_("Isi berkas ini terlalu besar setelah dibuka. Bagi menjadi beberapa berkas.")
        )
