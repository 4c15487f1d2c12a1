from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.errors import DataTidakValidError
from app.models.penugasan import Penugasan, Sifat
from app.models.peran import SEMUA_PERAN, Peran
from app.models.policy import unscoped
from app.models.seksi import Seksi
from tests.models.contoh import JANUARI, JULI, Dunia, act_as, pengguna, save

SK = {"nomor_sk": "800/1/2026", "waktu_sampai": JULI}


@pytest.fixture
def akun(session: Session, dunia: Dunia) -> tuple[int, int]:
    """Two accounts."""
    budi, sari = save(session, pengguna("budi"), pengguna("sari"))
    return budi, sari


def tugas(dunia: Dunia, akun: int, peran: str, unit: str, **facts: Any) -> Penugasan:
    fields = {
        "pengguna_id": akun,
        "peran_id": dunia.peran[peran],
        "wilayah_id": dunia.unit[unit],
        "waktu_mulai": JANUARI,
    }
    return Penugasan(**{**fields, **facts})


def refused(session: Session, *rows: Penugasan) -> list[str]:
    with pytest.raises(DataTidakValidError) as caught:
        save(session, *rows)
    session.rollback()
    session.expunge_all()
    return list(caught.value.fields)


@pytest.mark.parametrize(
    ("peran", "unit", "facts", "sebutan"),
    [
        ("ketua_rt", "pilang_rt1", {}, "Ketua RT 001/RW 002 Pilang"),
        ("ketua_rw", "pilang_rw2", {}, "Ketua RW 002 Pilang"),
        ("petugas_kelurahan", "pilang", {}, "Petugas Pelayanan Kelurahan Pilang"),
        ("lurah", "pilang", {}, "Lurah Pilang"),
        ("lurah", "pilang", {"sifat": "plt", **SK}, "Plt. Lurah Pilang"),
        ("lurah", "pilang", {"sifat": Sifat.PLH, **SK}, "Plh. Lurah Pilang"),
        ("lurah", "pilang", {"sifat": Sifat.AN, **SK}, "a.n. Lurah Pilang"),
        ("auditor", "kademangan", {}, "Auditor Kecamatan Kademangan"),
    ],
)
def test_the_jabatan_reads_as_letters_print_it(
    session: Session,
    dunia: Dunia,
    akun: tuple[int, int],
    peran: str,
    unit: str,
    facts: dict[str, Any],
    sebutan: str,
) -> None:
    (id_,) = save(session, tugas(dunia, akun[0], peran, unit, **facts))
    with unscoped(session, "test"):
        assert str(session.get_one(Penugasan, id_)) == sebutan


def test_a_kasi_is_named_by_the_seksi_and_needs_one_of_the_unit(
    session: Session, dunia: Dunia, akun: tuple[int, int]
) -> None:
    pilang, ketapang = save(
        session,
        *(
            Seksi(wilayah_id=dunia.unit[unit], kode="pem", nama="Pemerintahan")
            for unit in ("pilang", "ketapang")
        ),
    )
    kasi = ("kasi_kelurahan", "pilang")
    assert refused(session, tugas(dunia, akun[0], *kasi)) == ["seksi_id"]
    assert refused(session, tugas(dunia, akun[0], *kasi, seksi_id=ketapang)) == ["seksi_id"]
    (id_,) = save(session, tugas(dunia, akun[0], *kasi, seksi_id=pilang))
    with unscoped(session, "test"):
        row = session.get_one(Penugasan, id_)
        assert str(row) == "Kepala Seksi Pemerintahan Kelurahan Pilang"


def test_a_peran_is_held_at_its_own_level(
    session: Session, dunia: Dunia, akun: tuple[int, int]
) -> None:
    assert refused(session, tugas(dunia, akun[0], "lurah", "kademangan")) == ["wilayah_id"]
    assert refused(session, tugas(dunia, akun[0], "ketua_rt", "pilang_rw2")) == ["wilayah_id"]


@pytest.mark.parametrize("sifat", [Sifat.PLT, Sifat.PLH, Sifat.AN])
def test_acting_needs_an_sk_and_an_end(
    session: Session, dunia: Dunia, akun: tuple[int, int], sifat: Sifat
) -> None:
    row = tugas(dunia, akun[0], "lurah", "pilang", sifat=sifat, nomor_sk=" ")
    assert refused(session, row) == ["nomor_sk", "waktu_sampai"]
    assert save(session, tugas(dunia, akun[0], "lurah", "pilang", sifat=sifat, **SK))


