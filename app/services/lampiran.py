"""Lampiran: takes a file by what it contains, keeps the bytes in the store, the facts in a row."""

import hashlib
import io
import os
import secrets
from dataclasses import dataclass
from pathlib import Path, PurePath

import magic
import obstore
from obstore.store import LocalStore, from_url
from PIL import Image, ImageOps, UnidentifiedImageError
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import DataTidakValidError, TidakDitemukanError
from app.models.berkas import Berkas
from app.models.lampiran import Lampiran
from app.models.policy import ACTION_OPTION
from app.models.validation import INTEGER_LIMIT
from app.teks import N_

FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG"}
TYPES = {*FORMATS, "application/pdf"}
MOST_PIXELS = 40_000_000
"""A larger picture is a bomb, not a photo: phones of 2026 take at most this."""

WIDEST = 2400
"""Longest side of a kept picture in pixels: enough to read a scanned A4 page at 200 dpi."""


@dataclass(frozen=True)
class Unggahan:
    """A file as it came: what the sender called it, and its bytes."""

    nama: str
    isi: bytes


@dataclass(frozen=True)
class Simpanan:
    """A file as it is kept: checked, re-encoded and written under a random key."""

    nama: str
    mime: str
    kunci: str
    ukuran_bytes: int
    sha256: str


def open_store(address: str):  # type: ignore[no-untyped-def]
    """Return the object store of an address: a folder, or an S3-compatible URL."""
    if "://" in address:
        return from_url(address)
    return LocalStore(address, mkdir=True)


def store(place: object, unggahan: Unggahan, batas_bytes: int) -> Simpanan:
    """Check a file and make it durable; call it before the row that points at it.

    Raises:
        DataTidakValidError: empty, too large, or not a JPG, PNG or PDF by its content.
    """
    if not unggahan.isi:
        raise _refused(N_("Berkas kosong."))
    if len(unggahan.isi) > batas_bytes:
        raise _refused(N_("Berkas lebih besar dari batas %(mb)s MB."), mb=batas_bytes // 1024**2)
    mime = magic.from_buffer(unggahan.isi[:4096], mime=True)
    if mime not in TYPES:
        raise _refused(N_("Hanya JPG, PNG, atau PDF yang diterima."))
    isi = unggahan.isi if mime == "application/pdf" else reencode(unggahan.isi, FORMATS[mime])
    kept = Simpanan(
        clean_name(unggahan.nama, mime),
        mime,
        secrets.token_hex(16),
        len(isi),
        hashlib.sha256(isi).hexdigest(),
    )
    obstore.put(place, kept.kunci, isi)  # type: ignore[arg-type]
    _sync(place, kept.kunci)
    return kept


def _sync(place: object, kunci: str) -> None:
    """Force a local file to disk: a row must never point at bytes that a power cut can lose."""
    if not isinstance(place, LocalStore):
        return
    folder = Path(str(place.prefix))
    for path in (folder / kunci, folder):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def reencode(isi: bytes, format_: str) -> bytes:
    """Return the picture drawn anew: turned upright, without EXIF (place, camera, thumbnail).

    Raises:
        DataTidakValidError: the bytes are no readable picture, or it has too many pixels.
    """
    try:
        with Image.open(io.BytesIO(isi), formats=[format_]) as image:
            if image.width * image.height > MOST_PIXELS:
                raise _refused(N_("Ukuran gambar terlalu besar."))
            upright = ImageOps.exif_transpose(image)
            upright = upright.convert("RGB" if format_ == "JPEG" else "RGBA")
            upright.thumbnail((WIDEST, WIDEST))
            clean = Image.new(upright.mode, upright.size)
            clean.paste(upright)
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError) as error:
        raise _refused(N_("Gambar rusak atau tidak dapat dibaca.")) from error
    out = io.BytesIO()
    clean.save(out, format_, **({"quality": 85} if format_ == "JPEG" else {}))
    return out.getvalue()


def clean_name(nama: str, mime: str) -> str:
    """Return a harmless file name with the extension of what it contains.

    >>> clean_name("../foto rumah.exe", "image/png")
    'foto rumah.png'
    """
    stem = PurePath(nama.replace("\\", "/")).stem
    stem = "".join(c for c in stem if c.isalnum() or c in " -_.").strip(" .")[:100]
    extension = {"image/jpeg": "jpg", "image/png": "png", "application/pdf": "pdf"}[mime]
    return f"{stem or 'lampiran'}.{extension}"


def attach(
    session: Session,
    berkas: Berkas,
    kept: Simpanan,
    *,
    persyaratan_id: int | None = None,
) -> Lampiran:
    """Add the row of a stored file to a berkas; the caller has lifted the policy."""
    row = Lampiran(
        berkas_id=berkas.id,
        kecamatan_id=berkas.kecamatan_id,
        persyaratan_id=persyaratan_id,
        nama=kept.nama,
        ukuran_bytes=kept.ukuran_bytes,
        mime=kept.mime,
        sha256=kept.sha256,
        kunci=kept.kunci,
    )
    session.add(row)
    session.flush()
    return row


def read(session: Session, place: object, lampiran_id: int) -> tuple[Lampiran, bytes]:
    """Return a file that lies in the person's area.

    Raises:
        TidakDitemukanError: unknown, or outside the area.
    """
    query = select(Lampiran).where(Lampiran.id == lampiran_id)
    query = query.execution_options(**{ACTION_OPTION: ("Lampiran", "show")})
    row = session.scalars(query).one_or_none() if lampiran_id <= INTEGER_LIMIT else None
    if row is None:
        raise TidakDitemukanError
    return row, bytes(obstore.get(place, row.kunci).bytes())  # type: ignore[arg-type]


def _refused(message: str, **params: object) -> DataTidakValidError:
    return DataTidakValidError({"lampiran": message}, **params)
