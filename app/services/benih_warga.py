"""Makes one fictional family after the other: who lives in it, and facts that fit together."""

from collections.abc import Mapping
from datetime import date, timedelta
from random import Random
from typing import Any

from app.models.biodata import (
    Agama,
    GolonganDarah,
    JenisKelamin,
    Shdk,
    StatusCatatKawin,
    StatusDasar,
    StatusKawin,
)
from app.models.keluarga import Keluarga
from app.models.penduduk import Penduduk
from app.services.benih_nama import JALAN, TEMPAT_LAHIR, random_nama

HARI_ACUAN = date(2026, 1, 1)
"""The day ages are counted on; fixed, so that the data are the same on every day."""

PREFIKS = "357401"
"""Kecamatan Kademangan, as the place of first registration."""

URUT_CONTOH = range(9901, 10000)
"""Serials kept for demo data (DOMAIN "Words on screen")."""

P = JenisKelamin.PEREMPUAN
L = JenisKelamin.LAKI_LAKI

AGAMA = (*(Agama.ISLAM,) * 46, Agama.KRISTEN, Agama.KATOLIK, Agama.HINDU, Agama.BUDDHA)

# Codes of `referensi/pekerjaan.csv`.
BELUM_BEKERJA, RUMAH_TANGGA, PELAJAR, PENSIUNAN = "1", "2", "3", "4"
PEKERJAAN_LAKI_LAKI = ("9", "11", "13", "15", "15", "19", "20", "21", "26", "81", "84", "88", "88")
PEKERJAAN_PEREMPUAN = (*(RUMAH_TANGGA,) * 6, "15", "19", "30", "84", "88")
PEKERJAAN_SARJANA = ("5", "15", "16", "65", "65", "88")

# Codes of `referensi/pendidikan_kk.csv`: the oldest age each fits, then what adults have.
PENDIDIKAN_ANAK = ((6, "1"), (12, "2"), (15, "3"), (18, "4"))
PENDIDIKAN_DEWASA = ("3", "3", "4", "4", "5", "5", "5", "5", "7", "8")
SARJANA = "8"


class Nomor:
    """Hands out NIK and No KK of demo data, none twice."""

    def __init__(self) -> None:
        self._used: set[str] = set()

    def nik(self, lahir: date, jenis_kelamin: JenisKelamin) -> str:
        """Return a free NIK that agrees with birth date and sex."""
        hari = lahir.day + (40 if jenis_kelamin == P else 0)
        return self._free(f"{PREFIKS}{hari:02}{lahir:%m%y}")

    def no_kk(self, terbit: date) -> str:
        """Return a free No KK issued on this day."""
        return self._free(f"{PREFIKS}{terbit:%d%m%y}")

    def _free(self, awal: str) -> str:
        nomor = next(n for urut in URUT_CONTOH if (n := f"{awal}{urut}") not in self._used)
        self._used.add(nomor)
        return nomor


