"""What the templates of a single row and of a tree draw: sections, related lists, nested nodes."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext
from sqlalchemy import select

from app.generator import listing as rows
from app.generator.fields import label_of, show, show_number
from app.generator.history import has_history
from app.generator.listing import Listing, cells
from app.generator.pages import View, row_url
from app.generator.spec import ChildSpec, EntitySpec, FieldSpec
from app.models.policy import current_pelaku
from app.teks import N_

RELATED_ROWS = 10
TREE_NODES = 2000


def detail_context(view: View, row: Any, opened: Mapping[str, str]) -> dict[str, Any]:
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
    may = rows.permitted(view.db(), spec, [row.id], ("edit", "delete"))
    may_edit, may_delete = may["edit"], may["delete"]
    return {
        "row_label": gettext(str(row)),
        "row_id": row.id,
        "sections": sections,
        "related": [r for r in (_related(view, child, row) for child in spec.related) if r],
        "links": [
            {"label": gettext(label), "icon": icon, "url": view.get_url(endpoint, id=row.id)}
            for label, icon, endpoint, action in spec.screen.links
            if view.may(action)
        ],
        "history_url": view.get_url(".history_view", id=row.id) if has_history(spec) else None,
        "edit_url": view.get_url(".edit_view", id=row.id) if may_edit else None,
        "delete_url": view.get_url(".delete_view") if may_delete else None,
        "back_url": view.get_url(".index_view"),
    }


def _is_row(spec: EntitySpec, id_: int) -> Any:
    model: Any = spec.model
    return model.id == id_


def _item(
    view: View, field: FieldSpec, row: Any, texts: Mapping[str, str], opened: Any
) -> dict[str, Any]:
    may = view.may(f"buka_{field.name}")
    return {
        "name": field.name,
        "label": label_of(field),
        "value": texts[field.name],
        "unmask": bool(field.mask and may and texts[field.name] and field.name not in opened),
    }


def _related(view: View, child: ChildSpec, row: Any) -> dict[str, Any] | None:
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
    more = view.get_url(f"{spec.slug}.index_view", **arg) if arg and total > len(found) else None
    may_show = pelaku.may(spec.resource, "show")
    return {
        "title": gettext(spec.screen.plural),
        "columns": [label_of(f) for f in spec.pick(names)],
        "rows": [
            {
                "cells": cells(listing, r),
                "url": row_url(view, spec, r.id) if may_show else None,
            }
            for r in found
        ],
        "count_text": gettext(N_("%(n)s data")) % {"n": show_number(total)},
        "more_url": more,
    }


def tree(view: View) -> list[dict[str, Any]]:
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
