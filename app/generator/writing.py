"""Writes a row from a form or an API body: the same rules, guards and messages for both."""

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from app.errors import BangkitError, DataBerubahError, DataTidakValidError
from app.generator.constraints import explain, name_owner
from app.generator.fields import label_of, show
from app.generator.forms import GeneratedForm
from app.generator.lookups import Lookup
from app.generator.spec import EntitySpec, FieldSpec
from app.teks import N_

STALE = N_("Data ini baru saja diubah orang lain. Periksa isian yang berbeda, lalu simpan lagi.")


def populate(
    form: GeneratedForm, fields: tuple[FieldSpec, ...], row: Any, *, editing: bool
) -> None:
    """Copy the form onto the row; an empty sensitive or password field leaves the row's value."""
    for field in fields:
        bound = form[field.name]
        keeps = editing and (field.mask is not None or field.kind == "sandi")
        if keeps and bound.data is None:
            continue
        if bound.data is None and field.default is not None and not field.nullable:
            setattr(row, field.name, field.default)
            continue
        bound.populate_obj(row, field.name)


def assign(row: Any, values: Mapping[str, Any]) -> None:
    """Copy API values onto the row."""
    for name, value in values.items():
        setattr(row, name, value)


def save(session: Session, spec: EntitySpec, row: Any, change: Callable[[], None]) -> None:
    """Run ``change`` on the row and flush; the caller commits.

    Raises:
        BangkitError: the model, the policy or the database refuses; the session is rolled back.
    """
    key: dict[str, Any] = {}
    try:
        change()
        key = {name: getattr(row, name) for name in spec.screen.key}
        session.add(row)
        session.flush()
    except IntegrityError as error:
        session.rollback()
        raise name_owner(explain(error, spec), session, spec, key) from error
    except StaleDataError as error:
        session.rollback()
        raise DataBerubahError(STALE) from error


def delete(session: Session, spec: EntitySpec, row: Any) -> None:
    """Delete the row and flush; the caller commits.

    Raises:
        BangkitError: it is still used, or the person may not; the session is rolled back.
    """
    try:
        session.delete(row)
        session.flush()
    except IntegrityError as error:
        session.rollback()
        raise explain(error, spec, deleting=True) from error
    except StaleDataError as error:
        session.rollback()
        raise DataBerubahError(STALE) from error


def said(spec: EntitySpec, error: BangkitError) -> list[str]:
    """Return an error line by line, each field by its label."""
    if not isinstance(error, DataTidakValidError):
        return [gettext(error.message) % error.params]
    return [
        f"{label_of(spec.fields[name])}: {text}" if name in spec.fields else text
        for name, message in error.fields.items()
        for text in [gettext(message) % error.params]
    ]


def collisions(
    form: GeneratedForm, fields: tuple[FieldSpec, ...], row: Any, lookups: Mapping[str, Lookup]
) -> list[dict[str, str]]:
    """Return the fields where the row now differs from what was typed, both as text."""
    found = []
    for field in fields:
        theirs, yours = getattr(row, field.name, None), form[field.name].data
        keeps = field.mask is not None or field.kind == "sandi" or field.virtual
        if keeps or str(theirs or "") == str(yours or ""):
            continue
        texts = [_text(field, value, lookups) for value in (theirs, yours)]
        found.append({"label": field.label, "theirs": texts[0], "yours": texts[1]})
    return found


def _text(field: FieldSpec, value: Any, lookups: Mapping[str, Lookup]) -> str:
    if field.kind == "relasi" and value is not None:
        return lookups[field.name].find(int(value)) or "–"
    return show(field, value)
