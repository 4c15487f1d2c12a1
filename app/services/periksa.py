"""Checks that what is stored is what the journal says, for `flask bangkit periksa`.

Every berkas is replayed in batches, so memory does not grow with their number (ROUTING §3 cases 49
and 52). The texts are for the terminal of the installer and the nightly log.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.berkas import Berkas
from app.models.kunjungan import Kunjungan
from app.models.lampiran import Lampiran
from app.models.policy import unscoped
from app.models.riwayat import Riwayat
from app.models.surat import Surat
from app.models.tahapan import Tahapan
from app.models.versi_layanan import VersiLayanan
from app.routing import Keadaan, Peristiwa, terapkan
from app.services.berkas import lock
from app.services.periksa_beda import Simpanan, differences, numbers_letter
from app.services.periksa_yatim import find_orphans, missing_blobs
from app.services.sidik import first_break

REASON = "pemeriksaan membandingkan riwayat dengan keadaan tersimpan"
BATCH = 200
"""Berkas read at once: some thousand rows, a few MB."""


@dataclass(frozen=True)
class Temuan:
    """One finding; ``berkas_id`` is None for what belongs to no berkas."""

    jenis: str
    sebutan: str
    pesan: str
    berkas_id: int | None = None

    def __str__(self) -> str:
        return f"{self.jenis}: {self.sebutan}: {self.pesan}"


def periksa(session: Session, place: object, now: datetime) -> Iterator[Temuan]:
    """Yield every difference ("beda") and orphan ("yatim"), berkas by berkas, then the rest.

    ``place`` is the store of the lampiran. Acts may go on meanwhile if the session reads one
    snapshot (`read_snapshot`).
    """
    last = 0
    while batch := _batch(session, last):
        for simpanan, events, broken in batch:
            yield from _check(simpanan, events, broken)
            last = simpanan.berkas.id
        yield from _blobs(session, place, [s.berkas.id for s, *_ in batch])
    with unscoped(session, REASON):
        found = list(find_orphans(session, now))
    for jenis, sebutan, pesan in found:
        yield Temuan(jenis, sebutan, pesan)


def bekukan(session: Session, berkas_id: int) -> None:
    """Freeze a berkas: every act on it is refused until it has been looked at (case 49)."""
    with unscoped(session, REASON):
        lock(session, berkas_id).beku = True


Isi = tuple[Simpanan, Sequence[Riwayat], int | None]


def _batch(session: Session, after: int) -> list[Isi]:
    """Return the next berkas by id with all that was written about them, detached."""
    with unscoped(session, REASON):
        rows = session.scalars(
            select(Berkas).where(Berkas.id > after).order_by(Berkas.id).limit(BATCH)
        ).all()
        ids = [row.id for row in rows]
        versi = {row.versi_layanan_id for row in rows}
        numbering = _numbering_steps(session, versi)
        steps = dict(_pairs(session, select(Tahapan.id, Tahapan.kode)))
        visits = _by_berkas(session, select(Kunjungan).order_by(Kunjungan.ke), Kunjungan, ids)
        events = _by_berkas(session, select(Riwayat).order_by(Riwayat.nomor), Riwayat, ids)
        letters = _by_berkas(session, select(Surat), Surat, ids)
    return [
        (
            Simpanan(
                berkas=row,
                kunjungan=visits[row.id],
                tahapan=steps,
                surat=next(iter(letters[row.id]), None),
                pemberi_nomor=numbering[row.layanan_id],
            ),
            events[row.id],
            first_break(events[row.id]),
        )
        for row in rows
    ]


def _by_berkas(session: Session, query: Any, model: Any, ids: list[int]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in session.scalars(query.where(model.berkas_id.in_(ids))):
        found[row.berkas_id].append(row)
    return found


def _pairs(session: Session, query: Any) -> list[tuple[Any, Any]]:
    return [(row[0], row[1]) for row in session.execute(query)]


def _numbering_steps(session: Session, versi_ids: set[int]) -> dict[int, frozenset[str]]:
    """Return layanan → the steps that give a number, in any of its versions."""
    layanan = select(VersiLayanan.layanan_id).where(VersiLayanan.id.in_(versi_ids))
    query = (
        select(VersiLayanan.layanan_id, Tahapan.kode)
        .join(VersiLayanan, VersiLayanan.id == Tahapan.versi_layanan_id)
        .where(Tahapan.memberi_nomor, VersiLayanan.layanan_id.in_(layanan))
    )
    found: dict[int, set[str]] = defaultdict(set)
    for layanan_id, kode in _pairs(session, query):
        found[layanan_id].add(kode)
    return defaultdict(frozenset, {key: frozenset(kodes) for key, kodes in found.items()})


def _check(simpanan: Simpanan, rows: Sequence[Riwayat], broken: int | None) -> Iterator[Temuan]:
    berkas = simpanan.berkas
    if broken is not None:
        text = f"rantai sidik riwayat putus pada urutan {broken}"
        yield Temuan("beda", berkas.nomor, text, berkas.id)
    try:
        keadaan, is_numbered = replay_rows(simpanan, rows)
    except (ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        text = f"riwayat tidak dapat diputar ulang ({type(error).__name__}: {error})"
        yield Temuan("beda", berkas.nomor, text, berkas.id)
        return
    for text in differences(simpanan, keadaan, rows):
        yield Temuan("beda", berkas.nomor, text, berkas.id)
    if is_numbered and simpanan.surat is None:
        yield Temuan("beda", berkas.nomor, "sudah ditandatangani, tetapi tanpa surat", berkas.id)
    if simpanan.surat is not None and not is_numbered:
        text = f"surat {simpanan.surat.nomor_surat} tanpa tanda tangan dalam riwayat"
        yield Temuan("yatim", berkas.nomor, text, berkas.id)


def replay_rows(simpanan: Simpanan, rows: Sequence[Riwayat]) -> tuple[Keadaan, bool]:
    """Return the state the journal tells, and whether a step that gives the number was finished.

    Raises:
        ValueError, KeyError, TypeError, IndexError, AttributeError: it is no journal of ours.
    """
    keadaan, is_numbered = Keadaan(jalur=simpanan.berkas.jalur or {}), False
    for row in rows:
        event = Peristiwa.from_isi(row.isi, row.catatan or "", str(row.alasan_kode or ""))
        is_numbered |= numbers_letter(simpanan, keadaan, event)
        keadaan = terapkan(keadaan, event)
    return keadaan, is_numbered


def _blobs(session: Session, place: object, ids: list[int]) -> Iterator[Temuan]:
    with unscoped(session, REASON):
        rows = session.execute(
            select(Lampiran.nama, Lampiran.kunci, Lampiran.ukuran_bytes, Berkas.nomor, Berkas.id)
            .join(Berkas, Berkas.id == Lampiran.berkas_id)
            .where(Lampiran.berkas_id.in_(ids))
            .order_by(Lampiran.id)
        ).all()
    for row in rows:
        if (text := missing_blobs(place, row.kunci, row.ukuran_bytes)) is not None:
            yield Temuan("yatim", row.nomor, f"lampiran {row.nama}: {text}", row.id)
