"""What the admin still has to set up before the portal serves, and what is out of order now."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from app.models.jam_layanan import JamLayanan
from app.models.layanan import Layanan
from app.models.pelaku import Pelaku
from app.models.versi_layanan import StatusVersi, VersiLayanan
from app.models.wilayah import Tingkat, Wilayah
from app.services.pejabat import list_kosong


@dataclass(frozen=True)
class Kesiapan:
    """Counts of what is there; ``tanpa_terbit`` are (id, nama) of active layanan not published.

    ``kosong`` posts, of ``unit_kosong`` units, have no holder at this moment.
    """

    rt: int
    jam: int
    terbit: int
    tanpa_terbit: tuple[tuple[int, str], ...]
    kosong: int
    unit_kosong: int


def load_kesiapan(session: Session, pelaku: Pelaku, now: datetime) -> Kesiapan:
    """Return how far the set-up of the person's area is; the number of statements is fixed."""
    vacant = [post for post in list_kosong(session, pelaku, now) if not post.holders(now)]
    published = exists().where(
        VersiLayanan.layanan_id == Layanan.id, VersiLayanan.status == StatusVersi.TERBIT
    )
    active = select(func.count(Layanan.id)).where(Layanan.aktif.is_(True))
    unpublished = (
        select(Layanan.id, Layanan.nama)
        .where(Layanan.aktif.is_(True), ~published)
        .order_by(Layanan.nama)
    )
    rt = select(func.count(Wilayah.id)).where(Wilayah.tingkat == Tingkat.RT)
    return Kesiapan(
        rt=session.scalar(rt) or 0,
        jam=session.scalar(select(func.count(JamLayanan.id))) or 0,
        terbit=session.scalar(active.where(published)) or 0,
        tanpa_terbit=tuple((row.id, row.nama) for row in session.execute(unpublished)),
        kosong=len(vacant),
        unit_kosong=len({post.wilayah_id for post in vacant}),
    )
