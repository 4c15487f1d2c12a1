import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import DataTidakValidError
from app.models.base import AREA_COLUMNS
from app.models.keluarga import Keluarga
from app.models.penduduk import Penduduk
from app.models.penugasan import Penugasan
from app.models.policy import unscoped
from app.models.seksi import Seksi
from app.models.wilayah import Wilayah, WilayahLeluhur, subtree_ids
from tests.models.contoh import JANUARI, Dunia, penduduk, pengguna, save


def ancestors(session: Session, wilayah_id: int) -> dict[int, int]:
    rows = session.execute(
        select(WilayahLeluhur.jarak, WilayahLeluhur.leluhur_id).where(
            WilayahLeluhur.turunan_id == wilayah_id
        )
    )
    return {row.jarak: row.leluhur_id for row in rows}


def sebutan(session: Session, wilayah_id: int) -> str:
    return session.scalars(select(Wilayah.sebutan).where(Wilayah.id == wilayah_id)).one()


def areas(session: Session, model: type, id_: int) -> list[int | None]:
    with unscoped(session, "test"):
        columns = [getattr(model, column) for column in AREA_COLUMNS]
        return list(session.execute(select(*columns).where(model.id == id_)).one())


def path(dunia: Dunia, *names: str) -> list[int]:
    return [dunia.unit[name] for name in names]


def test_the_closure_holds_each_ancestor_with_its_distance(session: Session, dunia: Dunia) -> None:
    chain = path(dunia, "pilang_rt1", "pilang_rw2", "pilang", "kademangan", "kota")
    assert ancestors(session, dunia.unit["pilang_rt1"]) == dict(enumerate(chain))
    below = path(dunia, "pilang", "pilang_rw2", "pilang_rw3", "pilang_rt1", "pilang_rt2")
    assert subtree_ids(session, [dunia.unit["pilang"]]) == set(below)


@pytest.mark.parametrize(
    ("unit", "name"),
    [
        ("kademangan", "Kecamatan Kademangan"),
        ("pilang", "Kelurahan Pilang"),
        ("pilang_rw2", "RW 002 Pilang"),
        ("pilang_rt1", "RT 001/RW 002 Pilang"),
    ],
)
def test_a_unit_is_named_with_its_level(
    session: Session, dunia: Dunia, unit: str, name: str
) -> None:
    assert sebutan(session, dunia.unit[unit]) == name


def test_a_tree_given_by_relations_in_one_flush_is_named_and_closed(session: Session) -> None:
    rw = Wilayah(tingkat="rw", kode="002", nama="002")
    rw.induk = Wilayah(tingkat="kelurahan", kode="35.74.01.1009", nama="Pilang")
    rt = Wilayah(tingkat="rt", kode="001", nama="001", induk=rw)
    (id_,) = save(session, rt)
    assert sebutan(session, id_) == "RT 001/RW 002 Pilang"
    assert len(ancestors(session, id_)) == 3


def test_moving_an_rt_moves_its_name_its_closure_and_its_people(
    session: Session, dunia: Dunia
) -> None:
    rt = dunia.unit["pilang_rt1"]
    kk = Keluarga(
        no_kk="3574010101209901", nama_kepala="Warga", alamat="Jalan Brantas", wilayah_id=rt
    )
    (warga, keluarga), (lain,) = (
        save(session, penduduk(rt, 9901), kk),
        save(session, penduduk(dunia.unit["pilang_rt2"], 9902)),
    )
    before = path(dunia, "kademangan", "pilang", "pilang_rw2", "pilang_rt1")
    assert areas(session, Penduduk, warga) == areas(session, Keluarga, keluarga) == before

    with unscoped(session, "test"):
        session.get_one(Wilayah, rt).induk_id = dunia.unit["ketapang_rw1"]
        session.get_one(Wilayah, rt).kode = "002"
        session.commit()

    assert sebutan(session, rt) == "RT 002/RW 001 Ketapang"
    chain = path(dunia, "pilang_rt1", "ketapang_rw1", "ketapang", "kademangan", "kota")
    assert ancestors(session, rt) == dict(enumerate(chain))
    after = path(dunia, "kademangan", "ketapang", "ketapang_rw1", "pilang_rt1")
    assert areas(session, Penduduk, warga) == areas(session, Keluarga, keluarga) == after
    assert areas(session, Penduduk, lain)[2] == dunia.unit["pilang_rw2"]


def test_moving_a_person_sets_the_area_columns_anew(session: Session, dunia: Dunia) -> None:
    (id_,) = save(session, penduduk(dunia.unit["pilang_rt1"], 9901))
    with unscoped(session, "test"):
        session.get_one(Penduduk, id_).wilayah_id = dunia.unit["ketapang_rt1"]
    after = path(dunia, "kademangan", "ketapang", "ketapang_rw1", "ketapang_rt1")
    assert areas(session, Penduduk, id_) == after


def test_renaming_a_kelurahan_renames_what_carries_its_name(session: Session, dunia: Dunia) -> None:
    pilang, rt = dunia.unit["pilang"], dunia.unit["pilang_rt1"]
    (akun, seksi) = save(
        session, pengguna("budi"), Seksi(wilayah_id=pilang, kode="pem", nama="Pemerintahan")
    )
    (tugas,) = save(
        session,
        Penugasan(
            pengguna_id=akun,
            peran_id=dunia.peran["ketua_rt"],
            wilayah_id=rt,
            waktu_mulai=JANUARI,
        ),
    )
    with unscoped(session, "test"):
        session.get_one(Wilayah, pilang).nama = "Pilang Baru"
        session.commit()
    assert sebutan(session, rt) == "RT 001/RW 002 Pilang Baru"
    with unscoped(session, "test"):
        assert str(session.get_one(Penugasan, tugas)) == "Ketua RT 001/RW 002 Pilang Baru"
        assert str(session.get_one(Seksi, seksi)) == "Seksi Pemerintahan Kelurahan Pilang Baru"


@pytest.mark.parametrize(
    ("unit", "induk", "field"),
    [
        ("pilang", "ketapang", "tingkat"),
        ("pilang_rw2", "pilang_rt1", "tingkat"),
        ("pilang", "pilang", "tingkat"),
    ],
)
def test_a_level_lies_below_its_parents(
    session: Session, dunia: Dunia, unit: str, induk: str, field: str
) -> None:
    with unscoped(session, "test", keep=True):
        session.get_one(Wilayah, dunia.unit[unit]).induk_id = dunia.unit[induk]
        with pytest.raises(DataTidakValidError) as caught:
            session.flush()
    assert field in caught.value.fields


def test_a_new_unit_with_its_parent_by_key_is_checked_too(session: Session, dunia: Dunia) -> None:
    row = Wilayah(induk_id=dunia.unit["pilang_rt1"], tingkat="rw", kode="009", nama="009")
    with pytest.raises(DataTidakValidError) as caught:
        save(session, row)
    assert list(caught.value.fields) == ["tingkat"]
