import pytest

from app.models.format_nomor import FormatNomorError, parse_format, render
from app.services.benih_sumber import read_layanan

SURAT = {
    "klasifikasi": "400.12.2.1",
    "nomor": 17,
    "kode_unit": "425.xxx",
    "rt": "003",
    "rw": 2,
    "bulan_romawi": 11,
    "tahun": 2026,
}


@pytest.mark.parametrize(
    ("format_nomor", "text"),
    [
        ("{klasifikasi}/{nomor:3}/{kode_unit}/{tahun}", "400.12.2.1/017/425.xxx/2026"),
        ("{nomor:3}/RT.{rt:2}/RW.{rw:2}/{bulan_romawi}/{tahun}", "017/RT.03/RW.02/XI/2026"),
        ("{nomor}", "17"),
        ("{nomor:1}", "17"),
    ],
)
def test_a_number_is_rendered_by_its_format(format_nomor: str, text: str) -> None:
    assert render(format_nomor, SURAT) == text


@pytest.mark.parametrize(
    ("format_nomor", "told"),
    [
        ("{nomor:3}/{bulan}", "{bulan} pada format nomor tidak dikenal"),
        ("{nomor:3}/{klasifikasi:2}", "{klasifikasi:2} pada format nomor tidak memakai lebar"),
        ("{nomor:0}", "{nomor:0} pada format nomor tidak dikenal"),
        ("{nomor:3/{tahun}", "tidak berpasangan"),
        ("{nomor}}", "tidak berpasangan"),
        ("{nomor}/{}", "{} pada format nomor tidak dikenal"),
        ("{tahun}", "tepat satu kali"),
        ("{nomor}/{nomor}", "tepat satu kali"),
        ("", "tepat satu kali"),
    ],
)
def test_a_format_that_cannot_be_read_says_why(format_nomor: str, told: str) -> None:
    with pytest.raises(FormatNomorError) as caught:
        parse_format(format_nomor)
    assert told in str(caught.value)


@pytest.mark.parametrize(
    ("token", "value", "told"),
    [
        ("klasifikasi", None, "memerlukan klasifikasi"),
        ("kode_unit", " ", "memerlukan kode_unit"),
        ("rt", "tiga", "Nilai rt pada nomor surat harus angka"),
        ("rt", "٣", "Nilai rt pada nomor surat harus angka"),
        ("bulan_romawi", 13, "1 sampai 12"),
        ("bulan_romawi", 0, "1 sampai 12"),
    ],
)
def test_a_value_that_does_not_fit_is_named(token: str, value: object, told: str) -> None:
    with pytest.raises(FormatNomorError) as caught:
        render(f"{{nomor}}/{{{token}}}", {**SURAT, token: value})
    assert told in str(caught.value)


def test_every_format_of_the_catalogue_is_read_and_filled() -> None:
    formats = {entry["format_nomor"] for entry in read_layanan()}
    assert all("17" in render(format_nomor, SURAT) for format_nomor in formats)
