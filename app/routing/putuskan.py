"""The decision: may this act happen now, and which event does it yield."""

from dataclasses import replace

from app.routing.aksi import AKSI_TAHAPAN, Aksi, JenisAksi
from app.routing.alur import Alur
from app.routing.berikut import berikut
from app.routing.dunia import Dunia, Pemegang
from app.routing.kandidat import kandidat, sisi_pengaju
from app.routing.keadaan import STATUS_TERTUTUP, Keadaan
from app.routing.kunjungan import number_visits
from app.routing.pengajuan import ajukan
from app.routing.peristiwa import Peristiwa
from app.routing.terapkan import terapkan
from app.routing.tolak import KodeTolak, Tolak

BUTUH_ALASAN = frozenset({JenisAksi.KEMBALIKAN, JenisAksi.TOLAK})
BUTUH_CATATAN = frozenset({JenisAksi.KEMBALIKAN, JenisAksi.TOLAK, JenisAksi.BATALKAN})


def putuskan(
    alur: Alur, keadaan: Keadaan, aksi: Aksi, dunia: Dunia
) -> tuple[Peristiwa, ...] | Tolak:
    """Decide an act: the events to append to riwayat, or a refusal that changes nothing.

    The order of the checks is that of the answers a person needs: a closed berkas and a stale
    page come before the question whether this person may act (ROUTING §3 cases 2, 3, 13, 27).
    """
    if keadaan.status in STATUS_TERTUTUP:
        return Tolak(KodeTolak.SUDAH_DITUTUP)
    if aksi.ke != keadaan.ke:
        return Tolak(KodeTolak.KUNJUNGAN_USANG)
    if aksi.jenis is JenisAksi.AJUKAN:
        outcome = ajukan(alur, keadaan, aksi, dunia)
    elif aksi.jenis is JenisAksi.BATALKAN:
        outcome = _batalkan(alur, keadaan, aksi, dunia)
    else:
        outcome = _act_at_desk(alur, keadaan, aksi, dunia)
    return outcome if isinstance(outcome, Tolak) else (outcome,)


def aksi_tersedia(
    alur: Alur, keadaan: Keadaan, pelaku: Pemegang, dunia: Dunia
) -> tuple[JenisAksi, ...]:
    """Return the acts this person may take now, in a fixed order: just these get a button.

    It asks ``putuskan`` itself, so a button can never promise what the engine would refuse. A
    draft needs its ``jalur`` in ``keadaan``.
    """
    tries = (Aksi(jenis, keadaan.ke, pelaku, catatan="-", alasan_kode="-") for jenis in JenisAksi)
    return tuple(a.jenis for a in tries if not isinstance(putuskan(alur, keadaan, a, dunia), Tolak))


def _act_at_desk(alur: Alur, keadaan: Keadaan, aksi: Aksi, dunia: Dunia) -> Peristiwa | Tolak:
    kunjungan = keadaan.terbuka
    if kunjungan is None:
        return Tolak(KodeTolak.KUNJUNGAN_USANG)
    if aksi.pelaku not in kandidat(alur, keadaan, dunia):
        is_family = aksi.pelaku.pengguna_id in dunia.keluarga_pemohon
        return Tolak(KodeTolak.KELUARGA_PEMOHON if is_family else KodeTolak.BUKAN_KANDIDAT)
    if aksi.jenis in AKSI_TAHAPAN and aksi.jenis is not kunjungan.aksi:
        return Tolak(KodeTolak.AKSI_TIDAK_SESUAI)
    if aksi.jenis is JenisAksi.KEMBALIKAN and keadaan.kembali >= alur.maks_kembali:
        return Tolak(KodeTolak.MAKS_KEMBALI)
    if (missing := _missing_reason(aksi)) is not None:
        return missing
    closing = _event(keadaan, aksi)
    if aksi.jenis not in AKSI_TAHAPAN:
        return closing
    approved = terapkan(keadaan, closing)
    lewatan, meja = berikut(alur, approved, kunjungan.urutan + 1, dunia)
    return replace(closing, kunjungan_baru=number_visits(alur, keadaan.ke, lewatan, meja))


def _batalkan(alur: Alur, keadaan: Keadaan, aksi: Aksi, dunia: Dunia) -> Peristiwa | Tolak:
    """Let the filing side, or a counter that may file on this jalur, end it (case 26)."""
    if keadaan.pengaju is None:
        # A draft is not in the riwayat yet; the shell throws it away.
        return Tolak(KodeTolak.AKSI_TIDAK_SESUAI)
    units = {dunia.current_unit(w) for w in keadaan.jalur.values()}
    counter = (p for p in dunia.pemegang if p.peran in alur.peran_pengaju and p.wilayah_id in units)
    if aksi.pelaku not in (*sisi_pengaju(alur, keadaan, dunia), *counter):
        return Tolak(KodeTolak.BUKAN_PENGAJU)
    return _missing_reason(aksi) or _event(keadaan, aksi)


def _missing_reason(aksi: Aksi) -> Tolak | None:
    if aksi.jenis in BUTUH_ALASAN and not aksi.alasan_kode.strip():
        return Tolak(KodeTolak.ALASAN_WAJIB)
    if aksi.jenis in BUTUH_CATATAN and not aksi.catatan.strip():
        return Tolak(KodeTolak.CATATAN_WAJIB)
    return None


def _event(keadaan: Keadaan, aksi: Aksi) -> Peristiwa:
    """Return the event that closes the open visit; without one it closes only the berkas."""
    return Peristiwa(
        nomor=keadaan.nomor + 1,
        jenis=aksi.jenis,
        pelaku=aksi.pelaku,
        ke=keadaan.terbuka.ke if keadaan.terbuka is not None else None,
        catatan=aksi.catatan,
        alasan_kode=aksi.alasan_kode,
    )
