"""The shell around the engine: one transaction per act, from the lock to the journal.

Each act locks its berkas, answers a known key from the journal, asks `putuskan`, appends riwayat
and brings kunjungan and berkas in line. The caller commits (ROUTING §2).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.errors import DataBerubahError, TidakDitemukanError
from app.models.berkas import Berkas
from app.models.engine import keep_plans
from app.models.pelaku import Jabatan, Pelaku
from app.models.policy import is_readable, unscoped
from app.models.riwayat import Riwayat
from app.models.validation import INTEGER_LIMIT
from app.routing import (
    AKSI_TAHAPAN,
    SISTEM,
    Aksi,
    Alur,
    Dunia,
    JenisAksi,
    Keadaan,
    Klaim,
    KodeTolak,
    Pemegang,
    Peristiwa,
    Tolak,
    aksi_tersedia,
    klaim_berlaku,
    putuskan,
    terapkan,
)
from app.services.dunia import VersiTerbaca, load_dunia, read_versi
from app.services.jurnal import (
    SISTEM_PENULIS,
    Penulis,
    append,
    as_penulis,
    project,
)
from app.services.kabar import notify, recipients_of
from app.services.keadaan import load_keadaan
from app.services.kunci import known_row
from app.services.nomor import settle_surat
from app.services.penolakan import REFUSALS, refusal
from app.services.persyaratan import meet_by_approval
from app.teks import N_

REASON = "mesin perutean membaca dan menulis berkas"

MENGUBAH = frozenset({JenisAksi.AJUKAN, JenisAksi.URUNGKAN})
"""Acts after which approvals may have fallen: persyaratan met by them follow."""


@dataclass(frozen=True)
class Meja:
    """What one person may do with a berkas now: the newest visit, and acts by appointment.

    ``klaim`` says who works on it now; ``is_keluarga`` that the person is the pemohon or on the
    same KK, and so decides nothing here (ROUTING §3 case 5).
    """

    ke: int
    tindakan: dict[JenisAksi, Jabatan]
    klaim: Klaim | None = None
    is_keluarga: bool = False


@dataclass(frozen=True)
class Babak:
    """A berkas with what the engine decides from, read in the transaction that will write.

    ``sidik`` is the hash of its newest journal row, None before the first.
    """

    berkas: Berkas
    versi: VersiTerbaca
    alur: Alur
    keadaan: Keadaan
    dunia: Dunia
    sidik: str | None = None


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
    catatan, alasan = catatan.strip(), alasan.strip()
    with unscoped(session, REASON):
        berkas = lock(session, berkas_id)
        isi = {"oleh_id": pelaku.pengguna_id, "catatan": catatan, "alasan_kode": alasan}
        if (known := known_row(session, berkas_id, jenis, kunci, isi)) is not None:
            return known
        babak = load_babak(session, berkas, now)
        aksi = Aksi(jenis, ke, SISTEM, catatan, alasan)
        return act_as(session, babak, aksi, pelaku, kunci)


def tindak_sistem(
    session: Session,
    now: datetime,
    *,
    berkas_id: int,
    jenis: JenisAksi,
    kunci: str,
    rincian: Mapping[str, object] | None = None,
    catatan: str = "",
    alur_baru: Alur | None = None,
    perbaikan_hari: int | None = None,
    penulis: Penulis = SISTEM_PENULIS,
) -> Riwayat | None:
    """Take one act of the system on the newest visit; None where the engine sees no need for it.

    Safe to call twice: a known key, or a berkas that has moved on, changes nothing.
    """
    with unscoped(session, REASON):
        berkas = lock(session, berkas_id)
        if berkas.beku or known_row(session, berkas_id, jenis, kunci) is not None:
            return None
        babak = load_babak(session, berkas, now, perbaikan_hari)
        aksi = Aksi(
            jenis,
            babak.keadaan.ke,
            SISTEM,
            catatan,
            rincian=rincian or {},
            alur_baru=alur_baru,
        )
        outcome = putuskan(babak.alur, babak.keadaan, aksi, babak.dunia)
        if isinstance(outcome, Tolak):
            return None
        return record(session, babak, outcome, penulis, kunci)


def require_readable(session: Session, berkas_id: int) -> None:
    """Ask the row policy whether the person may see this berkas at all.

    Raises:
        TidakDitemukanError: no; an unknown id looks the same (ROUTING §3 case 53).
    """
    if berkas_id > INTEGER_LIMIT or not is_readable(session, Berkas, berkas_id, "show"):
        raise TidakDitemukanError


def lock(session: Session, berkas_id: int) -> Berkas:
    """Return the berkas, locked until the end of the transaction (SQLite: BEGIN IMMEDIATE).

    What an act asks from here on finds its rows by their keys.
    """
    keep_plans(session)
    return session.scalars(_LOCKED, {"berkas": berkas_id}).one()


_LOCKED = (
    select(Berkas)
    .where(Berkas.id == bindparam("berkas"))
    .with_for_update()
    .execution_options(populate_existing=True)
)


def load_babak(
    session: Session, berkas: Berkas, now: datetime, perbaikan_hari: int | None = None
) -> Babak:
    """Return what the engine decides from; the state is always the replay of the journal."""
    versi = read_versi(session, berkas.versi_layanan_id)
    alur = versi.alur
    if perbaikan_hari is not None:
        alur = replace(alur, perbaikan_hari=perbaikan_hari)
    keadaan, sidik = load_keadaan(session, berkas)
    units = {*keadaan.jalur.values()}
    if keadaan.pengaju is not None:
        units.add(keadaan.pengaju.wilayah_id)
    dunia = load_dunia(session, alur, units, now, berkas.pemohon_id)
    return Babak(berkas, versi, alur, keadaan, dunia, sidik)


def act_as(session: Session, babak: Babak, aksi: Aksi, pelaku: Pelaku, kunci: str) -> Riwayat:
    """Take the act from the first of the person's appointments that may; write what follows.

    Raises:
        BangkitError: none may; the engine's reason, told for the first appointment.
    """
    if babak.berkas.beku:
        raise DataBerubahError(N_("Berkas ini dibekukan untuk diperiksa. Hubungi administrator."))
    refused: Tolak | None = None
    for jabatan in pelaku.jabatan:
        own = replace(aksi, pelaku=as_pemegang(pelaku, jabatan))
        outcome = putuskan(babak.alur, babak.keadaan, own, babak.dunia)
        if not isinstance(outcome, Tolak):
            return record(session, babak, outcome, as_penulis(pelaku, jabatan), kunci)
        refused = _clearer(refused, outcome)
    kode = KodeTolak.BUKAN_KANDIDAT if refused is None else refused.kode
    if refused is None:
        kind, message = REFUSALS[kode]
        raise kind(message)
    raise refusal(session, babak.berkas, kode, babak.keadaan, aksi.ke)


def _clearer(known: Tolak | None, new: Tolak) -> Tolak:
    """Return the refusal that says more: any reason rather than "not your desk"."""
    return new if known is None or known.kode is KodeTolak.BUKAN_KANDIDAT else known


def record(
    session: Session, babak: Babak, events: Iterable[Peristiwa], penulis: Penulis, kunci: str
) -> Riwayat:
    """Write what the engine decided, journal first, then the projection; return the newest row."""
    keadaan, sidik, row = babak.keadaan, babak.sidik, None
    # What is read in between does not depend on what is written, so one flush is enough.
    with session.no_autoflush:
        for event in events:
            before, keadaan = keadaan, terapkan(keadaan, event)
            row = append(session, babak.berkas, before, event, penulis, kunci, sidik)
            sidik = row.sidik
            notify(session, row, recipients_of(before, event))
            project(session, babak.berkas, babak.versi, keadaan, event)
            settle_surat(session, babak.berkas, babak.alur, before, event, row)
            if event.jenis in MENGUBAH or _meets(babak.versi, keadaan, event):
                meet_by_approval(session, babak.berkas, babak.alur, keadaan, event.pada)
    session.flush()
    assert row is not None, "the engine decided on no event"
    return row


def _meets(versi: VersiTerbaca, keadaan: Keadaan, event: Peristiwa) -> bool:
    """Whether the event approves a step whose peran meets a persyaratan of the version."""
    if event.jenis not in AKSI_TAHAPAN or event.ke is None:
        return False
    return versi.alur.step(keadaan.kunjungan[event.ke - 1].tahapan).peran in versi.memenuhi


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


def available(session: Session, pelaku: Pelaku, now: datetime, berkas_id: int) -> Meja:
    """Return the acts this person may take now, each with the appointment that would take it."""
    require_readable(session, berkas_id)
    with unscoped(session, REASON):
        berkas = session.get_one(Berkas, berkas_id)
        babak = load_babak(session, berkas, now)
        found: dict[JenisAksi, Jabatan] = {}
        for jabatan in () if berkas.beku else pelaku.jabatan:
            pemegang = as_pemegang(pelaku, jabatan)
            for jenis in aksi_tersedia(babak.alur, babak.keadaan, pemegang, babak.dunia):
                found.setdefault(jenis, jabatan)
        klaim = klaim_berlaku(babak.alur, babak.keadaan, babak.dunia)
        is_keluarga = pelaku.pengguna_id in babak.dunia.keluarga_pemohon
        return Meja(babak.keadaan.ke, found, klaim, is_keluarga)
