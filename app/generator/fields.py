"""One table from column type to kind, and from kind to how a value is shown and read.

To teach the generator a new kind of column, add a line to ``KIND_BY_TYPE`` and one to ``KINDS``.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from babel.numbers import format_decimal
from flask_babel import gettext
from marshmallow import fields as api
from sqlalchemy import JSON, Boolean, Date, DateTime, Enum, Integer, Numeric, String, Text, Time
from sqlalchemy.types import TypeEngine

from app.generator.spec import FieldSpec
from app.models.base import Waktu
from app.teks import N_

WIB = ZoneInfo("Asia/Jakarta")

KIND_BY_TYPE: tuple[tuple[type[TypeEngine[Any]], str], ...] = (
    (Enum, "pilihan"),
    (Boolean, "ya_tidak"),
    (Waktu, "waktu"),
    (DateTime, "waktu"),
    (Date, "tanggal"),
    (Time, "jam"),
    (Text, "teks_panjang"),
    (String, "teks"),
    (Integer, "angka"),
    (Numeric, "desimal"),
    (JSON, "json"),
)


def kind_of(column_type: TypeEngine[Any]) -> str:
    """Return the kind of a column type.

    Raises:
        TypeError: no line in ``KIND_BY_TYPE`` fits.
    """
    for type_, kind in KIND_BY_TYPE:
        if isinstance(column_type, type_):
            return kind
    raise TypeError(f"jenis kolom {column_type!r} belum dikenal: tambahkan di KIND_BY_TYPE")


def mask_middle(value: str) -> str:
    """Return the value with all but its first and last four characters hidden.

    >>> mask_middle("3574010101909901")
    '3574****9901'
    """
    return f"{value[:4]}****{value[-4:]}" if len(value) > 8 else "****"


def mask_name(text: str) -> str:
    """Return a name of which only the first letter of each word can be read.

    >>> mask_name("Siti Aminah")
    'S*** A***'
    """
    return " ".join(f"{word[0]}***" for word in text.split()) or "***"


def mask_numbers(text: str) -> str:
    """Return free text with each number of 16 digits (NIK, KK) masked, however it is spaced.

    >>> mask_numbers("ayah 3574 0101 0190 9901, ibu 3574014101929902")
    'ayah 3574****9901, ibu 3574****9902'
    """
    return _LONG_NUMBER.sub(lambda found: mask_middle(re.sub(r"\D", "", found[0])), text)


_LONG_NUMBER = re.compile(r"(?<!\d)\d(?:[ .-]?\d){15}(?!\d)")


def show_date(value: date) -> str:
    """Return a date as 24-11-2026."""
    return f"{value.day:02}-{value.month:02}-{value.year:04}"


def show_moment(value: datetime) -> str:
    """Return a moment in Western Indonesian Time as 24-11-2026 13.30 WIB."""
    return value.astimezone(WIB).strftime("%d-%m-%Y %H.%M WIB")


def show_number(value: Decimal | int | float) -> str:
    """Return a number the Indonesian way in every language, as it is typed: 1.234,56."""
    return str(format_decimal(value, locale="id"))


def _show_money(value: Decimal) -> str:
    return f"Rp{show_number(value)}"


def _show_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


@dataclass(frozen=True)
class Kind:
    """How values of one kind are shown, filtered and exchanged with the API."""

    show: Callable[[Any], str] = str
    schema: Callable[..., api.Field[Any]] = api.String
    filters: tuple[str, ...] = ()
    input: str = "text"
    schema_args: dict[str, Any] = field(default_factory=dict)


_TEXT_FILTERS = ("mengandung", "diawali", "sama", "kosong")
_ORDER_FILTERS = ("sama", "mulai", "sampai", "kosong")
_DAY_FILTERS = ("mulai", "sampai", "rentang", "kosong")

KINDS: dict[str, Kind] = {
    "teks": Kind(filters=_TEXT_FILTERS),
    "teks_panjang": Kind(mask_numbers, filters=("mengandung", "kosong")),
    "email": Kind(filters=_TEXT_FILTERS, schema=api.Email, input="email"),
    "telepon": Kind(filters=_TEXT_FILTERS, input="tel"),
    "nik": Kind(filters=("sama",)),
    "sandi": Kind(input="password"),
    "angka": Kind(show_number, api.Integer, _ORDER_FILTERS, "number", {"strict": True}),
    "desimal": Kind(show_number, api.Decimal, _ORDER_FILTERS, "number", {"as_string": True}),
    "uang": Kind(_show_money, api.Decimal, _ORDER_FILTERS, "number", {"as_string": True}),
    "tanggal": Kind(show_date, api.Date, ("sama", *_DAY_FILTERS), "date"),
    "waktu": Kind(show_moment, api.AwareDateTime, _DAY_FILTERS, "date"),
    "jam": Kind(lambda value: time.strftime(value, "%H.%M"), api.Time, (), "time"),
    "pilihan": Kind(filters=("sama", "salah_satu", "bukan", "kosong"), input="choice"),
    "ya_tidak": Kind(schema=api.Boolean, filters=("sama",), input="yesno"),
    "relasi": Kind(schema=api.Integer, filters=("sama", "kosong"), input="lookup"),
    "json": Kind(show=_show_json, schema=api.Raw),
}

YES, NO = N_("Ya"), N_("Tidak")


def label_of(spec: FieldSpec) -> str:
    """Return the label with its unit: "SOP (menit)"."""
    unit = f" ({gettext(spec.unit)})" if spec.unit else ""
    return f"{gettext(spec.label)}{unit}"


def show(spec: FieldSpec, value: Any) -> str:
    """Return ``value`` of the field ``spec`` as a person reads it; empty text for None.

    A sensitive value is masked here, so that list, details, export and API agree.
    """
    return shower(spec)(value)


def shower(spec: FieldSpec) -> Callable[[Any], str]:
    """Return `show` of one field, for many values: codes are translated once."""
    text = _texts(spec)
    return lambda value: "" if value is None or value == "" else text(value)


def _texts(spec: FieldSpec) -> Callable[[Any], str]:
    if spec.mask:
        return lambda value: mask_middle(str(value))
    if spec.kind == "pilihan":
        labels = {code: str(gettext(label)) for code, label in spec.choices}
        return lambda value: labels.get(str(value)) or str(gettext(str(value)))
    if spec.kind == "ya_tidak":
        yes, no = str(gettext(YES)), str(gettext(NO))
        return lambda value: yes if value else no
    return str if spec.kind == "relasi" else KINDS[spec.kind].show
