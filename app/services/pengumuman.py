"""Reads the notices valid on a date: all for the public, those of the own units for officers."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session, joinedload

from app.models.pelaku import Pelaku
from app.models.pengumuman import Pengumuman
from app.models.wilayah import WilayahLeluhur


def list_pengumuman(
    session: Session, on: date, pelaku: Pelaku | None = None
) -> Sequence[Pengumuman]:
    """Return the notices valid on ``on``, the newest first, each with its unit.

    ``pelaku`` None means the public, which sees all; an officer sees those of the units above and
    below the own desks.
    """
    query = (
        select(Pengumuman)
        .options(joinedload(Pengumuman.wilayah))
        .where(Pengumuman.tanggal_mulai <= on, Pengumuman.tanggal_sampai >= on)
        .order_by(Pengumuman.tanggal_mulai.desc(), Pengumuman.id.desc())
    )
    if pelaku is not None:
        query = query.where(_concerns(pelaku))
    return session.scalars(query).all()


def _concerns(pelaku: Pelaku) -> ColumnElement[bool]:
    desks = {jabatan.wilayah_id for jabatan in pelaku.jabatan}
    above = select(WilayahLeluhur.leluhur_id).where(WilayahLeluhur.turunan_id.in_(desks))
    below = select(WilayahLeluhur.turunan_id).where(WilayahLeluhur.leluhur_id.in_(desks))
    return or_(Pengumuman.wilayah_id.in_(above), Pengumuman.wilayah_id.in_(below))
