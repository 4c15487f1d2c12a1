"""Files as offices send them are read; what cannot be read is refused with what to do."""

import io
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from app.generator.imports.cells import SCIENTIFIC, read_number_text
from app.generator.imports.files import BerkasTidakTerbacaError, open_table
from app.generator.imports.mapping import guess
from app.generator.typed import read_date
from tests.generator.impor import SPECS

ROWS = [["Nama", "Ibu"], ["Ké Siti", 'Ny. "Ana"; ibu\nkota'], ["", ""]]
TEXT = 'Nama;Ibu\r\nKé Siti;"Ny. ""Ana""; ibu\nkota"\r\n;\r\n'


def read(folder: Path, isi: bytes) -> tuple[list[str], list[tuple[int, list[Any]]], str, str]:
    path = folder / "berkas"
    path.write_bytes(isi)
    with open_table(path) as opened:
        return opened.headers, list(opened.rows), opened.encoding, opened.separator


@pytest.mark.parametrize(
    ("isi", "encoding"),
    [
        (TEXT.encode(), "utf-8"),
        (TEXT.encode("utf-8-sig"), "utf-8-sig"),
        (TEXT.encode("utf-16"), "utf-16"),
        (TEXT.encode("utf-16-le"), "utf-16-le"),
        (TEXT.encode("utf-16-be"), "utf-16-be"),
        (TEXT.encode("cp1252"), "cp1252"),
    ],
)
def test_every_encoding_gives_the_same_rows(tmp_path: Path, isi: bytes, encoding: str) -> None:
    headers, rows, found, separator = read(tmp_path, isi)
    assert [headers, *(cells for _, cells in rows)] == ROWS
    assert (found, separator, [n for n, _ in rows]) == (encoding, ";", [2, 3])


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_the_separator_is_found_also_where_excel_names_it(tmp_path: Path, separator: str) -> None:
    line = separator.join(["a", "b", "c"])
    assert read(tmp_path, f"{line}\n1\n".encode())[0] == ["a", "b", "c"]
    assert read(tmp_path, f"sep={separator}\n{line}\n".encode())[3] == separator


def workbook(*rows: list[Any]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_workbook_gives_dates_and_numbers_and_no_formula_is_computed(tmp_path: Path) -> None:
    isi = workbook(["Nama", "Lahir", "NIK"], ["Siti", date(1990, 1, 1), 3574014101909902], ["=1+1"])
    headers, rows, _, _ = read(tmp_path, isi)
    assert headers == ["Nama", "Lahir", "NIK"]
    assert rows[0][1][1].date() == date(1990, 1, 1)
    assert read_number_text(rows[0][1][2]) == "3574014101909902"
    assert rows[1][1][0] is None


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", "<workbook/>")
        packed.writestr("xl/worksheets/sheet1.xml", b" " * 30_000_000)
    return out.getvalue()


def zipped(name: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr(name, "x")
    return out.getvalue()


@pytest.mark.parametrize(
    ("isi", "told"),
    [
        (b"", "Berkas kosong"),
        (b"\r\n;;\r\n", "Berkas kosong"),
        (b"\xd0\xcf\x11\xe0 old", "Excel lama"),
        (b"%PDF-1.7", "bukan tabel"),
        (b"<html><table>", "halaman web"),
        (b"a;b\n\x81\x8d;\xff\n", "tidak dikenal"),
        (b'a;b\n1;"2\n3;4\n', "tanda kutip"),
        (bomb(), "terlalu besar"),
        (zipped("word/document.xml"), "bukan berkas Excel"),
        (zipped("xl/workbook.xml"), "rusak"),
        (workbook(["a"], ["b"])[:-400], "rusak"),
        (b";".join([b"k"] * 300), "Terlalu banyak kolom"),
    ],
)
def test_what_cannot_be_read_says_what_to_do(tmp_path: Path, isi: bytes, told: str) -> None:
    with pytest.raises(BerkasTidakTerbacaError, match=told):
        read(tmp_path, isi)


@pytest.mark.parametrize("text", ["3,57401E+15", "3.57401e15", "3E+15"])
def test_a_number_that_excel_cut_off_is_named_as_such(text: str) -> None:
    with pytest.raises(ValueError, match=SCIENTIFIC[:40]):
        read_number_text(text)


@pytest.mark.parametrize(
    "text", ["'3574 0101 0190.9930", "3574010101909930\u200b", 3574010101909930, 3574010101909930.0]
)
def test_a_number_is_read_with_what_people_put_around_it(text: Any) -> None:
    assert read_number_text(text) == "3574010101909930"


@pytest.mark.parametrize(
    "text", ["24-11-2026", "24/11/2026", "24.11.2026", "2026-11-24", "24 November 2026"]
)
def test_a_date_is_read_however_it_is_written(text: str) -> None:
    assert read_date(text) == date(2026, 11, 24)


OPENSID = """
alamat, dusun, rw, rt, nama, no_kk, nik, sex, tempatlahir, tanggallahir, agama_id,
pendidikan_kk_id, pendidikan_sedang_id, pekerjaan_id, status_kawin, kk_level,
warganegara_id, ayah_nik, nama_ayah, ibu_nik, nama_ibu, golongan_darah_id,
akta_lahir, dokumen_pasport, tanggal_akhir_paspor, dokumen_kitas, akta_perkawinan,
tanggalperkawinan, akta_perceraian, tanggalperceraian, cacat_id, cara_kb_id, hamil,
ktp_el, status_rekam, alamat_sekarang, status_dasar, suku, tag_id_card, id_asuransi,
no_asuransi
""".replace(",", "").split()


def test_the_file_of_opensid_needs_no_matching_by_hand() -> None:
    codes = dict(zip(OPENSID, guess(SPECS["Penduduk"], SPECS, OPENSID), strict=True))
    taken = {header: code for header, code in codes.items() if code}
    assert taken == {
        "alamat": "alamat",
        "rw": "wilayah_id.rw",
        "rt": "wilayah_id.rt",
        "nama": "nama",
        "no_kk": "keluarga_id",
        "nik": "nik",
        "sex": "jenis_kelamin",
        "tempatlahir": "tempat_lahir",
        "tanggallahir": "tanggal_lahir",
        "agama_id": "agama",
        "pendidikan_kk_id": "pendidikan_id",
        "pekerjaan_id": "pekerjaan_id",
        "status_kawin": "status_kawin",
        "kk_level": "shdk",
        "warganegara_id": "kewarganegaraan",
        "nama_ayah": "nama_ayah",
        "nama_ibu": "nama_ibu",
        "golongan_darah_id": "golongan_darah",
        "akta_lahir": "nomor_akta_lahir",
        "akta_perkawinan": "nomor_akta_kawin",
        "akta_perceraian": "nomor_akta_cerai",
        "cacat_id": "disabilitas_id",
        "status_dasar": "status_dasar",
    }
