"""An officer takes a file of residents in, page by page, and nothing of elsewhere comes out."""

import io
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.catatan_impor import CatatanImpor
from app.models.penduduk import Penduduk
from app.models.policy import unscoped
from tests.conftest import Portal
from tests.generator.impor import TITLES, as_csv, find, warga
from tests.walk import resident_of
from tests.web.halaman import Halaman, open_page, send, sign_in
from tests.web.pekerja import work

IMPOR = "/data/penduduk/impor/"


@pytest.fixture(scope="module")
def petugas(app: Flask) -> FlaskClient:
    return sign_in(app, "petugas.pilang")


def upload(client: FlaskClient, isi: bytes, nama: str = "warga.csv") -> Halaman:
    """Send a file as the form of the first page does; return where it leads."""
    form = open_page(client, IMPOR).form("berkas")
    data = {"csrf_token": form.fields["csrf_token"], "berkas": (io.BytesIO(isi), nama)}
    answer = client.post(
        IMPOR, data=data, content_type="multipart/form-data", follow_redirects=True
    )
    return Halaman(answer.request.path, answer)


def check(client: FlaskClient, columns: Halaman, cara: str = "semua") -> Halaman:
    """Send the second page as it stands."""
    return send(client, columns.form("kolom-0", "cara"), cara=cara)


def test_from_the_file_to_the_rows_and_back(petugas: FlaskClient, portal: Portal) -> None:
    columns = upload(petugas, as_csv([warga(n) for n in range(1, 4)]))
    assert "CSV, huruf UTF-8, pemisah titik koma" in columns.main
    assert "3574****0001" in columns.main
    assert columns.form("kolom-0").fields["kolom-0"] == "nik"
    trial = check(petugas, columns)
    assert "Belum ada yang disimpan" in trial.main
    assert "Baru 3 baris" in trial.main
    assert find(portal.engine, "3574994101900001") is None
    (run,) = [f for f in trial.forms() if f.url.endswith("/jalankan/")]
    done = send(petugas, run)
    assert "Impor selesai dan sudah disimpan." in done.main
    assert find(portal.engine, "3574994101900001") is not None
    (undo,) = [f for f in done.forms() if f.url.endswith("/urungkan/")]
    undone = send(petugas, undo)
    assert "3 data dikembalikan seperti sebelum impor." in undone.main
    assert find(portal.engine, "3574994101900001") is None


def test_bad_rows_come_back_as_a_file_that_says_why(petugas: FlaskClient) -> None:
    rows = [warga(11), warga(12, agama="Islm"), warga(13, nik="12")]
    trial = check(petugas, upload(petugas, as_csv(rows)), "lewati")
    assert "Baris 3" in trial.main
    assert "Pilihan tidak dikenal. Pakai salah satu dari: Islam, Kristen" in trial.main
    (link,) = [url for url in trial.links() if url.endswith("ditolak.csv")]
    text = petugas.get(link).get_data(as_text=True).removeprefix("\ufeff")
    head, *refused = text.splitlines()
    assert head == ";".join([*TITLES, "Sebab ditolak"])
    assert [line.split(";")[0] for line in refused] == ["3574994101900012", "12"]
    assert refused[1].endswith("NIK: NIK harus 16 digit angka.")


def test_columns_chosen_once_are_chosen_again(petugas: FlaskClient) -> None:
    titles = ("Kode orang", *TITLES[1:])
    columns = upload(petugas, as_csv([warga(21)], titles))
    form = columns.form("kolom-0", "cara")
    assert form.fields["kolom-0"] == ""
    refused = send(petugas, form)
    assert "Pilih kolom berkas yang berisi NIK" in refused.main
    assert "Baru 1 baris" in send(petugas, refused.form("kolom-0"), **{"kolom-0": "nik"}).main
    again = upload(petugas, as_csv([warga(22)], titles))
    assert again.form("kolom-0").fields["kolom-0"] == "nik"


def test_the_template_is_a_file_that_is_understood(petugas: FlaskClient) -> None:
    book = load_workbook(io.BytesIO(petugas.get(f"{IMPOR}templat.xlsx").data))
    data, guide = book.worksheets
    told = {row[0].value: row[1].value for row in guide.iter_rows(min_row=2)}
    assert told["Agama"].startswith("Islam, Kristen")
    assert told["RT"].startswith("RT 001/RW 001 ")
    facts = dict(zip(TITLES, warga(31), strict=True))
    data.append([facts.get(str(cell.value)) for cell in data[1]])
    out = io.BytesIO()
    book.save(out)
    trial = check(petugas, upload(petugas, out.getvalue(), "warga.xlsx"))
    assert "Baru 1 baris" in trial.main


