"""Builds one row of any model at any place, from what the model says of its columns."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from sqlalchemy import Engine, Enum, select
from sqlalchemy.orm import Session

from app.generator.fields import kind_of
from app.generator.spec import EntitySpec
from app.models import discover
from app.models.base import AREA_COLUMNS, TECHNICAL_COLUMNS, AreaMixin, Entity
from app.models.engine import writing
from app.models.policy import unscoped
from app.models.wilayah import area_of_wilayah

MODELS = {model.__name__: model for model in discover()}
BY_TABLE = {model.__table__.name: model for model in MODELS.values()}
NUMBERS = count(1)
SAMPAI = datetime.now(UTC) + timedelta(days=30)


class Tempat:
    """A place (an RT) with at most one row of each model, made when first asked for."""

    def __init__(self, engine: Engine, rt_id: int) -> None:
        self.engine = engine
        self.rt_id = rt_id
        with Session(engine) as session:
            self.area = area_of_wilayah(session, rt_id)
        self.ids: dict[str, int] = {}

    def id_of(self, model: type[Entity]) -> int:
        """Return the id of this place's row of a model."""
        name = model.__name__
        return self.ids[name] if name in self.ids else self.make(model)

    def make(self, model: type[Entity]) -> int:
        """Write one more row; return its id."""
        id_ = write(self.engine, self.build(model))
        self.ids.setdefault(model.__name__, id_)
        return id_

    def build(self, model: type[Entity]) -> Any:
        """Return a row that is not in the session: required columns filled, the rest empty."""
        values: dict[str, Any] = {}
        special = SPECIAL.get(model.__name__, lambda place: {})(self)
        for attribute in model.__mapper__.column_attrs:
            name, column = attribute.key, attribute.columns[0]
            if name in special or name in TECHNICAL_COLUMNS or column.primary_key:
                continue
            if name in AREA_COLUMNS and issubclass(model, AreaMixin):
                continue
            target = next((k.column.table.name for k in column.foreign_keys), None)
            if target == "wilayah":
                values[name] = self.rt_id
            elif column.nullable or column.default is not None:
                continue
            elif target is not None:
                values[name] = self._target(BY_TABLE[target])
            else:
                values[name] = plain(name, column)
        return model(**values, **special)

    def _target(self, model: type[Entity]) -> int:
        """Return a row to point at: of this place if its kind has places, else any."""
        if model.screen.scope is None:
            found = first_id(self.engine, model)
            if found is not None:
                return found
        return self.id_of(model)


def write(engine: Engine, row: Any) -> int:
    """Write a row past the policy; return its id."""
    with writing(), Session(engine) as session, unscoped(session, "uji menyusun data"):
        session.add(row)
        session.flush()
        id_ = int(row.id)
        session.commit()
    return id_


def first_id(engine: Engine, model: Any, *where: Any) -> int | None:
    """Return the lowest id of a model, of the rows that meet ``where``."""
    with Session(engine) as session, unscoped(session, "uji memilih baris"):
        return session.scalar(select(model.id).where(*where).order_by(model.id).limit(1))


def plain(name: str, column: Any) -> Any:
    """Return a value for a column that stands for itself."""
    n, type_ = next(NUMBERS), column.type
    if isinstance(type_, Enum):
        return next(iter(type_.enum_class))
    by_kind: dict[str, Any] = {
        "nik": f"357401010190{n:04d}",
        "email": f"uji{n}@contoh.invalid",
        "angka": n,
        "uang": Decimal(n),
        "tanggal": date(1990, 1, 1),
        "waktu": datetime.now(UTC),
        "jam": time(8),
        "ya_tidak": True,
        "json": {},
    }
    kind = column.info.get("kind") or kind_of(type_)
    return by_kind.get(kind, f"uji{n}" if name in ("kode", "username") else f"Uji {n}")


def _new(name: str) -> Callable[[Tempat], dict[str, Any]]:
    """A part goes into a version that is not published yet."""
    return lambda place: {f"{name}_id": place.id_of(MODELS["VersiLayanan"])}


def _peran_of_rt(place: Tempat) -> int:
    peran = MODELS["Peran"]
    return first_id(place.engine, peran, peran.kode == "ketua_rt") or 0


SPECIAL: dict[str, Callable[[Tempat], dict[str, Any]]] = {
    # What `check()` of a model asks beyond its columns.
    "Pengguna": lambda place: {"password": "x"},
    "Penugasan": lambda place: {
        "peran_id": _peran_of_rt(place),
        "sifat": "plt",
        "nomor_sk": "SK/UJI",
        "waktu_mulai": SAMPAI - timedelta(days=1),
        "waktu_sampai": SAMPAI,
    },
    "Perubahan": lambda place: {"wilayah_id": place.rt_id},
    "Seksi": lambda place: {"wilayah_id": place.area["kelurahan_id"]},
    "Wilayah": lambda place: {
        "induk_id": place.area["rw_id"],
        "tingkat": "rt",
        "kode": f"{500 + next(NUMBERS) % 500:03d}",
        "pengganti_id": None,
    },
    "JamLayanan": lambda place: {"hari": "1", "mulai": time(8), "selesai": time(9)},
    "Peran": lambda place: {"tingkat": "rt"},
    "HariLibur": lambda place: {"tanggal": date(2031, 1, 1) + timedelta(days=next(NUMBERS))},
    # One row each: per unit, and per layanan and component.
    "MaklumatPelayanan": lambda place: {"wilayah_id": place.make(MODELS["Wilayah"])},
    "StandarPelayanan": lambda place: {
        "layanan_id": place.make(MODELS["Layanan"]),
        "komponen": "sarana",
    },
    "Tahapan": _new("versi_layanan"),
    "Isian": _new("versi_layanan"),
    "Persyaratan": _new("versi_layanan"),
    "Eskalasi": lambda place: {"tahapan_id": place.id_of(MODELS["Tahapan"])},
    "VersiLayanan": lambda place: {
        "layanan_id": place.make(MODELS["Layanan"]),
        "tingkat_akhir": "kelurahan",
    },
}


def body_of(spec: EntitySpec, row: Any) -> dict[str, Any]:
    """Return what the API takes to write a row like this: the fields of its form."""
    body = {}
    for name in spec.form_names:
        value = "sandi-uji-2026" if spec.fields[name].virtual else getattr(row, name)
        if value is not None:
            body[name] = _text(value) if isinstance(value, date | time | Decimal) else value
    return body


def form_of(spec: EntitySpec, row: Any) -> dict[str, str]:
    """Return what a browser sends to write a row like this."""
    form = {}
    for name, value in body_of(spec, row).items():
        text = str(value)
        if isinstance(value, bool):
            text = "1" if value else "0"
        if spec.fields[name].kind == "waktu":
            text = getattr(row, name).strftime("%Y-%m-%dT%H:%M")
        form[name] = text
    return form


def _text(value: Any) -> str:
    if isinstance(value, time):
        return value.strftime("%H:%M")
    return str(value) if isinstance(value, Decimal) else value.isoformat()
