"""Reads values from text as Indonesians write them; forms and imports share it.

Every function takes text that is not empty, and raises ValueError with a msgid for the person.
"""

from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from app.models.validation import INTEGER_LIMIT
from app.teks import N_

NOT_WHOLE = N_("Tulis angka bulat, misalnya 1.500.")
NOT_NUMBER = N_("Tulis angka, misalnya 1.500.000,50.")
TOO_LARGE = N_("Angka terlalu besar.")
NOT_DATE = N_("Tulis tanggal seperti 24-11-2026.")
NOT_TIME = N_("Tulis jam seperti 13.30.")

MONTHS = (
    *("januari", "februari", "maret", "april", "mei", "juni"),
    *("juli", "agustus", "september", "oktober", "november", "desember"),
)


def read_whole(text: str) -> int:
    """Return a whole number, written 1.500 or 1500."""
    try:
        number = int(text.replace(".", ""))
    except ValueError as error:
        raise ValueError(NOT_WHOLE) from error
    if abs(number) > INTEGER_LIMIT:
        raise ValueError(TOO_LARGE)
    return number


def read_decimal(text: str) -> Decimal:
    """Return a decimal number as Indonesians write it: 1.500.000,50."""
    plain = text.removeprefix("Rp").strip().replace(".", "").replace(",", ".")
    try:
        number = Decimal(plain)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise ValueError(NOT_NUMBER)
    return number


@lru_cache(maxsize=65536)
def read_date(text: str) -> date:
    """Return a date written 24-11-2026, 24/11/2026, 24.11.2026, 2026-11-24 or 24 November 2026.

    >>> read_date("1/2/1990"), read_date("2 Maret 1990")
    (datetime.date(1990, 2, 1), datetime.date(1990, 3, 2))
    """
    parts = text.split(" ")[0].replace("/", "-").replace(".", "-").split("-")
    words = text.split()
    if len(words) == 3 and words[1].lower() in MONTHS:
        parts = [words[0], str(MONTHS.index(words[1].lower()) + 1), words[2]]
    if len(parts) == 3 and len(parts[0]) == 4:
        parts.reverse()
    try:
        day, month, year = (int(part) for part in parts)
        if len(parts[2]) != 4:
            raise ValueError
        return date(year, month, day)
    except ValueError as error:
        raise ValueError(NOT_DATE) from error


def read_moment(text: str) -> datetime:
    """Return a moment without zone, written 24-11-2026 13.30."""
    day, _, clock = text.partition(" ")
    return datetime.combine(read_date(day), read_time(clock.replace("WIB", "").strip() or "00.00"))


def read_time(text: str) -> time:
    """Return a time of day, written 13.30."""
    try:
        return time.fromisoformat(text.replace(".", ":"))
    except ValueError as error:
        raise ValueError(NOT_TIME) from error
