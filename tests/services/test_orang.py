"""People change while berkas walk: acting officers, vacant posts, families, closed accounts."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import TidakBerwenangError
from app.models.berkas import Berkas
from app.models.kunjungan import Kunjungan, Sebab
from app.models.penduduk import Penduduk
from app.models.pengguna import Pengguna
from app.models.policy import unscoped
from app.models.riwayat import Riwayat
from app.models.wilayah import Wilayah
from app.routing import JenisAksi
from app.services.antrean import list_antrean, load_halaman
from app.services.berkas import available, tindak, tindak_sistem
from app.services.pelaku import load_pelaku
from app.services.pengajuan import ajukan, load_terbit
from app.services.rancangan import Pengajuan
from tests.services.orang import appoint, decide, file_for, vacate
from tests.walk import ISIAN, RANTAI, SENIN, act_as, take, walk

RT = "RT 001/RW 002 Pilang"
MALAM = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)
"""24 November ends: 00.00 WIB of the 25th."""


def rows_of(session: Session, berkas_id: int) -> list[Riwayat]:
    with unscoped(session, "uji membaca riwayat"):
        query = select(Riwayat).where(Riwayat.berkas_id == berkas_id).order_by(Riwayat.nomor)
        rows = list(session.scalars(query))
        session.expunge_all()
    return rows


def visits_of(session: Session, berkas_id: int) -> list[tuple[str, str | None, str | None]]:
    """Return (status, cause, sebutan of the desk's unit) of each visit."""
    with unscoped(session, "uji membaca kunjungan"):
        rows = session.execute(
            select(Kunjungan.status, Kunjungan.sebab, Wilayah.sebutan)
            .outerjoin(Wilayah, Wilayah.id == Kunjungan.wilayah_id)
            .where(Kunjungan.berkas_id == berkas_id)
            .order_by(Kunjungan.ke)
        ).all()
    return [(str(s), str(c) if c else None, w) for s, c, w in rows]


def status_of(session: Session, berkas_id: int) -> str:
    with unscoped(session, "uji membaca status"):
        return str(session.scalar(select(Berkas.status).where(Berkas.id == berkas_id)))


def test_plh_lurah_signs_inside_the_dates_and_is_refused_the_day_after(session: Session) -> None:
    mulai = SENIN - timedelta(hours=3)
    appoint(
        session,
        "sekkel.pilang",
        "lurah",
        "Kelurahan Pilang",
        sifat="plh",
        mulai=mulai,
        sampai=MALAM,
    )
    first = file_for(session, "rt001rw002.pilang", RT)
    walk(session, first, 0, 4)
    last_minute = MALAM - timedelta(minutes=1)
    row = take(session, "sekkel.pilang", first, JenisAksi.TANDA_TANGANI, last_minute)
    assert row.jabatan == "Plh. Lurah Pilang"
    act_as(session, "camat")
    assert "Plh. Lurah Pilang" in [r.jabatan for r in load_halaman(session, first).riwayat]
    second = file_for(session, "rt001rw002.pilang", RT)
    walk(session, second, 0, 4)
    pelaku = act_as(session, "sekkel.pilang", last_minute)
    ke = available(session, pelaku, last_minute, second).ke
    with pytest.raises(TidakBerwenangError):
        tindak(
            session,
            act_as(session, "sekkel.pilang", MALAM),
            MALAM,
            berkas_id=second,
            jenis=JenisAksi.TANDA_TANGANI,
            ke=ke,
            kunci=uuid4().hex,
        )
    session.rollback()
    assert status_of(session, second) == "menunggu_ttd"
    assert take(session, "lurah.pilang", second, JenisAksi.TANDA_TANGANI, MALAM).jabatan == (
        "Lurah Pilang"
    )


def test_with_every_rt_of_a_kelurahan_vacant_a_berkas_reaches_selesai(session: Session) -> None:
    assert vacate(session, "ketua_rt", "Kelurahan Ketapang", SENIN - timedelta(days=1)) == 9
    berkas_id = file_for(session, "petugas.ketapang", "RT 001/RW 001 Ketapang")
    chain = ("rw001.ketapang", "rw001.ketapang", "petugas.ketapang", "kasi.kesos.ketapang")
    for username in (*chain, "lurah.ketapang", *(name for name, _ in RANTAI[5:])):
        decide(session, username, berkas_id)
    assert status_of(session, berkas_id) == "selesai"
    visits = visits_of(session, berkas_id)
    assert visits[0] == ("disetujui", Sebab.NAIK.value, "RW 001 Ketapang")
    assert [cause for _, cause, _ in visits[1:]] == [None] * 8
    assert [r.jabatan for r in rows_of(session, berkas_id)[1:3]] == [
        "a.n. Ketua RT 001/RW 001 Ketapang, Ketua RW 001 Ketapang",
        "Ketua RW 001 Ketapang",
    ]


def test_with_rt_and_rw_vacant_each_hop_says_why(session: Session) -> None:
    for peran in ("ketua_rt", "ketua_rw"):
        vacate(session, peran, "RW 003 Pilang", SENIN - timedelta(days=1))
    berkas_id = file_for(session, "petugas.pilang", "RT 002/RW 003 Pilang")
    for username in ("petugas.pilang", "petugas.pilang", *(name for name, _ in RANTAI[2:])):
        decide(session, username, berkas_id)
    assert status_of(session, berkas_id) == "selesai"
    assert visits_of(session, berkas_id)[:3] == [
        ("disetujui", "naik", "Kelurahan Pilang"),
        ("disetujui", "naik", "Kelurahan Pilang"),
        ("disetujui", None, "Kelurahan Pilang"),
    ]
    assert [r.jabatan.split(",")[0] for r in rows_of(session, berkas_id)[1:3]] == [
        "a.n. Ketua RT 002/RW 003 Pilang",
        "a.n. Ketua RW 003 Pilang",
    ]


def test_one_person_as_plt_lurah_and_sekcam_signs_once_per_post(session: Session) -> None:
    appoint(
        session,
        "sekcam",
        "lurah",
        "Kelurahan Pilang",
        sifat="plt",
        sampai=SENIN + timedelta(days=30),
    )
    berkas_id = file_for(session, "rt001rw002.pilang", RT)
    walk(session, berkas_id, 0, 4)
    assert decide(session, "sekcam", berkas_id).jabatan == "Plt. Lurah Pilang"
    walk(session, berkas_id, 5, 7)
    assert decide(session, "sekcam", berkas_id).jabatan == "Sekretaris Kecamatan Kademangan"
    decide(session, "camat", berkas_id)
    assert status_of(session, berkas_id) == "selesai"
    signed = [r for r in rows_of(session, berkas_id) if "Kecamatan Kademangan" in r.jabatan]
    assert len({r.penugasan_id for r in rows_of(session, berkas_id)}) == 9
    assert len(signed) == 3


def test_the_rt_heads_own_letter_rises_and_the_desk_is_told_why(session: Session) -> None:
    pelaku = act_as(session, "rt003rw002.pilang")
    with unscoped(session, "uji mencari warga"):
        akun = session.get_one(Pengguna, pelaku.pengguna_id)
        warga = session.get_one(Penduduk, akun.penduduk_id)
        penduduk_id, nik, nama = warga.id, warga.nik, warga.nama
        assert akun.nama == nama
    pelaku = act_as(session, "rt003rw002.pilang")
    versi = load_terbit(session, "SKTM")
    ticked = frozenset(row.id for row in versi.persyaratan)
    pengajuan = Pengajuan(versi.id, penduduk_id, {**ISIAN, "untuk_nik": nik}, ticked)
    berkas_id = ajukan(session, pelaku, SENIN, pengajuan, uuid4().hex)
    session.commit()
    assert visits_of(session, berkas_id) == [("menunggu", "naik", "RW 002 Pilang")]
    meja = available(session, act_as(session, "rt003rw002.pilang"), SENIN, berkas_id)
    assert meja.is_keluarga
    assert JenisAksi.SETUJUI not in meja.tindakan
    assert not available(session, act_as(session, "rw002.pilang"), SENIN, berkas_id).is_keluarga


def test_a_closed_account_holds_no_desk_and_keeps_its_history(session: Session) -> None:
    done = file_for(session, "rt002rw002.pilang", "RT 002/RW 002 Pilang")
    before = decide(session, "rt002rw002.pilang", done)
    nama, jabatan, nomor = before.nama, before.jabatan, before.nomor
    with unscoped(session, "uji menutup akun"):
        akun = session.scalars(
            select(Pengguna).where(Pengguna.username == "rt002rw002.pilang")
        ).one()
        akun.active = False
        akun_id = akun.id
    session.commit()
    assert load_pelaku(session, akun_id, SENIN) is None
    row = rows_of(session, done)[nomor - 1]
    assert (row.nama, row.jabatan, row.oleh_id) == (nama, jabatan, akun_id)
    later = file_for(session, "petugas.pilang", "RT 002/RW 002 Pilang")
    assert visits_of(session, later) == [("menunggu", "naik", "RW 002 Pilang")]
    rw = act_as(session, "rw002.pilang")
    assert later in [item.berkas_id for item in list_antrean(session, rw, SENIN)]


def test_a_vacancy_filled_later_is_reached_by_alihkan_with_a_reason(session: Session) -> None:
    vacate(session, "ketua_rt", "RW 001 Pilang", SENIN - timedelta(days=1))
    berkas_id = file_for(session, "petugas.pilang", "RT 001/RW 001 Pilang")
    assert visits_of(session, berkas_id)[0][2] == "RW 001 Pilang"
    appoint(session, "rt001rw001.pilang", "ketua_rt", "RT 001/RW 001 Pilang")
    assert visits_of(session, berkas_id)[0][2] == "RW 001 Pilang"
    row = take(session, "rw001.pilang", berkas_id, JenisAksi.ALIHKAN, catatan="Ketua RT ada lagi")
    assert str(row.jenis) == "alihkan"
    assert visits_of(session, berkas_id) == [("menunggu", None, "RT 001/RW 001 Pilang")]
    assert decide(session, "rt001rw001.pilang", berkas_id).jabatan == "Ketua RT 001/RW 001 Pilang"


def test_a_superior_whom_the_ladder_let_in_signs_for_the_desk(session: Session) -> None:
    rt = RT
    berkas_id = file_for(session, "petugas.pilang", rt)
    tindak_sistem(
        session,
        SENIN,
        berkas_id=berkas_id,
        jenis=JenisAksi.ESKALASI,
        kunci=uuid4().hex,
        rincian={"buka_atasan": True},
    )
    session.commit()
    assert visits_of(session, berkas_id) == [("menunggu", None, rt)]
    row = decide(session, "rw002.pilang", berkas_id)
    assert row.jabatan == f"a.n. Ketua {rt}, Ketua RW 002 Pilang"
