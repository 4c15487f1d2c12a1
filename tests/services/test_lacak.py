"""Lacak berkas: a code opens one berkas, tells posts and minutes, and nothing to anyone else."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import Connection, event
from sqlalchemy.orm import Session

from app.models.berkas import Berkas, StatusBerkas
from app.models.engine import writing
from app.models.kunjungan import StatusKunjungan
from app.models.policy import bind_pelaku, unscoped
from app.models.riwayat import Alasan
from app.routing import JenisAksi
from app.services import lacak as module
from app.services.kode_lacak import hmac_of, new_kode
from app.services.lacak import Lacak, lacak
from tests.walk import PENGAJU, SENIN, file_sktm, take, walk

KUNCI = "kunci rahasia untuk uji saja, cukup panjang"
LAMA_HARI = 90


def give_kode(session: Session, berkas_id: int) -> str:
    """Give a berkas a code as filing does; return the code."""
    kode = new_kode()
    with writing(), unscoped(session, "uji memberi kode lacak"):
        session.get_one(Berkas, berkas_id).kode_lacak_hmac = hmac_of(kode, KUNCI)
        session.commit()
    return kode


def ask(session: Session, kode: str, now: datetime = SENIN, kunci: str = KUNCI) -> Lacak | None:
    """Track as a visitor does: nobody is signed in."""
    bind_pelaku(session, None)
    return lacak(session, kode, now, secret_key=kunci, lama_hari=LAMA_HARI)


def found(session: Session, kode: str, now: datetime = SENIN) -> Lacak:
    answer = ask(session, kode, now)
    assert answer is not None
    return answer


@contextmanager
def statements(session: Session) -> Iterator[list[str]]:
    """Note every read the session sends."""
    seen: list[str] = []

    def note(
        connection: Connection, cursor: object, statement: str, parameters: object, *rest: object
    ) -> None:
        if statement.startswith("SELECT"):  # SQLite's own BEGIN counts for none
            seen.append(statement)

    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


def test_a_code_opens_its_berkas_however_it_is_typed(session: Session) -> None:
    kode = give_kode(session, file_sktm(session))
    other = give_kode(session, file_sktm(session))
    first = found(session, kode)
    assert first == found(session, kode.lower().replace("-", " "))
    assert first.layanan == "Surat Keterangan Tidak Mampu"
    assert (first.status, first.meja) == (StatusBerkas.DIAJUKAN, "Ketua RT 001/RW 002 Pilang")
    assert ask(session, kode, kunci="kunci lain yang sama panjangnya sekali") is None
    assert ask(session, other) is not None


def test_it_tells_the_post_the_steps_done_and_the_minutes(session: Session) -> None:
    berkas_id = file_sktm(session)
    kode = give_kode(session, berkas_id)
    walk(session, berkas_id, stop=3)  # the third act is taken at 09.02
    now = found(session, kode, SENIN + timedelta(minutes=5))
    assert now.meja == "Kepala Seksi Kesejahteraan Sosial Kelurahan Pilang"
    done = [step.status for step in now.langkah]
    assert done == [*["disetujui"] * 3, StatusKunjungan.MENUNGGU, *[None] * 5]
    assert (now.terpakai_menit, now.janji_menit, now.sisa_menit) == (5, 35, 1)
    late = found(session, kode, SENIN + timedelta(minutes=10))
    assert (late.terpakai_menit, late.sisa_menit) == (10, -4)
    assert (now.is_terlambat, late.is_terlambat) == (False, True)


def test_the_promise_does_not_run_at_night(session: Session) -> None:
    kode = give_kode(session, file_sktm(session))
    evening, morning = SENIN + timedelta(hours=14), SENIN + timedelta(hours=20)
    assert (
        found(session, kode, evening).terpakai_menit == found(session, kode, morning).terpakai_menit
    )


def test_it_names_nobody_and_holds_no_number(session: Session) -> None:
    berkas_id = file_sktm(session)
    kode = give_kode(session, berkas_id)
    walk(session, berkas_id, stop=2)
    text = str(asdict(found(session, kode)))
    with unscoped(session, "uji membaca yang dirahasiakan"):
        berkas = session.get_one(Berkas, berkas_id)
        secret = {berkas.nomor, berkas.nama_pemohon, *map(str, berkas.data_pemohon.values())}
        secret |= {row.nama for row in berkas.riwayat}
    # The RT of a post is public; it is also a fact of the pemohon.
    for value in {s for s in secret if len(s) > 4} - {"RT 001/RW 002 Pilang"}:
        assert value not in text


def test_no_row_of_the_berkas_stays_for_a_screen_to_find(session: Session) -> None:
    kode = give_kode(session, file_sktm(session))
    session.expunge_all()
    assert ask(session, kode) is not None
    assert not [row for row in session if isinstance(row, Berkas)]


def test_a_returned_berkas_tells_where_to_go_and_why_but_not_the_note(session: Session) -> None:
    berkas_id = file_sktm(session)
    kode = give_kode(session, berkas_id)
    walk(session, berkas_id, stop=2)
    facts = {"catatan": "KTP Siti buram", "alasan": "tidak_lengkap"}
    returned = SENIN + timedelta(minutes=4)
    take(session, "petugas.pilang", berkas_id, JenisAksi.KEMBALIKAN, returned, **facts)
    now = found(session, kode, SENIN + timedelta(hours=1))
    assert (now.status, now.alasan) == (StatusBerkas.DIKEMBALIKAN, Alasan.TIDAK_LENGKAP)
    assert now.meja == "Ketua RT 001/RW 002 Pilang"
    assert "Siti" not in str(asdict(now))
    assert (now.sisa_menit, now.terpakai_menit) == (None, 4)  # the promise has stopped


def test_a_refused_berkas_tells_why_and_lies_nowhere(session: Session) -> None:
    berkas_id = file_sktm(session)
    kode = give_kode(session, berkas_id)
    take(session, PENGAJU, berkas_id, JenisAksi.TOLAK, catatan="Bukan warga", alasan="lainnya")
    now = found(session, kode)
    assert (now.status, now.alasan, now.meja) == (StatusBerkas.DITOLAK, Alasan.LAINNYA, "")


def test_a_closed_berkas_stays_traceable_for_the_days_of_the_setting(session: Session) -> None:
    berkas_id = file_sktm(session)
    kode = give_kode(session, berkas_id)
    walk(session, berkas_id)
    closed = SENIN + timedelta(minutes=8)
    last = found(session, kode, closed + timedelta(days=LAMA_HARI, seconds=-1))
    assert (last.status, last.meja, last.waktu_selesai) == (StatusBerkas.SELESAI, "", closed)
    assert ask(session, kode, closed + timedelta(days=LAMA_HARI)) is None


def test_a_running_berkas_never_expires(session: Session) -> None:
    kode = give_kode(session, file_sktm(session))
    assert found(session, kode, SENIN + timedelta(days=1000)).status == StatusBerkas.DIAJUKAN


@pytest.fixture(scope="module")
def expired(app: Flask, portal: object) -> str:
    """The code of a berkas that was closed long before `LATER`."""
    with Session(portal.engine) as session:  # type: ignore[attr-defined]
        berkas_id = file_sktm(session)
        kode = give_kode(session, berkas_id)
        walk(session, berkas_id)
    return kode


LATER = SENIN + timedelta(days=365)
MALFORMED = ("", "salah", "\x00☃", "0" * 5000, "DROP TABLE berkas; --", "ß" * 200)


def test_wrong_malformed_and_expired_codes_take_one_way(
    session: Session, expired: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed: list[int] = []

    def note(kode: str, secret_key: str) -> str:
        hashed.append(len(kode))
        return hmac_of(kode, secret_key)

    monkeypatch.setattr(module, "hmac_of", note)
    ways = {}
    for kode in (new_kode(), expired, *MALFORMED):
        hashed.clear()
        with statements(session) as seen:
            assert ask(session, kode, LATER) is None
        ways[kode] = (len(hashed), tuple(seen))
        assert max(hashed) <= module.KODE_TERPANJANG
        session.rollback()
    (way,) = set(ways.values())
    assert way[0] == 1
    assert len(way[1]) == 1, "one hash and one statement, whatever was typed"


def test_the_count_of_statements_tells_a_found_berkas_from_none(
    session: Session, expired: str
) -> None:
    with statements(session) as seen:
        assert ask(session, expired, SENIN + timedelta(days=1)) is not None
    assert len(seen) > 1
