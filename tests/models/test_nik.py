import csv
from datetime import date
from pathlib import Path

import pytest

from app.models import nik as n
from app.models.nik import clean_nomor, mask, no_kk_error, parse_nik

TODAY = date(2026, 6, 1)
VECTORS = list(
    csv.DictReader((Path(__file__).parent / "data" / "nik_uji.csv").read_text().splitlines())
)
GALAT = {
    "": None,
    "tanggal tidak valid": n.GALAT_TANGGAL,
    "nomor urut 0000": n.GALAT_URUT,
    "panjang/karakter": n.GALAT_DIGIT,
    "NIK sementara (awalan 0)": n.GALAT_SEMENTARA,
}
PERINGATAN = {
    "": [],
    "kode provinsi tidak dikenal": [n.PERINGATAN_PROVINSI],
    "jenis kelamin tidak sesuai NIK": [n.PERINGATAN_KELAMIN],
    "tanggal lahir tidak sesuai NIK": [n.PERINGATAN_TANGGAL],
}


@pytest.mark.parametrize("case", VECTORS, ids=lambda case: case["keterangan"])
def test_the_20_vectors_of_the_domain(case: dict[str, str]) -> None:
    born = date.fromisoformat(case["tanggal_lahir"])
    nik = parse_nik(case["nik"])

    assert nik.galat == GALAT[case["galat"]]
    assert (nik.jenis_kelamin or "") == case["jk_dari_nik"].lower()
    assert str(nik.likely_birth(TODAY) or "") == case["tanggal_dari_nik"]
    if nik.galat is None:
        warnings = [*nik.peringatan, *nik.disagreements(case["jk"].lower(), born)]
        assert warnings == PERINGATAN[case["peringatan"]]


def test_there_are_20_vectors() -> None:
    assert len(VECTORS) == 20


def test_a_temporary_nik_needs_its_flag_and_its_zero() -> None:
    assert parse_nik("0357401100109909", sementara=True).galat is None
    assert parse_nik("0357401100109909").galat == n.GALAT_SEMENTARA
    assert parse_nik("3574010101909901", sementara=True).galat == n.GALAT_BUKAN_SEMENTARA


@pytest.mark.parametrize(
    "text", ["３５７４０１０１０１９０９９０１", "357401010190990a", "", "٣" * 16]
)
def test_only_ascii_digits_are_digits(text: str) -> None:
    assert parse_nik(text).galat == n.GALAT_DIGIT


def test_noise_of_spreadsheets_is_removed() -> None:
    assert clean_nomor("\ufeff'3574\u00a00101.0190\u200b9901 ") == "3574010101909901"


def test_no_kk_is_16_digits_and_means_nothing() -> None:
    assert no_kk_error("3574 9999 9999 9999") is None
    assert no_kk_error("357499") == n.GALAT_DIGIT_KK


def test_mask_keeps_four_at_each_end_and_nothing_of_a_short_value() -> None:
    assert mask("3574010101909901") == "3574****9901"
    assert mask("35740101") == "****"
    assert mask(None) == ""
