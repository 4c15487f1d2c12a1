"""Fictional residents by the hundred thousand: plain rows, the same on every machine.

`app/services/benih_warga.py` makes a few hundred through the ORM; here a million must take
seconds, so a row is a tuple of texts in the order of `KELUARGA` and `PENDUDUK`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from app.services.benih_nama import (
    BELAKANG_LAKI_LAKI,
    BELAKANG_PEREMPUAN,
    JALAN,
    LAKI_LAKI,
    PEREMPUAN,
    TEMPAT_LAHIR,
)

BIBIT = 2026
HARI_ACUAN = date(2026, 1, 1)
WAKTU_ACUAN = "2026-01-02 01:00:00.000000"

LANGKA = "Wiryawardana"
"""A last name that a dozen residents bear, whatever the size: the rare word of a search."""

KELUARGA = (
    *("id", "nama_kepala", "no_kk", "alamat", "wilayah_id"),
    *("kecamatan_id", "kelurahan_id", "rw_id", "rt_id", "created_at", "revisi"),
)
PENDUDUK = (
    *("id", "nama", "nik", "nik_sementara", "keluarga_id", "shdk", "jenis_kelamin"),
    *("tempat_lahir", "tanggal_lahir", "agama", "golongan_darah", "kewarganegaraan"),
    *("status_kawin", "status_catat_kawin", "pekerjaan_id", "pendidikan_id"),
    *("nama_ayah", "nama_ibu", "alamat", "wilayah_id", "status_penduduk", "status_dasar"),
    *("kecamatan_id", "kelurahan_id", "rw_id", "rt_id", "created_at", "revisi"),
)

Row = tuple[str | None, ...]

_PREFIKS = ("357401", "357402", "357403", "357404", "357405")
URUT_PERTAMA = 20
"""Serials 9920 to 9999: demo numbers (DOMAIN), above those of the seed."""

_SUKU = ("ra", "ni", "ma", "lo", "ku", "sa", "de", "wi", "ta", "ri", "bu", "no", "fa", "ji", "pe")
_AGAMA = (*("islam",) * 46, "kristen", "katolik", "hindu", "buddha")
_DARAH = ("a", "b", "ab", "o", "tidak_tahu", None)
_DASAR = (*("hidup",) * 47, "mati", "pindah", "pindah")


@dataclass(frozen=True)
class Tempat:
    """An RT with the units above it, as the area columns name them."""

    kecamatan_id: int
    kelurahan_id: int
    rw_id: int
    rt_id: int


class Warga:
    """One source of chance that makes one family after the other.

    ``urut`` is the first serial of its numbers: two of them on one database begin apart.
    """

    def __init__(
        self,
        referensi: Mapping[str, Sequence[int]],
        bibit: int = BIBIT,
        urut: int = URUT_PERTAMA,
    ) -> None:
        self.urut = urut
        self.acak = Random(bibit)
        self.pekerjaan = [str(id_) for id_ in referensi["pekerjaan"]]
        self.pendidikan = [str(id_) for id_ in referensi["pendidikan_kk"]]
        self.terpakai: dict[str, int] = {}
        self.orang = 0

    def pilih(self, pilihan: Sequence[str]) -> str:
        """Choose one; much faster than `Random.choice`."""
        return pilihan[int(self.acak.random() * len(pilihan))]

    def nomor(self, tanggal: str) -> str:
        """Return a free number of 16 digits for DDMMYY, none twice."""
        awal = self.pilih(_PREFIKS) + tanggal
        urut = self.terpakai.get(awal, self.urut)
        self.terpakai[awal] = urut + 1
        if urut > 99:
            raise ValueError(f"the demo serials of {tanggal} are used up")
        return f"{awal}99{urut:02}"

    def nama(self, *, perempuan: bool) -> str:
        """Return a name; every fourth has a middle part, so that words are many."""
        depan, akhir = (
            (PEREMPUAN, BELAKANG_PEREMPUAN) if perempuan else (LAKI_LAKI, BELAKANG_LAKI_LAKI)
        )
        if self.acak.random() < 0.25:
            tengah = "".join(self.pilih(_SUKU) for _ in range(3)).capitalize()
            return f"{self.pilih(depan)} {tengah} {self.pilih(akhir)}"
        return f"{self.pilih(depan)} {self.pilih(akhir)}"

    def families(
        self, count: int, tempat: Sequence[Tempat], keluarga_id: int, penduduk_id: int
    ) -> Iterator[tuple[Row, list[Row]]]:
        """Yield families until ``count`` people are made; RT within a kelurahan by chance.

        A dozen of all people get the rare last name.
        """
        by_kelurahan: dict[int, list[Tempat]] = {}
        for t in tempat:
            by_kelurahan.setdefault(t.kelurahan_id, []).append(t)
        kelurahan = list(by_kelurahan.values())
        made, langka = 0, max(1, count // 12)
        while made < count:
            rt = kelurahan[made * len(kelurahan) // count]
            kk, people = self._family(rt[int(self.acak.random() * len(rt))], keluarga_id)
            rows: list[Row] = []
            for orang in people[: count - made]:
                if made % langka == langka // 2:
                    orang[0] = f"{orang[0].split()[0]} {LANGKA}"
                rows.append((str(penduduk_id + made), *orang))
                made += 1
            yield kk, rows
            keluarga_id += 1

    def _family(self, t: Tempat, keluarga_id: int) -> tuple[Row, list[list[str | None]]]:
        acak = self.acak.random
        area = (str(t.kecamatan_id), str(t.kelurahan_id), str(t.rw_id), str(t.rt_id))
        alamat = f"{self.pilih(JALAN)} {int(acak() * 200) + 1}"
        agama = self.pilih(_AGAMA)
        usia = 25 + int(acak() * 41)
        own = (alamat, agama, keluarga_id, area)
        kawin = acak() < 0.8
        status = "kawin" if kawin else "cerai_mati"
        suami = self._orang("kepala_keluarga", usia, False, status, own, None, None)
        people = [suami]
        ibu = self.nama(perempuan=True)
        if kawin:
            istri = self._orang("istri", max(21, usia - int(acak() * 8)), True, status, own)
            people.append(istri)
            ibu = istri[0] or ibu
        for _ in range(int(acak() * 4)):
            umur = max(0, usia - 22 - int(acak() * 18))
            people.append(
                self._orang("anak", umur, acak() < 0.5, "belum_kawin", own, suami[0], ibu)
            )
        terbit = HARI_ACUAN - timedelta(days=30 + int(acak() * 4000))
        kk = (
            *(str(keluarga_id), suami[0], self.nomor(f"{terbit:%d%m%y}"), alamat, area[3]),
            *(*area, WAKTU_ACUAN, "1"),
        )
        return kk, people

    def _orang(
        self,
        shdk: str,
        usia: int,
        perempuan: bool,
        status_kawin: str,
        own: tuple[str, str, int, tuple[str, str, str, str]],
        ayah: str | None = None,
        ibu: str | None = None,
    ) -> list[str | None]:
        alamat, agama, keluarga_id, area = own
        acak = self.acak.random
        lahir = HARI_ACUAN - timedelta(days=int(usia * 365.25) + 1 + int(acak() * 363))
        hari = lahir.day + 40 if perempuan else lahir.day
        return [
            self.nama(perempuan=perempuan),
            self.nomor(f"{hari:02}{lahir.month:02}{lahir.year % 100:02}"),
            "0",
            str(keluarga_id),
            shdk,
            "p" if perempuan else "l",
            self.pilih(TEMPAT_LAHIR),
            lahir.isoformat(),
            agama,
            self.pilih(_DARAH),  # type: ignore[arg-type]  # the blank group is a choice too
            "wni",
            status_kawin,
            "tercatat" if status_kawin == "kawin" else None,
            self.pilih(self.pekerjaan),
            self.pilih(self.pendidikan),
            ayah or self.nama(perempuan=False),
            ibu or self.nama(perempuan=True),
            alamat,
            area[3],
            "tetap",
            self.pilih(_DASAR),
            *area,
            WAKTU_ACUAN,
            "1",
        ]
