"""Files taken in as konsep and given out; all 24 services walk from a file to their end."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.errors import TidakBerwenangError, TidakDitemukanError
from app.models.berkas import Berkas
from app.models.eskalasi import Eskalasi
from app.models.kunjungan import TERBUKA, Kunjungan
from app.models.layanan import Layanan
from app.models.pengguna import Pengguna
from app.models.penugasan import Penugasan
from app.models.peran import Peran
from app.models.policy import unscoped
from app.models.tahapan import Tahapan
from app.models.versi_layanan import StatusVersi, VersiLayanan
from app.routing import JenisAksi
from app.services.benih_sumber import DATA
from app.services.definisi import Definisi, EskalasiDefinisi, sidik_of
from app.services.definisi_baris import load_definisi
from app.services.definisi_yaml import dump
from app.services.impor_layanan import ekspor, impor, impor_dari_server, read_berkas
from app.services.pengajuan import Pengajuan, ajukan, load_terbit
from app.services.versi import load_terbit_of, terbitkan
from tests.services.definisi_contoh import bersyarat, katalog, ubah
from tests.walk import SENIN, act_as, resident_of, take

RT = "RT 001/RW 002 Pilang"


def read(session: Session, text: str) -> tuple[Definisi, ...]:
    found = read_berkas(session, text)
    assert [str(k) for k in found.kesalahan] == []
    return tuple(t.definisi for t in found.terbaca)


def test_what_is_imported_is_what_the_file_says(session: Session) -> None:
    definisi = ubah(
        replace(bersyarat(), kode="UJI", nama="Surat Uji", pengaju=["lurah"], maks_kembali=1),
        4,
        eskalasi=(EskalasiDefinisi(80, "ingatkan"), EskalasiDefinisi(100, "buka_atasan")),
        beda_orang=True,
        kolom_dijamin=["jumlah"],
    )
    act_as(session, "admin")
    (made,) = impor(session, read(session, dump([definisi])))
    session.commit()
    assert (made.kode, made.sebutan, made.is_baru, made.is_sama) == (
        "UJI",
        "UJI versi 1",
        True,
        False,
    )
    versi = session.get_one(VersiLayanan, made.versi_id)
    assert versi.status == StatusVersi.KONSEP
    assert load_definisi(session, versi) == definisi
    assert read(session, ekspor(session, "UJI")) == (definisi,)
    (again,) = impor(session, (definisi,))
    assert (again.versi_id, again.is_sama) == (made.versi_id, True)
    rungs = select(func.count(Eskalasi.id)).join(Tahapan)
    assert session.scalar(rungs.where(Tahapan.versi_layanan_id == made.versi_id)) == 9 * 3 - 1


def test_the_seeded_versions_are_exported_as_they_stand(session: Session) -> None:
    for kode, definisi in katalog().items():
        assert read(session, ekspor(session, kode)) == (definisi,), kode
        layanan = session.scalars(select(Layanan).where(Layanan.kode == kode)).one()
        versi = load_terbit_of(session, layanan.id)
        assert versi is not None
        assert versi.sidik == sidik_of(definisi)


def test_a_layanan_without_version_cannot_be_exported(session: Session) -> None:
    with pytest.raises(TidakDitemukanError):
        ekspor(session, "TIDAKADA")


@pytest.mark.parametrize("username", ["camat", "lurah.pilang", "auditor"])
def test_who_may_not_add_versions_imports_nothing(session: Session, username: str) -> None:
    act_as(session, username)
    with pytest.raises(TidakBerwenangError):
        impor(session, (replace(bersyarat(), kode="CURANG"),))
    session.rollback()
    assert session.scalar(select(Layanan.id).where(Layanan.kode == "CURANG")) is None


def answer(tipe: str, opsi: Any, nik: str) -> Any:
    """Return an answer that an isian of this tipe takes."""
    known = {"angka": 2, "uang": 900_000, "tanggal": "2026-01-05", "waktu": "09:00"}
    known |= {"ya_tidak": True, "nik": nik, "tabel_nik": nik, "wilayah": 1}
    return opsi[0] if tipe == "pilihan" else known.get(tipe, "Keperluan")


def file(session: Session, kode: str) -> int:
    """File this service for a resident of Pilang, from the first post that may."""
    versi = load_terbit(session, kode)
    first = session.scalars(
        select(Peran.kode)
        .join(Tahapan, Tahapan.peran_id == Peran.id)
        .where(Tahapan.versi_layanan_id == versi.id, Tahapan.urutan == 1)
    ).one()
    username = {"ketua_rt": "rt001rw002.pilang", "petugas_kelurahan": "petugas.pilang"}
    pelaku = act_as(session, username.get(first, "petugas.kecamatan"))
    penduduk_id, nik = resident_of(session, RT)
    isian = {row.kode: answer(str(row.tipe), row.opsi, nik) for row in versi.isian}
    ticked = frozenset(row.id for row in versi.persyaratan)
    pengajuan = Pengajuan(versi.id, penduduk_id, isian, ticked)
    berkas_id = ajukan(session, pelaku, SENIN, pengajuan, uuid4().hex)
    session.commit()
    return berkas_id


def holder_of_open_desk(session: Session, berkas_id: int) -> tuple[str, JenisAksi] | None:
    """Return who sits at the desk where a berkas lies, and the act of the step."""
    with unscoped(session, "uji mencari pemegang meja"):
        row = session.execute(
            select(Pengguna.username, Tahapan.aksi)
            .select_from(Kunjungan)
            .join(Tahapan, Tahapan.id == Kunjungan.tahapan_id)
            .join(Penugasan, Penugasan.wilayah_id == Kunjungan.wilayah_id)
            .join(Peran, (Peran.id == Penugasan.peran_id) & (Peran.kode == Kunjungan.peran_kode))
            .join(Pengguna, Pengguna.id == Penugasan.pengguna_id)
            .where(Kunjungan.berkas_id == berkas_id, Kunjungan.status.in_(TERBUKA))
            .where(Kunjungan.seksi_kode.is_(None) | Penugasan.seksi.has(kode=Kunjungan.seksi_kode))
        ).first()
    return (row.username, JenisAksi(row.aksi)) if row else None


def test_all_24_services_import_publish_and_finish(session: Session) -> None:
    text = (DATA / "layanan.yaml").read_text("utf-8")
    pelaku = act_as(session, "admin")
    made = impor(session, read(session, text))
    session.commit()
    assert [row.is_sama for row in made] == [False] * 24
    for row in made:
        before = load_terbit(session, row.kode).id
        reason = "Kelurahan lain belum berpejabat."
        terbitkan(session, pelaku, SENIN, versi_id=row.versi_id, menggantikan=before, alasan=reason)
        session.commit()
    finished = {}
    for row in made:
        berkas_id = file(session, row.kode)
        while (desk := holder_of_open_desk(session, berkas_id)) is not None:
            take(session, desk[0], berkas_id, desk[1])
        with unscoped(session, "uji membaca berkas"):
            berkas = session.get_one(Berkas, berkas_id)
            finished[row.kode] = (str(berkas.status), berkas.versi_layanan_id)
    assert finished == {row.kode: ("selesai", row.versi_id) for row in made}


def test_the_server_imports_for_nobody_in_particular(session: Session) -> None:
    (made,) = impor_dari_server(session, (replace(bersyarat(), kode="SERVER"),))
    session.commit()
    assert made.is_baru
