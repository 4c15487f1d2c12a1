from datetime import date
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.errors import DataTidakValidError
from app.models.biodata import Agama, Shdk, StatusDasar
from app.models.keluarga import Keluarga
from app.models.penduduk import Penduduk
from app.models.policy import unscoped
from app.models.referensi import Daftar, Referensi
from tests.models.contoh import Dunia, act_as, penduduk, save

KK = {"no_kk": "3574010101209901", "nama_kepala": "Warga 9901", "alamat": "Jalan Brantas 1"}


def refused(session: Session, row: Any) -> dict[str, str]:
    with pytest.raises(DataTidakValidError) as caught:
        save(session, row)
    session.rollback()
    return caught.value.fields


def test_a_nik_is_cleaned_and_saved(session: Session, dunia: Dunia) -> None:
    row = penduduk(dunia.unit["pilang_rt1"], 9901, nik="'3574 0101.0190 9901")
    (id_,) = save(session, row)
    act_as(session, dunia, ("ketua_rt", "pilang_rt1"))
    assert session.get_one(Penduduk, id_).nik == "3574010101909901"


@pytest.mark.parametrize(
    ("nik", "message"),
    [
        ("357401", "NIK harus 16 digit angka."),
        ("0357401100109909", "NIK berawalan 0 hanya untuk NIK sementara."),
        ("3574013204909906", "Tanggal lahir di dalam NIK tidak valid."),
        ("3574010101900000", "Nomor urut NIK tidak boleh 0000."),
    ],
)
def test_a_wrong_nik_is_refused(session: Session, dunia: Dunia, nik: str, message: str) -> None:
    assert refused(session, penduduk(dunia.unit["pilang_rt1"], 1, nik=nik)) == {"nik": message}


@pytest.mark.parametrize(
    "facts", [{"jenis_kelamin": "p"}, {"tanggal_lahir": date(1990, 2, 10)}], ids=str
)
def test_disagreeing_with_the_nik_needs_a_reason(
    session: Session, dunia: Dunia, facts: dict[str, Any]
) -> None:
    rt = dunia.unit["pilang_rt1"]
    assert list(refused(session, penduduk(rt, 9901, **facts))) == ["alasan_nik"]
    assert list(refused(session, penduduk(rt, 9901, alasan_nik=" ", **facts))) == ["alasan_nik"]
    assert save(session, penduduk(rt, 9901, alasan_nik="Putusan pengadilan", **facts))


def test_an_old_person_of_an_ambiguous_century_needs_no_reason(
    session: Session, dunia: Dunia
) -> None:
    facts = {"nik": "3574010101249913", "tanggal_lahir": date(1924, 1, 1)}
    assert save(session, penduduk(dunia.unit["pilang_rt1"], 9913, **facts))


def test_a_nik_is_never_given_twice_even_after_death(session: Session, dunia: Dunia) -> None:
    rt = dunia.unit["pilang_rt1"]
    save(session, penduduk(rt, 9901, status_dasar=StatusDasar.MATI))
    with pytest.raises(IntegrityError, match="penduduk.nik"):
        save(session, penduduk(dunia.unit["ketapang_rt1"], 9901))


def test_a_resident_lives_in_an_rt(session: Session, dunia: Dunia) -> None:
    assert list(refused(session, penduduk(dunia.unit["pilang"], 9901))) == ["wilayah_id"]
    assert list(refused(session, Keluarga(**KK, wilayah_id=dunia.unit["pilang_rw2"]))) == [
        "wilayah_id"
    ]


def test_a_code_of_another_list_is_refused(session: Session, dunia: Dunia) -> None:
    kerja, sekolah = save(
        session,
        Referensi(daftar=Daftar.PEKERJAAN, kode="1", nama="PETANI"),
        Referensi(daftar=Daftar.PENDIDIKAN_KK, kode="1", nama="SD"),
    )
    rt = dunia.unit["pilang_rt1"]
    assert list(refused(session, penduduk(rt, 9901, pekerjaan_id=sekolah))) == ["pekerjaan_id"]
    assert save(session, penduduk(rt, 9901, pekerjaan_id=kerja, pendidikan_id=sekolah))


def test_codes_given_as_text_become_members_and_unknown_ones_are_refused(
    session: Session, dunia: Dunia
) -> None:
    rt = dunia.unit["pilang_rt1"]
    row = penduduk(rt, 9901, agama="kristen")
    with unscoped(session, "test", keep=True):
        session.add(row)
        session.flush()
        assert row.agama is Agama.KRISTEN
    session.rollback()
    assert refused(session, penduduk(rt, 9902, agama="lain")) == {"agama": "Pilihan tidak dikenal."}


def test_required_fields_and_lengths_are_told_together(session: Session, dunia: Dunia) -> None:
    row = penduduk(dunia.unit["pilang_rt1"], 9901, nama=" ", alamat="x" * 201, agama=None)
    assert refused(session, row) == {
        "nama": "Wajib diisi.",
        "alamat": "Isian terlalu panjang.",
        "agama": "Wajib diisi.",
    }


def test_what_looks_wrong_is_warned_about_and_saved(session: Session, dunia: Dunia) -> None:
    rt = dunia.unit["pilang_rt1"]
    (kk,) = save(session, Keluarga(**KK, wilayah_id=rt))
    twin = {"nama": "Sari", "nama_ibu": "Ani"}
    save(session, penduduk(rt, 9901, **twin))
    (id_,) = save(
        session,
        penduduk(rt, 9902, nama="sari", nama_ibu="ANI", keluarga_id=kk, shdk=Shdk.ISTRI),
    )
    act_as(session, dunia, ("ketua_rt", "pilang_rt1"))
    assert session.get_one(Penduduk, id_).warnings() == [
        "Suami atau istri seharusnya berstatus kawin.",
        "Satu KK seharusnya mempunyai tepat satu kepala keluarga yang hidup.",
        "Ada penduduk lain dengan nama, tanggal lahir, dan ibu yang sama.",
    ]


def test_a_sound_family_gets_no_warning(session: Session, dunia: Dunia) -> None:
    rt = dunia.unit["pilang_rt1"]
    (kk,) = save(session, Keluarga(**KK, wilayah_id=rt))
    (id_,) = save(session, penduduk(rt, 9901, keluarga_id=kk, shdk=Shdk.KEPALA_KELUARGA))
    act_as(session, dunia, ("ketua_rt", "pilang_rt1"))
    assert session.get_one(Penduduk, id_).warnings() == []


def test_a_family_is_named_by_its_head_and_never_by_its_number(
    session: Session, dunia: Dunia
) -> None:
    row = Keluarga(**{**KK, "no_kk": "3574.0101 01209901"}, wilayah_id=dunia.unit["pilang_rt1"])
    assert row.no_kk == KK["no_kk"]
    assert str(row) == "Warga 9901"
    row.no_kk = "123"
    assert refused(session, row) == {"no_kk": "Nomor KK harus 16 digit angka."}
