"""Mutasi of a resident as guided acts: to another RT, out of the area, death.

Each act changes the person, whom else it takes along, and the KK they leave, under one name in
the history; it flushes, so that rules and row policy have spoken, and the caller commits. Running
berkas keep their path (ROUTING §3 case 31); `app.services.tanda` marks them at the desk.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import DataTidakValidError, TidakDitemukanError
from app.models.biodata import Shdk, StatusDasar
from app.models.keluarga import Keluarga
from app.models.pencatatan import difference
from app.models.penduduk import Penduduk
from app.models.perubahan import TindakanPerubahan, as_tindakan
from app.models.policy import ACTION_OPTION
from app.models.validation import INTEGER_LIMIT
from app.services.sejarah import Values, values_of
from app.teks import N_


@dataclass(frozen=True)
class Akibat:
    """What an act changes in one row: its resource, its title, column → (old, new)."""

    sumber_daya: str
    sebutan: str
    isi: Values


@dataclass(frozen=True)
class Peristiwa:
    """What the officer said of an act.

    ``wilayah_id`` and ``alamat`` are where to inside the register; ``ikut`` the ids of those of
    the same KK who go along, ``kepala_id`` who is its head from now on; ``catatan`` stands in
    the history.
    """

    tanggal: date
    wilayah_id: int = 0
    alamat: str = ""
    ikut: Collection[int] = ()
    kepala_id: int | None = None
    catatan: str = ""


def load_warga(session: Session, penduduk_id: int) -> Penduduk:
    """Return a resident whose mutasi the person may record.

    Raises:
        TidakDitemukanError: unknown, or outside the area in which the person may.
    """
    query = select(Penduduk).where(Penduduk.id == penduduk_id)
    option = {ACTION_OPTION: (Penduduk.__name__, "mutasi")}
    query = query.execution_options(**option)
    found = session.scalars(query).one_or_none() if penduduk_id <= INTEGER_LIMIT else None
    if found is None:
        raise TidakDitemukanError
    return found


def list_serumah(session: Session, warga: Penduduk) -> Sequence[Penduduk]:
    """Return the other living people of the same KK whom the person may read, by name."""
    if warga.keluarga_id is None:
        return []
    query = select(Penduduk).where(
        Penduduk.keluarga_id == warga.keluarga_id,
        Penduduk.id != warga.id,
        Penduduk.status_dasar == StatusDasar.HIDUP,
    )
    return session.scalars(query.order_by(Penduduk.nama, Penduduk.id)).all()


def pindah(session: Session, warga: Penduduk, peristiwa: Peristiwa, hari_ini: date) -> list[Akibat]:
    """Move people to another RT; their KK goes along when nobody alive is left in it.

    Who leaves others behind leaves their KK too: a new one is due (Perpres 96/2018 art. 12).

    Raises:
        BangkitError: what was said is wrong, by field; the RT lies outside the person's area.
    """
    pergi, tinggal = _split(session, warga, peristiwa, hari_ini)
    tempat = peristiwa.wilayah_id, peristiwa.alamat
    if (warga.wilayah_id, warga.alamat) == tempat:
        raise DataTidakValidError({"wilayah_id": N_("RT dan alamatnya sama dengan yang sekarang.")})
    kepala, kk = _successor(pergi, tinggal, peristiwa), warga.keluarga
    for orang in pergi:
        orang.wilayah_id, orang.alamat = tempat
        orang.tanggal_peristiwa = peristiwa.tanggal
        if tinggal:
            orang.keluarga_id, orang.shdk = None, None
    if kk is not None and not tinggal:
        kk.wilayah_id, kk.alamat = tempat
    _head(kk, kepala)
    return _record(session, (*pergi, kepala, kk), peristiwa.catatan)


def keluar(session: Session, warga: Penduduk, peristiwa: Peristiwa, hari_ini: date) -> list[Akibat]:
    """Record that people moved out of the area; rows, KK and address stay as their history.

    Raises:
        DataTidakValidError: what was said is wrong, by field.
    """
    return _end(session, warga, peristiwa, StatusDasar.PINDAH, hari_ini)


def mati(session: Session, warga: Penduduk, peristiwa: Peristiwa, hari_ini: date) -> list[Akibat]:
    """Record a death; the dead stay in their KK, which has exactly one living head.

    Raises:
        DataTidakValidError: what was said is wrong, by field.
    """
    return _end(session, warga, peristiwa, StatusDasar.MATI, hari_ini)


def _end(
    session: Session, warga: Penduduk, peristiwa: Peristiwa, status: StatusDasar, hari_ini: date
) -> list[Akibat]:
    pergi, tinggal = _split(session, warga, peristiwa, hari_ini)
    kepala, kk = _successor(pergi, tinggal, peristiwa), warga.keluarga
    for orang in pergi:
        orang.status_dasar, orang.tanggal_peristiwa = status, peristiwa.tanggal
    _head(kk, kepala)
    return _record(session, (*pergi, kepala, kk), peristiwa.catatan)


def _split(
    session: Session, warga: Penduduk, peristiwa: Peristiwa, hari_ini: date
) -> tuple[list[Penduduk], list[Penduduk]]:
    """Return who goes and who stays of the living in the KK."""
    if warga.status_dasar != StatusDasar.HIDUP:
        raise DataTidakValidError({"warga": N_("Penduduk ini tidak berstatus hidup.")})
    others = list_serumah(session, warga)
    pergi = [warga, *(orang for orang in others if orang.id in peristiwa.ikut)]
    if len(pergi) != len({warga.id, *peristiwa.ikut}):
        raise DataTidakValidError({"ikut": N_("Yang ikut harus seorang yang hidup dari KK ini.")})
    if not max(orang.tanggal_lahir for orang in pergi) <= peristiwa.tanggal <= hari_ini:
        message = N_("Tanggalnya sesudah lahir dan paling lambat hari ini.")
        raise DataTidakValidError({"tanggal_peristiwa": message})
    return pergi, [orang for orang in others if orang not in pergi]


def _successor(
    pergi: Iterable[Penduduk], tinggal: Sequence[Penduduk], peristiwa: Peristiwa
) -> Penduduk | None:
    """Return who becomes head of those who stay; None where their head stays with them."""
    if not tinggal or not any(orang.shdk == Shdk.KEPALA_KELUARGA for orang in pergi):
        return None
    if any(orang.shdk == Shdk.KEPALA_KELUARGA for orang in tinggal):
        return None
    found = next((orang for orang in tinggal if orang.id == peristiwa.kepala_id), None)
    if found is None:
        message = N_("Pilih siapa yang menjadi kepala keluarga bagi yang tinggal.")
        raise DataTidakValidError({"kepala_id": message})
    return found


def _head(kk: Keluarga | None, kepala: Penduduk | None) -> None:
    """Let the KK have this head; a new card is due, which names him."""
    if kepala is None:
        return
    kepala.shdk = Shdk.KEPALA_KELUARGA
    if kk is not None:
        kk.nama_kepala = kepala.nama


def _record(session: Session, rows: Iterable[Any], catatan: str) -> list[Akibat]:
    changed: list[tuple[Any, Mapping[str, Any]]] = [
        (row, isi) for row in rows if row is not None and (isi := difference(row))
    ]
    with as_tindakan(session, TindakanPerubahan.MUTASI, catatan or None):
        session.flush()
    return [Akibat(type(row).__name__, str(row), values_of(type(row), isi)) for row, isi in changed]
