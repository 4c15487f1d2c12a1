"""How little an officer has to do: the walk by keyboard alone, and every tap counted."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from flask import Flask
from playwright.sync_api import Browser, Locator, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.berkas import Berkas
from app.models.penduduk import Penduduk
from app.models.policy import unscoped
from tests.browser.layar import DESKTOP, PHONE, layar
from tests.browser.papan_ketik import fokus, judul, masuk_dengan_papan_ketik, tekan, tulis
from tests.conftest import Portal
from tests.walk import PENGAJU, file_sktm, resident_of, walk

pytestmark = pytest.mark.lambat

RT = "RT 001/RW 002 Pilang"
SKTM = "Surat Keterangan Tidak Mampu"
SENTUH = {"viewport": PHONE, "has_touch": True, "is_mobile": True}

KETUKAN_RT = (
    "Berkas Baru on Beranda",
    "the layanan",
    "Cari",
    "the resident",
    "Penghasilan",
    "the band it lies in",
    "all persyaratan seen",
    "Ajukan dan setujui",
)
KETIKAN_RT = ("name of the resident", "Keperluan")
"""The NIK is the pemohon's, the number of dependants follows from the KK: both stand there."""

PENGHASILAN = "Rp500.000–Rp1.000.000"

KETUKAN_LURAH = ("the berkas on Beranda", "Tanda Tangan", "Ya, lanjutkan")


@pytest.fixture(scope="module")
def penduduk(app: Flask, portal: Portal) -> tuple[str, str]:
    """Name and NIK of a resident of the RT."""
    with Session(portal.engine) as session:
        id_, nik = resident_of(session, RT)
        with unscoped(session, "uji membaca nama"):
            return session.get_one(Penduduk, id_).nama, nik


# By keyboard alone.


@pytest.fixture(scope="module", params=[DESKTOP, PHONE], ids=["1366", "360"])
def viewport(request: pytest.FixtureRequest) -> dict[str, int]:
    found: dict[str, int] = request.param
    return found


@pytest.fixture(scope="module")
def diajukan(
    browser: Browser, live_server: str, penduduk: tuple[str, str], viewport: dict[str, int]
) -> Iterator[str]:
    """Nomor of an SKTM that the Ketua RT filed with keys only."""
    with layar(browser, live_server, viewport=viewport) as page:
        masuk_dengan_papan_ketik(page, PENGAJU)
        main = page.locator("main")
        tekan(page, main.get_by_role("link", name="Berkas Baru"))
        judul(page, "Berkas Baru")
        tekan(page, main.get_by_role("link", name=SKTM).first)
        judul(page, "Siapa pemohonnya?")
        tulis(page, page.get_by_label("NIK atau nama penduduk"), penduduk[0])
        page.keyboard.press("Enter")
        tekan(page, main.get_by_role("link", name=penduduk[0]).first)
        judul(page, SKTM)
        tulis(page, page.get_by_label("Keperluan"), "Beasiswa sekolah")
        tulis(page, page.get_by_label("Penghasilan keluarga per bulan"), "Rp5")
        boxes = page.locator("ul.syarat input[name^=syarat-]")
        for box in boxes.all():
            tekan(page, box, "Space")
            expect(box).to_be_checked()
        assert boxes.count() == 4
        tekan(page, main.get_by_role("button", name="Ajukan", exact=True))
        expect(page.get_by_role("status").filter(has_text="Berkas sudah diajukan")).to_be_visible()
        found = re.search(r"SKTM-\d{4}-\d{6}", main.inner_text())
        assert found
        yield found[0]


def test_an_rt_head_files_and_approves_with_keys_only(
    browser: Browser, live_server: str, diajukan: str, viewport: dict[str, int]
) -> None:
    with layar(browser, live_server, viewport=viewport) as page:
        masuk_dengan_papan_ketik(page, PENGAJU)
        waiting = page.get_by_role("region", name="Berkas Masuk")
        tekan(page, waiting.get_by_role("link").filter(has_text=diajukan))
        judul(page, SKTM)
        tekan(page, page.locator("main").get_by_role("button", name="Setujui", exact=True))
        done = page.get_by_role("status").filter(has_text="Setujui sudah dicatat")
        expect(done).to_be_visible()


def test_a_lurah_returns_with_keys_only_and_the_dialog_gives_the_focus_back(
    browser: Browser, live_server: str, portal: Portal, app: Flask, viewport: dict[str, int]
) -> None:
    with Session(portal.engine) as session:
        berkas_id = file_sktm(session)
        walk(session, berkas_id, stop=4)
    with layar(browser, live_server, viewport=viewport) as page:
        masuk_dengan_papan_ketik(page, "lurah.pilang")
        page.goto(f"/berkas/{berkas_id}/")
        tombol = page.locator("main").get_by_role("button", name="Tanda Tangan", exact=True)
        tekan(page, tombol)
        dialog = page.locator("dialog#tanya")
        expect(dialog).to_be_visible()
        page.keyboard.press("Escape")
        expect(dialog).not_to_be_visible()
        expect(tombol).to_be_focused()
        tekan(page, page.locator("main summary", has_text="Kembalikan"))
        isi = page.locator("form", has=page.get_by_role("button", name="Kembalikan", exact=True))
        fokus(page, isi.get_by_label("Alasan"))
        page.keyboard.press("ArrowDown")
        tulis(page, isi.get_by_label("Catatan"), "Foto rumah buram.")
        tekan(page, isi.get_by_role("button", name="Kembalikan", exact=True))
        done = page.get_by_role("status").filter(has_text="Kembalikan sudah dicatat")
        expect(done).to_be_visible()


