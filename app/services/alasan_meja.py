""" "Mengapa di sini?": why a berkas lies at a desk, or passed it by; one text for all readers.

Pure: the alur, the state and the world of that moment in, sentences out. No text names a person
or holds an answer, so the officer and the resident read the same (ROUTING §5).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.models.penugasan import Sifat, sebutan_of
from app.models.peran import Peran
from app.models.seksi import Seksi
from app.models.wilayah import Tingkat, Wilayah
from app.routing import (
    Alur,
    Dunia,
    JenisAksi,
    Keadaan,
    Kunjungan,
    Meja,
    Peristiwa,
    Sebab,
    StatusKunjungan,
    Tahapan,
)
from app.routing.kandidat import earlier_approvers, own_desk
from app.services.kata_syarat import Kolom, join_words, kata_kolom, kata_syarat
from app.teks import N_, Kalimat

MEJA_SENDIRI = N_("Di meja %(meja)s, yang memegang tahap ini untuk wilayah asal berkas.")
TANPA_PEJABAT = N_("belum ada pejabatnya")
KELUARGA = N_("berkas ini milik pejabatnya sendiri atau keluarganya satu KK")
PELAKSANA = N_("hanya dijabat pelaksana, sedangkan tahap ini perlu pejabat definitif")
SUDAH_SETUJU = N_("pejabatnya sudah memutus tahap sebelumnya, sedangkan tahap ini perlu orang lain")
TIDAK_DAPAT = N_("saat itu tidak ada pejabatnya yang dapat bertindak")


@dataclass(frozen=True)
class Sebutan:
    """The words for the codes and ids of a berkas' path."""

    peran: Mapping[str, Peran]
    wilayah: Mapping[int, Wilayah]
    seksi: Mapping[tuple[int, str], Seksi] = field(default_factory=dict)
    kolom: Kolom = field(default_factory=dict)

    def desk(self, meja: Meja, peran: str | None = None) -> str:
        """Return a desk as letters print it, without who sits there."""
        kode = peran or meja.peran
        seksi = self.seksi.get((meja.wilayah_id, meja.seksi_kode or ""))
        return sebutan_of(self.peran[kode], self.wilayah[meja.wilayah_id], seksi, Sifat.DEFINITIF)

    def unit(self, wilayah_id: int) -> str:
        """Return the full name of a unit."""
        return self.wilayah[wilayah_id].sebutan


def alasan_meja(
    alur: Alur, keadaan: Keadaan, kunjungan: Kunjungan, dunia: Dunia, sebutan: Sebutan
) -> Kalimat:
    """Return why this visit stands where it does, or why its step was skipped.

    ``keadaan`` is the state right after the event that opened or skipped it, ``dunia`` the world
    of that moment.
    """
    tahapan = alur.step(kunjungan.tahapan)
    if kunjungan.meja is None:
        return _lewat(tahapan, keadaan, kunjungan, dunia, sebutan)
    meja = sebutan.desk(kunjungan.meja)
    if kunjungan.sebab is None:
        return Kalimat(MEJA_SENDIRI, {"meja": meja})
    if kunjungan.sebab is Sebab.PENGGANTI:
        lama = sebutan.unit(keadaan.jalur[tahapan.tingkat])
        return Kalimat(
            N_("Di meja %(meja)s, pengganti %(lama)s yang sudah tidak berlaku."),
            {"meja": meja, "lama": lama},
        )
    own = own_desk(tahapan, keadaan, dunia)
    kosong = Kalimat(sebab_kosong(tahapan, keadaan, own, dunia))
    if kunjungan.sebab is Sebab.NAIK:
        return Kalimat(
            N_("Naik ke meja %(meja)s. Tahap ini tugas %(asal)s, tetapi %(kosong)s."),
            {"meja": meja, "asal": sebutan.desk(own), "kosong": kosong},
        )
    return Kalimat(
        N_("Menunggu di meja %(meja)s, tetapi %(kosong)s. Atasan melihat bahwa meja ini kosong."),
        {"meja": meja, "kosong": kosong},
    )


