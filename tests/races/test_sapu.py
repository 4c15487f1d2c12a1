"""Sweeps at the same moment, on PostgreSQL: what is due happens once, whoever comes first."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from app.models.engine import transaction, writing
from app.models.eskalasi import EskalasiTerjadi
from app.models.policy import unscoped
from app.routing import JenisAksi
from app.services.berkas import available, tindak
from app.services.sapu import Sapuan, sapu
from tests.conftest import Portal
from tests.services.jam import (
    LOKET,
    ajukan_di_loket,
    jenis_dari,
    liburkan,
    riwayat_dari,
    terbitkan_satu_meja,
    wib,
)
from tests.walk import PENGAJU, SENIN, act_as, file_sktm, take

SWEEPERS = 4
KEMBALI = {"alasan": "tidak_lengkap", "catatan": "Foto KK buram"}


@pytest.fixture(scope="module")
def engine(postgres_app: Flask, postgres_portal: Portal) -> Engine:
    """PostgreSQL, on a fresh database for this module, with a layanan of one desk."""
    with Session(postgres_portal.engine) as session:
        terbitkan_satu_meja(session)
    return postgres_portal.engine


def sweep_together(engine: Engine, now: datetime) -> list[Sapuan]:
    gate = Barrier(SWEEPERS)

    def run(_: int) -> Sapuan:
        gate.wait()
        return sapu(lambda: transaction(engine), now, 14)

    with ThreadPoolExecutor(SWEEPERS) as pool:
        return list(pool.map(run, range(SWEEPERS)))


def together(engine: Engine, now: datetime) -> Counter[JenisAksi]:
    """Sweep with several threads; return what they did together."""
    done: Counter[JenisAksi] = Counter()
    for hasil in sweep_together(engine, now):
        assert hasil.gagal == {}
        done += hasil.tindakan
    return done


def test_every_effect_happens_once_under_parallel_sweeps(engine: Engine) -> None:
    with Session(engine) as session:
        late = [file_sktm(session) for _ in range(6)]
        claimed = [ajukan_di_loket(session, SENIN) for _ in range(4)]
        for berkas_id in claimed:
            take(session, LOKET, berkas_id, JenisAksi.AMBIL, SENIN)
        returned = [ajukan_di_loket(session, SENIN) for _ in range(4)]
        for berkas_id in returned:
            take(session, LOKET, berkas_id, JenisAksi.KEMBALIKAN, SENIN, **KEMBALI)
    # 20 minutes later: all rungs of the RT's five minutes are due, and the claims have run out.
    assert together(engine, SENIN + timedelta(minutes=20)) == {
        JenisAksi.ESKALASI: len(late),
        JenisAksi.LEPAS: len(claimed),
    }
    assert together(engine, SENIN + timedelta(minutes=20)) == {}
    with Session(engine) as session:
        for berkas_id in late:
            assert jenis_dari(session, berkas_id) == ["ajukan", "eskalasi"]
        with unscoped(session, "uji menghitung eskalasi"):
            marks = session.scalar(
                select(func.count(EskalasiTerjadi.id)).where(EskalasiTerjadi.berkas_id.in_(late))
            )
            assert marks == 3 * len(late)
        for berkas_id in (*late, *claimed):
            pelaku = act_as(session, PENGAJU if berkas_id in late else LOKET)
            with writing():
                tindak(
                    session,
                    pelaku,
                    SENIN + timedelta(minutes=21),
                    berkas_id=berkas_id,
                    jenis=JenisAksi.TOLAK,
                    ke=available(session, pelaku, SENIN, berkas_id).ke,
                    kunci=f"tutup-{berkas_id}",
                    catatan="Selesai diuji",
                    alasan="lainnya",
                )
                session.commit()
    assert together(engine, SENIN + timedelta(days=7)) == {JenisAksi.ESKALASI: len(returned)}
    assert together(engine, SENIN + timedelta(days=30)) == {JenisAksi.KEDALUWARSA: len(returned)}
    assert together(engine, SENIN + timedelta(days=31)) == {}


def test_a_new_holiday_moves_each_deadline_once(engine: Engine) -> None:
    friday = wib(12, 4, 15, 50)
    with Session(engine) as session:
        filed = [ajukan_di_loket(session, friday) for _ in range(6)]
        liburkan(session, wib(12, 7, 0).date())
    assert together(engine, wib(12, 4, 15, 52)) == {JenisAksi.HITUNG_ULANG: len(filed)}
    with Session(engine) as session:
        for berkas_id in filed:
            assert jenis_dari(session, berkas_id) == ["ajukan", "hitung_ulang"]


def approve(engine: Engine, gate: Barrier, berkas_id: int, ke: int, now: datetime) -> int:
    with Session(engine) as session:
        pelaku = act_as(session, PENGAJU)
        gate.wait()
        row = tindak(
            session,
            pelaku,
            now,
            berkas_id=berkas_id,
            jenis=JenisAksi.SETUJUI,
            ke=ke,
            kunci=f"lomba-{berkas_id}",
        )
        session.commit()
        return row.nomor


def sweep(engine: Engine, gate: Barrier, now: datetime) -> Sapuan:
    gate.wait()
    return sapu(lambda: transaction(engine), now, 14)


def test_an_officer_never_loses_to_the_sweep_and_the_journal_has_no_gap(engine: Engine) -> None:
    now = SENIN + timedelta(minutes=4.5)
    for _ in range(10):
        with Session(engine) as session:
            berkas_id = file_sktm(session)
            ke = available(session, act_as(session, PENGAJU), SENIN, berkas_id).ke
        gate = Barrier(2)
        with ThreadPoolExecutor(2) as pool:
            act = pool.submit(approve, engine, gate, berkas_id, ke, now)
            swept = pool.submit(sweep, engine, gate, now)
            assert swept.result().gagal == {}
            assert act.result() in (2, 3), "the act is journaled before or after the rung"
        with Session(engine) as session:
            rows = riwayat_dari(session, berkas_id)
            kinds = [str(row.jenis) for row in rows]
        assert kinds in (["ajukan", "setujui"], ["ajukan", "eskalasi", "setujui"])
        assert [row.nomor for row in rows] == list(range(1, len(rows) + 1))