# Every tap counted.


@dataclass
class Jari:
    """A thumb on a phone: each tap and each typed field is noted with what it is."""

    ketukan: list[str] = field(default_factory=list)
    ketikan: list[str] = field(default_factory=list)

    def ketuk(self, what: str, target: Locator) -> None:
        target.tap()
        self.ketukan.append(what)

    def pilih(self, what: str, target: Locator, option: str) -> None:
        """Tap one row of the list that the phone opens for a choice."""
        target.select_option(option)
        self.ketukan.append(what)

    def ketik(self, what: str, target: Locator, text: str) -> None:
        target.fill(text)
        self.ketikan.append(what)


def test_an_rt_head_files_and_approves_an_sktm_in_eight_taps_and_two_typed_fields(
    browser: Browser, live_server: str, portal: Portal, penduduk: tuple[str, str]
) -> None:
    jari = Jari()
    with layar(browser, live_server, PENGAJU, **SENTUH) as page:
        main = page.locator("main")
        jari.ketuk(KETUKAN_RT[0], main.get_by_role("link", name="Berkas Baru"))
        jari.ketuk(KETUKAN_RT[1], main.get_by_role("link", name=SKTM).first)
        cari = page.get_by_label("NIK atau nama penduduk")
        expect(cari).to_be_focused()
        jari.ketik(KETIKAN_RT[0], cari, penduduk[0])
        jari.ketuk(KETUKAN_RT[2], main.get_by_role("button", name="Cari"))
        jari.ketuk(KETUKAN_RT[3], main.get_by_role("link", name=penduduk[0]).first)
        expect(page.get_by_label("Diperuntukkan bagi (NIK)")).to_have_value("")
        expect(main).to_contain_text(f"NIK pemohon: {penduduk[1][:4]}****{penduduk[1][-4:]}")
        expect(page.get_by_label("Jumlah tanggungan")).to_have_value(re.compile(r"^\d+$"))
        jari.ketik(KETIKAN_RT[1], page.get_by_label("Keperluan"), "Beasiswa sekolah")
        penghasilan = page.get_by_label("Penghasilan keluarga per bulan")
        jari.ketuk(KETUKAN_RT[4], penghasilan)
        jari.pilih(KETUKAN_RT[5], penghasilan, PENGHASILAN)
        jari.ketuk(KETUKAN_RT[6], page.get_by_label("Semua persyaratan sudah saya lihat"))
        jari.ketuk(KETUKAN_RT[7], main.get_by_role("button", name="Ajukan dan setujui"))
        done = page.get_by_role("status").filter(has_text="sudah disetujui di tahap Anda")
        expect(done).to_be_visible()
    assert jari == Jari(list(KETUKAN_RT), list(KETIKAN_RT))
    assert len(jari.ketukan) <= 8
    assert len(jari.ketikan) <= 2
    with Session(portal.engine) as session, unscoped(session, "uji membaca isian"):
        isian = session.scalars(select(Berkas.isian).order_by(Berkas.id.desc())).first()
    assert isian["untuk_nik"] == penduduk[1]
    assert isian["keperluan"] == "Beasiswa sekolah"
    assert isian["penghasilan"] == PENGHASILAN


def test_a_lurah_signs_in_three_taps(
    browser: Browser, live_server: str, portal: Portal, app: Flask
) -> None:
    with Session(portal.engine) as session:
        walk(session, file_sktm(session), stop=4)
    jari = Jari()
    with layar(browser, live_server, "lurah.pilang", **SENTUH) as page:
        main = page.locator("main")
        jari.ketuk(KETUKAN_LURAH[0], main.locator("a.baris").first)
        jari.ketuk(KETUKAN_LURAH[1], main.get_by_role("button", name="Tanda Tangan", exact=True))
        dialog = page.locator("dialog#tanya")
        jari.ketuk(KETUKAN_LURAH[2], dialog.get_by_role("button", name="Ya, lanjutkan"))
        done = page.get_by_role("status").filter(has_text="Tanda Tangan sudah dicatat")
        expect(done).to_be_visible()
    assert jari.ketukan == list(KETUKAN_LURAH)
    assert not jari.ketikan


def test_ticking_all_leaves_the_letter_of_rt_and_rw_alone_and_can_be_taken_back(
    browser: Browser, live_server: str, portal: Portal, app: Flask
) -> None:
    with Session(portal.engine) as session:
        penduduk_id, _ = resident_of(session, RT)
    with layar(browser, live_server, "petugas.pilang") as page:
        page.goto(f"/berkas/baru/SKTM/{penduduk_id}/")
        semua = page.get_by_label("Semua persyaratan sudah saya lihat")
        boxes = page.locator("ul.syarat input[name^=syarat-]")
        surat = page.locator("input[name=surat_pengantar]")
        semua.check()
        assert [box.is_checked() for box in boxes.all()] == [True] * 4
        expect(surat).not_to_be_checked()
        boxes.nth(1).uncheck()
        expect(semua).not_to_be_checked()
        assert [box.is_checked() for box in boxes.all()] == [True, False, True, True]
        semua.check()
        semua.uncheck()
        assert [box.is_checked() for box in boxes.all()] == [False] * 4
        page.on("dialog", lambda dialog: dialog.accept())
