"""The worked cases of tests/routing/cases, one test each, and what they cover together."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta, timezone
from typing import Any

import pytest

from app.routing import WIB_MENIT, Kalender, menit, tambah
from tests.routing.kasus import FOLDER, LIHAT, Kasus, KasusGagalError, load_kasus, run_kasus

WIB = timezone(timedelta(minutes=WIB_MENIT))
HARI = ("senin", "selasa", "rabu", "kamis", "jumat", "sabtu", "minggu")
SEMUA = list(load_kasus())


@pytest.mark.parametrize("kasus", [*load_kasus("mesin")], ids=str)
def test_worked_case_goes_as_written(kasus: Kasus) -> None:
    run_kasus(kasus)
    assert kasus.isi["langkah"]


@pytest.mark.parametrize("kasus", [*load_kasus("kalender")], ids=str)
def test_worked_deadline_falls_as_written(kasus: Kasus) -> None:
    kalender = read_kalender(kasus.isi["kalender"])
    assert kasus.isi["hitung"]
    for row in kasus.isi["hitung"]:
        dari = read_time(row["dari"])
        if "lama" in row:
            assert menit(dari, read_time(row["sampai"]), kalender) == row["lama"], (kasus, row)
            continue
        jatuh = tambah(dari, row["menit"], kalender)
        shown = jatuh and jatuh.astimezone(WIB).strftime("%d-%m-%Y %H.%M")
        assert shown == row["jatuh"], (str(kasus), row)


def test_the_cases_cover_all_rows_of_the_routing_table() -> None:
    assert len(SEMUA) >= 80
    assert len({k.nama for k in SEMUA}) == len(SEMUA)
    covered = {row for kasus in SEMUA for row in kasus.baris}
    assert covered == set(range(1, 55)), set(range(1, 55)) ^ covered


def test_every_word_of_the_cases_is_explained() -> None:
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert [word for word in LIHAT if f"`{word}`" not in readme] == []


def test_a_case_that_goes_wrong_names_its_case_step_and_difference() -> None:
    langkah = [{"siapa": "ketua_rt", "tindakan": "ajukan", "hasil": "selesai"}]
    kasus = Kasus("contoh.yaml", "Sengaja salah", (), "mesin", {"langkah": langkah})
    with pytest.raises(KasusGagalError) as salah:
        run_kasus(kasus)
    for words in (
        "contoh.yaml: Sengaja salah",
        "1. {siapa: ketua_rt",
        "'selesai', nyatanya 'diajukan'",
    ):
        assert words in str(salah.value)


def read_time(text: str) -> datetime:
    """Read "27-11-2026 15.50" as a moment in WIB."""
    return datetime.strptime(text, "%d-%m-%Y %H.%M").replace(tzinfo=WIB)


def read_kalender(raw: Mapping[str, Any]) -> Kalender:
    """Read opening hours by name of the day, closed dates, and dates with hours of their own."""
    return Kalender(
        {HARI.index(hari): read_hours(jam) for hari, jam in raw.get("hari", {}).items()},
        frozenset(read_time(f"{d} 00.00").date() for d in raw.get("libur", ())),
        {
            read_time(f"{d} 00.00").date(): read_hours(jam)
            for d, jam in raw.get("khusus", {}).items()
        },
    )


def read_hours(jam: list[str]) -> tuple[tuple[time, time], ...]:
    """Read ["07.30-12.00", "13.00-16.00"]; an end of 24.00 is midnight."""
    pairs = (interval.replace("24.00", "00.00").split("-") for interval in jam)
    return tuple((read_clock(a), read_clock(b)) for a, b in pairs)


def read_clock(text: str) -> time:
    """Read "07.30"."""
    hour, minute = map(int, text.split("."))
    return time(hour, minute)
