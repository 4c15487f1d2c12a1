"""WTForms fields of the generator: one for each kind; they read what an Indonesian types.

Each has ``render_kind``, by which the one template macro draws it, and keeps what was typed
when it cannot be understood.
"""

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any, TypeVar

import wtforms
from babel.numbers import format_decimal
from flask_babel import gettext
from wtforms import ValidationError
from wtforms.fields import SelectChoice

from app.generator.fields import WIB
from app.generator.typed import read_decimal, read_whole
from app.models.validation import INTEGER_LIMIT
from app.teks import N_

Choices = Sequence[tuple[str, str]]
T = TypeVar("T")


class TextInput(wtforms.StringField):
    """A line of text; blank means none."""

    render_kind = "teks"

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = str(valuelist[0]).strip() or None if valuelist else None

    def pre_validate(self, form: Any) -> None:
        if self.data and "\x00" in str(self.data):
            self.data = str(self.data).replace("\x00", "")
            raise ValidationError(gettext("Ada huruf yang tidak dapat disimpan."))


class LongTextInput(TextInput):
    """Several lines of text."""

    render_kind = "teks_panjang"


class NikInput(TextInput):
    """A NIK or No KK as typed or pasted: spaces, dots, apostrophes and zero-width signs go.

    A known one is drawn masked, the box empty; left empty it stays. ``is_pemohon``: whose it is.
    """

    render_kind = "nik"
    current = ""
    is_pemohon = False

    def process_formdata(self, valuelist: list[Any]) -> None:
        text = str(valuelist[0]) if valuelist else ""
        self.data = "".join(c for c in text if c not in " .'’`\u200b\u200c\u200d\ufeff") or None


class EmailInput(TextInput):
    """An e-mail address."""

    render_kind = "email"


class PhoneInput(TextInput):
    """A telephone number."""

    render_kind = "telepon"


class PasswordInput(TextInput):
    """A new password; left empty it stays as it is. Never sent back to the page."""

    render_kind = "sandi"

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = valuelist[0] or None if valuelist else None

    def _value(self) -> str:
        return ""


class TypedInput(wtforms.Field):
    """A value read from text by ``read``; what cannot be read stays in the field as typed."""

    widget = wtforms.widgets.TextInput()

    def read(self, text: str) -> Any:
        """Return the value of non-empty text.

        Raises:
            ValueError: it has none; the message is for the person.
        """
        raise NotImplementedError

    def write(self, value: Any) -> str:
        """Return the value as the field shows it."""
        return str(value)

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else self.write(self.data)

    def process_formdata(self, valuelist: list[Any]) -> None:
        text = str(valuelist[0]).strip() if valuelist else ""
        self.data = None
        self.data = self.read(text) if text else None


def _told(read: Callable[[str], T], text: str) -> T:
    """Return what ``read`` makes of the text; its message in the reader's language."""
    try:
        return read(text)
    except ValueError as error:
        raise ValueError(gettext(str(error))) from error


class NumberInput(TypedInput):
    """A whole number, written 1.500 or 1500."""

    render_kind = "angka"

    def read(self, text: str) -> int:
        return _told(read_whole, text)


class DecimalInput(TypedInput):
    """A decimal number as Indonesians write it: 1.500.000,50."""

    render_kind = "desimal"

    def read(self, text: str) -> Decimal:
        return _told(read_decimal, text)

    def write(self, value: Any) -> str:
        return str(format_decimal(value, locale="id"))


class MoneyInput(DecimalInput):
    """An amount in rupiah."""

    render_kind = "uang"


class DateInput(wtforms.DateField):
    """A date; browsers send 2026-11-24, people may type 24-11-2026."""

    render_kind = "tanggal"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, format=["%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y"], **kwargs)

    def process_formdata(self, valuelist: list[Any]) -> None:
        if valuelist and str(valuelist[0]).strip():
            super().process_formdata(valuelist)
        else:
            self.data = None


