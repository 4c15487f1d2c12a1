"""Reads what the engine may know: the frozen definition of a version, and who sits where now."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.models.penduduk import Penduduk
from app.models.pengguna import Pengguna
from app.models.penugasan import Penugasan
from app.models.peran import Peran
from app.models.seksi import Seksi
from app.models.tahapan import Tahapan as BarisTahapan
from app.models.versi_layanan import VersiLayanan
from app.models.wilayah import Wilayah, WilayahLeluhur
from app.routing import Alur, Dunia, JenisAksi, JikaKosong, Pemegang, Tahapan, parse_syarat
from app.services.pelaku import is_valid_at


def load_alur(session: Session, versi_layanan_id: int, perbaikan_hari: int | None = None) -> Alur:
    """Return the alur of a version; its rows are immutable once terbit (ROUTING §3 case 34)."""
    versi = session.get_one(VersiLayanan, versi_layanan_id)
    rows = session.execute(
        select(BarisTahapan, Peran.kode, Peran.tingkat)
        .join(Peran, Peran.id == BarisTahapan.peran_id)
        .where(BarisTahapan.versi_layanan_id == versi_layanan_id)
        .order_by(BarisTahapan.urutan)
    )
    steps = tuple(_step(row, peran, str(tingkat)) for row, peran, tingkat in rows)
    alur = Alur(steps, tuple(versi.pengaju or ()), versi.maks_kembali)
    return alur if perbaikan_hari is None else replace(alur, perbaikan_hari=perbaikan_hari)


def _step(row: BarisTahapan, peran: str, tingkat: str) -> Tahapan:
    return Tahapan(
        urutan=row.urutan,
        kode=row.kode,
        tingkat=tingkat,
        peran=peran,
        aksi=JenisAksi(row.aksi),
        seksi_kode=row.seksi_kode,
        syarat=parse_syarat(row.syarat),
        jika_kosong=JikaKosong(row.jika_kosong),
        kolom_dijamin=tuple(row.kolom_dijamin or ()),
        beda_orang=row.beda_orang,
        boleh_pelaksana=row.boleh_pelaksana,
        boleh_dilewati=row.boleh_dilewati,
        wajib=row.wajib,
        memberi_nomor=row.memberi_nomor,
    )


def load_jalur(session: Session, wilayah_id: int) -> dict[str, int]:
    """Return tingkat → unit from the origin upward: the path a filing freezes.

    A desa takes the place of a kelurahan, since the peran of both stand at one level.
    """
    rows = session.execute(
        select(Wilayah.tingkat, Wilayah.id)
        .join(WilayahLeluhur, WilayahLeluhur.leluhur_id == Wilayah.id)
        .where(WilayahLeluhur.turunan_id == wilayah_id)
    )
    return {"kelurahan" if t == "desa" else str(t): id_ for t, id_ in rows}


def load_dunia(
    session: Session,
    alur: Alur,
    units: Iterable[int],
    now: datetime,
    pemohon_id: int | None = None,
) -> Dunia:
    """Return who holds the posts of the alur at these units now; call it unscoped.

    ``pemohon_id`` None means a pemohon outside the register, of whose family nothing is known.
    """
    pengganti = _successors(session, units)
    places = {*units, *pengganti.values()}
    peran = {step.peran for step in alur.tahapan} | {*alur.peran_pengaju}
    rows = session.execute(
        select(
            Penugasan.id,
            Penugasan.pengguna_id,
            Peran.kode,
            Penugasan.wilayah_id,
            Seksi.kode,
            Penugasan.sifat,
        )
        .join(Peran, Peran.id == Penugasan.peran_id)
        .join(Pengguna, Pengguna.id == Penugasan.pengguna_id)
        .outerjoin(Seksi, Seksi.id == Penugasan.seksi_id)
        .where(
            Penugasan.wilayah_id.in_(places),
            Peran.kode.in_(peran),
            is_valid_at(now),
            # Whoever cannot sign in any more holds no desk (ROUTING §3 case 47).
            Pengguna.active.is_(True),
        )
        .order_by(Penugasan.id)
    )
    seksi = session.execute(
        select(Seksi.wilayah_id, Seksi.kode).where(Seksi.wilayah_id.in_(places))
    )
    return Dunia(
        pemegang=tuple(Pemegang(*row[:5], str(row[5])) for row in rows),
        pengganti=pengganti,
        seksi=frozenset((unit, kode) for unit, kode in seksi),
        keluarga_pemohon=_family(session, pemohon_id),
        kini=now,
    )


def _family(session: Session, pemohon_id: int | None) -> frozenset[int]:
    """Return the accounts of the pemohon and of everyone on the same KK (ROUTING §3 case 5)."""
    if pemohon_id is None:
        return frozenset()
    kk = select(Penduduk.keluarga_id).where(Penduduk.id == pemohon_id).scalar_subquery()
    return frozenset(
        session.scalars(
            select(Pengguna.id)
            .join(Penduduk, Penduduk.id == Pengguna.penduduk_id)
            .where(or_(Penduduk.id == pemohon_id, Penduduk.keluarga_id == kk))
        )
    )


def _successors(session: Session, units: Iterable[int]) -> dict[int, int]:
    """Return retired unit → successor, followed to the end (ROUTING §3 case 32)."""
    found: dict[int, int] = {}
    todo = set(units)
    while todo:
        rows = session.execute(
            select(Wilayah.id, Wilayah.pengganti_id).where(
                Wilayah.id.in_(todo), Wilayah.pengganti_id.is_not(None)
            )
        )
        new = {id_: next_id for id_, next_id in rows if id_ not in found and next_id}
        found |= new
        todo = set(new.values())
    return found
