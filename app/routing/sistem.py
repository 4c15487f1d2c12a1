"""What the program does by itself: escalate, expire, recompute, migrate, import; never decide."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from app.routing.aksi import Aksi
from app.routing.alur import Alur
from app.routing.berikut import place
from app.routing.dunia import Dunia
from app.routing.jenis import JenisAksi
from app.routing.kandidat import earlier_approvers
from app.routing.keadaan import STATUS_TERTUTUP, Keadaan, Kunjungan, Status, StatusKunjungan
from app.routing.peristiwa import Peristiwa, event_of
from app.routing.tolak import KodeTolak, Tolak

Rule = Callable[[Alur, Keadaan, Aksi, Dunia], Peristiwa | Tolak]

GUGUR = 0
"""The urutan of a visit whose step a migrasi left behind: below every step, so it bars nothing."""


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

    Only where the kode of its open (or returning) step exists there and its unit resolves. Visits
    of steps that are gone stay in the record and count for nothing.
    """
    baru = aksi.alur_baru
    newest = keadaan.kunjungan[-1] if keadaan.kunjungan else None
    if baru is None or newest is None:
        return Tolak(KodeTolak.AKSI_TIDAK_SESUAI)
    urutan = {step.kode: step for step in baru.tahapan}
    step = urutan.get(newest.tahapan)
    tops = (step, baru.tahapan[-1])
    if step is None or any(t is not None and t.tingkat not in keadaan.jalur for t in tops):
        return Tolak(KodeTolak.VERSI_TIDAK_COCOK)
    moved = tuple(_moved(k, baru) for k in keadaan.kunjungan)
    if keadaan.terbuka is not None:
        renumbered = replace(keadaan, kunjungan=moved)
        approvers = earlier_approvers(renumbered, step.urutan)
        meja = place(baru, renumbered, replace(step, wajib=True), dunia, approvers)
        opened = replace(
            moved[-1],
            aksi=step.aksi,
            meja=meja,
            sebab=meja.sebab if meja is not None else None,
            status=StatusKunjungan.MENUNGGU,
            klaim=None,
        )
        moved = (*moved[:-1], opened)
    changed = tuple(new for old, new in zip(keadaan.kunjungan, moved, strict=True) if old != new)
    return event_of(keadaan, aksi, dunia, kunjungan_ubah=changed)


def _moved(kunjungan: Kunjungan, baru: Alur) -> Kunjungan:
    urutan = next((t.urutan for t in baru.tahapan if t.kode == kunjungan.tahapan), GUGUR)
    return replace(kunjungan, urutan=urutan)


def impor(alur: Alur, keadaan: Keadaan, aksi: Aksi, dunia: Dunia) -> Peristiwa | Tolak:
    """Take over an old case in a closed status, as one event (ROUTING §3 case 50)."""
    penutup = str(aksi.rincian.get("penutup", ""))
    if keadaan.nomor or penutup not in {status.value for status in STATUS_TERTUTUP}:
        return Tolak(KodeTolak.AKSI_TIDAK_SESUAI)
    return event_of(keadaan, aksi, dunia)


SYSTEM_RULES: dict[JenisAksi, Rule] = {
    JenisAksi.ESKALASI: eskalasi,
    JenisAksi.KEDALUWARSA: kedaluwarsa,
    JenisAksi.HITUNG_ULANG: hitung_ulang,
    JenisAksi.MIGRASI: migrasi,
    JenisAksi.IMPOR: impor,
}
