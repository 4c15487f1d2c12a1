"""Checks a file of definitions against this portal without storing anything: `layanan cek`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.services.berkas_yaml import Kesalahan
from app.services.definisi import sidik_of
from app.services.impor_layanan import read_berkas
from app.services.lapangan import load_lapangan
from app.services.masalah import Masalah
from app.services.pemeriksaan import Pemeriksaan, examine


@dataclass(frozen=True)
class Laporan:
    """What is known of one definition of the file; ``baris`` says where its rows stand."""

    kode: str
    sidik: str
    hasil: Pemeriksaan
    baris: Mapping[tuple[str, str | None], int]

    def line_of(self, masalah: Masalah) -> int:
        """Return the line of the row that a problem points at."""
        return self.baris.get((masalah.bagian, masalah.baris), self.baris["versi", None])


@dataclass(frozen=True)
class Cek:
    """The mistakes of a file, and a report on each definition that could be read."""

    kesalahan: tuple[Kesalahan, ...]
    laporan: tuple[Laporan, ...]

    @property
    def is_baik(self) -> bool:
        """Whether every definition could be published, if need be with a reason."""
        return not self.kesalahan and not any(laporan.hasil.galat for laporan in self.laporan)


def cek(session: Session, now: datetime, text: str) -> Cek:
    """Read a file and examine each of its definitions at ``now``."""
    found = read_berkas(session, text)
    lapangan = load_lapangan(session, now)
    return Cek(
        found.kesalahan,
        tuple(
            Laporan(
                read.definisi.kode,
                sidik_of(read.definisi),
                examine(read.definisi, lapangan),
                read.baris,
            )
            for read in found.terbaca
        ),
    )
