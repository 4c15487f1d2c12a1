"""All that is known of a definition before it is published: every problem, and the simulation."""

from dataclasses import dataclass

from app.services.definisi import Definisi, to_alur
from app.services.jelajah import Jelajah, jelajahi
from app.services.lapangan import Lapangan
from app.services.masalah import Berat, Masalah
from app.services.periksa_definisi import check_definisi
from app.services.periksa_lapangan import check_lapangan, warn
from app.services.syarat_definisi import corners


@dataclass(frozen=True)
class Pemeriksaan:
    """The outcome; ``jelajah`` is None where errors left nothing to simulate."""

    masalah: tuple[Masalah, ...]
    jelajah: Jelajah | None

    @property
    def galat(self) -> tuple[Masalah, ...]:
        """The problems that refuse the publishing."""
        return tuple(m for m in self.masalah if m.berat is Berat.GALAT)

    @property
    def peringatan(self) -> tuple[Masalah, ...]:
        """The problems to know of."""
        return tuple(m for m in self.masalah if m.berat is Berat.PERINGATAN)

    @property
    def is_macet(self) -> bool:
        """Whether some berkas would be stuck, so that publishing needs a reason."""
        return self.jelajah is not None and bool(self.jelajah.macet)


def examine(definisi: Definisi, lapangan: Lapangan) -> Pemeriksaan:
    """Check everything at once, then simulate what has no error (ROUTING §3)."""
    galat = [*check_definisi(definisi, lapangan.peran), *check_lapangan(definisi, lapangan)]
    if galat:
        return Pemeriksaan(tuple(galat), None)
    alur = to_alur(definisi, lapangan.peran)
    sla_menit = {step.kode: step.sla_menit for step in definisi.tahapan}
    found = corners(definisi)
    assert found is not None, "check_definisi refuses too many corners"
    jelajah = jelajahi(alur, sla_menit, list(found), lapangan)
    return Pemeriksaan(tuple(warn(definisi, alur, lapangan, jelajah)), jelajah)
