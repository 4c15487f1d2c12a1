"""Files that pekerjaan take in and give back: a folder of their own in the store of lampiran."""

import os
import secrets
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import obstore
from obstore.store import LocalStore

FOLDER = "pekerjaan/"
BLOCK = 1024 * 1024
"""Bytes read from the store at once."""


def simpan(place: object, blocks: Iterable[bytes]) -> str:
    """Write a file block by block and make it durable; return its key, which nobody can guess."""
    kunci = FOLDER + secrets.token_hex(16)
    obstore.put(place, kunci, iter(blocks))  # type: ignore[arg-type]
    if isinstance(place, LocalStore):
        path = Path(str(place.prefix)) / kunci
        for name in (path, path.parent):
            handle = os.open(name, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)
    return kunci


def stream(place: object, kunci: str) -> Iterator[bytes]:
    """Yield the bytes of a file in blocks; one that is no file of a pekerjaan is refused.

    Raises:
        ValueError: the key lies outside the folder.
        FileNotFoundError: there is none.
    """
    if not is_kunci(kunci):
        raise ValueError("not a key of a pekerjaan")
    found = obstore.get(place, kunci)  # type: ignore[arg-type]
    return (bytes(block) for block in found.stream(min_chunk_size=BLOCK))


def is_kunci(value: object) -> bool:
    """Whether this is a key that `simpan` gave."""
    if not isinstance(value, str) or not value.startswith(FOLDER):
        return False
    return value.removeprefix(FOLDER).isalnum()


def kunci_dalam(data: Mapping[str, Any]) -> list[str]:
    """Return the keys of stored inputs among the values of a pekerjaan's data."""
    return [value for value in data.values() if is_kunci(value)]


def hapus(place: object, keys: Iterable[str]) -> None:
    """Delete files; one that is gone already is no fault."""
    for kunci in keys:
        try:
            obstore.delete(place, kunci)  # type: ignore[arg-type]
        except FileNotFoundError:
            continue


def hapus_tua(place: object, batas: datetime) -> None:
    """Delete every file that was written before ``batas``."""
    for page in obstore.list(place, prefix=FOLDER):  # type: ignore[call-overload]
        hapus(place, [meta["path"] for meta in page if meta["last_modified"] < batas])
