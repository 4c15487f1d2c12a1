"""The filters of a list as a person meets them: sentences that can be taken back, and controls."""

from datetime import date
from typing import Any, Protocol

from flask_admin.model.base import ViewArgs
from flask_babel import gettext

from app.generator.fields import KINDS, NO, YES, label_of, show, show_date
from app.generator.filters import parse
from app.generator.lookups import Lookup
from app.generator.spec import FieldSpec
from app.teks import N_

SENTENCES = {
    "mengandung": N_("%(kolom)s mengandung “%(nilai)s”"),
    "sama": N_("%(kolom)s adalah %(nilai)s"),
    "di_dalam": N_("%(kolom)s di dalam %(nilai)s"),
    "bukan": N_("%(kolom)s bukan %(nilai)s"),
    "mulai": N_("%(kolom)s mulai dari %(nilai)s"),
    "sampai": N_("%(kolom)s sampai dengan %(nilai)s"),
    "kosong": N_("%(kolom)s kosong"),
    "terisi": N_("%(kolom)s terisi"),
}
"""How each filter reads; "di_dalam" is "sama" on a tree, "terisi" is "kosong" answered no."""


class FilteredView(Protocol):
    """What the filters ask of the screens of one entity."""

    _filters: Any

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
    if field.kind == "relasi":
        lookup = view.filter_lookup(field.name)
        return (lookup.find(int(value)) if lookup else None) or value
    if field.kind in ("pilihan", "ya_tidak"):
        return dict(options_of(field)).get(value, value)
    typed = parse(field, flt.operator, value)
    return show_date(typed) if isinstance(typed, date) else show(field, typed)


def filter_fields(view: FilteredView) -> list[dict[str, Any]]:
    """Return each filterable column with its operators and the control each one takes."""
    grouped: dict[str, dict[str, Any]] = {}
    for flt in view._filters or []:
        field = flt.field
        group = grouped.setdefault(field.name, {"label": label_of(field), "ops": []})
        is_empty = flt.operator == "kosong"
        group["ops"].append(
            {
                "arg": f"flt{len(grouped)}_{flt.arg}",
                "label": gettext(flt.label),
                "type": "yesno" if is_empty else KINDS[field.kind].input,
                "options": [("1", gettext(YES)), ("0", gettext(NO))]
                if is_empty
                else _filter_options(view, field),
                "lookup_url": view.get_url(".ajax_lookup", name=field.name, saring=1)
                if field.target and not is_empty
                else None,
            }
        )
    return list(grouped.values())


def _filter_options(view: FilteredView, field: FieldSpec) -> list[tuple[str, str]]:
    if field.target is None:
        return options_of(field)
    lookup = view.filter_lookup(field.name)
    return lookup.first() if lookup else []
