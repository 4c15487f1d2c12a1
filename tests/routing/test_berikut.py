"""Promises of the routing rule: what is skipped and why, and where an empty desk leads."""

import pytest

from app.routing import (
    Keadaan,
    KodeTolak,
    Lewatan,
    Op,
    Sebab,
    Syarat,
    Tolak,
    berikut,
    kandidat,
    parse_syarat,
)
from tests.routing.contoh import JALUR, KELURAHAN, RT, RW, Jalan, make_alur, make_dunia, pejabat

TANPA_RW = {k: v for k, v in JALUR.items() if k != "rw"}


def test_a_missing_level_is_skipped_with_its_cause() -> None:
    lewatan, meja = berikut(make_alur(), Keadaan(jalur=TANPA_RW), 2, make_dunia())
    assert lewatan == (Lewatan("02_ketua_rw", Sebab.TINGKAT_TIDAK_ADA),)
    assert meja is not None
    assert (meja.tahapan, meja.sebab) == ("03_petugas_kelurahan", None)


def test_a_skipped_step_is_a_numbered_visit_so_ke_has_no_gaps() -> None:
    jalan = Jalan(make_alur(), make_dunia(), jalur=TANPA_RW).sampai(3)
    assert [(k.ke, k.status) for k in jalan.keadaan.kunjungan] == [
        (1, "disetujui"),
        (2, "dilewati"),
        (3, "menunggu"),
    ]


@pytest.mark.parametrize("wajib", [False, True])
def test_a_false_condition_skips_a_step_but_never_a_wajib_one(wajib: bool) -> None:
    syarat = (Syarat("tanggungan", Op.MINIMAL, 3),)
    alur = make_alur(ubah={2: {"syarat": syarat, "wajib": wajib}})
    jalan = Jalan(alur, make_dunia(), data={"tanggungan": 2}).sampai(2)
    assert jalan.sebab() == ([] if wajib else [(2, "syarat_tidak_terpenuhi")])
    assert jalan.meja() == (("ketua_rw", RW) if wajib else ("petugas_kelurahan", KELURAHAN))


def test_a_vacant_desk_opens_at_the_nearest_staffed_level_and_keeps_where_it_belongs() -> None:
    _, meja = berikut(make_alur(), Keadaan(jalur=JALUR), 1, make_dunia(["ketua_rt", "ketua_rw"]))
    assert meja is not None
    assert (meja.peran, meja.wilayah_id, meja.seharusnya_id) == ("petugas_kelurahan", 11, RT)
    assert (meja.tahapan, meja.sebab) == ("01_ketua_rt", Sebab.NAIK)


def test_a_signature_climbs_past_posts_that_may_not_sign() -> None:
    _, meja = berikut(make_alur(), Keadaan(jalur=JALUR), 5, make_dunia(["lurah"]))
    assert meja is not None
    assert (meja.peran, meja.sebab) == ("camat", Sebab.NAIK)


def test_nobody_anywhere_opens_the_own_desk_visibly_empty() -> None:
    jalan = Jalan(make_alur(), make_dunia()).sampai(9)
    jalan.dunia = make_dunia(["camat"])
    _, meja = berikut(jalan.alur, jalan.keadaan, 9, jalan.dunia)
    assert meja is not None
    assert (meja.peran, meja.sebab) == ("camat", Sebab.KOSONG)
    assert kandidat(jalan.alur, jalan.keadaan, jalan.dunia) == ()
    assert jalan.coba("tanda_tangani", pejabat("camat")) == Tolak(KodeTolak.BUKAN_KANDIDAT)


@pytest.mark.parametrize(
    ("jika_kosong", "wajib", "tahapan", "sebab"),
    [
        ("tunggu", False, "02_ketua_rw", "kosong"),
        ("naik", False, "02_ketua_rw", "naik"),
        ("lewati", False, "03_petugas_kelurahan", None),
        ("lewati", True, "02_ketua_rw", "kosong"),
    ],
)
def test_an_empty_desk_waits_climbs_or_is_skipped_as_the_step_says(
    jika_kosong: str, wajib: bool, tahapan: str, sebab: str | None
) -> None:
    alur = make_alur(ubah={2: {"jika_kosong": jika_kosong, "wajib": wajib}})
    lewatan, meja = berikut(alur, Keadaan(jalur=JALUR), 2, make_dunia(["ketua_rw"]))
    assert meja is not None
    assert (meja.tahapan, meja.sebab) == (tahapan, sebab)
    assert [lewat.sebab for lewat in lewatan] == ["tidak_ada_pejabat"] * (tahapan[:2] == "03")


