"""The hash chain of riwayat: each row carries the fingerprint of the one before it.

A changed, added or missing row in the middle breaks the chain (ROUTING §3 case 52). Personal texts
enter by their own hash, so that masking them later keeps the chain (case 51).
"""

import hashlib
import json
from collections.abc import Iterable
from datetime import UTC
from typing import Any

from app.models.riwayat import Riwayat

DIHAPUS = "(dihapus)"
"""What stands for a personal text that was erased; its hash remains in ``isi``."""

TEKS = ("nama", "catatan")
"""The columns of riwayat that hold personal text."""


def text_hashes(row: Riwayat) -> dict[str, str | None]:
    """Return the hashes of the personal texts, for ``isi``; None where there is no text.

    The key of the row is the salt: equal texts have unequal hashes.
    """
    texts = {name: getattr(row, name) for name in TEKS}
    return {name: text if text is None else _hash(row.kunci, text) for name, text in texts.items()}


def sidik_of(row: Riwayat) -> str:
    """Return the SHA-256 (hex) over the canonical JSON of the row's facts and the last hash."""
    facts: dict[str, Any] = {
        "berkas_id": row.berkas_id,
        "nomor": row.nomor,
        "kunjungan_ke": row.kunjungan_ke,
        "jenis": str(row.jenis),
        "oleh_id": row.oleh_id,
        "penugasan_id": row.penugasan_id,
        "jabatan": row.jabatan,
        "waktu": row.waktu.astimezone(UTC).isoformat(),
        "alasan_kode": None if row.alasan_kode is None else str(row.alasan_kode),
        "kunci": row.kunci,
        "isi": row.isi,
        "sidik_lalu": row.sidik_lalu,
    }
    text = json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def seal(row: Riwayat, sidik_lalu: str | None) -> None:
    """Close a new row: hashes of its texts, the hash of the row before, and its own."""
    # What JSON gives back is what is hashed: a tuple is a list there, a number as key a text.
    row.isi = json.loads(json.dumps({**row.isi, "sidik_teks": text_hashes(row)}))
    row.sidik_lalu = sidik_lalu
    row.sidik = sidik_of(row)


def first_break(rows: Iterable[Riwayat]) -> int | None:
    """Return the nomor of the first row of a berkas that does not fit the chain, None if whole."""
    last = None
    for nomor, row in enumerate(rows, start=1):
        if row.nomor != nomor or row.sidik_lalu != last or not _is_true(row):
            return row.nomor
        last = row.sidik
    return None


def _is_true(row: Riwayat) -> bool:
    if row.sidik != sidik_of(row):
        return False
    kept = row.isi.get("sidik_teks")
    shown = text_hashes(row)
    return isinstance(kept, dict) and all(
        getattr(row, name) == DIHAPUS or kept.get(name) == shown[name] for name in TEKS
    )


def _hash(kunci: str, text: str) -> str:
    return hashlib.sha256(f"{kunci}\n{text}".encode()).hexdigest()
