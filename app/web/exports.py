"""Commits the notes about exports and unmasked values that the generated screens ask for."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from app.extensions import db
from app.generator.spec import EntitySpec
from app.models.engine import writing
from app.models.pelaku import Pelaku
from app.models.policy import current_pelaku
from app.services.catatan import catat_ekspor, catat_pembukaan


def record_export(
    spec: EntitySpec,
    pelaku: Pelaku,
    words: Sequence[str],
    rows: int,
    sha256: str,
    reason: str | None,
) -> None:
    """Note an export after its last byte, in a transaction of its own."""
    with writing(), Session(db.engine) as session:
        note_export(session, spec, pelaku, words, rows, sha256, reason)
        session.commit()


def note_export(
    session: Session,
    spec: EntitySpec,
    pelaku: Pelaku,
    words: Sequence[str],
    rows: int,
    sha256: str,
    reason: str | None,
) -> None:
    """Note an export in a session that the caller commits; ``words`` are its filters."""
    catat_ekspor(
        session,
        pelaku,
        datetime.now(UTC),
        sumber_daya=spec.screen.plural,
        saringan="; ".join(words),
        jumlah_baris=rows,
        sha256=sha256,
        alasan=reason,
    )


def unmask(spec: EntitySpec, row: Any, column: str, reason: str) -> str:
    """Note who looks and why, commit, and only then return the value."""
    session = db.session()
    pelaku = current_pelaku(session)
    if pelaku is None:
        raise TypeError("a look without a signed-in person")
    value, row_id = str(getattr(row, column) or ""), row.id
    catat_pembukaan(
        session,
        pelaku,
        datetime.now(UTC),
        sumber_daya=spec.screen.plural,
        baris_id=row_id,
        kolom=spec.fields[column].label,
        alasan=reason,
    )
    session.commit()
    return value
