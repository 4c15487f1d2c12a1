"""Nomor registrasi, kode lacak and nomor surat: given once, by the right act, at the right unit."""

import math
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.errors import BangkitError, DataTidakValidError
from app.models.berkas import Berkas
from app.models.penugasan import Penugasan
from app.models.policy import unscoped
from app.models.surat import NomorSurat, Surat
from app.models.versi_layanan import VersiLayanan
from app.models.wilayah import Wilayah
from app.routing import JenisAksi
from app.services.berkas import available
from app.services.kode_lacak import ABJAD, PANJANG, hmac_of, new_kode, normalise
from app.services.nomor import find_surat, kode_unit
from app.services.pengajuan import Pengajuan, ajukan_lagi
from tests.layanan_uji import CAMAT, LURAH, file_uji, publish_layanan
from tests.walk import PENGAJU, SENIN, act_as, file_sktm, resident_of, take, unit, walk

RT = "RT 001/RW 002 Pilang"
TTD = 5
"""Acts until the lurah has signed; the number is given there."""


def surat_of(session: Session, berkas_id: int) -> Surat | None:
    with unscoped(session, "uji membaca surat", keep=True):
        surat = find_surat(session, berkas_id)
        if surat is not None:
            session.refresh(surat)
        return surat


def counter(session: Session, unit_id: int, tahun: int) -> int:
    query = select(NomorSurat.terakhir).where(
        NomorSurat.unit_id == unit_id, NomorSurat.tahun == tahun
    )
    return session.scalar(query) or 0


def test_the_signature_gives_the_next_number_of_the_lurahs_unit(session: Session) -> None:
    kelurahan = unit(session, "Kelurahan Pilang")
    before = counter(session, kelurahan, 2026)
    berkas_id = file_sktm(session)
    walk(session, berkas_id, 0, TTD - 1)
    assert surat_of(session, berkas_id) is None
    walk(session, berkas_id, TTD - 1, TTD)
    surat = surat_of(session, berkas_id)
    assert surat is not None
    assert (surat.unit_id, surat.tahun, surat.nomor) == (kelurahan, 2026, before + 1)
    kode = session.get_one(Wilayah, kelurahan).kode_unit
    assert surat.nomor_surat == f"400.9.14.1/{before + 1:03}/{kode}/2026"
    assert counter(session, kelurahan, 2026) == before + 1
    # "Diketahui" by the camat adds no number.
    walk(session, berkas_id, TTD)
    assert surat_of(session, berkas_id).nomor == before + 1
    with unscoped(session, "uji menghitung surat"):
        query = select(func.count()).select_from(Surat).where(Surat.berkas_id == berkas_id)
        assert session.scalar(query) == 1


def test_the_letter_freezes_official_pemohon_and_area(session: Session) -> None:
    berkas_id = file_sktm(session)
    walk(session, berkas_id, 0, TTD)
    surat = surat_of(session, berkas_id)
    with unscoped(session, "uji membaca berkas"):
        berkas = session.get_one(Berkas, berkas_id)
    assert surat.data["pemohon"] == berkas.data_pemohon
    assert surat.data["isian"] == berkas.isian
    assert surat.data["penandatangan"]["jabatan"] == "Lurah Pilang"
    assert surat.data["unit"] == "Kelurahan Pilang"
    assert (surat.rt_id, surat.kelurahan_id) == (berkas.rt_id, berkas.kelurahan_id)
    assert surat.rt_id == unit(session, RT)


@pytest.mark.parametrize("jenis", [JenisAksi.KEMBALIKAN, JenisAksi.TOLAK])
def test_to_return_or_refuse_gives_no_number(session: Session, jenis: JenisAksi) -> None:
    before = counter(session, unit(session, "Kelurahan Pilang"), 2026)
    berkas_id = file_sktm(session)
    walk(session, berkas_id, 0, TTD - 1)
    take(session, "lurah.pilang", berkas_id, jenis, alasan="lainnya", catatan="Belum dapat")
    assert surat_of(session, berkas_id) is None
    assert counter(session, unit(session, "Kelurahan Pilang"), 2026) == before


def correct(session: Session, username: str, berkas_id: int, **answers: object) -> None:
    """Send a returned berkas on its way again with these answers, all persyaratan met."""
    pelaku = act_as(session, username)
    with unscoped(session, "uji membaca berkas"):
        berkas = session.get_one(Berkas, berkas_id)
        isian = {**berkas.isian, **answers}
    versi = session.get_one(VersiLayanan, berkas.versi_layanan_id)
    ajukan_lagi(
        session,
        pelaku,
        SENIN,
        berkas_id=berkas_id,
        ke=available(session, pelaku, SENIN, berkas_id).ke,
        pengajuan=Pengajuan(versi.id, 0, isian, frozenset(row.id for row in versi.persyaratan)),
        kunci=uuid4().hex,
    )
    session.commit()


