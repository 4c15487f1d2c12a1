"""Reads for the officers' screens: my queue, and one berkas as it may be shown."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, or_, select
from sqlalchemy.orm import Session

from app.models.berkas import Berkas, BerkasPersyaratan, StatusBerkas
from app.models.kunjungan import TERBUKA, Kunjungan
from app.models.lampiran import Lampiran
from app.models.layanan import Layanan
from app.models.pelaku import Jabatan, Pelaku
from app.models.persyaratan import Persyaratan
from app.models.riwayat import Riwayat
from app.models.tahapan import AksiTahapan, Tahapan
from app.models.versi_layanan import VersiLayanan
from app.models.wilayah import Wilayah
from app.routing import Kalender, menit
from app.services.berkas import require_readable
from app.services.kalender import load_kalenders
from app.teks import N_


@dataclass(frozen=True)
class Antrean:
    """One row of a queue; ``sisa_menit`` are service minutes left, negative when late.

    ``batas`` is when it is due; None for a returned berkas, and at a desk that never opens.
    ``massal``: the step at visit ``ke`` may be finished together with others. ``aksi`` finishes it
    with one touch, None where the page of the berkas has to be read; ``boleh_kembali``: it may be
    returned once more.
    """

    berkas_id: int
    nomor: str
    layanan: str
    pemohon: str
    tahapan: str
    wilayah: str
    status: StatusBerkas
    sejak: datetime
    sisa_menit: int | None
    batas: datetime | None
    is_terlambat: bool
    ke: int = 0
    massal: bool = False
    aksi: AksiTahapan | None = None
    boleh_kembali: bool = False


@dataclass(frozen=True)
class Bagian:
    """A part of the queue that can be looked at alone."""

    label: str
    where: Callable[[datetime], ColumnElement[bool]]


BAGIAN = {
    "ttd": Bagian(N_("Perlu tanda tangan"), lambda _: Berkas.status == StatusBerkas.MENUNGGU_TTD),
    "terlambat": Bagian(N_("Melewati SOP"), lambda now: Kunjungan.batas_waktu < now),
}
"""By the name it has in the address of Berkas Masuk."""


def list_antrean(
    session: Session,
    pelaku: Pelaku,
    now: datetime,
    *,
    bagian: str = "",
    mulai: int = 0,
    limit: int = 100,
) -> list[Antrean]:
    """Return the berkas on this person's desks, the one with least time left first.

    A desk is a peran at a unit (and seksi); a returned berkas lies at its filing desk. ``bagian``
    names one part of `BAGIAN`; ``mulai`` rows are left out.
    """
    where = _on_desks(pelaku)
    if bagian in BAGIAN:
        where = and_(where, BAGIAN[bagian].where(now))
    own = {jabatan.penugasan_id for jabatan in pelaku.jabatan}
    return [
        replace(
            as_antrean(baris, kalender, now=now),
            aksi=_one_touch(baris, own, now),
            boleh_kembali=baris[3] is not None and baris[0].jumlah_kembali < baris[7],
        )
        for baris, kalender in load_baris(session, where, limit, mulai)
    ]


def count_antrean(session: Session, pelaku: Pelaku, now: datetime) -> dict[str, int]:
    """Return how many berkas lie on this person's desks: all under "", then of each `BAGIAN`."""
    parts = [func.count().filter(part.where(now)) for part in BAGIAN.values()]
    query = select(func.count(), *parts).select_from(Berkas).outerjoin(Kunjungan, _IS_OPEN)
    return dict(
        zip(("", *BAGIAN), session.execute(query.where(_on_desks(pelaku))).one(), strict=True)
    )


SATU_SENTUHAN = (AksiTahapan.TERUSKAN, AksiTahapan.SETUJUI, AksiTahapan.PARAF)
"""Acts that need no note and can be taken back for a minute.

A signature numbers a letter and a handing-over ends the berkas: their page is read first.
"""


def _one_touch(baris: "Baris", own: set[int], now: datetime) -> AksiTahapan | None:
    """Return the act of the open step, None while somebody else works on the berkas."""
    visit, aksi = baris[3], baris[6]
    if visit is None or aksi not in SATU_SENTUHAN:
        return None
    held = visit.diambil_sampai is not None and visit.diambil_sampai > now
    return None if held and visit.diambil_oleh_id not in own else aksi


Baris = tuple[Berkas, str, str, Kunjungan | None, str | None, bool | None, AksiTahapan | None, int]
"""A berkas, its layanan and wilayah, its open visit, tahapan, whether that is boleh_massal, its
aksi, and how often the version allows a return."""


def load_baris(
    session: Session, where: ColumnElement[bool], limit: int, mulai: int = 0
) -> list[tuple[Baris, Kalender | None]]:
    """Return berkas with their open visit and its desk's calendar, least time left first."""
    rows = session.execute(
        select(
            *(Berkas, Layanan.nama, Wilayah.sebutan, Kunjungan, Tahapan.nama),
            *(Tahapan.boleh_massal, Tahapan.aksi, VersiLayanan.maks_kembali),
        )
        .join(Layanan, Layanan.id == Berkas.layanan_id)
        .join(VersiLayanan, VersiLayanan.id == Berkas.versi_layanan_id)
        .join(Wilayah, Wilayah.id == Berkas.wilayah_asal_id)
        .outerjoin(Kunjungan, _IS_OPEN)
        .outerjoin(Tahapan, Tahapan.id == Kunjungan.tahapan_id)
        .where(where)
        # A returned berkas has no due time: it stands where it was filed, and is not forgotten.
        .order_by(func.coalesce(Berkas.batas_waktu, Berkas.waktu_diajukan), Berkas.id)
        .limit(limit)
        .offset(mulai)
    ).all()
    visits: list[Kunjungan | None] = [row[3] for row in rows]
    units = [visit.wilayah_id if visit is not None else None for visit in visits]
    kalenders = load_kalenders(session, {unit for unit in units if unit is not None})
    return [
        (row, kalenders[unit] if unit is not None else None)
        for row, unit in zip(rows, units, strict=True)
    ]


