from itertools import count

import pytest
from sqlalchemy.exc import IntegrityError

from app import routing
from app.errors import DataTidakValidError
from app.models import discover
from app.models.berkas import Berkas, BerkasPersyaratan, StatusBerkas, SumberDipenuhi
from app.models.kunjungan import Kunjungan, Sebab, StatusKunjungan
from app.models.lampiran import Lampiran
from app.models.policy import unscoped
from app.models.riwayat import JenisRiwayat, Riwayat
from app.models.surat import Surat
from app.models.tahapan import AksiTahapan, JikaKosong
from tests.models.contoh import save
from tests.models_berkas.contoh import NIK, SENIN, berkas, kunjungan, riwayat, surat


@pytest.fixture
def berkas_id(session, dunia, katalog):
    return save(session, berkas(katalog, dunia.unit["pilang_rt1"], "SKTM-1"))[0]


def refused_by_database(session, *rows):
    with pytest.raises(IntegrityError) as caught:
        save(session, *rows)
    session.rollback()
    return str(caught.value.orig)


@pytest.mark.parametrize(
    ("model", "engine"),
    [
        (StatusBerkas, routing.Status),
        (StatusKunjungan, routing.StatusKunjungan),
        (Sebab, routing.Sebab),
        (AksiTahapan, routing.AKSI_TAHAPAN),
        (JikaKosong, routing.JikaKosong),
    ],
)
def test_codes_are_those_of_the_engine(model, engine):
    assert {member.value for member in model} == {member.value for member in engine}


def test_the_journal_knows_every_act_of_the_engine():
    assert {act.value for act in routing.JenisAksi} <= {jenis.value for jenis in JenisRiwayat}


@pytest.mark.parametrize("status", ["selesai", "ditolak", "dibatalkan", "kedaluwarsa"])
def test_a_closed_berkas_has_its_end_and_only_that(session, dunia, katalog, status):
    unit = dunia.unit["pilang_rt1"]
    assert "selesai_punya_waktu" in refused_by_database(
        session, berkas(katalog, unit, "A", status=status)
    )
    assert "selesai_punya_waktu" in refused_by_database(
        session, berkas(katalog, unit, "A", waktu_selesai=SENIN)
    )
    assert save(session, berkas(katalog, unit, "A", status=status, waktu_selesai=SENIN))


def test_nomor_registrasi_is_used_once(session, dunia, katalog, berkas_id):
    twin = berkas(katalog, dunia.unit["pilang_rt2"], "SKTM-1")
    assert "berkas.nomor" in refused_by_database(session, twin)


def test_a_berkas_takes_the_area_of_its_origin(session, dunia, berkas_id):
    with unscoped(session, "test"):
        row = session.get_one(Berkas, berkas_id)
        areas = (row.kecamatan_id, row.kelurahan_id, row.rw_id, row.rt_id)
    names = ("kademangan", "pilang", "pilang_rw2", "pilang_rt1")
    assert areas == tuple(dunia.unit[name] for name in names)


def test_at_most_one_visit_is_open(session, dunia, katalog, berkas_id):
    unit = dunia.unit["pilang"]
    (first,) = save(session, kunjungan(katalog, berkas_id, 1, unit))
    assert "kunjungan.berkas_id" in refused_by_database(
        session, kunjungan(katalog, berkas_id, 2, unit)
    )
    with unscoped(session, "test"):
        row = session.get_one(Kunjungan, first)
        row.status, row.waktu_ditutup = StatusKunjungan.DISETUJUI, SENIN
    session.commit()
    assert save(session, kunjungan(katalog, berkas_id, 2, unit))


def test_a_visit_number_is_used_once(session, dunia, katalog, berkas_id):
    closed = {"status": StatusKunjungan.DISETUJUI, "waktu_ditutup": SENIN}
    unit = dunia.unit["pilang"]
    save(session, kunjungan(katalog, berkas_id, 1, unit, **closed))
    twin = kunjungan(katalog, berkas_id, 1, unit, **closed)
    assert "kunjungan.berkas_id, kunjungan.ke" in refused_by_database(session, twin)


@pytest.mark.parametrize(
    ("unit", "facts", "constraint"),
    [
        ("pilang", {"status": "disetujui"}, "tertutup_punya_waktu"),
        ("pilang", {"waktu_ditutup": SENIN}, "tertutup_punya_waktu"),
        (None, {}, "meja_punya_unit"),
        ("pilang", {"status": "dilewati", "waktu_ditutup": SENIN}, "meja_punya_unit"),
        ("pilang", {"status": "diambil"}, "diambil_oleh_seseorang"),
    ],
)
def test_a_visit_that_contradicts_itself_is_refused(
    session, dunia, katalog, berkas_id, unit, facts, constraint
):
    row = kunjungan(katalog, berkas_id, 1, dunia.unit[unit] if unit else None, **facts)
    assert constraint in refused_by_database(session, row)


