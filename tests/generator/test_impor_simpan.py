"""What an import writes: all at once or nothing, into one's own area, with history and undo."""

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.errors import BangkitError, DataBerubahError
from app.generator.describe import describe_all
from app.models import discover
from app.models.bulk import insert_rows
from app.models.catatan_impor import BarisImpor, CatatanImpor, StatusImpor
from app.models.engine import writing
from app.models.keluarga import Keluarga
from app.models.penduduk import Penduduk
from app.models.pengguna import Pengguna
from app.models.perubahan import Perubahan
from app.models.policy import bind_pelaku, unscoped
from app.models.referensi import Referensi
from app.services.impor import ubah, urungkan
from app.services.pelaku import load_pelaku
from config import PROJECT
from tests.conftest import Portal
from tests.generator.impor import RT, TITLES, Pengimpor, as_csv, find, warga


@pytest.fixture(scope="module")
def admin(app: Flask, portal: Portal) -> Pengimpor:
    return Pengimpor(app, portal.engine, "admin")


def undo(portal: Portal, impor_id: int, username: str = "admin") -> int:
    with writing(), Session(portal.engine) as session:
        with unscoped(session, "uji mencari akun"):
            id_ = session.scalars(select(Pengguna.id).where(Pengguna.username == username)).one()
            pelaku = load_pelaku(session, id_, datetime.now(UTC))
        assert pelaku is not None
        bind_pelaku(session, pelaku)
        entry = session.scalars(select(CatatanImpor).where(CatatanImpor.id == impor_id)).one()
        ubah(session, entry, status=StatusImpor.SELESAI)
        done = urungkan(session, pelaku, entry, datetime.now(UTC))
        session.commit()
    return done


def total(portal: Portal, model: type = Penduduk) -> int:
    with Session(portal.engine) as session, unscoped(session, "uji menghitung"):
        return session.scalar(select(func.count()).select_from(model)) or 0


def test_the_same_file_again_changes_nothing(admin: Pengimpor, portal: Portal) -> None:
    isi = as_csv([warga(n) for n in range(1, 6)])
    first, _ = admin.take(isi)
    again, id_ = admin.take(isi)
    assert (first.baru, again.sama, again.baru + again.berubah) == (5, 5, 0)
    with Session(portal.engine) as session:
        query = select(func.count()).where(BarisImpor.impor_id == id_)
        assert session.scalar(query) == 0


def test_a_changed_row_shows_old_and_new_and_an_empty_cell_changes_nothing(
    admin: Pengimpor, portal: Portal
) -> None:
    isi = as_csv([warga(1, nama="Nama Baru", alamat="", agama="KATHOLIK")])
    trial, _ = admin.take(isi, dry=True)
    expected = [("Nama lengkap", "Warga 1", "Nama Baru"), ("Agama", "Islam", "Katolik")]
    assert trial.changes == [(2, expected)]
    row = find(portal.engine, "3574994101900001")
    assert row is not None
    assert row.nama == "Warga 1"
    report, id_ = admin.take(isi)
    row = find(portal.engine, "3574994101900001")
    assert row is not None
    assert (report.berubah, row.nama, row.alamat, row.revisi) == (1, "Nama Baru", "Jl. Uji 1", 2)
    with Session(portal.engine) as session, unscoped(session, "uji membaca riwayat"):
        query = select(Perubahan.isi).where(
            Perubahan.tindakan == "impor", Perubahan.baris_id == row.id, Perubahan.jumlah == 1
        )
        assert session.scalars(query.order_by(Perubahan.id.desc())).first() == {
            "nama": ["Warga 1", "Nama Baru"],
            "agama": ["islam", "katolik"],
        }
    assert undo(portal, id_) == 1
    row = find(portal.engine, "3574994101900001")
    assert row is not None
    assert (row.nama, row.agama) == ("Warga 1", "islam")


def test_an_undo_takes_new_rows_away_but_not_from_under_somebody(
    admin: Pengimpor, portal: Portal
) -> None:
    before = total(portal)
    _, id_ = admin.take(as_csv([warga(n) for n in range(21, 24)]))
    assert (undo(portal, id_), total(portal)) == (3, before)
    _, id_ = admin.take(as_csv([warga(n) for n in range(31, 33)]))
    with Session(portal.engine) as session, unscoped(session, "uji mengubah"):
        row = session.scalars(select(Penduduk).where(Penduduk.nama == "Warga 31")).one()
        row.alamat = "Jl. Lain"
        session.commit()
    with pytest.raises(DataBerubahError) as refused:
        undo(portal, id_)
    assert refused.value.params == {"jumlah": 1, "nama": "Warga 31"}
    assert total(portal) == before + 2


def test_an_undo_names_what_has_come_to_depend_on_the_rows(
    admin: Pengimpor, portal: Portal
) -> None:
    titles = ("Nomor KK", "Kepala keluarga", "Alamat", "RT")
    isi = as_csv([["3574990101209901", "Warga 41", "Jl. Uji", RT]], titles)
    _, id_ = admin.take(isi, "Keluarga")
    kk = as_csv([[*warga(41), "3574990101209901"]], (*TITLES, "No. KK"))
    report, _ = admin.take(kk)
    assert (report.baru, total(portal, Keluarga) > 0) == (1, True)
    with pytest.raises(BangkitError) as refused:
        undo(portal, id_)
    assert refused.value.params == {"jumlah": 1, "label": "Penduduk"}


