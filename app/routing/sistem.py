"""What the program does by itself: escalate, expire, recompute, migrate, import; never decide."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from app.routing.aksi import Aksi
from app.routing.alur import Alur, Tahapan
from app.routing.berikut import settle
from app.routing.dunia import Dunia
from app.routing.jenis import JenisAksi
from app.routing.kandidat import earlier_approvers
from app.routing.keadaan import (
    GUGUR,
    STATUS_TERTUTUP,
    Keadaan,
    Kunjungan,
    Status,
    StatusKunjungan,
)
from app.routing.peristiwa import Peristiwa, event_of
from app.routing.tolak import KodeTolak, Tolak

Rule = Callable[[Alur, Keadaan, Aksi, Dunia], Peristiwa | Tolak]


def eskalasi(alur: Alur, keadaan: Keadaan, aksi: Aksi, dunia: Dunia) -> Peristiwa | Tolak:
    """Record that a rung fired, on an open visit or a correction that waits; open it if it says so.

    ``rincian["buka_atasan"]`` opens the visit to the superior as well.
    """
    kunjungan = keadaan.terbuka
    if kunjungan is None and keadaan.status is not Status.DIKEMBALIKAN:
        return Tolak(KodeTolak.AKSI_TIDAK_SESUAI)
    if kunjungan is None or not aksi.rincian.get("buka_atasan"):
        return event_of(keadaan, aksi, dunia)
    return event_of(keadaan, aksi, dunia, kunjungan_ubah=(replace(kunjungan, buka_atasan=True),))


def kedaluwarsa(alur: Alur, keadaan: Keadaan, aksi: Aksi, dunia: Dunia) -> Peristiwa | Tolak:
    """End a berkas whose correction was abandoned (ROUTING §3 case 29)."""
    since = keadaan.dikembalikan_pada
    if keadaan.status is not Status.DIKEMBALIKAN or since is None:
        return Tolak(KodeTolak.AKSI_TIDAK_SESUAI)
    if dunia.kini - since < timedelta(days=alur.perbaikan_hari):
        return Tolak(KodeTolak.BELUM_WAKTUNYA)
    return event_of(keadaan, aksi, dunia)


def hitung_ulang(alur: Alur, keadaan: Keadaan, aksi: Aksi, dunia: Dunia) -> Peristiwa | Tolak:
    """Record a new deadline of the open visit after the calendar changed (case 41)."""
    if keadaan.terbuka is None:
        return Tolak(KodeTolak.AKSI_TIDAK_SESUAI)
    return event_of(keadaan, aksi, dunia)


def migrasi(alur: Alur, keadaan: Keadaan, aksi: Aksi, dunia: Dunia) -> Peristiwa | Tolak:
    """Move a running or returned berkas to ``alur_baru`` (ROUTING §3 case 35).

    Only where the kode of its open (or returning) step exists there, its unit resolves, and the
    new version has the steps that stand in the same order: else an approval would fall unseen.
    Visits of steps that are gone, and those that had fallen, stay in the record and count for
    nothing.
    """
    baru = aksi.alur_baru
    newest = keadaan.kunjungan[-1] if keadaan.kunjungan else None
    if baru is None or newest is None:
        return Tolak(KodeTolak.AKSI_TIDAK_SESUAI)
    step = next((t for t in baru.tahapan if t.kode == newest.tahapan), None)
    if step is None or not {step.tingkat, baru.tahapan[-1].tingkat} <= keadaan.jalur.keys():
        return Tolak(KodeTolak.VERSI_TIDAK_COCOK)
    stands = {k.ke for k in keadaan.berlaku}
    moved = tuple(
        replace(k, urutan=_urutan(k, baru) if k.ke in stands else GUGUR) for k in keadaan.kunjungan
    )
    order = [k.urutan for k in moved if k.urutan != GUGUR]
    if order != sorted(order):
        return Tolak(KodeTolak.VERSI_TIDAK_COCOK)
    if newest.is_terbuka:
        moved = (*moved[:-1], _placed(baru, replace(keadaan, kunjungan=moved), step, dunia))
    changed = tuple(visit for visit in moved if visit not in keadaan.kunjungan)
    return event_of(keadaan, aksi, dunia, kunjungan_ubah=changed)


def _placed(baru: Alur, keadaan: Keadaan, step: Tahapan, dunia: Dunia) -> Kunjungan:
    """Return the open visit at the desk that the new version gives it, free of any claim."""
    approvers = earlier_approvers(keadaan, step.urutan)
    meja = settle(baru, keadaan, step, dunia, approvers)
    return replace(
        keadaan.kunjungan[-1],
        aksi=step.aksi,
        meja=meja,
        sebab=meja.sebab,
        status=StatusKunjungan.MENUNGGU,
        klaim=None,
    )


def _urutan(kunjungan: Kunjungan, baru: Alur) -> int:
    return next((t.urutan for t in baru.tahapan if t.kode == kunjungan.tahapan), GUGUR)


def impor(alur: Alur, keadaan: Keadaan, aksi: Aksi, dunia: Dunia) -> Peristiwa | Tolak:
    """Take over an old case in a closed status, as one event (ROUTING §3 case 50)."""
    if keadaan.nomor or aksi.rincian.get("penutup") not in {*map(str, STATUS_TERTUTUP)}:
        return Tolak(KodeTolak.AKSI_TIDAK_SESUAI)
    return event_of(keadaan, aksi, dunia)


SYSTEM_RULES: dict[JenisAksi, Rule] = {
    JenisAksi.ESKALASI: eskalasi,
    JenisAksi.KEDALUWARSA: kedaluwarsa,
    JenisAksi.HITUNG_ULANG: hitung_ulang,
    JenisAksi.MIGRASI: migrasi,
    JenisAksi.IMPOR: impor,
}
