"""Raw SQL against the schema: letters, counters, ladders and open visits, on both databases."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.errors import DataTidakValidError
from app.models.eskalasi import Eskalasi, TindakanEskalasi
from app.models.surat import NomorSurat
from tests.models.contoh import build_dunia, save
from tests.models_berkas.contoh import (
    Katalog,
    berkas,
    build_katalog,
    kunjungan,
    publish,
    surat,
    tahapan,
    versi_layanan,
)


@pytest.fixture
def katalog(guarded: Session) -> Katalog:
    return build_katalog(guarded, build_dunia(guarded))


@pytest.fixture
def unit(guarded: Session) -> int:
    return guarded.scalar(text("SELECT id FROM wilayah WHERE tingkat = 'rt' ORDER BY id LIMIT 1"))


def run(session: Session, statement: str, **values: object) -> int:
    with session.begin_nested():
        return session.execute(text(statement), values).rowcount


def run_refused(session: Session, statement: str, **values: object) -> None:
    with pytest.raises(IntegrityError, match="tidak dapat diubah|hanya dapat ditambah"):
        run(session, statement, **values)


@pytest.fixture
def surat_id(guarded: Session, katalog: Katalog, unit: int) -> int:
    (berkas_id,) = save(guarded, berkas(katalog, unit, "SKTM-1"))
    return save(guarded, surat(berkas_id, unit, 1))[0]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE surat SET nomor = 2 WHERE id = :id",
        "UPDATE surat SET nomor_surat = 'lain' WHERE id = :id",
        "UPDATE surat SET tahun = 2027 WHERE id = :id",
        "UPDATE surat SET unit_id = (SELECT id FROM wilayah WHERE tingkat = 'kota') WHERE id = :id",
        "UPDATE surat SET data = '{}' WHERE id = :id",
        "DELETE FROM surat WHERE id = :id",
    ],
)
def test_a_numbered_letter_keeps_its_number_and_its_data(guarded, surat_id, statement):
    run_refused(guarded, statement, id=surat_id)
    assert guarded.scalar(text("SELECT nomor_surat FROM surat")) == "400/001/xxx/2026"


def test_a_letter_may_be_revoked_and_signed_again(guarded, surat_id):
    again = "UPDATE surat SET data = '{\"riwayat_nomor\": 9}' WHERE id = :id"
    assert run(guarded, again, id=surat_id) == 1
    run_refused(guarded, again.replace("9", "8"), id=surat_id)
    revoke = "UPDATE surat SET waktu_dicabut = '2026-11-25 01:00:00' WHERE id = :id"
    assert run(guarded, revoke, id=surat_id) == 1


def test_a_berkas_has_one_letter(guarded, surat_id, unit):
    berkas_id = guarded.scalar(text("SELECT berkas_id FROM surat"))
    with pytest.raises(IntegrityError), guarded.begin_nested():
        save(guarded, surat(berkas_id, unit, 2))
    guarded.rollback()
    assert guarded.scalar(text("SELECT count(*) FROM surat")) == 1


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE nomor_surat SET terakhir = 4",
        "UPDATE nomor_surat SET tahun = 2027",
        "DELETE FROM nomor_surat",
    ],
)
def test_a_counter_only_goes_up(guarded, katalog, unit, statement):
    save(guarded, NomorSurat(unit_id=unit, tahun=2026, terakhir=5))
    run_refused(guarded, statement)
    assert run(guarded, "UPDATE nomor_surat SET terakhir = 6") == 1


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE eskalasi SET pada_persen = 90 WHERE tahapan_id = :tahapan",
        "UPDATE eskalasi SET tahapan_id = :tahapan WHERE tahapan_id = :lain",
        "UPDATE eskalasi SET tahapan_id = :lain WHERE tahapan_id = :tahapan",
        "DELETE FROM eskalasi WHERE tahapan_id = :tahapan",
        (
            "INSERT INTO eskalasi (tahapan_id, pada_persen, tindakan, created_at, revisi)"
            " SELECT :tahapan, 9, tindakan, created_at, 1 FROM eskalasi WHERE tahapan_id = :lain"
        ),
    ],
)
def test_the_ladder_of_a_published_version_never_changes(guarded, katalog, statement):
    dunia_peran = guarded.scalar(text("SELECT peran_id FROM tahapan"))
    (konsep_id,) = save(guarded, versi_layanan(katalog.layanan, 2))

    class Dunia:
        peran = {"lurah": dunia_peran}

    (lain,) = save(guarded, tahapan(konsep_id, Dunia, 1, wajib=True))
    for number, step in enumerate((katalog.tahapan, lain)):
        rung = Eskalasi(tahapan_id=step, pada_persen=50 + number, tindakan="ingatkan")
        save(guarded, rung)
    with guarded.begin_nested() as trial:
        result = guarded.execute(text(statement), {"tahapan": katalog.tahapan, "lain": lain})
        assert result.rowcount == 1
        trial.rollback()
    publish(guarded, katalog)
    run_refused(guarded, statement, tahapan=katalog.tahapan, lain=lain)


def test_the_form_of_a_rung_says_that_a_published_version_is_fixed(guarded, katalog):
    publish(guarded, katalog)
    rung = Eskalasi(tahapan_id=katalog.tahapan, pada_persen=50, tindakan=TindakanEskalasi.INGATKAN)
    with pytest.raises(DataTidakValidError) as refused:
        save(guarded, rung)
    assert "tahapan_id" in refused.value.fields


def test_a_second_open_visit_is_refused(guarded, katalog, unit):
    (berkas_id,) = save(guarded, berkas(katalog, unit, "SKTM-1"))
    save(guarded, kunjungan(katalog, berkas_id, 1, unit))
    second = (
        "INSERT INTO kunjungan (berkas_id, ke, sebutan, tahapan_id, wilayah_id, status,"
        " waktu_dibuka, buka_atasan, created_at, revisi, waktu_ditutup)"
        " SELECT berkas_id, 2, sebutan, tahapan_id, wilayah_id, :status, waktu_dibuka,"
        " buka_atasan, created_at, 1, {closed} FROM kunjungan WHERE ke = 1"
    )
    with pytest.raises(IntegrityError, match="unique|UNIQUE"):
        run(guarded, second.format(closed="NULL"), status="menunggu")
    assert run(guarded, second.format(closed="waktu_dibuka"), status="disetujui") == 1
