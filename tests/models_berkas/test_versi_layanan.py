import pytest
from sqlalchemy.exc import IntegrityError

from app.errors import DataBerubahError, DataTidakValidError
from app.models.isian import Isian, TipeIsian
from app.models.persyaratan import Persyaratan
from app.models.policy import unscoped
from app.models.tahapan import Tahapan
from app.models.versi_layanan import StatusVersi, VersiLayanan
from tests.models.contoh import save
from tests.models_berkas.contoh import isian, publish, tahapan, versi_layanan


def refused_fields(session, *rows):
    with pytest.raises(DataTidakValidError) as caught:
        save(session, *rows)
    session.rollback()
    session.expunge_all()
    return caught.value.fields


def test_a_version_is_named_after_its_layanan(session, katalog):
    assert str(session.get(VersiLayanan, katalog.versi)) == "SKTM versi 1"


def test_a_fee_names_its_perda(session, katalog):
    row = versi_layanan(katalog.layanan, 2, biaya=5000)
    assert set(refused_fields(session, row)) == {"dasar_biaya"}
    save(session, versi_layanan(katalog.layanan, 2, biaya=5000, dasar_biaya="Perda 1/2024"))


def test_a_fee_is_not_below_zero(session, katalog):
    row = versi_layanan(katalog.layanan, 2, biaya=-1, dasar_biaya="Perda 1/2024")
    assert set(refused_fields(session, row)) == {"biaya"}


@pytest.mark.parametrize("pengaju", [["kepala_desa"], "lurah", [1]])
def test_pengaju_is_a_list_of_known_peran(session, katalog, pengaju):
    row = versi_layanan(katalog.layanan, 2, pengaju=pengaju)
    assert set(refused_fields(session, row)) == {"pengaju"}
    save(session, versi_layanan(katalog.layanan, 2, pengaju=["ketua_rt", "lurah"]))


def test_one_version_of_a_layanan_is_terbit(session, katalog):
    publish(session, katalog)
    (second,) = save(session, versi_layanan(katalog.layanan, 2))
    row = session.get_one(VersiLayanan, second)
    row.status = StatusVersi.TERBIT
    with pytest.raises(IntegrityError):
        save(session, row)


def test_a_number_is_used_once_per_layanan(session, katalog):
    with pytest.raises(IntegrityError):
        save(session, versi_layanan(katalog.layanan, 1))


def test_a_published_version_is_archived_but_never_edited_or_reopened(session, katalog):
    publish(session, katalog)
    for column, value in (("produk", "Lain"), ("status", StatusVersi.KONSEP)):
        row = session.get_one(VersiLayanan, katalog.versi)
        setattr(row, column, value)
        assert set(refused_fields(session, row)) == {"nomor"}
    row = session.get_one(VersiLayanan, katalog.versi)
    row.status = StatusVersi.ARSIP
    save(session, row)
    row = session.get_one(VersiLayanan, katalog.versi)
    row.status = StatusVersi.TERBIT
    assert set(refused_fields(session, row)) == {"nomor"}


def test_parts_of_a_published_version_are_not_changed_added_or_moved(session, katalog, dunia):
    (konsep_id,) = save(session, versi_layanan(katalog.layanan, 2))
    publish(session, katalog)
    changed = session.get_one(Isian, katalog.isian)
    changed.label = "Lain"
    assert set(refused_fields(session, changed)) == {"kode"}
    moved = session.get_one(Isian, katalog.isian)
    moved.versi_layanan_id = konsep_id
    assert set(refused_fields(session, moved)) == {"kode"}
    assert set(refused_fields(session, tahapan(katalog.versi, dunia, 2))) == {"kode"}


@pytest.mark.parametrize("model", [VersiLayanan, Tahapan, Isian, Persyaratan])
def test_a_published_version_and_its_parts_are_not_deleted(session, katalog, model):
    key = {VersiLayanan: "versi"}.get(model, model.__tablename__)
    publish(session, katalog)
    with unscoped(session, "test"):
        session.delete(session.get_one(model, getattr(katalog, key)))
        with pytest.raises(DataBerubahError):
            session.flush()
        session.rollback()


def test_a_part_of_a_konsep_may_be_changed_and_deleted(session, katalog):
    row = session.get_one(Isian, katalog.isian)
    row.label = "Maksud"
    save(session, row)
    with unscoped(session, "test"):
        session.delete(session.get_one(Isian, katalog.isian))
        session.flush()
    assert session.get(Isian, katalog.isian) is None


def test_at_most_one_tahapan_numbers_the_letter(session, katalog, dunia):
    save(session, tahapan(katalog.versi, dunia, 2, memberi_nomor=True))
    with pytest.raises(IntegrityError):
        save(session, tahapan(katalog.versi, dunia, 3, memberi_nomor=True))


@pytest.mark.parametrize("name", ["urutan", "sla_menit"])
def test_a_tahapan_counts_from_one(session, katalog, dunia, name):
    row = tahapan(katalog.versi, dunia, 2)
    setattr(row, name, 0)
    assert set(refused_fields(session, row)) == {name}


def test_an_isian_has_a_plain_kode_and_a_choice_has_options(session, katalog):
    assert set(refused_fields(session, isian(katalog.versi, "Tujuan Surat"))) == {"kode"}
    row = isian(katalog.versi, "tujuan", tipe=TipeIsian.PILIHAN)
    assert set(refused_fields(session, row)) == {"opsi"}