def test_a_code_list_is_imported_by_its_two_keys(admin: Pengimpor, portal: Portal) -> None:
    titles = ("Daftar", "Kode", "Nama", "Urutan", "Aktif")
    rows = [["Pekerjaan", "900", "Pawang Hujan", "900", "Ya"], ["pekerjaan", "1", "", "7", "tidak"]]
    report, id_ = admin.take(as_csv(rows, titles), "Referensi")
    assert (report.baru, report.berubah, report.problems) == (1, 1, [])
    with Session(portal.engine) as session:
        query = select(Referensi.nama, Referensi.urutan, Referensi.aktif)
        row = session.execute(query.where(Referensi.daftar == "pekerjaan", Referensi.kode == "1"))
        assert tuple(row.one())[1:] == (7, False)
    assert undo(portal, id_) == 2


def test_a_row_that_only_the_database_refuses_is_found_among_the_others(
    admin: Pengimpor, portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = "3574994101900001"

    def sneak(session: Session, table: object, names: list[str], rows: list[list[object]]) -> None:
        # Somebody else takes the number between the check and the write.
        for row in rows:
            if "Penyusup" in row:
                row[names.index("nik")] = taken
        insert_rows(session, table, names, rows)  # type: ignore[arg-type]

    monkeypatch.setattr("app.generator.imports.run.insert_rows", sneak)
    rows = [warga(n, **({"nama": "Penyusup"} if n == 57 else {})) for n in range(51, 61)]
    report, _ = admin.take(as_csv(rows), skip=True)
    assert (report.baru, [(p.row, p.column) for p in report.problems]) == (9, [(8, "NIK")])


def test_whoever_may_import_may_see_the_record_of_it() -> None:
    access = CatatanImpor.screen.access
    for spec in describe_all(discover()).values():
        for peran, granted in spec.screen.access.items():
            assert "import" not in granted.split() or "list" in access[peran].split(), peran


SLOW = """
import sys
from pathlib import Path
from app import create_app
from config import load_config
from tests.generator.impor import Pengimpor, as_csv, warga
app = create_app(load_config({"DATABASE_URL": sys.argv[1]}, Path(sys.argv[2])))
with app.app_context():
    engine = app.extensions["sqlalchemy"].engine
import app.generator.imports.run as run
write = run.insert_rows
def told(*args):
    write(*args)
    print("written", flush=True)
run.insert_rows, run.BATCH = told, 100
Pengimpor(app, engine, "admin").take(as_csv([warga(n) for n in range(1000, 9000)]))
print("done", flush=True)
"""


def test_a_kill_in_the_middle_leaves_nothing(portal: Portal, app: Flask, tmp_path: Path) -> None:
    before = total(portal)
    command = [sys.executable, "-c", SLOW, portal.url, str(tmp_path)]
    environment = {**os.environ, "PYTHONPATH": str(PROJECT)}
    with subprocess.Popen(
        command, cwd=PROJECT, env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        for _ in range(3):
            assert process.stdout.readline() == "written\n"
        process.send_signal(signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL
    for _ in range(50):
        if total(portal) == before:
            break
        time.sleep(0.1)
    assert total(portal) == before
    with Session(portal.engine) as session:
        assert session.scalar(select(func.max(BarisImpor.impor_id))) is not None
        notes = select(func.count()).where(BarisImpor.tindakan == "tambah")
        held = select(func.count()).select_from(Penduduk.__table__)
        assert (session.scalar(notes) or 0) <= (session.connection().execute(held).scalar() or 0)


def test_a_file_of_opensid_gives_families_by_their_heads_then_residents(
    admin: Pengimpor, portal: Portal
) -> None:
    titles = [
        "alamat",
        "rw",
        "rt",
        "nama",
        "no_kk",
        "nik",
        "sex",
        "tempatlahir",
        "tanggallahir",
        "agama_id",
    ]
    titles += ["status_kawin", "kk_level", "warganegara_id", "kelurahan", "status_dasar"]
    kk, born = "3574990101209955", "1990-01-01"
    rows = [
        ["Jl. A", "2", "1", "IBU", kk, f"357499410190{n}", "2", "MALANG", born, "3", "2", level]
        + ["1", "PILANG", dasar]
        for n, level, dasar in (("9961", "1", "1"), ("9962", "3", "6"))
    ]
    families, _ = admin.take(as_csv(rows, titles), "Keluarga")
    assert (families.baru, families.problems) == (1, [])
    report, _ = admin.take(as_csv(rows, titles))
    assert (report.baru, report.problems) == (2, [])
    row = find(portal.engine, "3574994101909962")
    assert row is not None
    assert (row.agama, row.status_kawin, row.shdk) == ("katolik", "kawin", "istri")
    assert (row.status_dasar, row.keluarga_id is not None) == ("pergi", True)
