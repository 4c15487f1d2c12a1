"""Five hundred signatures by eight threads around midnight of 31 December, some rolled back."""

from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app.models.engine import writing
from app.models.pelaku import Pelaku
from app.models.policy import bind_pelaku, unscoped
from app.models.surat import NomorSurat, Surat
from app.models.wilayah import Wilayah
from app.routing import JenisAksi
from app.services.berkas import tindak
from app.services.nomor import WIB, take_next
from tests.conftest import Portal
from tests.layanan_uji import CAMAT, LURAH, file_uji, publish_layanan
from tests.races.lomba import race
from tests.walk import act_as, resident_of, unit

SIGNATURES = 500
THREADS = 8
MALAM = datetime(2026, 12, 31, 16, 59, tzinfo=UTC)
"""23.59 WIB of 31 December; the signatures spread over the two minutes from here."""

SIDES = (
    # RT of the pemohon, who files, who signs, at which layanan.
    ("RT 001/RW 002 Pilang", "petugas.pilang", "lurah.pilang", "NOMORLURAH"),
    ("RT 001/RW 002 Ketapang", "petugas.ketapang", "lurah.ketapang", "NOMORLURAH"),
    ("RT 001/RW 002 Pilang", "petugas.pilang", "camat", "NOMORCAMAT"),
)


@pytest.fixture
def engine(postgres_app: Flask, postgres_portal: Portal) -> Engine:
    return postgres_portal.engine


@pytest.fixture
def ready(engine: Engine) -> list[tuple[int, Pelaku]]:
    """Berkas that wait for a signature, each with its official."""
    found = []
    with Session(engine) as session:
        versi = {
            "NOMORLURAH": publish_layanan(session, "NOMORLURAH", LURAH),
            "NOMORCAMAT": publish_layanan(session, "NOMORCAMAT", {**CAMAT, "memberi_nomor": True}),
        }
        for side, (rt, petugas, official, kode) in enumerate(SIDES):
            penduduk_id, _ = resident_of(session, rt)
            signer, pelaku = act_as(session, official), act_as(session, petugas)
            for _ in range(side, SIGNATURES, len(SIDES)):
                berkas_id = file_uji(session, pelaku, versi[kode], penduduk_id)
                found.append((berkas_id, signer))
        session.commit()
    return found


def sign(engine: Engine, number: int, berkas_id: int, pelaku: Pelaku) -> int:
    """Sign one berkas; every seventh first dies before its commit. Return the rollbacks."""
    moment = MALAM + timedelta(seconds=120 * number / SIGNATURES)
    for attempt in ("mati", "jadi") if number % 7 == 3 else ("jadi",):
        with Session(engine) as session, writing():
            bind_pelaku(session, pelaku)
            tindak(
                session,
                pelaku,
                moment,
                berkas_id=berkas_id,
                jenis=JenisAksi.TANDA_TANGANI,
                ke=1,
                kunci=uuid4().hex,
            )
            if attempt == "jadi":
                session.commit()
            else:
                session.rollback()
    return int(number % 7 == 3)


def test_numbers_have_no_gap_and_no_duplicate_per_unit_and_year(
    engine: Engine, ready: list[tuple[int, Pelaku]]
) -> None:
    # Round-robin over the units, so that all three counters are contended all the time.
    ready = sorted(ready, key=lambda item: item[0] * 7919 % SIGNATURES)
    with ThreadPoolExecutor(THREADS) as pool:
        jobs = [pool.submit(sign, engine, n, *item) for n, item in enumerate(ready)]
        rollbacks = sum(job.result() for job in jobs)
    assert rollbacks > 60
    with Session(engine) as session, unscoped(session, "uji membaca surat"):
        letters = session.scalars(select(Surat)).all()
        counters = {
            (row.unit_id, row.tahun): row.terakhir for row in session.scalars(select(NomorSurat))
        }
        names = {row.id: row.sebutan for row in session.scalars(select(Wilayah))}
        found = defaultdict(list)
        for letter in letters:
            found[letter.unit_id, letter.tahun].append(letter.nomor)
            assert letter.tahun == letter.waktu_ditandatangani.astimezone(WIB).year
    assert len(letters) == len({letter.nomor_surat for letter in letters}) == SIGNATURES
    units = {"Kelurahan Pilang", "Kelurahan Ketapang", "Kecamatan Kademangan"}
    assert {(names[u], year) for u, year in found} == {(u, y) for u in units for y in (2026, 2027)}
    for key, numbers in found.items():
        assert sorted(numbers) == list(range(1, len(numbers) + 1)), (names[key[0]], key[1])
        assert counters[key] == len(numbers)
        assert len(numbers) > 20


def test_the_first_numbers_of_a_year_are_raced_for_and_none_is_lost(engine: Engine) -> None:
    def first(tahun: int) -> Callable[[], int]:
        def work() -> int:
            with Session(engine) as session, unscoped(session, "uji mengambil nomor"):
                nomor = take_next(session, unit_id, tahun)
                session.commit()
                return nomor

        return work

    with Session(engine) as session:
        unit_id = unit(session, "RT 001/RW 002 Pilang")
    for tahun in range(2030, 2050):
        answers = race(*[first(tahun)] * THREADS)
        assert sorted(answers) == list(range(1, THREADS + 1)), answers