class MomentInput(wtforms.DateTimeLocalField):
    """A moment in Western Indonesian Time; aware in Python."""

    render_kind = "waktu"

    def process_data(self, value: Any) -> None:
        self.data = value.astimezone(WIB) if isinstance(value, datetime) else None

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = None
        if valuelist and str(valuelist[0]).strip():
            super().process_formdata(valuelist)
            local: Any = self.data  # set by the line above; WTForms raised otherwise
            self.data = local.replace(tzinfo=WIB)


class TimeInput(wtforms.TimeField):
    """A time of day."""

    render_kind = "jam"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, format=["%H:%M", "%H:%M:%S"], **kwargs)

    def process_formdata(self, valuelist: list[Any]) -> None:
        if valuelist and str(valuelist[0]).strip():
            super().process_formdata([str(valuelist[0]).replace(".", ":")])
        else:
            self.data = None


class ChoiceInput(wtforms.SelectField):
    """One of a closed list; blank means none."""

    render_kind = "pilihan"

    def __init__(self, *args: Any, options: Choices, blank: bool, **kwargs: Any) -> None:
        pairs = [("", ""), *options] if blank else options
        choices = [SelectChoice(value, text) for value, text in pairs]
        super().__init__(*args, choices=choices, coerce=_text_or_none, **kwargs)

    def iter_choices(self) -> Any:
        for value, text, *_ in self.choices:
            yield value, gettext(text) if text else "", (value or None) == self.data, {}


def _text_or_none(value: Any) -> str | None:
    return str(value) if value not in (None, "") else None


class YesNoInput(wtforms.BooleanField):
    """A tick box: not ticked is no. A list, which edits it as a choice, sends 0 for no."""

    render_kind = "ya_tidak"
    false_values = (False, "false", "", "0")


class ThreeStateInput(ChoiceInput):
    """Yes, no, or not known, for a nullable yes/no."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        options = (("1", N_("Ya")), ("0", N_("Tidak")))
        super().__init__(*args, options=options, blank=True, **kwargs)

    def process_data(self, value: Any) -> None:
        self.data = None if value is None else "1" if value else "0"

    def populate_obj(self, obj: Any, name: str) -> None:
        setattr(obj, name, None if self.data is None else self.data == "1")


class LookupInput(TypedInput):
    """A row of another table, by id. ``find`` gives its label, or None if it may not be read.

    A row that exists but cannot be read is kept untouched when the form sends it back
    (DESIGN §3: a form never writes a relation it could not read).
    """

    render_kind = "relasi"
    lookup_url = ""

    def __init__(
        self,
        *args: Any,
        find: Callable[[int], str | None],
        first: Callable[[], Choices],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.find, self.first = cache(find), cache(first)
        self.unreadable = False

    @property
    def choices_first(self) -> Choices:
        """The first 50 choices, for use without script."""
        return self.first()

    @property
    def current(self) -> tuple[str, str] | None:
        """The chosen row as (id, label)."""
        if self.data is None:
            return None
        return str(self.data), self.find(self.data) or gettext("(di luar wilayah Anda)")

    def read(self, text: str) -> int:
        try:
            return int(text)
        except ValueError as error:
            raise ValueError(gettext("Pilihan tidak dikenal.")) from error

    def pre_validate(self, form: Any) -> None:
        if self.data is None or self.data == self.object_data:
            return
        if not 0 < self.data <= INTEGER_LIMIT or self.find(self.data) is None:
            raise ValidationError(gettext("Pilihan ini tidak ada atau di luar wilayah Anda."))


class JsonInput(TypedInput):
    """A JSON value, for the few technical columns that hold one; blank means none."""

    render_kind = "json"
    widget = wtforms.widgets.TextArea()

    def read(self, text: str) -> Any:
        try:
            return json.loads(text)
        except ValueError as error:
            message = gettext('Tulis daftar atau objek JSON, misalnya ["a", "b"].')
            raise ValueError(message) from error

    def write(self, value: Any) -> str:
        return json.dumps(value, ensure_ascii=False)
