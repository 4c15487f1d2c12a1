"""One person sees and writes the rows of one area, through every door of the session."""

from dataclasses import replace

import pytest
from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from app.errors import DataTidakValidError, DiluarWilayahError, TidakBerwenangError
from app.models.keluarga import Keluarga
from app.models.penduduk import Penduduk
from app.models.policy import ACTION_OPTION, bind_pelaku, unscoped
from app.models.seksi import Seksi
from app.models.wilayah import Wilayah
from tests.models.contoh import Dunia, act_as, penduduk, save


@pytest.fixture
def warga(session: Session, dunia: Dunia) -> dict[str, int]:
    """Ids of one family in each of three RT (``kk_…``), with one resident each."""
    ids = {}
    for nomor, rt in enumerate(("pilang_rt1", "pilang_rt2", "ketapang_rt1"), start=9901):
        kk = Keluarga(
            no_kk=f"357401010120{nomor}",
            nama_kepala=f"Warga {nomor}",
            alamat="Jalan Brantas 1",
            wilayah_id=dunia.unit[rt],
        )
        (ids[f"kk_{rt}"],) = save(session, kk)
        (ids[rt],) = save(
            session, penduduk(dunia.unit[rt], nomor, keluarga_id=ids[f"kk_{rt}"], telepon="0811")
        )
    return ids


def names(session: Session) -> set[int]:
    return set(session.scalars(select(Penduduk.id)))


@pytest.mark.parametrize(
    ("peran", "unit", "seen"),
    [
        ("ketua_rt", "pilang_rt1", {"pilang_rt1"}),
        ("ketua_rw", "pilang_rw2", {"pilang_rt1", "pilang_rt2"}),
        ("ketua_rw", "pilang_rw3", set()),
        ("lurah", "ketapang", {"ketapang_rt1"}),
        ("auditor", "kademangan", {"pilang_rt1", "pilang_rt2", "ketapang_rt1"}),
    ],
)
def test_each_level_sees_its_own_area(
    session: Session, dunia: Dunia, warga: dict[str, int], peran: str, unit: str, seen: set[str]
) -> None:
    act_as(session, dunia, (peran, unit))
    assert names(session) == {warga[rt] for rt in seen}
    assert session.scalar(select(func.count()).select_from(Penduduk)) == len(seen)
    assert session.scalar(select(func.count(Penduduk.id))) == len(seen)
    assert session.query(Penduduk).count() == len(seen)
    assert len(session.query(Penduduk.nama).all()) == len(seen)


def test_without_a_person_or_a_grant_there_are_no_rows(
    session: Session, dunia: Dunia, warga: dict[str, int]
) -> None:
    bind_pelaku(session, None)
    assert names(session) == set()
    assert session.get(Penduduk, warga["pilang_rt1"]) is None
    person = act_as(session, dunia, ("ketua_rt", "pilang_rt1"))
    bind_pelaku(session, replace(person, grants={}))
    assert names(session) == set()


def test_a_foreign_row_is_not_found_by_key(
    session: Session, dunia: Dunia, warga: dict[str, int]
) -> None:
    act_as(session, dunia, ("ketua_rt", "pilang_rt1"))
    foreign = warga["pilang_rt2"]
    assert session.get(Penduduk, foreign) is None
    assert session.query(Penduduk).filter_by(id=foreign).first() is None
    assert session.scalar(select(Penduduk.nama).where(Penduduk.id == foreign)) is None
    other = aliased(Penduduk)
    assert session.scalar(select(other.nama).where(other.id == foreign)) is None
    assert session.scalar(select(Penduduk.id).where(Penduduk.nik == "3574010101909902")) is None


def test_joins_and_subqueries_see_no_foreign_row(
    session: Session, dunia: Dunia, warga: dict[str, int]
) -> None:
    act_as(session, dunia, ("ketua_rt", "pilang_rt1"))
    joined = select(Wilayah.id).join(Penduduk, Penduduk.wilayah_id == Wilayah.id)
    assert session.scalars(joined).all() == [dunia.unit["pilang_rt1"]]
    inside = select(Wilayah.id).where(Wilayah.id.in_(select(Penduduk.wilayah_id)))
    assert session.scalars(inside).all() == [dunia.unit["pilang_rt1"]]
    exists = select(Wilayah.id).where(select(Penduduk.id).where(_lives_in()).exists())
    assert session.scalars(exists).all() == [dunia.unit["pilang_rt1"]]


