"""Moves running berkas to the published version: who can, why others cannot, one event each."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import DataBerubahError
from app.models.berkas import Berkas, BerkasPersyaratan, StatusBerkas
from app.models.lampiran import Lampiran
from app.models.pelaku import Pelaku
from app.models.persyaratan import Persyaratan
from app.models.policy import unscoped
from app.models.versi_layanan import StatusVersi, VersiLayanan
from app.routing import SISTEM, Aksi, Alur, JenisAksi, KodeTolak, Tolak, putuskan
from app.services.berkas import Babak, load_babak, tindak_sistem
from app.services.dunia import load_alur
from app.services.jurnal import as_penulis
from app.services.penolakan import REFUSALS
from app.services.versi import load_versi, publishing_post
from app.teks import N_

REASON = "berkas berjalan dipindah ke versi baru"

TANPA_TAHAPAN = N_("Tahapan %(tahapan)s tidak ada pada versi ini.")
TANPA_UNIT = N_("Wilayah asalnya tidak mempunyai unit untuk tahapan versi ini.")
BEKU = N_("Berkas ini dibekukan untuk diperiksa.")


@dataclass(frozen=True)
class Calon:
    """A berkas of an older version; ``sebab`` says why it cannot move, "" where it can.

    ``tahapan`` is the kode of the step where it lies or to which it returns; ``peristiwa`` the
    number of its newest event, which the move has to follow.
    """

    berkas_id: int
    nomor: str
    status: StatusBerkas
    versi: str
    tahapan: str
    peristiwa: int
    sebab: str = ""


def list_calon(session: Session, pelaku: Pelaku, now: datetime, versi_id: int) -> list[Calon]:
    """Return the dry run: every unfinished berkas of the person's area under another version.

    Raises:
        TidakBerwenangError, TidakDitemukanError: the person may not, or there is no such version.
        DataBerubahError: the version is not the published one.
    """
    publishing_post(pelaku)
    versi = load_versi(session, versi_id)
    if versi.status != StatusVersi.TERBIT:
        raise DataBerubahError(N_("Berkas hanya dapat dipindah ke versi yang terbit."))
    rows = session.execute(
        select(Berkas.id, VersiLayanan.sebutan)
        .join(VersiLayanan, VersiLayanan.id == Berkas.versi_layanan_id)
        .where(
            Berkas.layanan_id == versi.layanan_id,
            Berkas.versi_layanan_id != versi.id,
            Berkas.waktu_selesai.is_(None),
            Berkas.status != StatusBerkas.DRAF,
        )
        .order_by(Berkas.id)
    ).all()
    alur = load_alur(session, versi.id)
    with unscoped(session, REASON):
        return [_judge(session, now, id_, sebutan, versi, alur) for id_, sebutan in rows]


def _judge(
    session: Session, now: datetime, berkas_id: int, sebutan: str, versi: VersiLayanan, alur: Alur
) -> Calon:
    berkas = session.get_one(Berkas, berkas_id)
    babak = load_babak(session, berkas, now)
    newest = babak.keadaan.kunjungan[-1].tahapan if babak.keadaan.kunjungan else ""
    calon = Calon(berkas_id, berkas.nomor, berkas.status, sebutan, newest, babak.keadaan.nomor)
    return replace(calon, sebab=_obstacle(babak, versi, alur, newest))


def _obstacle(babak: Babak, versi: VersiLayanan, alur: Alur, newest: str) -> str:
    if babak.berkas.beku:
        return BEKU
    if newest not in {step.kode for step in alur.tahapan}:
        return TANPA_TAHAPAN
    aksi = Aksi(
        JenisAksi.MIGRASI,
        babak.keadaan.ke,
        SISTEM,
        rincian={"versi_id": versi.id},
        alur_baru=alur,
    )
    outcome = putuskan(babak.alur, babak.keadaan, aksi, babak.dunia)
    if not isinstance(outcome, Tolak):
        return ""
    return TANPA_UNIT if outcome.kode is KodeTolak.VERSI_TIDAK_COCOK else REFUSALS[outcome.kode][1]


def pindahkan(session: Session, pelaku: Pelaku, now: datetime, versi_id: int) -> list[Calon]:
    """Move every berkas that can move, one event each in the name of the person; return these.

    Raises:
        as `list_calon`.
    """
    penulis = as_penulis(pelaku, publishing_post(pelaku))
    moved = []
    for calon in (c for c in list_calon(session, pelaku, now, versi_id) if not c.sebab):
        row = tindak_sistem(
            session,
            now,
            berkas_id=calon.berkas_id,
            jenis=JenisAksi.MIGRASI,
            kunci=f"migrasi-{calon.berkas_id}-{calon.peristiwa}",
            rincian={"versi_id": versi_id},
            alur_baru=load_alur(session, versi_id),
            penulis=penulis,
        )
        if row is not None:
            with unscoped(session, REASON):
                _carry_documents(session, calon.berkas_id, versi_id)
            moved.append(calon)
    return moved


def _carry_documents(session: Session, berkas_id: int, versi_id: int) -> None:
    """Let what was met or attached for a persyaratan stand for the one of the same kode."""
    target = dict(
        session.execute(
            select(Persyaratan.kode, Persyaratan.id).where(Persyaratan.versi_layanan_id == versi_id)
        ).all()
    )
    for model in (BerkasPersyaratan, Lampiran):
        rows: Iterable[tuple[BerkasPersyaratan | Lampiran, str]] = session.execute(
            select(model, Persyaratan.kode)
            .join(Persyaratan, Persyaratan.id == model.persyaratan_id)
            .where(model.berkas_id == berkas_id)
        ).all()  # type: ignore[assignment]
        for row, kode in rows:
            if kode in target:
                row.persyaratan_id = target[kode]
    session.flush()
