"""Fills a new portal: reference data everywhere, demo data outside production; `bangkit seed`.

Every part leaves alone what is there, so that it may run at each start.
"""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.models.policy import unscoped
from app.services import benih_acuan, benih_akun, benih_contoh, benih_layanan


@dataclass(frozen=True)
class Bagian:
    """One part: what it is called on the terminal, and the function that returns what it added."""

    nama: str
    seed: Callable[[Session], int]


ACUAN = (
    Bagian("Wilayah", benih_acuan.seed_wilayah),
    Bagian("Peran", benih_acuan.seed_peran),
    Bagian("Daftar referensi", benih_acuan.seed_referensi),
    Bagian("Klasifikasi arsip dan jenis persyaratan", benih_acuan.seed_katalog),
    Bagian("Seksi", benih_acuan.seed_seksi),
    Bagian("Hari libur", benih_acuan.seed_libur),
    Bagian("Jam layanan", benih_acuan.seed_jam),
    Bagian("Layanan", benih_layanan.seed_layanan),
    Bagian("Standar pelayanan", benih_acuan.seed_standar),
)
"""Reference data, the same in every installation; later parts build on earlier ones."""

CONTOH = (
    Bagian("Contoh RT dan RW", benih_contoh.seed_rt_rw),
    Bagian("Contoh penduduk", benih_contoh.seed_penduduk),
    Bagian("Contoh akun", benih_akun.seed_akun),
)
"""Fictional people, and accounts whose password everybody knows: not for production."""


def seed(session: Session, bagian: Bagian) -> int:
    """Add what this part still lacks; return how many rows a person would count."""
    with unscoped(session, "benih data contoh"):
        return bagian.seed(session)


def list_akun(session: Session) -> list[tuple[str, str]]:
    """Return (username, jabatan) of the demo accounts to print."""
    with unscoped(session, "benih data contoh"):
        return benih_akun.list_akun(session)
