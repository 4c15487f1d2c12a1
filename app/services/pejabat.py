"""Who holds which post: today at a unit, the vacancies of an area, one's own appointments."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.errors import TidakDitemukanError
from app.models.pelaku import Pelaku
from app.models.pengguna import Pengguna
from app.models.penugasan import Penugasan, Sifat, sebutan_of
from app.models.peran import Peran, Tunggal
from app.models.policy import unscoped
from app.models.seksi import Seksi
from app.models.validation import INTEGER_LIMIT
from app.models.wilayah import (
    RANK,
    Wilayah,
    WilayahLeluhur,
    area_of_wilayah,
    subtree_ids,
)

REASON = "daftar pejabat suatu wilayah"
"""Penugasan are rows of the admin; officers see who holds the posts they work with."""

BUKAN_MEJA = ("admin_kecamatan", "auditor")
"""Peran at whose desk no berkas ever lies."""

PENGAWAS = (
    *("ketua_rw", "sekretaris_kelurahan", "lurah", "sekcam", "camat"),
    *("admin_kecamatan", "auditor"),
)
"""Who watches the vacancies: the superiors, and the admin who appoints (ROUTING §3 case 6)."""

SEGERA = timedelta(days=14)
"""How long before its end an appointment without successor is told."""


@dataclass(frozen=True)
class Masa:
    """One appointment as a person reads it; ``sampai`` None means without an end."""

    pengguna_id: int
    nama: str
    sebutan: str
    sifat: Sifat
    nomor_sk: str | None
    mulai: datetime
    sampai: datetime | None

    def holds(self, moment: datetime) -> bool:
        """Whether it is valid at ``moment``, half-open (ROUTING §1)."""
        return self.mulai <= moment and (self.sampai is None or self.sampai > moment)


@dataclass(frozen=True)
class Pos:
    """A post: a peran at a unit, in a section where the peran is held per section.

    ``sebutan`` is its jabatan as letters print it; ``nama`` leaves out the unit, which is ``unit``.
    """

    peran: str
    sebutan: str
    nama: str
    unit: str
    wilayah_id: int
    seksi: str | None = None
    masa: tuple[Masa, ...] = ()

    def holders(self, moment: datetime) -> tuple[Masa, ...]:
        """Return who holds it at ``moment``; empty when it is vacant."""
        return tuple(m for m in self.masa if m.holds(moment))

    def vacant_from(self, now: datetime) -> datetime | None:
        """Return when nobody will hold it first, from ``now`` on; None when no end is in sight."""
        moment = now
        while holders := self.holders(moment):
            ends = [m.sampai for m in holders if m.sampai is not None]
            if len(ends) < len(holders):
                return None
            moment = max(ends)
        return moment

    def vacant_since(self, now: datetime) -> datetime | None:
        """Return when the last holder left; None where there never was one."""
        return max((m.sampai for m in self.masa if m.sampai and m.sampai <= now), default=None)


def require_inside(session: Session, pelaku: Pelaku, wilayah_id: int) -> None:
    """Check that a unit lies in the area of some appointment of the person.

    Raises:
        TidakDitemukanError: it does not, or there is no such unit.
    """
    area = area_of_wilayah(session, wilayah_id) if wilayah_id <= INTEGER_LIMIT else {}
    if not any(area.get(column) == unit for column, unit in (j.area for j in pelaku.jabatan)):
        raise TidakDitemukanError


def list_wilayah(session: Session, pelaku: Pelaku, now: datetime) -> list[tuple[int, str]]:
    """Return (id, sebutan) of the units in the person's area, from the top down."""
    ids = subtree_ids(session, {j.wilayah_id for j in pelaku.jabatan})
    units = _units(session, ids, now)
    return [(unit.id, unit.sebutan) for unit in units]


def list_jalur(session: Session, wilayah_id: int, now: datetime) -> list[tuple[Wilayah, list[Pos]]]:
    """Return the desks a berkas from this unit can come to, unit by unit upwards."""
    ancestors = select(WilayahLeluhur.leluhur_id).where(WilayahLeluhur.turunan_id == wilayah_id)
    units = _units(session, session.scalars(ancestors), now)
    posts = list_pos(session, units)
    found = [(unit, [p for p in posts if p.wilayah_id == unit.id]) for unit in reversed(units)]
    return [(unit, own) for unit, own in found if own]


def list_kosong(session: Session, pelaku: Pelaku, now: datetime) -> list[Pos]:
    """Return the posts of the person's area that are vacant now or soon, those first."""
    roots = {j.wilayah_id for j in pelaku.jabatan if j.peran in PENGAWAS}
    posts = list_pos(session, _units(session, subtree_ids(session, roots), now))
    ends = {post: post.vacant_from(now) for post in posts}
    return [post for post in posts if (end := ends[post]) is not None and end <= now + SEGERA]


