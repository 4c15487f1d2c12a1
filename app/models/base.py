"""What every model stands on: typed base, naming of constraints, column facts, and `Screen`.

Only this file and `pengguna.py` know Flask-AppBuilder: all tables share its metadata.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar, Self

from sqlalchemy import (
    ColumnElement,
    DateTime,
    Dialect,
    Enum,
    ForeignKey,
    Integer,
    Table,
    TypeDecorator,
)
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from app.models.spreadsheet import Sheet
from app.teks import N_

if TYPE_CHECKING:
    from sqlalchemy.orm import DeclarativeBase

    class HostModel(DeclarativeBase):
        """What mypy sees of Flask-AppBuilder's untyped declarative base."""
else:
    from flask_appbuilder.models.sqla import Model as HostModel

# Set before the host's security models are imported, so that `ab_*` constraints get names too.
HostModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

TECHNICAL_COLUMNS = frozenset({"id", "created_at", "revisi"})
AREA_COLUMNS = ("kecamatan_id", "kelurahan_id", "rw_id", "rt_id")


class Waktu(TypeDecorator[datetime]):
    """A moment: aware UTC in Python, naive UTC in the database (ROUTING §3 case 45)."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise TypeError("a moment needs a time zone")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)


class Pilihan(StrEnum):
    """A closed code list; a member is ``(kode, label)`` and equals its kode.

    >>> class Arah(Pilihan):
    ...     NAIK = "naik", "Naik"
    >>> Arah.NAIK == "naik", Arah("naik").label
    (True, 'Naik')
    """

    label: str

    def __new__(cls, kode: str, label: str = "") -> Self:
        member = str.__new__(cls, kode)
        member._value_ = kode
        member.label = label
        return member


def snake_case(name: str) -> str:
    """Return a class name as tables, addresses and constraints write it.

    >>> snake_case("VersiLayanan")
    'versi_layanan'
    """
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def pilihan(enum: type[Pilihan]) -> Enum:
    """Return the column type of a `Pilihan`: a short text with a check constraint."""
    name = snake_case(enum.__name__)
    return Enum(
        enum,
        native_enum=False,
        create_constraint=True,
        length=max(len(member.value) for member in enum),
        values_callable=lambda e: [member.value for member in e],
        validate_strings=True,
        name=name,
    )


def label(
    text: str,
    *,
    help: str = "",
    unit: str = "",
    kind: str = "",
    pick: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Return the facts of a column for ``info=``: what a person reads, and hints for its field.

    ``kind`` overrides what `generator/fields.py` derives from the column type (for example
    ``"nik"``, ``"uang"``, ``"teks_panjang"``). ``pick`` narrows a relation's choices to rows
    where these columns have these values.
    """
    return {"label": text, "help": help, "unit": unit, "kind": kind, "pick": dict(pick or {})}


def relasi(target: str, info: dict[str, Any], *, nullable: bool = False) -> Any:
    """Return a foreign key column to ``target`` (``"wilayah.id"``), indexed, ON DELETE RESTRICT."""
    return mapped_column(
        Integer, ForeignKey(target, ondelete="RESTRICT"), nullable=nullable, index=True, info=info
    )


class Menu(StrEnum):
    """The groups of the side menu, in their order."""

    PELAYANAN = N_("Pelayanan")
    KEPENDUDUKAN = N_("Kependudukan")
    LAYANAN = N_("Layanan")
    UNIT = N_("Wilayah dan Petugas")
    REFERENSI = N_("Referensi")
    PENGAWASAN = N_("Pengawasan")


