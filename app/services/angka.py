"""Today's numbers for who leads an area: what came in, what was finished, minutes against SOP."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models.berkas import Berkas, StatusBerkas
from app.models.riwayat import Riwayat
from app.models.versi_layanan import VersiLayanan
from app.routing import Peristiwa, rinci
from app.services.kalender import load_kalenders
from app.services.waktu import desks_of

TERBANYAK = 50
"""The average reads the journals of this many berkas at most, the last ones finished."""


@dataclass(frozen=True)
class Hari:
    """The numbers since midnight; ``menit`` and ``sop_menit`` are averages of service minutes.

    They are None while nothing was finished; ``dihitung`` says of how many berkas they are.
    """

    masuk: int
    selesai: int
    menit: float | None = None
    sop_menit: float | None = None
    dihitung: int = 0


def load_hari(session: Session, sejak: datetime, now: datetime) -> Hari:
    """Return what happened in the person's area from ``sejak`` until ``now``.

    Two statements while nothing was finished, five otherwise, however many berkas there are.
    """
    filed = select(func.count(Berkas.id)).where(
        Berkas.waktu_diajukan >= sejak, Berkas.waktu_diajukan <= now
    )
    done = (Berkas.status == StatusBerkas.SELESAI, Berkas.waktu_selesai >= sejak)
    ended = select(func.count(Berkas.id)).where(*done)
    masuk, selesai = session.scalar(filed) or 0, session.scalar(ended) or 0
    if not selesai:
        return Hari(masuk, selesai)
    newest = dict(
        session.execute(
            select(Berkas.id, VersiLayanan.sla_total_menit)
            .join(VersiLayanan, VersiLayanan.id == Berkas.versi_layanan_id)
            .where(*done)
            .order_by(Berkas.waktu_selesai.desc(), Berkas.id)
            .limit(TERBANYAK)
        ).all()
    )
    spent = _minutes(session, list(newest), now)
    n = len(newest)
    return Hari(masuk, selesai, spent / n, sum(newest.values()) / n, n)


def _minutes(session: Session, ids: list[int], now: datetime) -> float:
    """Return the service minutes of these berkas together, each desk by its own hours."""
    journals: dict[int, list[Peristiwa]] = {id_: [] for id_ in ids}
    for berkas_id, isi in session.execute(
        select(Riwayat.berkas_id, Riwayat.isi)
        .where(Riwayat.berkas_id.in_(ids))
        .order_by(Riwayat.berkas_id, Riwayat.nomor)
    ):
        journals[berkas_id].append(Peristiwa.from_isi(isi))
    desks = {unit for events in journals.values() for unit in desks_of(events)}
    kalenders = load_kalenders(session, desks)
    return sum(
        visit.layanan
        for events in journals.values()
        for visit in rinci(events, kalenders, now).values()
    )
