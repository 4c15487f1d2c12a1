"""Promises of the filing: who may file, where it starts, and where a corrected berkas resumes."""

import pytest

from app.routing import KodeTolak, Op, Syarat, Tolak
from tests.routing.contoh import JALUR, RT, SEBELAH, Jalan, make_alur, make_dunia, pejabat

BESAR = Syarat("penghasilan", Op.MINIMAL, 1000)


def test_by_default_the_first_peran_and_the_counter_of_the_kelurahan_may_file() -> None:
    for peran, boleh in (("ketua_rt", True), ("petugas_kelurahan", True), ("lurah", False)):
        hasil = Jalan(make_alur(), make_dunia()).coba("ajukan", pejabat(peran))
        assert (hasil == Tolak(KodeTolak.BUKAN_PENGAJU)) is not boleh


def test_the_version_may_name_who_files() -> None:
    jalan = Jalan(make_alur(pengaju=("ketua_rw",)), make_dunia())
    assert jalan.coba("ajukan", pejabat("ketua_rt")) == Tolak(KodeTolak.BUKAN_PENGAJU)
    assert jalan.maju("ajukan", pejabat("ketua_rw")).meja() == ("ketua_rt", RT)


def test_a_neighbouring_rt_may_not_file() -> None:
    tetangga = pejabat("ketua_rt", 1, wilayah_id=SEBELAH["rt"])
    jalan = Jalan(make_alur(), make_dunia(tambahan=[tetangga]))
    assert jalan.coba("ajukan", tetangga) == Tolak(KodeTolak.BUKAN_PENGAJU)


def test_filing_twice_is_refused() -> None:
    jalan = Jalan(make_alur(), make_dunia()).sampai(1)
    assert jalan.coba("ajukan", pejabat("ketua_rt"), ke=0) == Tolak(KodeTolak.KUNJUNGAN_USANG)
    assert jalan.coba("ajukan", pejabat("ketua_rt")) == Tolak(KodeTolak.SUDAH_DIAJUKAN)


def test_a_jalur_without_the_last_unit_is_refused_since_nobody_would_decide() -> None:
    jalan = Jalan(make_alur(), make_dunia(), jalur={"rt": RT})
    assert jalan.coba("ajukan", pejabat("ketua_rt")) == Tolak(KodeTolak.JALUR_TIDAK_LENGKAP)


def test_a_surat_pengantar_skips_only_the_steps_below_the_counter() -> None:
    jalan = Jalan(make_alur(ubah={2: {"wajib": True}}), make_dunia())
    jalan.maju("ajukan", pejabat("petugas_kelurahan"), surat_pengantar=True)
    assert jalan.sebab() == [(1, "surat_pengantar")]
    assert jalan.maju("setujui", pejabat("ketua_rw")).meja() == ("petugas_kelurahan", 11)


def test_a_surat_pengantar_is_a_fact_of_the_first_filing() -> None:
    jalan = Jalan(make_alur(), make_dunia()).sampai(3)
    jalan.kembalikan(pejabat("petugas_kelurahan"))
    jalan.maju("ajukan", pejabat("ketua_rt"), surat_pengantar=True)
    assert jalan.keadaan.surat_pengantar is False


def test_a_cause_frozen_at_filing_is_recorded_before_one_a_correction_can_end() -> None:
    alur = make_alur(ubah={1: {"syarat": (BESAR,)}})
    jalan = Jalan(alur, make_dunia(), data={"penghasilan": 5})
    jalan.maju("ajukan", pejabat("petugas_kelurahan"), surat_pengantar=True)
    assert jalan.sebab() == [(1, "surat_pengantar"), (2, "surat_pengantar")]
    jalan.kembalikan(pejabat("petugas_kelurahan"))
    jalan.maju("ajukan", pejabat("petugas_kelurahan"), data={"penghasilan": 1000})
    assert jalan.meja() == ("petugas_kelurahan", 11)


def test_an_optional_step_is_skipped_at_the_counter_but_walked_from_the_rt() -> None:
    alur = make_alur(ubah={1: {"boleh_dilewati": True}, 5: {"boleh_dilewati": True}})
    loket = Jalan(alur, make_dunia()).maju("ajukan", pejabat("petugas_kelurahan"))
    assert loket.sebab() == [(1, "tidak_diwajibkan")]
    assert Jalan(alur, make_dunia()).sampai(10).sebab() == []


def test_a_vacant_filing_desk_passes_its_returned_berkas_to_the_level_above() -> None:
    jalan = Jalan(make_alur(), make_dunia()).sampai(4).kembalikan(pejabat("kasi_kelurahan"))
    jalan.dunia = make_dunia(["ketua_rt"])
    assert jalan.coba("ajukan", pejabat("petugas_kelurahan")) == Tolak(KodeTolak.BUKAN_PENGAJU)
    assert jalan.maju("ajukan", pejabat("ketua_rw")).meja() == ("kasi_kelurahan", 11)


@pytest.mark.parametrize(
    ("sesudah", "mulai"),
    [
        ({"nama": "a", "penghasilan": 5, "catatan": "baru"}, 5),
        ({"nama": "b", "penghasilan": 5}, 2),
        ({"nama": "a", "penghasilan": 1000}, 3),
        ({"nama": "b", "penghasilan": 1000}, 2),
    ],
    ids=["nothing vouched", "vouched column", "skipped step now due", "the earliest of both"],
)
def test_a_corrected_berkas_resumes_at_the_earliest_step_concerned(
    sesudah: dict[str, object], mulai: int
) -> None:
    alur = make_alur(
        ubah={
            2: {"kolom_dijamin": ("nama",)},
            3: {"syarat": (BESAR,)},
            4: {"kolom_dijamin": ("nama",)},
            6: {"kolom_dijamin": ("catatan",)},
        }
    )
    jalan = Jalan(alur, make_dunia(), data={"nama": "a", "penghasilan": 5}).sampai(5)
    assert jalan.sebab() == [(3, "syarat_tidak_terpenuhi")]
    jalan.kembalikan(pejabat("lurah")).maju("ajukan", pejabat("ketua_rt"), data=sesudah)
    terbuka = jalan.keadaan.terbuka
    assert terbuka is not None
    assert (terbuka.urutan, terbuka.ke) == (mulai, 6)
    assert [k.urutan for k in jalan.keadaan.berlaku] == list(range(1, mulai + 1))
    assert jalan.keadaan.data == sesudah


def test_a_corrected_rt_of_origin_takes_a_new_jalur_from_step_1() -> None:
    tetangga = pejabat("ketua_rt", 1, wilayah_id=SEBELAH["rt"])
    jalan = Jalan(make_alur(), make_dunia(tambahan=[tetangga])).sampai(5)
    jalan.kembalikan(pejabat("lurah"))
    jalan.maju("ajukan", pejabat("ketua_rt"), jalur={**JALUR, "rt": SEBELAH["rt"]})
    assert jalan.meja() == ("ketua_rt", SEBELAH["rt"])
    assert jalan.keadaan.jalur["rt"] == SEBELAH["rt"]
