"""The words for what the engine refuses; it knows only codes."""

from datetime import timedelta, timezone

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import BangkitError, DataBerubahError, TidakBerwenangError
from app.models.berkas import Berkas
from app.models.riwayat import Riwayat
from app.routing import WIB_MENIT, KodeTolak
from app.teks import N_

WIB = timezone(timedelta(minutes=WIB_MENIT))

REFUSALS: dict[KodeTolak, tuple[type[BangkitError], str]] = {
    KodeTolak.SUDAH_DITUTUP: (DataBerubahError, N_("Berkas ini sudah ditutup.")),
    KodeTolak.KUNJUNGAN_USANG: (
        DataBerubahError,
        N_("Tahap ini sudah diputuskan. Muat ulang untuk melihat keadaan terakhir."),
    ),
    KodeTolak.SUDAH_DIAJUKAN: (DataBerubahError, N_("Berkas ini sudah diajukan.")),
    KodeTolak.AKSI_TIDAK_SESUAI: (DataBerubahError, N_("Tindakan ini tidak berlaku di tahap ini.")),
    KodeTolak.BUKAN_KANDIDAT: (
        TidakBerwenangError,
        N_("Anda tidak bertugas di meja tempat berkas ini berada."),
    ),
    KodeTolak.KELUARGA_PEMOHON: (
        TidakBerwenangError,
        N_("Berkas diri sendiri atau keluarga satu KK diputuskan pejabat lain."),
    ),
    KodeTolak.BUKAN_PENGAJU: (
        TidakBerwenangError,
        N_("Layanan ini tidak dapat diajukan dari jabatan Anda."),
    ),
    KodeTolak.JALUR_TIDAK_LENGKAP: (
        BangkitError,
        N_("Wilayah asal tidak mempunyai unit untuk tahap terakhir layanan ini."),
    ),
    KodeTolak.ALASAN_WAJIB: (BangkitError, N_("Pilih alasannya.")),
    KodeTolak.CATATAN_WAJIB: (BangkitError, N_("Tulis catatan untuk penerima berkas.")),
    KodeTolak.MAKS_KEMBALI: (
        DataBerubahError,
        N_("Berkas ini sudah dikembalikan sebanyak batasnya: setujui atau tolak."),
    ),
}


def refusal(session: Session, berkas: Berkas, kode: KodeTolak) -> BangkitError:
    """Return the words for a refusal; a stale page is told who acted, and when (ROUTING case 2)."""
    kind, message = REFUSALS[kode]
    newest = session.scalars(
        select(Riwayat).where(Riwayat.berkas_id == berkas.id).order_by(Riwayat.nomor.desc())
    ).first()
    if kode is not KodeTolak.KUNJUNGAN_USANG or newest is None:
        return kind(message)
    return DataBerubahError(
        N_("Tahap ini sudah diputuskan oleh %(nama)s (%(jabatan)s) pukul %(jam)s WIB."),
        nama=newest.nama,
        jabatan=newest.jabatan,
        jam=newest.waktu.astimezone(WIB).strftime("%H.%M"),
    )
