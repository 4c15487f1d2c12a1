"""Errors meant for the person at the screen; every floor raises them, one handler shows them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.teks import N_


class BangkitError(Exception):
    """What happened, why, and what to do, as an Indonesian msgid with named placeholders.

    ``message`` is translated where it is shown, then filled with ``params``. ``status`` is the
    HTTP status that fits; ``code`` is a stable word for API clients.
    """

    status = 400
    code = "permintaan_keliru"

    def __init__(self, message: str, **params: Any) -> None:
        super().__init__(message)
        self.message = message
        self.params = params

    def __str__(self) -> str:
        return self.message % self.params if self.params else self.message


class DataTidakValidError(BangkitError):
    """One or more fields hold what the model refuses; ``fields`` maps field name to message.

    ``row`` is the refused row, where several are written at once.
    """

    status = 422
    code = "data_tidak_valid"

    def __init__(self, fields: Mapping[str, str], row: object = None, **params: Any) -> None:
        super().__init__(N_("Ada isian yang perlu diperbaiki."), **params)
        self.fields = dict(fields)
        self.row = row


class TidakBerwenangError(BangkitError):
    """The person is signed in but may not do this."""

    status = 403
    code = "tidak_berwenang"


class TidakDitemukanError(BangkitError):
    """There is no such row, or it lies outside the person's area: both look the same."""

    status = 404
    code = "tidak_ditemukan"

    def __init__(self, message: str = N_("Data tidak ditemukan."), **params: Any) -> None:
        super().__init__(message, **params)


class DataBerubahError(BangkitError):
    """Someone else changed the row, or took the step, in the meantime.

    ``fakta`` tells who did what and when: label (a msgid) → text, msgid or moment.
    """

    status = 409
    code = "data_berubah"

    def __init__(
        self, message: str, fakta: Mapping[str, str | datetime] | None = None, **params: Any
    ) -> None:
        super().__init__(message, **params)
        self.fakta = dict(fakta or {})


class DiluarWilayahError(BangkitError):
    """A new or changed row, or a foreign key, lies outside the person's area (DESIGN §3)."""

    status = 422
    code = "di_luar_wilayah"

    def __init__(
        self, message: str = N_("Data ini berada di luar wilayah tugas Anda."), **params: Any
    ) -> None:
        super().__init__(message, **params)
