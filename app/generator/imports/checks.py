"""Decides for each draft whether it is new, changed, the same, or refused: rules, key and area."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from flask_babel import gettext
from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from app.generator.constraints import OWNED, TAKEN
from app.generator.fields import mask_name
from app.generator.imports.drafts import Draft
from app.generator.spec import EntitySpec
from app.models.base import AREA_COLUMNS, TECHNICAL_COLUMNS
from app.models.bulk import Areas, among, area_values, areas_of_units, chunks
from app.models.pelaku import Pelaku
from app.models.validation import value_checker
from app.teks import N_

OUTSIDE = N_("Data ini berada di luar wilayah tugas Anda.")
NOT_YOURS = N_("Anda tidak berwenang melakukan tindakan ini.")
TWICE = N_("%(kolom)s ini sudah ada di baris %(baris)s berkas ini. Hapus salah satunya.")

MOST_OWNERS = 20
"""Owners that one file names, masked: an import is no way to ask whose a NIK is (UU 24/2013)."""


class Checker:
    """Checks the drafts of one import for the person who runs it."""

    def __init__(self, session: Session, spec: EntitySpec, pelaku: Pelaku) -> None:
        self.session = session
        self.spec = spec
        self.table: Table = spec.model.__table__  # type: ignore[attr-defined]
        self.key = spec.screen.key
        self.seen: dict[Any, int] = {}
        self.owners_told = 0
        self.areas: Areas = {}
        self.allowed: dict[tuple[int, str], bool] = {}
        may_import = pelaku.area(spec.resource, "import")
        self.area = {a: may_import & pelaku.area(spec.resource, a) for a in ("add", "edit")}
        self.may = {a: pelaku.may(spec.resource, a) for a in ("add", "edit")}
        self.unit = spec.screen.scope or spec.screen.write_scope
        mapper: Any = spec.model.__mapper__  # type: ignore[attr-defined]
        self.validators = [(k, f) for k, (f, _) in mapper.validators.items()]
        self.columns = [
            (c.name, value_checker(c))
            for c in self.table.columns
            if c.info.get("label") and c.name not in {*TECHNICAL_COLUMNS, *AREA_COLUMNS}
        ]
        self.defaults = {c.name: c.default for c in self.table.columns if c.default is not None}
        self.blank_no = [
            f.name
            for f in spec.fields.values()
            if f.kind == "ya_tidak" and not f.nullable and f.name not in self.defaults
        ]

    def check(self, drafts: Sequence[Draft]) -> None:
        """Complete each draft, or note why it is refused."""
        self._find_existing(drafts)
        self._load_areas(drafts)
        for draft in drafts:
            self._check_key(draft)
            if not draft.errors:
                self._check_area(draft)
            self._check_rules(draft)

    def _key_of(self, values: Mapping[str, Any]) -> tuple[Any, ...]:
        return tuple(values.get(name) for name in self.key)

    def _find_existing(self, drafts: Sequence[Draft]) -> None:
        """Look every key up in the whole table: a key is one row's, whoever may read it."""
        last = self.table.c[self.key[-1]]
        wanted = {v for d in drafts if (v := d.values.get(self.key[-1])) is not None}
        found: dict[tuple[Any, ...], Mapping[str, Any]] = {}
        for some in chunks(sorted(wanted)):
            query = select(self.table).where(among(self.session, last, some))
            for row in self.session.connection().execute(query).mappings():
                before = cast(Mapping[str, Any], row)
                found[self._key_of(before)] = before
        for draft in drafts:
            draft.before = found.get(self._key_of(draft.values))
            draft.id = draft.before["id"] if draft.before else None

    def _load_areas(self, drafts: Sequence[Draft]) -> None:
        if self.unit is None:
            return
        units = {d.values[self.unit] for d in drafts if isinstance(d.values.get(self.unit), int)}
        self.areas |= areas_of_units(self.session, units - self.areas.keys())

    def _check_key(self, draft: Draft) -> None:
        key = self._key_of(draft.values)
        if None in key:
            return
        first = self.seen.setdefault(key, draft.number)
        if first != draft.number:
            draft.refuse(self.key[-1], TWICE, {"kolom": self._key_label(), "baris": str(first)})

    def _key_label(self) -> str:
        return str(gettext(self.spec.fields[self.key[-1]].label))

    def _check_area(self, draft: Draft) -> None:
        action = "edit" if draft.before else "add"
        if not self.may[action]:
            draft.refuse(self.key[-1], NOT_YOURS)
        if self.unit is None:
            return
        before = draft.before
        if before is not None and not self._lies_in(self._area_of(before), action):
            self._refuse_owned(draft, before)
        unit = draft.values.get(self.unit)
        if unit is not None and not self._may_lie_in(unit, action):
            draft.refuse(self.unit, OUTSIDE)
        if unit is None and before is None and self.spec.screen.write_scope:
            draft.refuse(self.unit, OUTSIDE)

    def _area_of(self, row: Mapping[str, Any]) -> Mapping[str, Any]:
        if self.spec.has_area:
            return {column: row[column] for column in AREA_COLUMNS}
        unit = row[str(self.unit)]
        return areas_of_units(self.session, [unit])[unit] if unit is not None else {}

    def _may_lie_in(self, unit: int, action: str) -> bool:
        known = self.allowed.get((unit, action))
        if known is None:
            known = self._lies_in(self.areas.get(unit, {}), action)
            self.allowed[unit, action] = known
        return known

    def _lies_in(self, area: Mapping[str, Any], action: str) -> bool:
        return bool(area.items() & self.area[action])

    def _refuse_owned(self, draft: Draft, before: Mapping[str, Any]) -> None:
        """Refuse a key of a row elsewhere: its owner is named masked, and only a few times."""
        last = self.key[-1]
        self.owners_told += 1
        if self.owners_told > MOST_OWNERS:
            draft.refuse(last, TAKEN)
            return
        owner = mask_name(str(before[self.spec.screen.title] or ""))
        draft.refuse(last, OWNED, {"kolom": self._key_label(), "pemilik": owner})

    def _check_rules(self, draft: Draft) -> None:
        """Put the draft to the model's own rules, which forms and API obey too."""
        row: Any = self.spec.model()
        whole = {**draft.before, **draft.values} if draft.before else self._with_defaults(draft)
        for name, validator in self.validators:
            if name in whole:
                whole[name] = validator(row, name, whole[name])
        errors = draft.errors
        for name, wrong in self.columns:
            if (message := wrong(whole.get(name))) and name not in errors:
                draft.refuse(name, message)
        if errors:
            return
        # Straight into the row's values: nobody listens, and nothing is flushed.
        row.__dict__.update(whole)
        for name, message in row.check().items():
            draft.refuse(name, message)
        if not errors:
            draft.values = whole
            draft.warnings += [("", text) for text in row.remarks()]

    def _with_defaults(self, draft: Draft) -> dict[str, Any]:
        whole = dict(draft.values)
        for name, default in self.defaults.items():
            if name not in whole:
                whole[name] = default.arg(None) if default.is_callable else default.arg
        for name in self.blank_no:
            whole.setdefault(name, False)
        return whole

    def area_columns(self, draft: Draft) -> dict[str, int | None]:
        """Return the area columns the row will carry; {} for a table without."""
        if not self.spec.has_area:
            return {}
        unit = draft.values[str(self.unit)]
        if draft.before is not None and draft.before[str(self.unit)] == unit:
            return {column: draft.before[column] for column in AREA_COLUMNS}
        return area_values(self.areas[unit])
