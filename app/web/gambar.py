"""Drawings made on the server as SVG: the chain of a layanan, and bars; colours stand in the CSS.

Each has its facts in a table beside it, so screen readers are told only the title.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

LEBAR, KOTAK, JARAK, GESER = 320, 52, 26, 14
HURUF = 34
"""Characters of a line in a box; what is longer is cut, the table holds it whole."""


@dataclass(frozen=True)
class Kotak:
    """A box of the chain: two lines, a level to the right, drawn dashed when conditional."""

    judul: str
    keterangan: str
    tinggi: int = 0
    putus: bool = False


def draw_rantai(kotak: Sequence[Kotak], judul: str) -> Markup:
    """Return the chain from top to bottom; each level of the office stands further right."""
    shift = GESER * max((k.tinggi for k in kotak), default=0)
    height = len(kotak) * (KOTAK + JARAK) - JARAK + 2
    parts = [
        Markup(
            '<svg class="gambar rantai" viewBox="0 0 {} {}" role="img" aria-label="{}">'
            '<defs><marker id="panah" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8"'
            ' markerHeight="8" orient="auto"><path d="M0 0 8 4 0 8z"></path></marker></defs>'
        ).format(LEBAR, max(height, 2), judul)
    ]
    for nomor, satu in enumerate(kotak):
        parts.append(_box(satu, nomor, LEBAR - 4 - shift))
    return Markup("").join([*parts, Markup("</svg>")])


def _box(kotak: Kotak, nomor: int, width: int) -> Markup:
    x, y = 2 + GESER * kotak.tinggi, 1 + nomor * (KOTAK + JARAK)
    arrow = Markup("")
    if nomor:
        middle = LEBAR // 2
        arrow = Markup(
            '<path class="panah" d="M{0} {1}V{2}" marker-end="url(#panah)"></path>'
        ).format(middle, y - JARAK, y - 2)
    return arrow + Markup(
        '<rect class="{}" x="{}" y="{}" width="{}" height="{}" rx="8"></rect>'
        '<text class="tebal" x="{}" y="{}">{}</text><text x="{}" y="{}">{}</text>'
    ).format(
        "simpul putus" if kotak.putus else "simpul",
        *(x, y, width, KOTAK),
        *(x + 12, y + 22, _cut(kotak.judul)),
        *(x + 12, y + 41, _cut(kotak.keterangan)),
    )


def _cut(text: str) -> str:
    return text if len(text) <= HURUF else text[: HURUF - 1].rstrip() + "…"


@dataclass(frozen=True)
class Batang:
    """One bar: its label below, its height, and whether it stands beyond the promise."""

    label: str
    nilai: int
    lewat: bool = False


def draw_batang(batang: Sequence[Batang], judul: str) -> Markup:
    """Return upright bars, the highest as high as the drawing."""
    height, base = 150, 172
    top = max((b.nilai for b in batang), default=0) or 1
    step = LEBAR / max(len(batang), 1)
    parts = [
        Markup(
            '<svg class="gambar batang" viewBox="0 0 {} 192" role="img" aria-label="{}">'
        ).format(LEBAR, judul)
    ]
    for nomor, satu in enumerate(batang):
        tall = round(height * satu.nilai / top, 1)
        x = nomor * step
        parts.append(
            Markup(
                '<rect class="{}" x="{}" y="{}" width="{}" height="{}"></rect>'
                '<text x="{}" y="{}">{}</text><text x="{}" y="188">{}</text>'
            ).format(
                "lewat" if satu.lewat else "dalam",
                *(round(x + 2, 1), round(base - tall, 1), round(step - 4, 1), tall),
                *(round(x + step / 2, 1), round(base - tall - 4, 1), satu.nilai or ""),
                *(round(x + step / 2, 1), satu.label),
            )
        )
    parts.append(Markup('<path class="dasar" d="M0 {0}H{1}"></path></svg>').format(base, LEBAR))
    return Markup("").join(parts)
