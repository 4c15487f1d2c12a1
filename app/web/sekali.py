"""Lets a generated form add its row once, for the person of a request."""

from datetime import UTC, datetime

from sqlalchemy.orm import Session

from app.extensions import db
from app.models.pelaku import Pelaku
from app.models.policy import current_pelaku
from app.services import kunci_formulir


class Sekali:
    """Keeps the keys in the database of the portal, so that they hold across workers."""

    def taken(self, resource: str, key: str) -> int | None:
        """Take a key; return the id of the row that it added before, None if it is new."""
        session, pelaku = _who()
        return kunci_formulir.pakai(session, pelaku, datetime.now(UTC), resource, key)

    def note(self, resource: str, key: str, row_id: int) -> None:
        """Note what the key has added."""
        session, pelaku = _who()
        kunci_formulir.catat(session, pelaku, resource, key, row_id)


def _who() -> tuple[Session, Pelaku]:
    session = db.session()
    pelaku = current_pelaku(session)
    if pelaku is None:
        raise TypeError("a form without a signed-in person")
    return session, pelaku
