"""The three clocks of a berkas: the promise, the resident's and the legal one (ROUTING §2)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from app.models.berkas import Berkas, StatusBerkas
from app.models.riwayat import Riwayat
from app.routing import Kalender, Menit, Peristiwa, hari_ke, hari_kerja, rinci
from app.services.kalender import load_kalender, load_kalenders

TENGGAT_HUKUM_HARI = 5
"""Working days to decide after a request is complete, then it counts as granted [P].

UU 30/2014 art. 53 as changed by UU 6/2023 (Cipta Kerja); valid from 2023-03-31.
"""

ALARM_HUKUM_HARI = 3
"""The working day from which the legal clock alarms (ROUTING §2, Three clocks)."""


@dataclass(frozen=True)
class Waktu:
    """What the clocks of one berkas say.

    ``menit`` are the minutes of each visit by its number; ``janji_menit`` of the promise's
    ``janji_total_menit`` are spent; ``warga`` is calendar time since filing, None for a draft.
    ``hari_kerja`` is the working day since the request was complete, None while it is not, or once
    it is closed; ``kalender`` are the calendars of the units it was at.
    """

    menit: Mapping[int, Menit]
    janji_menit: float
    janji_total_menit: int
    warga: timedelta | None
    hari_kerja: int | None
    kalender: Mapping[int, Kalender]

    @property
    def is_alarm_hukum(self) -> bool:
        """Whether the berkas runs on or after the third working day."""
        return self.hari_kerja is not None and self.hari_kerja >= ALARM_HUKUM_HARI


def load_waktu(
    session: Session, berkas: Berkas, riwayat: Sequence[Riwayat], now: datetime
) -> Waktu:
    """Return the clocks of a berkas from its whole journal, in the order of ``nomor``."""
    events = [Peristiwa.from_isi(row.isi) for row in riwayat]
    hukum = unit_hukum(berkas)
    kalenders = load_kalenders(session, {hukum, *desks_of(events)})
    spent = rinci(events, kalenders, now)
    total = sum((m.layanan for m in spent.values()), 0.0)
    filed, ended = berkas.waktu_diajukan, berkas.waktu_selesai or now
    legal = None
    if berkas.tenggat_hukum is not None and berkas.waktu_selesai is None:
        assert berkas.waktu_lengkap is not None, "a legal deadline begins with completeness"
        legal = hari_ke(berkas.waktu_lengkap, now, kalenders[hukum])
    return Waktu(
        spent,
        total,
        berkas.versi_layanan.sla_total_menit,
        None if filed is None else ended - filed,
        legal,
        kalenders,
    )


def desks_of(events: Sequence[Peristiwa]) -> set[int]:
    """Return the units of every desk the berkas was at: whose hours its minutes are counted in."""
    return {
        visit.meja.wilayah_id
        for event in events
        for visit in (*event.kunjungan_ubah, *event.kunjungan_baru)
        if visit.meja is not None
    }


def unit_hukum(berkas: Berkas) -> int:
    """Return the unit whose working days the legal clock counts: that of the last step."""
    tingkat = str(berkas.versi_layanan.tingkat_akhir)
    return berkas.jalur.get("kelurahan" if tingkat == "desa" else tingkat, berkas.wilayah_asal_id)


def tenggat_hukum(lengkap: datetime, kalender: Kalender) -> date | None:
    """Return the last day to decide; None where the desk never opens."""
    return hari_kerja(lengkap, TENGGAT_HUKUM_HARI, kalender)


def wind_hukum(session: Session, berkas: Berkas, *, is_filed: bool) -> date | None:
    """Return the legal deadline after an event that changed the status of a berkas.

    The clock starts when the request is complete, that is with each filing; while the request
    lies with the pemohon it is not complete and has no deadline. An undone return goes on as
    before.
    """
    if berkas.status == StatusBerkas.DIKEMBALIKAN:
        return None
    if is_filed or (berkas.tenggat_hukum is None and berkas.waktu_selesai is None):
        kalender = load_kalender(session, unit_hukum(berkas))
        assert berkas.waktu_lengkap is not None, "a running berkas was filed"
        return tenggat_hukum(berkas.waktu_lengkap, kalender)
    return berkas.tenggat_hukum
