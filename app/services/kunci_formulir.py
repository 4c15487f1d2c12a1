"""Whether a form was sent before: the second sending shows what the first one added."""

from datetime import datetime, timedelta

from sqlalchemy import Select, delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.models.kunci_formulir import KunciFormulir
from app.models.pelaku import Pelaku

UMUR = timedelta(days=2)
"""How long a sending is remembered; a form that lies open longer is sent as a new one."""


def pakai(
    session: Session, pelaku: Pelaku, now: datetime, sumber_daya: str, kunci: str
) -> int | None:
    """Take the key of a form; return the id of the row that it added before, None if it is new.

    A second sending at the same moment waits here for the first. Roll back where nothing is added.
    """
    if (known := _row_id(session, pelaku, sumber_daya, kunci)) is not None:
        return known
    session.execute(delete(KunciFormulir).where(KunciFormulir.waktu < now - UMUR))
    session.add(
        KunciFormulir(
            pengguna_id=pelaku.pengguna_id, sumber_daya=sumber_daya, kunci=kunci, waktu=now
        )
    )
    try:
        session.flush()
    except IntegrityError:
        session.rollback()
        return _row_id(session, pelaku, sumber_daya, kunci)
    return None


def catat(session: Session, pelaku: Pelaku, sumber_daya: str, kunci: str, baris_id: int) -> None:
    """Note which row the key has added, in the same transaction."""
    row = session.scalars(_own(pelaku, sumber_daya, kunci)).one()
    row.baris_id = baris_id
    session.flush()


def _row_id(session: Session, pelaku: Pelaku, sumber_daya: str, kunci: str) -> int | None:
    row = session.scalars(_own(pelaku, sumber_daya, kunci)).one_or_none()
    return None if row is None else row.baris_id


def _own(pelaku: Pelaku, sumber_daya: str, kunci: str) -> Select[KunciFormulir]:
    return select(KunciFormulir).where(
        KunciFormulir.pengguna_id == pelaku.pengguna_id,
        KunciFormulir.sumber_daya == sumber_daya,
        KunciFormulir.kunci == kunci,
    )
