"""The ladder of a step: which rungs are due as its time runs out, each once for a visit."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.orm import Session

from app.models.berkas import Berkas
from app.models.eskalasi import Eskalasi, EskalasiTerjadi
from app.models.kunjungan import TERBUKA, Kunjungan
from app.models.tahapan import Tahapan
from app.routing import Kalender, menit, tambah
from app.services.kalender import load_kalenders


@dataclass(frozen=True)
class Terbuka:
    """An open visit, with its step's minutes, its desk's calendar and its ladder.

    ``naik`` is the highest share of the time, in percent, whose rung has fired; 0 before any.
    """

    kunjungan: Kunjungan
    sla_menit: int
    kalender: Kalender
    tangga: Sequence[Eskalasi]
    naik: int

    def batas(self) -> datetime | None:
        """Return when the visit is due by the calendar as it is now; None where it never opens."""
        return tambah(self.kunjungan.waktu_dibuka, self.sla_menit, self.kalender)

    def due(self, now: datetime) -> list[Eskalasi]:
        """Return the rungs that are due and have not been passed yet, the lowest first."""
        served = menit(self.kunjungan.waktu_dibuka, now, self.kalender)
        return [
            rung
            for rung in self.tangga
            if self.naik < rung.pada_persen and rung.pada_persen * self.sla_menit <= 100 * served
        ]


def load_terbuka(session: Session, where: ColumnElement[bool] | None = None) -> list[Terbuka]:
    """Return the open visits of berkas that are not frozen, in five queries; call it unscoped."""
    rows = session.execute(
        select(Kunjungan, Tahapan.sla_menit)
        .join(Tahapan, Tahapan.id == Kunjungan.tahapan_id)
        .join(Berkas, Berkas.id == Kunjungan.berkas_id)
        .where(Kunjungan.status.in_(TERBUKA), Berkas.beku.is_(False))
        .where(true() if where is None else where)
        .order_by(Kunjungan.berkas_id)
    ).all()
    if not rows:
        return []
    kalenders = load_kalenders(session, [k.wilayah_id for k, _ in rows if k.wilayah_id])
    tangga = _ladders(session, {k.tahapan_id for k, _ in rows})
    passed = _passed(session, where)
    return [
        Terbuka(k, sla, kalenders[k.wilayah_id], tangga[k.tahapan_id], passed.get(k.id, 0))
        for k, sla in rows
        if k.wilayah_id
    ]


def _ladders(session: Session, tahapan_ids: Iterable[int]) -> Mapping[int, list[Eskalasi]]:
    found: dict[int, list[Eskalasi]] = defaultdict(list)
    rows = session.scalars(
        select(Eskalasi).where(Eskalasi.tahapan_id.in_(tahapan_ids)).order_by(Eskalasi.pada_persen)
    )
    for rung in rows:
        found[rung.tahapan_id].append(rung)
    return found


def _passed(session: Session, where: ColumnElement[bool] | None) -> dict[int, int]:
    rows = session.execute(
        select(EskalasiTerjadi.kunjungan_id, func.max(Eskalasi.pada_persen))
        .join(Eskalasi, Eskalasi.id == EskalasiTerjadi.eskalasi_id)
        .join(Kunjungan, Kunjungan.id == EskalasiTerjadi.kunjungan_id)
        .where(Kunjungan.status.in_(TERBUKA), true() if where is None else where)
        .group_by(EskalasiTerjadi.kunjungan_id)
    )
    return dict(rows.all())
