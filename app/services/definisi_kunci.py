"""The keys of a definition file, each with the column that says what its value may be."""

from typing import Any

from app.models.eskalasi import Eskalasi
from app.models.isian import Isian
from app.models.layanan import Layanan
from app.models.persyaratan import Persyaratan
from app.models.tahapan import Tahapan
from app.models.versi_layanan import VersiLayanan

KETERANGAN = ("target_35_menit", "klasifikasi_lama")
"""Keys of the catalogue that tell its readers something and are not kept."""

PARTS = ("tahapan", "isian", "persyaratan")

ATTRIBUTE_BY_KEY = {
    "sop_menit": "sla_total_menit",
    "menit": "sla_menit",
    "opsional": "boleh_dilewati",
}
"""Keys of the file that read better there than the column does."""


def _columns(model: Any, *keys: str) -> dict[str, Any]:
    columns = model.__table__.c
    return {key: columns[ATTRIBUTE_BY_KEY.get(key, key)] for key in keys}


VERSI = _columns(Layanan, "kode", "nama") | _columns(
    VersiLayanan,
    *("tingkat_akhir", "penandatangan", "biaya", "dasar_biaya", "sop_menit", "tanggal_mulai"),
    *("pengaju", "maks_kembali", "klasifikasi", "format_nomor", "produk", "masa_berlaku_bulan"),
    "catatan",
)
TAHAPAN = _columns(
    Tahapan,
    *("urutan", "kode", "nama", "aksi", "menit", "seksi_kode", "syarat", "jika_kosong"),
    *("kolom_dijamin", "beda_orang", "boleh_pelaksana", "opsional", "wajib", "memberi_nomor"),
    *("boleh_massal", "sop"),
)
ESKALASI = _columns(Eskalasi, "pada_persen", "tindakan")
ISIAN = _columns(
    Isian,
    *("urutan", "kode", "label", "bantuan", "tipe", "wajib", "bawaan", "batas", "opsi", "syarat"),
)
PERSYARATAN = _columns(
    Persyaratan, "urutan", "kode", "nama", "wajib", "syarat", "keterangan", "dipenuhi_peran"
)
PALING_SEDIKIT_SATU = ("sop_menit", "urutan", "menit", "pada_persen")
