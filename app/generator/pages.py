"""What the template of a generated list draws: plain lists and texts, made once a page."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from flask import request
from flask_admin.model.base import ViewArgs
from flask_babel import gettext
from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.generator.fields import KINDS, NO, YES, label_of, show_number
from app.generator.listing import Listing, cells, permitted
from app.generator.lookups import Lookup
from app.generator.spec import EntitySpec, FieldSpec
from app.teks import N_


class View(Protocol):
    """What the pages ask of the screens of one entity."""

    spec: EntitySpec
    specs: Mapping[str, EntitySpec]
    page_size: int
    _filters: Any

    def db(self) -> Session:
        """Return the session of this request."""

    def may(self, action: str) -> bool:
        """Whether the signed-in person may do this here."""

    def filter_lookup(self, name: str) -> Lookup | None:
        """Return the look-up of a filter."""

    def get_url(self, endpoint: str, **kwargs: Any) -> str:
        """Return an address."""

    def _get_list_url(self, view_args: ViewArgs) -> str:
        """Return the address of the list in this state."""

    def _get_filters(self, filters: Any) -> dict[str, Any]:
        """Return the URL arguments of filters."""


def list_context(
    view: View, args: ViewArgs, listing: Listing, found: Sequence[Row[Any]], total: int
) -> dict[str, Any]:
    """Return the context of `data/daftar.html`."""
    spec = view.spec
    ids = [row.id for row in found]
    may = {a: permitted(view.db(), spec, ids, a) for a in ("show", "edit", "delete")}
    here = view._get_list_url(args)
    return {
        "columns": _columns(view, args),
        "rows": [_row(view, listing, row, may, here) for row in found],
        "count_text": gettext(N_("%(n)s data")) % {"n": show_number(total)},
        "page": args.page,
        "pager": _pager(view, args, total, len(found)),
        "search": args.search or "",
        "search_label": _search_label(spec),
        "chips": chips(view, args),
        "clear_url": view.get_url(".index_view"),
        "filters": filter_fields(view),
        "hidden_args": [
            (key, value) for key in ("sort", "desc") if (value := request.args.get(key))
        ],
        "actions": [("delete", gettext("Hapus"), gettext("Hapus data yang dipilih?"))]
        if may["delete"]
        else [],
        "edit_in_list": _editable(spec) if may["edit"] else {},
        "return_url": here,
        "export_url": view.get_url(".export", **_kept(args, view)),
        "empty_text": _empty_text(view, args),
    }


def _kept(args: ViewArgs, view: View) -> dict[str, Any]:
    kept: dict[str, Any] = dict(view._get_filters(args.filters))
    kept.update(sort=args.sort, desc=args.sort_desc, search=args.search)
    return {key: value for key, value in kept.items() if value not in (None, "")}


def _columns(view: View, args: ViewArgs) -> list[dict[str, Any]]:
    columns = []
    for index, field in enumerate(view.spec.pick(view.spec.screen.list)):
        may_sort = field.name in view.spec.sortable
        sorted_ = ("desc" if args.sort_desc else "asc") if may_sort and args.sort == index else None
        turned = args.clone(page=0, sort=index, sort_desc=1 if sorted_ == "asc" else None)
        columns.append(
            {
                "name": field.name,
                "label": label_of(field),
                "kind": field.kind,
                "sorted": sorted_,
                "sort_url": view._get_list_url(turned) if may_sort else None,
            }
        )
    return columns


def _row(
    view: View, listing: Listing, row: Row[Any], may: Mapping[str, set[int]], here: str
) -> dict[str, Any]:
    values: dict[str, Any] = dict(zip(listing.names, row[2:], strict=True))
    return {
        "id": row.id,
        "revisi": row.revisi,
        "cells": cells(listing, row),
        "details_url": row_url(view, view.spec, row.id, here) if row.id in may["show"] else None,
        "edit_url": view.get_url(".edit_view", id=row.id, url=here)
        if row.id in may["edit"]
        else None,
        "can_delete": row.id in may["delete"],
        "editable": {name: _raw(values[name]) for name in view.spec.screen.edit_in_list},
    }


def row_url(view: View, spec: EntitySpec, id_: int, here: str | None = None) -> str:
    """Return the address of a row: its own page where the model names one."""
    if spec.screen.page is not None:
        return view.get_url(spec.screen.page, id=id_)
    return view.get_url(f"{spec.slug}.details_view", id=id_, url=here)


def _raw(value: Any) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    return "" if value is None else str(value)


def _pager(view: View, args: ViewArgs, total: int, shown: int) -> dict[str, Any]:
    last = max(0, (total - 1) // view.page_size)
    start = args.page * view.page_size

    def url(page: int) -> str | None:
        inside = 0 <= page <= last and page != args.page
        return view._get_list_url(args.clone(page=page)) if inside else None

    text = gettext(N_("%(dari)s–%(sampai)s dari %(total)s")) % {
        "dari": show_number(start + 1 if shown else 0),
        "sampai": show_number(start + shown),
        "total": show_number(total),
    }
    return {
        "first": url(0),
        "prev": url(args.page - 1),
        "next": url(args.page + 1),
        "last": url(last),
        "text": text,
    }


def _search_label(spec: EntitySpec) -> str:
    labels = [gettext(f.label) for f in spec.pick(spec.screen.search)]
    return gettext(N_("Cari %(kolom)s")) % {"kolom": ", ".join(labels)} if labels else ""


def _empty_text(view: View, args: ViewArgs) -> str:
    text = N_("Belum ada %(label)s di wilayah Anda.")
    if args.search or args.filters:
        text = N_("Tidak ada %(label)s yang cocok dengan pencarian ini.")
    elif view.may("add"):
        text = N_("Belum ada %(label)s. Tekan Tambah untuk membuat yang pertama.")
    return str(gettext(text) % {"label": gettext(view.spec.screen.label)})


def _editable(spec: EntitySpec) -> dict[str, Any]:
    return {
        field.name: {
            "type": KINDS[field.kind].input,
            "options": [("", "–")] * field.nullable + _options(field),
        }
        for field in spec.pick(spec.screen.edit_in_list)
    }


def _options(field: FieldSpec) -> list[tuple[str, str]]:
    if field.kind == "ya_tidak":
        return [("1", gettext(YES)), ("0", gettext(NO))]
    return [(value, gettext(label)) for value, label in field.choices]


def chips(view: View, args: ViewArgs) -> list[dict[str, str]]:
    """Return the active filters as sentences, each with the address that removes it."""
    found = []
    for position, (index, _, value) in enumerate(args.filters or ()):
        flt = view._filters[index]
        rest = [f for i, f in enumerate(args.filters or ()) if i != position]
        text = f"{gettext(flt.field.label)} {gettext(flt.label)}"
        shown = "" if flt.operator == "kosong" else _value_text(view, flt.field, str(value))
        if flt.operator == "kosong" and value == "0":
            text = gettext(N_("%(kolom)s terisi")) % {"kolom": gettext(flt.field.label)}
        url = view._get_list_url(args.clone(page=0, filters=rest))
        found.append({"text": f"{text} {shown}".strip(), "remove_url": url})
    return found


def _value_text(view: View, field: FieldSpec, value: str) -> str:
    if field.kind == "relasi":
        lookup = view.filter_lookup(field.name)
        return (lookup.find(int(value)) if lookup else None) or value
    if field.kind in ("pilihan", "ya_tidak"):
        return dict(_options(field)).get(value, value)
    return value


def filter_fields(view: View) -> list[dict[str, Any]]:
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


def _filter_options(view: View, field: FieldSpec) -> list[tuple[str, str]]:
    if field.target is None:
        return _options(field)
    lookup = view.filter_lookup(field.name)
    return lookup.first() if lookup else []