def _lives_in() -> ColumnElement[bool]:
    return Penduduk.wilayah_id == Wilayah.id


def test_relations_lead_to_no_foreign_row(
    session: Session, dunia: Dunia, warga: dict[str, int]
) -> None:
    kk = warga["kk_pilang_rt1"]
    (guest,) = save(session, penduduk(dunia.unit["ketapang_rt1"], 9950, keluarga_id=kk))
    act_as(session, dunia, ("ketua_rt", "pilang_rt1"))
    assert [p.id for p in session.get_one(Keluarga, kk).anggota] == [warga["pilang_rt1"]]
    for load in (selectinload, joinedload):
        session.expunge_all()
        row = session.scalars(select(Keluarga).options(load(Keluarga.anggota))).unique().one()
        assert [p.id for p in row.anggota] == [warga["pilang_rt1"]]

    act_as(session, dunia, ("ketua_rt", "ketapang_rt1"))
    assert session.get_one(Penduduk, guest).keluarga is None


def test_update_and_delete_statements_touch_no_foreign_row(
    session: Session, dunia: Dunia, warga: dict[str, int]
) -> None:
    act_as(session, dunia, ("lurah", "pilang"))
    session.execute(update(Penduduk).values(telepon="0899"))
    session.query(Penduduk).update({"nama_ayah": "Ayah"})
    session.execute(delete(Penduduk).where(Penduduk.id == warga["ketapang_rt1"]))
    session.commit()
    act_as(session, dunia, ("auditor", "kademangan"))
    seen = select(Penduduk.id, Penduduk.telepon, Penduduk.nama_ayah).order_by(Penduduk.id)
    assert [tuple(row) for row in session.execute(seen)] == [
        (warga["pilang_rt1"], "0899", "Ayah"),
        (warga["pilang_rt2"], "0899", "Ayah"),
        (warga["ketapang_rt1"], "0811", None),
    ]


def test_a_new_row_must_lie_in_the_area(session: Session, dunia: Dunia) -> None:
    act_as(session, dunia, ("petugas_kelurahan", "pilang"))
    session.add(penduduk(dunia.unit["pilang_rt1"], 9960))
    session.flush()
    session.add(penduduk(dunia.unit["ketapang_rt1"], 9961))
    with pytest.raises(DiluarWilayahError):
        session.flush()


@pytest.mark.parametrize("by_relation", [False, True])
def test_a_row_cannot_be_moved_out_of_the_area(
    session: Session, dunia: Dunia, warga: dict[str, int], by_relation: bool
) -> None:
    act_as(session, dunia, ("petugas_kelurahan", "pilang"))
    row = session.get_one(Penduduk, warga["pilang_rt1"])
    if by_relation:
        row.wilayah = session.get_one(Wilayah, dunia.unit["ketapang_rt1"])
    else:
        row.wilayah_id = dunia.unit["ketapang_rt1"]
    with pytest.raises(DiluarWilayahError):
        session.flush()


@pytest.mark.parametrize("by_relation", [False, True])
def test_a_row_moved_within_the_area_takes_its_area_columns_along(
    session: Session, dunia: Dunia, warga: dict[str, int], by_relation: bool
) -> None:
    act_as(session, dunia, ("petugas_kelurahan", "pilang"))
    row = session.get_one(Penduduk, warga["pilang_rt1"])
    if by_relation:
        row.wilayah = session.get_one(Wilayah, dunia.unit["pilang_rt2"])
    else:
        row.wilayah_id = dunia.unit["pilang_rt2"]
    session.flush()
    assert row.rt_id == dunia.unit["pilang_rt2"]


def test_area_columns_set_by_hand_cannot_pull_a_row_over(
    session: Session, dunia: Dunia, warga: dict[str, int]
) -> None:
    (stray,) = save(session, penduduk(dunia.unit["ketapang_rt1"], 9970))
    with unscoped(session, "a row loaded by trusted code and left in the session", keep=True):
        row = session.get_one(Penduduk, stray)
    act = act_as(session, dunia, ("petugas_kelurahan", "pilang"))
    session.add(row)
    bind_pelaku(session, act)
    row.kelurahan_id = dunia.unit["pilang"]
    with pytest.raises(DiluarWilayahError):
        session.flush()


