"""The catalogue ``app/data/layanan.yaml`` as published first versions (mapping: ROUTING §6)."""

from dataclasses import replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.eskalasi import TindakanEskalasi
from app.models.layanan import Layanan
from app.models.peran import Peran
from app.models.tahapan import AksiTahapan
from app.models.versi_layanan import StatusVersi
from app.services.benih_sumber import DATA, read_csv, read_layanan
from app.services.definisi import Definisi, EskalasiDefinisi, sidik_of
from app.services.definisi_baris import add_versi
from app.services.definisi_bawaan import seksi_kode, seksi_nama
from app.services.definisi_yaml import Acuan, parse

BERLAKU = date(2026, 1, 1)
"""From when the first versions hold."""

TANGGA = (
    EskalasiDefinisi(80, TindakanEskalasi.INGATKAN.value),
    EskalasiDefinisi(100, TindakanEskalasi.TAMPILKAN_ATASAN.value),
    EskalasiDefinisi(200, TindakanEskalasi.BUKA_ATASAN.value),
)
"""The ladder of every step: share of its minutes in percent, and what happens then."""

MASSAL = (AksiTahapan.TERUSKAN, AksiTahapan.SETUJUI, AksiTahapan.PARAF)
"""Acts that may be taken on several berkas at once; a signature never is (ROUTING §3 case 46)."""

PENGANTAR = "PGT_RTRW"
"""The paper letter of RT and RW, which their own approval on the berkas replaces."""


def read_katalog() -> tuple[Definisi, ...]:
    """Return the definitions of the catalogue.

    Raises:
        ValueError: the file has a mistake; the first one with its line.
    """
    acuan = Acuan(
        peran=frozenset(row["kode"] for row in read_csv("referensi/peran")),
        dokumen={row["kode"]: row["nama"] for row in read_csv("referensi/persyaratan")},
    )
    found = parse((DATA / "layanan.yaml").read_text("utf-8"), acuan)
    if found.kesalahan:
        first = found.kesalahan[0]
        raise ValueError(f"layanan.yaml:{first.baris}: {first}")
    return tuple(_complete(t.definisi) for t in found.terbaca)


def _complete(definisi: Definisi) -> Definisi:
    """Add what holds for the whole catalogue: its begin, ladders, SOP, bulk acts, paper letter."""
    sop = {(row["peran"], row["aksi"]): row["sop"] for row in read_csv("sop_tahapan")}
    steps = tuple(
        replace(
            step,
            eskalasi=step.eskalasi or TANGGA,
            sop=step.sop or sop.get((step.peran, str(step.aksi))),
            # What numbers or hands over a letter is done one at a time, with the eyes on it.
            boleh_massal=step.aksi in MASSAL and not step.memberi_nomor,
        )
        for step in definisi.tahapan
    )
    chain = {step.peran for step in steps}
    # The last peran below the kelurahan speaks for both; None where a chain begins higher up.
    approver = next((peran for peran in ("ketua_rw", "ketua_rt") if peran in chain), None)
    documents = tuple(
        replace(row, dipenuhi_peran=approver) if row.kode == PENGANTAR else row
        for row in definisi.persyaratan
    )
    return replace(definisi, tanggal_mulai=BERLAKU, tahapan=steps, persyaratan=documents)


def seed_layanan(session: Session) -> int:
    """Add each layanan not there yet, with its first version published; return how many."""
    known = set(session.scalars(select(Layanan.kode)))
    peran = dict(session.execute(select(Peran.kode, Peran.id)).all())
    versions = []
    for definisi in (d for d in read_katalog() if d.kode not in known):
        layanan = Layanan(kode=definisi.kode, nama=definisi.nama)
        versi = add_versi(session, layanan, 1, definisi, peran)
        versi.sidik = sidik_of(definisi)
        versions.append(versi)
    session.flush()
    # Only now: a published version takes no more parts.
    for versi in versions:
        versi.status = StatusVersi.TERBIT
    session.flush()
    return len(versions)


def seksi_by_peran() -> dict[str, dict[str, str]]:
    """Return peran → {kode: nama} of the sections that the steps of the catalogue name."""
    found: dict[str, dict[str, str]] = {}
    for entry in read_layanan():
        for step in entry["tahapan"]:
            nama = seksi_nama(step["nama"])
            if nama is not None:
                found.setdefault(step["peran"], {})[seksi_kode(nama)] = nama
    return found