@dataclass(frozen=True)
class Screen:
    """All that the generated screens of one model need to know; set once on the model.

    ``access`` maps a peran to space-separated actions: ``list show add edit delete export`` and
    names of own actions; what is not granted is refused. ``scope`` is the path from a row to
    the wilayah that owns it: a column of the row (the model then uses `AreaMixin`), or a
    relation to a parent that is scoped, or None for rows that all who sign in may read.
    ``write_scope`` names the wilayah column that must lie in the person's area for writing when
    reading is free. ``title`` is the column that names a row; ``tree`` the self-referencing key;
    ``page`` the endpoint of a hand-written page that shows a row better than the generated one;
    ``links`` more pages of a row for its details: label, icon, endpoint (it takes ``id``), and
    the action a person must be granted. ``changeable`` gives the condition under which a row of the
    model may still be edited or deleted, so that screens offer neither elsewhere. ``key`` are the
    columns by which an import knows a row again (``access`` grants "import"), ``sheet`` what else
    it has to know of files. ``duplicates`` are the columns in which two rows that are one and the
    same are equal: at least one text, and one that is none.
    """

    label: str
    plural: str
    menu: Menu
    title: str
    list: tuple[str, ...]
    access: Mapping[str, str]
    icon: str = "berkas"
    form: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    detail: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    hidden: tuple[str, ...] = ()
    search: tuple[str, ...] = ()
    filter: tuple[str, ...] = ()
    export: tuple[str, ...] = ()
    edit_in_list: tuple[str, ...] = ()
    inline: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    sensitive: Mapping[str, str] = field(default_factory=dict)
    order: tuple[str, ...] = ("id",)
    scope: str | None = None
    write_scope: str | None = None
    changeable: Callable[[Any], ColumnElement[bool]] | None = None
    tree: str | None = None
    page: str | None = None
    links: tuple[tuple[str, str, str, str], ...] = ()
    position: int = 100
    key: tuple[str, ...] = ()
    sheet: Sheet = Sheet()
    duplicates: tuple[str, ...] = ()


class Entity:
    """A mapped class with a screen: our own models, and the account (a host table extended).

    ``check()`` returns ``{field: message}`` for rules across columns; `app.models.validation`
    runs it, with the rules each column states itself, before a flush.
    """

    screen: ClassVar[Screen]

    def check(self) -> dict[str, str]:
        """Return the fields that break a rule across columns, with a message for each."""
        return {}

    def remarks(self) -> list[str]:
        """Return what looks wrong in this row by itself and blocks nothing; asks no database."""
        return []

    def __str__(self) -> str:
        return str(getattr(self, self.screen.title) or "")


def table_of(model: type[Entity]) -> Table:
    """Return the table of a model."""
    table: Table = model.__table__  # type: ignore[attr-defined]
    return table


def stamp() -> datetime:
    """Return the moment a row is written, for columns that are the clock of the row itself."""
    return datetime.now(UTC)


class Model(Entity, HostModel):
    """Base of every table of ours: integer key, and the revision of the stale-edit guard."""

    __abstract__ = True

    id: Mapped[int] = mapped_column(primary_key=True, sort_order=-10)
    created_at: Mapped[datetime] = mapped_column(Waktu, default=stamp, sort_order=90)
    revisi: Mapped[int] = mapped_column(sort_order=91)

    @declared_attr.directive
    def __tablename__(cls) -> str:
        return snake_case(cls.__name__)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.revisi}


class AreaMixin:
    """The four area columns of a table listed on its own (DESIGN §3).

    ``screen.scope`` names the column holding the owning wilayah; `app.models.policy` copies its
    kecamatan, kelurahan, RW and RT here before a flush. Never set them by hand.
    """

    @declared_attr
    def kecamatan_id(cls) -> Mapped[int | None]:
        return _area_column(N_("Kecamatan"))

    @declared_attr
    def kelurahan_id(cls) -> Mapped[int | None]:
        return _area_column(N_("Kelurahan"))

    @declared_attr
    def rw_id(cls) -> Mapped[int | None]:
        return _area_column(N_("RW"))

    @declared_attr
    def rt_id(cls) -> Mapped[int | None]:
        return _area_column(N_("RT"))


def _area_column(text: str) -> Mapped[int | None]:
    return mapped_column(
        Integer, ForeignKey("wilayah.id", ondelete="RESTRICT"), info=label(text), sort_order=80
    )