@pytest.mark.parametrize("by_relation", [False, True])
def test_a_foreign_key_to_a_foreign_row_is_refused(
    session: Session, dunia: Dunia, warga: dict[str, int], by_relation: bool
) -> None:
    foreign = warga["kk_ketapang_rt1"]
    with unscoped(session, "a row loaded by trusted code and left in the session", keep=True):
        kk = session.get_one(Keluarga, foreign)
    act_as(session, dunia, ("petugas_kelurahan", "pilang"))
    row = session.get_one(Penduduk, warga["pilang_rt1"])
    if by_relation:
        session.add(kk)
        row.keluarga = kk
    else:
        row.keluarga_id = foreign
    with pytest.raises(DataTidakValidError) as caught:
        session.flush()
    assert list(caught.value.fields) == ["keluarga_id"]


def test_a_family_and_its_first_member_are_written_in_one_flush(
    session: Session, dunia: Dunia
) -> None:
    act_as(session, dunia, ("petugas_kelurahan", "pilang"))
    rt = dunia.unit["pilang_rt1"]
    kk = Keluarga(no_kk="3574010101209999", nama_kepala="A", alamat="B", wilayah_id=rt)
    kk.anggota.append(penduduk(rt, 9980))
    session.add(kk)
    session.flush()
    assert kk.anggota[0].keluarga_id == kk.id


def test_an_action_not_granted_is_refused(
    session: Session, dunia: Dunia, warga: dict[str, int]
) -> None:
    act_as(session, dunia, ("ketua_rt", "pilang_rt1"))
    session.get_one(Penduduk, warga["pilang_rt1"]).telepon = "0899"
    with pytest.raises(TidakBerwenangError):
        session.flush()
    session.rollback()
    session.delete(session.get_one(Penduduk, warga["pilang_rt1"]))
    with pytest.raises(TidakBerwenangError):
        session.flush()


def test_two_peran_in_two_areas_never_lend_each_other_their_rights(
    session: Session, dunia: Dunia, warga: dict[str, int]
) -> None:
    act_as(session, dunia, ("petugas_kelurahan", "ketapang"), ("ketua_rt", "pilang_rt1"))
    assert names(session) == {warga["ketapang_rt1"], warga["pilang_rt1"]}
    session.get_one(Penduduk, warga["ketapang_rt1"]).telepon = "0899"
    session.flush()
    session.get_one(Penduduk, warga["pilang_rt1"]).telepon = "0899"
    with pytest.raises(DiluarWilayahError):
        session.flush()


def test_a_door_reads_in_the_area_of_its_own_action(
    session: Session, dunia: Dunia, warga: dict[str, int]
) -> None:
    act_as(session, dunia, ("lurah", "ketapang"), ("ketua_rt", "pilang_rt1"))

    def read(action: str) -> set[int]:
        options = {ACTION_OPTION: ("Penduduk", action)}
        return set(session.scalars(select(Penduduk.id), execution_options=options))

    assert read("show") == {warga["ketapang_rt1"], warga["pilang_rt1"]}
    assert read("export") == {warga["ketapang_rt1"]}
    assert read("delete") == set()


def test_what_may_be_read_freely_is_written_in_the_own_area_only(
    session: Session, dunia: Dunia
) -> None:
    (far,) = save(session, Wilayah(tingkat="kecamatan", kode="35.74.02", nama="Wonoasih"))
    act_as(session, dunia, ("admin_kecamatan", "kademangan"))
    assert session.get_one(Wilayah, far).nama == "Wonoasih"
    session.add(Seksi(wilayah_id=dunia.unit["pilang"], kode="pem", nama="Pemerintahan"))
    session.flush()
    session.add(Seksi(wilayah_id=far, kode="pem", nama="Pemerintahan"))
    with pytest.raises(DiluarWilayahError):
        session.flush()


def test_unscoped_lets_go_of_what_it_loaded(
    session: Session, dunia: Dunia, warga: dict[str, int]
) -> None:
    act_as(session, dunia, ("ketua_rt", "pilang_rt1"))
    with unscoped(session, "test"):
        row = session.get_one(Penduduk, warga["ketapang_rt1"])
    assert row not in session
    assert session.get(Penduduk, warga["ketapang_rt1"]) is None


def test_a_key_that_leads_nowhere_is_told_at_its_field(session: Session, dunia: Dunia) -> None:
    act_as(session, dunia, ("admin_kecamatan", "kademangan"))
    session.add(Seksi(wilayah_id=99999, kode="pem", nama="Pemerintahan"))
    with pytest.raises(DataTidakValidError) as caught:
        session.flush()
    assert caught.value.fields == {"wilayah_id": "Pilihan ini tidak ditemukan."}
