from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.biodata import Agama
from app.models.hari_libur import HariLibur
from app.models.layanan import Layanan
from app.models.nilai import from_json, to_json
from app.models.penduduk import Penduduk
from app.models.pengguna import Pengguna
from app.models.perubahan import Perubahan, TindakanPerubahan, as_tindakan, record_many
from app.models.policy import unscoped
from app.models.sampah import Sampah
from app.models.wilayah import Wilayah
from tests.models.contoh import act_as, penduduk, pengguna, save
from tests.pernyataan import counted

ADMIN = ("admin_kecamatan", "kademangan")


def records(session: Session) -> list[Perubahan]:
    with unscoped(session, "what was recorded", keep=True):
        return list(session.scalars(select(Perubahan).order_by(Perubahan.id)))


@pytest.fixture
def warga(session, dunia) -> int:
    """A resident whom the seeds wrote, and an admin at work."""
    (id_,) = save(session, penduduk(dunia.unit["pilang_rt1"], 9901))
    act_as(session, dunia, ADMIN)
    return id_


def test_a_change_is_recorded_with_who_what_and_where(session, dunia, warga):
    row = session.get_one(Penduduk, warga)
    row.nama, row.tanggal_lahir, row.alasan_nik = "Warga Baru", date(1990, 1, 2), "akta"
    session.commit()
    (found,) = records(session)
    assert (found.tindakan, found.sumber_daya, found.baris_id) == ("ubah", "Penduduk", warga)
    assert (found.nama_pengguna, found.pengguna_id) == ("Contoh", 1)
    assert found.sebutan == "Warga Baru"
    assert found.isi == {
        "nama": ["Warga 9901", "Warga Baru"],
        "tanggal_lahir": ["1990-01-01", "1990-01-02"],
        "alasan_nik": [None, "akta"],
    }
    assert found.wilayah_id == found.rt_id == dunia.unit["pilang_rt1"]
    assert found.kecamatan_id == dunia.unit["kademangan"]


def test_the_old_value_is_known_after_a_commit_too(session, warga):
    row = session.get_one(Penduduk, warga)
    session.commit()
    row.agama = Agama.HINDU
    session.commit()
    assert records(session)[0].isi == {"agama": ["islam", "hindu"]}


def test_a_row_saved_as_it_was_leaves_no_record(session, warga):
    row = session.get_one(Penduduk, warga)
    row.nama = str(row.nama)
    session.commit()
    assert records(session) == []


def test_an_addition_is_recorded_without_its_values(session, dunia, warga):
    session.add(penduduk(dunia.unit["pilang_rt2"], 9902))
    session.commit()
    (found,) = records(session)
    assert (found.tindakan, found.isi, found.sebutan) == ("tambah", {}, "Warga 9902")


def test_what_is_deleted_lies_whole_in_sampah(session, dunia, warga):
    session.delete(session.get_one(Penduduk, warga))
    session.commit()
    (found,) = records(session)
    (kept,) = session.scalars(select(Sampah))
    assert (found.tindakan, found.isi) == ("hapus", {})
    assert (kept.sumber_daya, kept.baris_id, kept.sebutan) == ("Penduduk", warga, "Warga 9901")
    assert kept.isi["nik"] == "3574010101909901"
    assert kept.isi["tanggal_lahir"] == "1990-01-01"
    assert kept.rt_id == dunia.unit["pilang_rt1"]


def test_the_system_records_what_it_changes_but_not_what_it_adds(session, dunia):
    (id_,) = save(session, penduduk(dunia.unit["pilang_rt1"], 9901))
    assert records(session) == []
    with unscoped(session, "a command", keep=True):
        session.get_one(Penduduk, id_).nama = "Oleh Perintah"
        session.commit()
    (found,) = records(session)
    assert (found.nama_pengguna, found.pengguna_id) == ("Sistem", None)


def test_a_password_is_recorded_as_changed_and_never_as_a_value(session, dunia):
    (id_,) = save(session, pengguna("siti", wilayah_id=dunia.unit["pilang"]))
    act_as(session, dunia, ADMIN)
    row = session.get_one(Pengguna, id_)
    row.sandi_baru, row.login_count = "rahasia sekali", 7
    session.commit()
    assert records(session)[0].isi == {"password": [None, None]}


def test_a_reference_row_belongs_to_its_unit_else_to_the_unit_of_the_person(session, dunia, warga):
    session.add(Wilayah(induk_id=dunia.unit["pilang"], tingkat="rw", kode="009", nama="009"))
    session.commit()
    session.add(Layanan(kode="SKTM", nama="Keterangan Tidak Mampu", aktif=True))
    session.commit()
    unit, layanan = records(session)
    assert (unit.wilayah_id, unit.kelurahan_id) == (dunia.unit["pilang"], dunia.unit["pilang"])
    assert layanan.wilayah_id == layanan.kecamatan_id == dunia.unit["kademangan"]