def test_what_is_no_table_is_refused_on_the_page(petugas: FlaskClient) -> None:
    page = upload(petugas, b"%PDF-1.7", "surat.pdf")
    assert (page.status, "Ini bukan tabel." in page.main) == (422, True)


def test_a_file_that_says_it_is_too_large_is_not_read(petugas: FlaskClient) -> None:
    class Body(io.BytesIO):
        taken = 0

        def read(self, size: int | None = -1) -> bytes:
            self.taken += 1
            return super().read(size)

    body = Body(b"--x")
    answer = petugas.post(
        IMPOR,
        input_stream=body,
        environ_overrides={"CONTENT_LENGTH": str(2**30)},
        content_type="multipart/form-data; boundary=x",
    )
    assert (answer.status_code, body.taken) == (413, 0)


def test_nobody_meets_the_import_of_another_area(app: Flask, petugas: FlaskClient) -> None:
    trial = check(petugas, upload(petugas, as_csv([warga(41)])))
    other = sign_in(app, "petugas.ketapang")
    for address in (trial.url, f"{trial.url}kolom/", f"{trial.url}ditolak.csv"):
        assert other.get(address).status_code == 404
    assert other.get(f"/data/keluarga/impor/{trial.url.split('/')[-2]}/").status_code == 404
    rt = sign_in(app, "rt001rw002.pilang")
    assert rt.get(IMPOR).status_code == 403


def test_a_canary_elsewhere_is_in_no_byte(petugas: FlaskClient, portal: Portal) -> None:
    with Session(portal.engine) as session:
        id_, nik = resident_of(session, "RT 001/RW 001 Ketapang")
        with unscoped(session, "uji menanam burung kenari"):
            row = session.get_one(Penduduk, id_)
            row.nama, row.alamat = "Kenariwati Rahasia", "Jl. Kenari Rahasia"
            session.commit()
    rows = [warga(51, nik=nik, kelamin="", lahir=""), warga(52)]
    columns = upload(petugas, as_csv(rows))
    trial = check(petugas, columns, "lewati")
    assert "NIK ini sudah dipakai oleh K*** R***" in trial.main
    assert nik not in trial.text
    file = petugas.get(f"{trial.url}ditolak.csv").get_data(as_text=True)
    assert "ahasia" not in columns.text + trial.text + file
    with Session(portal.engine) as session, unscoped(session, "uji membaca catatan"):
        kept = session.scalars(select(CatatanImpor.laporan)).all()
    assert "ahasia" not in str(kept)
    assert nik not in str(kept)


def test_a_large_file_is_a_pekerjaan_and_may_run_again_after_a_cancel(
    app: Flask, petugas: FlaskClient, portal: Portal
) -> None:
    rows = [warga(n, alamat=f"Jl. Panjang {'a' * 150} {n}") for n in range(2000, 5000)]
    waiting = check(petugas, upload(petugas, as_csv(rows)))
    assert waiting.url.startswith("/pekerjaan/")
    work(app)
    mine = re.compile(rf"{IMPOR}\d+/")
    trial = next(u for u in open_page(petugas, IMPOR).links() if mine.fullmatch(u))
    page = open_page(petugas, trial)
    assert "Baru 3.000 baris" in page.main
    (run,) = [f for f in page.forms() if f.url.endswith("/jalankan/")]
    job = send(petugas, run)
    (cancel,) = [f for f in job.forms() if f.url.endswith("/batalkan/")]
    assert "sudah dibatalkan" in send(petugas, cancel).main
    page = open_page(petugas, trial)
    assert "Belum ada yang disimpan" in page.main
    (run,) = [f for f in page.forms() if f.url.endswith("/jalankan/")]
    assert send(petugas, run).url.startswith("/pekerjaan/")
    assert "Impor sedang dikerjakan" in open_page(petugas, trial).main
    work(app)
    assert "Impor selesai dan sudah disimpan." in open_page(petugas, trial).main
    assert find(portal.engine, "3574994101904999") is not None
