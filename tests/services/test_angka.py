"""The numbers of the day: counted in one's own area, in service minutes, by few statements."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.layanan import Layanan
from app.models.penugasan import Penugasan
from app.models.policy import unscoped
from app.models.versi_layanan import StatusVersi, VersiLayanan
from app.services.ajuan import list_ajuan
from app.services.angka import Hari, load_hari
from app.services.kesiapan import load_kesiapan
from tests.conftest import Portal
from tests.pernyataan import counted
from tests.walk import PENGAJU, RANTAI, SENIN, act_as, file_sktm, take

PAGI = SENIN - timedelta(hours=9)
"""Midnight WIB of that Monday."""

SORE = SENIN + timedelta(hours=4)


def finish(session: Session, minutes_each: int) -> int:
    """File an SKTM and walk it to the end, every officer taking as many minutes."""
    moment = SENIN
    berkas_id = file_sktm(session, now=moment)
    for who, act in RANTAI:
        moment += timedelta(minutes=minutes_each)
        take(session, who, berkas_id, act, now=moment)
    return berkas_id


@pytest.fixture(scope="module")
def berkas(app: Flask, portal: Portal) -> list[int]:
    """Two that ended, after 9 and 27 minutes of work; one that waits at the first desk."""
    with Session(portal.engine) as session:
        return [finish(session, 1), finish(session, 3), file_sktm(session)]


def test_the_day_counts_what_came_and_ended_and_averages_service_minutes(
    session: Session, berkas: list[int]
) -> None:
    act_as(session, "lurah.pilang")
    hari = load_hari(session, PAGI, SORE)
    assert hari == Hari(masuk=3, selesai=2, menit=18.0, sop_menit=35.0, dihitung=2)
    assert load_hari(session, PAGI + timedelta(days=1), SORE + timedelta(days=1)) == Hari(0, 0)


def test_another_kelurahan_counts_none_of_it(session: Session, berkas: list[int]) -> None:
    act_as(session, "lurah.ketapang")
    assert load_hari(session, PAGI, SORE) == Hari(0, 0)


def test_the_numbers_take_five_statements_however_many_berkas_ended(
    session: Session, portal: Portal, berkas: list[int]
) -> None:
    act_as(session, "camat")
    with counted(portal.engine) as sent:
        load_hari(session, PAGI, SORE)
    before = len(sent)
    finish(session, 2)
    act_as(session, "camat")
    with counted(portal.engine) as sent:
        assert load_hari(session, PAGI, SORE).dihitung == 3
    assert (before, len(sent)) == (5, 5)
    with counted(portal.engine) as sent:
        load_hari(session, PAGI + timedelta(days=1), SORE + timedelta(days=1))
    assert len(sent) == 2


def test_own_filings_are_those_of_ones_own_posts_newest_first(
    session: Session, berkas: list[int]
) -> None:
    younger = file_sktm(session, now=SENIN + timedelta(hours=1))
    pelaku = act_as(session, PENGAJU)
    rows = list_ajuan(session, pelaku, 2)
    assert [row.berkas_id for row in rows][0] == younger
    assert len(rows) == 2
    assert list_ajuan(session, act_as(session, "rw002.pilang"), 5) == []


def test_the_set_up_names_vacant_posts_and_layanan_without_a_published_version(
    session: Session, portal: Portal
) -> None:
    admin = act_as(session, "admin", SENIN)
    before = load_kesiapan(session, admin, SENIN)
    assert before.tanpa_terbit == ()
    assert min(before.rt, before.jam, before.terbit) > 0
    with unscoped(session, "uji mengosongkan meja"):
        tugas = session.scalars(
            select(Penugasan).where(Penugasan.pengguna.has(username="rw002.pilang"))
        ).one()
        tugas.waktu_sampai = SENIN - timedelta(minutes=1)
        sepi = Layanan(kode="UJI", nama="Layanan uji")
        session.add(sepi)
        session.flush()
        assert not session.scalars(
            select(VersiLayanan).where(
                VersiLayanan.layanan_id == sepi.id, VersiLayanan.status == StatusVersi.TERBIT
            )
        ).all()
    with counted(portal.engine) as sent:
        after = load_kesiapan(session, act_as(session, "admin", SENIN), SENIN)
    assert (after.kosong, after.unit_kosong) == (before.kosong + 1, before.unit_kosong + 1)
    assert [nama for _, nama in after.tanpa_terbit] == ["Layanan uji"]
    assert len(sent) < 25
