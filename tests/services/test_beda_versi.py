"""The readable difference of two definitions."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from app.services.beda_versi import compare
from app.services.definisi import Definisi, EskalasiDefinisi, IsianDefinisi
from tests.services.definisi_contoh import katalog, ubah

SKTM = katalog()["SKTM"]


def lines(lama: Definisi, baru: Definisi) -> list[str]:
    return [str(beda) for beda in compare(lama, baru)]


def test_the_same_definition_has_no_difference() -> None:
    assert all(compare(definisi, definisi) == [] for definisi in katalog().values())


@pytest.mark.parametrize(
    ("facts", "line"),
    [
        ({"sla_menit": 6}, "Tahapan 04_kasi_kelurahan: SOP 4 → 6 menit"),
        ({"wajib": True}, "Tahapan 04_kasi_kelurahan: Wajib Tidak → Ya"),
        ({"aksi": "setujui"}, "Tahapan 04_kasi_kelurahan: Tindakan Paraf → Setujui"),
        ({"peran": "lurah"}, "Tahapan 04_kasi_kelurahan: Peran kasi_kelurahan → lurah"),
        (
            {"sop": "Periksa"},
            f"Tahapan 04_kasi_kelurahan: Petunjuk {SKTM.tahapan[3].sop} → Periksa",
        ),
        (
            {"syarat": [["tanggungan", "≥", 3]]},
            'Tahapan 04_kasi_kelurahan: Syarat – → [["tanggungan", "≥", 3]]',
        ),
        (
            {"eskalasi": (EskalasiDefinisi(80, "ingatkan"),)},
            (
                "Tahapan 04_kasi_kelurahan: Eskalasi 80% ingatkan, 100% tampilkan_atasan, "
                "200% buka_atasan → 80% ingatkan"
            ),
        ),
    ],
)
def test_a_changed_step_says_what_was_and_what_is(facts: dict[str, Any], line: str) -> None:
    assert lines(SKTM, ubah(SKTM, 4, **facts)) == [line]


@pytest.mark.parametrize(
    ("facts", "line"),
    [
        ({"sla_total_menit": 40}, "Versi: SOP 35 → 40 menit"),
        ({"tanggal_mulai": date(2027, 1, 1)}, "Versi: Berlaku mulai 01-01-2026 → 01-01-2027"),
        ({"nama": "SKTM Baru"}, "Versi: Nama layanan Surat Keterangan Tidak Mampu → SKTM Baru"),
        ({"pengaju": ["lurah"]}, 'Versi: Pengaju – → ["lurah"]'),
    ],
)
def test_a_changed_version_is_told(facts: dict[str, Any], line: str) -> None:
    assert lines(SKTM, replace(SKTM, **facts)) == [line]


def test_a_step_put_in_between_moves_nobody() -> None:
    new = replace(SKTM.tahapan[3], kode="baru", urutan=4)
    later = [replace(s, urutan=s.urutan + 1) for s in SKTM.tahapan[3:]]
    added = replace(SKTM, tahapan=(*SKTM.tahapan[:3], new, *later))
    assert lines(SKTM, added) == ["Tahapan baru: ditambah"]
    assert lines(added, SKTM) == ["Tahapan baru: dihapus"]


def test_steps_that_change_places_are_moved() -> None:
    first, second, *rest = SKTM.tahapan
    swapped = replace(SKTM, tahapan=(replace(second, urutan=1), replace(first, urutan=2), *rest))
    (line,) = lines(SKTM, swapped)
    assert "dipindah dari urutan" in line


def test_a_number_that_closes_a_gap_is_a_change() -> None:
    gap = replace(SKTM, tahapan=(*SKTM.tahapan[:8], replace(SKTM.tahapan[8], urutan=12)))
    assert lines(gap, SKTM) == ["Tahapan 09_camat: Urutan 12 → 9"]


def test_isian_and_persyaratan_are_compared_too() -> None:
    extra = IsianDefinisi(6, "usia", "Usia", "angka")
    baru = replace(SKTM, isian=(*SKTM.isian, extra), persyaratan=SKTM.persyaratan[1:])
    assert lines(SKTM, baru) == ["Isian usia: ditambah", "Persyaratan PGT_RTRW: dihapus"]
