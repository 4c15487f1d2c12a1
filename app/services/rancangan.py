"""A filing before it is a berkas: what the form hands over, and what its way will ask for."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import TidakBerwenangError
from app.models.pelaku import Jabatan, Pelaku
from app.models.peran import Peran
from app.models.versi_layanan import VersiLayanan
from app.routing import Alur, Keadaan, MejaPengaju
from app.services.dunia import load_alur, load_jalur
from app.services.lampiran import Simpanan
from app.services.pemohon import Identitas, Pemohon
from app.services.persyaratan import Bukti, awaiting_approval, letter_rows
from app.teks import N_

PEMBAWA_SURAT = "petugas_kelurahan"
"""The peran that files for a resident who walks in with the paper letter (ROUTING §2)."""


@dataclass(frozen=True)
class Pengajuan:
    """A filing as the form gives it; ``lampiran`` and ``dicentang`` go by persyaratan id.

    The pemohon is a resident (``pemohon_id``) or someone typed in (``identitas``).
    ``surat_pengantar``: the resident walked in with the signed letter of RT and RW, whose scan is
    among the lampiran. ``berkas_asal_id``: the closed berkas that this one corrects or appeals.
    """

    versi_layanan_id: int
    pemohon_id: int | None
    isian: Mapping[str, Any]
    dicentang: frozenset[int] = frozenset()
    lampiran: Mapping[int, Simpanan] = field(default_factory=dict)
    identitas: Identitas | None = None
    surat_pengantar: bool = False
    berkas_asal_id: int | None = None

    @property
    def bukti(self) -> Bukti:
        """What is shown for the persyaratan."""
        return Bukti(self.dicentang, self.lampiran)


@dataclass(frozen=True)
class Rancangan:
    """What the form of a new berkas needs to know before it is filed.

    ``menunggu`` maps the persyaratan that an approval will meet to the name of its peran; ``surat``
    are those that the paper letter of RT and RW meets, empty where this person cannot file so.
    """

    jabatan: Jabatan
    menunggu: Mapping[int, str]
    surat: tuple[int, ...]


def filing_post(alur: Alur, pelaku: Pelaku) -> Jabatan | None:
    """Return the appointment from which this person files, None if none may."""
    return next((j for j in pelaku.jabatan if j.peran in alur.peran_pengaju), None)


def post_in_area(
    alur: Alur, pelaku: Pelaku, area: Mapping[str, int | None], *, with_letter: bool = False
) -> Jabatan:
    """Return the appointment from which this person files for this origin.

    Raises:
        TidakBerwenangError: none may; with the paper letter only the counter of the kelurahan.
    """
    for jabatan in pelaku.jabatan:
        column, wilayah_id = jabatan.area
        if jabatan.peran not in alur.peran_pengaju or area.get(column) != wilayah_id:
            continue
        if not with_letter or jabatan.peran == PEMBAWA_SURAT:
            return jabatan
    raise TidakBerwenangError(N_("Layanan ini tidak dapat diajukan dari jabatan Anda."))


def draft(
    session: Session, pemohon: Pemohon, jabatan: Jabatan, letter: bool, isian: Mapping[str, Any]
) -> Keadaan:
    """Return the berkas as the filing will find it, to ask which steps it will skip."""
    return Keadaan(
        jalur=load_jalur(session, pemohon.wilayah_id),
        pengaju=MejaPengaju(jabatan.peran, jabatan.wilayah_id, jabatan.tingkat),
        surat_pengantar=letter,
        data={**{f"pemohon.{key}": value for key, value in pemohon.data.items()}, **isian},
    )


def plan(
    session: Session, pelaku: Pelaku, versi: VersiLayanan, pemohon: Pemohon | None
) -> Rancangan:
    """Return what the form shows about the way of this filing; ``pemohon`` None if not known yet.

    Raises:
        TidakBerwenangError: no appointment of the person may file this.
    """
    alur = load_alur(session, versi.id)
    rows = list(versi.persyaratan)
    jabatan = filing_post(alur, pelaku)
    if pemohon is not None:
        jabatan = post_in_area(alur, pelaku, pemohon.area)
    if jabatan is None:
        raise TidakBerwenangError(N_("Layanan ini tidak dapat diajukan dari jabatan Anda."))
    at = pemohon or Pemohon(None, jabatan.wilayah_id, {}, {})
    keadaan = draft(session, at, jabatan, letter=False, isian={})
    if pemohon is None:
        # Which RT it will be is not known yet, only that its way leads through every level.
        own = {t.tingkat: jabatan.wilayah_id for t in alur.tahapan}
        keadaan = replace(keadaan, jalur={**own, **keadaan.jalur})
    brings = any(j.peran == PEMBAWA_SURAT for j in pelaku.jabatan)
    letters = letter_rows(rows, alur) if brings else []
    menunggu = name_peran(session, awaiting_approval(rows, alur, keadaan))
    return Rancangan(jabatan, menunggu, tuple(row.id for row in letters))


def name_peran(session: Session, by_id: Mapping[int, str]) -> dict[int, str]:
    """Return the same map with the name of each peran in the place of its kode."""
    names = dict(session.execute(select(Peran.kode, Peran.nama)).all())
    return {id_: names[kode] for id_, kode in by_id.items()}