_IS_OPEN = and_(Kunjungan.berkas_id == Berkas.id, Kunjungan.status.in_(TERBUKA))


def _on_desks(pelaku: Pelaku) -> ColumnElement[bool]:
    desks = (_at_desk(jabatan) for jabatan in pelaku.jabatan)
    return or_(false(), *desks, _returned_to(pelaku))


def _at_desk(jabatan: Jabatan) -> ColumnElement[bool]:
    seksi: ColumnElement[bool] = Kunjungan.seksi_kode.is_(None)
    if jabatan.seksi is not None:
        seksi = or_(seksi, Kunjungan.seksi_kode == jabatan.seksi)
    return and_(
        Kunjungan.wilayah_id == jabatan.wilayah_id, Kunjungan.peran_kode == jabatan.peran, seksi
    )


def _returned_to(pelaku: Pelaku) -> ColumnElement[bool]:
    desks = [
        and_(Berkas.pengaju_wilayah_id == j.wilayah_id, Berkas.pengaju_peran == j.peran)
        for j in pelaku.jabatan
    ]
    return and_(Berkas.status == StatusBerkas.DIKEMBALIKAN, or_(false(), *desks))


def as_antrean(baris: Baris, kalender: Kalender | None, *, now: datetime) -> Antrean:
    """Return one row of a queue, its time left counted in the desk's hours."""
    berkas, layanan, wilayah, kunjungan, tahapan, massal, *_ = baris
    batas = kunjungan.batas_waktu if kunjungan else None
    return Antrean(
        berkas.id,
        berkas.nomor,
        layanan,
        berkas.nama_pemohon,
        tahapan or "",
        wilayah,
        berkas.status,
        kunjungan.waktu_dibuka if kunjungan else berkas.waktu_diajukan or now,
        minutes_left(kunjungan, kalender, now),
        batas,
        batas is not None and batas < now,
        kunjungan.ke if kunjungan else 0,
        bool(massal),
    )


def minutes_left(
    kunjungan: Kunjungan | None, kalender: Kalender | None, now: datetime
) -> int | None:
    """Return the service minutes until the visit is due, negative when late; None without one.

    Zero also when the time ran out in the last minute of a day and the desk is still closed.
    """
    if kunjungan is None or kunjungan.batas_waktu is None or kalender is None:
        return None
    return round(menit(now, kunjungan.batas_waktu, kalender))


@dataclass(frozen=True)
class Halaman:
    """One berkas with all that its page shows; rows are scoped like the berkas."""

    berkas: Berkas
    layanan: str
    wilayah: str
    isian: Sequence[Any]
    persyaratan: Sequence[tuple[Persyaratan, BerkasPersyaratan | None]]
    lampiran: Sequence[Lampiran]
    riwayat: Sequence[Riwayat]
    kunjungan: Sequence[tuple[Kunjungan, str]]
    tahapan: Sequence[tuple[Tahapan, str | None]]
    asal: str = ""


def load_halaman(session: Session, berkas_id: int) -> Halaman:
    """Return what the page of a berkas shows.

    Raises:
        TidakDitemukanError: unknown, or outside the person's area.
    """
    require_readable(session, berkas_id)
    berkas, layanan, wilayah = session.execute(
        select(Berkas, Layanan.nama, Wilayah.sebutan)
        .join(Layanan, Layanan.id == Berkas.layanan_id)
        .join(Wilayah, Wilayah.id == Berkas.wilayah_asal_id)
        .where(Berkas.id == berkas_id)
    ).one()
    ticks = {
        row.persyaratan_id: row
        for row in session.scalars(
            select(BerkasPersyaratan).where(BerkasPersyaratan.berkas_id == berkas_id)
        )
    }
    kunjungan = session.execute(
        select(Kunjungan, Tahapan.nama)
        .join(Tahapan, Tahapan.id == Kunjungan.tahapan_id)
        .where(Kunjungan.berkas_id == berkas_id)
        .order_by(Kunjungan.ke)
    ).all()
    versi = berkas.versi_layanan
    # By kode: a berkas that was moved to another version has visits of the old one's steps.
    ids = [k.tahapan_id for k, _ in kunjungan]
    kode = dict(session.execute(select(Tahapan.id, Tahapan.kode).where(Tahapan.id.in_(ids))).all())
    newest = {kode[k.tahapan_id]: str(k.status) for k, _ in kunjungan}
    return Halaman(
        berkas,
        layanan,
        wilayah,
        list(versi.isian),
        [(row, ticks.get(row.id)) for row in versi.persyaratan],
        session.scalars(
            select(Lampiran).where(Lampiran.berkas_id == berkas_id).order_by(Lampiran.id)
        ).all(),
        session.scalars(
            select(Riwayat).where(Riwayat.berkas_id == berkas_id).order_by(Riwayat.nomor)
        ).all(),
        [(k, nama) for k, nama in kunjungan],
        [(step, newest.get(step.kode)) for step in versi.tahapan],
        session.scalar(select(Berkas.nomor).where(Berkas.id == berkas.berkas_asal_id)) or ""
        if berkas.berkas_asal_id
        else "",
    )
