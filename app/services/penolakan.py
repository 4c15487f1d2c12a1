"""The words for what the engine refuses; it knows only codes."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import BangkitError, DataBerubahError, TidakBerwenangError
from app.models.berkas import Berkas
from app.models.pengguna import Pengguna
from app.models.riwayat import JenisRiwayat, Riwayat
from app.routing import Keadaan, Klaim, KodeTolak
from app.services.nomor import WIB
from app.teks import N_

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


DIDAHULUI = frozenset(
    {KodeTolak.KUNJUNGAN_USANG, KodeTolak.SUDAH_DITUTUP, KodeTolak.SUDAH_DIAJUKAN}
)
"""Refusals because somebody was first: the page tells who, what and when."""


def refusal(
    session: Session, berkas: Berkas, kode: KodeTolak, keadaan: Keadaan, ke: int = 0
) -> BangkitError:
    """Return the words for a refusal of an act on the visit ``ke``.

    A stale page is told who acted and when (ROUTING §3 cases 2 and 27), a latecomer who works on
    it and until when (case 18).
    """
    kind, message = REFUSALS[kode]
    if kode is KodeTolak.SEDANG_DIKERJAKAN and keadaan.terbuka and keadaan.terbuka.klaim:
        return _claimed(session, keadaan.terbuka.klaim)
    row = _deciding_row(session, berkas.id, ke) if kode in DIDAHULUI else None
    if row is None:
        return kind(message)
    if kode is KodeTolak.KUNJUNGAN_USANG:
        message = N_("Tahap ini sudah diputuskan oleh %(nama)s (%(jabatan)s) pukul %(jam)s WIB.")
    return DataBerubahError(
        message,
        {
            N_("Tindakan"): JenisRiwayat(row.jenis).label,
            N_("Oleh"): row.nama,
            N_("Jabatan"): row.jabatan,
            N_("Waktu"): row.waktu,
        },
        nama=row.nama,
        jabatan=row.jabatan,
        jam=row.waktu.astimezone(WIB).strftime("%H.%M"),
    )


def _claimed(session: Session, klaim: Klaim) -> DataBerubahError:
    nama = session.scalar(select(Pengguna.nama).where(Pengguna.id == klaim.pengguna_id)) or ""
    return DataBerubahError(
        N_("Sedang dikerjakan %(nama)s sampai pukul %(jam)s WIB."),
        {N_("Dikerjakan oleh"): nama, N_("Sampai"): klaim.sampai},
        nama=nama,
        jam=klaim.sampai.astimezone(WIB).strftime("%H.%M"),
    )


def _deciding_row(session: Session, berkas_id: int, ke: int) -> Riwayat | None:
    """Return the entry that closed the visit the person looked at, else the newest."""
    newest = select(Riwayat).where(Riwayat.berkas_id == berkas_id).order_by(Riwayat.nomor.desc())
    closing = newest.where(Riwayat.kunjungan_ke == ke)
    return session.scalars(closing).first() or session.scalars(newest).first()
