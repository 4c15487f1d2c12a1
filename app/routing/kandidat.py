"""Who may act: the eligible holders of a desk, their superiors, the filing side of a berkas."""

from collections.abc import Iterator
from dataclasses import replace

from app.routing.alur import DERAJAT_TINGKAT, Alur, Tahapan
from app.routing.dunia import Dunia, Pemegang
from app.routing.keadaan import Keadaan, Klaim, Meja, Sebab, StatusKunjungan


def kandidat(alur: Alur, keadaan: Keadaan, dunia: Dunia) -> tuple[Pemegang, ...]:
    """Return who may act on the open visit now; empty without one, or at an empty desk.

    A visit that the ladder opened to the superior has those of the nearest post above the desk
    where it lies as well; after naik that is above the post that stands in.
    """
    kunjungan = keadaan.terbuka
    if kunjungan is None or kunjungan.meja is None:
        return ()
    tahapan = alur.step(kunjungan.tahapan)
    approvers = earlier_approvers(keadaan, kunjungan.urutan)
    own = eligible(tahapan, kunjungan.meja, dunia, approvers)
    if not kunjungan.buka_atasan:
        return own
    derajat = DERAJAT_TINGKAT[kunjungan.meja.tingkat]
    above = rise(alur, keadaan, tahapan, dunia, approvers, derajat)
    return own if above is None else own + eligible(tahapan, above, dunia, approvers)


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


def own_desk(tahapan: Tahapan, keadaan: Keadaan, dunia: Dunia) -> Meja:
    """Return the step's own post: the jalur's unit of its tingkat, or that unit's successor."""
    wilayah_id = dunia.current_unit(keadaan.jalur[tahapan.tingkat])
    return Meja(
        tahapan=tahapan.kode,
        peran=tahapan.peran,
        tingkat=tahapan.tingkat,
        wilayah_id=wilayah_id,
        seharusnya_id=wilayah_id,
        seksi_kode=dunia.current_seksi(wilayah_id, tahapan.seksi_kode),
        sebab=None if wilayah_id == keadaan.jalur[tahapan.tingkat] else Sebab.PENGGANTI,
    )


def rise(
    alur: Alur,
    keadaan: Keadaan,
    tahapan: Tahapan,
    dunia: Dunia,
    approvers: frozenset[int],
    derajat: int | None = None,
) -> Meja | None:
    """Return the nearest post above that may stand in for the step and has somebody (naik).

    Above the step's own level, or above ``derajat`` where a higher post stands in already.
    """
    own = own_desk(tahapan, keadaan, dunia)
    for step in steps_above(alur, keadaan, tahapan.derajat if derajat is None else derajat):
        desk = replace(
            own_desk(step, keadaan, dunia),
            tahapan=tahapan.kode,
            seharusnya_id=own.wilayah_id,
            sebab=Sebab.NAIK,
        )
        # A post that only forwards may not paraf or sign in another's place.
        if step.kekuatan >= tahapan.kekuatan and eligible(tahapan, desk, dunia, approvers):
            return desk
    return None


def meja_atasan(alur: Alur, keadaan: Keadaan, dunia: Dunia) -> tuple[Meja, ...]:
    """Return the desks above the open visit, nearest level first; none without an open visit.

    They are posts of this flow at a higher level with no less authority than the step, or at the
    same unit with more: the lurah over the kasi, never a counter over the lurah.
    """
    kunjungan = keadaan.terbuka
    if kunjungan is None:
        return ()
    tahapan = alur.step(kunjungan.tahapan)
    found: list[Meja] = []
    for step in steps_above(alur, keadaan, tahapan.derajat - 1):
        is_higher = step.derajat > tahapan.derajat and step.kekuatan >= tahapan.kekuatan
        if is_higher or step.kekuatan > tahapan.kekuatan:
            found.append(own_desk(step, keadaan, dunia))
    return tuple(found)


def atasan(alur: Alur, keadaan: Keadaan, dunia: Dunia) -> tuple[Pemegang, ...]:
    """Return the superiors of the open visit: who may release it or have it placed anew."""
    found: list[Pemegang] = []
    for desk in meja_atasan(alur, keadaan, dunia):
        found += dunia.holders(desk.peran, desk.wilayah_id, desk.seksi_kode)
    return tuple(dict.fromkeys(found))


def klaim_berlaku(alur: Alur, keadaan: Keadaan, dunia: Dunia) -> Klaim | None:
    """Return the claim in force on the open visit: its lease runs and its holder may still act."""
    klaim = keadaan.terbuka.klaim if keadaan.terbuka is not None else None
    if klaim is None or klaim.sampai <= dunia.kini:
        return None
    able = {p.penugasan_id for p in kandidat(alur, keadaan, dunia)}
    return klaim if klaim.penugasan_id in able else None


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
