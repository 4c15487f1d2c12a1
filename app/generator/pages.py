"""What the template of a generated list draws: plain lists and texts, made once a page."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol
from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import request
from flask_admin.model.base import ViewArgs
from flask_babel import gettext
from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.generator.chips import chips, filter_fields, options_of
from app.generator.columns import Kept, choosable, exported
from app.generator.fields import KINDS, label_of, show_number
from app.generator.files import FORMATS
from app.generator.listing import Listing, cells, count, permitted
from app.generator.lookups import Lookup
from app.generator.spec import EntitySpec
from app.models.pelaku import Pelaku
from app.teks import N_

COUNT_MOST = 1000
"""Rows a list counts; more are said as "1.000+"."""

LAST_PAGE = 10_000
"""No address of a list leads further than this page."""


class View(Protocol):
    """What the pages ask of the screens of one entity."""

    spec: EntitySpec
    specs: Mapping[str, EntitySpec]
    page_size: int
    _filters: Any

    def db(self) -> Session:
        """Return the session of this request."""

    def pelaku(self) -> Pelaku:
        """Return the signed-in person."""

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
    view: View,
    args: ViewArgs,
    listing: Listing,
    found: Sequence[Row[Any]],
    total: int,
    kept: Kept,
) -> dict[str, Any]:
    """Return the context of `data/daftar.html`; ``found`` may hold a row of the next page."""
    has_next = len(found) > view.page_size
    found = found[: view.page_size]
    spec = view.spec
    ids = [row.id for row in found]
    may = {a: permitted(view.db(), spec, ids, a) for a in ("show", "edit", "delete")}
    here = view._get_list_url(args)
    return {
        "columns": _columns(view, args, listing.names),
        "rows": [_row(view, listing, row, may, here) for row in found],
        "count_text": gettext(N_("%(n)s data")) % {"n": count_words(total)},
        "page": args.page,
        "pager": _pager(view, args, total, len(found), has_next),
        "search": args.search or "",
        "search_label": _search_label(spec),
        "chips": chips(view, args),
        "clear_url": view.get_url(".index_view"),
        "chooser": _chooser(view, listing.names),
        "tampilan": _searches(view, kept, here),
        "filters": filter_fields(view),
        "hidden_args": [
            (key, value) for key in ("sort", "desc") if (value := request.args.get(key))
        ],
        "actions": [("delete", gettext("Hapus"), gettext("Hapus data yang dipilih?"))]
        if may["delete"]
        else [],
        "edit_in_list": _editable(spec) if may["edit"] else {},
        "return_url": here,
        "export_facts": export_facts(view, args, listing, total, kept),
        "empty_text": _empty_text(view, args),
    }


def _kept(args: ViewArgs, view: View) -> dict[str, Any]:
    kept: dict[str, Any] = dict(view._get_filters(args.filters))
    kept.update(sort=args.sort, desc=args.sort_desc, search=args.search)
    return {key: value for key, value in kept.items() if value not in (None, "")}


def _columns(view: View, args: ViewArgs, names: Sequence[str]) -> list[dict[str, Any]]:
    columns = []
    places = {name: index for index, name in enumerate(view.spec.screen.list)}
    for field in view.spec.pick(names):
        may_sort, index = field.name in view.spec.sortable, places.get(field.name)
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
        "editable": {
            name: _raw(values[name]) for name in view.spec.screen.edit_in_list if name in values
        },
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


def count_words(total: int) -> str:
    """Return a count as the list says it: "590", or "1.000+" where it stopped counting."""
    return show_number(total) if total <= COUNT_MOST else f"{show_number(COUNT_MOST)}+"


def _pager(view: View, args: ViewArgs, total: int, shown: int, has_next: bool) -> dict[str, Any]:
    is_known = total <= COUNT_MOST
    last = max(0, (total - 1) // view.page_size) if is_known else args.page + has_next
    start = args.page * view.page_size

    def url(page: int) -> str | None:
        inside = 0 <= page <= last and page != args.page
        return view._get_list_url(args.clone(page=page)) if inside else None

    text = gettext(N_("%(dari)s–%(sampai)s dari %(total)s")) % {
        "dari": show_number(start + 1 if shown else 0),
        "sampai": show_number(start + shown),
        "total": count_words(total),
    }
    return {
        "first": url(0),
        "prev": url(args.page - 1),
        "next": url(args.page + 1),
        "last": url(last) if is_known else None,
        "text": text,
    }


def _search_label(spec: EntitySpec) -> str:
    labels = [gettext(f.label) for f in spec.pick(spec.screen.search)]
    return gettext(N_("Cari %(kolom)s")) % {"kolom": ", ".join(labels)} if labels else ""


def _empty_text(view: View, args: ViewArgs) -> str:
    text = N_("Belum ada %(label)s di wilayah Anda.")
    if args.search or args.filters:
        text = N_(
            "Tidak ada %(label)s yang cocok. Lepas satu saringan di atas, atau tampilkan semua."
        )
    elif view.may("add"):
        text = N_("Belum ada %(label)s. Tekan Tambah untuk membuat yang pertama.")
    return str(gettext(text) % {"label": gettext(view.spec.screen.label)})


def _editable(spec: EntitySpec) -> dict[str, Any]:
    return {
        field.name: {
            "type": KINDS[field.kind].input,
            "options": [("", "–")] * field.nullable + options_of(field),
        }
        for field in spec.pick(spec.screen.edit_in_list)
    }


def _chooser(view: View, names: Sequence[str]) -> list[dict[str, Any]]:
    """Return the columns this person may put in the list; the first names the row and stays."""
    first = view.spec.screen.list[0]
    fields = view.spec.pick(choosable(view.spec, view.pelaku()))
    return [
        {"name": f.name, "label": label_of(f), "on": f.name in names, "fixed": f.name == first}
        for f in fields
    ]


def _searches(view: View, kept: Kept, here: str) -> dict[str, Any]:
    """Return the named searches, and the query that would be kept now (empty: nothing to keep)."""
    home = view.get_url(".index_view")
    pairs = [p for p in parse_qsl(urlsplit(here).query) if p[0] not in ("page", "page_size")]
    return {
        "rows": [
            {"id": id_, "nama": nama, "url": f"{home}?{query}", "aktif": query == urlencode(pairs)}
            for id_, nama, query in kept.searches
        ],
        "saringan": urlencode(pairs),
    }


def export_facts(
    view: View, args: ViewArgs, listing: Listing, total: int, kept: Kept
) -> dict[str, Any] | None:
    """Return in words what an export would send, and the forms it can take; None for who may
    not, or where nothing is."""
    pelaku, spec = view.pelaku(), view.spec
    if not view.may("export"):
        return None
    if pelaku.area(spec.resource, "export") != pelaku.area(spec.resource, "list"):
        narrow = replace(listing, action="export")
        total = count(view.db(), narrow, view.specs, most=COUNT_MOST + 1)
    fields = spec.pick(exported(spec, pelaku, kept))
    return (
        {
            "rows": count_words(total),
            "columns": [label_of(f) for f in fields],
            "filters": [chip["text"] for chip in chips(view, args)],
            "masked": any(f.mask for f in fields),
            "url": view.get_url(".export", **_kept(args, view)),
            "later": total > COUNT_MOST,
            "later_url": view.get_url(".export_later", **_kept(args, view)),
            "formats": [(name, gettext(f.label)) for name, f in FORMATS.items()],
            "format": "csv",
        }
        if total
        else None
    )
