"""What an import asks of the rest: the book of imports, and a place for its files."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy.orm import Session

from app.generator.imports.run import Written
from app.generator.spec import EntitySpec
from app.models.pelaku import Pelaku


@dataclass(frozen=True)
class Upload:
    """A file as it came, on the local disk for now."""

    name: str
    path: Path
    size: int
    sha256: str


class Entry(Protocol):
    """One import in the book."""

    id: int
    waktu: datetime
    nama_pengguna: str
    nama_berkas: str
    kunci: str
    pemetaan: Any
    cara: Any
    status: Any
    laporan: Any
    pengguna_id: int
    jumlah_baru: int
    jumlah_berubah: int
    jumlah_sama: int
    jumlah_galat: int


class Book(Protocol):
    """Keeps what was taken in, what it wrote, and the files, for a day."""

    def begin(self, session: Session, spec: EntitySpec, pelaku: Pelaku, upload: Upload) -> int:
        """Keep an uploaded file and enter it; return its number."""

    def load(
        self, session: Session, spec: EntitySpec, pelaku: Pelaku, id_: int, *, own: bool
    ) -> Entry | None:
        """Return an import that the person may see, or only if it is theirs."""

    def recent(self, session: Session, spec: EntitySpec, pelaku: Pelaku) -> Sequence[Entry]:
        """Return the person's last imports of this data, newest first."""

    def remembered(
        self, session: Session, spec: EntitySpec, pelaku: Pelaku, signature: str
    ) -> list[str] | None:
        """Return the columns the person chose the last time for such headers."""

    def change(self, session: Session, entry: Entry, **facts: Any) -> None:
        """Write how far an import is."""

    def note(
        self,
        session: Session,
        spec: EntitySpec,
        entry_id: int,
        written: Sequence[Written],
        values: Sequence[Mapping[str, Any]],
    ) -> None:
        """Note the rows an import wrote: for undo, and for their history."""

    def undo(self, session: Session, spec: EntitySpec, pelaku: Pelaku, entry: Entry) -> int:
        """Take an import back; return how many rows.

        Raises:
            BangkitError: something depends on it; the message names it.
        """

    def keep(self, path: Path) -> str:
        """Keep a file; return its key."""

    def open(self, key: str) -> AbstractContextManager[Path]:
        """Give a kept file as a local path; raises FileNotFoundError when it is gone."""

    def stream(self, key: str) -> Iterator[bytes]:
        """Yield the bytes of a kept file; raises FileNotFoundError when it is gone."""