KEMBALI = {"alasan": "data_tidak_sesuai", "catatan": "Keperluan salah tulis"}


def test_returned_after_the_signature_the_letter_stays_as_it_was(session: Session) -> None:
    berkas_id = file_sktm(session)
    walk(session, berkas_id, 0, TTD)
    first = surat_of(session, berkas_id)
    facts = (first.nomor_surat, first.waktu_ditandatangani, first.data)
    take(session, "petugas.kecamatan", berkas_id, JenisAksi.KEMBALIKAN, **KEMBALI)
    correct(session, PENGAJU, berkas_id)
    walk(session, berkas_id, TTD)
    again = surat_of(session, berkas_id)
    assert (again.nomor_surat, again.waktu_ditandatangani, again.data) == facts


def signed_uji(session: Session, kode: str, *steps: dict[str, object], **facts: object) -> int:
    """Publish a small layanan, file one berkas at Pilang and let the lurah sign it."""
    versi_id = publish_layanan(session, kode, *steps, **facts)
    penduduk_id, _ = resident_of(session, RT)
    berkas_id = file_uji(session, act_as(session, "petugas.pilang"), versi_id, penduduk_id)
    session.commit()
    take(session, "lurah.pilang", berkas_id, JenisAksi.TANDA_TANGANI)
    return berkas_id


def test_signed_again_the_letter_has_new_data_under_its_number(session: Session) -> None:
    berkas_id = signed_uji(session, "UJI2", {**LURAH, "kolom_dijamin": ["keperluan"]}, CAMAT)
    first = surat_of(session, berkas_id)
    facts, last = (first.id, first.nomor_surat, first.unit_id), first.nomor
    take(session, "camat", berkas_id, JenisAksi.KEMBALIKAN, **KEMBALI)
    correct(session, "petugas.pilang", berkas_id, keperluan="Keringanan biaya")
    take(session, "lurah.pilang", berkas_id, JenisAksi.TANDA_TANGANI)
    again = surat_of(session, berkas_id)
    assert (again.id, again.nomor_surat, again.unit_id) == facts
    assert counter(session, first.unit_id, 2026) == last
    assert again.data["isian"]["keperluan"] == "Keringanan biaya"


def test_a_berkas_that_comes_to_nothing_revokes_its_letter(session: Session) -> None:
    berkas_id = signed_uji(session, "UJI3", LURAH, CAMAT)
    assert surat_of(session, berkas_id).waktu_dicabut is None
    take(session, "camat", berkas_id, JenisAksi.TOLAK, alasan="lainnya", catatan="Tidak dapat")
    assert surat_of(session, berkas_id).waktu_dicabut == SENIN


def test_a_unit_without_a_code_gives_one_that_nobody_takes_for_real(session: Session) -> None:
    with unscoped(session, "uji menghapus kode unit"):
        pilang = session.get_one(Wilayah, unit(session, "Kelurahan Pilang"))
        pilang.kode_unit, before = None, pilang.kode_unit
        assert kode_unit(pilang) == f"xxx-{pilang.kode}"
    session.commit()
    berkas_id = signed_uji(session, "UJI4", LURAH, format_nomor="{nomor}/{kode_unit}")
    assert surat_of(session, berkas_id).nomor_surat.endswith("/xxx-35.74.01.1009")
    with unscoped(session, "uji mengembalikan kode unit"):
        session.get_one(Wilayah, unit(session, "Kelurahan Pilang")).kode_unit = before
    session.commit()


def test_where_the_rt_is_vacant_the_number_is_still_the_rts(session: Session) -> None:
    penduduk_id, _ = resident_of(session, RT)
    with unscoped(session, "uji mengosongkan RT"):
        rt = unit(session, RT)
        post = session.scalars(select(Penugasan).where(Penugasan.wilayah_id == rt)).one()
        post.waktu_sampai, before = SENIN, post.waktu_sampai
    session.commit()
    step = {"peran": "ketua_rt", "aksi": "setujui", "memberi_nomor": True}
    above = {"peran": "ketua_rw", "aksi": "setujui"}
    form = "{nomor:3}/RT.{rt:2}/RW.{rw:2}/{bulan_romawi}/{tahun}"
    versi_id = publish_layanan(session, "UJI5", step, above, format_nomor=form)
    berkas_id = file_uji(session, act_as(session, "petugas.pilang"), versi_id, penduduk_id)
    session.commit()
    take(session, "rw002.pilang", berkas_id, JenisAksi.SETUJUI)
    surat = surat_of(session, berkas_id)
    assert (surat.unit_id, surat.nomor_surat) == (rt, "001/RT.01/RW.02/XI/2026")
    assert surat.data["penandatangan"]["jabatan"].startswith("a.n. Ketua RT 001/RW 002 Pilang, ")
    with unscoped(session, "uji mengisi RT"):
        session.get_one(Penugasan, post.id).waktu_sampai = before
    session.commit()


