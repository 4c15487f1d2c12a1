"""The decision: may this act happen now, and which event does it yield."""

from dataclasses import replace

from app.routing.aksi import SISTEM, Aksi
from app.routing.alur import Alur
from app.routing.berikut import berikut
from app.routing.dunia import Dunia, Pemegang
from app.routing.jenis import AKSI_SISTEM, AKSI_TAHAPAN, JenisAksi
from app.routing.kandidat import kandidat, sisi_pengaju
from app.routing.keadaan import STATUS_TERTUTUP, Keadaan
from app.routing.kunjungan import number_visits
from app.routing.meja import alihkan, ambil, is_claimed_by_other, lepas, refuse_candidate
from app.routing.pengajuan import ajukan
from app.routing.peristiwa import Peristiwa, event_of
from app.routing.sistem import SYSTEM_RULES
from app.routing.terapkan import terapkan
from app.routing.tolak import KodeTolak, Tolak
from app.routing.urungkan import urungkan

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
    if aksi.jenis in AKSI_SISTEM and aksi.pelaku != SISTEM:
        return Tolak(KodeTolak.BUKAN_KANDIDAT)
    outcome = RULES.get(aksi.jenis, _act_at_desk)(alur, keadaan, aksi, dunia)
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
        return refuse_candidate(aksi, dunia)
    if is_claimed_by_other(alur, keadaan, aksi, dunia):
        return Tolak(KodeTolak.SEDANG_DIKERJAKAN)
    if aksi.jenis in AKSI_TAHAPAN and aksi.jenis is not kunjungan.aksi:
        return Tolak(KodeTolak.AKSI_TIDAK_SESUAI)
    if aksi.jenis is JenisAksi.KEMBALIKAN and keadaan.kembali >= alur.maks_kembali:
        return Tolak(KodeTolak.MAKS_KEMBALI)
    if (missing := _missing_reason(aksi)) is not None:
        return missing
    closing = event_of(keadaan, aksi, dunia, ke=kunjungan.ke)
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
    ke = keadaan.terbuka.ke if keadaan.terbuka is not None else None
    return _missing_reason(aksi) or event_of(keadaan, aksi, dunia, ke=ke)


def _missing_reason(aksi: Aksi) -> Tolak | None:
    if aksi.jenis in BUTUH_ALASAN and not aksi.alasan_kode.strip():
        return Tolak(KodeTolak.ALASAN_WAJIB)
    if aksi.jenis in BUTUH_CATATAN and not aksi.catatan.strip():
        return Tolak(KodeTolak.CATATAN_WAJIB)
    return None


RULES = {
    JenisAksi.AJUKAN: ajukan,
    JenisAksi.BATALKAN: _batalkan,
    JenisAksi.AMBIL: ambil,
    JenisAksi.LEPAS: lepas,
    JenisAksi.ALIHKAN: alihkan,
    JenisAksi.URUNGKAN: urungkan,
    **SYSTEM_RULES,
}
"""The rule of each act; those that finish a step, kembalikan and tolak share `_act_at_desk`."""