def list_pos(session: Session, units: Sequence[Wilayah]) -> list[Pos]:
    """Return every post of these units with all its appointments, past and future ones too."""
    peran = session.scalars(
        select(Peran).where(Peran.kode.not_in(BUKAN_MEJA)).order_by(Peran.urutan)
    ).all()
    ids = [unit.id for unit in units]
    seksi = session.scalars(
        select(Seksi).where(Seksi.wilayah_id.in_(ids)).order_by(Seksi.nama)
    ).all()
    held = _appointments(session, ids)
    return [
        _post(unit, row, part, held)
        for unit in units
        for row in peran
        if RANK[row.tingkat] == RANK[unit.tingkat]
        for part in _parts(row, unit, seksi)
    ]


def _parts(peran: Peran, unit: Wilayah, seksi: Sequence[Seksi]) -> Sequence[Seksi | None]:
    """Return the sections of the unit where the peran is held per section, else the whole unit."""
    parts = [part for part in seksi if part.wilayah_id == unit.id]
    return parts if parts and peran.tunggal == Tunggal.PER_SEKSI else [None]


def _post(
    unit: Wilayah,
    peran: Peran,
    part: Seksi | None,
    held: Mapping[tuple[str, int, str | None], Sequence[Masa]],
) -> Pos:
    kode = part.kode if part else None
    return Pos(
        peran=peran.kode,
        sebutan=sebutan_of(peran, unit, part, Sifat.DEFINITIF),
        nama=f"{peran.nama} · {part.nama}" if part else peran.nama,
        unit=unit.sebutan,
        wilayah_id=unit.id,
        seksi=kode,
        masa=tuple(held.get((peran.kode, unit.id, kode), ())),
    )


def _appointments(
    session: Session, ids: Sequence[int]
) -> dict[tuple[str, int, str | None], list[Masa]]:
    query = (
        select(Peran.kode, Penugasan.wilayah_id, Seksi.kode, *_MASA)
        .join(Peran, Peran.id == Penugasan.peran_id)
        .join(Pengguna, Pengguna.id == Penugasan.pengguna_id)
        .outerjoin(Seksi, Seksi.id == Penugasan.seksi_id)
        .where(Penugasan.wilayah_id.in_(ids), Pengguna.active.is_(True))
        .order_by(Penugasan.waktu_mulai, Penugasan.id)
    )
    found: dict[tuple[str, int, str | None], list[Masa]] = {}
    with unscoped(session, REASON):
        for kode, wilayah_id, seksi, *masa in session.execute(query):
            found.setdefault((kode, wilayah_id, seksi), []).append(Masa(*masa))
    return found


_MASA = (
    Penugasan.pengguna_id,
    Pengguna.nama,
    Penugasan.sebutan,
    Penugasan.sifat,
    Penugasan.nomor_sk,
    Penugasan.waktu_mulai,
    Penugasan.waktu_sampai,
)


def _units(session: Session, ids: Iterable[int], now: datetime) -> list[Wilayah]:
    """Return these units as far as they are in force, each kelurahan with its RW and RT."""
    rows = session.scalars(
        select(Wilayah).where(
            Wilayah.id.in_(list(ids)),
            or_(Wilayah.tanggal_sampai.is_(None), Wilayah.tanggal_sampai > now.date()),
        )
    ).all()
    known = {row.id: row for row in rows}
    return sorted(rows, key=lambda row: _place(row, known))


def _place(unit: Wilayah, known: dict[int, Wilayah]) -> tuple[str, ...]:
    """Return the codes from the highest known unit down: what the tree is read in."""
    path = [unit.kode]
    while (parent := known.get(unit.induk_id or 0)) is not None:
        path.insert(0, parent.kode)
        unit = parent
    return tuple(path)


def list_penugasan(session: Session, pelaku: Pelaku) -> list[Masa]:
    """Return all appointments of this person, the newest first."""
    query = (
        select(*_MASA)
        .join(Pengguna, Pengguna.id == Penugasan.pengguna_id)
        .where(Penugasan.pengguna_id == pelaku.pengguna_id)
        .order_by(Penugasan.waktu_mulai.desc(), Penugasan.id.desc())
    )
    with unscoped(session, REASON):
        return [Masa(*row) for row in session.execute(query)]


def nama_pengguna(session: Session, pengguna_id: int) -> str:
    """Return the name of an account, to say who is at work on a berkas."""
    with unscoped(session, REASON):
        return str(session.scalar(select(Pengguna.nama).where(Pengguna.id == pengguna_id)) or "")