def _lewat(
    tahapan: Tahapan, keadaan: Keadaan, kunjungan: Kunjungan, dunia: Dunia, sebutan: Sebutan
) -> Kalimat:
    tingkat = Kalimat(Tingkat(tahapan.tingkat).label)
    match kunjungan.sebab:
        case Sebab.SYARAT:
            syarat = kata_syarat(tahapan.syarat, sebutan.kolom)
            return Kalimat(N_("Dilewati: tahap ini hanya bila %(syarat)s."), {"syarat": syarat})
        case Sebab.TINGKAT_TIDAK_ADA:
            return Kalimat(
                N_("Dilewati: wilayah asal berkas tidak mempunyai %(tingkat)s."),
                {"tingkat": tingkat},
            )
        case Sebab.SURAT_PENGANTAR:
            return Kalimat(
                N_("Dilewati: surat pengantar RT/RW yang sudah ditandatangani dilampirkan.")
            )
        case Sebab.TIDAK_DIWAJIBKAN:
            return Kalimat(
                N_("Dilewati: tahap %(tingkat)s tidak diwajibkan, dan berkas diajukan di atasnya."),
                {"tingkat": tingkat},
            )
    own = own_desk(tahapan, keadaan, dunia)
    return Kalimat(
        N_("Dilewati: ini tugas %(asal)s, tetapi %(kosong)s; tahap ini boleh lewat bila kosong."),
        {
            "asal": sebutan.desk(own),
            "kosong": Kalimat(sebab_kosong(tahapan, keadaan, own, dunia)),
        },
    )


def sebab_kosong(tahapan: Tahapan, keadaan: Keadaan, meja: Meja, dunia: Dunia) -> str:
    """Return why nobody at a step's own desk could take it (ROUTING §2, Eligible)."""
    holders = dunia.holders(meja.peran, meja.wilayah_id, meja.seksi_kode)
    if not holders:
        return TANPA_PEJABAT
    approvers = earlier_approvers(keadaan, tahapan.urutan)
    if all(p.pengguna_id in dunia.keluarga_pemohon for p in holders):
        return KELUARGA
    if not tahapan.boleh_pelaksana and all(p.is_pelaksana for p in holders):
        return PELAKSANA
    if tahapan.beda_orang and all(p.pengguna_id in approvers for p in holders):
        return SUDAH_SETUJU
    return TIDAK_DAPAT


def alasan_terbuka(kunjungan: Kunjungan) -> Kalimat | None:
    """Return why a superior may act on the visit too; None where the ladder did not open it."""
    if not kunjungan.buka_atasan:
        return None
    return Kalimat(N_("Terbuka juga bagi atasan, karena batas waktunya lewat."))


def alasan_lanjut(
    alur: Alur, before: Keadaan, peristiwa: Peristiwa, sebutan: Sebutan
) -> Kalimat | None:
    """Return why the flow takes up again just here; None where it simply goes on."""
    if peristiwa.jenis is JenisAksi.AJUKAN and before.balik_ke is not None:
        return _after_correction(alur, before, peristiwa, sebutan)
    said = LANJUT.get(peristiwa.jenis)
    return Kalimat(said) if said else None


LANJUT = {
    JenisAksi.URUNGKAN: N_("Dibuka lagi, karena keputusan sebelumnya diurungkan."),
    JenisAksi.ALIHKAN: N_("Dialihkan ke sini dari meja lain."),
    JenisAksi.MIGRASI: N_("Dilanjutkan di sini menurut versi layanan yang baru."),
}


def _after_correction(
    alur: Alur, before: Keadaan, peristiwa: Peristiwa, sebutan: Sebutan
) -> Kalimat:
    """Tell which rule of ROUTING §3 cases 20 to 23 chose the step."""
    if peristiwa.pengajuan is not None and dict(peristiwa.pengajuan.jalur) != dict(before.jalur):
        return Kalimat(N_("Mulai lagi dari tahap pertama, karena wilayah asal berkas berubah."))
    start = min((k.urutan for k in peristiwa.kunjungan_baru), default=0)
    step = next((t for t in alur.tahapan if t.urutan == start), None)
    changed = [k for k in peristiwa.kolom_berubah if step and k in step.kolom_dijamin]
    standing = {k.urutan: k for k in before.berlaku}
    earlier = standing.get(start)
    if changed and earlier is not None and earlier.status is StatusKunjungan.DISETUJUI:
        kolom = join_words([kata_kolom(k, sebutan.kolom) for k in changed])
        return Kalimat(
            N_("Dilanjutkan dari sini sesudah perbaikan: %(kolom)s berubah, dijamin tahap ini."),
            {"kolom": kolom},
        )
    if earlier is not None and earlier.sebab is Sebab.SYARAT:
        return Kalimat(
            N_("Dilanjutkan dari sini sesudah perbaikan: tadinya dilewati, kini diperlukan.")
        )
    return Kalimat(
        N_("Dilanjutkan di sini sesudah perbaikan, karena tahap ini yang mengembalikan.")
    )
