"""Pekerjaan through the services: claimed once, ended once, told truly, and theirs alone."""

import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import Engine, func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.errors import BangkitError, DataTidakValidError, TidakDitemukanError
from app.models.engine import transaction
from app.models.hari_libur import HariLibur, JenisLibur
from app.models.pekerjaan import Pekerjaan, StatusPekerjaan
from app.models.pelaku import Pelaku
from app.models.policy import unscoped
from app.services import pekerjaan
from app.services.antrean_kerja import Ambilan, akhiri, ambil
from app.services.kerja import Kerja, TerhentiError
from app.services.lampiran import open_store
from app.services.pelaksana import MOST, Irama, Pelaksana
from app.services.simpanan_kerja import simpan
from tests.conftest import Portal
from tests.services.bengkel import run_until_ended
from tests.walk import act_as

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
NIK = "3574019909990001"


@pytest.fixture
def engine(portal: Portal, app: Flask) -> Engine:
    return portal.engine


@pytest.fixture
def place(tmp_path: Path) -> object:
    return open_store(str(tmp_path))


def asked(engine: Engine, jenis: str = "uji", siapa: str = "camat", **data: Any) -> int:
    with transaction(engine) as session:
        pelaku = act_as(session, siapa, NOW)
        return pekerjaan.mulai(
            session, pelaku, NOW, jenis=jenis, judul="Uji", data=data, bahasa="id"
        )


def who(engine: Engine, siapa: str = "camat") -> Pelaku:
    with Session(engine) as session:
        return act_as(session, siapa, NOW)


def seen(engine: Engine, id_: int, now: datetime = NOW, siapa: str = "camat") -> Any:
    with Session(engine) as session:
        return pekerjaan.baca(session, who(engine, siapa), now, id_)


def row(engine: Engine, id_: int) -> Pekerjaan:
    with Session(engine) as session, unscoped(session, "uji membaca", keep=True):
        found = session.get(Pekerjaan, id_)
        assert found is not None
        session.expunge(found)
        return found


def run_all(engine: Engine, place: object, handler: Callable[[Kerja], None], id_: int) -> None:
    """Let a worker run until this pekerjaan has ended."""
    irama = Irama(jeda=0.01, denyut=0.01)
    run_until_ended(Pelaksana(engine, place, lambda: NOW, {"uji": handler}, irama=irama), id_)


def taken(engine: Engine, mati: datetime = NOW) -> Ambilan | None:
    with transaction(engine) as session:
        return ambil(session.connection(), f"uji:{uuid4()}", NOW, mati)


def kerja_of(engine: Engine, place: object, ambilan: Ambilan) -> Kerja:
    return Kerja(engine, place, lambda: NOW, ambilan, who(engine), threading.Event())


def libur_count(engine: Engine, nama: str) -> int:
    with Session(engine) as session:
        query = select(func.count()).select_from(HariLibur).where(HariLibur.nama == nama)
        return session.scalar(query) or 0


def test_a_pekerjaan_is_lost_or_kept_with_the_request_that_asked(engine: Engine) -> None:
    with Session(engine) as session:
        pelaku = act_as(session, "camat", NOW)
        facts = {"jenis": "uji", "judul": "Uji", "data": {}, "bahasa": "id"}
        id_ = pekerjaan.mulai(session, pelaku, NOW, **facts)  # type: ignore[arg-type]
        session.rollback()
    with pytest.raises(TidakDitemukanError):
        seen(engine, id_)


