"""Periksa finds what somebody changed behind the portal's back, and nothing where all is whole."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.errors import DataBerubahError
from app.models.berkas import Berkas
from app.models.policy import unscoped
from app.models.riwayat import Riwayat
from app.routing import JenisAksi
from app.services.antrean import load_halaman
from app.services.berkas import tindak_sistem
from app.services.lampiran import Unggahan, attach, open_store, store
from app.services.periksa import periksa
from app.services.sidik import DIHAPUS, first_break
from tests.conftest import Portal
from tests.models_berkas.contoh import run_triggers
from tests.services.test_berkas import status_of
from tests.walk import PENGAJU, SENIN, act_as, file_sktm, take, walk

CATATAN = "Foto rumah buram sekali"
Temuan = list[str]
Cek = Callable[[], Temuan]


@pytest.fixture
def place(tmp_path: Path) -> object:
    return open_store(str(tmp_path))


@pytest.fixture
def berkas_id(session: Session) -> int:
    """One that was returned, corrected nowhere, and another that was finished."""
    selesai = file_sktm(session)
    walk(session, selesai)
    dikembalikan = file_sktm(session)
    walk(session, dikembalikan, 0, 3)
    facts = {"alasan": "tidak_lengkap", "catatan": CATATAN}
    take(session, "kasi.kesos.pilang", dikembalikan, JenisAksi.KEMBALIKAN, **facts)
    return selesai


@pytest.fixture
def rusak(session: Session) -> Iterator[Callable[..., None]]:
    """Write raw SQL as somebody with the password of the database would; undone after."""

    def write(statement: str, **values: object) -> None:
        run_triggers(session.connection(), "drop_statements")
        assert session.execute(text(statement), values).rowcount >= 1
        run_triggers(session.connection(), "trigger_statements")
        session.expunge_all()

    yield write
    session.rollback()


@pytest.fixture
def cek(session: Session, place: object) -> Cek:
    return lambda: [str(temuan) for temuan in periksa(session, place, SENIN)]


def test_whole_berkas_have_no_finding(session: Session, berkas_id: int, cek: Cek) -> None:
    assert cek() == []


def test_undo_claims_and_moves_leave_no_finding(session: Session, cek: Cek) -> None:
    berkas_id = file_sktm(session)
    take(session, PENGAJU, berkas_id, JenisAksi.AMBIL)
    take(session, PENGAJU, berkas_id, JenisAksi.SETUJUI)
    take(session, PENGAJU, berkas_id, JenisAksi.URUNGKAN, SENIN + timedelta(seconds=20))
    take(session, PENGAJU, berkas_id, JenisAksi.AMBIL)
    take(session, PENGAJU, berkas_id, JenisAksi.LEPAS)
    take(session, PENGAJU, berkas_id, JenisAksi.BATALKAN, catatan="Salah layanan")
    assert cek() == []


def test_an_imported_case_has_no_finding(session: Session, cek: Cek) -> None:
    template = file_sktm(session)
    with unscoped(session, "uji mengimpor berkas lama"):
        known = session.get_one(Berkas, template)
        columns = ("layanan_id", "versi_layanan_id", "nama_pemohon", "data_pemohon", "jalur")
        facts = {name: getattr(known, name) for name in (*columns, "isian", "wilayah_asal_id")}
        old = Berkas(nomor="LAMA-1", **facts)
        session.add(old)
        session.flush()
        old_id = old.id
    rincian = {"penutup": "selesai"}
    tindak_sistem(
        session, SENIN, berkas_id=old_id, jenis=JenisAksi.IMPOR, kunci="impor-1", rincian=rincian
    )
    session.commit()
    assert status_of(session, old_id) == "selesai"
    assert cek() == []


def test_batches_of_any_size_find_the_same_and_keep_nothing_in_memory(
    session: Session, berkas_id: int, rusak: Callable[..., None], cek: Cek, monkeypatch
) -> None:
    rusak("UPDATE berkas SET jumlah_kembali = jumlah_kembali + 1")
    whole = cek()
    assert len(whole) == session.scalar(text("SELECT count(*) FROM berkas")) > 1
    for size in (1, 2, 3):
        monkeypatch.setattr("app.services.periksa.BATCH", size)
        assert cek() == whole
        assert len(session.identity_map) == 0


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("UPDATE riwayat SET nama = 'Orang Lain' WHERE berkas_id = :id AND nomor = 3", "urutan 3"),
        ("UPDATE riwayat SET catatan = 'Lain' WHERE berkas_id = :id AND nomor = 2", "urutan 2"),
        ("UPDATE riwayat SET jabatan = 'Lurah' WHERE berkas_id = :id AND nomor = 2", "urutan 2"),
        ("UPDATE riwayat SET sidik = 'x' WHERE berkas_id = :id AND nomor = 1", "urutan 1"),
        (
            "UPDATE riwayat SET waktu = '2026-11-22 01:00:00' WHERE berkas_id = :id AND nomor = 5",
            "urutan 5",
        ),
        ("UPDATE berkas SET status = 'diproses', waktu_selesai = NULL WHERE id = :id", "status"),
        ("UPDATE berkas SET jumlah_kembali = 2 WHERE id = :id", "jumlah kembali"),
        ("UPDATE berkas SET jalur = '{}' WHERE id = :id", "jalur"),
        ("UPDATE berkas SET batas_waktu = '2026-11-23 05:00:00' WHERE id = :id", "batas waktu"),
        (
            "UPDATE kunjungan SET status = 'dibatalkan' WHERE berkas_id = :id AND ke = 2",
            "kunjungan ke 2: status tersimpan dibatalkan, menurut riwayat disetujui",
        ),
        (
            "UPDATE kunjungan SET wilayah_id = wilayah_id + 1 WHERE berkas_id = :id AND ke = 1",
            "kunjungan ke 1: unit tersimpan",
        ),
        (
            "UPDATE kunjungan SET oleh_id = NULL WHERE berkas_id = :id AND ke = 9",
            "diputuskan oleh tersimpan (kosong)",
        ),
        (
            "UPDATE kunjungan SET sebab = 'naik' WHERE berkas_id = :id AND ke = 4",
            "sebab tersimpan naik",
        ),
        (
            "DELETE FROM kunjungan WHERE berkas_id = :id AND ke = 9",
            "kunjungan tersimpan 8, menurut riwayat 9",
        ),
        ("DELETE FROM surat WHERE berkas_id = :id", "tanpa surat"),
        ("UPDATE nomor_surat SET terakhir = terakhir + 1", "hitungan"),
    ],
)
def test_a_change_behind_the_portal_is_found(
    berkas_id: int, rusak: Callable[..., None], cek: Cek, statement: str, found: str
) -> None:
    rusak(statement, **({"id": berkas_id} if ":id" in statement else {}))
    temuan = cek()
    assert [t for t in temuan if found in t], temuan


def test_a_missing_event_is_found_and_stops_the_replay(
    session: Session, berkas_id: int, rusak: Callable[..., None], cek: Cek
) -> None:
    session.execute(text("DELETE FROM kotak_keluar WHERE berkas_id = :id"), {"id": berkas_id})
    rusak("DELETE FROM riwayat WHERE berkas_id = :id AND nomor = 4", id=berkas_id)
    temuan = cek()
    assert any("putus pada urutan 5" in t for t in temuan)
    assert any("tidak dapat diputar ulang" in t for t in temuan)


def test_the_last_event_cannot_vanish_unseen(
    session: Session, berkas_id: int, rusak: Callable[..., None], cek: Cek
) -> None:
    session.execute(text("DELETE FROM kotak_keluar WHERE berkas_id = :id"), {"id": berkas_id})
    rusak("DELETE FROM riwayat WHERE berkas_id = :id AND nomor = 10", id=berkas_id)
    assert any("status tersimpan selesai" in t for t in cek())


def test_erasing_personal_texts_keeps_the_chain(
    session: Session, berkas_id: int, rusak: Callable[..., None], cek: Cek
) -> None:
    rusak(f"UPDATE riwayat SET nama = '{DIHAPUS}'")
    rusak(f"UPDATE riwayat SET catatan = '{DIHAPUS}' WHERE catatan IS NOT NULL")
    assert cek() == []


def test_no_personal_text_stands_in_isi(session: Session, berkas_id: int) -> None:
    with unscoped(session, "uji membaca riwayat"):
        rows = session.scalars(select(Riwayat)).all()
        assert any(row.catatan == CATATAN for row in rows)
        for row in rows:
            assert CATATAN not in str(row.isi)
            assert row.nama not in str(row.isi)


def test_the_same_text_has_another_hash_in_each_row(session: Session, berkas_id: int) -> None:
    with unscoped(session, "uji membaca riwayat"):
        rows = session.scalars(select(Riwayat).where(Riwayat.jenis == "ajukan")).all()
    hashes = [row.isi["sidik_teks"]["nama"] for row in rows]
    assert len({row.nama for row in rows}) == 1
    assert len(set(hashes)) == len(hashes) > 1


def test_a_lampiran_without_its_bytes_is_an_orphan(
    session: Session, berkas_id: int, place: object, tmp_path: Path, cek: Cek
) -> None:
    kept = store(place, Unggahan("surat.pdf", b"%PDF-1.4 contoh"), 10_000)
    with unscoped(session, "uji menambah lampiran"):
        attach(session, session.get_one(Berkas, berkas_id), kept)
    assert cek() == []
    (tmp_path / kept.kunci).write_bytes(b"%PDF")
    assert any("lampiran surat.pdf: isinya 4 byte" in t for t in cek())
    (tmp_path / kept.kunci).unlink()
    assert any("lampiran surat.pdf: isinya tidak ada" in t for t in cek())
    session.rollback()


def test_an_open_desk_at_a_unit_that_ended_is_an_orphan(
    session: Session, rusak: Callable[..., None], cek: Cek
) -> None:
    file_sktm(session)
    rusak("UPDATE wilayah SET tanggal_sampai = '2026-11-22' WHERE sebutan = 'RT 001/RW 002 Pilang'")
    assert any(t.startswith("yatim") and "sudah tidak berlaku" in t for t in cek())


def test_the_page_of_a_tampered_berkas_says_so_and_still_opens(
    session: Session, berkas_id: int, rusak: Callable[..., None]
) -> None:
    rusak(
        "UPDATE riwayat SET nama = 'Orang Lain' WHERE berkas_id = :id AND nomor = 3", id=berkas_id
    )
    act_as(session, "camat")
    halaman = load_halaman(session, berkas_id)
    assert first_break(halaman.riwayat) == 3


def test_the_command_prints_its_count_and_freezes_what_differs(
    app: Flask, portal: Portal, session: Session, berkas_id: int
) -> None:
    runner = app.test_cli_runner()
    whole = runner.invoke(args=["bangkit", "periksa"])
    assert whole.output.splitlines()[-1] == "0 beda, 0 yatim", whole.output
    assert whole.exit_code == 0
    open_id = file_sktm(session)
    session.execute(text("UPDATE berkas SET jumlah_kembali = 1 WHERE id = :id"), {"id": open_id})
    session.commit()
    found = runner.invoke(args=["bangkit", "periksa"])
    assert (found.exit_code, found.output.splitlines()[-1]) == (1, "1 beda, 0 yatim")
    assert runner.invoke(args=["bangkit", "periksa", "--bekukan"]).exit_code == 1
    with pytest.raises(DataBerubahError, match="dibekukan"):
        take(session, PENGAJU, open_id, JenisAksi.SETUJUI)
    session.rollback()
    assert status_of(session, open_id) == "diajukan"
    session.execute(text("UPDATE berkas SET jumlah_kembali = 0 WHERE id = :id"), {"id": open_id})
    session.commit()
    assert runner.invoke(args=["bangkit", "periksa"]).exit_code == 0


def test_the_schema_refuses_what_these_tests_had_to_drop_triggers_for(
    session: Session, berkas_id: int
) -> None:
    with pytest.raises(IntegrityError, match="hanya dapat ditambah"):
        session.execute(text("UPDATE riwayat SET nama = 'X'"))
    session.rollback()
