"""What is wrong with a definition: one value for each problem, pointing at its row."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.models.base import Pilihan
from app.teks import N_


class Berat(Pilihan):
    """How much a problem weighs: an error refuses the publishing, a warning is to be read."""

    GALAT = "galat", N_("Harus diperbaiki")
    PERINGATAN = "peringatan", N_("Perlu diketahui")


@dataclass(frozen=True)
class Masalah:
    """One problem. ``pesan`` is an Indonesian msgid, filled with ``params`` where it is shown.

    ``bagian`` is versi, tahapan, isian or persyaratan; ``baris`` the kode of the row, None where
    the version itself is meant.
    """

    kode: str
    pesan: str
    params: Mapping[str, object] = field(default_factory=dict)
    bagian: str = "versi"
    baris: str | None = None
    berat: Berat = Berat.GALAT

    def __str__(self) -> str:
        return self.pesan % self.params if self.params else self.pesan
