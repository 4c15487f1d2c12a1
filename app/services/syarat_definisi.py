"""Analyses conditions: columns and their types, lists that no answer meets, corners to simulate.

Conditions are comparisons only (ROUTING §2), so a few values stand for all: each value that a
condition names, its neighbours, and one that none names.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise, product
from typing import Any

from app.models.biodata import Agama, JenisKelamin, StatusKawin
from app.routing import Op, Syarat, parse_syarat
from app.services.definisi import Definisi

BERURUT = frozenset({"angka", "uang", "tanggal", "waktu"})
"""The tipe whose values have an order, which ≥ and < ask for."""

TEKS_LAIN = "\x00"
"""Stands for every text that no condition names."""

SUDUT_MAKS = 20_000
"""Beyond this many combinations a definition is refused: nobody could foresee its ways."""


@dataclass(frozen=True)
class Kolom:
    """A column that conditions may ask: its tipe, its options if it has them, must it be filled."""

    tipe: str
    opsi: tuple[str, ...] = ()
    wajib: bool = False


KOLOM_PEMOHON = {
    "pemohon.nama": Kolom("teks"),
    "pemohon.nik": Kolom("nik"),
    "pemohon.no_kk": Kolom("teks"),
    "pemohon.jenis_kelamin": Kolom("pilihan", tuple(JenisKelamin), wajib=True),
    "pemohon.tempat_lahir": Kolom("teks"),
    "pemohon.tanggal_lahir": Kolom("tanggal"),
    "pemohon.agama": Kolom("pilihan", tuple(Agama)),
    "pemohon.status_kawin": Kolom("pilihan", tuple(StatusKawin)),
    "pemohon.alamat": Kolom("teks"),
    "pemohon.wilayah": Kolom("teks"),
}
"""The facts of the pemohon that a berkas freezes (`pengajuan.freeze_pemohon`)."""


def columns_of(definisi: Definisi) -> dict[str, Kolom]:
    """Return every column that a condition of this definition may ask, by its name."""
    own = {
        row.kode: Kolom(
            row.tipe,
            tuple(o for o in row.opsi or () if isinstance(o, str))
            if isinstance(row.opsi, list)
            else (),
            row.wajib and not row.syarat,
        )
        for row in definisi.isian
    }
    return {**KOLOM_PEMOHON, **own}


def read_syarat(raw: Any) -> tuple[Syarat, ...] | None:
    """Return the conditions of a stored list; None where it is no list of [kolom, op, nilai]."""
    if raw is None:
        return ()
    if not isinstance(raw, list) or not all(isinstance(r, list) and len(r) == 3 for r in raw):
        return None
    try:
        return parse_syarat(raw)
    except ValueError:
        return None


def is_well_typed(syarat: Syarat, kolom: Kolom) -> bool:
    """Whether the operator and the value fit the column."""
    if syarat.op in (Op.MINIMAL, Op.KURANG) and kolom.tipe not in BERURUT:
        return False
    values = syarat.nilai if isinstance(syarat.nilai, tuple) else (syarat.nilai,)
    return bool(values) and all(_fits(value, kolom) for value in values)


def _fits(value: object, kolom: Kolom) -> bool:
    match kolom.tipe:
        case "ya_tidak":
            return isinstance(value, bool)
        case "angka" | "wilayah":
            return isinstance(value, int) and not isinstance(value, bool)
        case "uang":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case "tanggal" | "waktu":
            return isinstance(value, str) and _moment(value, kolom.tipe) is not None
        case "pilihan":
            return value in kolom.opsi
    return isinstance(value, str) and value != ""


def _moment(value: str, tipe: str) -> date | time | None:
    """Return a date or time of day as answers write it ("2026-11-24", "07:30"), else None."""
    try:
        found = date.fromisoformat(value) if tipe == "tanggal" else time.fromisoformat(value)
    except ValueError:
        return None
    return found if _write(found) == value else None


def _write(moment: date | time) -> str:
    return moment.isoformat() if isinstance(moment, date) else moment.strftime("%H:%M")


def is_contradictory(conditions: Sequence[Syarat], columns: Mapping[str, Kolom]) -> bool:
    """Whether no answer can meet all of these well-typed conditions at once."""
    by_column: dict[str, list[Syarat]] = {}
    for syarat in conditions:
        by_column.setdefault(syarat.kolom, []).append(syarat)
    return any(
        not any(all(s.holds({name: value}) for s in own) for value in samples(own, columns[name]))
        for name, own in by_column.items()
    )


def samples(conditions: Iterable[Syarat], kolom: Kolom) -> tuple[object, ...]:
    """Return values of a column that between them meet and miss each condition in every way."""
    named: list[Any] = []
    for syarat in conditions:
        named += syarat.nilai if isinstance(syarat.nilai, tuple) else [syarat.nilai]
    match kolom.tipe:
        case "ya_tidak":
            return (True, False)
        case "pilihan":
            return kolom.opsi
        case "angka" | "wilayah":
            return tuple(sorted({v + step for v in named for step in (-1, 0, 1)}))
        case "uang":
            edges = sorted({v + step for v in named for step in (-1, 0, 1)})
            return (*edges, *((a + b) / 2 for a, b in pairwise(edges)))
        case "tanggal" | "waktu":
            return tuple(sorted(_neighbours(named, kolom.tipe)))
    return (*dict.fromkeys(named), TEKS_LAIN)


def _neighbours(named: Iterable[str], tipe: str) -> set[str]:
    """Return the dates or minutes named, with those just before and after them."""
    found = set(named)
    for text in named:
        moment = _moment(text, tipe)
        if isinstance(moment, date):
            found |= {_shift_date(moment, days) for days in (-1, 1)}
        elif isinstance(moment, time):
            start = datetime.combine(date(2000, 1, 2), moment)
            around = (start + timedelta(minutes=step) for step in (-1, 1))
            found |= {_write(at.time()) for at in around if at.date() == start.date()}
    return found


def _shift_date(moment: date, days: int) -> str:
    try:
        return _write(moment + timedelta(days=days))
    except OverflowError:
        return _write(moment)


def corners(definisi: Definisi) -> Iterator[dict[str, object]] | None:
    """Yield answers that take each combination of due steps once; None where they are too many.

    Each column of a step's condition is tried on both sides of every boundary, and left empty
    where it need not be filled (ROUTING §3, Publishing checks). Call it for a definition whose
    conditions are sound.
    """
    columns = columns_of(definisi)
    steps = [parse_syarat(step.syarat) for step in definisi.tahapan if step.syarat]
    by_column: dict[str, list[Syarat]] = {}
    for syarat in (s for step in steps for s in step):
        by_column.setdefault(syarat.kolom, []).append(syarat)
    values = [_classes(own, name, columns[name]) for name, own in by_column.items()]
    total = 1
    for group in values:
        total *= len(group)
    return _distinct(list(by_column), values, steps) if total <= SUDUT_MAKS else None


def _classes(conditions: Sequence[Syarat], name: str, kolom: Kolom) -> list[object]:
    """Return one value for each way in which the conditions of a column can come out."""
    tried = (*samples(conditions, kolom), *(() if kolom.wajib else (None,)))
    by_outcome: dict[tuple[bool, ...], object] = {}
    for value in tried:
        by_outcome.setdefault(tuple(s.holds({name: value}) for s in conditions), value)
    return list(by_outcome.values())


def _distinct(
    names: Sequence[str], values: Sequence[Sequence[object]], steps: Sequence[tuple[Syarat, ...]]
) -> Iterator[dict[str, object]]:
    seen: set[tuple[bool, ...]] = set()
    for combination in product(*values):
        data = {n: v for n, v in zip(names, combination, strict=True) if v is not None}
        due = tuple(all(s.holds(data) for s in step) for step in steps)
        if due not in seen:
            seen.add(due)
            yield data
