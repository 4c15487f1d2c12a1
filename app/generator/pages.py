"""What the templates of the generated screens draw: plain lists and texts, made once a page."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from flask import request
from flask_admin.model.base import ViewArgs
from flask_babel import gettext
from sqlalchemy import Row, select

from app.generator import listing as rows
from app.generator.fields import KINDS, NO, YES, show, show_number
from app.generator.listing import Listing, cells
from app.generator.spec import ChildSpec, EntitySpec, FieldSpec
from app.models.policy import current_pelaku
from app.teks import N_

if TYPE_CHECKING:
    from app.generator.screens import EntityView

RELATED_ROWS = 10
TREE_NODES = 2000


def list_context(
    view: "EntityView", args: ViewArgs, listing: Listing, found: Sequence[Row[Any]], total: int
) -> dict[str, Any]:
    """Return the context of `data/daftar.html`."""
    spec = view.spec
    may = {action: view.may(action) for action in ("show", "edit", "delete")}
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


def _kept(args: ViewArgs, view: "EntityView") -> dict[str, Any]:
    kept: dict[str, Any] = dict(view._get_filters(args.filters))
    kept.update(sort=args.sort, desc=args.sort_desc, search=args.search)
    return {key: value for key, value in kept.items() if value not in (None, "")}


def _columns(view: "EntityView", args: ViewArgs) -> list[dict[str, Any]]:
    columns = []
    for index, field in enumerate(view.spec.pick(view.spec.screen.list)):
        sorted_ = None if args.sort != index else "desc" if args.sort_desc else "asc"
        turned = args.clone(page=0, sort=index, sort_desc=1 if sorted_ == "asc" else None)
        columns.append(
            {
                "name": field.name,
                "label": gettext(field.label),
                "kind": field.kind,
                "sorted": sorted_,
                "sort_url": None if field.kind == "json" else view._get_list_url(turned),
            }
        )
    return columns


def _row(
    view: "EntityView", listing: Listing, row: Row[Any], may: Mapping[str, bool], here: str
) -> dict[str, Any]:
    values = dict(zip(listing.names, row[2:], strict=True))
    return {
        "id": row.id,
        "revisi": row.revisi,
        "cells": cells(listing, row),
        "details_url": view.get_url(".details_view", id=row.id, url=here) if may["show"] else None,
        "edit_url": view.get_url(".edit_view", id=row.id, url=here) if may["edit"] else None,
        "can_delete": may["delete"],
        "editable": {name: _raw(values[name]) for name in view.spec.screen.edit_in_list},
    }


def _raw(value: Any) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    return "" if value is None else str(value)


def _pager(view: "EntityView", args: ViewArgs, total: int, shown: int) -> dict[str, Any]:
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


def _empty_text(view: "EntityView", args: ViewArgs) -> str:
    label = gettext(view.spec.screen.plural)
    if args.search or args.filters:
        return gettext(N_("Tidak ada %(label)s yang cocok dengan pencarian ini.")) % {
            "label": label
        }
    if view.may("add"):
        return gettext(N_("Belum ada %(label)s. Tekan Tambah untuk membuat yang pertama.")) % {
            "label": label
        }
    return gettext(N_("Belum ada %(label)s di wilayah Anda.")) % {"label": label}


def _editable(spec: EntitySpec) -> dict[str, Any]:
    return {
        field.name: {"type": KINDS[field.kind].input, "options": _options(field)}
        for field in spec.pick(spec.screen.edit_in_list)
    }


def _options(field: FieldSpec) -> list[tuple[str, str]]:
    if field.kind == "ya_tidak":
        return [("1", gettext(YES)), ("0", gettext(NO))]
    return [(value, gettext(label)) for value, label in field.choices]


def chips(view: "EntityView", args: ViewArgs) -> list[dict[str, str]]:
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


def _value_text(view: "EntityView", field: FieldSpec, value: str) -> str:
    if field.kind == "relasi":
        lookup = view.lookup(field.name)
        return (lookup.find(int(value)) if lookup else None) or value
    if field.kind in ("pilihan", "ya_tidak"):
        return dict(_options(field)).get(value, value)
    return value


def filter_fields(view: "EntityView") -> list[dict[str, Any]]:
    """Return each filterable column with its operators and the control each one takes."""
    grouped: dict[str, dict[str, Any]] = {}
    for flt in view._filters or []:
        field = flt.field
        group = grouped.setdefault(field.name, {"label": gettext(field.label), "ops": []})
        is_empty = flt.operator == "kosong"
        group["ops"].append(
            {
                "arg": f"flt{len(grouped)}_{flt.arg}",
                "label": gettext(flt.label),
                "type": "yesno" if is_empty else KINDS[field.kind].input,
                "options": [("1", gettext(YES)), ("0", gettext(NO))]
                if is_empty
                else _filter_options(view, field),
                "lookup_url": view.get_url(".ajax_lookup", name=field.name)
                if field.target and not is_empty
                else None,
            }
        )
    return list(grouped.values())


def _filter_options(view: "EntityView", field: FieldSpec) -> list[tuple[str, str]]:
    if field.target is None:
        return _options(field)
    lookup = view.lookup(field.name)
    return lookup.first() if lookup else []


def detail_context(view: "EntityView", row: Any, opened: Mapping[str, str]) -> dict[str, Any]:
    """Return the context of `data/rincian.html`; ``opened`` holds values unmasked just now."""
    spec = view.spec
    names = tuple(dict.fromkeys(n for names in spec.detail.values() for n in names))
    listing = Listing(spec, names, where=_is_row(spec, row.id), action="show")
    (found,) = rows.page(view.db(), listing, view.specs, offset=0, limit=1)
    texts = dict(zip(names, cells(listing, found), strict=True)) | dict(opened)
    sections = [
        {
            "title": gettext(title),
            "items": [_item(view, spec.fields[n], row, texts, opened) for n in section],
        }
        for title, section in spec.detail.items()
    ]
    may_edit = rows.load(view.db(), spec, row.id, "edit") is not None
    may_delete = rows.load(view.db(), spec, row.id, "delete") is not None
    return {
        "row_label": str(row),
        "row_id": row.id,
        "sections": sections,
        "related": [r for r in (_related(view, child, row) for child in spec.related) if r],
        "edit_url": view.get_url(".edit_view", id=row.id) if may_edit else None,
        "delete_url": view.get_url(".delete_view") if may_delete else None,
        "back_url": view.get_url(".index_view"),
    }


def _is_row(spec: EntitySpec, id_: int) -> Any:
    model: Any = spec.model
    return model.id == id_


def _item(
    view: "EntityView", field: FieldSpec, row: Any, texts: Mapping[str, str], opened: Any
) -> dict[str, Any]:
    may = view.may(f"buka_{field.name}")
    return {
        "name": field.name,
        "label": gettext(field.label),
        "value": texts[field.name],
        "unmask": bool(field.mask and may and texts[field.name] and field.name not in opened),
    }


def _related(view: "EntityView", child: ChildSpec, row: Any) -> dict[str, Any] | None:
    spec = view.specs[child.resource]
    pelaku = current_pelaku(view.db())
    if pelaku is None or not pelaku.may(spec.resource, "list"):
        return None
    model: Any = spec.model
    names = tuple(n for n in spec.screen.list if n != child.key)
    listing = Listing(spec, names, where=getattr(model, child.key) == row.id)
    found = rows.page(view.db(), listing, view.specs, offset=0, limit=RELATED_ROWS)
    total = rows.count(view.db(), listing, view.specs)
    arg = {f"flt0_{child.key}_sama": row.id} if child.key in spec.screen.filter else None
    more = view.get_url(f"{spec.table}.index_view", **arg) if arg and total > len(found) else None
    may_show = pelaku.may(spec.resource, "show")
    return {
        "title": gettext(spec.screen.plural),
        "columns": [gettext(f.label) for f in spec.pick(names)],
        "rows": [
            {
                "cells": cells(listing, r),
                "url": view.get_url(f"{spec.table}.details_view", id=r.id) if may_show else None,
            }
            for r in found
        ],
        "count_text": gettext(N_("%(n)s data")) % {"n": show_number(total)},
        "more_url": more,
    }


def tree(view: "EntityView") -> list[dict[str, Any]]:
    """Return the nodes of a self-referencing model, nested; open down to the third level."""
    spec = view.spec
    model: Any = spec.model
    key = getattr(model, str(spec.screen.tree))
    badge = next((f for f in spec.pick(spec.screen.list) if f.kind == "pilihan"), None)
    columns = [model.id, key, getattr(model, spec.screen.title)]
    columns += [getattr(model, badge.name)] if badge else []
    query = select(*columns).order_by(key, *(getattr(model, n) for n in _plain_order(spec)))
    children: dict[Any, list[Any]] = {}
    for found in view.db().execute(query.limit(TREE_NODES)):
        children.setdefault(found[1], []).append(found)

    def nodes(parent: Any, depth: int) -> list[dict[str, Any]]:
        return [
            {
                "label": found[2],
                "url": view.get_url(".details_view", id=found[0]),
                "badge": show(badge, found[3]) if badge else "",
                "children": nodes(found[0], depth + 1),
                "open": depth < 3,
            }
            for found in children.get(parent, [])
        ]

    return nodes(None, 0)


def _plain_order(spec: EntitySpec) -> list[str]:
    return [name for name in spec.screen.order if not name.startswith("-")]
