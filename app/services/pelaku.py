"""Loads the acting person: appointments valid now, and what their peran are granted."""

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, or_, select
from sqlalchemy.orm import Session

from app.models.base import HostModel
from app.models.pelaku import Jabatan, Pelaku
from app.models.pengguna import Pengguna
from app.models.penugasan import Penugasan
from app.models.peran import Peran
from app.models.policy import unscoped
from app.models.seksi import Seksi
from app.models.tahapan import Tahapan
from app.models.versi_layanan import StatusVersi, VersiLayanan
from app.models.wilayah import Wilayah


def load_pelaku(session: Session, pengguna_id: int, now: datetime) -> Pelaku | None:
    """Return who this account is at this moment, or None if it is not active.

    Three queries whatever the number of roles, two where the account is at hand; an appointment
    counts in [mulai, sampai).
    """
    with unscoped(session, "memuat penugasan pelaku"):
        akun = session.get(Pengguna, pengguna_id)
        if akun is None or not akun.active:
            return None
        nama = f"{akun.first_name} {akun.last_name}".strip()
        jabatan = load_jabatan(session, pengguna_id, now)
        grants = load_grants(session, {j.peran for j in jabatan})
    return Pelaku(pengguna_id, nama, jabatan, grants, now)


def load_jabatan(session: Session, pengguna_id: int, now: datetime) -> tuple[Jabatan, ...]:
    """Return the appointments of this account valid at ``now``; call it unscoped."""
    rows = session.execute(_jabatan(), {"pengguna_id": pengguna_id, "now": now})
    return tuple(
        Jabatan(id_, peran, wilayah_id, str(tingkat), sebutan, seksi, str(sifat), mengajukan)
        for id_, peran, wilayah_id, tingkat, sebutan, seksi, sifat, mengajukan in rows
    )


@cache
def _jabatan() -> Any:
    """Return the statement, built once: it is asked on every request."""
    return (
        select(
            Penugasan.id,
            Peran.kode,
            Penugasan.wilayah_id,
            Wilayah.tingkat,
            Penugasan.sebutan,
            Seksi.kode,
            Penugasan.sifat,
            _takes_filings().exists(),
        )
        .join(Peran, Peran.id == Penugasan.peran_id)
        .join(Wilayah, Wilayah.id == Penugasan.wilayah_id)
        .outerjoin(Seksi, Seksi.id == Penugasan.seksi_id)
        .where(Penugasan.pengguna_id == bindparam("pengguna_id"), is_valid_at(bindparam("now")))
        .order_by(Peran.urutan, Penugasan.id)
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
    rows = session.execute(_grants(), {"peran": list(peran)})
    found: dict[str, set[tuple[str, str]]] = {}
    for name, resource, action in rows:
        found.setdefault(name, set()).add((resource, action.removeprefix("can_")))
    return {name: frozenset(granted) for name, granted in found.items()}


@cache
def _grants() -> Select[Any]:
    tables = HostModel.metadata.tables
    role, link = tables["ab_role"], tables["ab_permission_view_role"]
    pair, permission, view = (
        tables[f"ab_{name}"] for name in ("permission_view", "permission", "view_menu")
    )
    return (
        select(role.c.name, view.c.name, permission.c.name)
        .select_from(role)
        .join(link, link.c.role_id == role.c.id)
        .join(pair, pair.c.id == link.c.permission_view_id)
        .join(permission, permission.c.id == pair.c.permission_id)
        .join(view, view.c.id == pair.c.view_menu_id)
        .where(
            role.c.name.in_(bindparam("peran", expanding=True)),
            permission.c.name.startswith("can_"),
        )
    )
