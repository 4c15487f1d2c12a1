"""The pages that make routing visible: reasons on a berkas, SOP, simulation; and who may open."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.extensions import db
from app.models.penugasan import Penugasan
from app.models.policy import unscoped
from app.models.tahapan import Tahapan
from app.models.versi_layanan import VersiLayanan
from app.routing import JenisAksi
from app.web.mengapa import say_moment
from tests.conftest import Portal
from tests.walk import PENGAJU, SENIN, file_sktm, take, unit, walk
from tests.web.halaman import Halaman, open_page, sign_in
from tests.web.kurung import brackets, forgotten, read_data

SIMULASI = "/layanan/simulasi/"


@pytest.fixture(scope="module")
def berkas(app: Flask, portal: Portal) -> dict[str, int]:
    """A berkas at the kelurahan, one from an RT without a head, one that was returned."""
    with Session(portal.engine) as session:
        own = file_sktm(session)
        walk(session, own, stop=2)
        back = file_sktm(session)
        walk(session, back, stop=2)
        reason = {"alasan": "tidak_lengkap", "catatan": "Foto buram"}
        take(session, "petugas.pilang", back, JenisAksi.KEMBALIKAN, **reason)
        with unscoped(session, "uji mengosongkan RT"):
            rt = unit(session, "RT 003/RW 002 Pilang")
            session.execute(
                update(Penugasan).where(Penugasan.wilayah_id == rt).values(waktu_sampai=SENIN)
            )
            session.commit()
        vacant = file_sktm(session, "petugas.pilang", "RT 003/RW 002 Pilang")
    return {"own": own, "vacant": vacant, "back": back}


def reasons(page: Halaman, card: str) -> list[str]:
    """Return the texts under "Mengapa di sini?" in a card of the page."""
    found = page.soup.select(f"section[aria-label='{card}'] details.mengapa")
    assert all(d.summary.get_text(strip=True) == "Mengapa di sini?" for d in found)
    return [" ".join(d.ul.get_text(" ").split()) for d in found]


def test_each_step_and_each_act_tells_why_it_was_here(app: Flask, berkas: dict[str, int]) -> None:
    page = open_page(sign_in(app, "petugas.pilang"), f"/berkas/{berkas['own']}/")
    desks = ("Ketua RT 001/RW 002", "Ketua RW 002", "Petugas Pelayanan Kelurahan")
    assert reasons(page, "Tahapan") == [
        f"Di meja {desk} Pilang, yang memegang tahap ini untuk wilayah asal berkas."
        for desk in desks
    ]
    # The open step stands unfolded; the filing closed no visit and skipped nothing.
    assert len(page.soup.select("details.mengapa[open]")) == 1
    assert len(reasons(page, "Riwayat")) == 2


def test_a_vacant_rt_is_told_where_the_berkas_lies_instead(
    app: Flask, berkas: dict[str, int]
) -> None:
    page = open_page(sign_in(app, "rw002.pilang"), f"/berkas/{berkas['vacant']}/")
    (said,) = reasons(page, "Tahapan")
    assert said == (
        "Naik ke meja Ketua RW 002 Pilang. Tahap ini tugas Ketua RT 003/RW 002 Pilang,"
        " tetapi belum ada pejabatnya."
    )


def test_officers_of_every_level_read_the_same_reasons(app: Flask, berkas: dict[str, int]) -> None:
    told = [
        reasons(open_page(sign_in(app, name), f"/berkas/{berkas['own']}/"), "Tahapan")
        for name in (PENGAJU, "lurah.pilang", "camat", "auditor")
    ]
    assert len(told[0]) == 3
    assert all(texts == told[0] for texts in told)


def test_a_running_berkas_has_an_estimate_and_a_returned_one_none(
    app: Flask, berkas: dict[str, int]
) -> None:
    client = sign_in(app, "petugas.pilang")
    running = open_page(client, f"/berkas/{berkas['own']}/").main
    assert re.search(
        r"Perkiraan selesai (Senin|Selasa|Rabu|Kamis|Jumat) \d\d-\d\d-\d{4} pukul \d\d\.\d\d WIB",
        running,
    )
    assert "Perkiraan selesai" not in open_page(client, f"/berkas/{berkas['back']}/").main


def test_a_moment_reads_as_people_say_it(app: Flask) -> None:
    with app.test_request_context(headers={"Accept-Language": "id"}):
        moment = datetime(2026, 11, 23, 3, 40, tzinfo=UTC)
        assert say_moment(moment) == "Senin 23-11-2026 pukul 10.40 WIB"


def test_a_berkas_of_another_kelurahan_tells_nothing(app: Flask, berkas: dict[str, int]) -> None:
    client = sign_in(app, "lurah.ketapang")
    assert client.get(f"/berkas/{berkas['own']}/").status_code == 404


def sop_rows(page: Halaman) -> list[list[str]]:
    rows = page.soup.select("main table tbody tr")
    return [[" ".join(c.get_text(" ").split()) for c in row.select("th, td")] for row in rows]


@pytest.mark.parametrize("username", [PENGAJU, "auditor", "admin"])
def test_the_sop_is_the_definition_and_all_who_sign_in_read_it(
    app: Flask, session: Session, username: str
) -> None:
    page = open_page(sign_in(app, username), "/layanan/SKTM/sop")
    steps = session.execute(
        select(Tahapan.urutan, Tahapan.nama, Tahapan.sla_menit)
        .join(VersiLayanan, VersiLayanan.id == Tahapan.versi_layanan_id)
        .where(VersiLayanan.sebutan == "SKTM versi 1")
        .order_by(Tahapan.urutan)
    ).all()
    assert [(row[0], row[3]) for row in sop_rows(page)] == [
        (f"{urutan}. {nama}", f"{menit} menit") for urutan, nama, menit in steps
    ]
    *facts, notes = sop_rows(page)[4][1:]
    assert facts == [
        *("Lurah", "Tanda Tangan", "4 menit", "Selalu"),
        "Naik ke atasan terdekat yang ada pejabatnya",
    ]
    assert notes.startswith("Memberi nomor surat; Contoh: ")
    assert "Jumlah waktu semua tahapan: 35 menit" in page.main
    drawing = page.soup.select_one("svg.rantai")
    assert len(drawing.select("rect")) == len(steps) == 9
    assert drawing["aria-label"] == "Rantai tahapan"


def test_an_unknown_layanan_or_version_has_no_sop(app: Flask) -> None:
    client = sign_in(app, "camat")
    for name in ("TIDAKADA", "versi/999999", f"versi/{'9' * 21}"):
        assert client.get(f"/layanan/{name}/sop").status_code == 404, name


def test_the_sop_is_linked_from_the_version_and_from_berkas_baru(app: Flask) -> None:
    admin = sign_in(app, "admin")
    details = next(
        url for url in open_page(admin, "/data/versi_layanan/").links() if "details" in url
    )
    linked = open_page(admin, details).links()
    assert any(re.fullmatch(r"/layanan/versi/\d+/sop", url) for url in linked)
    links = list(open_page(sign_in(app, PENGAJU), "/berkas/baru/").links())
    assert "/layanan/SKTM/sop" in links


BOLEH = ["sekkel.pilang", "lurah.pilang", "sekcam", "camat", "admin"]
TIDAK = [PENGAJU, "rw002.pilang", "petugas.pilang", "kasi.kesos.pilang", "petugas.kecamatan"]


@pytest.mark.parametrize("username", BOLEH)
def test_leaders_and_the_admin_simulate(app: Flask, username: str) -> None:
    client = sign_in(app, username)
    assert SIMULASI in list(open_page(client, "/").links())
    page = open_page(client, f"{SIMULASI}?versi={sktm(app)}&per_jam=2&hari=2&benih=1")
    assert page.status == 200
    assert "Selesai dalam 35 menit layanan" in page.main
    bars = page.soup.select("svg.batang rect")
    table = page.soup.select("section[aria-label='Sebaran'] tbody tr")
    assert len(bars) == len(table) > 1
    assert len(page.soup.select("section[aria-label='Tahapan'] tbody tr")) == 9


@pytest.mark.parametrize("username", [*TIDAK, "kasi.kesos", "auditor"])
def test_nobody_else_does(app: Flask, username: str) -> None:
    client = sign_in(app, username)
    for url in (SIMULASI, f"{SIMULASI}?versi=1&ulang=1", "/layanan/versi/1/simulasi"):
        assert client.get(url).status_code == 403, url
    assert SIMULASI not in list(open_page(client, "/").links())


def sktm(app: Flask) -> int:
    """Return the id of the published version of SKTM."""
    with app.app_context():
        id_ = db.session.scalar(
            select(VersiLayanan.id).where(VersiLayanan.sebutan == "SKTM versi 1")
        )
    assert id_ is not None
    return id_


def test_the_lurah_simulates_his_own_rt_only(app: Flask) -> None:
    url = f"{SIMULASI}?versi={sktm(app)}&per_jam=2&hari=2&benih=1"
    told = {
        name: re.search(r"masuk dari (\d+) RT", open_page(sign_in(app, name), url).main)[1]
        for name in ("lurah.pilang", "camat")
    }
    assert told["lurah.pilang"] == "9"
    assert int(told["camat"]) > 9


WRONG: list[dict[str, Any]] = [
    {"per_jam": "seribu"},
    {"hari": "0"},
    {"benih": "x"},
    {"petugas-lurah": "99"},
    {"per_jam": "60", "hari": "60"},
]


@pytest.mark.parametrize("wrong", WRONG, ids=str)
def test_a_wrong_number_comes_back_in_the_form_with_a_message(
    app: Flask, wrong: dict[str, str]
) -> None:
    query = {"versi": sktm(app), "per_jam": "3", "hari": "2", "benih": "1", **wrong}
    response = sign_in(app, "camat").get(SIMULASI, query_string=query)
    page = Halaman(SIMULASI, response)
    assert page.status == 422
    assert page.soup.select_one("main [role=alert]").get_text(strip=True)
    for name, value in wrong.items():
        assert page.soup.select_one(f"input[name='{name}']")["value"] == value


def test_a_layanan_without_konsep_has_nothing_to_replay(app: Flask) -> None:
    client = sign_in(app, "camat")
    assert "belum mempunyai konsep" in open_page(client, f"{SIMULASI}?versi={sktm(app)}").main
    page = Halaman(SIMULASI, client.get(f"{SIMULASI}?versi={sktm(app)}&ulang=1"))
    assert page.status == 422
    assert "Layanan ini belum mempunyai konsep." in page.main


def test_what_only_a_sent_form_shows_is_translated_too(app: Flask, portal: Portal) -> None:
    with portal.engine.connect() as connection:
        data = read_data(connection) | {app.config["BANGKIT_NAMA_UNIT"]}
    with brackets():
        client = sign_in(app, "camat")
        page = open_page(client, f"{SIMULASI}?versi={sktm(app)}&per_jam=9&hari=4&benih=1")
    assert "⟦Anggapan⟧" in page.main
    assert forgotten(page.texts(), data) == []
