"""The book of imports: each file taken in, what it wrote, and how it is undone."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, func, or_, select, true
from sqlalchemy.orm import Session

from app.errors import DataBerubahError, TidakBerwenangError
from app.models import discover
from app.models.base import AreaMixin, Entity
from app.models.bulk import chunks, delete_rows, insert_rows, references_to, update_rows
from app.models.catatan_impor import BarisImpor, CatatanImpor, StatusImpor
from app.models.nilai import from_json, to_json
from app.models.pelaku import Area, Pelaku
from app.models.perubahan import TindakanPerubahan, record_many
from app.models.policy import area_criterion, unscoped, write_criterion
from app.teks import N_

REASON = "catatan impor ditulis sistem"
BARIS: Table = BarisImpor.__table__  # type: ignore[assignment]  # typed as a FromClause
MOST_NAMED = 5
"""Rows that a refused undo names."""

TAMBAH, UBAH = "tambah", "ubah"

Tulis = tuple[int, str, int, Mapping[str, Any] | None]
"""A written row: key, tindakan, revisi, and its old values where it was changed."""


def mulai(
    session: Session,
    pelaku: Pelaku,
    now: datetime,
    *,
    sumber_daya: str,
    nama_berkas: str,
    ukuran_bytes: int,
    sha256: str,
    kunci: str,
) -> int:
    """Enter a file that was uploaded; return its number."""
    units = [
        jabatan.wilayah_id
        for jabatan in pelaku.jabatan
        if (sumber_daya, "import") in pelaku.grants.get(jabatan.peran, frozenset())
    ]
    with unscoped(session, REASON):
        row = CatatanImpor(
            waktu=now,
            nama_pengguna=pelaku.nama,
            sumber_daya=sumber_daya,
            nama_berkas=nama_berkas[-150:],
            ukuran_bytes=ukuran_bytes,
            sha256=sha256,
            kunci=kunci,
            pengguna_id=pelaku.pengguna_id,
            wilayah_id=units[-1],
        )
        session.add(row)
        session.flush()
        return row.id


def load_impor(
    session: Session, pelaku: Pelaku, sumber_daya: str, id_: int, *, own: bool = True
) -> CatatanImpor | None:
    """Return an import of this data that the person may see; ``own``: only if it is theirs."""
    query = select(CatatanImpor).where(
        CatatanImpor.id == id_, CatatanImpor.sumber_daya == sumber_daya
    )
    if own:
        query = query.where(CatatanImpor.pengguna_id == pelaku.pengguna_id)
    return session.scalar(query) if 0 < id_ < 2**31 else None


def list_impor(session: Session, pelaku: Pelaku, sumber_daya: str) -> Sequence[CatatanImpor]:
    """Return the person's last imports of this data, newest first."""
    own = CatatanImpor.pengguna_id == pelaku.pengguna_id, CatatanImpor.sumber_daya == sumber_daya
    query = select(CatatanImpor).where(*own).order_by(CatatanImpor.id.desc())
    return session.scalars(query.limit(MOST_NAMED)).all()


def last_pemetaan(
    session: Session, pelaku: Pelaku, sumber_daya: str, tanda_judul: str
) -> list[str] | None:
    """Return the columns this person chose the last time for a file with these headers."""
    query = (
        select(CatatanImpor.pemetaan)
        .where(
            CatatanImpor.pengguna_id == pelaku.pengguna_id,
            CatatanImpor.sumber_daya == sumber_daya,
            CatatanImpor.tanda_judul == tanda_judul,
            CatatanImpor.status != StatusImpor.DIUNGGAH,
        )
        .order_by(CatatanImpor.id.desc())
        .limit(1)
    )
    found: list[str] | None = session.scalar(query)
    return found


def ubah(session: Session, impor: CatatanImpor, **facts: Any) -> None:
    """Write how far an import is; no person may do so by hand."""
    with unscoped(session, REASON):
        for name, value in facts.items():
            setattr(impor, name, value)
        session.flush()


def catat(
    session: Session,
    model: type[Entity],
    impor_id: int,
    rows: Sequence[Tulis],
    values: Sequence[Mapping[str, Any]],
) -> None:
    """Note the rows an import wrote, for its undo and for their history.

    ``values`` go with ``rows``: what each row holds now.
    """
    added = [id_ for id_, tindakan, _, _ in rows if tindakan == TAMBAH]
    changed = [
        (id_, {name: (old, now[name]) for name, old in before.items()})
        for (id_, _, _, before), now in zip(rows, values, strict=True)
        if before
    ]
    record_many(session, model, added, TindakanPerubahan.IMPOR)
    ids, changes = [id_ for id_, _ in changed], [change for _, change in changed]
    record_many(session, model, ids, TindakanPerubahan.IMPOR, changes)
    lines = [
        (impor_id, id_, tindakan, revisi, _packed(before)) for id_, tindakan, revisi, before in rows
    ]
    names = ("impor_id", "baris_id", "tindakan", "revisi", "sebelum")
    insert_rows(session, BARIS, names, lines)


