"""Acts around a desk that decide nothing: claim it, release it, have it placed anew."""

from dataclasses import replace
from datetime import timedelta

from app.routing.aksi import SISTEM, Aksi
from app.routing.alur import Alur
from app.routing.berikut import settle
from app.routing.dunia import Dunia
from app.routing.kandidat import atasan, earlier_approvers, eligible, kandidat, klaim_berlaku
from app.routing.keadaan import Keadaan, Klaim, Kunjungan, StatusKunjungan
from app.routing.peristiwa import Peristiwa, event_of
from app.routing.tolak import KodeTolak, Tolak

LAMA_KLAIM = timedelta(minutes=10)
"""How long a claim holds unless it is renewed (ROUTING §3 case 17)."""


def ambil(alur: Alur, keadaan: Keadaan, aksi: Aksi, dunia: Dunia) -> Peristiwa | Tolak:
    """Claim the open visit, or renew one's own claim; another's holds until it runs out."""
    if aksi.pelaku not in kandidat(alur, keadaan, dunia):
        return refuse_candidate(aksi, dunia)
    if is_claimed_by_other(alur, keadaan, aksi, dunia):
        return Tolak(KodeTolak.SEDANG_DIKERJAKAN)
    klaim = Klaim(aksi.pelaku.penugasan_id, aksi.pelaku.pengguna_id, dunia.kini + LAMA_KLAIM)
    return _change(keadaan, aksi, dunia, status=StatusKunjungan.DIAMBIL, klaim=klaim)


def lepas(alur: Alur, keadaan: Keadaan, aksi: Aksi, dunia: Dunia) -> Peristiwa | Tolak:
    """End a claim: one's own, as a superior with a reason, or one out of force by the sweep."""
    kunjungan = keadaan.terbuka
    if kunjungan is None or kunjungan.klaim is None:
        return Tolak(KodeTolak.AKSI_TIDAK_SESUAI)
    if aksi.pelaku == SISTEM:
        if klaim_berlaku(alur, keadaan, dunia) is not None:
            return Tolak(KodeTolak.BELUM_WAKTUNYA)
    elif not _holds(kunjungan.klaim, aksi, dunia):
        if aksi.pelaku not in atasan(alur, keadaan, dunia):
            return Tolak(KodeTolak.BUKAN_ATASAN)
        if not aksi.catatan.strip():
            return Tolak(KodeTolak.CATATAN_WAJIB)
    return _change(keadaan, aksi, dunia, status=StatusKunjungan.MENUNGGU, klaim=None)


def alihkan(alur: Alur, keadaan: Keadaan, aksi: Aksi, dunia: Dunia) -> Peristiwa | Tolak:
    """Place the open visit anew by the routing rule; its number and its clock go on.

    The sweep does so when nobody at the desk may act, or its unit was retired (ROUTING §3 cases
    10 and 32); a superior with a reason, also back down to a desk that was filled (case 11).
    """
    kunjungan = keadaan.terbuka
    if kunjungan is None or kunjungan.meja is None:
        return Tolak(KodeTolak.AKSI_TIDAK_SESUAI)
    tahapan = alur.step(kunjungan.tahapan)
    approvers = earlier_approvers(keadaan, tahapan.urutan)
    if aksi.pelaku == SISTEM:
        # A superior whom the ladder let in as well does not make an empty desk a staffed one.
        retired = dunia.current_unit(kunjungan.meja.wilayah_id) != kunjungan.meja.wilayah_id
        if eligible(tahapan, kunjungan.meja, dunia, approvers) and not retired:
            return Tolak(KodeTolak.BELUM_WAKTUNYA)
    elif aksi.pelaku not in atasan(alur, keadaan, dunia):
        return Tolak(KodeTolak.BUKAN_ATASAN)
    elif not aksi.catatan.strip():
        return Tolak(KodeTolak.CATATAN_WAJIB)
    # A step that has opened is never skipped afterwards: it waits, visibly empty.
    meja = settle(alur, keadaan, tahapan, dunia, approvers)
    if meja == kunjungan.meja:
        return Tolak(KodeTolak.TIDAK_ADA_TUJUAN)
    return _change(
        keadaan,
        aksi,
        dunia,
        status=StatusKunjungan.MENUNGGU,
        klaim=None,
        meja=meja,
        sebab=meja.sebab,
    )


def is_claimed_by_other(alur: Alur, keadaan: Keadaan, aksi: Aksi, dunia: Dunia) -> bool:
    """Whether somebody else is at work on the open visit (ROUTING §3 case 18)."""
    klaim = klaim_berlaku(alur, keadaan, dunia)
    return klaim is not None and klaim.pengguna_id != aksi.pelaku.pengguna_id


def refuse_candidate(aksi: Aksi, dunia: Dunia) -> Tolak:
    """Return why this person is no candidate."""
    is_family = aksi.pelaku.pengguna_id in dunia.keluarga_pemohon
    return Tolak(KodeTolak.KELUARGA_PEMOHON if is_family else KodeTolak.BUKAN_KANDIDAT)


def _holds(klaim: Klaim, aksi: Aksi, dunia: Dunia) -> bool:
    own = klaim.penugasan_id == aksi.pelaku.penugasan_id
    return own and aksi.pelaku in dunia.pemegang


def _change(keadaan: Keadaan, aksi: Aksi, dunia: Dunia, **changes: object) -> Peristiwa:
    """Return the event that leaves the open visit open, with these fields changed."""
    kunjungan: Kunjungan = keadaan.kunjungan[-1]
    return event_of(
        keadaan,
        aksi,
        dunia,
        kunjungan_ubah=(replace(kunjungan, **changes),),  # type: ignore[arg-type]
    )
