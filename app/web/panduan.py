"""The first tour: five steps for each kind of work, and the offer of it on Beranda."""

from flask import Blueprint, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from app.models.pelaku import Pelaku
from app.services.panduan import is_offered, tutup
from app.teks import N_
from app.web.berkas import require_login, session_and_pelaku

pages = Blueprint("panduan", __name__, url_prefix="/panduan")
pages.before_request(require_login)

Langkah = tuple[str, str]
"""What to do, and how."""

ANTREAN = (
    N_("Buka Berkas Masuk"),
    N_("Yang sisa waktunya paling sedikit berdiri paling atas; yang melewati SOP bertanda merah."),
)
BACA = (
    N_("Baca sebelum memutuskan"),
    N_("Halaman berkas memuat isian, persyaratan, lampiran, dan petunjuk tahap Anda."),
)
KEMBALIKAN = (
    N_("Kembalikan bila ada yang kurang"),
    N_(
        "Pilih alasannya dan tulis apa yang perlu diperbaiki; pengaju memperbaiki berkas yang sama."
    ),
)
URUNGKAN = (
    N_("Salah tekan? Urungkan"),
    N_("Selama satu menit, dan sebelum meja berikutnya bertindak, keputusan dapat diurungkan."),
)

PANDUAN: tuple[tuple[tuple[str, ...], str, tuple[Langkah, ...]], ...] = (
    (
        ("ketua_rt", "ketua_rw"),
        N_("Untuk Ketua RT dan Ketua RW"),
        (
            (
                N_("Tekan Berkas Baru"),
                N_("Pilih layanan, cari warga dengan NIK atau nama, lalu isi yang berbintang."),
            ),
            (
                N_("Foto persyaratannya"),
                N_("Ponsel membuka kamera; lokasi dan jenis kamera dihapus dari foto."),
            ),
            (
                N_("Serahkan kode lacak"),
                N_(
                    "Kode tampil sekali di tanda terima; dengan kode itu warga mengikuti berkasnya."
                ),
            ),
            (
                N_("Setujui berkas warga Anda"),
                N_("Di Berkas Masuk, tekan Setujui langsung pada barisnya bila semua sudah benar."),
            ),
            KEMBALIKAN,
        ),
    ),
    (
        ("petugas_kelurahan", "petugas_kecamatan", "kasi_kelurahan", "kasi_kecamatan"),
        N_("Untuk petugas pelayanan dan kepala seksi"),
        (
            ANTREAN,
            BACA,
            (
                N_("Selesaikan tahap Anda"),
                N_("Teruskan atau paraf dari barisnya atau dari halaman berkas."),
            ),
            KEMBALIKAN,
            URUNGKAN,
        ),
    ),
    (
        ("sekretaris_kelurahan", "lurah", "sekcam", "camat"),
        N_("Untuk pimpinan"),
        (
            (
                N_("Mulai dari Perlu tanda tangan"),
                N_("Kotak di Beranda membuka hanya berkas yang menunggu tanda tangan Anda."),
            ),
            BACA,
            (
                N_("Tanda tangani"),
                N_("Tanda tangan memberi nomor surat dan tidak dapat diurungkan."),
            ),
            (
                N_("Lihat yang terlambat"),
                N_("Berkas yang melewati SOP di meja bawahan tampil di bawah antrean Anda."),
            ),
            (
                N_("Baca angka hari ini"),
                N_("Beranda menyebut yang masuk, yang selesai, dan rata-rata waktu terhadap SOP."),
            ),
        ),
    ),
    (
        ("admin_kecamatan",),
        N_("Untuk admin kecamatan"),
        (
            (
                N_("Ikuti daftar Persiapan"),
                N_("Beranda mencentang wilayah, jam layanan, layanan, dan penugasan yang ada."),
            ),
            (
                N_("Isi jabatan yang kosong"),
                N_("Buka Jabatan Kosong, lalu beri akun sebuah penugasan dengan masa berlakunya."),
            ),
            (
                N_("Terbitkan layanan"),
                N_("Ubah konsep, periksa dengan simulasi setiap RT, lalu terbitkan."),
            ),
            (
                N_("Atur jam dan hari libur"),
                N_("Batas waktu dihitung hanya dalam jam layanan unit yang memegang berkas."),
            ),
            (
                N_("Tinjau hak akses"),
                N_("Halaman Hak Akses menunjukkan apa yang dapat dibuka tiap peran."),
            ),
        ),
    ),
    (
        ("auditor",),
        N_("Untuk auditor"),
        (
            (N_("Mulai dari Semua Berkas"), N_("Saring menurut wilayah, layanan, atau status.")),
            (
                N_("Baca riwayat berkas"),
                N_("Setiap keputusan menyebut siapa, dalam jabatan apa, kapan, dan berapa menit."),
            ),
            (
                N_("Tanyakan mengapa di sini"),
                N_("Setiap perpindahan berkas menyebut alasannya."),
            ),
            (
                N_("Unduh yang Anda perlukan"),
                N_("Setiap unduhan tercatat dengan saringan dan alasannya."),
            ),
            (
                N_("Tinjau hak akses"),
                N_("Halaman Hak Akses menunjukkan apa yang dapat dibuka tiap peran."),
            ),
        ),
    ),
)
"""Peran, title, and just five steps; a person with several posts reads each tour once."""


def tours(pelaku: Pelaku) -> list[dict[str, object]]:
    """Return the tours of the person's posts."""
    return [
        {
            "judul": gettext(judul),
            "langkah": [{"nama": gettext(n), "teks": gettext(t)} for n, t in langkah],
        }
        for peran, judul, langkah in PANDUAN
        if pelaku.has_peran(*peran)
    ]


@pages.get("/")
def buka() -> str:
    """Show the tour of this person's work."""
    session, pelaku = session_and_pelaku()
    return render_template(
        "panduan.html", panduan=tours(pelaku), ditawarkan=is_offered(session, pelaku)
    )


@pages.post("/tutup/")
def selesai() -> BaseResponse:
    """Offer the tour no more."""
    session, pelaku = session_and_pelaku()
    tutup(session, pelaku)
    session.commit()
    return redirect(url_for("BerandaView.index"))
