"""Who may act: the eligible holders of a desk, and the filing side of a returned berkas."""

from collections.abc import Iterator

from app.routing.alur import DERAJAT_TINGKAT, Alur, Tahapan
from app.routing.dunia import Dunia, Pemegang
from app.routing.keadaan import Keadaan, Meja, StatusKunjungan


def kandidat(alur: Alur, keadaan: Keadaan, dunia: Dunia) -> tuple[Pemegang, ...]:
    """Return who may act on the open visit now; empty without one, or at an empty desk."""
    kunjungan = keadaan.terbuka
    if kunjungan is None or kunjungan.meja is None:
        return ()
    tahapan = alur.step(kunjungan.tahapan)
    return eligible(tahapan, kunjungan.meja, dunia, earlier_approvers(keadaan, kunjungan.urutan))


def eligible(
    tahapan: Tahapan, meja: Meja, dunia: Dunia, approvers: frozenset[int]
) -> tuple[Pemegang, ...]:
    """Return the holders of the desk who may take the step (ROUTING §2, Eligible).

    The limits are those of the step, also where another post stands in for it. ``approvers`` are
    pengguna_id; they count only where the step demands beda_orang.
    """
    barred = dunia.keluarga_pemohon | (approvers if tahapan.beda_orang else frozenset())
    return tuple(
        p
        for p in dunia.holders(meja.peran, meja.wilayah_id, meja.seksi_kode)
        if p.pengguna_id not in barred and (tahapan.boleh_pelaksana or not p.is_pelaksana)
    )


def earlier_approvers(keadaan: Keadaan, before: int) -> frozenset[int]:
    """Return the pengguna_id behind the approvals that stand on steps under urutan ``before``."""
    return frozenset(
        k.pengguna_id
        for k in keadaan.berlaku
        if k.status is StatusKunjungan.DISETUJUI and k.urutan < before and k.pengguna_id is not None
    )


def sisi_pengaju(alur: Alur, keadaan: Keadaan, dunia: Dunia) -> tuple[Pemegang, ...]:
    """Return who holds the filing desk now; while it is vacant, the nearest level above.

    Filing is not an approval, so the pemohon's own family is not barred (ROUTING §1, Who files).
    """
    if (pengaju := keadaan.pengaju) is None:
        return ()
    holders = dunia.holders(pengaju.peran, dunia.current_unit(pengaju.wilayah_id))
    if holders:
        return holders
    for step in steps_above(alur, keadaan, DERAJAT_TINGKAT[pengaju.tingkat]):
        if found := dunia.holders(step.peran, dunia.current_unit(keadaan.jalur[step.tingkat])):
            return found
    return ()


def steps_above(alur: Alur, keadaan: Keadaan, derajat: int) -> Iterator[Tahapan]:
    """Yield the steps of the flow above a level, nearest level first, then by urutan."""
    for step in sorted(alur.tahapan, key=lambda t: (t.derajat, t.urutan)):
        if step.derajat > derajat and step.tingkat in keadaan.jalur:
            yield step
