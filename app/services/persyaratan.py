"""Persyaratan of a berkas: what is still missing, who met what, what an approval replaces."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.errors import DataTidakValidError
from app.models.berkas import Berkas, BerkasPersyaratan, SumberDipenuhi
from app.models.persyaratan import Persyaratan
from app.routing import DERAJAT_TINGKAT, Alur, Keadaan, StatusKunjungan, parse_syarat
from app.routing.berikut import cause_to_skip
from app.services.lampiran import Simpanan, attach
from app.teks import N_


@dataclass(frozen=True)
class Bukti:
    """What the filing side shows for the persyaratan: ticks and files, by persyaratan id.

    ``sudah`` were met before, ``dipindai`` by a file, at an earlier filing of the same berkas.
    """

    dicentang: frozenset[int] = frozenset()
    lampiran: Mapping[int, Simpanan] = field(default_factory=dict)
    sudah: frozenset[int] = frozenset()
    dipindai: frozenset[int] = frozenset()


def awaiting_approval(rows: Sequence[Persyaratan], alur: Alur, keadaan: Keadaan) -> dict[int, str]:
    """Return row id → peran where an approval on the berkas' own way replaces the paper.

    That holds only while the step of that peran is due: where it is skipped (paper letter
    brought, step not demanded, level missing) nobody approves, and the paper is asked for.
    """
    due = {t.peran for t in alur.tahapan if cause_to_skip(t, keadaan) is None}
    return {row.id: row.dipenuhi_peran for row in rows if row.dipenuhi_peran in due}


def letter_rows(rows: Sequence[Persyaratan], alur: Alur) -> list[Persyaratan]:
    """Return the rows that the letter of RT and RW meets; none where no step could be spared."""
    counter = DERAJAT_TINGKAT["kelurahan"]
    below = {t.peran for t in alur.tahapan if t.derajat < counter and not t.wajib}
    return [row for row in rows if row.dipenuhi_peran in below]


def check_persyaratan(
    rows: Sequence[Persyaratan],
    bukti: Bukti,
    data: Mapping[str, Any],
    *,
    awaiting: Collection[int] = (),
    scanned: Collection[int] = (),
) -> None:
    """Refuse a filing whose required documents are neither ticked nor attached, all at once.

    ``awaiting`` are met by an approval later; ``scanned`` take a file, a tick is not enough.

    Raises:
        DataTidakValidError: names every missing document in one message.
    """
    met = bukti.dicentang | set(bukti.lampiran) | bukti.sudah
    files = {*bukti.lampiran, *bukti.dipindai}
    missing = [
        row
        for row in rows
        if (row.id in scanned and row.id not in files)
        or (row.id not in {*awaiting, *met, *scanned} and _is_due(row, data))
    ]
    if not missing:
        return
    fields = {"persyaratan": N_("Belum dipenuhi: %(daftar)s.")}
    if any(row.id in scanned for row in missing):
        fields["surat_pengantar"] = N_("Lampirkan pindaian surat pengantar yang dibawa warga.")
    raise DataTidakValidError(fields, daftar=", ".join(row.nama for row in missing))


def _is_due(row: Persyaratan, data: Mapping[str, Any]) -> bool:
    return row.wajib and all(syarat.holds(data) for syarat in parse_syarat(row.syarat))


def tick(
    session: Session,
    berkas: Berkas,
    rows: Sequence[Persyaratan],
    bukti: Bukti,
    penugasan_id: int | None,
    now: datetime,
    awaiting: Collection[int] = (),
) -> None:
    """Write how each persyaratan is met; one met before keeps who met it and when.

    A tick on a row that awaits an approval is let go: the approval itself will meet it.
    """
    before = {row.persyaratan_id: row for row in ticks_of(session, berkas.id)}
    for row in rows:
        kept = bukti.lampiran.get(row.id)
        if kept is not None:
            attach(session, berkas, kept, persyaratan_id=row.id)
        met = before.get(row.id) or BerkasPersyaratan(
            berkas_id=berkas.id, persyaratan_id=row.id, dipenuhi=False
        )
        is_ticked = row.id in bukti.dicentang and row.id not in awaiting and not met.dipenuhi
        if kept is not None or is_ticked:
            met.dipenuhi = True
            met.sumber = SumberDipenuhi.LAMPIRAN if kept else SumberDipenuhi.DICENTANG
            met.oleh_id, met.waktu = penugasan_id, now
        session.add(met)
    session.flush()


def ticks_of(session: Session, berkas_id: int) -> list[BerkasPersyaratan]:
    """Return how the persyaratan of a berkas are met so far."""
    return list(
        session.scalars(select(BerkasPersyaratan).where(BerkasPersyaratan.berkas_id == berkas_id))
    )


_BY_APPROVAL = (
    select(BerkasPersyaratan, Persyaratan.dipenuhi_peran)
    .join(Persyaratan, Persyaratan.id == BerkasPersyaratan.persyaratan_id)
    .where(
        BerkasPersyaratan.berkas_id == bindparam("berkas"), Persyaratan.dipenuhi_peran.is_not(None)
    )
)


def meet_by_approval(
    session: Session, berkas: Berkas, alur: Alur, keadaan: Keadaan, now: datetime
) -> None:
    """Bring the rows that an approval meets in line with the approvals that stand now.

    An approval that falls after a correction (ROUTING §3 case 21) or is undone takes its row back.
    """
    rows = session.execute(_BY_APPROVAL, {"berkas": berkas.id}).all()
    by_peran = {
        alur.step(visit.tahapan).peran: visit.penugasan_id
        for visit in (keadaan.berlaku if rows else ())
        if visit.status is StatusKunjungan.DISETUJUI
    }
    for row, peran in rows:
        if peran in by_peran and not row.dipenuhi:
            row.dipenuhi, row.sumber = True, SumberDipenuhi.SISTEM
            row.oleh_id, row.waktu = by_peran[peran], now
        elif peran not in by_peran and row.sumber == SumberDipenuhi.SISTEM:
            row.dipenuhi, row.sumber, row.oleh_id, row.waktu = False, None, None, None
