"""Publishing at once on PostgreSQL: one version is terbit, and it is what was examined."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.errors import BangkitError
from app.models.isian import Isian
from app.models.layanan import Layanan
from app.models.versi_layanan import StatusVersi, VersiLayanan
from app.services.definisi import sidik_of
from app.services.definisi_baris import load_definisi
from app.services.pengajuan import load_terbit
from app.services.versi import salin_jadi_konsep, terbitkan
from tests.conftest import Portal
from tests.walk import SENIN, act_as

ROUNDS = 10
KODE = "LEGAL"


@pytest.fixture(scope="module")
def engine(postgres_app: Flask, postgres_portal: Portal) -> Engine:
    """PostgreSQL, on a fresh database for this module."""
    return postgres_portal.engine


def race(*works: Callable[[], Any]) -> list[Any]:
    """Start all works at the same moment; return results, with refusals as the errors they are."""
    gate = Barrier(len(works))

    def run(work: Callable[[], Any]) -> Any:
        gate.wait()
        try:
            return work()
        except (BangkitError, IntegrityError) as error:
            return error

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def konsep(engine: Engine) -> tuple[int, int]:
    """Return (id of a new konsep, id of the published version it was copied from)."""
    with Session(engine) as session:
        pelaku = act_as(session, "admin")
        before = load_terbit(session, KODE).id
        id_ = salin_jadi_konsep(session, pelaku, before)
        session.commit()
        return id_, before


def publish(engine: Engine, id_: int, before: int) -> Callable[[], int]:
    def work() -> int:
        with Session(engine) as session:
            pelaku = act_as(session, "admin")
            terbitkan(session, pelaku, SENIN, versi_id=id_, menggantikan=before)
            session.commit()
            return id_

    return work


def add_isian(engine: Engine, versi_id: int) -> Callable[[], str]:
    def work() -> str:
        with Session(engine) as session:
            act_as(session, "admin")
            row = Isian(
                versi_layanan_id=versi_id, urutan=9, kode="tambahan", label="Tambahan", tipe="teks"
            )
            session.add(row)
            session.commit()
            return "ditambah"

    return work


def published(engine: Engine) -> list[int]:
    with Session(engine) as session:
        query = select(VersiLayanan.id).join(Layanan).where(Layanan.kode == KODE)
        return list(session.scalars(query.where(VersiLayanan.status == StatusVersi.TERBIT)))


def test_of_two_admins_who_publish_at_once_one_gets_409(engine: Engine) -> None:
    for _ in range(ROUNDS):
        (first, before), (second, _) = konsep(engine), konsep(engine)
        answers = race(publish(engine, first, before), publish(engine, second, before))
        won = [answer for answer in answers if isinstance(answer, int)]
        lost = [answer for answer in answers if isinstance(answer, BangkitError)]
        assert len(won) == len(lost) == 1, answers
        assert lost[0].status == 409
        assert published(engine) == won


def test_a_double_click_publishes_once(engine: Engine) -> None:
    for _ in range(ROUNDS):
        id_, before = konsep(engine)
        click = publish(engine, id_, before)
        answers = race(click, click)
        assert sum(answer == id_ for answer in answers) == 1, answers
        assert published(engine) == [id_]


def test_nobody_slips_a_part_into_a_version_that_is_being_published(engine: Engine) -> None:
    outcomes = set()
    for _ in range(ROUNDS):
        id_, before = konsep(engine)
        done, added = race(publish(engine, id_, before), add_isian(engine, id_))
        assert done == id_
        outcomes.add(added == "ditambah")
        with Session(engine) as session:
            versi = session.get_one(VersiLayanan, id_)
            assert versi.sidik == sidik_of(load_definisi(session, versi))
            codes = {row.kode for row in load_definisi(session, versi).isian}
            assert ("tambahan" in codes) == (added == "ditambah")
        if added == "ditambah":
            publish_without(engine, id_)
    assert outcomes


def publish_without(engine: Engine, versi_id: int) -> None:
    """Publish a copy without the added isian, so that the next round starts as the first."""
    with Session(engine) as session:
        pelaku = act_as(session, "admin")
        id_ = salin_jadi_konsep(session, pelaku, versi_id)
        row = session.scalars(
            select(Isian).where(Isian.versi_layanan_id == id_, Isian.kode == "tambahan")
        ).one()
        session.delete(row)
        session.flush()
        terbitkan(session, pelaku, SENIN, versi_id=id_, menggantikan=versi_id)
        session.commit()
