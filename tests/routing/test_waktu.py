"""Where the time of a berkas went: waiting, worked on, repeated, closed; nothing while returned."""

from dataclasses import replace
from datetime import datetime, time, timedelta, timezone

import pytest

from app.routing import (
    SISTEM,
    Aksi,
    Alur,
    Dunia,
    JenisAksi,
    Kalender,
    Keadaan,
    Menit,
    Pemegang,
    Peristiwa,
    Tolak,
    putuskan,
    rinci,
    terapkan,
)
from tests.routing.contoh import JALUR, KECAMATAN, KELURAHAN, RT, RW, make_alur, pejabat

WIB = timezone(timedelta(hours=7))
KANTOR = Kalender(dict.fromkeys(range(5), ((time(7, 30), time(16)),)))
RELAWAN = Kalender(dict.fromkeys(range(7), ((time(6), time(21)),)))
KALENDER = {RT: RELAWAN, RW: RELAWAN, KELURAHAN: KANTOR, KECAMATAN: KANTOR}

ALUR = make_alur((("ketua_rt", "setujui"), ("kasi_kelurahan", "paraf"), ("lurah", "tanda_tangani")))
RT_HEAD, KASI, LURAH = (pejabat(p) for p in ("ketua_rt", "kasi_kelurahan", "lurah"))


def wib(hari: int, jam: int, lewat: int = 0) -> datetime:
    """Return an instant of November or December 2026 by day from 1 November; the 27th is Friday."""
    return datetime(2026, 11, 1, jam, lewat, tzinfo=WIB) + timedelta(days=hari - 1)


class Jurnal:
    """A berkas and its journal, to which tests add acts at chosen moments."""

    def __init__(self, alur: Alur = ALUR) -> None:
        self.alur, self.keadaan, self.events = alur, Keadaan(jalur=JALUR), list[Peristiwa]()

    def act(
        self,
        pada: datetime,
        jenis: JenisAksi,
        pelaku: Pemegang,
        holders: tuple[Pemegang, ...] = (RT_HEAD, KASI, LURAH),
    ) -> None:
        aksi = Aksi(jenis, self.keadaan.ke, pelaku, catatan="-", alasan_kode="-", jalur=JALUR)
        outcome = putuskan(self.alur, self.keadaan, aksi, Dunia(holders, kini=pada))
        assert not isinstance(outcome, Tolak), outcome
        for event in outcome:
            self.keadaan = terapkan(self.keadaan, event)
            self.events.append(event)

    def at(self, kini: datetime) -> dict[int, Menit]:
        return rinci(self.events, KALENDER, kini)


def test_an_unclaimed_visit_waits_and_night_is_closed_time() -> None:
    jurnal = Jurnal()
    jurnal.act(wib(23, 20, 30), JenisAksi.AJUKAN, RT_HEAD)
    assert jurnal.at(wib(23, 20, 30)) == {1: Menit()}
    assert jurnal.at(wib(23, 20, 50)) == {1: Menit(tunggu=20)}
    # Until 21.00 are 30 minutes, from 06.00 another 15; the nine hours between are closed.
    assert jurnal.at(wib(24, 6, 15)) == {1: Menit(tunggu=45, tutup=540)}


def test_minutes_under_a_claim_are_work_and_end_with_the_lease() -> None:
    jurnal = Jurnal()
    jurnal.act(wib(23, 9), JenisAksi.AJUKAN, RT_HEAD)
    jurnal.act(wib(23, 9, 4), JenisAksi.AMBIL, RT_HEAD)
    assert jurnal.at(wib(23, 9, 10)) == {1: Menit(tunggu=4, kerja=6)}
    # The lease ends after ten minutes; the rest is waiting again.
    assert jurnal.at(wib(23, 9, 30)) == {1: Menit(tunggu=20, kerja=10)}
    jurnal.act(wib(23, 9, 12), JenisAksi.LEPAS, RT_HEAD)
    assert jurnal.at(wib(23, 9, 30)) == {1: Menit(tunggu=22, kerja=8)}


def test_each_visit_counts_until_its_act_in_the_hours_of_its_own_desk() -> None:
    jurnal = Jurnal()
    jurnal.act(wib(27, 15), JenisAksi.AJUKAN, RT_HEAD)
    jurnal.act(wib(27, 15, 50), JenisAksi.SETUJUI, RT_HEAD)
    jurnal.act(wib(30, 7, 55), JenisAksi.PARAF, KASI)
    spent = jurnal.at(wib(30, 8))
    weekend = (wib(30, 7, 30) - wib(27, 16)) / timedelta(minutes=1)
    assert spent == {1: Menit(tunggu=50), 2: Menit(tunggu=35, tutup=weekend), 3: Menit(tunggu=5)}
    assert sum(m.layanan for m in spent.values()) == 90


