"""Turns the outcome of the routing rule into numbered visits, ready for an event."""

from app.routing.alur import Alur
from app.routing.berikut import Lewatan
from app.routing.keadaan import Kunjungan, Meja, StatusKunjungan


def number_visits(
    alur: Alur, ke: int, lewatan: tuple[Lewatan, ...], meja: Meja | None
) -> tuple[Kunjungan, ...]:
    """Return the skipped visits and then the open one, numbered on from ``ke`` without gaps."""
    visits: list[Kunjungan] = []
    for lewat in lewatan:
        step = alur.step(lewat.tahapan)
        visits.append(
            Kunjungan(
                ke=ke + len(visits) + 1,
                tahapan=step.kode,
                urutan=step.urutan,
                aksi=step.aksi,
                status=StatusKunjungan.DILEWATI,
                sebab=lewat.sebab,
            )
        )
    if meja is not None:
        step = alur.step(meja.tahapan)
        visits.append(
            Kunjungan(
                ke=ke + len(visits) + 1,
                tahapan=step.kode,
                urutan=step.urutan,
                aksi=step.aksi,
                status=StatusKunjungan.MENUNGGU,
                sebab=meja.sebab,
                meja=meja,
            )
        )
    return tuple(visits)