def test_a_visit_is_named_after_its_berkas(session, dunia, katalog, berkas_id):
    (id_,) = save(session, kunjungan(katalog, berkas_id, 1, dunia.unit["pilang"]))
    with unscoped(session, "test"):
        assert str(session.get(Kunjungan, id_)) == "SKTM-1 ke 1"


def test_a_skipped_step_is_a_visit_without_desk_and_with_a_cause(
    session, dunia, katalog, berkas_id
):
    closed = {"status": "dilewati", "waktu_ditutup": SENIN}
    row = kunjungan(katalog, berkas_id, 1, None, sebab=routing.Sebab.SURAT_PENGANTAR, **closed)
    (id_,) = save(session, row)
    with unscoped(session, "test"):
        assert session.get_one(Kunjungan, id_).sebab is Sebab.SURAT_PENGANTAR


def test_a_journal_number_and_a_key_are_used_once(session, dunia, katalog, berkas_id):
    (other,) = save(session, berkas(katalog, dunia.unit["pilang_rt2"], "SKTM-2"))
    save(session, riwayat(berkas_id, 1, "a"))
    assert "riwayat.nomor" in refused_by_database(session, riwayat(berkas_id, 1, "b"))
    assert "riwayat.kunci" in refused_by_database(session, riwayat(other, 1, "a"))


def test_the_journal_refuses_changes_before_the_database_does(session, berkas_id):
    (id_,) = save(session, riwayat(berkas_id, 1, "a"))
    with unscoped(session, "test", keep=True):
        session.get_one(Riwayat, id_).catatan = "lain"
        with pytest.raises(TypeError, match="append-only"):
            session.flush()
        session.rollback()
        session.delete(session.get_one(Riwayat, id_))
        with pytest.raises(TypeError, match="append-only"):
            session.flush()


def test_an_unknown_reason_is_refused(session, berkas_id):
    with pytest.raises(DataTidakValidError) as caught:
        save(session, riwayat(berkas_id, 1, "a", alasan_kode="malas"))
    assert set(caught.value.fields) == {"alasan_kode"}


def test_a_met_persyaratan_says_how_and_when(session, katalog, berkas_id):
    keys = {"berkas_id": berkas_id, "persyaratan_id": katalog.persyaratan, "dipenuhi": True}
    assert "dipenuhi_punya_sumber" in refused_by_database(session, BerkasPersyaratan(**keys))
    source = {"sumber": SumberDipenuhi.DICENTANG, "waktu": SENIN}
    save(session, BerkasPersyaratan(**keys, **source))
    assert "persyaratan_id" in refused_by_database(session, BerkasPersyaratan(**keys, **source))


def test_a_letter_number_is_used_once_per_unit_and_year(session, dunia, katalog):
    def letter(tahun, nomor):
        rt = dunia.unit["pilang_rt1"]
        (berkas_id,) = save(session, berkas(katalog, rt, f"SKTM-{next(numbers)}"))
        return surat(berkas_id, dunia.unit["pilang"], nomor, tahun=tahun, wilayah_asal_id=rt)

    numbers = count(1)
    save(session, letter(2026, 1), letter(2026, 2), letter(2027, 1))
    assert "surat.nomor" in refused_by_database(session, letter(2026, 1))
    assert "nomor_positif" in refused_by_database(session, letter(2026, 0))


def test_no_name_of_a_row_shows_the_nik(session, dunia, katalog, berkas_id):
    (visit,) = save(session, kunjungan(katalog, berkas_id, 1, dunia.unit["pilang"]))
    (entry,) = save(session, riwayat(berkas_id, 1, "a"))
    with unscoped(session, "test"):
        rows = [session.get(Berkas, berkas_id), session.get(Kunjungan, visit)]
        names = [str(row) for row in [*rows, session.get(Riwayat, entry)]]
    assert all(names)
    assert not any(NIK in name for name in names)


def test_personal_data_and_keys_stand_on_no_screen():
    for model, secret in {
        Berkas: {"data_pemohon", "isian", "jalur", "kode_lacak_hmac"},
        Riwayat: {"isi", "kunci"},
        Lampiran: {"kunci", "sha256"},
        Surat: {"data"},
    }.items():
        assert secret <= set(model.screen.hidden)


def test_the_work_is_read_only_on_its_screens():
    read_only = {"list", "show", "export"}
    names = {"Berkas", "BerkasPersyaratan", "Kunjungan", "Riwayat", "Lampiran", "Surat"}
    names |= {"NomorSurat", "EskalasiTerjadi", "KotakKeluar"}
    models = [model for model in discover() if model.__name__ in names]
    assert len(models) == len(names)
    for model in models:
        granted = {a for actions in model.screen.access.values() for a in actions.split()}
        assert granted <= read_only, model.__name__
