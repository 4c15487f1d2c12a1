import pytest
from sqlalchemy import func, select

from app.errors import BangkitError
from app.models.berkas import Berkas, BerkasPersyaratan
from app.models.eskalasi import Eskalasi, EskalasiTerjadi, TindakanEskalasi
from app.models.kotak_keluar import KotakKeluar
from app.models.kunjungan import Kunjungan
from app.models.lampiran import Lampiran
from app.models.riwayat import Riwayat
from app.models.surat import Surat
from tests.models.contoh import act_as, save
from tests.models_berkas.contoh import SENIN, berkas, kunjungan, riwayat

FOR_OFFICERS = (Berkas, Kunjungan, Riwayat, Lampiran, Surat)
FOR_AUDITOR = (*FOR_OFFICERS, BerkasPersyaratan, EskalasiTerjadi, KotakKeluar)


@pytest.fixture
def berkas_ids(session, dunia, katalog):
    """One berkas of RT 001 and one of RT 002, both lying at RT 001's desk, with all children."""
    (rung,) = save(
        session,
        Eskalasi(tahapan_id=katalog.tahapan, pada_persen=80, tindakan=TindakanEskalasi.INGATKAN),
    )
    ids = {}
    for number, unit in enumerate(("pilang_rt1", "pilang_rt2"), start=1):
        origin = dunia.unit[unit]
        (id_,) = save(session, berkas(katalog, origin, f"SKTM-{number}"))
        (visit,) = save(session, kunjungan(katalog, id_, 1, dunia.unit["pilang_rt1"]))
        (entry,) = save(session, riwayat(id_, 1, f"kunci-{number}"))
        save(
            session,
            Lampiran(
                berkas_id=id_,
                nama="foto.jpg",
                ukuran_bytes=10,
                mime="image/jpeg",
                sha256="0" * 64,
                kunci=f"acak-{number}",
            ),
            Surat(
                berkas_id=id_,
                wilayah_asal_id=origin,
                unit_id=dunia.unit["pilang"],
                tahun=2026,
                nomor=number,
                nomor_surat=f"400/{number}",
                data={},
            ),
            BerkasPersyaratan(berkas_id=id_, persyaratan_id=katalog.persyaratan),
            EskalasiTerjadi(berkas_id=id_, kunjungan_id=visit, eskalasi_id=rung, waktu=SENIN),
            KotakKeluar(berkas_id=id_, riwayat_id=entry, penerima="2", kanal="aplikasi"),
        )
        ids[unit] = id_
    return ids


def owners(session, model):
    """Berkas ids of all rows of the model that the session may read."""
    column = model.id if model is Berkas else model.berkas_id
    found = set(session.scalars(select(column)))
    count = session.scalar(select(func.count()).select_from(model))
    assert count == len(found)
    return found


@pytest.mark.parametrize("model", FOR_OFFICERS)
def test_a_child_belongs_to_the_origin_of_its_berkas_not_to_its_desk(
    session, dunia, berkas_ids, model
):
    act_as(session, dunia, ("ketua_rt", "pilang_rt1"))
    assert owners(session, model) == {berkas_ids["pilang_rt1"]}
    act_as(session, dunia, ("ketua_rt", "pilang_rt2"))
    assert owners(session, model) == {berkas_ids["pilang_rt2"]}


@pytest.mark.parametrize("model", FOR_AUDITOR)
def test_an_auditor_of_the_kecamatan_reads_all_and_nobody_reads_nothing(
    session, dunia, berkas_ids, model
):
    act_as(session, dunia, ("auditor", "kademangan"))
    assert owners(session, model) == set(berkas_ids.values())
    act_as(session, dunia)
    assert owners(session, model) == set()


@pytest.mark.parametrize("model", FOR_AUDITOR)
def test_a_lurah_of_another_kelurahan_reads_nothing(session, dunia, berkas_ids, model):
    act_as(session, dunia, ("lurah", "ketapang"))
    assert owners(session, model) == set()


def test_a_foreign_child_is_not_found_by_its_id(session, dunia, berkas_ids):
    act_as(session, dunia, ("ketua_rt", "pilang_rt1"))
    foreign = session.scalar(select(Riwayat.id).where(Riwayat.kunci == "kunci-2"))
    assert foreign is None
    assert session.get(Riwayat, 2) is None


def test_nobody_writes_the_work_through_a_scoped_session(session, dunia, katalog, berkas_ids):
    act_as(session, dunia, ("admin_kecamatan", "kademangan"))
    session.get_one(Berkas, berkas_ids["pilang_rt1"]).nama_pemohon = "Lain"
    with pytest.raises(BangkitError):
        session.flush()
    session.rollback()
    session.add(riwayat(berkas_ids["pilang_rt1"], 2, "baru"))
    with pytest.raises(BangkitError):
        session.flush()
