"""What a person keeps of a list: the columns to show, and searches under a name of their own.

Every statement names the owner: the row policy knows areas, and these rows belong to a person.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from app.errors import DataTidakValidError, TidakDitemukanError
from app.models.engine import PLANNED_ONCE
from app.models.pelaku import Pelaku
from app.models.tampilan import Tampilan
from app.teks import N_

MOST = 20
"""One person keeps no more named searches of one list than this."""

NAMA_MAX = 60
SARINGAN_MAX = 1000
"""Longest name and query, in characters."""

NOMOR_PRIBADI = re.compile(r"(?<!\d)\d(?:[ .+-]?\d){15}(?!\d)")
"""A NIK or No KK, however it is spaced (in a query a space is "+")."""


@dataclass(frozen=True)
class Simpanan:
    """What one person keeps of one list; ``bernama`` are (id, nama, query) by name."""

    kolom: tuple[str, ...] = ()
    bernama: tuple[tuple[int, str, str], ...] = ()


def load_simpanan(session: Session, pelaku: Pelaku, sumber_daya: str) -> Simpanan:
    """Return what this person keeps of the list of ``sumber_daya``."""
    if not pelaku.punya_tampilan:
        return Simpanan()
    facts = {"pengguna_id": pelaku.pengguna_id, "sumber_daya": sumber_daya}
    rows = session.execute(_simpanan(), facts).all()
    kolom = next((isi for _, nama, isi in rows if not nama), "")
    bernama = tuple((id_, nama, isi) for id_, nama, isi in rows if nama)
    return Simpanan(tuple(kolom.split(",")) if kolom else (), bernama)


@cache
def _simpanan() -> Any:
    """Return the statement, built once: every list asks it."""
    return (
        select(Tampilan.id, Tampilan.nama, Tampilan.isi)
        .where(
            Tampilan.pengguna_id == bindparam("pengguna_id"),
            Tampilan.sumber_daya == bindparam("sumber_daya"),
        )
        .order_by(Tampilan.nama)
        .execution_options(**{PLANNED_ONCE: True})
    )


def simpan_kolom(session: Session, pelaku: Pelaku, sumber_daya: str, kolom: Sequence[str]) -> None:
    """Remember the columns of a list; none means those that the model names."""
    row = session.scalar(_own(pelaku, sumber_daya).where(Tampilan.nama == ""))
    if not kolom:
        if row is not None:
            session.delete(row)
        return
    _put(session, pelaku, sumber_daya, "", ",".join(kolom), row)


def simpan_tampilan(
    session: Session, pelaku: Pelaku, sumber_daya: str, nama: str, saringan: str
) -> None:
    """Keep the query ``saringan`` of a list under a name; the same name is written over.

    Raises:
        DataTidakValidError: no name, nothing to keep, too much, or a NIK or No KK in it
            (it would stand in clear in every later address, UU 27/2022).
    """
    nama = " ".join(nama.replace("\x00", "").split())
    if not nama or len(nama) > NAMA_MAX:
        raise DataTidakValidError({"nama": N_("Tulis nama tampilan, paling banyak 60 huruf.")})
    if not saringan or len(saringan) > SARINGAN_MAX:
        raise DataTidakValidError({"nama": N_("Cari, saring, atau urutkan dahulu, lalu simpan.")})
    if NOMOR_PRIBADI.search(saringan) or NOMOR_PRIBADI.search(nama):
        raise DataTidakValidError({"nama": N_("NIK atau nomor KK tidak boleh disimpan di sini.")})
    own = session.scalars(_own(pelaku, sumber_daya).where(Tampilan.nama != "")).all()
    same = next((row for row in own if row.nama == nama), None)
    if same is None and len(own) >= MOST:
        raise DataTidakValidError({"nama": N_("Sudah ada 20 tampilan: hapus satu dahulu.")})
    _put(session, pelaku, sumber_daya, nama, saringan, same)


def hapus_tampilan(session: Session, pelaku: Pelaku, tampilan_id: int) -> str:
    """Delete one named search of this person; return its name.

    Raises:
        TidakDitemukanError: there is none, or it is somebody else's.
    """
    own = select(Tampilan).where(Tampilan.pengguna_id == pelaku.pengguna_id, Tampilan.nama != "")
    row = session.scalar(own.where(Tampilan.id == tampilan_id))
    if row is None:
        raise TidakDitemukanError
    session.delete(row)
    return row.nama


def _own(pelaku: Pelaku, sumber_daya: str) -> Select[Tampilan]:
    return select(Tampilan).where(
        Tampilan.pengguna_id == pelaku.pengguna_id, Tampilan.sumber_daya == sumber_daya
    )


def _put(
    session: Session,
    pelaku: Pelaku,
    sumber_daya: str,
    nama: str,
    isi: str,
    row: Tampilan | None,
) -> None:
    if row is None:
        row = Tampilan(pengguna_id=pelaku.pengguna_id, sumber_daya=sumber_daya, nama=nama)
        session.add(row)
    row.isi = isi
