"""What changed between two definitions, line by line, as a person would say it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from difflib import SequenceMatcher
from typing import Any

from sqlalchemy import Column, Enum

from app.models.base import Entity
from app.models.isian import Isian
from app.models.persyaratan import Persyaratan
from app.models.tahapan import Tahapan
from app.models.versi_layanan import VersiLayanan
from app.services.definisi import Definisi
from app.teks import N_

PARTS: tuple[tuple[str, type[Entity]], ...] = (
    ("tahapan", Tahapan),
    ("isian", Isian),
    ("persyaratan", Persyaratan),
)
BARIS_BERUBAH = N_("%(bagian)s %(baris)s: %(kolom)s %(lama)s → %(baru)s %(satuan)s")
VERSI_BERUBAH = N_("%(bagian)s: %(kolom)s %(lama)s → %(baru)s %(satuan)s")
YA, TIDAK = N_("Ya"), N_("Tidak")
LABELS = {"peran": N_("Peran"), "eskalasi": N_("Eskalasi"), "nama": N_("Nama layanan")}
"""Labels of what is no column of the row itself."""


@dataclass(frozen=True)
class Beda:
    """One difference. ``pesan`` is a msgid; ``istilah`` are those params that are msgids too."""

    pesan: str
    params: Mapping[str, str] = field(default_factory=dict)
    istilah: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return (self.pesan % {**self.params, **self.istilah}).strip()


def compare(lama: Definisi, baru: Definisi) -> list[Beda]:
    """Return the differences; none exactly where the two say the same."""
    found = list(_changes(lama, baru, VersiLayanan, N_("Versi"), ""))
    for name, model in PARTS:
        found += _compare_rows(getattr(lama, name), getattr(baru, name), model)
    return found


def _compare_rows(lama: Any, baru: Any, model: type[Entity]) -> Iterator[Beda]:
    """Compare the rows of one part, which are known by their kode."""
    label = model.screen.label
    before, after = {row.kode: row for row in lama}, {row.kode: row for row in baru}
    for kode in [k for k in before if k not in after]:
        yield Beda(N_("%(bagian)s %(baris)s: dihapus"), {"baris": kode}, {"bagian": label})
    for kode in [k for k in after if k not in before]:
        yield Beda(N_("%(bagian)s %(baris)s: ditambah"), {"baris": kode}, {"bagian": label})
    moved = _moved([k for k in before if k in after], [k for k in after if k in before])
    shifted = before.keys() != after.keys() or bool(moved)
    for kode in [k for k in before if k in after]:
        old, new = before[kode], after[kode]
        if kode in moved:
            places = {"baris": kode, "lama": str(old.urutan), "baru": str(new.urutan)}
            pesan = N_("%(bagian)s %(baris)s: dipindah dari urutan %(lama)s ke %(baru)s")
            yield Beda(pesan, places, {"bagian": label})
        # Where rows came, went or moved, the others only made room.
        yield from _changes(old, new, model, label, kode, ("urutan",) if shifted else ())


def _moved(lama: list[str], baru: list[str]) -> set[str]:
    blocks = SequenceMatcher(None, lama, baru, autojunk=False).get_matching_blocks()
    stayed = {kode for block in blocks for kode in lama[block.a : block.a + block.size]}
    return set(lama) - stayed


def _changes(
    lama: Any, baru: Any, model: type[Entity], bagian: str, baris: str, without: Any = ()
) -> Iterator[Beda]:
    columns: Mapping[str, Column[Any]] = model.__table__.c  # type: ignore[attr-defined]
    for name in (f.name for f in fields(lama) if f.name not in (*without, "kode")):
        old, new = getattr(lama, name), getattr(baru, name)
        if old == new or name in dict(PARTS):
            continue
        column = columns.get(name) if name not in LABELS or name in columns else None
        facts = column.info if column is not None else {"label": LABELS[name], "unit": ""}
        params = {"baris": baris, "lama": _show(old, column), "baru": _show(new, column)}
        terms = {"bagian": bagian, "kolom": facts["label"], "satuan": facts["unit"]}
        terms |= {k: params.pop(k) for k in ("lama", "baru") if _is_term(params[k], column)}
        yield Beda(BARIS_BERUBAH if baris else VERSI_BERUBAH, params, terms)


def _is_term(text: str, column: Column[Any] | None) -> bool:
    return text in (YA, TIDAK) or (column is not None and isinstance(column.type, Enum))


def _show(value: Any, column: Column[Any] | None) -> str:
    if value is None or value == "" or value == ():
        return "–"
    if isinstance(value, bool):
        return YA if value else TIDAK
    if isinstance(value, date):
        return value.strftime("%d-%m-%Y")
    if isinstance(value, tuple):
        return ", ".join(f"{rung.pada_persen}% {rung.tindakan}" for rung in value)
    if column is not None and isinstance(column.type, Enum):
        members: Any = column.type.enum_class
        return str(members(value).label)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