def test_a_wrong_format_is_told_and_nothing_is_signed(session: Session) -> None:
    versi_id = publish_layanan(session, "UJI6", LURAH, format_nomor="{nomor}/{lurah}")
    penduduk_id, _ = resident_of(session, RT)
    berkas_id = file_uji(session, act_as(session, "petugas.pilang"), versi_id, penduduk_id)
    session.commit()
    before = counter(session, unit(session, "Kelurahan Pilang"), 2026)
    with pytest.raises(BangkitError, match="tidak dikenal"):
        take(session, "lurah.pilang", berkas_id, JenisAksi.TANDA_TANGANI)
    session.rollback()
    assert surat_of(session, berkas_id) is None
    assert counter(session, unit(session, "Kelurahan Pilang"), 2026) == before


@pytest.mark.parametrize(
    ("moment", "tahun"),
    [
        (datetime(2026, 12, 31, 16, 59, 59, tzinfo=UTC), 2026),
        (datetime(2026, 12, 31, 17, 0, tzinfo=UTC), 2027),
    ],
)
def test_the_year_of_both_numbers_turns_at_midnight_in_probolinggo(
    session: Session, moment: datetime, tahun: int
) -> None:
    versi_id = publish_layanan(session, f"UJI{tahun}", LURAH)
    penduduk_id, _ = resident_of(session, RT)
    pelaku = act_as(session, "petugas.pilang", moment)
    berkas_id = file_uji(session, pelaku, versi_id, penduduk_id, moment)
    session.commit()
    with unscoped(session, "uji membaca nomor"):
        assert session.get_one(Berkas, berkas_id).nomor == f"UJI{tahun}-{tahun}-{berkas_id:06d}"
    take(session, "lurah.pilang", berkas_id, JenisAksi.TANDA_TANGANI, moment)
    surat = surat_of(session, berkas_id)
    assert surat.tahun == tahun
    assert surat.nomor_surat.endswith(f"/{tahun}")
    if tahun == 2027:
        assert surat.nomor == 1


def test_a_kode_lacak_has_enough_chance_and_letters_that_are_not_confused() -> None:
    codes = {new_kode() for _ in range(200)}
    assert len(codes) == 200
    assert PANJANG * math.log2(len(ABJAD)) >= 128
    for kode in codes:
        assert [len(group) for group in kode.split("-")] == [4] * 7
        assert set(kode) <= {*ABJAD, "-"}
        assert not set(kode) & set("OIL")


def test_a_kode_lacak_is_known_however_it_is_typed_and_only_with_the_key() -> None:
    kode = "0K2M-1BCD-EFGH-JKMN-PQRS-TVWX-YZ01"
    typed = "ok2m ibcd efgh jkmn pqrs tvwx yzo1"
    assert normalise(typed) == normalise(kode)
    assert hmac_of(typed, "kunci a") == hmac_of(kode, "kunci a")
    assert hmac_of(kode, "kunci b") != hmac_of(kode, "kunci a")
    assert kode.replace("-", "") not in hmac_of(kode, "kunci a").upper()


def test_the_same_key_for_another_pemohon_or_other_words_is_refused(session: Session) -> None:
    berkas_id = file_sktm(session, kunci="isi-lain")
    with pytest.raises(DataTidakValidError):
        file_sktm(session, "rt002rw002.pilang", "RT 002/RW 002 Pilang", kunci="isi-lain")
    facts = {"alasan": "lainnya", "kunci": "kembali-lain"}
    take(session, PENGAJU, berkas_id, JenisAksi.KEMBALIKAN, catatan="Foto buram", **facts)
    again = take(session, PENGAJU, berkas_id, JenisAksi.KEMBALIKAN, catatan="Foto buram ", **facts)
    assert again.catatan == "Foto buram"
    with pytest.raises(DataTidakValidError):
        take(session, PENGAJU, berkas_id, JenisAksi.KEMBALIKAN, catatan="Kata lain", **facts)
