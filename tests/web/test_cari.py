"""The search over everything finds rows of one's own area, layanan and pages, and nothing else."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.conftest import Portal
from tests.walk import file_sktm, resident_of
from tests.web.halaman import Halaman, open_page, sign_in


@pytest.fixture(scope="module")
def nomor(app: Flask, portal: Portal) -> str:
    """The number of a berkas of RT 001/RW 002 Pilang."""
    with Session(portal.engine) as session:
        file_sktm(session)
    page = open_page(sign_in(app, "rt001rw002.pilang"), "/berkas/masuk/")
    return next(word for word in page.main.split() if word.startswith("SKTM-"))


def groups(page: Halaman) -> dict[str, list[str]]:
    return {
        section["aria-label"]: [n.get_text(strip=True) for n in section.select(".nama")]
        for section in page.soup.select("main section")
        if section.select(".nama")
    }


def test_a_number_finds_the_berkas_and_leads_to_its_page(app: Flask, nomor: str) -> None:
    client = sign_in(app, "lurah.pilang")
    page = open_page(client, f"/cari/?q={nomor}")
    assert groups(page)["Semua Berkas"] == [nomor]
    link = page.soup.select_one("section[aria-label='Semua Berkas'] a.baris")["href"]
    assert nomor in open_page(client, link).main


def test_an_officer_next_door_finds_neither_berkas_nor_resident(
    app: Flask, portal: Portal, nomor: str
) -> None:
    with Session(portal.engine) as session:
        _, nik = resident_of(session, "RT 001/RW 002 Pilang")
    own, other = sign_in(app, "rt001rw002.pilang"), sign_in(app, "rt002rw002.pilang")
    assert len(groups(open_page(own, f"/cari/?q={nik}"))["Penduduk"]) == 1
    for words in (nomor, nik):
        page = open_page(other, f"/cari/?q={words}")
        assert "Tidak ada yang cocok" in page.main
        assert groups(page) == {}


def test_a_word_finds_layanan_and_entries_of_the_menu(app: Flask) -> None:
    client = sign_in(app, "rt001rw002.pilang")
    assert "Surat Keterangan Domisili" in groups(open_page(client, "/cari/?q=domisili"))["Layanan"]
    assert "Berkas Masuk" in groups(open_page(client, "/cari/?q=masuk"))["Menu"]


def test_many_results_lead_to_the_whole_list(app: Flask) -> None:
    page = open_page(sign_in(app, "lurah.pilang"), "/cari/?q=a")
    assert "paling sedikit dua huruf" in page.main
    page = open_page(sign_in(app, "lurah.pilang"), "/cari/?q=ari")
    assert len(groups(page)["Penduduk"]) == 6
    assert any(url.startswith("/data/penduduk/?search=ari") for url in page.links())
