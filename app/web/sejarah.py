"""Gives the generated screens the history of rows: the session and the moment of this request."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from typing import Any

from app.extensions import db
from app.models.base import Entity
from app.models.gabung import as_gabung
from app.models.perubahan import TindakanPerubahan, as_tindakan
from app.services.sampah import Buangan, load_sampah, pulihkan, satu_kelompok
from app.services.sejarah import Catatan, load_catatan, nilai_sebelum


class Sejarah:
    """The history as `app.generator.history.History` asks for it; ``days`` Sampah keeps rows."""

    def __init__(self, days: int) -> None:
        self.days = days

    def _since(self) -> datetime:
        return datetime.now(UTC) - timedelta(days=self.days)

    def changes(
        self,
        row: Any,
        children: Sequence[type[Entity]],
        before: int | None,
        limit: int,
        merged: int | None,
    ) -> list[Catatan]:
        """Return the newest changes of a row and its children, or of a row merged into it."""
        return load_catatan(
            db.session(), row, children, sebelum=before, banyak=limit, gabungan=merged
        )

    def values_before(self, row: Any, change_id: int, *, whole: bool) -> dict[str, Any]:
        """Return the values of a row from before a change."""
        return nilai_sebelum(db.session(), row, change_id, seluruhnya=whole)

    def trash(
        self, model: type[Entity], *, group: str | None, before: int | None, limit: int
    ) -> list[Buangan]:
        """Return what of a model was deleted and may be put back."""
        return load_sampah(
            db.session(), model, sejak=self._since(), kelompok=group, sebelum=before, banyak=limit
        )

    def put_back(self, model: type[Entity], trash_id: int, row: Any) -> None:
        """Fill a new row from what was deleted."""
        pulihkan(db.session(), model, trash_id, sejak=self._since(), row=row)

    def as_one(self) -> AbstractContextManager[str]:
        """Let what is deleted in the block be put back as one."""
        return satu_kelompok(db.session())

    def as_merged(self, gone: Any, kept_id: int, note: str) -> AbstractContextManager[None]:
        """Record what is flushed in the block as a merge."""
        return as_gabung(db.session(), gone, kept_id, note)

    def as_restored(self) -> AbstractContextManager[None]:
        """Record what is flushed in the block as restored."""
        return as_tindakan(db.session(), TindakanPerubahan.PULIH)