def _packed(before: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return None if before is None else {name: to_json(value) for name, value in before.items()}


# Undo.


def urungkan(session: Session, pelaku: Pelaku, impor: CatatanImpor, now: datetime) -> int:
    """Take an import back: added rows go, changed ones are as before; return how many.

    Raises:
        DataBerubahError: a row was changed since, or something depends on it; it is named.
        TidakBerwenangError: a row lies outside the area where the person may import.
    """
    if impor.status != StatusImpor.SELESAI:
        raise DataBerubahError(N_("Impor ini tidak dapat diurungkan."))
    model = {m.__name__: m for m in discover()}[impor.sumber_daya]
    table: Table = model.__table__  # type: ignore[attr-defined]
    mine = pelaku.area(impor.sumber_daya, "import")
    _refuse_changed(session, impor, model, table, mine)
    _refuse_foreign(session, impor, model, table, mine)
    _refuse_referenced(session, impor, table)
    changed = _restore(session, impor, model, table)
    added = session.connection().execute(_rows(impor, BARIS.c.baris_id, TAMBAH)).scalars().all()
    record_many(session, model, added, TindakanPerubahan.BATAL_IMPOR)
    delete_rows(session, table, _rows(impor, BARIS.c.baris_id, TAMBAH))
    ubah(session, impor, status=StatusImpor.DIURUNGKAN, waktu_selesai=now)
    return changed + len(added)


def _rows(impor: CatatanImpor, column: Any, *tindakan: str) -> Select[Any]:
    query = select(column).where(BARIS.c.impor_id == impor.id)
    return query.where(BARIS.c.tindakan.in_(tindakan)) if tindakan else query


def _criterion(model: type[Entity], area: Area) -> ColumnElement[bool]:
    """Return the condition "the person may write this row", as the policy has it."""
    if not issubclass(model, AreaMixin):
        return write_criterion(model, area)
    return area_criterion(model, area)


def _refuse_changed(
    session: Session, impor: CatatanImpor, model: type[Entity], table: Table, area: Area
) -> None:
    changed = (
        select(func.count())
        .select_from(BARIS.outerjoin(table, table.c.id == BARIS.c.baris_id))
        .where(
            BARIS.c.impor_id == impor.id,
            or_(table.c.id.is_(None), table.c.revisi != BARIS.c.revisi),
        )
    )
    count = session.scalar(changed) or 0
    if count:
        title = table.c[model.screen.title]
        named = (
            select(title)
            .join(BARIS, table.c.id == BARIS.c.baris_id)
            .where(BARIS.c.impor_id == impor.id, table.c.revisi != BARIS.c.revisi)
            .where(_criterion(model, area))
            .order_by(table.c.id)
            .limit(MOST_NAMED)
        )
        names = ", ".join(map(str, session.connection().execute(named).scalars()))
        raise DataBerubahError(
            N_(
                "Impor ini tidak dapat diurungkan: %(jumlah)s data sudah berubah sesudahnya "
                "(%(nama)s)."
            ),
            jumlah=count,
            nama=names or "–",
        )


def _refuse_foreign(
    session: Session, impor: CatatanImpor, model: type[Entity], table: Table, area: Area
) -> None:
    outside = (
        select(table.c.id)
        .join(BARIS, table.c.id == BARIS.c.baris_id)
        .where(BARIS.c.impor_id == impor.id, ~_criterion(model, area))
        .limit(1)
    )
    may_write = _criterion(model, area)
    foreign = may_write is not true() and session.connection().execute(outside).first()
    if foreign or not area:
        raise TidakBerwenangError(N_("Sebagian data impor ini berada di luar wilayah tugas Anda."))


def _refuse_referenced(session: Session, impor: CatatanImpor, table: Table) -> None:
    added = _rows(impor, BARIS.c.baris_id, TAMBAH)
    labels = {m.__table__.name: m.screen.label for m in discover()}  # type: ignore[attr-defined]
    for other, column in references_to(table):
        query = select(func.count()).select_from(other).where(other.c[column].in_(added))
        if other is table:
            query = query.where(other.c.id.not_in(added))
        count = session.connection().execute(query).scalar() or 0
        if count:
            raise DataBerubahError(
                N_(
                    "Impor ini tidak dapat diurungkan: datanya sudah dipakai oleh %(jumlah)s "
                    "%(label)s. Urungkan atau hapus itu dahulu."
                ),
                jumlah=count,
                label=labels.get(other.name, other.name),
            )


def _restore(session: Session, impor: CatatanImpor, model: type[Entity], table: Table) -> int:
    """Give the changed rows their old values; rows that changed in the same columns together."""
    query = select(BARIS).where(BARIS.c.impor_id == impor.id, BARIS.c.tindakan == UBAH)
    rows = session.connection().execute(query).mappings().all()
    groups: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for row in rows:
        values = {n: from_json(table.c[n].type, v) for n, v in row["sebelum"].items()}
        one = {**values, "id": row["baris_id"], "revisi": row["revisi"]}
        groups.setdefault(tuple(sorted(values)), []).append(one)
    for names, group in groups.items():
        for some in chunks(group):
            now = select(table).where(table.c.id.in_([one["id"] for one in some]))
            held = {row["id"]: row for row in session.connection().execute(now).mappings()}
            update_rows(session, table, names, some)
            changes = [{n: (held[one["id"]][n], one[n]) for n in names} for one in some]
            ids = [one["id"] for one in some]
            record_many(session, model, ids, TindakanPerubahan.BATAL_IMPOR, changes)
    return len(rows)
