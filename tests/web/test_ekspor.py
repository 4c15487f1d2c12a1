"""What leaves by an export: the rows of one's own area, with a reason, noted with their hash."""

import hashlib
import io
import json
import threading
import time
import zipfile
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from pypdf import PdfReader
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.cli.pekerja import build_pelaksana
from app.generator import downloads, export_sql, exports, snapshot
from app.generator.access import grants, sync_roles
from app.generator.columns import choosable
from app.generator.files import FORMATS
from app.generator.listing import Listing, statement, stream
from app.models.catatan_ekspor import CatatanEkspor
from app.models.pelaku import Pelaku
from app.models.penduduk import Penduduk
from app.models.policy import unscoped
from tests.access.doors import Orang
from tests.access.dunia import SPECS
from tests.access.rows import Tempat, write
from tests.conftest import Portal
from tests.walk import act_as, unit
from tests.web.halaman import Halaman, open_page, send, sign_in

PENDUDUK = "/data/penduduk/"
JSONL = "/api/v1/penduduk/ekspor.jsonl?alasan=mencari+kenari"
KENARI = "Kenari Luarwilayah"
TETANGGA = "Melati Sendiri"
RUMUS = '=HYPERLINK("http://jahat")'


def neighbour(portal: Portal, sebutan: str, nama: str) -> str:
    """Write a resident of this RT; return the NIK."""
    with Session(portal.engine) as session:
        rt = unit(session, sebutan)
    row = Tempat(portal.engine, rt).build(Penduduk)
    row.nama = nama
    nik = str(row.nik)
    write(portal.engine, row)
    return nik


@pytest.fixture(scope="module")
def nik_kenari(app: Flask, portal: Portal) -> str:
    """A resident of the next RT, who must not appear; and two of the own one."""
    neighbour(portal, "RT 001/RW 002 Pilang", TETANGGA)
    neighbour(portal, "RT 001/RW 002 Pilang", RUMUS)
    return neighbour(portal, "RT 002/RW 002 Pilang", KENARI)


@pytest.fixture(scope="module")
def ketua(app: Flask, nik_kenari: str) -> Orang:
    """The head of RT 001, whose peran is granted the export here."""
    wanted = grants(app.extensions["specs"].values())
    wanted["ketua_rt"].add(("export", "Penduduk"))
    with app.app_context():
        sync_roles(app.appbuilder.sm, wanted)
        app.appbuilder.session.commit()
    return Orang(app, "rt001rw002.pilang")


@pytest.fixture(scope="module")
def lurah(app: Flask, nik_kenari: str) -> FlaskClient:
    return sign_in(app, "lurah.pilang")


@pytest.fixture(scope="module")
def camat(app: Flask) -> FlaskClient:
    return sign_in(app, "camat")


def export(client: FlaskClient, url: str = PENDUDUK, **fields: str) -> TestResponse:
    """Fill and send the form of the sheet on the list at ``url``."""
    form = open_page(client, url).form("format")
    return client.post(form.url, data={**form.fields, "alasan": "uji ekspor", **fields})


def notes(portal: Portal) -> list[CatatanEkspor]:
    with Session(portal.engine) as session, unscoped(session, "uji membaca catatan"):
        return list(session.scalars(select(CatatanEkspor).order_by(CatatanEkspor.id)))


def words_of(name: str, raw: bytes) -> str:
    """Return all text a file holds, without the breaks of its lines."""
    if name == "pdf":
        text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(raw)).pages)
    elif name == "xlsx":
        with zipfile.ZipFile(io.BytesIO(raw)) as book:
            text = " ".join(book.read(part).decode() for part in book.namelist())
    else:
        text = raw.decode()
    return "".join(text.split())


