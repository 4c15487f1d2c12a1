"""Two people, or two clicks, at once: one step is taken once; no request sees another's rows."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from app.errors import BangkitError
from app.models.berkas import Berkas
from app.models.engine import writing
from app.models.penduduk import Penduduk
from app.models.policy import unscoped
from app.models.riwayat import Riwayat
from app.routing import JenisAksi
from app.services.berkas import available, tindak
from tests.conftest import Portal
from tests.races.lomba import race
from tests.walk import PENGAJU, SENIN, act_as, file_sktm, unit

PAIRS = 40


@pytest.fixture(scope="module")
def engine(postgres_app: Flask, postgres_portal: Portal) -> Engine:
    """PostgreSQL, on a fresh database for this module."""
    return postgres_portal.engine


def approve(
    engine: Engine, username: str, berkas_id: int, ke: int, kunci: str
) -> Callable[[], int]:
    def work() -> int:
        with Session(engine) as session, writing():
            pelaku = act_as(session, username)
            row = tindak(
                session,
                pelaku,
                SENIN,
                berkas_id=berkas_id,
                jenis=JenisAksi.SETUJUI,
                ke=ke,
                kunci=kunci,
            )
            session.commit()
            return row.nomor

    return work


def filed(engine: Engine) -> tuple[int, int]:
    """Return (id, visit) of a new berkas on the desk of the Ketua RT."""
    with Session(engine) as session:
        berkas_id = file_sktm(session)
        pelaku = act_as(session, PENGAJU)
        return berkas_id, available(session, pelaku, SENIN, berkas_id).ke


def acts_of(engine: Engine, berkas_id: int) -> list[str]:
    with Session(engine) as session, unscoped(session, "uji membaca riwayat"):
        rows = session.scalars(
            select(Riwayat.jenis).where(Riwayat.berkas_id == berkas_id).order_by(Riwayat.nomor)
        )
        return [str(jenis) for jenis in rows]


def test_a_double_click_takes_one_step(engine: Engine) -> None:
    for number in range(PAIRS):
        berkas_id, ke = filed(engine)
        click = approve(engine, PENGAJU, berkas_id, ke, f"klik-{number}")
        answers = race(click, click)
        assert answers == [2, 2], answers
        assert acts_of(engine, berkas_id) == ["ajukan", "setujui"]


def test_of_two_attempts_at_one_visit_exactly_one_wins(engine: Engine) -> None:
    for number in range(PAIRS):
        berkas_id, ke = filed(engine)
        answers = race(
            approve(engine, PENGAJU, berkas_id, ke, f"satu-{number}"),
            approve(engine, PENGAJU, berkas_id, ke, f"dua-{number}"),
        )
        won = [answer for answer in answers if answer == 2]
        lost = [answer for answer in answers if isinstance(answer, BangkitError)]
        assert len(won) == len(lost) == 1, answers
        assert lost[0].status == 409
        assert acts_of(engine, berkas_id) == ["ajukan", "setujui"]


def test_a_form_sent_twice_files_one_berkas(engine: Engine) -> None:
    def file(number: int) -> Callable[[], int]:
        def work() -> int:
            with Session(engine) as session:
                return file_sktm(session, kunci=f"formulir-{number}")

        return work

    def berkas_count() -> int:
        with Session(engine) as session, unscoped(session, "uji menghitung"):
            return session.scalar(select(func.count(Berkas.id))) or 0

    for number in range(10):
        before = berkas_count()
        answers = race(file(number), file(number))
        filed_ids = {answer for answer in answers if isinstance(answer, int)}
        # The loser meets the unique key; the web asks again and gets the winner's berkas.
        assert len(filed_ids) == 1, answers
        assert berkas_count() == before + 1
        with Session(engine) as session:
            assert file_sktm(session, kunci=f"formulir-{number}") in filed_ids


def test_two_api_lists_never_see_each_others_rows(postgres_app: Flask, engine: Engine) -> None:
    def token() -> dict[str, str]:
        body = {"username": "admin", "password": "bangkit-2026", "provider": "db"}
        answer = postgres_app.test_client().post("/api/v1/security/login", json=body)
        return {"Authorization": f"Bearer {answer.get_json()['access_token']}"}

    headers = token()
    with Session(engine) as session, unscoped(session, "uji membaca wilayah"):
        units = [unit(session, name) for name in ("Kelurahan Pilang", "Kelurahan Ketapang")]
        expected = [
            set(session.scalars(select(Penduduk.id).where(Penduduk.kelurahan_id == id_)))
            for id_ in units
        ]

    def ask(number: int) -> bool:
        side = number % 2
        query = f"(filters:!((col:wilayah_id,opr:sama,value:'{units[side]}')),page_size:100)"
        answer = postgres_app.test_client().get(f"/api/v1/penduduk/?q={query}", headers=headers)
        body = answer.get_json()
        assert answer.status_code == 200, body
        return bool(body["ids"]) and set(body["ids"]) <= expected[side]

    with ThreadPoolExecutor(10) as pool:
        assert all(pool.map(ask, range(200)))
