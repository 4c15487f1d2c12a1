"""What a person is told when the database refuses a row: the field, never SQL or a value."""

import re
from collections.abc import Mapping
from typing import Any

from flask_babel import gettext
from sqlalchemy import CheckConstraint, ForeignKeyConstraint, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.errors import BangkitError, DataBerubahError, DataTidakValidError
from app.generator.fields import mask_name
from app.generator.spec import EntitySpec
from app.teks import N_

TAKEN = N_("Nilai ini sudah dipakai oleh data lain.")
OWNED = N_("%(kolom)s ini sudah dipakai oleh %(pemilik)s. Periksa nomornya.")
IN_USE = N_("Data ini masih dipakai oleh data lain, jadi tidak dapat dihapus.")


def explain(error: IntegrityError, spec: EntitySpec, *, deleting: bool = False) -> BangkitError:
    """Return the error to show for a constraint that failed while writing ``spec``."""
    if deleting:
        return DataBerubahError(IN_USE)
    name, columns = _failed(error)
    table: Any = spec.model.__table__  # type: ignore[attr-defined]
    for constraint in [*table.constraints, *(i for i in table.indexes if i.unique)]:
        if constraint.name == name:
            if isinstance(constraint, CheckConstraint):
                columns = [
                    c for c in spec.fields if re.search(rf"\b{c}\b", str(constraint.sqltext))
                ]
                return _on(spec, columns, N_("Nilai ini tidak sesuai aturan."))
            if isinstance(constraint, ForeignKeyConstraint):
                return _on(spec, list(constraint.column_keys), N_("Pilihan ini tidak ditemukan."))
            columns = [c.name for c in constraint.columns]
            return _on(spec, columns, TAKEN)
    if columns:
        return _on(spec, columns, TAKEN)
    return DataBerubahError(N_("Data yang dirujuk tidak ditemukan."))


def owner_of(session: Session, spec: EntitySpec, key: Mapping[str, Any]) -> str:
    """Return the masked name of whoever has a key already, wherever they live; "" for nobody.

    A number of a person is never given out again, so its owner is told (DOMAIN "Penduduk").
    """
    table: Any = spec.model.__table__  # type: ignore[attr-defined]
    query = select(table.c[spec.screen.title]).where(*(table.c[n] == v for n, v in key.items()))
    found = session.connection().execute(query).scalar()
    return mask_name(str(found)) if found else ""


def name_owner(
    error: BangkitError, session: Session, spec: EntitySpec, key: Mapping[str, Any]
) -> BangkitError:
    """Return the error of a masked number that is taken with its owner; any other as it is."""
    if not isinstance(error, DataTidakValidError) or error.fields != dict.fromkeys(key, TAKEN):
        return error
    (name,) = key
    if name not in spec.screen.sensitive or not (owner := owner_of(session, spec, key)):
        return error
    label = gettext(spec.fields[name].label)
    return DataTidakValidError({name: OWNED}, kolom=label, pemilik=owner)


def _failed(error: IntegrityError) -> tuple[str, list[str]]:
    """Return the name of the constraint, and the columns where SQLite tells only those."""
    diagnosis = getattr(error.orig, "diag", None)
    if diagnosis is not None:
        name = diagnosis.constraint_name or ""
        return name, [] if name else [str(diagnosis.column_name)]
    text = str(error.orig)
    if found := re.match(r"CHECK constraint failed: (\w+)", text):
        return found[1], []
    if found := re.match(r"UNIQUE constraint failed: (.+)", text):
        return "", [part.split(".")[-1] for part in found[1].split(", ")]
    return "", []


def _on(spec: EntitySpec, columns: list[str], message: str) -> BangkitError:
    shown = [c for c in columns if c in spec.form_names] or [c for c in columns if c in spec.fields]
    if not shown:
        return DataBerubahError(message)
    return DataTidakValidError({shown[-1] if message is TAKEN else shown[0]: message})
