"""Models become specs that read as text; what a model leaves unsaid fails with file and line."""

import pytest
from sqlalchemy import LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from app.generator.describe import ModelKurangLengkapError, describe
from app.models.base import HostModel, Menu, Model, Screen, label
from app.models.berkas import Berkas
from app.models.penduduk import Penduduk
from app.models.wilayah import Wilayah

TINGKAT = "provinsi|kota|kabupaten|kecamatan|kelurahan|desa|dusun|rw|rt"


def lines_of(model: type) -> list[str]:
    return str(describe(model)).splitlines()


def test_wilayah_reads_as_text() -> None:
    lines = lines_of(Wilayah)
    assert lines[:5] == [
        "Wilayah (wilayah) “Wilayah” di menu Wilayah dan Petugas",
        "  induk_id: Wilayah induk (relasi → Wilayah)",
        f"  tingkat: Tingkat (pilihan; {TINGKAT}; wajib)",
        "  kode: Kode (teks; ≤ 13; wajib)",
        "  nama: Nama (teks; ≤ 100; wajib)",
    ]
    assert "  admin_kecamatan: list show add edit delete export" in lines


def test_penduduk_masks_its_nik_and_narrows_its_relations() -> None:
    lines = lines_of(Penduduk)
    assert "  nik: NIK (nik; ≤ 16; wajib; disamarkan)" in lines
    assert "  pekerjaan_id: Pekerjaan (relasi → Referensi; daftar=pekerjaan)" in lines
    assert "  cari: nama, nik" in lines
    assert "  ketua_rt: list show buka_nik" in lines


def test_nobody_is_granted_to_write_a_berkas_by_hand() -> None:
    spec = describe(Berkas)
    assert spec.actions == ("export", "list", "show")
    assert spec.form_names == ()
    assert "data_pemohon" in spec.screen.hidden


def screen_of(**facts: object) -> Screen:
    base: dict[str, object] = {
        "label": "Uji",
        "plural": "Uji",
        "menu": Menu.REFERENSI,
        "title": "nama",
        "list": ("nama",),
        "access": {"auditor": "list"},
    }
    return Screen(**{**base, **facts})


@pytest.fixture(autouse=True)
def forget_models() -> object:
    """Throw-away models leave no table behind for the tests after them."""
    before = set(HostModel.metadata.tables)
    yield
    for name in set(HostModel.metadata.tables) - before:
        HostModel.metadata.remove(HostModel.metadata.tables[name])
    for mapper in list(HostModel.registry.mappers):
        if mapper.class_.__module__ == __name__:
            manager = mapper.class_manager
            HostModel.registry._dispose_manager_and_mapper(manager)
            HostModel.registry._managers.pop(manager, None)


def refused(model: type) -> str:
    with pytest.raises(ModelKurangLengkapError) as error:
        describe(model)
    return str(error.value)


def test_a_column_without_label_is_refused_with_file_and_line() -> None:
    class TanpaLabel(Model):
        nama: Mapped[str] = mapped_column(String(10))
        screen = screen_of()

    message = refused(TanpaLabel)
    assert "test_describe.py:" in message
    assert "kolom nama belum punya label" in message


def test_an_unknown_column_type_is_refused_with_the_place_to_add_it() -> None:
    class TanpaJenis(Model):
        nama: Mapped[str] = mapped_column(String(10), info=label("Nama"))
        isi: Mapped[bytes] = mapped_column(LargeBinary, info=label("Isi"))
        screen = screen_of(list=("nama", "isi"))

    message = refused(TanpaJenis)
    assert "test_describe.py:" in message
    assert "tambahkan di KIND_BY_TYPE" in message


def test_a_column_neither_shown_nor_hidden_is_refused() -> None:
    class TanpaTempat(Model):
        nama: Mapped[str] = mapped_column(String(10), info=label("Nama"))
        lain: Mapped[str] = mapped_column(String(10), info=label("Lain"))
        screen = screen_of()

    message = refused(TanpaTempat)
    assert "test_describe.py:" in message
    assert "kolom lain tidak ditampilkan dan tidak disembunyikan" in message


def test_a_form_may_not_be_missing_where_rows_may_be_added() -> None:
    class TanpaForm(Model):
        nama: Mapped[str] = mapped_column(String(10), info=label("Nama"))
        screen = screen_of(access={"auditor": "list add"})

    assert "Screen.form kosong" in refused(TanpaForm)


def test_duplicates_need_a_text_and_a_column_that_is_none() -> None:
    class TanpaTanggal(Model):
        nama: Mapped[str] = mapped_column(String(10), info=label("Nama"))
        screen = screen_of(duplicates=("nama",))

    assert "duplicates butuh satu kolom teks dan satu" in refused(TanpaTanggal)