def test_its_end_is_told_and_its_result_is_fetched_for_a_day(engine: Engine, place: object) -> None:
    key = simpan(place, [b"isi ", b"masukan"])

    def handler(kerja: Kerja) -> None:
        kerja.progress(1, 2)
        text = b"".join(kerja.open(kerja.data["masukan"]))
        kerja.keep("hasil.csv", [text, b"!"])
        with kerja.session(writes=True) as session:
            kerja.finish(session, "%(n)s baris.", n=2)

    id_ = asked(engine, masukan=key)
    assert seen(engine, id_).status == StatusPekerjaan.MENUNGGU
    run_all(engine, place, handler, id_)
    ringkasan = seen(engine, id_)
    assert (ringkasan.status, ringkasan.pesan, ringkasan.pesan_data, ringkasan.jumlah) == (
        *("selesai", "%(n)s baris.", {"n": 2}, 2),
    )
    with Session(engine) as session:
        name, blocks = pekerjaan.unduh(session, who(engine), NOW, place, id_)
        assert (name, b"".join(blocks)) == ("hasil.csv", b"isi masukan!")
        later = NOW + timedelta(days=1)
        with pytest.raises(TidakDitemukanError):
            pekerjaan.unduh(session, who(engine), later, place, id_)
        with pytest.raises(TidakDitemukanError):
            pekerjaan.unduh(session, who(engine, "lurah.pilang"), NOW, place, id_)
    assert pekerjaan.bersihkan(engine, place, later) == 1
    assert (row(engine, id_).data, row(engine, id_).hasil) == ({}, None)
    with pytest.raises(FileNotFoundError):
        list(kerja_of(engine, place, taken_like(id_)).open(key))
    assert pekerjaan.bersihkan(engine, place, later) == 0


def taken_like(id_: int) -> Ambilan:
    return Ambilan(id_, "uji", {}, "id", 1, 0, 1, "uji")


def test_only_the_person_who_asked_sees_it(engine: Engine) -> None:
    id_ = asked(engine)
    for call in (pekerjaan.baca, pekerjaan.batalkan):
        with Session(engine) as session, pytest.raises(TidakDitemukanError):
            call(session, who(engine, "sekcam"), NOW, id_)
    with Session(engine) as session:
        mine = pekerjaan.list_pekerjaan(session, who(engine), NOW)
        assert id_ in [r.id for r in mine]
        assert id_ not in [
            r.id for r in pekerjaan.list_pekerjaan(session, who(engine, "sekcam"), NOW)
        ]
    cancel(engine, id_)


def cancel(engine: Engine, id_: int) -> bool:
    with transaction(engine) as session:
        return pekerjaan.batalkan(session, who(engine), NOW, id_)


def test_a_cancelled_run_stops_and_leaves_no_effect(engine: Engine, place: object) -> None:
    id_ = asked(engine)
    ambilan = taken(engine)
    assert ambilan is not None
    assert ambilan.id == id_
    kerja = kerja_of(engine, place, ambilan)
    assert cancel(engine, id_)
    with pytest.raises(TerhentiError):
        kerja.progress(1)
    nama = "Libur yang dibatalkan"
    with kerja.session(writes=True) as session:
        add_libur(session, nama)
        with pytest.raises(TerhentiError):
            kerja.finish(session, "Selesai.")
    assert libur_count(engine, nama) == 0
    assert seen(engine, id_).status == "dibatalkan"
    assert not cancel(engine, id_), "what has ended cannot be cancelled"


def add_libur(session: Session, nama: str) -> None:
    with unscoped(session, "uji menambah libur"):
        session.add(HariLibur(tanggal=NOW.date(), nama=nama, jenis=next(iter(JenisLibur))))


def test_who_was_taken_for_dead_can_end_nothing(engine: Engine, place: object) -> None:
    id_ = asked(engine)
    first = taken(engine)
    assert taken(engine) is None, "a heartbeat in time holds it"
    second = taken(engine, mati=NOW + timedelta(seconds=1))
    assert first is not None
    assert second is not None
    assert (second.id, second.percobaan) == (id_, 2)
    nama = "Libur dari yang mati"
    slow = kerja_of(engine, place, first)
    with slow.session(writes=True) as session:
        add_libur(session, nama)
        with pytest.raises(TerhentiError):
            slow.finish(session, "Selesai.")
    assert libur_count(engine, nama) == 0
    cancel(engine, id_)


def test_an_error_for_people_is_shown_in_its_words(engine: Engine, place: object) -> None:
    errors: dict[BangkitError, tuple[str, dict[str, Any]]] = {
        BangkitError("Berkas %(n)s rusak.", n=3): ("Berkas %(n)s rusak.", {"n": 3}),
        DataTidakValidError({"nama": "Wajib diisi."}): ("Wajib diisi.", {}),
    }
    for error, wanted in errors.items():

        def handler(kerja: Kerja, error: BangkitError = error) -> None:
            raise error

        id_ = asked(engine)
        run_all(engine, place, handler, id_)
        found = seen(engine, id_)
        assert (found.status, found.pesan, found.pesan_data) == ("gagal", *wanted)


