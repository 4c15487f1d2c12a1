"""Builds a layanan, its version and a berkas, and runs migration 0002's triggers."""

import importlib.util
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from app.models.berkas import Berkas
from app.models.isian import Isian, TipeIsian
from app.models.kunjungan import Kunjungan, StatusKunjungan
from app.models.layanan import Layanan
from app.models.persyaratan import Persyaratan
from app.models.riwayat import JenisRiwayat, Riwayat
from app.models.surat import Surat
from app.models.tahapan import AksiTahapan, Tahapan
from app.models.versi_layanan import StatusVersi, VersiLayanan
from app.models.wilayah import Tingkat
from tests.models.contoh import Dunia, save

SENIN = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
NIK = "3574010101909901"


@dataclass(frozen=True)
class Katalog:
    """Ids of what `build_katalog` wrote."""

    layanan: int
    versi: int
    tahapan: int
    isian: int
    persyaratan: int


def versi_layanan(layanan_id: int, nomor: int, **facts: Any) -> VersiLayanan:
    """Return a konsep of ten minutes; ``facts`` replace."""
    fields = {
        "layanan_id": layanan_id,
        "nomor": nomor,
        "tingkat_akhir": Tingkat.KELURAHAN,
        "sla_total_menit": 10,
        "produk": "Surat Keterangan",
    }
    return VersiLayanan(**{**fields, **facts})


def tahapan(versi_id: int, dunia: Dunia, urutan: int, **facts: Any) -> Tahapan:
    """Return a step of the lurah; ``facts`` replace."""
    fields = {
        "versi_layanan_id": versi_id,
        "urutan": urutan,
        "kode": f"{urutan:02}_lurah",
        "nama": f"Tahap {urutan}",
        "peran_id": dunia.peran["lurah"],
        "aksi": AksiTahapan.TANDA_TANGANI,
        "sla_menit": 5,
    }
    return Tahapan(**{**fields, **facts})


def isian(versi_id: int, kode: str, **facts: Any) -> Isian:
    """Return a question answered by a line of text; ``facts`` replace."""
    fields = {"urutan": 1, "label": "Keperluan", "tipe": TipeIsian.TEKS}
    return Isian(versi_layanan_id=versi_id, kode=kode, **{**fields, **facts})


def build_katalog(session: Session, dunia: Dunia) -> Katalog:
    """Write SKTM with a konsep that has one tahapan, one isian and one persyaratan."""
    (layanan_id,) = save(session, Layanan(kode="SKTM", nama="Surat Keterangan Tidak Mampu"))
    (versi_id,) = save(session, versi_layanan(layanan_id, 1))
    (tahapan_id,) = save(session, tahapan(versi_id, dunia, 1, wajib=True))
    (isian_id,) = save(session, isian(versi_id, "keperluan"))
    (persyaratan_id,) = save(
        session,
        Persyaratan(versi_layanan_id=versi_id, urutan=1, kode="FC_KTP", nama="Fotokopi KTP-el"),
    )
    return Katalog(layanan_id, versi_id, tahapan_id, isian_id, persyaratan_id)


def publish(session: Session, katalog: Katalog) -> None:
    """Make the konsep terbit."""
    versi = session.get_one(VersiLayanan, katalog.versi)
    versi.status = StatusVersi.TERBIT
    save(session, versi)


def berkas(katalog: Katalog, wilayah_id: int, nomor: str, **facts: Any) -> Berkas:
    """Return a running berkas of a resident whose NIK is frozen in it; ``facts`` replace."""
    fields = {
        "layanan_id": katalog.layanan,
        "versi_layanan_id": katalog.versi,
        "nama_pemohon": "Siti Contoh",
        "data_pemohon": {"nama": "Siti Contoh", "nik": NIK},
        "jalur": {},
        "isian": {},
        "status": "diajukan",
        "waktu_diajukan": SENIN,
    }
    return Berkas(nomor=nomor, wilayah_asal_id=wilayah_id, **{**fields, **facts})


def kunjungan(
    katalog: Katalog, berkas_id: int, ke: int, wilayah_id: int | None, **facts: Any
) -> Kunjungan:
    """Return a visit that waits at a desk; ``facts`` replace."""
    fields = {"status": StatusKunjungan.MENUNGGU, "waktu_dibuka": SENIN}
    return Kunjungan(
        berkas_id=berkas_id,
        ke=ke,
        tahapan_id=katalog.tahapan,
        wilayah_id=wilayah_id,
        **{**fields, **facts},
    )


def riwayat(berkas_id: int, nomor: int, kunci: str, **facts: Any) -> Riwayat:
    """Return the entry of a filing; ``facts`` replace."""
    fields = {
        "jenis": JenisRiwayat.AJUKAN,
        "nama": "Budi Contoh",
        "jabatan": "Ketua RT 001/RW 002 Pilang",
        "waktu": SENIN,
        "isi": {},
    }
    return Riwayat(berkas_id=berkas_id, nomor=nomor, kunci=kunci, **{**fields, **facts})


def surat(berkas_id: int, unit_id: int, nomor: int, **facts: Any) -> Surat:
    """Return a signed letter of 2026 of the unit where the berkas comes from; ``facts`` replace."""
    fields = {
        "wilayah_asal_id": unit_id,
        "tahun": 2026,
        "nomor_surat": f"400/{nomor:03}/xxx/2026",
        "data": {"pemohon": {"nama": "Siti Contoh"}, "riwayat_nomor": 6},
        "waktu_ditandatangani": SENIN,
    }
    return Surat(berkas_id=berkas_id, unit_id=unit_id, nomor=nomor, **{**fields, **facts})


def load_migration(name: str = "0002_pemicu") -> Any:
    """Return the module of a migration: 0002 holds the triggers, 0007 those of perubahan."""
    path = Path(__file__).parents[2] / "migrations" / "versions" / f"{name}.py"
    spec = importlib.util.spec_from_file_location(f"migrasi_{name}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def run_triggers(connection: Connection, part: str) -> None:
    """Run ``trigger_statements`` or ``drop_statements`` of migration 0002.

    Its functions stay on PostgreSQL: triggers of later migrations run them too.
    """
    for statement in getattr(load_migration(), part)(connection.dialect.name):
        if not statement.startswith("DROP FUNCTION"):
            again = statement.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION", 1)
            connection.exec_driver_sql(again)
