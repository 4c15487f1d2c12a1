"""Compares a stored berkas, its visits and its letter with the state its journal tells."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.models.berkas import Berkas
from app.models.kunjungan import Kunjungan
from app.models.riwayat import JenisRiwayat, Riwayat
from app.models.surat import Surat
from app.routing import AKSI_TAHAPAN, Keadaan, Peristiwa
from app.routing import Kunjungan as Visit


@dataclass(frozen=True)
class Simpanan:
    """What the tables say of one berkas; ``tahapan`` maps id to kode, over all versions.

    ``pemberi_nomor`` are the kode of the steps that give a number in some version of the layanan.
    """

    berkas: Berkas
    kunjungan: Sequence[Kunjungan]
    tahapan: Mapping[int, str]
    surat: Surat | None
    pemberi_nomor: frozenset[str]


def numbers_letter(simpanan: Simpanan, before: Keadaan, event: Peristiwa) -> bool:
    """Whether the event finished a step that gives the number."""
    if event.ke is None or event.jenis not in AKSI_TAHAPAN:
        return False
    return before.kunjungan[event.ke - 1].tahapan in simpanan.pemberi_nomor


def differences(simpanan: Simpanan, keadaan: Keadaan, rows: Sequence[Riwayat]) -> Iterator[str]:
    """Yield each difference in words: what is stored, and what the journal says."""
    for name, stored, told in _facts(simpanan, keadaan, rows):
        if stored != told:
            yield f"{name} tersimpan {_show(stored)}, menurut riwayat {_show(told)}"
    if len(simpanan.kunjungan) != len(keadaan.kunjungan):
        yield (
            f"kunjungan tersimpan {len(simpanan.kunjungan)}, "
            f"menurut riwayat {len(keadaan.kunjungan)}"
        )
        return
    for row, visit in zip(simpanan.kunjungan, keadaan.kunjungan, strict=True):
        for name, stored, told in _visit_facts(simpanan, row, visit):
            if stored != told:
                yield (
                    f"kunjungan ke {visit.ke}: {name} tersimpan {_show(stored)}, "
                    f"menurut riwayat {_show(told)}"
                )


Fakta = tuple[str, object, object]


def _facts(simpanan: Simpanan, keadaan: Keadaan, rows: Sequence[Riwayat]) -> Iterator[Fakta]:
    berkas = simpanan.berkas
    yield "status", str(berkas.status), keadaan.status.value
    yield "kembali ke", berkas.balik_ke, keadaan.balik_ke
    yield "jumlah kembali", berkas.jumlah_kembali, keadaan.kembali
    yield "waktu dikembalikan", berkas.waktu_dikembalikan, keadaan.dikembalikan_pada
    closed = rows[-1].waktu if rows and keadaan.penutup is not None else None
    yield "waktu selesai", berkas.waktu_selesai, closed
    if keadaan.pengaju is not None:
        yield "jalur", dict(berkas.jalur or {}), dict(keadaan.jalur)
    moved = [row.isi["rincian"]["versi_id"] for row in rows if row.jenis == JenisRiwayat.MIGRASI]
    if moved:
        yield "versi layanan", berkas.versi_layanan_id, int(str(moved[-1]))
    open_rows = [row for row in simpanan.kunjungan if row.waktu_ditutup is None]
    due = open_rows[-1].batas_waktu if open_rows else None
    yield "batas waktu", berkas.batas_waktu, due


def _visit_facts(simpanan: Simpanan, row: Kunjungan, visit: Visit) -> Iterator[Fakta]:
    meja, klaim = visit.meja, visit.klaim
    yield "nomor", row.ke, visit.ke
    yield "tahapan", simpanan.tahapan.get(row.tahapan_id), visit.tahapan
    yield "status", str(row.status), visit.status.value
    yield "sebab", row.sebab and str(row.sebab), visit.sebab and visit.sebab.value
    yield "unit", row.wilayah_id, meja.wilayah_id if meja else None
    yield "unit seharusnya", row.seharusnya_id, meja.seharusnya_id if meja else None
    yield "peran", row.peran_kode, meja.peran if meja else None
    yield "seksi", row.seksi_kode, meja.seksi_kode if meja else None
    yield "diambil oleh", row.diambil_oleh_id, klaim.penugasan_id if klaim else None
    yield "diambil sampai", row.diambil_sampai, klaim.sampai if klaim else None
    yield "diputuskan oleh", row.oleh_id, visit.penugasan_id or None
    yield "terbuka bagi atasan", row.buka_atasan, visit.buka_atasan
    yield "masih terbuka", row.waktu_ditutup is None, visit.is_terbuka


def _show(value: object) -> str:
    return "(kosong)" if value is None else str(value)
