"""Undo: a person takes back the own newest decision within a minute (ROUTING §3 case 28)."""

from dataclasses import replace
from datetime import timedelta

from app.routing.aksi import Aksi
from app.routing.alur import Alur
from app.routing.dunia import Dunia
from app.routing.jenis import JenisAksi
from app.routing.keadaan import Keadaan, Kunjungan, StatusKunjungan
from app.routing.peristiwa import Peristiwa, event_of
from app.routing.tolak import KodeTolak, Tolak

BATAS_URUNG = timedelta(seconds=60)

DAPAT_DIURUNGKAN = frozenset(
    {JenisAksi.TERUSKAN, JenisAksi.SETUJUI, JenisAksi.PARAF, JenisAksi.KEMBALIKAN}
)
"""Never a signature, nor what ends the berkas: those are out in the world at once."""


def urungkan(alur: Alur, keadaan: Keadaan, aksi: Aksi, dunia: Dunia) -> Peristiwa | Tolak:
    """Open the step anew, as a visit of its own; the decision and its undoing both stay."""
    undone = _undone(keadaan, aksi, dunia)
    # A number once given is given (DOMAIN "Layanan", Nomor surat).
    if undone is None or alur.step(undone.tahapan).memberi_nomor:
        return Tolak(KodeTolak.TIDAK_DAPAT_DIURUNGKAN)
    voided = [
        replace(visit, status=StatusKunjungan.DIBATALKAN)
        for visit in (undone, keadaan.terbuka)
        if visit is not None
    ]
    again = replace(
        undone,
        ke=keadaan.ke + 1,
        status=StatusKunjungan.MENUNGGU,
        penugasan_id=None,
        pengguna_id=None,
        klaim=None,
    )
    return event_of(keadaan, aksi, dunia, kunjungan_ubah=tuple(voided), kunjungan_baru=(again,))


def _undone(keadaan: Keadaan, aksi: Aksi, dunia: Dunia) -> Kunjungan | None:
    """Return the visit whose decision may be taken back now, else None.

    The decision is the newest event, so the next desk has not touched the berkas since.
    """
    last = keadaan.terakhir
    if last is None or last.ke is None or last.jenis not in DAPAT_DIURUNGKAN:
        return None
    is_own = last.penugasan_id == aksi.pelaku.penugasan_id and aksi.pelaku in dunia.pemegang
    return (
        keadaan.kunjungan[last.ke - 1] if is_own and dunia.kini - last.pada <= BATAS_URUNG else None
    )