@pytest.mark.parametrize("name", ["csv", "xlsx", "pdf", "jsonl"])
@pytest.mark.parametrize("query", [{}, {"search": "Luarwilayah"}, {"sort": "0", "desc": "1"}])
def test_nobody_of_another_rt_stands_in_any_byte(
    ketua: Orang, nik_kenari: str, name: str, query: dict[str, str]
) -> None:
    if name == "jsonl":
        sent = ketua.visitor.get(JSONL, headers=ketua.bearer)
    else:
        form = {"format": name, "alasan": "mencari kenari"}
        sent = ketua.post(f"{PENDUDUK}export/", form, **query)
    assert sent.status_code == 200
    raw = sent.get_data()
    words = words_of(name, raw)
    assert "".join(KENARI.split()) not in words
    assert "Luarwilayah" not in words.replace("“Luarwilayah”", "")
    assert nik_kenari not in words
    assert KENARI.encode() not in raw
    if "search" not in query or name == "jsonl":
        assert "".join(TETANGGA.split()) in words


def test_a_sensitive_list_leaves_only_for_a_reason(lurah: FlaskClient, portal: Portal) -> None:
    before = len(notes(portal))
    page = Halaman(PENDUDUK, export(lurah, f"{PENDUDUK}?search=an", format="xlsx", alasan=" a "))
    assert page.status == 422
    assert "Tulis alasan mengunduh data ini, paling sedikit 5 huruf." in page.main
    form = page.form("format", "alasan")
    assert (form.fields["format"], form.fields["alasan"]) == ("xlsx", " a ")
    assert len(notes(portal)) == before
    answer = send(lurah, form, format="csv", alasan="laporan  bulanan\nRW")
    assert answer.status == 200
    assert answer.text.startswith("\ufeffNama lengkap;NIK;")
    (note,) = notes(portal)[before:]
    assert note.alasan == "laporan bulanan RW"
    assert note.saringan == "Berisi “an”"


def test_the_old_address_asks_where_a_reason_is_due_and_else_sends(camat: FlaskClient) -> None:
    page = open_page(camat, f"{PENDUDUK}export/csv/?search=an")
    url = page.form("format", "alasan").url
    assert url.startswith(f"{PENDUDUK}export/?")
    assert "search=an" in url
    assert "Saringan: Berisi “an”" in page.main
    assert camat.get("/data/wilayah/export/csv/").get_data().startswith(b"\xef\xbb\xbfSebutan;")


@pytest.mark.parametrize("name", ["csv", "xlsx", "pdf"])
def test_the_note_holds_who_what_how_many_and_the_hash_of_the_bytes(
    lurah: FlaskClient, portal: Portal, name: str
) -> None:
    raw = export(lurah, f"{PENDUDUK}?flt0_jenis_kelamin_sama=l", format=name).get_data()
    note = notes(portal)[-1]
    assert note.sha256 == hashlib.sha256(raw).hexdigest()
    assert (note.sumber_daya, note.alasan) == ("Penduduk", "uji ekspor")
    assert note.saringan == "Jenis kelamin adalah Laki-laki"
    with Session(portal.engine) as session, unscoped(session, "uji menghitung"):
        rt = select(Penduduk.id).where(Penduduk.jenis_kelamin == "l")
        kelurahan = unit(session, "Kelurahan Pilang")
        expected = len(session.scalars(rt.where(Penduduk.kelurahan_id == kelurahan)).all())
    assert note.jumlah_baris == expected > 5
    assert "lurah" in note.nama_pengguna.lower() or note.nama_pengguna


def test_a_reader_who_goes_away_is_noted_and_frees_the_place(
    lurah: FlaskClient, portal: Portal
) -> None:
    for _ in range(snapshot.AT_ONCE + 1):
        before = len(notes(portal))
        form = open_page(lurah, PENDUDUK).form("format")
        data = {**form.fields, "alasan": "pergi di tengah"}
        answer = lurah.post(form.url, data=data, buffered=False)
        sending = iter(answer.response)
        taken = next(sending) + next(sending)  # the heads, and the first rows
        answer.close()
        (note,) = notes(portal)[before:]
        assert note.sha256 == hashlib.sha256(taken).hexdigest()
        assert note.jumlah_baris == taken.count(b"\r\n") - 1 > 0


