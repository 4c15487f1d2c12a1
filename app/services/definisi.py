"""A definition of a layanan as one frozen value: what is checked, simulated, compared, exported.

It knows no database; `definisi_baris` reads it from the rows of a version and writes it back.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from app.routing import Alur, JenisAksi, JikaKosong, Tahapan, parse_syarat


@dataclass(frozen=True)
class EskalasiDefinisi:
    """One rung of a step's ladder: at this share of its minutes, in %, do this."""

    pada_persen: int
    tindakan: str


@dataclass(frozen=True)
class TahapanDefinisi:
    """One step; names and defaults are those of the columns, ``peran`` is the kode."""

    urutan: int
    kode: str
    nama: str
    peran: str
    aksi: str
    sla_menit: int
    seksi_kode: str | None = None
    syarat: Any = None
    jika_kosong: str = "naik"
    kolom_dijamin: Any = None
    beda_orang: bool = False
    boleh_pelaksana: bool = True
    boleh_dilewati: bool = False
    wajib: bool = False
    memberi_nomor: bool = False
    boleh_massal: bool = False
    sop: str | None = None
    eskalasi: tuple[EskalasiDefinisi, ...] = ()


@dataclass(frozen=True)
class IsianDefinisi:
    """One question of the form."""

    urutan: int
    kode: str
    label: str
    tipe: str
    bantuan: str | None = None
    wajib: bool = False
    bawaan: str | None = None
    batas: Any = None
    opsi: Any = None
    syarat: Any = None


@dataclass(frozen=True)
class PersyaratanDefinisi:
    """One document that is asked for."""

    urutan: int
    kode: str
    nama: str
    wajib: bool = True
    syarat: Any = None
    keterangan: str | None = None
    dipenuhi_peran: str | None = None


@dataclass(frozen=True)
class Definisi:
    """A whole version; ``kode`` and ``nama`` are the layanan's. JSON columns are kept as stored."""

    kode: str
    nama: str
    tingkat_akhir: str
    sla_total_menit: int
    produk: str
    tanggal_mulai: date | None = None
    pengaju: Any = None
    maks_kembali: int = 3
    biaya: int = 0
    dasar_biaya: str | None = None
    klasifikasi: str | None = None
    format_nomor: str | None = None
    masa_berlaku_bulan: int | None = None
    penandatangan: str | None = None
    catatan: str | None = None
    tahapan: tuple[TahapanDefinisi, ...] = ()
    isian: tuple[IsianDefinisi, ...] = ()
    persyaratan: tuple[PersyaratanDefinisi, ...] = ()


def sidik_of(definisi: Definisi) -> str:
    """Return the SHA-256, as 64 hex digits, of the canonical JSON of all that never changes.

    Left out are the name of the layanan and the ladders: both may change under a published
    version, and neither changes where a berkas goes.
    """
    facts = asdict(definisi)
    del facts["nama"]
    for tahapan in facts["tahapan"]:
        del tahapan["eskalasi"]
    facts["tanggal_mulai"] = definisi.tanggal_mulai and definisi.tanggal_mulai.isoformat()
    text = json.dumps(facts, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def to_alur(definisi: Definisi, tingkat: Mapping[str, str]) -> Alur:
    """Return the alur that the engine would walk; ``tingkat`` goes by peran.

    Raises:
        KeyError, ValueError: the definition has errors that `periksa_definisi` names.
    """
    return Alur(
        tuple(step_of(step, step.peran, tingkat[step.peran]) for step in definisi.tahapan),
        tuple(definisi.pengaju or ()),
        definisi.maks_kembali,
    )


def step_of(tahapan: Any, peran: str, tingkat: str) -> Tahapan:
    """Return a step as the engine knows it, of a `TahapanDefinisi` or of a row: same names."""
    return Tahapan(
        urutan=tahapan.urutan,
        kode=tahapan.kode,
        tingkat=tingkat,
        peran=peran,
        aksi=JenisAksi(tahapan.aksi),
        seksi_kode=tahapan.seksi_kode,
        syarat=parse_syarat(tahapan.syarat),
        jika_kosong=JikaKosong(tahapan.jika_kosong),
        kolom_dijamin=tuple(tahapan.kolom_dijamin or ()),
        beda_orang=tahapan.beda_orang,
        boleh_pelaksana=tahapan.boleh_pelaksana,
        boleh_dilewati=tahapan.boleh_dilewati,
        wajib=tahapan.wajib,
        memberi_nomor=tahapan.memberi_nomor,
    )
