"""Checks the answers to a layanan's isian and turns them into what JSON can hold."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from app.errors import DataTidakValidError
from app.models.isian import Isian, TipeIsian
from app.models.nik import parse_nik
from app.teks import N_


def check_isian(rows: Sequence[Isian], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answers as JSON values, by kode.

    Raises:
        DataTidakValidError: every answer that is missing or wrong, by kode.
    """
    errors: dict[str, str] = {}
    answers: dict[str, Any] = {}
    for row in rows:
        value = _plain(values.get(row.kode))
        message = _isian_error(row, value)
        if message:
            errors[row.kode] = message
        answers[row.kode] = value
    if errors:
        raise DataTidakValidError(errors)
    return answers


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, time):
        return value.strftime("%H:%M")
    return value


def _isian_error(row: Isian, value: Any) -> str:
    if value in (None, ""):
        return N_("Wajib diisi.") if row.wajib else ""
    if row.tipe == TipeIsian.PILIHAN and value not in (row.opsi or []):
        return N_("Pilihan tidak dikenal.")
    if row.tipe == TipeIsian.NIK:
        return parse_nik(str(value)).galat or ""
    if row.tipe == TipeIsian.TABEL_NIK:
        found = [parse_nik(line).galat for line in str(value).splitlines() if line.strip()]
        return next((galat for galat in found if galat), "")
    return ""
