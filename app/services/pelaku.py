"""Loads the acting person: appointments valid now, and what their peran are granted."""

from collections.abc import Iterable
from datetime import datetime
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, func, or_, select
from sqlalchemy.orm import Session

from app.models.base import HostModel
from app.models.engine import PLANNED_ONCE
from app.models.pelaku import Jabatan, Pelaku
from app.models.pengguna import Pengguna
from app.models.penugasan import Penugasan
from app.models.peran import Peran
from app.models.policy import unscoped
from app.models.seksi import Seksi
from app.models.tahapan import Tahapan
from app.models.tampilan import Tampilan
from app.models.versi_layanan import StatusVersi, VersiLayanan
from app.models.wilayah import Wilayah


def load_pelaku(session: Session, pengguna_id: int, now: datetime) -> Pelaku | None:
    """Return who this account is at this moment, or None if it is not active."""
    return load_akun(session, pengguna_id, now)[1]


def load_akun(
    session: Session, pengguna_id: int, now: datetime
) -> tuple[Pengguna | None, Pelaku | None]:
    """Return an account, and who that is at this moment; (None, None) if it is not active.

    One query, for every request asks it. An appointment counts in [mulai, sampai).
    """
    with unscoped(session, "memuat penugasan pelaku"):
        rows = session.execute(_akun(), {"pengguna_id": pengguna_id, "now": now}).all()
    if not rows or not rows[0][0].active:
        return None, None
    akun: Pengguna = rows[0][0]
    held = [facts for _, _, *facts in rows if facts[0] is not None]
    jabatan = tuple(
        Jabatan(id_, peran, wilayah_id, str(tingkat), sebutan, seksi, str(sifat), mengajukan)
        for id_, peran, wilayah_id, tingkat, sebutan, seksi, sifat, mengajukan, _ in held
    )
    grants = {facts[1]: _parsed(facts[-1] or "") for facts in held}
    nama = f"{akun.first_name} {akun.last_name}".strip()
    return akun, Pelaku(pengguna_id, nama, jabatan, grants, now, rows[0][1])


@cache
def _akun() -> Any:
    """Return the statement, built once: the account, beside each appointment that it holds."""
    own = Penugasan.pengguna_id == Pengguna.id
    return (
        select(
            Pengguna,
            select(Tampilan.id).where(Tampilan.pengguna_id == Pengguna.id).exists(),
            Penugasan.id,
            Peran.kode,
            Penugasan.wilayah_id,
            Wilayah.tingkat,
            Penugasan.sebutan,
            Seksi.kode,
            Penugasan.sifat,
            _takes_filings().exists(),
            _granted(),
        )
        .outerjoin(Penugasan, own & is_valid_at(bindparam("now")))
        .outerjoin(Peran, Peran.id == Penugasan.peran_id)
        .outerjoin(Wilayah, Wilayah.id == Penugasan.wilayah_id)
        .outerjoin(Seksi, Seksi.id == Penugasan.seksi_id)
        .where(Pengguna.id == bindparam("pengguna_id"))
        .order_by(Peran.urutan, Penugasan.id)
        .execution_options(**{PLANNED_ONCE: True})
    )


def _takes_filings() -> Select[Any]:
    """Return the first steps of published layanan that the peran of the outer query takes."""
    return (
        select(Tahapan.id)
        .join(VersiLayanan, VersiLayanan.id == Tahapan.versi_layanan_id)
        .where(
            VersiLayanan.status == StatusVersi.TERBIT,
            Tahapan.urutan == 1,
            Tahapan.peran_id == Peran.id,
        )
        .correlate(Peran)
    )


def is_valid_at(now: datetime | ColumnElement[datetime]) -> ColumnElement[bool]:
    """Return the condition "this penugasan holds at ``now``", half-open (ROUTING §1)."""
    return (Penugasan.waktu_mulai <= now) & or_(
        Penugasan.waktu_sampai.is_(None), Penugasan.waktu_sampai > now
    )


def load_grants(session: Session, peran: Iterable[str]) -> dict[str, frozenset[tuple[str, str]]]:
    """Return peran → {(resource, action)} as the role tables say now, in one query."""
    query = select(Peran.kode, _granted()).where(Peran.kode.in_(peran))
    return {kode: _parsed(text or "") for kode, text in session.execute(query)}


def _granted() -> Any:
    """Return what the peran of the outer query is granted, as one text: hundreds of rows less."""
    tables = HostModel.metadata.tables
    role, link = tables["ab_role"], tables["ab_permission_view_role"]
    pair, permission, view = (
        tables[f"ab_{name}"] for name in ("permission_view", "permission", "view_menu")
    )
    return (
        select(func.aggregate_strings(view.c.name + " " + permission.c.name, "\n"))
        .select_from(role)
        .join(link, link.c.role_id == role.c.id)
        .join(pair, pair.c.id == link.c.permission_view_id)
        .join(permission, permission.c.id == pair.c.permission_id)
        .join(view, view.c.id == pair.c.view_menu_id)
        .where(role.c.name == Peran.kode, permission.c.name.startswith("can_"))
        .correlate(Peran)
        .scalar_subquery()
    )


@lru_cache(maxsize=256)
def _parsed(text: str) -> frozenset[tuple[str, str]]:
    pairs = (line.rpartition(" ") for line in text.splitlines())
    return frozenset((resource, action.removeprefix("can_")) for resource, _, action in pairs)
