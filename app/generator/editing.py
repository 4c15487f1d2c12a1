"""One form of one row through a request: bind, validate, save, and what the template draws."""

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

import wtforms
from flask_babel import gettext
from sqlalchemy.orm import Session

from app.errors import BangkitError, DataBerubahError, DataTidakValidError
from app.generator.fields import mask_middle
from app.generator.forms import GeneratedForm, build_form
from app.generator.inlines import BoundInline, Inline
from app.generator.lookups import Lookup
from app.generator.spec import EntitySpec
from app.generator.writing import STALE, collisions, populate, save


class Editor:
    """The forms of one entity; classes are built once, on first use."""

    def __init__(
        self,
        spec: EntitySpec,
        specs: Mapping[str, EntitySpec],
        session: Callable[[], Session],
    ) -> None:
        self.spec = spec
        self.specs = specs
        self.session = session
        self.fields = spec.pick(spec.form_names)

    def lookups_of(self, spec: EntitySpec) -> dict[str, Lookup]:
        """Return the look-up of each relation field of a form."""
        return {
            f.name: Lookup(self.session, self.specs, f, spec)
            for f in spec.pick(spec.form_names)
            if f.target is not None
        }

    @cached_property
    def lookups(self) -> dict[str, Lookup]:
        """The look-ups of this entity's own form."""
        return self.lookups_of(self.spec)

    @cached_property
    def forms(self) -> dict[bool, type[GeneratedForm]]:
        """Form classes by "the row exists"."""
        name = self.spec.resource
        extra = {"revisi": wtforms.HiddenField()}
        return {
            False: build_form(f"{name}Form", self.fields, self.lookups),
            True: build_form(f"{name}Form", self.fields, self.lookups, editing=True, extra=extra),
        }

    @cached_property
    def inlines(self) -> tuple[Inline, ...]:
        """The children edited inside this form."""
        children = [(c, self.specs[c.resource]) for c in self.spec.inline]
        return tuple(Inline.of(c, entity, self.lookups_of(entity)) for c, entity in children)

    def single(self, name: str, formdata: Any) -> GeneratedForm:
        """Return a bound form of one field, for editing in the list."""
        fields = self.spec.pick((name,))
        lookups = {k: v for k, v in self.lookups.items() if k == name}
        return build_form(f"{self.spec.resource}Cell", fields, lookups, editing=True)(formdata)

    def bind(self, row: Any | None, formdata: Any | None) -> "BoundForm":
        """Return the form of ``row`` (None: a new one) as submitted, or as it stands."""
        form = self.forms[row is not None](formdata, obj=row)
        if row is not None and formdata is None:
            form["revisi"].data = str(row.revisi)
        for field in self.fields:
            if field.mask and row is not None:
                form[field.name].current = mask_middle(str(getattr(row, field.name) or ""))
                if formdata is None:
                    form[field.name].data = None
        return BoundForm(self, form, row, [i.bind(row, formdata) for i in self.inlines])


class BoundForm:
    """A form in one request; ``row`` is the row being edited, or the new one after saving."""

    def __init__(
        self, editor: Editor, form: GeneratedForm, row: Any | None, inlines: list[BoundInline]
    ) -> None:
        self.editor = editor
        self.form = form
        self.row = row
        self.inlines = inlines
        self.conflict: list[dict[str, str]] | None = None
        self.message = ""
        self.status = 200
        self.row_label = "" if row is None else gettext(str(row))

    def save(self) -> bool:
        """Validate and write; on refusal keep what was typed, with a message on each field."""
        self.status = 422
        valid = [self.form.validate(), *(inline.validate() for inline in self.inlines)]
        if not all(valid) or self._is_stale():
            return False
        row = self.row if self.row is not None else self.editor.spec.model()
        try:
            save(self.editor.session(), self.editor.spec, row, lambda: self._apply(row))
        except DataTidakValidError as error:
            self._refuse(error)
            if not any(inline.refuse(error) for inline in self.inlines):
                self.form.add_errors(
                    {k: gettext(m) % error.params for k, m in error.fields.items()}
                )
            return False
        except BangkitError as error:
            self._refuse(error)
            return False
        self.row = row
        return True

    def _refuse(self, error: BangkitError) -> None:
        self.editor.session().rollback()
        self.status = error.status
        self.message = gettext(error.message) % error.params

    def _apply(self, row: Any) -> None:
        populate(self.form, self.editor.fields, row, editing=self.row is not None)
        for inline in self.inlines:
            inline.apply(self.editor.session(), row)

    def _is_stale(self) -> bool:
        """Whether the row changed since the form was drawn; then show both values."""
        if self.row is None or self.form["revisi"].data == str(self.row.revisi):
            return False
        self.conflict = collisions(self.form, self.editor.fields, self.row, self.editor.lookups)
        self.form["revisi"].data = str(self.row.revisi)
        self.form["revisi"].raw_data = None
        self.message, self.status = gettext(STALE), DataBerubahError.status
        return True

    def context(self, lookup_url: str) -> dict[str, Any]:
        """Return what `data/form.html` draws."""
        self.form.look_up_at(lookup_url)
        inlines = [inline.context() for inline in self.inlines]
        for drawn in inlines:
            groups = [entry["fields"] for entry in drawn["entries"]] + [drawn["template_fields"]]
            for field in [f for group in groups for f in group]:
                if getattr(field, "render_kind", "") == "relasi":
                    name = f"{drawn['name']}.{field.short_name}"
                    field.lookup_url = f"{lookup_url}?name={name}"
        errors = [*self.form.summary(), *(e for i in self.inlines for e in i.summary())]
        errors += [("", "", str(message)) for message in self.form.form_errors]
        if self.message and not errors:
            errors = [("", "", self.message)]
        return {
            "form": self.form,
            "sections": self.form.sections(self.editor.spec.screen.form),
            "hidden": [self.form["revisi"]] if "revisi" in self.form else [],
            "inlines": inlines,
            "row_label": self.row_label,
            "conflict": self.conflict,
            "errors": errors,
        }
