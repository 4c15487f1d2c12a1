"""The sweep through the services: each effect once, however often and however late it runs."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.errors import TidakBerwenangError
from app.models.berkas import Berkas
from app.models.engine import transaction
from app.models.eskalasi import Eskalasi, EskalasiTerjadi
from app.models.kotak_keluar import KotakKeluar
from app.models.kunjungan import Kunjungan
from app.models.pengguna import Pengguna
from app.models.penugasan import Penugasan
from app.models.policy import unscoped
from app.models.riwayat import Riwayat
from app.models.wilayah import Wilayah
from app.routing import JenisAksi
from app.services.bawahan import count_alarm, list_bawahan
from app.services.sapu import sapu
from tests.conftest import Portal
from tests.services.jam import (
    LOKET,
    ajukan_di_loket,
    baca_berkas,
    jenis_dari,
    kunjungan_terakhir,
    riwayat_dari,
    sapu_pada,
    terbitkan_satu_meja,
    wib,
)
from tests.walk import SENIN, act_as, file_sktm, take, unit

KEMBALI = {"alasan": "tidak_lengkap", "catatan": "Foto KK buram"}


@pytest.fixture(scope="module", autouse=True)
def _layanan(portal: Portal, app: object) -> None:
    with Session(portal.engine) as session:
        terbitkan_satu_meja(session)


def after(minutes: float) -> datetime:
    return SENIN + timedelta(minutes=minutes)


def filed(session: Session, number: int, now: datetime = SENIN) -> tuple[int, str]:
    """File an SKTM in an RT of Ketapang that no other test uses; return it and its RT head."""
    rt, rw = 1 + number % 3, 1 + number // 3
    username = f"rt{rt:03}rw{rw:03}.ketapang"
    return file_sktm(session, username, f"RT {rt:03}/RW {rw:03} Ketapang", now), username


def end_office(session: Session, username: str, when: datetime) -> None:
    """Let every appointment of an account end."""
    with unscoped(session, "uji mengakhiri penugasan"):
        for row in session.scalars(
            select(Penugasan).join(Penugasan.pengguna).where(Pengguna.username == username)
        ):
            row.waktu_sampai = when
        session.commit()


def notices(session: Session, berkas_id: int, jenis: str) -> list[set[str]]:
    """Return whom each event of this kind was told to."""
    session.rollback()
    with unscoped(session, "uji membaca kotak keluar"):
        rows = session.execute(
            select(Riwayat.nomor, KotakKeluar.penerima)
            .join(KotakKeluar, KotakKeluar.riwayat_id == Riwayat.id)
            .where(Riwayat.berkas_id == berkas_id, Riwayat.jenis == jenis)
            .order_by(Riwayat.nomor)
        ).all()
    return [{p for n, p in rows if n == nomor} for nomor in dict.fromkeys(n for n, _ in rows)]


def fired(session: Session, berkas_id: int) -> list[int]:
    """Return the rungs that are marked, by their share of the time."""
    session.rollback()
    with unscoped(session, "uji membaca eskalasi"):
        return list(
            session.scalars(
                select(Eskalasi.pada_persen)
                .join(EskalasiTerjadi, EskalasiTerjadi.eskalasi_id == Eskalasi.id)
                .where(EskalasiTerjadi.berkas_id == berkas_id)
                .order_by(Eskalasi.pada_persen)
            )
        )


def test_a_claim_is_voided_when_its_lease_has_run_out(session: Session, portal: Portal) -> None:
    berkas_id = ajukan_di_loket(session, SENIN)
    take(session, LOKET, berkas_id, JenisAksi.AMBIL, SENIN)
    sapu_pada(portal.engine, after(9))
    assert str(kunjungan_terakhir(session, berkas_id).status) == "diambil"
    sapu_pada(portal.engine, after(11))
    sapu_pada(portal.engine, after(11))
    visit = kunjungan_terakhir(session, berkas_id)
    assert (str(visit.status), visit.diambil_oleh_id) == ("menunggu", None)
    assert jenis_dari(session, berkas_id) == ["ajukan", "ambil", "lepas"]
    assert riwayat_dari(session, berkas_id)[-1].nama == "Sistem"


def test_a_transferred_officer_loses_the_claim_and_the_desk_rises(
    session: Session, portal: Portal
) -> None:
    berkas_id, head = filed(session, 0)
    take(session, head, berkas_id, JenisAksi.AMBIL, SENIN)
    end_office(session, head, after(1))
    sapu_pada(portal.engine, after(2))
    visit = kunjungan_terakhir(session, berkas_id)
    assert jenis_dari(session, berkas_id) == ["ajukan", "ambil", "lepas", "alihkan"]
    assert (str(visit.status), str(visit.sebab), visit.ke) == ("menunggu", "naik", 1)
    assert visit.wilayah_id == unit(session, "RW 001 Ketapang")
    assert visit.seharusnya_id == unit(session, "RT 001/RW 001 Ketapang")
    # Its clock goes on: opened when it was filed, not when it was moved (ROUTING §3 case 10).
    assert (visit.waktu_dibuka, visit.batas_waktu) == (SENIN, after(5))
    sapu_pada(portal.engine, after(3))
    assert len(jenis_dari(session, berkas_id)) == 4
    take(session, "rw001.ketapang", berkas_id, JenisAksi.SETUJUI, after(3))


def test_the_desk_of_a_closed_account_rises(session: Session, portal: Portal) -> None:
    head = "rt001rw001.triwunglor"
    berkas_id = file_sktm(session, head, "RT 001/RW 001 Triwung Lor")
    with unscoped(session, "uji menutup akun"):
        session.scalars(select(Pengguna).where(Pengguna.username == head)).one().active = False
        session.commit()
    sapu_pada(portal.engine, after(1))
    assert jenis_dari(session, berkas_id) == ["ajukan", "alihkan"]
    assert kunjungan_terakhir(session, berkas_id).wilayah_id == unit(session, "RW 001 Triwung Lor")


def test_a_desk_that_nobody_anywhere_can_take_waits_and_is_not_journaled_again(
    session: Session, portal: Portal
) -> None:
    berkas_id = ajukan_di_loket(session, SENIN)
    end_office(session, LOKET, after(1))
    sapu_pada(portal.engine, after(2))
    visit = kunjungan_terakhir(session, berkas_id)
    assert str(visit.sebab) == "kosong"
    assert visit.wilayah_id == unit(session, "Kelurahan Pilang")
    sapu_pada(portal.engine, after(3))
    assert jenis_dari(session, berkas_id) == ["ajukan", "alihkan"]
    with unscoped(session, "uji mengisi meja lagi"):
        row = session.scalars(
            select(Penugasan).join(Penugasan.pengguna).where(Pengguna.username == LOKET)
        ).one()
        row.waktu_sampai = None
        session.commit()
    sapu_pada(portal.engine, after(4))
    take(session, LOKET, berkas_id, JenisAksi.SETUJUI, after(5))
    assert jenis_dari(session, berkas_id) == ["ajukan", "alihkan", "setujui"]


def test_a_retired_rt_hands_its_open_berkas_to_its_successor(
    session: Session, portal: Portal
) -> None:
    berkas_id, _ = filed(session, 1)
    successor = unit(session, "RT 003/RW 001 Ketapang")
    with unscoped(session, "uji menggabung RT"):
        old = session.get_one(Wilayah, unit(session, "RT 002/RW 001 Ketapang"))
        old.pengganti_id, old.tanggal_sampai = successor, SENIN.date()
        session.commit()
    sapu_pada(portal.engine, after(1))
    visit = kunjungan_terakhir(session, berkas_id)
    assert (visit.wilayah_id, str(visit.sebab)) == (successor, "pengganti")
    take(session, "rt003rw001.ketapang", berkas_id, JenisAksi.SETUJUI, after(2))


def test_each_rung_fires_once_and_only_when_its_share_of_the_time_is_used(
    session: Session, portal: Portal
) -> None:
    berkas_id, head = filed(session, 3)
    rt, rw = unit(session, "RT 001/RW 002 Ketapang"), unit(session, "RW 002 Ketapang")
    for minutes, rungs in ((3.9, []), (4, [80]), (4.5, [80]), (5, [80, 100]), (9, [80, 100])):
        sapu_pada(portal.engine, after(minutes))
        sapu_pada(portal.engine, after(minutes))
        assert fired(session, berkas_id) == rungs, minutes
    assert jenis_dari(session, berkas_id) == ["ajukan", "eskalasi", "eskalasi"]
    reminded, shown = notices(session, berkas_id, "eskalasi")
    assert reminded == {f"meja:ketua_rt:{rt}"}
    assert shown == {f"meja:ketua_rt:{rt}", f"meja:ketua_rw:{rw}"}
    # The time is up, and still only a person decides (ROUTING §3 case 44).
    assert str(baca_berkas(session, berkas_id).status) == "diajukan"
    take(session, head, berkas_id, JenisAksi.SETUJUI, after(9))


def test_a_late_sweep_fires_the_highest_rung_and_passes_the_lower(
    session: Session, portal: Portal
) -> None:
    berkas_id, _ = filed(session, 4)
    sapu_pada(portal.engine, after(12))
    assert fired(session, berkas_id) == [80, 100, 200]
    newest = riwayat_dari(session, berkas_id)[-1]
    assert jenis_dari(session, berkas_id) == ["ajukan", "eskalasi"]
    assert newest.isi["rincian"]["persen"] == 200
    sapu_pada(portal.engine, after(60))
    assert len(jenis_dari(session, berkas_id)) == 2


def test_a_visit_after_a_return_climbs_the_ladder_anew(session: Session, portal: Portal) -> None:
    berkas_id, head = filed(session, 5)
    sapu_pada(portal.engine, after(4))
    take(session, head, berkas_id, JenisAksi.SETUJUI, after(4.5))
    sapu_pada(portal.engine, after(5))
    assert fired(session, berkas_id) == [80], "a rung of the first step never fires for the next"
    sapu_pada(portal.engine, after(4.5 + 0.8 * 3))
    assert fired(session, berkas_id) == [80, 80]


def test_a_superior_sees_what_is_late_below_and_acts_once_it_is_open(
    session: Session, portal: Portal
) -> None:
    berkas_id, _ = filed(session, 6)

    def seen_by(username: str, now: datetime) -> list[bool]:
        session.rollback()
        pelaku = act_as(session, username, now)
        return [
            row.is_dibuka
            for row in list_bawahan(session, pelaku, now)
            if row.antrean.berkas_id == berkas_id
        ]

    sapu_pada(portal.engine, after(4))
    assert seen_by("rw003.ketapang", after(4)) == [], "a reminder is for the desk alone"
    sapu_pada(portal.engine, after(5.5))
    assert seen_by("rw003.ketapang", after(5.5)) == [False]
    assert seen_by("lurah.ketapang", after(5.5)) == [False]
    for stranger in ("rw002.ketapang", "rw003.pilang", "rt001rw003.ketapang", "lurah.pilang"):
        assert seen_by(stranger, after(5.5)) == [], stranger
    with pytest.raises(TidakBerwenangError):
        take(session, "rw003.ketapang", berkas_id, JenisAksi.SETUJUI, after(6))
    session.rollback()
    sapu_pada(portal.engine, after(10))
    assert seen_by("rw003.ketapang", after(10)) == [True]
    pelaku = act_as(session, "lurah.ketapang", after(10))
    assert count_alarm(session, pelaku, after(10)).bawahan >= 1
    take(session, "rw003.ketapang", berkas_id, JenisAksi.SETUJUI, after(11))
    assert seen_by("rw003.ketapang", after(11)) == []


def test_after_the_end_nothing_fires(session: Session, portal: Portal) -> None:
    berkas_id, head = filed(session, 7)
    reason = {"alasan": "tidak_memenuhi", "catatan": "Bukan warga"}
    take(session, head, berkas_id, JenisAksi.TOLAK, after(1), **reason)
    sapu_pada(portal.engine, after(600))
    assert jenis_dari(session, berkas_id) == ["ajukan", "tolak"]
    assert fired(session, berkas_id) == []


def returned(session: Session) -> tuple[int, datetime]:
    berkas_id = ajukan_di_loket(session, SENIN)
    take(session, LOKET, berkas_id, JenisAksi.KEMBALIKAN, after(5), **KEMBALI)
    return berkas_id, after(5)


def test_an_abandoned_correction_is_reminded_of_on_day_3_and_7_and_expires_on_day_14(
    session: Session, portal: Portal
) -> None:
    berkas_id, since = returned(session)
    counts = []
    for days in (2.9, 3, 4, 6.9, 7, 8, 13.9, 14, 15):
        for _ in range(2):
            sapu_pada(portal.engine, since + timedelta(days=days))
        counts.append(len(jenis_dari(session, berkas_id)) - 2)
    assert counts == [0, 1, 1, 1, 2, 2, 2, 3, 3]
    assert jenis_dari(session, berkas_id)[2:] == ["eskalasi", "eskalasi", "kedaluwarsa"]
    days = [r.isi["rincian"].get("pengingat_hari") for r in riwayat_dari(session, berkas_id)]
    assert days == [None, None, 3, 7, None]
    berkas = baca_berkas(session, berkas_id)
    assert (str(berkas.status), berkas.waktu_selesai) == ("kedaluwarsa", since + timedelta(days=14))
    desk = f"meja:petugas_kelurahan:{unit(session, 'Kelurahan Pilang')}"
    assert notices(session, berkas_id, "eskalasi") == [{desk, "pemohon"}] * 2
    assert notices(session, berkas_id, "kedaluwarsa") == [{"pemohon"}]


def test_a_sweep_that_comes_late_sends_only_the_newest_reminder(
    session: Session, portal: Portal
) -> None:
    berkas_id, since = returned(session)
    sapu_pada(portal.engine, since + timedelta(days=9))
    (row,) = riwayat_dari(session, berkas_id)[2:]
    assert row.isi["rincian"] == {"pengingat_hari": 7}
    later, since = returned(session)
    sapu_pada(portal.engine, since + timedelta(days=20))
    assert jenis_dari(session, later)[2:] == ["kedaluwarsa"]


def test_the_days_of_a_correction_are_a_setting(session: Session, portal: Portal) -> None:
    berkas_id, since = returned(session)
    sapu_pada(portal.engine, since + timedelta(days=2), perbaikan_hari=2)
    assert str(baca_berkas(session, berkas_id).status) == "kedaluwarsa"


def test_the_legal_clock_alarms_once_from_the_third_working_day(
    session: Session, portal: Portal
) -> None:
    berkas_id = ajukan_di_loket(session, SENIN)
    sapu_pada(portal.engine, wib(11, 25, 23))
    before = len(jenis_dari(session, berkas_id))
    for hour in (0, 8, 9):
        sapu_pada(portal.engine, wib(11, 26, hour))
    added = riwayat_dari(session, berkas_id)[before:]
    assert [row.isi["rincian"]["tenggat_hukum"] for row in added] == ["2026-11-30"]
    lurah = act_as(session, "lurah.pilang", wib(11, 26, 9))
    assert count_alarm(session, lurah, wib(11, 25, 9)).tenggat_hukum == 0
    assert count_alarm(session, lurah, wib(11, 26, 9)).tenggat_hukum >= 1


def test_a_frozen_berkas_is_left_alone(session: Session, portal: Portal) -> None:
    berkas_id, _ = filed(session, 8)
    with unscoped(session, "uji membekukan"):
        session.get_one(Berkas, berkas_id).beku = True
        session.commit()
    sapu_pada(portal.engine, after(600))
    assert jenis_dari(session, berkas_id) == ["ajukan"]
    assert fired(session, berkas_id) == []


def test_a_berkas_that_fails_is_named_and_does_not_stop_the_rest(
    session: Session, portal: Portal
) -> None:
    broken, sound = ajukan_di_loket(session, SENIN), ajukan_di_loket(session, SENIN)
    with unscoped(session, "uji merusak proyeksi"):
        # A visit that its journal knows nothing of: the desk is another, so the sweep looks at it.
        session.execute(
            update(Kunjungan)
            .where(Kunjungan.berkas_id == broken)
            .values(peran_kode="camat", batas_waktu=None)
        )
        session.add(_gap(session, broken))
        session.commit()
    hasil = sapu(lambda: transaction(portal.engine), after(30), 14)
    assert hasil.gagal == {broken: "ValueError"}
    assert fired(session, sound) == [80]
    assert fired(session, broken) == []


def _gap(session: Session, berkas_id: int) -> Riwayat:
    """Return a journal row whose number leaves a gap."""
    first = session.scalars(select(Riwayat).where(Riwayat.berkas_id == berkas_id)).one()
    facts = {
        c.key: getattr(first, c.key)
        for c in Riwayat.__mapper__.column_attrs
        if c.key not in ("id", "revisi", "created_at")
    }
    isi = {**first.isi, "nomor": 9}
    return Riwayat(**{**facts, "nomor": 9, "kunci": f"celah-{berkas_id}", "isi": isi})


def test_the_command_says_what_it_did(portal: Portal, session: Session) -> None:
    ajukan_di_loket(session, SENIN)
    result = portal.app.test_cli_runner().invoke(args=["bangkit", "sapu"])
    # The berkas broken above is named, and the command fails so that a scheduler notices.
    assert result.exit_code == 1
    assert "Tindakan: " in result.output
    assert "belum tersapu" in result.output