def test_an_acting_officer_counts_unless_the_step_bars_acting_holders() -> None:
    plt = pejabat("lurah", sifat="plt")
    dunia = make_dunia(["lurah"], [plt])
    for boleh, sebab in ((True, None), (False, Sebab.NAIK)):
        alur = make_alur(ubah={5: {"boleh_pelaksana": boleh}})
        _, meja = berikut(alur, Keadaan(jalur=JALUR), 5, dunia)
        assert meja is not None
        assert meja.sebab == sebab


def test_beda_orang_bars_an_earlier_approver_also_after_a_return() -> None:
    rangkap = pejabat("ketua_rw", pengguna_id=pejabat("ketua_rt").pengguna_id)
    lain = pejabat("ketua_rw", 1)
    alur = make_alur(ubah={2: {"beda_orang": True}})
    jalan = Jalan(alur, make_dunia(["ketua_rw"], [rangkap, lain])).sampai(1)
    jalan.maju("setujui", pejabat("ketua_rt"))
    for _ in range(2):
        assert kandidat(jalan.alur, jalan.keadaan, jalan.dunia) == (lain,)
        jalan.kembalikan(lain).maju("ajukan", pejabat("ketua_rt"))


def test_a_section_counts_only_where_the_unit_has_it() -> None:
    kesra = pejabat("kasi_kelurahan", 1, seksi_kode="kesra")
    alur = make_alur(ubah={4: {"seksi_kode": "kesra"}})
    for seksi, siapa in (
        (frozenset(), {pejabat("kasi_kelurahan"), kesra}),
        (frozenset({(KELURAHAN, "kesra")}), {kesra}),
    ):
        jalan = Jalan(alur, make_dunia(tambahan=[kesra], seksi=seksi)).sampai(4)
        assert {*kandidat(alur, jalan.keadaan, jalan.dunia)} == siapa


def test_a_retired_unit_hands_the_step_to_its_last_successor() -> None:
    baru = pejabat("ketua_rt", 1, wilayah_id=1009)
    dunia = make_dunia(["ketua_rt"], [baru], pengganti={RT: 1008, 1008: 1009})
    _, meja = berikut(make_alur(), Keadaan(jalur=JALUR), 1, dunia)
    assert meja is not None
    assert (meja.wilayah_id, meja.sebab) == (1009, Sebab.PENGGANTI)


@pytest.mark.parametrize(
    ("raw", "benar"),
    [
        ([], True),
        ([["jenis", "=", "A"]], True),
        ([["jenis", "≠", "A"]], False),
        ([["jenis", "in", ["A", "B"]]], True),
        ([["jenis", "in", ["B"]]], False),
        ([["anak", "≥", 3]], True),
        ([["anak", "≥", 4]], False),
        ([["anak", "<", 4], ["jenis", "=", "A"]], True),
        ([["anak", "<", 3]], False),
        ([["anak", "<", 4], ["jenis", "=", "B"]], False),
        ([["anak", "<", "4"]], False),
        ([["kosong", "≠", "A"]], False),
        ([["tak_dikenal", "≠", "A"]], False),
    ],
)
def test_conditions_are_an_and_list_where_unknown_and_empty_are_false(
    raw: list[list[object]], benar: bool
) -> None:
    data = {"jenis": "A", "anak": 3, "kosong": ""}
    assert all(s.holds(data) for s in parse_syarat(raw)) is benar


def test_an_unknown_operator_is_refused() -> None:
    with pytest.raises(ValueError, match="~"):
        parse_syarat([["jenis", "~", "A"]])
    with pytest.raises(ValueError, match="tuple"):
        parse_syarat([["jenis", "in", "A"]])
