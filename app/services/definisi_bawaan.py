"""What the short form of a definition leaves to rules: kode, section, who numbers (ROUTING §6)."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from app.models.tahapan import AksiTahapan

_SEKSI = re.compile(r"\bKasi (?P<nama>.+) (?:Kelurahan|Kecamatan)$")
_BILA = re.compile(r"(?P<kode>[a-z][a-z0-9_]*) = (?P<nilai>.+)")


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
    options = {row["kode"]: row.get("opsi") for row in isian}
    values = match["nilai"].split(" atau ")
    if not set(values) <= set(options.get(match["kode"]) or []):
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


def complete_steps(steps: Sequence[dict[str, Any]]) -> None:
    """Fill in what the steps of one version leave out, in place.

    The number of a surat pengantar, which nobody signs, belongs to the RT: its first step.
    """
    signatures = [s for s in steps if s["aksi"] == AksiTahapan.TANDA_TANGANI]
    numbering = (signatures or list(steps))[:1]
    names_nobody = not any("memberi_nomor" in step for step in steps)
    for step in steps:
        step.setdefault("kode", f"{step['urutan']:02}_{step['peran']}")
        if "seksi_kode" not in step and (nama := seksi_nama(step["nama"])):
            step["seksi_kode"] = seksi_kode(nama)
        step.setdefault("wajib", step is steps[-1])
        if names_nobody:
            step["memberi_nomor"] = any(step is first for first in numbering)
