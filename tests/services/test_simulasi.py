"""What if: the same seed gives the same numbers, more officers never wait longer, late is late."""

from dataclasses import replace
from datetime import UTC, datetime, time
from random import Random
from statistics import mean

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.errors import BangkitError
from app.models.policy import unscoped
from app.routing import Kalender, parse_syarat
from app.services.pengajuan import load_terbit
from app.services.pengaturan_simulasi import Pengaturan, read_pengaturan, read_petugas
from app.services.rencana_simulasi import corners_of, load_rencana, route_of, staffed
from app.services.simulasi import Rencana, Singgah, arrivals, simulate, spread, work_minutes
from tests.routing.contoh import JALUR, make_alur, make_dunia
from tests.walk import SENIN, act_as

KANTOR = Kalender({hari: ((time(8), time(12)), (time(13), time(16))) for hari in range(5)})
JUMAT = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)  # 15.30 WIB


def rencana(petugas: int = 1, menit: int = 10, sla_total: int = 20) -> Rencana:
    """Two steps at two desks of one office, each of ten minutes."""
    rute = (Singgah("01_a", ("a", 1, None), 1), Singgah("02_b", ("b", 1, None), petugas))
    return Rencana(
        [[rute]], {1: KANTOR}, {"01_a": menit, "02_b": menit}, sla_total, loket=1, mulai=JUMAT
    )


def test_the_same_seed_gives_the_same_numbers_and_another_does_not() -> None:
    first = simulate(rencana(), Pengaturan(4, 5, 7))
    assert simulate(rencana(), Pengaturan(4, 5, 7)) == first
    assert simulate(rencana(), Pengaturan(4, 5, 8)) != first
    assert first.masuk == first.selesai > 50
    assert sum(n for _, _, n in first.sebaran) == first.selesai


def test_arrivals_lie_in_opening_hours_and_come_as_often_as_asked() -> None:
    moments = arrivals(rencana(), Pengaturan(6, 40, 1), Random(1))
    assert moments == sorted(moments)
    for moment in moments:
        opens = [a <= moment <= b for a, b in KANTOR.intervals(KANTOR.local_date(moment))]
        assert any(opens), moment
    # 39 whole days of seven hours and half an hour of Friday: about 6 an hour.
    assert len(moments) / (39 * 7 + 0.5) == pytest.approx(6, rel=0.1)


def test_work_takes_half_to_a_fifth_more_of_the_sop() -> None:
    acak = Random(1)
    drawn = [work_minutes(20, acak) for _ in range(2000)]
    assert min(drawn) >= 10
    assert max(drawn) <= 24
    assert mean(drawn) == pytest.approx(20 * (0.5 + 0.9 + 1.2) / 3, rel=0.02)
    assert work_minutes(1, acak) == 1


def test_nobody_waits_when_hardly_anybody_comes() -> None:
    hasil = simulate(rencana(sla_total=24), Pengaturan(0.1, 20, 2))
    assert hasil.dalam_sla == 1
    assert hasil.penahan is None
    assert [t.tunggu_p90 for t in hasil.tahapan] == [0, 0]
    assert 10 <= hasil.median <= hasil.p90 <= 24


def test_too_few_officers_hold_up_their_step_and_a_second_one_frees_it() -> None:
    slow = replace(rencana(), menit={"01_a": 2, "02_b": 20})
    one = simulate(slow, Pengaturan(4, 10, 3))
    rute = (slow.rute[0][0][0], replace(slow.rute[0][0][1], petugas=2))
    two = simulate(replace(slow, rute=[[rute]]), Pengaturan(4, 10, 3))
    assert one.penahan == "02_b"
    assert one.tahapan[1].beban > 1
    assert two.tahapan[1].beban == pytest.approx(one.tahapan[1].beban / 2)
    assert two.dalam_sla > one.dalam_sla
    assert two.tahapan[1].tunggu_rata < one.tahapan[1].tunggu_rata / 5
    assert two.masuk == one.masuk


def test_closed_hours_count_nothing() -> None:
    # Whatever is not done on Friday goes on on Monday, and no berkas takes a weekend.
    hasil = simulate(rencana(), Pengaturan(2, 3, 1))
    assert hasil.p90 < 120


def test_a_desk_without_officers_holds_every_berkas() -> None:
    hasil = simulate(rencana(petugas=0), Pengaturan(4, 5, 1))
    assert hasil.tertahan == hasil.masuk > 0
    assert (hasil.selesai, hasil.dalam_sla, hasil.sebaran) == (0, 0.0, ())


