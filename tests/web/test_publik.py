"""Public pages without a login: catalogue, service standard, leaflet, maklumat, announcements."""

import csv
import re
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.generator.fields import WIB
from app.models.engine import writing
from app.models.layanan import Layanan
from app.models.maklumat_pelayanan import MaklumatPelayanan
from app.models.pengumuman import Pengumuman
from app.models.policy import unscoped
from app.models.standar_pelayanan import SUSUNAN, KomponenStandar, StandarPelayanan
from app.models.versi_layanan import StatusVersi, VersiLayanan
from config import PROJECT
from tests.conftest import Portal
from tests.walk import unit
from tests.web.halaman import open_page, send, sign_in

CSV = PROJECT / "tests/models/data/komponen_standar_pelayanan.csv"
HARI_INI = datetime.now(WIB).date()


def add(portal: Portal, *rows: Any) -> None:
    """Write rows past the policy."""
    with writing(), Session(portal.engine) as session, unscoped(session, "uji menyusun data"):
        session.add_all(rows)
        session.commit()


def layanan_id(portal: Portal, kode: str) -> int:
    with Session(portal.engine) as session:
        return session.scalars(select(Layanan.id).where(Layanan.kode == kode)).one()


def add_layanan(portal: Portal, kode: str, status: StatusVersi, **facts: Any) -> None:
    """Add a layanan of one version."""
    aktif = facts.pop("aktif", True)
    layanan = Layanan(kode=kode, nama=f"Layanan {kode}", aktif=aktif)
    fields = {"tingkat_akhir": "kelurahan", "sla_total_menit": 10, "produk": "Surat", **facts}
    add(portal, VersiLayanan(layanan=layanan, nomor=1, status=status, **fields))


def test_the_components_are_those_of_the_law_in_its_order() -> None:
    with CSV.open(encoding="utf-8", newline="") as file:
        assert [k.label for k in SUSUNAN] == [row["nama"] for row in csv.DictReader(file)]
    assert len(SUSUNAN) == 14


def test_the_catalogue_lists_what_is_published_and_active(
    client: FlaskClient, portal: Portal
) -> None:
    add_layanan(portal, "KONSEP", StatusVersi.KONSEP)
    add_layanan(portal, "MATI", StatusVersi.TERBIT, aktif=False)
    page = open_page(client, "/layanan/")
    assert page.h1 == "Katalog Layanan"
    links = [url for url in page.links() if re.fullmatch(r"/layanan/\w+/", url)]
    assert len(links) == 24
    assert "/layanan/SKTM/" in links
    for kode in ("KONSEP", "MATI", "TIDAKADA", "sktm"):
        assert client.get(f"/layanan/{kode}/").status_code == 404
        assert client.get(f"/layanan/{kode}/selebaran/").status_code == 404


@pytest.mark.parametrize(
    ("cari", "found"),
    [("tidak mampu", 1), ("MAMPU tidak", 1), ("sktm", 1), ("\x00", 24), ("%", 0), ("zzz", 0)],
)
def test_the_catalogue_is_searched_by_all_words(client: FlaskClient, cari: str, found: int) -> None:
    page = client.get("/layanan/", query_string={"cari": cari}).get_data(as_text=True)
    assert len(re.findall(r'class="baris" href="/layanan/', page)) == found
    assert ("Tidak ada layanan yang cocok" in page) == (found == 0)


def test_a_standard_has_14_numbered_components_and_says_what_is_missing(
    client: FlaskClient,
) -> None:
    page = open_page(client, "/layanan/SKTM/")
    parts = page.soup.select("ol.standar > li")
    assert [p.h2.get_text() for p in parts] == [
        f"{n}. {k.label}" for n, k in enumerate(SUSUNAN, start=1)
    ]
    texts = {k: p.get_text(" ", strip=True) for k, p in zip(SUSUNAN, parts, strict=True)}
    assert "Undang-Undang Nomor 25 Tahun 2009" in texts[KomponenStandar.DASAR_HUKUM]
    assert texts[KomponenStandar.SARANA].endswith("Belum diisi.")
    assert "Fotokopi KTP-el pemohon" in parts[1].get_text()
    assert len(parts[2].select("ol li")) == 9
    assert "Camat · 3 menit" in parts[2].get_text()
    assert "35 menit" in parts[3].get_text()
    assert "Tidak Dipungut Biaya" in parts[4].get_text()
    assert "Berlaku 3 bulan" in parts[5].get_text()


def test_a_text_of_the_layanan_wins_over_the_general_one(
    client: FlaskClient, portal: Portal
) -> None:
    general = StandarPelayanan(komponen="jaminan", isi="Janji umum")
    own = StandarPelayanan(layanan_id=layanan_id(portal, "SKTM"), komponen="jaminan", isi="Khusus")
    add(portal, general, own)
    sktm, other = open_page(client, "/layanan/SKTM/"), open_page(client, "/layanan/PGT/")
    assert "Khusus" in sktm.main
    assert "Janji umum" not in sktm.main
    assert "Janji umum" in other.main


