"""Publishing checks: every problem at once, each at its row (ROUTING §3, Publishing checks)."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.services.definisi import (
    Definisi,
    EskalasiDefinisi,
    IsianDefinisi,
    PersyaratanDefinisi,
    to_alur,
)
from app.services.lapangan import Asal
from app.services.masalah import Berat
from app.services.pemeriksaan import Pemeriksaan, examine
from app.services.periksa_definisi import check_definisi
from tests.services.definisi_contoh import (
    JALUR,
    KELURAHAN,
    TINGKAT,
    bersyarat,
    katalog,
    lapangan,
    pejabat,
    ubah,
)


def found(definisi: Definisi, **field: Any) -> set[tuple[str, str | None]]:
    """Return (kode, row) of every problem."""
    return {(m.kode, m.baris) for m in examine(definisi, lapangan(**field)).masalah}


def errors(definisi: Definisi, **field: Any) -> set[tuple[str, str | None]]:
    return {(m.kode, m.baris) for m in examine(definisi, lapangan(**field)).galat}


def test_every_definition_of_the_catalogue_is_clean() -> None:
    for definisi in katalog().values():
        hasil = examine(definisi, lapangan())
        assert hasil.masalah == (), definisi.kode
        assert not hasil.is_macet


def test_four_different_mistakes_are_listed_at_once() -> None:
    bad = ubah(bersyarat(), 1, peran="kepala_desa")
    bad = ubah(bad, 4, syarat=[["jumlah", "=", "lima"]])
    bad = ubah(bad, 7, syarat=[["jumlah", "≥", 5], ["jumlah", "<", 5]])
    bad = replace(bad, format_nomor="{klasifikasi}/{nomor:3}/{bulan}")
    peran = {**TINGKAT, "kepala_desa": "desa"}
    hasil = examine(bad, lapangan(peran=peran))
    assert {(m.kode, m.baris) for m in hasil.galat} == {
        ("tingkat_tidak_ada", "01_ketua_rt"),
        ("tingkat_tidak_naik", "02_ketua_rw"),
        ("tipe_kolom", "04_kasi_kelurahan"),
        ("syarat_bertentangan", "07_kasi_kecamatan"),
        ("format_nomor", None),
    }
    assert hasil.jelajah is None
    assert all(str(m) and "%(" not in str(m) for m in hasil.masalah)


SKTM = katalog()["SKTM"]
FIRST, LAST = "01_ketua_rt", "09_camat"


def steps(*urutan: int) -> Definisi:
    """Return the SKTM without these steps, its urutan as it was."""
    return replace(SKTM, tahapan=tuple(s for s in SKTM.tahapan if s.urutan not in urutan))


@pytest.mark.parametrize(
    ("definisi", "kode", "baris"),
    [
        (replace(SKTM, tahapan=()), "tanpa_tahapan", None),
        (steps(3), "urutan_bolong", "04_kasi_kelurahan"),
        (ubah(SKTM, 9, wajib=False), "terakhir_tidak_wajib", LAST),
        (ubah(SKTM, 9, syarat=[["tanggungan", "≥", 1]]), "terakhir_bersyarat", LAST),
        (ubah(SKTM, 6, peran="ketua_rw"), "tingkat_tidak_naik", "06_petugas_kecamatan"),
        (ubah(SKTM, 2, peran="raja"), "peran_tidak_dikenal", "02_ketua_rw"),
        (ubah(SKTM, 2, aksi="lempar"), "aksi_tidak_dikenal", "02_ketua_rw"),
        (ubah(SKTM, 2, syarat=[["gaji", "≥", 1]]), "kolom_tidak_dikenal", "02_ketua_rw"),
        (ubah(SKTM, 2, syarat=[["keperluan", "<", "x"]]), "tipe_kolom", "02_ketua_rw"),
        (ubah(SKTM, 2, syarat={"a": 1}), "syarat_rusak", "02_ketua_rw"),
        (ubah(SKTM, 2, syarat=[["tanggungan", ">", 1]]), "syarat_rusak", "02_ketua_rw"),
        (ubah(SKTM, 2, syarat=[["tanggungan", "in", 1]]), "syarat_rusak", "02_ketua_rw"),
        (ubah(SKTM, 9, jika_kosong="lewati"), "lewati_wajib", LAST),
        (ubah(SKTM, 3, sla_menit=8), "menit_melebihi", None),
        (replace(SKTM, sla_total_menit=34), "menit_melebihi", None),
        (ubah(SKTM, 5, memberi_nomor=False), "pemberi_nomor", None),
        (ubah(SKTM, 9, memberi_nomor=True), "pemberi_nomor", None),
        (replace(SKTM, format_nomor=None), "tanpa_format_nomor", "05_lurah"),
        (replace(SKTM, format_nomor="{nomor"), "format_nomor", None),
        (replace(SKTM, klasifikasi=None), "format_nomor", None),
        (ubah(SKTM, 4, kolom_dijamin=["gaji"]), "kolom_dijamin_tidak_dikenal", "04_kasi_kelurahan"),
        (ubah(SKTM, 4, kolom_dijamin="gaji"), "kolom_dijamin_rusak", "04_kasi_kelurahan"),
        (ubah(SKTM, 4, kode="05_lurah"), "kode_ganda", "05_lurah"),
        (ubah(SKTM, 1, eskalasi=(EskalasiDefinisi(80, "ingatkan"),) * 2), "tangga_ganda", FIRST),
        (replace(SKTM, pengaju=["raja"]), "peran_tidak_dikenal", None),
        (replace(SKTM, pengaju="lurah"), "pengaju_rusak", None),
    ],
)
def test_a_mistake_refuses_the_publishing(definisi: Definisi, kode: str, baris: str | None) -> None:
    told = errors(definisi)
    assert (kode, baris) in told


def test_a_condition_of_an_isian_or_a_document_is_checked_too() -> None:
    isian = (*SKTM.isian, IsianDefinisi(9, "usia", "Usia", "angka", syarat=[["x", "=", 1]]))
    document = PersyaratanDefinisi(9, "X", "X", syarat=[["tanggungan", "=", "dua"]])
    bad = replace(SKTM, isian=isian, persyaratan=(*SKTM.persyaratan, document))
    assert errors(bad) == {("kolom_tidak_dikenal", "usia"), ("tipe_kolom", "X")}


def test_the_longest_path_counts_steps_that_exclude_each_other_once() -> None:
    either = ubah(bersyarat(), 4, syarat=[["jenis", "=", "A"]])
    either = ubah(either, 7, syarat=[["jenis", "=", "B"]], sla_menit=4)
    # All nine steps take 36 minutes; without step 4 or 7, of four minutes each, 32.
    assert errors(replace(either, sla_total_menit=32)) == set()
    assert errors(replace(either, sla_total_menit=31)) == {("menit_melebihi", None)}


def test_a_unit_without_hours_is_named() -> None:
    assert ("tanpa_jam", "03_petugas_kelurahan") in errors(SKTM, tanpa_jam=frozenset({KELURAHAN}))
    assert errors(katalog()["PGT"], tanpa_jam=frozenset({KELURAHAN})) == set()


def test_a_retired_unit_without_successor_is_named() -> None:
    field = {"tanpa_pengganti": ((77, "rw"),), "nama": {**lapangan().nama, 77: "RW 009"}}
    hasil = examine(SKTM, lapangan(**field))
    (masalah,) = hasil.galat
    assert (masalah.kode, masalah.baris) == ("tanpa_pengganti", "02_ketua_rw")
    assert "RW 009" in str(masalah)


def test_a_tree_without_rt_has_no_place_for_their_step() -> None:
    jalur = {t: id_ for t, id_ in JALUR.items() if t not in ("rt", "rw")}
    told = errors(SKTM, asal=(Asal("Kelurahan Pilang", jalur),))
    assert told == {("tingkat_tidak_ada", "01_ketua_rt"), ("tingkat_tidak_ada", "02_ketua_rw")}


def warnings(hasil: Pemeriksaan) -> set[tuple[str, str | None]]:
    assert hasil.galat == ()
    return {(m.kode, m.baris) for m in hasil.masalah if m.berat is Berat.PERINGATAN}


def test_a_vacant_post_is_a_warning_and_goes_up() -> None:
    hasil = examine(SKTM, lapangan(kosong=("ketua_rw",)))
    assert warnings(hasil) == {("tanpa_pejabat", "02_ketua_rw")}
    assert hasil.jelajah is not None
    assert (hasil.jelajah.naik, hasil.jelajah.macet) == (1, ())


def test_a_berkas_nobody_can_decide_is_stuck_and_says_where() -> None:
    hasil = examine(SKTM, lapangan(kosong=("camat",)))
    assert hasil.is_macet
    assert hasil.jelajah is not None
    (macet,) = hasil.jelajah.macet
    assert (macet.asal, macet.tahapan) == ("RT 003", LAST)


def test_a_place_where_nobody_may_file_is_stuck_before_the_first_step() -> None:
    hasil = examine(SKTM, lapangan(kosong=("ketua_rt", "petugas_kelurahan")))
    assert hasil.jelajah is not None
    assert [m.tahapan for m in hasil.jelajah.macet] == [None]


def test_acting_officers_alone_cannot_serve_a_step_that_bars_them() -> None:
    strict = ubah(SKTM, 5, boleh_pelaksana=False)
    people = dict(lapangan().pemegang)
    people[KELURAHAN] = tuple(
        replace(p, sifat="plh") if p.peran == "lurah" else p for p in people[KELURAHAN]
    )
    hasil = examine(strict, lapangan(pemegang=people))
    assert ("hanya_pelaksana", "05_lurah") in warnings(hasil)
    assert warnings(examine(SKTM, lapangan(pemegang=people))) == set()


def test_one_person_on_both_sides_of_beda_orang_is_told() -> None:
    strict = ubah(SKTM, 5, beda_orang=True)
    both = pejabat("lurah", pengguna_id=pejabat("kasi_kelurahan").pengguna_id)
    people = dict(lapangan().pemegang)
    people[KELURAHAN] = tuple(both if p.peran == "lurah" else p for p in people[KELURAHAN])
    assert ("orang_sama", "05_lurah") in warnings(examine(strict, lapangan(pemegang=people)))
    assert warnings(examine(SKTM, lapangan(pemegang=people))) == set()


def test_a_step_that_no_answer_reaches_is_told() -> None:
    # Sound by itself, yet step 1 is skipped wherever it could be due.
    unreached = ubah(SKTM, 1, boleh_dilewati=True)
    unreached = replace(unreached, pengaju=["petugas_kelurahan"])
    assert ("tidak_tercapai", "01_ketua_rt") in warnings(examine(unreached, lapangan()))


def test_a_unit_code_that_the_number_needs_is_told() -> None:
    told = warnings(examine(SKTM, lapangan(kode_unit={})))
    assert told == {("tanpa_kode_unit", "05_lurah")}
    assert warnings(examine(katalog()["PGT"], lapangan(kode_unit={}))) == set()


def test_a_document_met_by_an_approval_names_a_step_that_gives_it() -> None:
    document = replace(SKTM.persyaratan[0], dipenuhi_peran="ketua_rw")
    met = replace(SKTM, persyaratan=(document, *SKTM.persyaratan[1:]))
    assert warnings(examine(met, lapangan())) == set()
    unmet = replace(met, persyaratan=(replace(document, dipenuhi_peran="auditor"),))
    assert warnings(examine(unmet, lapangan())) == {("persetujuan_tidak_ada", document.kode)}


def test_many_units_are_counted_rather_than_listed() -> None:
    many = tuple(Asal(f"RT {n:03}", {**JALUR, "rt": 2000 + n}) for n in range(1, 41))
    names = {**lapangan().nama, **{2000 + n: f"RT {n:03}" for n in range(1, 41)}}
    hasil = examine(SKTM, lapangan(asal=many, nama=names))
    (masalah,) = [m for m in hasil.peringatan if m.kode == "tanpa_pejabat"]
    assert "RT 008, … (+32)" in str(masalah)
    assert hasil.jelajah is not None
    assert (hasil.jelajah.jumlah, hasil.jelajah.naik) == (40, 40)


MUTAN: dict[str, st.SearchStrategy[Any]] = {
    "urutan": st.integers(1, 10),
    "kode": st.sampled_from(["05_lurah", "baru"]),
    "peran": st.sampled_from([*TINGKAT, "raja"]),
    "aksi": st.sampled_from(["teruskan", "setujui", "paraf", "tanda_tangani", "serahkan", "x"]),
    "sla_menit": st.integers(1, 40),
    "seksi_kode": st.sampled_from([None, "pemerintahan", "lain"]),
    "syarat": st.sampled_from(
        [
            None,
            [],
            {},
            [["jenis", "=", "A"]],
            [["jenis", "≠", "C"]],
            [["jenis", "in", ["A"]], ["jenis", "in", ["B"]]],
            [["jumlah", "≥", 5], ["jumlah", "<", 6]],
            [["jumlah", "≥", 5], ["jumlah", "<", 5]],
            [["jumlah", "≥", True]],
            [["darurat", "=", True], ["darurat", "≠", True]],
            [["pemohon.tanggal_lahir", "<", "2008-01-01"]],
            [["pemohon.tanggal_lahir", "<", "01-01-2008"]],
            [["entah", "=", 1]],
        ]
    ),
    "jika_kosong": st.sampled_from(["tunggu", "naik", "lewati"]),
    "kolom_dijamin": st.sampled_from([None, ["jenis"], ["entah"], "jenis", [1]]),
    "beda_orang": st.booleans(),
    "boleh_pelaksana": st.booleans(),
    "boleh_dilewati": st.booleans(),
    "wajib": st.booleans(),
    "memberi_nomor": st.booleans(),
}


@settings(max_examples=400)
@given(
    st.integers(1, 9),
    st.sampled_from(sorted(MUTAN)).flatmap(lambda n: st.tuples(st.just(n), MUTAN[n])),
)
def test_each_mutant_of_a_valid_definition_is_refused_or_simulates_clean(
    urutan: int, change: tuple[str, Any]
) -> None:
    mutant = ubah(bersyarat(), urutan, **dict([change]))
    hasil = examine(mutant, lapangan())
    if hasil.galat:
        assert hasil.jelajah is None
    else:
        assert hasil.jelajah is not None
        assert hasil.jelajah.macet == ()
        assert hasil.jelajah.menit_maks <= mutant.sla_total_menit
        assert len(to_alur(mutant, TINGKAT).tahapan) == 9


def test_the_catalogue_is_sound_by_itself_and_23_of_24_take_at_most_35_minutes() -> None:
    assert [d.kode for d in katalog().values() if check_definisi(d, TINGKAT)] == []
    sums = {kode: sum(s.sla_menit for s in d.tahapan) for kode, d in katalog().items()}
    assert [kode for kode, total in sums.items() if total > 35] == ["WARIS"]
    assert len(sums) == 24
