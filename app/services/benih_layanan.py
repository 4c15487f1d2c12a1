"""The catalogue ``app/data/layanan.yaml`` as published first versions (mapping: ROUTING §6)."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.eskalasi import Eskalasi, TindakanEskalasi
from app.models.isian import Isian
from app.models.layanan import Layanan
from app.models.peran import Peran
from app.models.persyaratan import Persyaratan
from app.models.tahapan import AksiTahapan, JikaKosong, Tahapan
from app.models.versi_layanan import StatusVersi, VersiLayanan
from app.services.benih_sumber import read_csv, read_layanan

BERLAKU = date(2026, 1, 1)
"""From when the first versions hold."""

TANGGA = (
    (80, TindakanEskalasi.INGATKAN),
    (100, TindakanEskalasi.TAMPILKAN_ATASAN),
    (200, TindakanEskalasi.BUKA_ATASAN),
)
"""The ladder of every step: share of its minutes in percent, and what happens then."""
MASSAL = (AksiTahapan.TERUSKAN, AksiTahapan.SETUJUI, AksiTahapan.PARAF)
"""Acts that may be taken on several berkas at once; a signature never is (ROUTING §3 case 46)."""

PENGANTAR = "PGT_RTRW"
"""The paper letter of RT and RW, which their own approval on the berkas replaces."""

_SEKSI = re.compile(r"\bKasi (?P<nama>.+) (?:Kelurahan|Kecamatan)$")
_BILA = re.compile(r"(?P<kode>[a-z][a-z0-9_]*) = (?P<nilai>.+)")


def seed_layanan(session: Session) -> int:
    """Add each layanan not there yet, with its first version published; return how many."""
    known = set(session.scalars(select(Layanan.kode)))
    peran = dict(session.execute(select(Peran.kode, Peran.id)).all())
    documents = {row["kode"]: row["nama"] for row in read_csv("referensi/persyaratan")}
    new = [entry for entry in read_layanan() if entry["kode"] not in known]
    versions = [_versi(entry, peran, documents) for entry in new]
    session.add_all(versions)
    session.flush()
    session.add_all(
        Eskalasi(tahapan=step, pada_persen=persen, tindakan=tindakan)
        for versi in versions
        for step in versi.tahapan
        for persen, tindakan in TANGGA
    )
    session.flush()
    # Only now: a published version takes no more parts.
    for versi in versions:
        versi.status = StatusVersi.TERBIT
    session.flush()
    return len(versions)


def _versi(
    entry: Mapping[str, Any], peran: Mapping[str, int], documents: Mapping[str, str]
) -> VersiLayanan:
    return VersiLayanan(
        layanan=Layanan(kode=entry["kode"], nama=entry["nama"]),
        nomor=1,
        tanggal_mulai=BERLAKU,
        tingkat_akhir=entry["tingkat_akhir"],
        sla_total_menit=entry["sop_menit"],
        biaya=entry["biaya"],
        produk=entry["produk"],
        klasifikasi=entry.get("klasifikasi"),
        format_nomor=entry["format_nomor"],
        masa_berlaku_bulan=entry["masa_berlaku_bulan"],
        penandatangan=entry["penandatangan"],
        catatan=entry.get("catatan"),
        tahapan=_tahapan(entry["tahapan"], peran),
        isian=[Isian(urutan=n, **row) for n, row in enumerate(entry["isian"], start=1)],
        persyaratan=_persyaratan(entry, documents),
    )


def _tahapan(steps: Sequence[Mapping[str, Any]], peran: Mapping[str, int]) -> list[Tahapan]:
    signatures = [s["urutan"] for s in steps if s["aksi"] == AksiTahapan.TANDA_TANGANI]
    # The number of a surat pengantar, which nobody signs, belongs to the RT: its first step.
    numbers = signatures[0] if signatures else steps[0]["urutan"]
    return [
        Tahapan(
            urutan=step["urutan"],
            kode=f"{step['urutan']:02}_{step['peran']}",
            nama=step["nama"],
            peran_id=peran[step["peran"]],
            seksi_kode=seksi_kode(seksi) if (seksi := seksi_nama(step["nama"])) else None,
            aksi=step["aksi"],
            sla_menit=step["menit"],
            jika_kosong=JikaKosong.NAIK,
            boleh_dilewati=step.get("opsional", False),
            wajib=step is steps[-1],
            memberi_nomor=step["urutan"] == numbers,
            # What numbers or hands over a letter is done one at a time, with the eyes on it.
            boleh_massal=step["aksi"] in MASSAL and step["urutan"] != numbers,
        )
        for step in steps
    ]


def _persyaratan(entry: Mapping[str, Any], documents: Mapping[str, str]) -> list[Persyaratan]:
    always: list[tuple[str, str | None]] = [(kode, None) for kode in entry["persyaratan"]]
    at_times = [(row["kode"], row["bila"]) for row in entry.get("persyaratan_bersyarat", ())]
    replaces = _approver_of_letter(entry["tahapan"])
    rows = []
    for urutan, (kode, bila) in enumerate([*always, *at_times], start=1):
        syarat = parse_bila(bila, entry["isian"]) if bila else None
        rows.append(
            Persyaratan(
                urutan=urutan,
                kode=kode,
                nama=documents[kode],
                # Prose is judged by the officer, who ticks it; the program cannot demand it.
                wajib=bila is None or syarat is not None,
                syarat=syarat,
                keterangan=bila,
                dipenuhi_peran=replaces if kode == PENGANTAR else None,
            )
        )
    return rows


def _approver_of_letter(steps: Sequence[Mapping[str, Any]]) -> str | None:
    """Return the last peran below the kelurahan in a chain; None where it begins higher up."""
    chain = {step["peran"] for step in steps}
    return next((peran for peran in ("ketua_rw", "ketua_rt") if peran in chain), None)


def parse_bila(bila: str, isian: Sequence[Mapping[str, Any]]) -> list[Any] | None:
    """Return the syarat that "jenis = A atau B" means, or None where it is prose.

    It is machine-readable only if it names an isian, and every value is one of its options.

    >>> jenis = [{"kode": "jenis", "opsi": ["KK baru", "Pisah KK"]}]
    >>> parse_bila("jenis = KK baru atau Pisah KK", jenis)
    [['jenis', 'in', ['KK baru', 'Pisah KK']]]
    >>> parse_bila("jenis = Hilang/rusak", jenis) is None
    True
    """
    match = _BILA.fullmatch(bila)
    if match is None:
        return None
    options = {row["kode"]: row.get("opsi", []) for row in isian}
    values = match["nilai"].split(" atau ")
    if not set(values) <= set(options.get(match["kode"], [])):
        return None
    return [[match["kode"], "in", values]]


def seksi_nama(nama_tahapan: str) -> str | None:
    """Return the section a step names, or None.

    >>> seksi_nama("Verifikasi dan paraf Kasi Pemerintahan Kelurahan")
    'Pemerintahan'
    """
    match = _SEKSI.search(nama_tahapan)
    return match["nama"] if match else None


def seksi_kode(nama: str) -> str:
    """Return the kode of a section; kelurahan and kecamatan share it where the names differ.

    >>> seksi_kode("Ketenteraman dan Ketertiban Umum")
    'ketenteraman'
    """
    return nama.split(" dan ")[0].lower().replace(" ", "_")


def seksi_by_peran() -> dict[str, dict[str, str]]:
    """Return peran → {kode: nama} of the sections that the steps of the catalogue name."""
    found: dict[str, dict[str, str]] = {}
    for entry in read_layanan():
        for step in entry["tahapan"]:
            nama = seksi_nama(step["nama"])
            if nama is not None:
                found.setdefault(step["peran"], {})[seksi_kode(nama)] = nama
    return found
