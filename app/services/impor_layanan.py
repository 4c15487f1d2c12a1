"""Takes a file of definitions in as konsep, and gives a version out as a file."""

from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import TidakDitemukanError
from app.models.layanan import Layanan
from app.models.peran import Peran
from app.models.persyaratan import JenisPersyaratan
from app.models.policy import unscoped
from app.models.versi_layanan import StatusVersi, VersiLayanan
from app.services.definisi import Definisi
from app.services.definisi_baris import load_definisi
from app.services.definisi_yaml import Acuan, Hasil, dump, parse
from app.services.versi import add_konsep, load_terbit_of
from app.teks import N_

REASON = "definisi layanan diimpor dari server"


@dataclass(frozen=True)
class Terimpor:
    """What became of one definition: a new konsep, or ``is_sama``: a version says this already."""

    kode: str
    versi_id: int
    sebutan: str
    is_baru: bool
    is_sama: bool


def load_acuan(session: Session) -> Acuan:
    """Return what a file may refer to in this portal."""
    return Acuan(
        frozenset(session.scalars(select(Peran.kode))),
        dict(session.execute(select(JenisPersyaratan.kode, JenisPersyaratan.nama)).all()),
    )


def read_berkas(session: Session, text: str) -> Hasil:
    """Return the definitions of a file and all its mistakes."""
    return parse(text, load_acuan(session))


def impor(session: Session, definitions: tuple[Definisi, ...]) -> list[Terimpor]:
    """Add a konsep for each definition, and the layanan that is not there yet.

    The row policy asks whether the person may add these rows. A definition that a konsep or the
    published version already holds is left alone, so that a file may be taken in twice.
    """
    return [_impor(session, definisi) for definisi in definitions]


def impor_dari_server(session: Session, definitions: tuple[Definisi, ...]) -> list[Terimpor]:
    """Do as `impor`, for the command: nobody is signed in on the server."""
    with unscoped(session, REASON):
        return impor(session, definitions)


def _impor(session: Session, definisi: Definisi) -> Terimpor:
    layanan = session.scalars(select(Layanan).where(Layanan.kode == definisi.kode)).one_or_none()
    is_baru = layanan is None
    if layanan is None:
        layanan = Layanan(kode=definisi.kode, nama=definisi.nama)
        session.add(layanan)
        session.flush()
    living = select(VersiLayanan).where(
        VersiLayanan.layanan_id == layanan.id, VersiLayanan.status != StatusVersi.ARSIP
    )
    for versi in session.scalars(living):
        # The name is the layanan's, which may have been changed since.
        if replace(load_definisi(session, versi), nama=definisi.nama) == definisi:
            return Terimpor(definisi.kode, versi.id, versi.sebutan, False, True)
    versi = add_konsep(session, layanan, definisi)
    return Terimpor(definisi.kode, versi.id, versi.sebutan, is_baru, False)


def ekspor(session: Session, kode: str) -> str:
    """Return the published version of a layanan as a file, else its newest konsep.

    Raises:
        TidakDitemukanError: no such layanan, or it has no version at all.
    """
    layanan = session.scalars(select(Layanan).where(Layanan.kode == kode)).one_or_none()
    versi = None if layanan is None else load_terbit_of(session, layanan.id)
    if layanan is not None and versi is None:
        newest = select(VersiLayanan).where(VersiLayanan.layanan_id == layanan.id)
        versi = session.scalars(newest.order_by(VersiLayanan.nomor.desc())).first()
    if versi is None:
        raise TidakDitemukanError(N_("Layanan ini tidak ada, atau belum mempunyai versi."))
    return dump([load_definisi(session, versi)])
