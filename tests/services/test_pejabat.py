"""Who can act today, vacant posts, own appointments: right at the moment, inside the area only."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from app.errors import TidakDitemukanError
from app.services.kenaikan import naik
from app.services.pejabat import (
    Pos,
    list_jalur,
    list_kosong,
    list_penugasan,
    list_wilayah,
    require_inside,
)
from tests.services.orang import appoint, vacate
from tests.walk import SENIN, act_as, unit

RT = "RT 003/RW 002 Pilang"


def way(session: Session, sebutan: str, moment=SENIN) -> dict[str, Pos]:  # type: ignore[no-untyped-def]
    """Return the posts on the way up from a unit, by their jabatan."""
    found = list_jalur(session, unit(session, sebutan), moment)
    return {post.sebutan: post for _, posts in found for post in posts}


def test_the_way_from_an_rt_names_every_desk_up_to_the_camat(session: Session) -> None:
    act_as(session, "rt003rw002.pilang")
    posts = list(way(session, RT))
    assert posts[:3] == [
        "Ketua RT 003/RW 002 Pilang",
        "Ketua RW 002 Pilang",
        "Petugas Pelayanan Kelurahan Pilang",
    ]
    assert posts[-1] == "Camat Kademangan"
    assert len(posts) == 15
    assert not any("Administrator" in sebutan or "Auditor" in sebutan for sebutan in posts)


def test_an_acting_officer_is_listed_at_the_moments_of_the_appointment_only(
    session: Session,
) -> None:
    noon = SENIN + timedelta(hours=3)
    appoint(
        session, "sekkel.pilang", "lurah", "Kelurahan Pilang", sifat="plh", mulai=SENIN, sampai=noon
    )
    act_as(session, "lurah.pilang")
    lurah = way(session, "Kelurahan Pilang")["Lurah Pilang"]
    assert [m.sebutan for m in lurah.holders(SENIN)] == ["Lurah Pilang", "Plh. Lurah Pilang"]
    assert [m.sebutan for m in lurah.holders(noon)] == ["Lurah Pilang"]
    (plh,) = [m for m in lurah.holders(SENIN) if m.sifat == "plh"]
    assert (plh.nomor_sk, plh.mulai, plh.sampai) == ("SK/UJI/2026/001", SENIN, noon)


def test_a_vacant_post_says_where_its_berkas_rise_to(session: Session) -> None:
    vacate(session, "ketua_rt", RT, SENIN - timedelta(hours=1))
    act_as(session, "rw002.pilang")
    posts = way(session, RT)
    above = naik(session, list(posts.values()), unit(session, RT), SENIN)
    assert above[posts["Ketua RT 003/RW 002 Pilang"]] == [("Ketua RW 002 Pilang", 19)]
    assert "Ketua RW 002 Pilang" not in {post.sebutan for post in above}
    act_as(session, "camat")
    posts = way(session, "Kelurahan Kademangan")
    above = naik(session, list(posts.values()), unit(session, "Kelurahan Kademangan"), SENIN)
    # Where the chain ends at the lurah nobody may sign in his place: the berkas waits, visibly.
    assert above[posts["Lurah Kademangan"]] == [("", 12), ("Camat Kademangan", 9)]


def test_a_unit_outside_the_area_is_not_found(session: Session) -> None:
    for username, foreign in (
        ("rt001rw002.pilang", "RT 002/RW 002 Pilang"),
        ("rt001rw002.pilang", "RW 002 Pilang"),
        ("lurah.pilang", "Kelurahan Ketapang"),
        ("lurah.pilang", "Kecamatan Kademangan"),
        ("camat", "Kota Probolinggo"),
    ):
        pelaku = act_as(session, username)
        with pytest.raises(TidakDitemukanError):
            require_inside(session, pelaku, unit(session, foreign))
        assert unit(session, foreign) not in dict(list_wilayah(session, pelaku, SENIN))
    with pytest.raises(TidakDitemukanError):
        require_inside(session, act_as(session, "camat"), 2**40)


def test_vacancies_are_those_of_the_own_area(session: Session) -> None:
    vacate(session, "ketua_rt", "RW 001 Pilang", SENIN - timedelta(days=2))
    seen = {
        username: [p.sebutan for p in list_kosong(session, act_as(session, username), SENIN)]
        for username in ("rw001.pilang", "lurah.pilang", "lurah.ketapang", "rt001rw002.pilang")
    }
    heads = [f"Ketua RT {n}/RW 001 Pilang" for n in ("001", "002", "003")]
    assert seen["rw001.pilang"] == heads
    assert set(heads) <= set(seen["lurah.pilang"])
    assert all("Pilang" in sebutan for sebutan in seen["lurah.pilang"])
    assert seen["lurah.ketapang"] == []
    assert seen["rt001rw002.pilang"] == []


def test_an_end_within_two_weeks_is_told_unless_somebody_follows(session: Session) -> None:
    end = SENIN + timedelta(days=10)
    vacate(session, "ketua_rw", "RW 003 Ketapang", end)
    lurah = act_as(session, "lurah.ketapang")
    (post,) = list_kosong(session, lurah, SENIN)
    assert (post.sebutan, post.vacant_from(SENIN)) == ("Ketua RW 003 Ketapang", end)
    assert post.holders(SENIN)
    assert list_kosong(session, lurah, end - timedelta(days=15)) == []
    appoint(session, "rw002.ketapang", "ketua_rw", "RW 003 Ketapang", mulai=end)
    assert list_kosong(session, act_as(session, "lurah.ketapang"), SENIN) == []


def test_own_appointments_are_all_and_only_the_own(session: Session) -> None:
    later = SENIN + timedelta(days=40)
    appoint(
        session,
        "sekcam",
        "camat",
        "Kecamatan Kademangan",
        sifat="plh",
        mulai=later,
        sampai=later + timedelta(days=3),
    )
    pelaku = act_as(session, "sekcam")
    rows = list_penugasan(session, pelaku)
    assert [row.sebutan for row in rows] == [
        "Plh. Camat Kademangan",
        "Sekretaris Kecamatan Kademangan",
    ]
    assert [row.holds(SENIN) for row in rows] == [False, True]
    assert {row.pengguna_id for row in rows} == {pelaku.pengguna_id}
