"""The places and people of the access tests: one RT of one's own, and one outside each level."""

from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from sqlalchemy import Engine, MetaData, func, literal, select, union_all
from sqlalchemy.orm import Session

from app.generator.describe import describe_all
from app.models import discover
from app.models.base import AREA_COLUMNS, AreaMixin, Entity, HostModel
from app.models.pelaku import AREA_COLUMN_BY_TINGKAT
from app.models.pengguna import Pengguna
from app.models.penugasan import Penugasan
from app.models.peran import Peran
from app.models.policy import unscoped
from app.models.wilayah import Wilayah
from tests.access.doors import Orang
from tests.access.rows import Tempat, write
from tests.walk import unit

SPECS = describe_all(discover())
SCOPED = [name for name, spec in SPECS.items() if spec.is_scoped]
PERAN = sorted({peran for spec in SPECS.values() for peran in spec.screen.access})
OWN_RT = "RT 001/RW 002 Pilang"


def grants(resource: str, peran: str) -> set[str]:
    """Return the actions that the model's own text grants; `hak.txt` keeps it reviewed."""
    return set(SPECS[resource].screen.access.get(peran, "").split())


@dataclass
class Dunia:
    """``own`` lies in everybody's area; ``foreign`` holds a place outside, by area column."""

    app: Flask
    engine: Engine
    own: Tempat
    foreign: dict[str, Tempat]
    usernames: dict[str, str] = field(default_factory=dict)
    area: dict[str, tuple[str, int]] = field(default_factory=dict)
    people: dict[str, Orang] = field(default_factory=dict)

    def holder(self, peran: str) -> Orang:
        """Return the one who holds just this peran, over ``own``."""
        return self.person(self.usernames[peran])

    def person(self, username: str) -> Orang:
        """Return a signed-in person; each signs in once."""
        if username not in self.people:
            self.people[username] = Orang(self.app, username)
        return self.people[username]

    def outside(self, peran: str) -> Tempat:
        """Return a place as near as can be to this peran's area, and not in it."""
        return self.foreign[self.area[peran][0]]

    def ids_inside(self, model: type[Entity], area: tuple[str, int]) -> set[int]:
        """Return the ids of a scoped model inside an area, found without the policy's help."""
        with Session(self.engine) as session, unscoped(session, "uji menghitung semua"):
            return set(session.scalars(select(model.id).where(_inside(model, *area))))

    def fingerprint(self) -> list[Any]:
        """Return rows and revisions of every table: what a refused request must not move."""
        tables = HostModel.metadata.tables
        with self.engine.connect() as connection:
            return sorted(map(tuple, connection.execute(_fingerprint(HostModel.metadata, tables))))


def _inside(model: Any, column: str, wilayah_id: int) -> Any:
    if issubclass(model, AreaMixin):
        return getattr(model, column) == wilayah_id
    parent = getattr(model, model.screen.scope)
    return parent.has(_inside(parent.property.mapper.class_, column, wilayah_id))


def _fingerprint(metadata: MetaData, tables: Any) -> Any:
    parts = []
    for name, table in tables.items():
        total = func.sum(table.c.revisi) if "revisi" in table.c else literal(0)
        parts.append(select(literal(name), func.count(), total).select_from(table))
    return union_all(*parts)


def build_dunia(app: Flask, engine: Engine) -> Dunia:
    """Find and make the places, and who holds each peran over one's own RT."""
    with Session(engine) as session:
        own, near = unit(session, OWN_RT), unit(session, "RT 002/RW 002 Pilang")
        pilang, kota = unit(session, "Kelurahan Pilang"), unit(session, "Kota Probolinggo")
        ketapang = _rt_of(session, unit(session, "Kelurahan Ketapang"))
    places = {
        "rt_id": near,
        "rw_id": _new_rt(engine, pilang, "rw"),
        "kelurahan_id": ketapang,
        "kecamatan_id": _new_rt(engine, kota, "kecamatan"),
    }
    foreign = {column: Tempat(engine, id_) for column, id_ in places.items()}
    dunia = Dunia(app, engine, Tempat(engine, own), foreign)
    with Session(engine) as session:
        for peran in PERAN:
            dunia.usernames[peran], dunia.area[peran] = _holder(session, peran, dunia.own)
    return dunia


def _new_rt(engine: Engine, induk_id: int, tingkat: str) -> int:
    """Make units from ``tingkat`` down to an RT that no seed knows; return the RT."""
    kode = {"kecamatan": "35.74.99", "kelurahan": "35.74.99.1001", "rw": "099", "rt": "099"}
    steps = list(kode)
    for step in steps[steps.index(tingkat) :]:
        row = Wilayah(induk_id=induk_id, tingkat=step, kode=kode[step], nama=f"Uji {step}")
        induk_id = write(engine, row)
    return induk_id


def _rt_of(session: Session, kelurahan_id: int) -> int:
    rw = select(Wilayah.id).where(Wilayah.induk_id == kelurahan_id)
    query = select(Wilayah.id).where(Wilayah.induk_id.in_(rw), Wilayah.tingkat == "rt")
    return int(session.scalars(query.order_by(Wilayah.id).limit(1)).one())


def _holder(session: Session, peran: str, own: Tempat) -> tuple[str, tuple[str, int]]:
    """Return an account that holds only this peran, at a unit over ``own``, and its area."""
    only = select(Penugasan.pengguna_id).group_by(Penugasan.pengguna_id)
    query = (
        select(Pengguna.username, Wilayah.tingkat, Wilayah.id)
        .join(Penugasan, Penugasan.pengguna_id == Pengguna.id)
        .join(Peran, Peran.id == Penugasan.peran_id)
        .join(Wilayah, Wilayah.id == Penugasan.wilayah_id)
        .where(
            Peran.kode == peran,
            Wilayah.id.in_([own.area[column] for column in AREA_COLUMNS]),
            Pengguna.id.in_(only.having(func.count() == 1)),
        )
        .order_by(Pengguna.username)
    )
    with unscoped(session, "uji memilih akun"):
        found = session.execute(query).first()
    assert found is not None, f"the seed has nobody who is only {peran} over {OWN_RT}"
    return found.username, (AREA_COLUMN_BY_TINGKAT[found.tingkat], found.id)