def test_of_three_exports_at_once_the_third_is_asked_to_come_back(lurah: FlaskClient) -> None:
    form = open_page(lurah, PENDUDUK).form("format")
    data = {**form.fields, "alasan": "bersamaan"}
    running = [lurah.post(form.url, data=data, buffered=False) for _ in range(snapshot.AT_ONCE)]
    refused = Halaman(form.url, lurah.post(form.url, data=data))
    assert refused.status == 503
    assert "Dua unduhan lain sedang berjalan. Coba lagi sebentar." in refused.main
    assert refused.form("format", "alasan").fields["alasan"] == "bersamaan"
    for answer in running:
        answer.close()
    assert lurah.post(form.url, data=data).status_code == 200


def test_a_workbook_holds_texts_only(ketua: Orang) -> None:
    form = {"format": "xlsx", "alasan": "uji rumus"}
    raw = ketua.post(f"{PENDUDUK}export/", form, search="HYPERLINK").get_data()
    heads, row = load_workbook(io.BytesIO(raw))["Data"].iter_rows()
    assert [cell.value for cell in heads][:2] == ["Nama lengkap", "NIK"]
    assert row[0].value == RUMUS
    assert {cell.data_type for cell in row} == {"s"}
    csv = ketua.post(f"{PENDUDUK}export/", form | {"format": "csv"}, search="HYPERLINK").text
    assert f'"\'{RUMUS}"'.replace('("http://jahat")', '(""http://jahat"")') in csv


