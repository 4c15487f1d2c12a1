"""Pengguna: an account that signs in; Flask-AppBuilder's user table with our columns added."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import Integer, String, event
from sqlalchemy.orm import (
    Mapped,
    Session,
    UOWTransaction,
    mapped_column,
    relationship,
)
from sqlalchemy.orm.attributes import get_history
from werkzeug.security import generate_password_hash

from app.errors import DataTidakValidError
from app.models.base import AreaMixin, Entity, HostModel, Menu, Screen, label, relasi
from app.teks import N_

if TYPE_CHECKING:
    from app.models.penduduk import Penduduk
    from app.models.wilayah import Wilayah

    class HostUser(HostModel):
        """What mypy sees of the host's untyped user."""

        __abstract__ = True
        id: Mapped[int]
        first_name: Mapped[str]
        last_name: Mapped[str]
        username: Mapped[str]
        email: Mapped[str]
        password: Mapped[str | None]
        active: Mapped[bool | None]
        last_login: Mapped[datetime | None]

else:
    HostUser = User
    # The version column has to stand on the mapper that owns the table, or SQLAlchemy writes it
    # but never compares it. We count it ourselves (`_count_revisi`), so that signing in, which
    # only updates the login counters, does not make an open form of the account stale.
    User.revisi = mapped_column(Integer, default=1, nullable=False, sort_order=91)
    User.__mapper__.version_id_col = User.__table__.c.revisi
    User.__mapper__.version_id_generator = False

SANDI_MIN = 8
SANDI_MAX = 128
"""Shortest and longest password in characters; a longer one only costs hashing time."""


def sandi_error(sandi: str) -> str:
    """Return why this cannot be a password; an empty text if it can."""
    if len(sandi) < SANDI_MIN:
        return N_("Kata sandi paling sedikit 8 huruf.")
    return N_("Kata sandi paling banyak 128 huruf.") if len(sandi) > SANDI_MAX else ""


_UNCOUNTED = frozenset({"last_login", "login_count", "fail_login_count", "changed_on", "revisi"})


class Pengguna(Entity, AreaMixin, HostUser):
    """A person with a login. Rights come from penugasan, never from roles given by hand.

    ``virtual`` names form fields without a column, as attribute → `label`.
    """

    __tablename__ = "ab_user"

    virtual: ClassVar[dict[str, dict[str, Any]]] = {
        "sandi_baru": label(
            N_("Kata sandi baru"),
            help=N_("Paling sedikit 8 huruf; kosongkan bila tidak diganti."),
            kind="sandi",
        )
    }

    nama: Mapped[str] = mapped_column(String(130), default="", info=label(N_("Nama")))
    nip: Mapped[str | None] = mapped_column(String(18), info=label(N_("NIP")))
    telepon: Mapped[str | None] = mapped_column(
        String(20), info=label(N_("Nomor telepon"), kind="telepon")
    )
    wilayah_id: Mapped[int | None] = relasi(
        "wilayah.id",
        label(N_("Unit"), help=N_("Unit yang mengelola akun ini.")),
        nullable=True,
    )

    penduduk_id: Mapped[int | None] = relasi(
        "penduduk.id",
        label(
            N_("Data penduduk"),
            help=N_("Agar berkasnya sendiri dan keluarganya diputuskan pejabat lain."),
        ),
        nullable=True,
    )

    wilayah: Mapped["Wilayah | None"] = relationship(foreign_keys=[wilayah_id])
    penduduk: Mapped["Penduduk | None"] = relationship(foreign_keys=[penduduk_id])
    penugasan: Mapped[list[Any]] = relationship(
        "Penugasan", back_populates="pengguna", passive_deletes="all"
    )

    if TYPE_CHECKING:
        revisi: Mapped[int]

    screen = Screen(
        label=N_("Pengguna"),
        plural=N_("Pengguna"),
        menu=Menu.UNIT,
        icon="akun",
        position=30,
        title="nama",
        list=("nama", "username", "nip", "wilayah_id", "active"),
        form={
            N_("Orang"): (
                "first_name",
                "last_name",
                "nip",
                "telepon",
                "email",
                "wilayah_id",
                "penduduk_id",
            ),
            N_("Akun"): ("username", "sandi_baru", "active"),
        },
        hidden=(
            *("password", "last_login", "login_count", "fail_login_count"),
            *("created_on", "changed_on", "created_by_fk", "changed_by_fk"),
        ),
        search=("nama", "username", "nip"),
        filter=("wilayah_id", "active"),
        inline=("penugasan",),
        related=("penugasan",),
        order=("nama",),
        scope="wilayah_id",
        access={"admin_kecamatan": "list show add edit"},
    )

    @property
    def sandi_baru(self) -> str:
        """Always empty: a password can be set, never read."""
        return ""

    @sandi_baru.setter
    def sandi_baru(self, value: str | None) -> None:
        """Set the password; empty keeps the present one.

        Raises:
            DataTidakValidError: shorter or longer than allowed.
        """
        if not value:
            return
        if message := sandi_error(value):
            raise DataTidakValidError({"sandi_baru": message})
        self.password = generate_password_hash(value)

    def check(self) -> dict[str, str]:
        """Refuse an account without a password: nobody could sign in, and the host would fail."""
        return {} if self.password else {"sandi_baru": N_("Wajib diisi.")}


def _label_host_columns() -> None:
    columns = Pengguna.__table__.c
    # The host's moments are naive local time of the server.
    kinds = {
        "email": "email",
        "password": "sandi",
        "last_login": "waktu",
        "created_on": "waktu",
        "changed_on": "waktu",
    }
    for name, text in {
        "first_name": N_("Nama depan"),
        "last_name": N_("Nama belakang"),
        "username": N_("Nama pengguna"),
        "email": N_("Surel"),
        "password": N_("Kata sandi"),
        "active": N_("Aktif"),
        "last_login": N_("Terakhir masuk"),
        "login_count": N_("Jumlah masuk"),
        "fail_login_count": N_("Jumlah gagal masuk"),
        "created_on": N_("Dibuat"),
        "changed_on": N_("Diubah"),
        "created_by_fk": N_("Dibuat oleh"),
        "changed_by_fk": N_("Diubah oleh"),
    }.items():
        columns[name].info.update(label(text, kind=kinds.get(name, "")))


_label_host_columns()


@event.listens_for(Session, "before_flush")
def _count_revisi(session: Session, context: UOWTransaction, instances: Any) -> None:
    for row in [*session.new, *session.dirty]:
        if not isinstance(row, Pengguna):
            continue
        row.nama = f"{row.first_name} {row.last_name}".strip()
        if row in session.new:
            continue
        names = {a.key for a in Pengguna.__mapper__.column_attrs} - _UNCOUNTED
        if any(get_history(row, name).has_changes() for name in names):
            row.revisi = (get_history(row, "revisi").deleted or (row.revisi,))[0] + 1
