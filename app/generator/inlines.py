"""Rows edited inside their parent's form, such as the tahapan of a versi layanan."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import wtforms
from flask_babel import gettext
from sqlalchemy import UniqueConstraint

from app.errors import DataTidakValidError
from app.generator.constraints import TAKEN
from app.generator.forms import GeneratedForm, build_form
from app.generator.lookups import Lookup
from app.generator.spec import ChildSpec, EntitySpec, FieldSpec
from app.generator.writing import populate
from app.teks import N_

MOST = 100
"""A parent's form takes no more children of one kind than this."""

FAR = 1_000_000
"""Where a number waits while rows change places; no form takes so large an urutan."""


@dataclass(frozen=True)
class Inline:
    """One kind of child in a parent's form; built once, bound to each request.

    ``order`` is the number by which the children stand, if a person may write it.
    """

    child: ChildSpec
    entity: EntitySpec
    fields: tuple[FieldSpec, ...]
    form_class: type[GeneratedForm]
    unique: tuple[tuple[str, ...], ...]
    order: str | None

    @property
    def may_delete(self) -> bool:
        """Whether rows of the child may go at all; penugasan end, they are never deleted."""
        return "delete" in self.entity.actions

    @classmethod
    def of(cls, child: ChildSpec, entity: EntitySpec, lookups: Mapping[str, Lookup]) -> "Inline":
        """Build the child form: the child's own form fields less the key to its parent."""
        fields = entity.pick(n for n in entity.form_names if n != child.key)
        extra = {"id": wtforms.HiddenField(), "hapus": wtforms.BooleanField()}
        form = build_form(f"{entity.resource}Inline", fields, lookups, extra=extra)
        table: Any = entity.model.__table__  # type: ignore[attr-defined]
        constraints = [c for c in table.constraints if isinstance(c, UniqueConstraint)]
        sets = [tuple(c.name for c in constraint.columns) for constraint in constraints]
        unique = tuple(tuple(n for n in s if n != child.key) for s in sets if child.key in s)
        numbers = {f.name for f in fields if f.kind == "angka"}
        order = next((n for n in entity.screen.order if n in numbers), None)
        return cls(child, entity, fields, form, tuple(sorted(unique)), order)

    def bind(self, parent: Any | None, formdata: Any | None) -> "BoundInline":
        """Return the entries: of the submitted form, else of the parent's rows."""
        name = self.child.relation
        rows = list(getattr(parent, name)) if parent is not None else []
        bound = BoundInline(self, {str(row.id): row for row in rows})
        if formdata is None:
            for index, row in enumerate(rows):
                bound.entries.append(self._entry(index, None, row))
            return bound
        pattern = re.compile(rf"{re.escape(name)}-(\d{{1,4}})-")
        found = {int(m[1]) for key in formdata if (m := pattern.match(key))}
        for index in sorted(found)[:MOST]:
            row = bound.rows.get(formdata.get(f"{name}-{index}-id", ""))
            bound.entries.append(self._entry(index, formdata, row))
        return bound

    def _entry(self, index: int, formdata: Any | None, row: Any | None) -> "Entry":
        form = self.form_class(formdata, obj=row, prefix=f"{self.child.relation}-{index}-")
        if formdata is None and row is not None:
            form["id"].data = str(row.id)
        return Entry(index, form, row, self.may_delete)


@dataclass
class Entry:
    """One child row in the form; ``row`` is None for a new one."""

    index: int
    form: GeneratedForm
    row: Any | None

    removable: bool = True

    @property
    def is_removable(self) -> bool:
        """Whether the person may tick it away: a new row always, a stored one by right."""
        return self.removable or self.row is None

    @property
    def is_deleted(self) -> bool:
        """Whether the person ticked it away."""
        return self.is_removable and bool(self.form["hapus"].data)


@dataclass
class BoundInline:
    """The children of one kind in one request."""

    inline: Inline
    rows: dict[str, Any]
    entries: list[Entry] = field(default_factory=list)

    @property
    def kept(self) -> list[Entry]:
        """The entries that stay."""
        return [entry for entry in self.entries if not entry.is_deleted]

    def validate(self) -> bool:
        """Check every entry that stays, and that no two hold what must be unique."""
        valid = [entry.form.validate() for entry in self.kept]
        return all(valid) and not self._duplicates()

    def _duplicates(self) -> bool:
        found = False
        for names in self.inline.unique:
            seen: set[tuple[Any, ...]] = set()
            for entry in self.kept:
                value = tuple(entry.form[name].data for name in names)
                if value in seen:
                    entry.form.add_errors({names[-1]: TAKEN})
                    found = True
                seen.add(value)
        return found

    def apply(self, session: Any, parent: Any) -> None:
        """Bring the parent's rows in line with the entries."""
        children = getattr(parent, self.inline.child.relation)
        self._make_room(session)
        for entry in self.entries:
            if entry.is_deleted:
                if entry.row is not None:
                    session.delete(entry.row)
                continue
            is_new = entry.row is None
            if is_new:
                entry.row = self.inline.entity.model()
            populate(entry.form, self.inline.fields, entry.row, editing=not is_new)
            if is_new:
                children.append(entry.row)

    def _make_room(self, session: Any) -> None:
        """Move numbers that change out of the way, so that two rows may change places.

        The database checks uniqueness row by row, while the rows of a form change together.
        """
        names = {n for unique in self.inline.unique for n in unique}
        moved = False
        for index, entry in enumerate(self.kept):
            for name in names if entry.row is not None else ():
                before, after = getattr(entry.row, name), entry.form[name].data
                if isinstance(before, int) and before != after:
                    setattr(entry.row, name, FAR + index)
                    moved = True
        if moved:
            session.flush()

    def refuse(self, error: DataTidakValidError) -> bool:
        """Put the messages of a refused child on its entry; False if the row is none of ours."""
        for entry in self.kept:
            if entry.row is not None and entry.row is error.row:
                entry.form.add_errors({k: m % error.params for k, m in error.fields.items()})
                return True
        return False

    def context(self) -> dict[str, Any]:
        """Return what the template draws."""
        name = self.inline.child.relation
        blank = self.inline.form_class(prefix=f"{name}-__n__-")
        if order := self.inline.order:
            for form in (blank, *(e.form for e in self.entries)):
                form[order].render_kw = {**(form[order].render_kw or {}), "data-urutan": ""}
        return {
            "name": name,
            "title": gettext(self.inline.entity.screen.plural),
            "columns": [gettext(f.label) for f in self.inline.fields],
            "entries": [
                {
                    "index": e.index,
                    "fields": [e.form[f.name] for f in self.inline.fields],
                    "hidden": e.form["id"],
                    "delete_name": e.form["hapus"].name if e.is_removable else None,
                    "deleted": e.is_deleted,
                }
                for e in self.entries
            ],
            "movable": self.inline.order is not None,
            "template_fields": [blank[f.name] for f in self.inline.fields],
        }

    def summary(self) -> list[tuple[str, str, str]]:
        """Return (field id, label, message) of every error, each naming its row."""
        return [
            (id_, gettext(N_("%(anak)s baris %(n)s: %(label)s")) % facts, message)
            for e in self.entries
            if not e.is_deleted
            for id_, label, message in e.form.summary()
            for facts in [
                {
                    "anak": gettext(self.inline.entity.screen.label),
                    "n": e.index + 1,
                    "label": label,
                }
            ]
        ]
