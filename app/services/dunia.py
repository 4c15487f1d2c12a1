"""Reads what the engine may know: the frozen definition of a version, and who sits where now."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session, aliased

from app.models.base import Waktu
from app.models.penduduk import Penduduk
from app.models.pengguna import Pengguna
from app.models.penugasan import Penugasan
from app.models.peran import Peran
from app.models.persyaratan import Persyaratan
from app.models.seksi import Seksi
from app.models.tahapan import Tahapan as BarisTahapan
from app.models.versi_layanan import StatusVersi, VersiLayanan
from app.models.wilayah import Wilayah, WilayahLeluhur
from app.routing import Alur, Dunia, Pemegang
from app.services.definisi import step_of
from app.services.pelaku import is_valid_at

_pemohon = aliased(Penduduk)


@dataclass(frozen=True)
class VersiTerbaca:
    """A version as the shell needs it: its alur, and per kode the row and minutes of a step.

    ``memenuhi`` are the peran whose approval meets one of its persyaratan.
    """

    alur: Alur
    tahapan_id: Mapping[str, int]
    sla_menit: Mapping[str, int]
    memenuhi: frozenset[str]


_known: dict[tuple[int, datetime], VersiTerbaca] = {}
"""Versions no longer konsep, by id and birth: they cannot change (ROUTING §3 case 34)."""

_KNOWN_MOST = 1000

_VERSI = select(
    VersiLayanan.created_at, VersiLayanan.status, VersiLayanan.pengaju, VersiLayanan.maks_kembali
).where(VersiLayanan.id == bindparam("versi"))

_TAHAPAN = (
    select(BarisTahapan, Peran.kode, Peran.tingkat)
    .join(Peran, Peran.id == BarisTahapan.peran_id)
    .where(BarisTahapan.versi_layanan_id == bindparam("versi"))
    .order_by(BarisTahapan.urutan)
)


_MEMENUHI = select(Persyaratan.dipenuhi_peran).where(
    Persyaratan.versi_layanan_id == bindparam("versi"), Persyaratan.dipenuhi_peran.is_not(None)
)


def read_versi(session: Session, versi_layanan_id: int) -> VersiTerbaca:
    """Return a version; one that was published is read once per process."""
    versi = session.connection().execute(_VERSI, {"versi": versi_layanan_id}).one()
    key = (versi_layanan_id, versi.created_at)
    if key in _known:
        return _known[key]
    rows = session.execute(_TAHAPAN, {"versi": versi_layanan_id}).all()
    definisi = VersiTerbaca(
        Alur(
            tuple(step_of(row, peran, str(tingkat)) for row, peran, tingkat in rows),
            tuple(versi.pengaju or ()),
            versi.maks_kembali,
        ),
        {row.kode: row.id for row, _, _ in rows},
        {row.kode: row.sla_menit for row, _, _ in rows},
        frozenset(session.scalars(_MEMENUHI, {"versi": versi_layanan_id})),
    )
    if versi.status != StatusVersi.KONSEP:
        if len(_known) >= _KNOWN_MOST:
            _known.clear()
        _known[key] = definisi
    return definisi


def load_alur(session: Session, versi_layanan_id: int) -> Alur:
    """Return the alur of a version."""
    return read_versi(session, versi_layanan_id).alur


def load_jalur(session: Session, wilayah_id: int) -> dict[str, int]:
    """Return tingkat → unit from the origin upward: the path a filing freezes.

    A desa takes the place of a kelurahan, since the peran of both stand at one level.
    """
    rows = session.execute(
        select(Wilayah.tingkat, Wilayah.id)
        .join(WilayahLeluhur, WilayahLeluhur.leluhur_id == Wilayah.id)
        .where(WilayahLeluhur.turunan_id == wilayah_id)
    )
    return {"kelurahan" if t == "desa" else str(t): id_ for t, id_ in rows}


_UNITS = (
    select(Wilayah.id, Wilayah.pengganti_id, Seksi.kode)
    .outerjoin(Seksi, Seksi.wilayah_id == Wilayah.id)
    .where(Wilayah.id.in_(bindparam("units", expanding=True)))
)

PEMEGANG_KINI = (
    select(
        Penugasan.id,
        Penugasan.pengguna_id,
        Peran.kode,
        Penugasan.wilayah_id,
        Seksi.kode,
        Penugasan.sifat,
    )
    .join(Peran, Peran.id == Penugasan.peran_id)
    .join(Pengguna, Pengguna.id == Penugasan.pengguna_id)
    .outerjoin(Seksi, Seksi.id == Penugasan.seksi_id)
    .where(
        # Whoever cannot sign in any more holds no desk (ROUTING §3 case 47).
        Pengguna.active.is_(True),
        is_valid_at(bindparam("now", type_=Waktu)),
    )
    .order_by(Penugasan.id)
)
"""Every post held at ``now``; `as_holder` reads a row."""

_PEMEGANG = PEMEGANG_KINI.where(
    Penugasan.wilayah_id.in_(bindparam("units", expanding=True)),
    Peran.kode.in_(bindparam("peran", expanding=True)),
)

_KELUARGA = (
    select(Pengguna.id)
    .join(Penduduk, Penduduk.id == Pengguna.penduduk_id)
    .where(
        or_(
            Penduduk.id == bindparam("pemohon"),
            Penduduk.keluarga_id
            == select(_pemohon.keluarga_id)
            .where(_pemohon.id == bindparam("pemohon"))
            .scalar_subquery(),
        )
    )
)
"""Accounts of the pemohon and of everyone on the same KK (ROUTING §3 case 5)."""


def as_holder(row: Any) -> Pemegang:
    """Return a row of `PEMEGANG_KINI` as the engine knows it."""
    id_, pengguna_id, peran, wilayah_id, seksi_kode, sifat = row
    return Pemegang(id_, pengguna_id, peran, wilayah_id, seksi_kode, str(sifat))


def load_dunia(
    session: Session,
    alur: Alur,
    units: Iterable[int],
    now: datetime,
    pemohon_id: int | None = None,
) -> Dunia:
    """Return who holds the posts of the alur at these units now; call it unscoped.

    ``pemohon_id`` None means a pemohon outside the register, of whose family nothing is known.
    """
    tata = load_tata(session, units)
    places = {*units, *tata.pengganti.values()}
    peran = {step.peran for step in alur.tahapan} | {*alur.peran_pengaju}
    # Plain columns, asked of the connection: every act reads these, and no row of them is kept.
    connection = session.connection()
    posts = {"units": sorted(places), "peran": sorted(peran), "now": now}
    rows = connection.execute(_PEMEGANG, posts)
    family: Iterable[int] = ()
    if pemohon_id is not None:
        family = connection.scalars(_KELUARGA, {"pemohon": pemohon_id})
    return replace(
        tata,
        pemegang=tuple(map(as_holder, rows)),
        keluarga_pemohon=frozenset(family),
        kini=now,
    )


def load_tata(session: Session, units: Iterable[int]) -> Dunia:
    """Return units with nobody in them: their seksi, and retired unit → successor (case 32)."""
    pengganti: dict[int, int] = {}
    seksi: set[tuple[int, str]] = set()
    todo, seen = {*units}, set[int]()
    while todo:
        seen |= todo
        for id_, next_id, kode in session.connection().execute(_UNITS, {"units": sorted(todo)}):
            if next_id is not None:
                pengganti[id_] = next_id
            if kode is not None:
                seksi.add((id_, kode))
        todo = {*pengganti.values()} - seen
    return Dunia(pengganti=pengganti, seksi=frozenset(seksi))