def test_nothing_is_counted_while_returned_and_the_second_visit_is_rework() -> None:
    jurnal = Jurnal()
    jurnal.act(wib(23, 9), JenisAksi.AJUKAN, RT_HEAD)
    jurnal.act(wib(23, 9, 5), JenisAksi.SETUJUI, RT_HEAD)
    jurnal.act(wib(23, 9, 20), JenisAksi.KEMBALIKAN, KASI)
    returned = {1: Menit(tunggu=5), 2: Menit(tunggu=15)}
    assert jurnal.at(wib(25, 12)) == returned
    jurnal.act(wib(25, 12), JenisAksi.AJUKAN, RT_HEAD)
    jurnal.act(wib(25, 12, 2), JenisAksi.AMBIL, KASI)
    jurnal.act(wib(25, 12, 7), JenisAksi.PARAF, KASI)
    assert jurnal.at(wib(25, 12, 10)) == {**returned, 3: Menit(ulang=7), 4: Menit(tunggu=3)}


def test_a_moved_visit_counts_at_each_desk_in_its_own_hours() -> None:
    jurnal = Jurnal()
    jurnal.act(wib(28, 19), JenisAksi.AJUKAN, RT_HEAD)
    # On Saturday evening the RT head leaves office; the sweep re-homes the visit to the kasi.
    jurnal.act(wib(28, 20), JenisAksi.ALIHKAN, SISTEM, holders=(KASI, LURAH))
    closed = (wib(30, 7, 30) - wib(28, 20)) / timedelta(minutes=1)
    assert jurnal.at(wib(30, 7, 40)) == {1: Menit(tunggu=70, tutup=closed)}


def test_a_skipped_step_takes_no_time_and_is_no_earlier_visit() -> None:
    alur = make_alur(
        (("ketua_rt", "setujui"), ("kasi_kelurahan", "paraf"), ("lurah", "tanda_tangani")),
        {2: {"jika_kosong": "lewati"}},
    )
    jurnal = Jurnal(alur)
    holders = (RT_HEAD, LURAH)
    jurnal.act(wib(23, 9), JenisAksi.AJUKAN, RT_HEAD, holders)
    jurnal.act(wib(23, 9, 5), JenisAksi.SETUJUI, RT_HEAD, holders)
    jurnal.act(wib(23, 9, 9), JenisAksi.KEMBALIKAN, LURAH, holders)
    jurnal.act(wib(23, 10), JenisAksi.AJUKAN, RT_HEAD, (*holders, KASI))
    assert jurnal.at(wib(23, 10, 6)) == {
        1: Menit(tunggu=5),
        3: Menit(tunggu=4),
        4: Menit(ulang=6),
    }


def test_a_clock_that_is_behind_takes_nothing_away() -> None:
    jurnal = Jurnal()
    jurnal.act(wib(23, 9), JenisAksi.AJUKAN, RT_HEAD)
    assert jurnal.at(wib(23, 8)) == {1: Menit()}


def test_a_closed_berkas_stands_still_and_no_journal_is_no_time() -> None:
    jurnal = Jurnal(make_alur((("lurah", "tanda_tangani"),)))
    jurnal.alur = replace(jurnal.alur, pengaju=("ketua_rt",))
    jurnal.act(wib(23, 9), JenisAksi.AJUKAN, RT_HEAD)
    jurnal.act(wib(23, 9, 3), JenisAksi.TANDA_TANGANI, LURAH)
    assert jurnal.at(wib(30, 9)) == {1: Menit(tunggu=3)}
    assert rinci([], KALENDER, wib(30, 9)) == {}


def test_a_unit_without_a_calendar_is_an_error_of_the_caller() -> None:
    jurnal = Jurnal()
    jurnal.act(wib(23, 9), JenisAksi.AJUKAN, RT_HEAD)
    with pytest.raises(KeyError):
        rinci(jurnal.events, {}, wib(23, 10))


def test_minutes_add_up_kind_by_kind_and_closed_time_is_no_service() -> None:
    total = Menit(1, 2, 3, 4) + Menit(10, 20, 30, 40)
    assert total == Menit(tunggu=11, kerja=22, ulang=33, tutup=44)
    assert total.layanan == 66


def test_closed_minutes_of_a_repeated_step_count_as_closed() -> None:
    jurnal = Jurnal()
    jurnal.act(wib(23, 20, 30), JenisAksi.AJUKAN, RT_HEAD)
    jurnal.act(wib(23, 20, 31), JenisAksi.KEMBALIKAN, RT_HEAD)
    jurnal.act(wib(23, 20, 50), JenisAksi.AJUKAN, RT_HEAD)
    assert jurnal.at(wib(24, 6, 15))[2] == Menit(ulang=25, tutup=540)