def test_the_admin_writes_a_text_on_a_screen_and_the_public_reads_it(
    app: Flask, client: FlaskClient
) -> None:
    admin = sign_in(app, "admin")
    form = open_page(admin, "/data/standar_pelayanan/new/").form("komponen", "isi")
    assert set(form.selects["komponen"]) - {""} == {k.value for k in KomponenStandar}
    send(admin, form, komponen="sarana", isi="Ruang tunggu <b>ber-AC</b>")
    page = open_page(client, "/layanan/SKTM/")
    assert "Ruang tunggu <b>ber-AC</b>" in page.main, "shown as text, never as markup"
    again = send(admin, open_page(admin, "/data/standar_pelayanan/new/").form("isi"), **form.fields)
    assert "sarana" not in again.url
    assert sign_in(app, "camat").get("/data/standar_pelayanan/new/").status_code == 403


def test_a_fee_is_shown_with_its_perda(client: FlaskClient, portal: Portal) -> None:
    perda = "Perda Kota Uji 1/2026"
    add_layanan(portal, "BAYAR", StatusVersi.TERBIT, biaya=5000, dasar_biaya=perda)
    for url in ("/layanan/BAYAR/", "/layanan/BAYAR/selebaran/"):
        page = open_page(client, url)
        assert f"Rp5.000 ({perda})" in page.main
        assert "Tidak Dipungut Biaya" not in page.main


def test_a_leaflet_draws_its_qr_without_style(client: FlaskClient) -> None:
    page = open_page(client, "/layanan/SKTM/selebaran/")
    assert page.h1 == "Surat Keterangan Tidak Mampu"
    assert "http://localhost/layanan/SKTM/" in page.main
    assert page.soup.select_one("svg.qr path") is not None
    assert not page.soup.select("[style], style")


def test_the_public_home_leads_to_all_and_the_login_leads_to_it(client: FlaskClient) -> None:
    assert "/publik/" in set(open_page(client, "/login/").links())
    links = set(open_page(client, "/publik/").links())
    assert {"/layanan/", "/lacak/", "/publik/maklumat/", "/login/"} <= links


def test_maklumat_stand_under_their_units(client: FlaskClient, portal: Portal) -> None:
    assert "belum diisi" in open_page(client, "/publik/maklumat/").main
    with Session(portal.engine) as session:
        units = [unit(session, name) for name in ("Kelurahan Pilang", "Kecamatan Kademangan")]
    signed = {"nama_pejabat": "Uji, S.Sos.", "tanggal_ditetapkan": date(2026, 1, 5)}
    rows = [
        MaklumatPelayanan(wilayah_id=id_, isi=f"Kami {n}", jabatan_pejabat=f"J{n}", **signed)
        for n, id_ in enumerate(units)
    ]
    add(portal, *rows)
    page = open_page(client, "/publik/maklumat/")
    titles = [h.get_text() for h in page.soup.select("main h2")]
    assert titles == ["Kecamatan Kademangan", "Kelurahan Pilang"]
    assert "Kami 1 Ditetapkan 05-01-2026 J1 Uji, S.Sos." in page.main


def _pengumuman(session: Session, judul: str, unit_name: str, start: int, end: int) -> Pengumuman:
    """Return a notice valid from ``start`` to ``end`` days from today."""
    days = [HARI_INI + timedelta(days=n) for n in (start, end)]
    return Pengumuman(
        judul=judul,
        isi="Isi",
        wilayah_id=unit(session, unit_name),
        tanggal_mulai=days[0],
        tanggal_sampai=days[1],
    )


def test_a_notice_is_shown_while_valid_to_the_public_and_to_the_units_it_concerns(
    app: Flask, client: FlaskClient, portal: Portal
) -> None:
    with Session(portal.engine) as session:
        rows = [
            _pengumuman(session, "Kecamatan kini", "Kecamatan Kademangan", -1, 1),
            _pengumuman(session, "Hari terakhir", "Kelurahan Pilang", -5, 0),
            _pengumuman(session, "Sudah lewat", "Kecamatan Kademangan", -5, -2),
            _pengumuman(session, "Masih nanti", "Kecamatan Kademangan", 2, 5),
            _pengumuman(session, "Kelurahan lain", "Kelurahan Ketapang", 0, 0),
        ]
    add(portal, *rows)

    def seen(browser: FlaskClient, url: str) -> list[str]:
        page = open_page(browser, url)
        return [h.get_text() for h in page.soup.select(".pengumuman h2")]

    every = ["Kelurahan lain", "Kecamatan kini", "Hari terakhir"]
    assert seen(client, "/publik/") == every
    assert seen(sign_in(app, "camat"), "/") == every
    for username in ("rt001rw002.pilang", "lurah.pilang"):
        assert seen(sign_in(app, username), "/") == ["Kecamatan kini", "Hari terakhir"]


def test_a_notice_that_ends_before_it_begins_is_refused(app: Flask, session: Session) -> None:
    where = str(unit(session, "Kecamatan Kademangan"))
    admin = sign_in(app, "admin")
    form = open_page(admin, "/data/pengumuman/new/").form("judul")
    dates = {"tanggal_mulai": "2026-11-25", "tanggal_sampai": "2026-11-24"}
    page = send(admin, form, judul="Uji", isi="Uji", wilayah_id=where, **dates)
    assert page.errors()["tanggal_sampai"] == "Tanggal akhir tidak boleh sebelum tanggal mulai."