def test_a_pdf_says_what_it_is_and_refuses_too_many_rows(
    lurah: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = export(lurah, f"{PENDUDUK}?flt0_jenis_kelamin_sama=p", format="pdf").get_data()
    text = PdfReader(io.BytesIO(raw)).pages[0].extract_text()
    for part in (
        "KECAMATAN KADEMANGAN",
        "Saringan: Jenis kelamin adalah Perempuan",
        "Nama lengkap",
    ):
        assert part in text
    assert "Halaman 1 / " in text
    monkeypatch.setitem(downloads.FORMATS, "pdf", replace(FORMATS["pdf"], most=3))
    page = Halaman(PENDUDUK, export(lurah, format="pdf"))
    assert page.status == 422
    assert "PDF memuat paling banyak 3 baris." in page.main


def test_json_lines_need_a_token_a_right_and_a_reason(app: Flask, ketua: Orang) -> None:
    assert ketua.client.get(JSONL).status_code == 401
    petugas = Orang(app, "petugas.pilang")
    assert petugas.visitor.get(JSONL, headers=petugas.bearer).status_code == 403
    refused = ketua.visitor.get(JSONL.split("?")[0], headers=ketua.bearer)
    assert (refused.status_code, refused.get_json()["code"]) == (422, "alasan_kurang")
    wrong = ketua.visitor.get(
        f"{JSONL}&q=(filters:!((col:x,opr:sama,value:l)))", headers=ketua.bearer
    )
    assert (wrong.status_code, list(wrong.get_json()["fields"])) == (422, ["x"])


def test_json_lines_are_the_rows_of_the_api_list(ketua: Orang, portal: Portal) -> None:
    query = "q=(filters:!((col:jenis_kelamin,opr:sama,value:p)),order_column:nama)"
    sent = ketua.visitor.get(f"{JSONL}&{query}", headers=ketua.bearer)
    assert sent.mimetype == "application/x-ndjson"
    found = [json.loads(line) for line in sent.text.splitlines()]
    listed = ketua.visitor.get(f"/api/v1/penduduk/?{query}", headers=ketua.bearer).get_json()
    assert found[: len(listed["result"])] == listed["result"]
    assert len(found) == listed["count"] > 0
    assert all("****" in row["nik"] for row in found)
    note = notes(portal)[-1]
    assert note.sha256 == hashlib.sha256(sent.get_data()).hexdigest()
    assert (note.saringan, note.alasan) == ("Jenis kelamin adalah p", "mencari kenari")


def test_the_api_describes_its_export(app: Flask) -> None:
    admin = Orang(app, "admin")
    paths = admin.visitor.get("/api/v1/_openapi", headers=admin.bearer).get_json()["paths"]
    assert "application/x-ndjson" in str(paths["/api/v1/penduduk/ekspor.jsonl"])


def test_labels_are_in_the_language_of_the_person(app: Flask) -> None:
    camat = sign_in(app, "camat")
    camat.get("/bahasa/en/")
    text = export(camat, f"{PENDUDUK}?search=a", alasan="monthly report").text
    assert ";Male;" in text
    assert ";Laki-laki;" not in text


@pytest.fixture(scope="module")
def pemilik(app: Flask, portal: Portal) -> Pelaku:
    """The admin, who may export the most lists."""
    with Session(portal.engine) as session:
        return act_as(session, "admin")


@pytest.mark.parametrize("resource", [n for n, s in SPECS.items() if "export" in s.actions])
def test_the_statement_that_is_copied_is_the_lists_own(
    app: Flask, portal: Portal, pemilik: Pelaku, resource: str
) -> None:
    spec = SPECS[resource]
    order = f"-{spec.sortable[0]}"
    listing = Listing(spec, choosable(spec, pemilik, "export"), order=order, action="export")
    fields = spec.pick(listing.names)
    with (
        app.test_request_context(),
        snapshot.snapshot(portal.engine, pemilik) as session,
    ):
        query = statement(session, listing, SPECS)
        parts = exports.sql_parts(session, spec.model, query, fields, ";")
        assert parts is not None, "a column of this list is beyond SQL"
        by_python = exports.python_parts(stream(session, listing, SPECS), fields, ";")
        assert joined(parts) == joined(by_python)
        mine = export_sql.cells_of(query, fields, session.get_bind().dialect.name, ";")
        copied = query.with_only_columns(*mine, maintain_column_froms=True)
        table = f"FROM {spec.model.__table__.name} "
        wanted, sent = (snapshot.sql_of(session, q)[0].partition(table) for q in (query, copied))
        assert wanted[2] == sent[2]


def joined(parts: Iterator[exports.Part]) -> bytes:
    return b"".join(block for _, block in parts)


def test_a_snapshot_writes_nothing(portal: Portal, pemilik: Pelaku) -> None:
    with snapshot.snapshot(portal.engine, pemilik) as session:
        delete = Penduduk.__table__.delete()
        with pytest.raises(DBAPIError, match=r"read-?only"):
            session.connection().execute(delete)


@pytest.mark.parametrize("name", ["csv", "xlsx"])
def test_a_large_export_is_a_job_whose_file_is_the_one_sent_at_once(
    app: Flask, lurah: FlaskClient, portal: Portal, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    sent = export(lurah, f"{PENDUDUK}?flt0_jenis_kelamin_sama=l", format="csv").get_data()
    monkeypatch.setattr(downloads, "XLSX_AT_ONCE", 3)
    form = open_page(lurah, f"{PENDUDUK}?flt0_jenis_kelamin_sama=l").form("format")
    url = form.url if name == "xlsx" else form.url.replace("/export/", "/export/later/")
    data = {**form.fields, "format": name, "alasan": "uji latar"}
    page = lurah.post(url, data=data)
    if name == "xlsx":
        assert page.status_code == 307, "the form goes along to the job"
        page = lurah.post(page.location, data=data)
    assert page.location.startswith("/pekerjaan/")
    stop = threading.Event()
    with app.app_context():
        worker = threading.Thread(target=build_pelaksana(app).run, args=(stop,))
    worker.start()
    until = time.monotonic() + 20
    while (kept := lurah.get(f"{page.location}hasil/")).status_code != 200:
        assert time.monotonic() < until, lurah.get(page.location).text
        time.sleep(0.1)
    stop.set()
    worker.join()
    note = notes(portal)[-1]
    assert note.sha256 == hashlib.sha256(kept.get_data()).hexdigest()
    assert (note.alasan, note.saringan) == ("uji latar", "Jenis kelamin adalah Laki-laki")
    assert note.jumlah_baris == sent.count(b"\r\n") - 1
    if name == "csv":
        assert kept.get_data() == sent
