"""The event a decision yields: one row of riwayat, enough to replay the projection from."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from app.routing.aksi import Aksi
from app.routing.dunia import Dunia, Pemegang
from app.routing.jenis import JenisAksi
from app.routing.keadaan import Keadaan, Klaim, Kunjungan, Meja, MejaPengaju, Sebab, StatusKunjungan


@dataclass(frozen=True)
class Pengajuan:
    """What a filing freezes: the filing desk, the jalur, and whether a surat pengantar came."""

    pengaju: MejaPengaju
    jalur: Mapping[str, int]
    surat_pengantar: bool = False


@dataclass(frozen=True)
class Peristiwa:
    """One act as it happened; an act is one event, with the skips and the desk it led to.

    ``nomor`` counts from 1 within the berkas; ``ke`` is the visit this act closed, None for a
    filing and for what leaves visits open; ``kunjungan_ubah`` are visits it changed in place,
    ``kunjungan_baru`` those it added: the skipped steps, then at most one open. ``pada`` is the
    moment, ``rincian`` the ids and codes of an act of the system.

    ``data`` (the new values of a filing), ``catatan`` and ``alasan_kode`` have columns of their
    own and stay out of ``to_isi``: riwayat.isi holds no personal text (ROUTING §3 case 51).
    """

    nomor: int
    jenis: JenisAksi
    pelaku: Pemegang
    ke: int | None = None
    pada: datetime = Dunia.kini
    kunjungan_ubah: tuple[Kunjungan, ...] = ()
    kunjungan_baru: tuple[Kunjungan, ...] = ()
    pengajuan: Pengajuan | None = None
    kolom_berubah: tuple[str, ...] = ()
    data: Mapping[str, object] | None = None
    catatan: str = ""
    alasan_kode: str = ""
    rincian: Mapping[str, object] = field(default_factory=dict)

    def to_isi(self) -> dict[str, Any]:
        """Return the JSON-serialisable payload for riwayat.isi: ids and codes only."""
        return {
            "nomor": self.nomor,
            "jenis": self.jenis.value,
            "pelaku": asdict(self.pelaku),
            "ke": self.ke,
            "pada": self.pada.isoformat(),
            "kunjungan_ubah": [_dump_kunjungan(k) for k in self.kunjungan_ubah],
            "kunjungan_baru": [_dump_kunjungan(k) for k in self.kunjungan_baru],
            "pengajuan": _dump_pengajuan(self.pengajuan),
            "kolom_berubah": list(self.kolom_berubah),
            "rincian": dict(self.rincian),
        }

    @classmethod
    def from_isi(
        cls, isi: Mapping[str, Any], catatan: str = "", alasan_kode: str = ""
    ) -> "Peristiwa":
        """Read a stored payload back; ``data`` is None, as the journal does not hold it.

        Raises:
            KeyError, TypeError, ValueError: the payload was not written by ``to_isi``.
        """
        return cls(
            nomor=isi["nomor"],
            jenis=JenisAksi(isi["jenis"]),
            pelaku=Pemegang(**isi["pelaku"]),
            ke=isi["ke"],
            pada=datetime.fromisoformat(isi["pada"]),
            kunjungan_ubah=tuple(_load_kunjungan(k) for k in isi["kunjungan_ubah"]),
            kunjungan_baru=tuple(_load_kunjungan(k) for k in isi["kunjungan_baru"]),
            pengajuan=_load_pengajuan(isi["pengajuan"]),
            kolom_berubah=tuple(isi["kolom_berubah"]),
            catatan=catatan,
            alasan_kode=alasan_kode,
            rincian=isi["rincian"],
        )


def event_of(
    keadaan: Keadaan, aksi: Aksi, dunia: Dunia, *, ke: int | None = None, **facts: Any
) -> Peristiwa:
    """Return the next event of this berkas for an act; ``ke`` is the visit it closes."""
    return Peristiwa(
        nomor=keadaan.nomor + 1,
        jenis=aksi.jenis,
        pelaku=aksi.pelaku,
        ke=ke,
        pada=dunia.kini,
        catatan=aksi.catatan,
        alasan_kode=aksi.alasan_kode,
        rincian=aksi.rincian,
        **facts,
    )


def _dump_pengajuan(pengajuan: Pengajuan | None) -> dict[str, Any] | None:
    if pengajuan is None:
        return None
    return {
        "pengaju": asdict(pengajuan.pengaju),
        "jalur": dict(pengajuan.jalur),
        "surat_pengantar": pengajuan.surat_pengantar,
    }


def _load_pengajuan(isi: Mapping[str, Any] | None) -> Pengajuan | None:
    if isi is None:
        return None
    return Pengajuan(MejaPengaju(**isi["pengaju"]), dict(isi["jalur"]), isi["surat_pengantar"])


def _dump_kunjungan(kunjungan: Kunjungan) -> dict[str, Any]:
    isi = asdict(kunjungan)
    if kunjungan.klaim is not None:
        isi["klaim"]["sampai"] = kunjungan.klaim.sampai.isoformat()
    return isi


def _load_klaim(isi: Mapping[str, Any] | None) -> Klaim | None:
    if isi is None:
        return None
    return Klaim(**{**isi, "sampai": datetime.fromisoformat(isi["sampai"])})


def _load_sebab(value: str | None) -> Sebab | None:
    return None if value is None else Sebab(value)


def _load_kunjungan(isi: Mapping[str, Any]) -> Kunjungan:
    meja = isi["meja"]
    if meja is not None:
        meja = Meja(**{**meja, "sebab": _load_sebab(meja["sebab"])})
    return Kunjungan(
        **{
            **isi,
            "aksi": JenisAksi(isi["aksi"]),
            "status": StatusKunjungan(isi["status"]),
            "sebab": _load_sebab(isi["sebab"]),
            "meja": meja,
            "klaim": _load_klaim(isi["klaim"]),
        }
    )
