"""Which header of a file fills which column: guessed from labels, names and other spellings."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext

from app.generator.fields import label_of
from app.generator.imports.cells import IMPORTABLE
from app.generator.spec import EntitySpec, FieldSpec
from app.models.spreadsheet import Layout
from app.teks import N_

Specs = Mapping[str, EntitySpec]


@dataclass(frozen=True)
class Place:
    """Something a header may fill: a column, or one part of the title a relation points at."""

    code: str
    label: str
    field: FieldSpec
    part: str = ""


@dataclass(frozen=True)
class Mapping_:
    """``codes`` holds the place of each header ("" for none); ``layout`` the known file, if any."""

    codes: tuple[str, ...]
    layout: str = ""
    only: tuple[int, frozenset[str]] | None = field(default=None)


def importable(spec: EntitySpec) -> tuple[FieldSpec, ...]:
    """Return the columns a file may fill: those of the form, less passwords and JSON."""
    return tuple(f for f in spec.pick(spec.form_names) if f.kind in IMPORTABLE and not f.virtual)


def places(spec: EntitySpec, specs: Specs) -> tuple[Place, ...]:
    """Return everything a header may fill, in the order of the form."""
    found = []
    for f in importable(spec):
        found.append(Place(f.name, label_of(f), f))
        sheet = specs[f.target].screen.sheet if f.target else None
        picks = set(dict(f.pick).values())
        if sheet is not None and picks & set(sheet.parts):
            for part in sheet.parts:
                label = f"{gettext(f.label)}: {gettext(sheet.parts[part][0])}"
                found.append(Place(f"{f.name}.{part}", label, f, part))
    return tuple(found)


def simple(text: str) -> str:
    """Return a header as headers are compared: letters and digits only.

    >>> simple("No. KK *"), simple("tanggal_lahir")
    ('nokk', 'tanggallahir')
    """
    return re.sub(r"[\W_]+", "", text.casefold())


def signature(headers: Sequence[str]) -> str:
    """Return a short hash of the headers, by which a mapping is remembered."""
    return hashlib.sha256("\x1f".join(map(simple, headers)).encode()).hexdigest()[:32]


def known_layout(spec: EntitySpec, headers: Sequence[str]) -> Layout | None:
    """Return the file of another system that has these headers, or None."""
    there = {simple(h) for h in headers}
    for layout in spec.screen.sheet.layouts:
        if {simple(h) for h in layout.headers} <= there:
            return layout
    return None


def guess(spec: EntitySpec, specs: Specs, headers: Sequence[str]) -> tuple[str, ...]:
    """Return the place of each header; no place is given twice."""
    names = _names(spec, specs)
    codes: list[str] = []
    for header in headers:
        code = names.get(simple(header), "")
        codes.append("" if code in codes else code)
    parts = [code.partition(".")[0] for code in codes if "." in code]
    # One part alone is the whole under the name of its first part; several make the whole.
    alone = {name for name in parts if parts.count(name) == 1 and name not in codes}
    codes = [n if (n := code.partition(".")[0]) in alone else code for code in codes]
    return tuple("" if code in parts and code not in alone else code for code in codes)


def _names(spec: EntitySpec, specs: Specs) -> dict[str, str]:
    names: dict[str, str] = {}
    all_places = places(spec, specs)
    for place in all_places:
        target = specs.get(place.field.target or "")
        if place.part and target is not None:
            others: tuple[str, ...] = (place.label, *target.screen.sheet.parts[place.part])
        else:
            others = (place.label, place.field.label, *_other_names(spec, place.field, target))
        for name in others:
            names.setdefault(simple(name), place.code)
    # "RT" is the label of the whole, and the header of a part of it: the part is what files mean.
    for place in all_places:
        if place.part:
            names[simple(place.part)] = place.code
    return names


def _other_names(spec: EntitySpec, f: FieldSpec, target: EntitySpec | None) -> list[str]:
    found = [f.name, *(f.relation,) * bool(f.relation), *spec.screen.sheet.headers.get(f.name, ())]
    if target is not None and target.is_scoped:
        found += [target.fields[name].label for name in target.screen.key]
    return [str(name) for name in found]


def build(spec: EntitySpec, headers: Sequence[str], codes: Sequence[str]) -> Mapping_:
    """Return the mapping of a file, with the rows to take where its layout says."""
    layout = known_layout(spec, headers)
    only = None
    if layout is not None and layout.only is not None:
        places_ = [simple(h) for h in headers]
        header, values = layout.only
        only = (places_.index(simple(header)), frozenset(values))
    return Mapping_(tuple(codes), layout.name if layout else "", only)


def problems(
    spec: EntitySpec, specs: Specs, codes: Sequence[str]
) -> list[tuple[str, dict[str, Any]]]:
    """Return what stands in the way of an import with these places, as (msgid, parameters)."""
    taken = [code for code in codes if code]
    by_code = {place.code: place for place in places(spec, specs)}
    found: list[tuple[str, dict[str, Any]]] = []
    for code in sorted({c for c in taken if taken.count(c) > 1}):
        label = by_code[code].label if code in by_code else code
        found.append((N_("%(kolom)s dipilih lebih dari satu kali."), {"kolom": label}))
    for name in spec.screen.key:
        if name not in taken:
            text = N_("Pilih kolom berkas yang berisi %(kolom)s: datanya dikenali dari situ.")
            found.append((text, {"kolom": gettext(spec.fields[name].label)}))
    return found


def missing(spec: EntitySpec, codes: Sequence[str]) -> list[str]:
    """Return the labels of required columns that no header fills."""
    filled = {code.partition(".")[0] for code in codes if code}
    return [gettext(f.label) for f in importable(spec) if f.required and f.name not in filled]
