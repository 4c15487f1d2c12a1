"""Where the time of a berkas went: minutes of each visit, derived from riwayat and calendars."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.routing.kalender import Kalender, menit
from app.routing.keadaan import Keadaan, Kunjungan
from app.routing.peristiwa import Peristiwa
from app.routing.terapkan import terapkan


@dataclass(frozen=True)
class Menit:
    """Minutes of one visit, or of several added up.

    ``tunggu`` are service minutes in which nobody had claimed the visit, ``kerja`` those under a
    claim in force, ``ulang`` those of a visit to a step that was visited before; ``tutup`` are the
    minutes in which the desk was closed. The first three are what the promise counts.
    """

    tunggu: float = 0
    kerja: float = 0
    ulang: float = 0
    tutup: float = 0

    def __add__(self, other: "Menit") -> "Menit":
        return Menit(
            self.tunggu + other.tunggu,
            self.kerja + other.kerja,
            self.ulang + other.ulang,
            self.tutup + other.tutup,
        )

    @property
    def layanan(self) -> float:
        """The service minutes, which the promise counts."""
        return self.tunggu + self.kerja + self.ulang


def rinci(
    riwayat: Sequence[Peristiwa], kalender: Mapping[int, Kalender], kini: datetime
) -> dict[int, Menit]:
    """Return the minutes of each visit that lay at a desk, by its number, up to ``kini``.

    ``kalender`` has the calendar of every unit the berkas was at; a visit that was moved counts
    at each desk in that desk's own hours. While the berkas is dikembalikan no visit is open, so
    nothing is counted (ROUTING §2, Three clocks).

    Raises:
        KeyError: a unit has no calendar here.
        ValueError: the riwayat has a gap.
    """
    found: dict[int, Menit] = {}
    keadaan = Keadaan()
    ends = [*(event.pada for event in riwayat[1:]), kini]
    for event, sampai in zip(riwayat, ends, strict=False):
        keadaan = terapkan(keadaan, event)
        visit = keadaan.terbuka
        if visit is None or visit.meja is None:
            continue
        spent = _span(keadaan, visit, event.pada, sampai, kalender[visit.meja.wilayah_id])
        found[visit.ke] = found.get(visit.ke, Menit()) + spent
    return found


def _span(
    keadaan: Keadaan, visit: Kunjungan, dari: datetime, sampai: datetime, kalender: Kalender
) -> Menit:
    """Return the minutes between two events, during which the open visit stayed as it is."""
    # The clocks of two servers may differ by a moment; time never runs backwards here.
    sampai = max(dari, sampai)
    served = menit(dari, sampai, kalender)
    closed = (sampai - dari) / timedelta(minutes=1) - served
    if any(k.tahapan == visit.tahapan and k.meja is not None for k in keadaan.kunjungan[:-1]):
        return Menit(ulang=served, tutup=closed)
    worked = 0.0
    if visit.klaim is not None:
        worked = menit(dari, max(dari, min(sampai, visit.klaim.sampai)), kalender)
    return Menit(tunggu=served - worked, kerja=worked, tutup=closed)
