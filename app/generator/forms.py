"""From field specs to a WTForms class; a model's form and a layanan's isian pass through here."""

from collections.abc import Mapping, Sequence
from typing import Any

import wtforms
from flask_babel import get_translations, gettext, lazy_gettext
from flask_babel.speaklater import LazyString
from wtforms.validators import InputRequired, Optional
from wtforms.validators import Length as MaxLength

from app.generator import inputs
from app.generator.fields import label_of
from app.generator.lookups import Lookup
from app.generator.spec import FieldSpec

INPUTS: dict[str, type[wtforms.Field]] = {
    "teks": inputs.TextInput,
    "teks_panjang": inputs.LongTextInput,
    "nik": inputs.NikInput,
    "email": inputs.EmailInput,
    "telepon": inputs.PhoneInput,
    "sandi": inputs.PasswordInput,
    "angka": inputs.NumberInput,
    "desimal": inputs.DecimalInput,
    "uang": inputs.MoneyInput,
    "tanggal": inputs.DateInput,
    "waktu": inputs.MomentInput,
    "jam": inputs.TimeInput,
    "json": inputs.JsonInput,
}


class _Translations:
    """Hands WTForms the messages of our own catalogue (DESIGN §7.15)."""

    def gettext(self, string: str) -> str:
        return str(get_translations().ugettext(string))

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        return str(get_translations().ungettext(singular, plural, n))


class GeneratedForm(wtforms.Form):
    """A form whose messages are Indonesian and whose CSRF token the app checks globally."""

    class Meta:
        def get_translations(self, form: Any) -> _Translations:
            return _Translations()

    def sections(self, titles: Mapping[str, Sequence[str]]) -> list[dict[str, Any]]:
        """Return the bound fields by section, as the template draws them."""
        return [
            {"title": gettext(title), "fields": [self[n] for n in names if n in self]}
            for title, names in titles.items()
            if any(n in self for n in names)
        ]

    def look_up_at(self, url: str) -> None:
        """Tell each relation where its choices are searched: at ``url``, by its name."""
        for field in self:
            if getattr(field, "render_kind", "") == "relasi":
                field.lookup_url = f"{url}?name={field.name}"

    def summary(self) -> list[tuple[str, str, str]]:
        """Return (field id, label, message) of every error, for the box above the form."""
        return [
            (field.id, str(field.label.text), str(message))
            for field in self
            for message in _flat(field.errors)
        ]

    def add_errors(self, errors: Mapping[str, str]) -> None:
        """Put the model's or the database's messages on their fields."""
        for name, message in errors.items():
            if name in self:
                self[name].errors = [*self[name].errors, gettext(message)]
            else:
                self.form_errors.append(gettext(message))


def _flat(errors: Any) -> list[Any]:
    if isinstance(errors, Mapping):
        return [m for value in errors.values() for m in _flat(value)]
    return [m for e in errors for m in (_flat(e) if isinstance(e, Mapping | list) else [e])]


def _marks(spec: FieldSpec, lookups: Mapping[str, Lookup]) -> dict[str, str]:
    """Return what the page tells the script of a field: draft and last picks may be kept.

    A row of a wilayah is about people: a browser keeps neither its id nor its label.
    """
    if spec.kind != "relasi":
        return {"data-draf": ""} if spec.keep else {}
    target = lookups[spec.name].target
    if target.is_scoped:
        return {}
    return {"data-ingat": target.resource} | ({"data-draf": ""} if spec.keep else {})


def build_field(spec: FieldSpec, lookups: Mapping[str, Lookup], *, editing: bool) -> Any:
    """Return the unbound WTForms field of one spec.

    ``editing``: the row exists, so a sensitive or password field may stay empty.
    """
    keeps = editing and (spec.mask is not None or spec.kind == "sandi")
    validators: list[Any] = [InputRequired() if spec.required and not keeps else Optional()]
    if spec.length:
        validators.append(MaxLength(max=spec.length))
    common: dict[str, Any] = {
        "label": LazyString(label_of, spec),
        "description": lazy_gettext(spec.help) if spec.help else "",
        "validators": validators,
    }
    if marks := _marks(spec, lookups):
        common["render_kw"] = marks
    if spec.default is not None:
        common["default"] = spec.default
    if spec.kind == "ya_tidak":
        return inputs.ThreeStateInput(**common) if spec.nullable else inputs.YesNoInput(**common)
    if spec.kind == "pilihan":
        blank = not spec.required or spec.default is None
        return inputs.ChoiceInput(options=spec.choices, blank=blank, **common)
    if spec.kind == "relasi":
        lookup = lookups[spec.name]
        return inputs.LookupInput(find=lookup.find, first=lookup.first, **common)
    return INPUTS[spec.kind](**common)


def build_form(
    name: str,
    fields: Sequence[FieldSpec],
    lookups: Mapping[str, Lookup],
    *,
    editing: bool = False,
    extra: Mapping[str, Any] | None = None,
) -> type[GeneratedForm]:
    """Return the form class of these fields, in this order, with ``extra`` WTForms fields."""
    members = {f.name: build_field(f, lookups, editing=editing) for f in fields}
    return type(name, (GeneratedForm,), {**members, **(extra or {})})