class Warga:
    """Makes families with one source of chance, so that each run makes the same ones.

    ``referensi`` maps (daftar, kode) to the id of the `Referensi`.
    """

    def __init__(self, acak: Random, referensi: Mapping[tuple[str, str], int]) -> None:
        self.acak = acak
        self.referensi = referensi
        self.nik, self.kk = Nomor(), Nomor()

    def keluarga(self, rt_id: int) -> Keluarga:
        """Return a family of an RT: a couple, a widowed or divorced parent, or one person."""
        terbit = HARI_ACUAN - timedelta(days=self.acak.randrange(30, 4000))
        kk = Keluarga(
            no_kk=self.kk.no_kk(terbit),
            alamat=f"{self.acak.choice(JALAN)} {self.acak.randrange(1, 90)}",
            wilayah_id=rt_id,
        )
        bentuk = self.acak.choices(
            (self._pasangan, self._orang_tua_tunggal, self._sendiri), (9, 2, 1)
        )
        bentuk[0](kk, self.acak.choice(AGAMA))
        kk.nama_kepala = kk.anggota[0].nama
        return kk

    def add_anggota(
        self, kk: Keluarga, shdk: Shdk, jenis_kelamin: JenisKelamin, usia: int, **facts: Any
    ) -> Penduduk:
        """Add a member of this age to a family; ``facts`` replace what chance would choose."""
        lahir = HARI_ACUAN - timedelta(days=int(usia * 365.25) + self.acak.randrange(1, 365))
        status_kawin = facts.pop("status_kawin", StatusKawin.BELUM_KAWIN)
        pendidikan = self._pendidikan(usia)
        fields = {
            "nama": random_nama(self.acak, is_perempuan=jenis_kelamin == P),
            "nik": self.nik.nik(lahir, jenis_kelamin),
            "tempat_lahir": self.acak.choice(TEMPAT_LAHIR) if usia > 20 else "Probolinggo",
            "golongan_darah": self.acak.choice(list(GolonganDarah)),
            "nama_ayah": random_nama(self.acak, is_perempuan=False),
            "nama_ibu": random_nama(self.acak, is_perempuan=True),
            "status_catat_kawin": self._catat_kawin(status_kawin),
            "pendidikan_id": self.referensi["pendidikan_kk", pendidikan],
            "pekerjaan_id": self.referensi[
                "pekerjaan", self._pekerjaan(usia, jenis_kelamin, pendidikan)
            ],
        }
        return Penduduk(
            keluarga=kk,
            shdk=shdk,
            jenis_kelamin=jenis_kelamin,
            tanggal_lahir=lahir,
            status_kawin=status_kawin,
            alamat=kk.alamat,
            wilayah_id=kk.wilayah_id,
            **{**fields, **facts},
        )

    def _pasangan(self, kk: Keluarga, agama: Agama) -> None:
        kawin = {"status_kawin": StatusKawin.KAWIN, "agama": agama}
        usia = self.acak.randrange(25, 66)
        suami = self.add_anggota(kk, Shdk.KEPALA_KELUARGA, L, usia, **kawin)
        usia_istri = max(21, usia - self.acak.randrange(0, 8))
        istri = self.add_anggota(kk, Shdk.ISTRI, P, usia_istri, **kawin)
        count = self.acak.choices((0, 1, 2, 3), (3, 6, 6, 2))[0]
        self._anak(kk, count, usia_istri, agama, suami.nama, istri.nama)
        if usia < 45 and self.acak.random() < 0.15:
            self._lansia(kk, usia + self.acak.randrange(22, 32), agama, suami)

    def _lansia(self, kk: Keluarga, usia: int, agama: Agama, suami: Penduduk) -> None:
        ibu = self.add_anggota(
            kk, Shdk.ORANG_TUA, P, usia, status_kawin=StatusKawin.CERAI_MATI, agama=agama
        )
        suami.nama_ibu = ibu.nama

    def _orang_tua_tunggal(self, kk: Keluarga, agama: Agama) -> None:
        jenis_kelamin = self.acak.choice((P, P, L))
        usia = self.acak.randrange(32, 70)
        status = StatusKawin.CERAI_MATI if usia > 50 else StatusKawin.CERAI_HIDUP
        kepala = self.add_anggota(
            kk, Shdk.KEPALA_KELUARGA, jenis_kelamin, usia, status_kawin=status, agama=agama
        )
        lain = random_nama(self.acak, is_perempuan=jenis_kelamin == L)
        ayah, ibu = (kepala.nama, lain) if jenis_kelamin == L else (lain, kepala.nama)
        self._anak(kk, self.acak.choice((0, 1, 1, 2)), usia, agama, ayah, ibu)

    def _sendiri(self, kk: Keluarga, agama: Agama) -> None:
        jenis_kelamin = self.acak.choice((L, P))
        self.add_anggota(
            kk, Shdk.KEPALA_KELUARGA, jenis_kelamin, self.acak.randrange(22, 40), agama=agama
        )

    def _anak(
        self, kk: Keluarga, count: int, usia_ibu: int, agama: Agama, ayah: str, ibu: str
    ) -> None:
        """Add children born when their mother was 20 to 40, and not older than 24."""
        ages = [u for u in range(25) if 20 <= usia_ibu - u <= 40]
        for usia in sorted(self.acak.sample(ages, min(count, len(ages))), reverse=True):
            self.add_anggota(
                kk,
                Shdk.ANAK,
                self.acak.choice((L, P)),
                usia,
                agama=agama,
                nama_ayah=ayah,
                nama_ibu=ibu,
            )

    def _catat_kawin(self, status: StatusKawin) -> StatusCatatKawin | None:
        if status != StatusKawin.KAWIN:
            return None
        is_tercatat = self.acak.random() < 0.93
        return StatusCatatKawin.TERCATAT if is_tercatat else StatusCatatKawin.BELUM_TERCATAT

    def _pendidikan(self, usia: int) -> str:
        for sampai, kode in PENDIDIKAN_ANAK:
            if usia <= sampai:
                return kode
        return self.acak.choice(PENDIDIKAN_DEWASA if usia > 22 else ("4", "5", "5"))

    def _pekerjaan(self, usia: int, jenis_kelamin: JenisKelamin, pendidikan: str) -> str:
        if usia < 19:
            return BELUM_BEKERJA if usia < 6 else PELAJAR
        if usia > 62:
            return PENSIUNAN if pendidikan == SARJANA else BELUM_BEKERJA
        if pendidikan == SARJANA:
            return self.acak.choice(PEKERJAAN_SARJANA)
        return self.acak.choice(PEKERJAAN_PEREMPUAN if jenis_kelamin == P else PEKERJAAN_LAKI_LAKI)


def add_khusus(warga: Warga, keluarga: Keluarga, status_dasar: StatusDasar) -> Penduduk:
    """Add a relative who died or moved away, for the rules that look at it (DOMAIN "Layanan")."""
    return warga.add_anggota(
        keluarga,
        Shdk.FAMILI_LAIN,
        P,
        74,
        status_kawin=StatusKawin.CERAI_MATI,
        agama=keluarga.anggota[0].agama,
        status_dasar=status_dasar,
    )
