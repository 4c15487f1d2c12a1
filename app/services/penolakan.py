"""The words for what the engine refuses; it knows only codes."""

from datetime import timedelta, timezone

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import BangkitError, DataBerubahError, TidakBerwenangError
from app.models.berkas import Berkas
from app.models.pengguna import Pengguna
from app.models.riwayat import Riwayat
from app.routing import WIB_MENIT, Keadaan, KodeTolak
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
    KodeTolak.SEDANG_DIKERJAKAN: (DataBerubahError, N_("Sedang dikerjakan petugas lain.")),
    KodeTolak.BUKAN_ATASAN: (
        TidakBerwenangError,
        N_("Hanya atasan meja ini yang dapat melakukannya."),
    ),
    KodeTolak.TIDAK_ADA_TUJUAN: (
        DataBerubahError,
        N_("Tidak ada meja lain untuk tahap ini sekarang."),
    ),
    KodeTolak.TIDAK_DAPAT_DIURUNGKAN: (
        DataBerubahError,
        N_("Keputusan ini tidak dapat diurungkan lagi."),
    ),
    KodeTolak.BELUM_WAKTUNYA: (DataBerubahError, N_("Belum waktunya.")),
    KodeTolak.VERSI_TIDAK_COCOK: (
        DataBerubahError,
        N_("Tahap berkas ini tidak ada pada versi baru."),
    ),
}


def refusal(session: Session, berkas: Berkas, kode: KodeTolak, keadaan: Keadaan) -> BangkitError:
    """Return the words for a refusal.

    A stale page is told who acted and when (ROUTING §3 case 2), a latecomer who works on it and
    until when (case 18).
    """
    kind, message = REFUSALS[kode]
    if kode is KodeTolak.SEDANG_DIKERJAKAN and keadaan.terbuka and keadaan.terbuka.klaim:
        klaim = keadaan.terbuka.klaim
        return DataBerubahError(
            N_("Sedang dikerjakan %(nama)s sampai pukul %(jam)s WIB."),
            nama=session.scalar(select(Pengguna.nama).where(Pengguna.id == klaim.pengguna_id)),
            jam=klaim.sampai.astimezone(WIB).strftime("%H.%M"),
        )
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