def test_an_error_of_the_program_names_its_number_and_logs_no_value(
    engine: Engine, place: object, caplog: pytest.LogCaptureFixture
) -> None:
    def handler(kerja: Kerja) -> None:
        raise KeyError(NIK)

    id_ = asked(engine)
    with caplog.at_level(logging.INFO):
        run_all(engine, place, handler, id_)
    found = seen(engine, id_)
    assert found.status == "gagal"
    assert found.pesan_data == {"nomor": id_}
    assert f"pekerjaan {id_} (uji): KeyError" in caplog.text
    assert "test_pekerjaan.py" in caplog.text
    assert NIK not in caplog.text + found.pesan


def test_a_handler_that_forgets_to_finish_fails(engine: Engine, place: object) -> None:
    id_ = asked(engine)
    run_all(engine, place, lambda kerja: None, id_)
    assert seen(engine, id_).status == "gagal"


def test_a_lock_that_was_not_had_is_tried_again(engine: Engine, place: object) -> None:
    runs = []

    def handler(kerja: Kerja) -> None:
        runs.append(1)
        if len(runs) < 3:
            raise OperationalError("SELECT 1", {}, Exception("locked"))
        with kerja.session(writes=True) as session:
            kerja.finish(session, "Selesai.")

    id_ = asked(engine)
    run_all(engine, place, handler, id_)
    assert (seen(engine, id_).status, len(runs)) == ("selesai", 3)


def test_poison_is_given_up(engine: Engine, place: object) -> None:
    id_ = asked(engine)
    for n in range(MOST):
        ambilan = taken(engine, mati=NOW + timedelta(seconds=1))
        assert ambilan is not None
        assert ambilan.percobaan == n + 1
    with transaction(engine) as session, unscoped(session, "uji"):
        session.get_one(Pekerjaan, id_).denyut = NOW - timedelta(hours=1)
    run_all(engine, place, pytest.fail, id_)
    found = seen(engine, id_)
    assert found.status == "gagal"
    assert found.pesan_data == {"kali": MOST, "nomor": id_}


def test_batches_go_on_where_the_last_one_was_committed(engine: Engine, place: object) -> None:
    id_, ran = asked(engine), []

    def handler(kerja: Kerja) -> None:
        for n in range(kerja.done, 3):
            with kerja.session(writes=True) as session:
                ran.append(n)
                kerja.step(session, n + 1, 3)
            if ran == [0, 1]:
                raise OperationalError("SELECT 1", {}, Exception("the database went away"))
        with kerja.session(writes=True) as session:
            kerja.finish(session, "Selesai.")

    run_all(engine, place, handler, id_)
    assert ran == [0, 1, 2]
    assert (row(engine, id_).tercatat, row(engine, id_).jumlah) == (3, 3)


def test_a_worker_that_stops_gives_its_run_back_uncounted(engine: Engine, place: object) -> None:
    id_, stop = asked(engine), threading.Event()

    def handler(kerja: Kerja) -> None:
        stop.set()
        kerja.progress(1)
        pytest.fail("it went on")

    assert Pelaksana(engine, place, lambda: NOW, {"uji": handler}).run(stop)
    assert (row(engine, id_).status, row(engine, id_).percobaan) == ("menunggu", 0)
    cancel(engine, id_)


def test_nobody_piles_up_more_than_a_few(engine: Engine) -> None:
    ids = [asked(engine, siapa="sekcam") for _ in range(pekerjaan.MOST_OPEN)]
    with pytest.raises(BangkitError, match="belum selesai"):
        asked(engine, siapa="sekcam")
    pelaku = who(engine, "sekcam")
    with transaction(engine) as session:
        assert all(pekerjaan.batalkan(session, pelaku, NOW, id_) for id_ in ids)


def test_what_has_ended_cannot_end_again(engine: Engine) -> None:
    id_ = asked(engine)
    ambilan = taken(engine)
    assert ambilan is not None
    with transaction(engine) as session:
        assert akhiri(session.connection(), ambilan, StatusPekerjaan.GAGAL, NOW, pesan="Tutup.")
        assert not akhiri(session.connection(), ambilan, StatusPekerjaan.SELESAI, NOW)
    assert seen(engine, id_).pesan == "Tutup."