def test_the_end_lies_after_the_start(
    session: Session, dunia: Dunia, akun: tuple[int, int]
) -> None:
    row = tugas(dunia, akun[0], "lurah", "pilang", waktu_sampai=JANUARI)
    assert refused(session, row) == ["waktu_sampai"]


def test_one_definitif_holder_at_a_time_in_half_open_terms(
    session: Session, dunia: Dunia, akun: tuple[int, int]
) -> None:
    budi, sari = akun
    lurah = ("lurah", "pilang")
    save(session, tugas(dunia, budi, *lurah, waktu_sampai=JULI))
    minute = timedelta(minutes=1)
    assert refused(session, tugas(dunia, sari, *lurah, waktu_mulai=JULI - minute)) == [
        "waktu_mulai"
    ]
    assert save(session, tugas(dunia, sari, *lurah, waktu_mulai=JULI))
    assert save(session, tugas(dunia, sari, "lurah", "ketapang"))
    assert save(session, tugas(dunia, sari, *lurah, sifat=Sifat.PLH, **SK))
    assert save(session, tugas(dunia, budi, "auditor", "kademangan"))
    assert save(session, tugas(dunia, sari, "auditor", "kademangan"))


def test_two_holders_in_the_same_flush_are_refused(
    session: Session, dunia: Dunia, akun: tuple[int, int]
) -> None:
    rows = [tugas(dunia, id_, "lurah", "pilang") for id_ in akun]
    assert refused(session, *rows) == ["waktu_mulai"]


def test_handing_over_in_one_flush_is_allowed(
    session: Session, dunia: Dunia, akun: tuple[int, int]
) -> None:
    budi, sari = akun
    (old,) = save(session, tugas(dunia, budi, "lurah", "pilang"))
    with unscoped(session, "test"):
        session.get_one(Penugasan, old).waktu_sampai = JULI
        new = tugas(dunia, sari, "lurah", "pilang", waktu_mulai=JULI)
        session.add(new)
        session.flush()
        assert new.id is not None


def test_a_kasi_is_one_per_seksi(session: Session, dunia: Dunia, akun: tuple[int, int]) -> None:
    pem, sos = save(
        session,
        *(Seksi(wilayah_id=dunia.unit["pilang"], kode=k, nama=k) for k in ("pem", "sos")),
    )
    kasi = ("kasi_kelurahan", "pilang")
    save(session, tugas(dunia, akun[0], *kasi, seksi_id=pem))
    assert save(session, tugas(dunia, akun[1], *kasi, seksi_id=sos))
    assert refused(session, tugas(dunia, akun[1], *kasi, seksi_id=pem)) == ["waktu_mulai"]


def test_a_rival_the_person_may_not_see_counts_too(
    session: Session, dunia: Dunia, akun: tuple[int, int]
) -> None:
    save(session, tugas(dunia, akun[0], "lurah", "pilang"))
    act_as(session, dunia, ("ketua_rt", "pilang_rt1"))
    row = tugas(dunia, akun[1], "lurah", "pilang")
    session.add(row)
    with pytest.raises(DataTidakValidError):
        session.flush()


def test_an_admin_appoints_in_his_kecamatan(session: Session, dunia: Dunia) -> None:
    (id_,) = save(session, pengguna("budi", wilayah_id=dunia.unit["pilang"]))
    (far,) = save(session, pengguna("sari"))
    act_as(session, dunia, ("admin_kecamatan", "kademangan"))
    session.add(tugas(dunia, id_, "lurah", "pilang"))
    session.commit()
    session.add(tugas(dunia, far, "lurah", "ketapang"))
    with pytest.raises(DataTidakValidError) as caught:
        session.flush()
    assert list(caught.value.fields) == ["pengguna_id"]


def test_the_kode_of_a_peran_is_a_word_for_ever(session: Session, dunia: Dunia) -> None:
    with unscoped(session, "test", keep=True):
        session.get_one(Peran, dunia.peran["lurah"]).kode = "kades"
        with pytest.raises(DataTidakValidError) as caught:
            session.flush()
        assert caught.value.fields == {"kode": "Kode peran tidak dapat diubah."}
        session.rollback()
        session.add(Peran(kode="Kepala Desa", nama="x", tingkat="kota", urutan=1))
        with pytest.raises(DataTidakValidError) as caught:
            session.flush()
    assert sorted(caught.value.fields) == ["kode", "tingkat"]


def test_there_are_twelve_peran_to_grant_to() -> None:
    assert len(set(SEMUA_PERAN)) == 12
