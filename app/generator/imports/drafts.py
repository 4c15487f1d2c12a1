"""Turns the cells of a row into the values of its columns, and keeps what is wrong with them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from app.generator.fields import mask_middle, mask_numbers
from app.generator.imports.cells import ChoiceError, Read, is_blank, read_text, reader
from app.generator.imports.mapping import Mapping_, Specs, places
from app.generator.imports.relations import Relation, join_parts
from app.generator.spec import EntitySpec, FieldSpec
from app.models.pelaku import Area
from app.teks import N_

TOO_WIDE = N_(
    "Baris ini mempunyai lebih banyak sel daripada judul. Periksa pemisah kolom dan tanda kutip."
)
ROUNDED = N_(
    "Nomor ini tersimpan sebagai angka dan berakhiran 0: Excel mungkin menghapus angka akhirnya."
)
LONGEST_SHOWN = 60


@dataclass(frozen=True)
class Problem:
    """What is wrong in a row: its column (label, a msgid; "" for the row), value, message.

    A sensitive ``value`` is masked already. ``message`` is a msgid that ``params`` fill.
    """

    row: int
    column: str
    value: str
    message: str
    params: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Draft:
    """One row of a file on its way into a table; ``errors`` and ``warnings`` by column."""

    number: int
    cells: Sequence[Any]
    values: dict[str, Any]
    errors: dict[str, tuple[str, Mapping[str, str]]]
    warnings: list[tuple[str, str]]
    id: int | None = None
    before: Mapping[str, Any] | None = None

    def refuse(self, column: str, message: str, params: Mapping[str, str] | None = None) -> None:
        """Note what is wrong in a column; its first fault stands."""
        self.errors.setdefault(column, (message, params or {}))


class Reader:
    """Reads the rows of one file into drafts, by its mapping."""

    def __init__(
        self, session: Session, spec: EntitySpec, specs: Specs, mapping: Mapping_, area: Area
    ) -> None:
        self.spec = spec
        self.specs = specs
        self.width = len(mapping.codes)
        self.only = mapping.only
        by_code = {place.code: place for place in places(spec, specs)}
        used = [(i, by_code[code]) for i, code in enumerate(mapping.codes) if code]
        self.plan: list[tuple[int, str, Read, bool]] = [
            (i, place.field.name, reader(spec, place.field), place.field.kind not in TEXTS)
            for i, place in used
            if not place.part
        ]
        self.numbers = {f.name for f in spec.fields.values() if f.kind == "nik"}
        self.parts = [(i, place) for i, place in used if place.part]
        self.index = {place.field.name: i for i, place in reversed(used)}
        self.relations = {
            place.field.name: Relation(
                session, spec, place.field, specs[str(place.field.target)], area
            )
            for _, place in used
            if place.field.kind == "relasi"
        }

    def takes(self, cells: Sequence[Any]) -> bool:
        """Whether a row holds anything, and is of the kind that the layout takes."""
        if all(map(is_blank, cells)):
            return False
        if self.only is None:
            return True
        index, values = self.only
        return index < len(cells) and read_text(cells[index]).lower() in values

    def draft(self, number: int, cells: Sequence[Any]) -> Draft:
        """Return the draft of a row; its relations still hold texts."""
        values: dict[str, Any] = {}
        draft = Draft(number, cells, values, {}, [])
        width = len(cells)
        if width > self.width and not all(map(is_blank, cells[self.width :])):
            draft.refuse("", TOO_WIDE)
        for index, name, read, is_dash_blank in self.plan:
            cell = cells[index] if index < width else None
            if cell is None or cell == "" or (cell == "-" and is_dash_blank):
                continue
            if type(cell) is str:
                cell = cell.strip()
                if not cell:
                    continue
                try:
                    values[name] = read(cell)
                except ValueError as error:
                    self._refuse(draft, name, error)
            else:
                self._read(draft, name, read, cell)
        for name, texts in self._parts(cells).items():
            draft.values[name] = join_parts(self.relations[name].target, texts)
        return draft

    def _read(self, draft: Draft, name: str, read: Read, cell: Any) -> None:
        """Read a cell of a workbook that is no text."""
        try:
            draft.values[name] = value = read(cell)
        except ValueError as error:
            self._refuse(draft, name, error)
        else:
            if name in self.numbers and value.endswith("0"):
                draft.warnings.append((name, ROUNDED))

    def _refuse(self, draft: Draft, name: str, error: ValueError) -> None:
        draft.refuse(name, str(error), error.params if isinstance(error, ChoiceError) else {})

    def _parts(self, cells: Sequence[Any]) -> dict[str, dict[str, str]]:
        found: dict[str, dict[str, str]] = {}
        for index, place in self.parts:
            cell = cells[index] if index < len(cells) else None
            if not is_blank(cell):
                found.setdefault(place.field.name, {})[place.part] = read_text(cell)
        return found

    def find_relations(self, drafts: Sequence[Draft]) -> None:
        """Put the ids of the rows that texts point at in their place."""
        for name, relation in self.relations.items():
            pointing = [d for d in drafts if name in d.values]
            relation.prepare(d.values[name] for d in pointing)
            for draft in pointing:
                id_, message, params = relation.find(draft.values[name])
                if id_ is None:
                    del draft.values[name]
                    draft.refuse(name, message, params)
                else:
                    draft.values[name] = id_

    def problems(self, draft: Draft) -> list[Problem]:
        """Return the errors of a draft, as a report keeps them."""
        return [
            self._problem(draft, name, message, params)
            for name, (message, params) in draft.errors.items()
        ]

    def remarks(self, draft: Draft) -> list[Problem]:
        """Return the warnings of a draft, as a report keeps them."""
        return [self._problem(draft, name, message, {}) for name, message in draft.warnings]

    def _problem(self, draft: Draft, name: str, message: str, params: Mapping[str, str]) -> Problem:
        f = self.spec.fields.get(name)
        return Problem(draft.number, f.label if f else "", self._shown(draft, f), message, params)

    def _shown(self, draft: Draft, f: FieldSpec | None) -> str:
        index = self.index.get(f.name) if f else None
        if f is None or index is None or index >= len(draft.cells):
            return ""
        cell = draft.cells[index]
        if texts := self._parts(draft.cells).get(f.name):
            cell = join_parts(self.relations[f.name].target, texts)
        if is_blank(cell):
            return ""
        text = str(cell).strip()[:LONGEST_SHOWN].replace("\x00", "")
        target = self.specs.get(f.target or "")
        if f.mask or (target is not None and target.is_scoped):
            return mask_middle(text)
        return mask_numbers(text)


TEXTS = frozenset({"teks", "teks_panjang", "email", "telepon", "nik", "ya_tidak"})
"""Kinds where a lone dash is a value, or read as one; elsewhere it stands for nothing."""