def test_more_than_a_page_can_bear_is_refused() -> None:
    with pytest.raises(BangkitError, match="Terlalu banyak berkas"):
        simulate(rencana(), Pengaturan(60, 60, 1))


@pytest.mark.parametrize("late", [20, 21])
def test_a_bar_ends_at_the_promise(late: int) -> None:
    (first, *_) = [a for a, b, n in spread([late], 20) if n]
    assert (first >= 20) is (late > 20)


def test_a_route_follows_the_rule_and_its_conditions() -> None:
    alur = make_alur(ubah={2: {"syarat": parse_syarat([["dana", "≥", 5]])}})
    dunia = make_dunia(kosong=["ketua_rt"])
    corners = corners_of(alur)
    assert corners == [{"dana": 5}, {"dana": 4}]
    long, short = (route_of(alur, JALUR, data, dunia) for data in corners)
    assert [s.tahapan for s in long][:2] == ["01_ketua_rt", "02_ketua_rw"]
    assert [s.tahapan for s in short][:2] == ["01_ketua_rt", "03_petugas_kelurahan"]
    # Vacant, so the RW serves the step of the RT.
    assert long[0].meja[0] == "ketua_rw"


def test_asked_officers_replace_who_really_sits_there() -> None:
    alur, dunia = make_alur(), make_dunia()
    more = route_of(alur, JALUR, {}, staffed(alur, [JALUR], dunia, {"lurah": 3}))
    none = route_of(alur, JALUR, {}, staffed(alur, [JALUR], dunia, {"lurah": 0}))
    assert more[4].petugas == 3
    assert none[4].meja[0] == "camat"  # naik: a counter may not sign for a lurah


WRONG = [
    {"per_jam": "0"},
    {"per_jam": "banyak"},
    {"per_jam": "inf"},
    {"per_jam": "nan"},
    {"hari": "1,5"},
    {"hari": "61"},
    {"benih": "-1"},
]


@pytest.mark.parametrize("wrong", WRONG, ids=str)
def test_a_number_out_of_bounds_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(BangkitError, match="harus angka"):
        read_pengaturan({"per_jam": "4", "hari": "20", "benih": "1", **wrong})


def test_numbers_are_read_as_people_type_them() -> None:
    typed = {"per_jam": " 2,5 ", "hari": "20", "benih": "0"}
    assert read_pengaturan(typed) == Pengaturan(2.5, 20, 0)
    assert read_petugas({"lurah": " 2 ", "camat": ""}, {"lurah", "camat"}) == {"lurah": 2}
    for wrong in ({"lurah": "51"}, {"lurah": "²"}, {"lurah": "-1"}, {"dukun": "1"}):
        with pytest.raises(BangkitError):
            read_petugas(wrong, {"lurah", "camat"})


def test_the_real_alur_is_simulated_for_the_area_of_the_person(session: Session) -> None:
    lurah = act_as(session, "lurah.pilang")
    versi = load_terbit(session, "SKTM")
    own = load_rencana(session, lurah, versi, SENIN, {})
    camat = load_rencana(session, act_as(session, "camat"), versi, SENIN, {})
    with unscoped(session, "uji"):
        everything = load_rencana(session, None, versi, SENIN, {})
    assert len(own.rute) == 9
    assert len(camat.rute) == len(everything.rute) > 9
    assert [s.tahapan for s in own.rute[0][0]] == list(own.menit)
    assert all(s.petugas >= 1 for rt in own.rute for rute in rt for s in rute)
    hasil = simulate(own, Pengaturan(2, 5, 1))
    assert hasil.selesai == hasil.masuk
    assert [t.kode for t in hasil.tahapan] == list(own.menit)


def test_the_command_prints_the_same_twice(app: Flask) -> None:
    runner = app.test_cli_runner()
    args = ["bangkit", "simulasi", "SKTM", "--per-jam", "4", "--hari", "3", "--benih", "1"]
    args += ["--petugas", "petugas_kelurahan=2"]
    first, again = (runner.invoke(args=args) for _ in range(2))
    assert first.exit_code == 0, first.output
    assert first.output == again.output
    assert "Selesai dalam 35 menit layanan: " in first.output
    assert "03_petugas_kelurahan" in first.output
    wrong = runner.invoke(args=["bangkit", "simulasi", "SKTM", "--petugas", "dukun=2"])
    assert wrong.exit_code == 1
    assert "dukun" in wrong.output
    missing = runner.invoke(args=["bangkit", "simulasi", "TIDAKADA"])
    assert "belum terbit" in missing.output
