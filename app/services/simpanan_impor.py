"""Files of imports in the store of lampiran: as uploaded, and the rows that were refused."""

import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import obstore
from obstore.store import LocalStore

FOLDER = "impor/"
LAMA = timedelta(days=1)
"""How long an uploaded file and its refused rows are kept."""

BLOCK = 1024 * 1024


def simpan(place: object, path: Path) -> str:
    """Keep a file; return its key, which nobody can guess."""
    kunci = FOLDER + secrets.token_hex(16)
    with path.open("rb") as file:
        obstore.put(place, kunci, file)  # type: ignore[arg-type]
    if isinstance(place, LocalStore):
        handle = os.open(Path(str(place.prefix)) / kunci, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
    return kunci


def stream(place: object, kunci: str) -> Iterator[bytes]:
    """Yield the bytes of a kept file.

    Raises:
        FileNotFoundError: it is gone.
    """
    found = obstore.get(place, kunci)  # type: ignore[arg-type]
    return (bytes(block) for block in found.stream(min_chunk_size=BLOCK))


@contextmanager
def buka(place: object, kunci: str) -> Iterator[Path]:
    """Give a kept file as a local path.

    Raises:
        FileNotFoundError: it is gone.
    """
    blocks = stream(place, kunci)
    with tempfile.TemporaryDirectory(prefix="impor-") as folder:
        path = Path(folder) / "berkas"
        with path.open("wb") as file:
            for block in blocks:
                file.write(block)
        yield path


def buang_lama(place: object, now: datetime) -> None:
    """Delete what was kept longer than `LAMA`."""
    for page in obstore.list(place, prefix=FOLDER):  # type: ignore[call-overload]
        for meta in page:
            if meta["last_modified"] < now - LAMA:
                obstore.delete(place, meta["path"])  # type: ignore[arg-type]
