"""Ties the generated import pages to the book of imports and to the store of files."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy.orm import Session

from app.generator.imports.ports import Upload
from app.generator.imports.run import Written
from app.generator.spec import EntitySpec
from app.models.catatan_impor import CatatanImpor
from app.models.pelaku import Pelaku
from app.services import impor, simpanan_impor
from app.services.lampiran import open_store


class Buku:
    """The book of imports (the port `app.generator.imports.ports.Book`)."""

    def _place(self) -> object:
        place: object = open_store(current_app.config["BANGKIT_PENYIMPANAN"])
        return place

    def begin(self, session: Session, spec: EntitySpec, pelaku: Pelaku, upload: Upload) -> int:
        """Keep the file, enter it, and throw away what earlier ones left behind."""
        place, now = self._place(), datetime.now(UTC)
        simpanan_impor.buang_lama(place, now)
        return impor.mulai(
            session,
            pelaku,
            now,
            sumber_daya=spec.resource,
            nama_berkas=upload.name,
            ukuran_bytes=upload.size,
            sha256=upload.sha256,
            kunci=simpanan_impor.simpan(place, upload.path),
        )

    def load(
        self, session: Session, spec: EntitySpec, pelaku: Pelaku, id_: int, *, own: bool
    ) -> CatatanImpor | None:
        """Return an import that the person may see."""
        return impor.load_impor(session, pelaku, spec.resource, id_, own=own)

    def recent(self, session: Session, spec: EntitySpec, pelaku: Pelaku) -> Sequence[CatatanImpor]:
        """Return the person's last imports of this data."""
        return impor.list_impor(session, pelaku, spec.resource)

    def remembered(
        self, session: Session, spec: EntitySpec, pelaku: Pelaku, signature: str
    ) -> list[str] | None:
        """Return the columns the person chose the last time for such headers."""
        return impor.last_pemetaan(session, pelaku, spec.resource, signature)

    def change(self, session: Session, entry: Any, **facts: Any) -> None:
        """Write how far an import is; the end is timed."""
        if str(facts.get("status", "")) in ("selesai", "gagal"):
            facts["waktu_selesai"] = datetime.now(UTC)
        impor.ubah(session, entry, **facts)

    def note(
        self,
        session: Session,
        spec: EntitySpec,
        entry_id: int,
        written: Sequence[Written],
        values: Sequence[Mapping[str, Any]],
    ) -> None:
        """Note the rows an import wrote."""
        impor.catat(session, spec.model, entry_id, written, values)

    def undo(self, session: Session, spec: EntitySpec, pelaku: Pelaku, entry: Any) -> int:
        """Take an import back."""
        return impor.urungkan(session, pelaku, entry, datetime.now(UTC))

    def keep(self, path: Path) -> str:
        """Keep a file; return its key."""
        return simpanan_impor.simpan(self._place(), path)

    def open(self, key: str) -> AbstractContextManager[Path]:
        """Give a kept file as a local path."""
        return simpanan_impor.buka(self._place(), key)

    def stream(self, key: str) -> Iterator[bytes]:
        """Yield the bytes of a kept file."""
        return simpanan_impor.stream(self._place(), key)
