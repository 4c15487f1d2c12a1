"""The shell around the engine: one transaction per act, from the lock to the journal.

Each act locks its berkas, answers a known key from the journal, asks `putuskan`, appends riwayat
and brings kunjungan and berkas in line. The caller commits (ROUTING §2).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import (
    DataTidakValidError,
    TidakDitemukanError,
)
from app.models.berkas import Berkas
from app.models.pelaku import Jabatan, Pelaku
from app.models.policy import ACTION_OPTION, unscoped
from app.models.riwayat import Riwayat
from app.models.validation import INTEGER_LIMIT
from app.routing import (
    Aksi,
    Alur,
    Dunia,
    JenisAksi,
    Keadaan,
    KodeTolak,
    Pemegang,
    Peristiwa,
    Tolak,
    aksi_tersedia,
    putuskan,
    replay,
    terapkan,
)
from app.services.dunia import load_alur, load_dunia
from app.services.jurnal import append, project
from app.services.penolakan import REFUSALS, refusal
from app.teks import N_

REASON = "mesin perutean membaca dan menulis berkas"


@dataclass(frozen=True)
class Meja:
    """What one person may do with a berkas now: the newest visit, and acts by appointment."""

    ke: int
    tindakan: dict[JenisAksi, Jabatan]


def tindak(
    session: Session,
    pelaku: Pelaku,
    now: datetime,
    *,
    berkas_id: int,
    jenis: JenisAksi,
    ke: int,
    kunci: str,
    catatan: str = "",
    alasan: str = "",
) -> Riwayat:
    """Take one act on the visit ``ke``; return its journal row.

    ``kunci`` names the attempt: the same key again returns the stored row and changes nothing.

    Raises:
        TidakDitemukanError: the berkas is unknown or outside the person's area.
        BangkitError: the engine refuses; nothing is changed (ROUTING §4 I8).
    """
    require_readable(session, berkas_id)
    with unscoped(session, REASON):
        berkas = lock(session, berkas_id)
        if (known := _known(session, berkas_id, jenis, kunci)) is not None:
            return known
        alur, keadaan, dunia = snapshot(session, berkas, now)
        jabatan = _acting(alur, keadaan, dunia, pelaku, jenis)
        aksi = Aksi(jenis, ke, as_pemegang(pelaku, jabatan), catatan.strip(), alasan.strip())
        rows = decide(session, berkas, alur, keadaan, aksi, dunia, jabatan, pelaku, now, kunci)
        return rows[-1]


def require_readable(session: Session, berkas_id: int) -> None:
    """Ask the row policy whether the person may see this berkas at all.

    Raises:
        TidakDitemukanError: no; an unknown id looks the same (ROUTING §3 case 53).
    """
    query = select(Berkas.id).where(Berkas.id == berkas_id)
    query = query.execution_options(**{ACTION_OPTION: ("Berkas", "show")})
    if berkas_id > INTEGER_LIMIT or session.scalar(query) is None:
        raise TidakDitemukanError


def lock(session: Session, berkas_id: int) -> Berkas:
    """Return the berkas, locked until the end of the transaction (SQLite: BEGIN IMMEDIATE)."""
    query = select(Berkas).where(Berkas.id == berkas_id).with_for_update()
    return session.scalars(query.execution_options(populate_existing=True)).one()


def snapshot(session: Session, berkas: Berkas, now: datetime) -> tuple[Alur, Keadaan, Dunia]:
    """Return what the engine decides from; the state is always the replay of the journal."""
    alur = load_alur(session, berkas.versi_layanan_id)
    keadaan = load_keadaan(session, berkas)
    units = {*keadaan.jalur.values()}
    if keadaan.pengaju is not None:
        units.add(keadaan.pengaju.wilayah_id)
    return alur, keadaan, load_dunia(session, alur, units, now)


def load_keadaan(session: Session, berkas: Berkas) -> Keadaan:
    """Return the projection of a berkas by replaying its riwayat."""
    rows = session.scalars(
        select(Riwayat).where(Riwayat.berkas_id == berkas.id).order_by(Riwayat.nomor)
    )
    events = [Peristiwa.from_isi(row.isi, row.catatan or "", row.alasan_kode or "") for row in rows]
    return replay(Keadaan(data=facts(berkas), jalur=berkas.jalur or {}), events)


def facts(berkas: Berkas) -> dict[str, Any]:
    """Return the columns that conditions may ask: isian, and the frozen facts of the pemohon."""
    pemohon = {f"pemohon.{key}": value for key, value in (berkas.data_pemohon or {}).items()}
    return {**pemohon, **(berkas.isian or {})}


def decide(
    session: Session,
    berkas: Berkas,
    alur: Alur,
    keadaan: Keadaan,
    aksi: Aksi,
    dunia: Dunia,
    jabatan: Jabatan,
    pelaku: Pelaku,
    now: datetime,
    kunci: str,
) -> list[Riwayat]:
    """Ask the engine and write what it says: journal first, then the projection.

    Raises:
        BangkitError: the engine refuses.
    """
    outcome = putuskan(alur, keadaan, aksi, dunia)
    if isinstance(outcome, Tolak):
        raise refusal(session, berkas, outcome.kode)
    rows = []
    for event in outcome:
        rows.append(append(session, berkas, event, jabatan, pelaku, now, kunci))
        keadaan = terapkan(keadaan, event)
        project(session, berkas, keadaan, event, now)
    session.flush()
    return rows


def _known(session: Session, berkas_id: int, jenis: JenisAksi, kunci: str) -> Riwayat | None:
    """Return the stored answer of a key (ROUTING §3 case 1).

    Raises:
        DataTidakValidError: the key was used for something else.
    """
    row = session.scalars(select(Riwayat).where(Riwayat.kunci == kunci)).first()
    if row is not None and (row.berkas_id, str(row.jenis)) != (berkas_id, jenis.value):
        raise DataTidakValidError({"kunci": N_("Kunci ini sudah dipakai untuk tindakan lain.")})
    return row


def as_pemegang(pelaku: Pelaku, jabatan: Jabatan) -> Pemegang:
    """Return an appointment as the engine knows it."""
    return Pemegang(
        jabatan.penugasan_id,
        pelaku.pengguna_id,
        jabatan.peran,
        jabatan.wilayah_id,
        jabatan.seksi,
        jabatan.sifat,
    )


def _acting(
    alur: Alur, keadaan: Keadaan, dunia: Dunia, pelaku: Pelaku, jenis: JenisAksi
) -> Jabatan:
    """Return the appointment that may take this act, else any: the engine then says why not.

    Raises:
        TidakBerwenangError: the person holds no appointment now.
    """
    for jabatan in pelaku.jabatan:
        if jenis in aksi_tersedia(alur, keadaan, as_pemegang(pelaku, jabatan), dunia):
            return jabatan
    if not pelaku.jabatan:
        kind, message = REFUSALS[KodeTolak.BUKAN_KANDIDAT]
        raise kind(message)
    return pelaku.jabatan[0]


def available(session: Session, pelaku: Pelaku, now: datetime, berkas_id: int) -> Meja:
    """Return the acts this person may take now, each with the appointment that would take it."""
    require_readable(session, berkas_id)
    with unscoped(session, REASON):
        berkas = session.get_one(Berkas, berkas_id)
        alur, keadaan, dunia = snapshot(session, berkas, now)
        found: dict[JenisAksi, Jabatan] = {}
        for jabatan in pelaku.jabatan:
            for jenis in aksi_tersedia(alur, keadaan, as_pemegang(pelaku, jabatan), dunia):
                found.setdefault(jenis, jabatan)
        return Meja(keadaan.ke, found)
