from contextlib import nullcontext

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.models import append_only, discover
from app.models.base import HostModel
from app.models.layanan import Layanan
from app.models.perubahan import TindakanPerubahan, record_many
from app.models.versi_layanan import BagianVersi, StatusVersi, VersiLayanan
from tests.models.contoh import build_dunia, save
from tests.models_berkas.contoh import (
    Katalog,
    berkas,
    build_katalog,
    isian,
    load_migration,
    publish,
    riwayat,
    run_triggers,
    versi_layanan,
)


@pytest.fixture
def katalog(guarded: Session) -> Katalog:
    return build_katalog(guarded, build_dunia(guarded))


def run(session: Session, statement: str, **values: object) -> int:
    with session.begin_nested():
        return session.execute(text(statement), values).rowcount


def run_refused(session: Session, statement: str, **values: object) -> None:
    with pytest.raises(IntegrityError, match="tidak dapat diubah|hanya dapat ditambah"):
        run(session, statement, **values)


@pytest.mark.parametrize("statement", ["UPDATE perubahan SET isi = '{}'", "DELETE FROM perubahan"])
def test_perubahan_only_grows(guarded, katalog, statement):
    connection = guarded.connection()
    for trigger in load_migration("0007_perubahan").trigger_statements(connection.dialect.name):
        connection.exec_driver_sql(trigger)
    record_many(guarded, Layanan, [1, 2], TindakanPerubahan.IMPOR)
    run_refused(guarded, statement)
    assert guarded.scalar(text("SELECT max(sampai_id) FROM perubahan")) == 2


@pytest.mark.parametrize("statement", ["UPDATE riwayat SET nama = 'X'", "DELETE FROM riwayat"])
def test_riwayat_only_grows(guarded, katalog, statement):
    unit = guarded.scalar(text("SELECT id FROM wilayah WHERE tingkat = 'rt' LIMIT 1"))
    (berkas_id,) = save(guarded, berkas(katalog, unit, "SKTM-1"))
    save(guarded, riwayat(berkas_id, 1, "a"))
    save(guarded, riwayat(berkas_id, 2, "b"))
    run_refused(guarded, statement)
    assert guarded.scalar(text("SELECT count(*) FROM riwayat WHERE nama = 'Budi Contoh'")) == 2


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE versi_layanan SET sla_total_menit = 99 WHERE id = :versi",
        "UPDATE versi_layanan SET pengaju = '[\"lurah\"]' WHERE id = :versi",
        "UPDATE versi_layanan SET status = 'konsep' WHERE id = :versi",
        "UPDATE versi_layanan SET status = 'arsip', produk = 'Lain' WHERE id = :versi",
        "DELETE FROM versi_layanan WHERE id = :versi",
        "UPDATE tahapan SET sla_menit = 1 WHERE versi_layanan_id = :versi",
        "UPDATE isian SET label = 'Lain' WHERE versi_layanan_id = :versi",
        "UPDATE persyaratan SET wajib = NOT wajib WHERE versi_layanan_id = :versi",
        "DELETE FROM tahapan WHERE versi_layanan_id = :versi",
        "DELETE FROM isian WHERE versi_layanan_id = :versi",
        "DELETE FROM persyaratan WHERE versi_layanan_id = :versi",
    ],
)
def test_a_published_version_never_changes_but_a_konsep_may(guarded, katalog, statement):
    may = pytest.raises(IntegrityError) if "DELETE FROM versi" in statement else nullcontext()
    with may, guarded.begin_nested() as trial:  # the konsep still has parts, so it stays too
        assert guarded.execute(text(statement), {"versi": katalog.versi}).rowcount == 1
        trial.rollback()
    publish(guarded, katalog)
    run_refused(guarded, statement, versi=katalog.versi)


def test_a_published_version_may_only_be_archived(guarded, katalog):
    publish(guarded, katalog)
    versi = guarded.get_one(VersiLayanan, katalog.versi)
    versi.status = StatusVersi.ARSIP
    save(guarded, versi)
    run_refused(
        guarded, "UPDATE versi_layanan SET status = 'terbit' WHERE id = :v", v=katalog.versi
    )


def test_nothing_is_added_to_or_moved_into_or_out_of_a_published_version(guarded, katalog):
    (konsep_id,) = save(guarded, versi_layanan(katalog.layanan, 2))
    (isian_id,) = save(guarded, isian(konsep_id, "tujuan"))
    publish(guarded, katalog)
    move = "UPDATE isian SET versi_layanan_id = :v WHERE id = :i"
    run_refused(guarded, move, v=katalog.versi, i=isian_id)
    run_refused(guarded, move, v=konsep_id, i=katalog.isian)
    run_refused(
        guarded,
        "INSERT INTO isian (versi_layanan_id, urutan, kode, label, tipe, wajib, created_at, revisi)"
        " SELECT :v, 9, 'baru', label, tipe, wajib, created_at, 1 FROM isian WHERE id = :i",
        v=katalog.versi,
        i=isian_id,
    )


def test_a_konsep_with_its_parts_may_be_deleted(guarded, katalog):
    for table in ("tahapan", "isian", "persyaratan"):
        run(guarded, f"DELETE FROM {table} WHERE versi_layanan_id = :v", v=katalog.versi)
    assert run(guarded, "DELETE FROM versi_layanan WHERE id = :v", v=katalog.versi) == 1


def test_dropping_removes_every_trigger(guarded, katalog):
    publish(guarded, katalog)
    run_triggers(guarded.connection(), "drop_statements")
    assert run(guarded, "UPDATE tahapan SET sla_menit = 1") == 1
    run_triggers(guarded.connection(), "trigger_statements")
    run_refused(guarded, "UPDATE tahapan SET sla_menit = 2")


def test_the_triggers_know_all_their_tables_and_columns():
    migration = load_migration()
    models = discover()
    records = {m.__tablename__ for m in models if issubclass(m, append_only.AppendOnlyMixin)}
    parts = {m.__tablename__ for m in models if issubclass(m, BagianVersi)}
    columns = set(HostModel.metadata.tables["versi_layanan"].columns.keys())
    assert {*migration.RECORDS, "perubahan"} == records
    assert set(migration.PARTS) == parts
    assert {*migration.VERSION_COLUMNS, "status", "revisi"} == columns