def test_an_act_can_be_named_otherwise(session, warga):
    with as_tindakan(session, TindakanPerubahan.PULIH):
        session.get_one(Penduduk, warga).nama = "Semula"
        session.flush()
    session.get_one(Penduduk, warga).nama = "Kemudian"
    session.commit()
    assert [r.tindakan for r in records(session)] == ["pulih", "ubah"]


def test_rows_added_past_the_orm_cost_one_record_for_each_run_of_ids(session, engine, warga):
    ids = [*range(100, 100_100), *range(200_000, 200_003), 300_000]
    with counted(engine) as sent:
        record_many(session, Penduduk, ids, TindakanPerubahan.IMPOR)
    assert len([s for s in sent if s.startswith("INSERT")]) == 1
    found = [(r.baris_id, r.sampai_id, r.jumlah) for r in records(session)]
    assert found == [(100, 100_099, 100_000), (200_000, 200_002, 3), (300_000, None, 1)]


def test_changes_past_the_orm_are_recorded_row_by_row(session, engine, dunia, warga):
    (other,) = save(session, penduduk(dunia.unit["ketapang_rt1"], 9902))
    before = len(records(session))
    changes = [{"nama": ("A", "B"), "tanggal_lahir": (date(1990, 1, 1), None)}, {}]
    with counted(engine) as sent:
        record_many(session, Penduduk, [other, warga], TindakanPerubahan.MASSAL, changes)
    assert len(sent) == 2
    (found,) = records(session)[before:]
    assert (found.baris_id, found.sebutan, found.tindakan) == (other, "Warga 9902", "massal")
    assert found.isi == {"nama": ["A", "B"], "tanggal_lahir": ["1990-01-01", None]}
    assert found.kelurahan_id == dunia.unit["ketapang"]


def test_only_changes_of_the_persons_area_are_read(session, dunia):
    save(session, penduduk(dunia.unit["pilang_rt1"], 9901))
    other = Wilayah(induk_id=dunia.unit["kota"], tingkat="kecamatan", kode="35.74.02", nama="Lain")
    (lain,) = save(session, other)
    act_as(session, dunia, ADMIN)
    session.get_one(Penduduk, 1).nama = "Milik Pilang"
    session.commit()
    assert session.scalars(select(Perubahan.sebutan)).all() == ["Milik Pilang"]
    act_as(session, type(dunia)({**dunia.unit, "kademangan": lain}, dunia.peran), ADMIN)
    assert session.scalars(select(Perubahan.sebutan)).all() == []


def test_a_record_stays_with_the_unit_it_was_written_for_when_that_unit_moves(
    session, dunia, warga
):
    session.get_one(Penduduk, warga).nama = "Sebelum Pindah"
    session.commit()
    with unscoped(session, "the tree changes", keep=True):
        rw = session.get_one(Wilayah, dunia.unit["pilang_rw2"])
        rw.induk_id, rw.kode = dunia.unit["ketapang"], "009"
        session.commit()
        assert session.get_one(Penduduk, warga).kelurahan_id == dunia.unit["ketapang"]
    assert records(session)[0].kelurahan_id == dunia.unit["pilang"]


def test_a_record_is_not_changed_by_code_either(session, warga):
    session.get_one(Penduduk, warga).nama = "Lain"
    session.commit()
    with unscoped(session, "a try", keep=True):
        records(session)[0].sebutan = "Dipalsukan"
        with pytest.raises(TypeError, match="append-only"):
            session.flush()


def test_one_flush_costs_one_more_statement(session, engine, dunia, warga):
    row = session.get_one(Penduduk, warga)
    row.nama, row.agama = "Dua", Agama.HINDU
    session.add(penduduk(dunia.unit["pilang_rt1"], 9902))
    with counted(engine) as sent:
        session.flush()
    written = [s.split()[2] for s in sent if s.startswith("INSERT")]
    assert written == ["penduduk", "perubahan"]
    assert sent[-1].startswith("INSERT INTO perubahan")


def test_values_come_back_from_json_as_they_were(session):
    columns = {
        c.key: c.type for model in (Penduduk, HariLibur, Pengguna) for c in model.__table__.c
    }
    moment = datetime(2026, 11, 25, 1, 2, tzinfo=UTC)
    for name, value in {
        "tanggal_lahir": date(1990, 1, 1),
        "agama": Agama.HINDU,
        "nama": "Siti",
        "nik_sementara": False,
        "created_at": moment,
        "alasan_nik": None,
    }.items():
        assert from_json(columns[name], to_json(value)) == value
