"""Cuplikan: a small picture of a lampiran, drawn anew each time; the file itself is never shown."""

import io

from PIL import Image
from sqlalchemy.orm import Session

from app.errors import TidakDitemukanError
from app.models.lampiran import Lampiran
from app.services.lampiran import FORMATS, read

SISI = 720
"""Longest side in pixels: the column beside the form on a screen of double density."""

MUTU = 75
"""JPEG quality: text of a photographed page stays readable at about 60 KB."""


def has_cuplikan(row: Lampiran) -> bool:
    """Whether a file is a picture; a PDF is opened from its link."""
    return row.mime in FORMATS


def draw_cuplikan(session: Session, place: object, lampiran_id: int) -> bytes:
    """Return a JPEG of a file in the person's area.

    The file was checked and re-encoded when it came (`app.services.lampiran.store`), so that its
    number of pixels is bounded.

    Raises:
        TidakDitemukanError: unknown, outside the area, or no picture.
    """
    row, isi = read(session, place, lampiran_id)
    if not has_cuplikan(row):
        raise TidakDitemukanError
    with Image.open(io.BytesIO(isi), formats=[FORMATS[row.mime]]) as image:
        # Transparent paper is white, as on a printer.
        small = image.convert("RGBA")
        small.thumbnail((SISI, SISI))
        page = Image.new("RGB", small.size, "white")
        page.paste(small, mask=small.getchannel("A"))
    out = io.BytesIO()
    page.save(out, "JPEG", quality=MUTU)
    return out.getvalue()
