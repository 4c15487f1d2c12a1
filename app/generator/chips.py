"""The filters of a list as a person meets them: sentences that can be taken back, and controls."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, Protocol

from flask import get_template_attribute, request
from flask_admin.model.base import ViewArgs
from flask_babel import get_translations, gettext
from markupsafe import Markup
from sqlalchemy.orm import Session

from app.generator.fields import KINDS, NO, YES, label_of, show, show_date
from app.generator.filters import SPANS, parse
from app.generator.lookups import Lookup, first_of
from app.generator.spec import EntitySpec, FieldSpec
from app.generator.titles import load_titles
from app.teks import N_

SENTENCES = {
    "mengandung": N_("%(kolom)s mengandung “%(nilai)s”"),
    "sama": N_("%(kolom)s adalah %(nilai)s"),
    "di_dalam": N_("%(kolom)s di dalam %(nilai)s"),
    "bukan": N_("%(kolom)s bukan %(nilai)s"),
    "mulai": N_("%(kolom)s mulai dari %(nilai)s"),
    "sampai": N_("%(kolom)s sampai dengan %(nilai)s"),
    "diawali": N_("%(kolom)s diawali “%(nilai)s”"),
    "salah_satu": N_("%(kolom)s salah satu dari %(nilai)s"),
    "rentang": N_("%(kolom)s dalam %(nilai)s"),
    "kosong": N_("%(kolom)s kosong"),
    "terisi": N_("%(kolom)s terisi"),
}
"""How each filter reads; "di_dalam" is "sama" on a tree, "terisi" is "kosong" answered no."""


class FilteredView(Protocol):
    """What the filters ask of the screens of one entity."""

    _filters: Any
    specs: Mapping[str, EntitySpec]
    drawn: dict[Any, Markup]

    def db(self) -> Session:
        """Return the session of this request."""

    def filter_lookup(self, name: str) -> Lookup | None:
        """Return the look-up of a filter."""

    def get_url(self, endpoint: str, **kwargs: Any) -> str:
        """Return an address."""

    def _get_list_url(self, view_args: ViewArgs) -> str:
        """Return the address of the list in this state."""


def options_of(field: FieldSpec) -> list[tuple[str, str]]:
    """Return the (value, label) pairs of a closed choice."""
    if field.kind == "ya_tidak":
        return [("1", gettext(YES)), ("0", gettext(NO))]
    return [(value, gettext(label)) for value, label in field.choices]


def chips(view: FilteredView, args: ViewArgs) -> list[dict[str, str]]:
    """Return search and filters as sentences, each with the address that takes it back."""
    found = []
    if args.search:
        text = gettext(N_("Berisi “%(kata)s”")) % {"kata": args.search}
        url = view._get_list_url(args.clone(page=0, search=None))
        found.append({"text": text, "remove_url": url})
    for position, (index, _, value) in enumerate(args.filters or ()):
        rest = [f for i, f in enumerate(args.filters or ()) if i != position]
        url = view._get_list_url(args.clone(page=0, filters=rest))
        found.append({"text": _sentence(view, view._filters[index], value), "remove_url": url})
    return found


def _sentence(view: FilteredView, flt: Any, value: Any) -> str:
    name = "di_dalam" if flt.is_tree else flt.operator
    if name == "kosong" and str(value) == "0":
        name = "terisi"
    shown = "" if flt.operator == "kosong" else _value_text(view, flt, str(value))
    return str(gettext(SENTENCES[name]) % {"kolom": gettext(flt.field.label), "nilai": shown})


def _value_text(view: FilteredView, flt: Any, value: str) -> str:
    field: FieldSpec = flt.field
    if flt.operator == "rentang":
        return str(gettext(SPANS[value]))
    if field.kind == "relasi":
        return _title(view, field, value)
    if field.kind in ("pilihan", "ya_tidak"):
        labels = dict(options_of(field))
        return ", ".join(labels.get(part, part) for part in value.split(","))
    typed = parse(field, flt.operator, value)
    return show_date(typed) if isinstance(typed, date) else show(field, typed)


def _title(view: FilteredView, field: FieldSpec, value: str) -> str:
    key = (str(field.target), int(value))
    title, _ = load_titles(view.db(), view.specs, [key])[key]
    return title or value


def filter_columns(view: FilteredView, active: Mapping[str, str]) -> list[Markup]:
    """Return each filterable column, drawn: its operators and the controls each one takes.

    ``active`` holds the values now in use, by "column_operator". A column that is not in use
    looks the same on every page, so it is drawn once a language.
    """
    grouped: dict[str, list[Any]] = {}
    for flt in view._filters or []:
        grouped.setdefault(flt.field.name, []).append(flt)
    choices = _choices(view, grouped) if "pilihan" in request.args else None
    same = (get_translations(), request.script_root)
    found = []
    for place, (name, filters) in enumerate(grouped.items()):
        key = (name, *same)
        is_idle = choices is None and not any(flt.arg in active for flt in filters)
        column = view.drawn.get(key) if is_idle else None
        if column is None:
            ops = list(_operators(view, place, filters, active, choices))
            column = draw_column(label_of(filters[0].field), ops)
        if is_idle:
            view.drawn[key] = column
        found.append(column)
    return found


def draw_column(label: str, ops: list[dict[str, Any]]) -> Markup:
    """Return the fieldset of one column."""
    draw = get_template_attribute("data/kolom_saringan.html", "kolom_saringan")
    return Markup(draw({"label": label, "ops": ops}))


Choices = Mapping[str, list[tuple[str, str]]] | None
"""The first rows that each relation can be filtered by; None where they are looked up."""


def _choices(view: FilteredView, names: Iterable[str]) -> Choices:
    lookups = {name: view.filter_lookup(name) for name in names}
    return first_of({name: lookup for name, lookup in lookups.items() if lookup is not None})


def _operators(
    view: FilteredView,
    place: int,
    filters: list[Any],
    active: Mapping[str, str],
    choices: Choices,
) -> Iterator[dict[str, Any]]:
    """Yield the ways to compare one column; from and until stand together, as between."""
    for flt in filters:
        controls = [_control(view, place, flt, active, choices)]
        label = gettext(flt.label)
        if flt.operator == "sampai":
            continue
        if flt.operator == "mulai":
            label = gettext(N_("antara"))
            controls += [
                _control(view, place, other, active, choices)
                for other in filters
                if other.operator == "sampai"
            ]
        yield {
            "arg": controls[0]["arg"],
            "label": label,
            "inputs": controls,
            "active": any(control["value"] for control in controls),
        }


def _control(
    view: FilteredView, place: int, flt: Any, active: Mapping[str, str], choices: Choices
) -> dict[str, Any]:
    field: FieldSpec = flt.field
    value = active.get(flt.arg, "")
    is_lookup = field.target is not None and flt.operator == "sama"
    return {
        "arg": f"flt{place}_{flt.arg}",
        "label": gettext(flt.label),
        "type": CONTROLS.get(flt.operator) or KINDS[field.kind].input,
        "value": value.split(",") if value and flt.operator == "salah_satu" else value,
        "options": _options(view, flt, value, choices),
        "lookup_url": view.get_url(".ajax_lookup", name=field.name, saring=1)
        if is_lookup
        else None,
    }


CONTROLS = {"kosong": "yesno", "rentang": "choice", "salah_satu": "several"}
"""The control of operators that do not take a value of the column's own kind."""


def _options(view: FilteredView, flt: Any, value: str, choices: Choices) -> list[tuple[str, str]]:
    """Return the choices of a control; those of a relation are looked up, else only its own."""
    field: FieldSpec = flt.field
    if flt.operator == "kosong":
        return [("1", gettext(YES)), ("0", gettext(NO))]
    if flt.operator == "rentang":
        return [(name, gettext(label)) for name, label in SPANS.items()]
    if field.target is None:
        return options_of(field)
    found = (choices or {}).get(field.name, [])
    if value and value not in dict(found):
        found = [(value, _title(view, field, value)), *found]
    return found
