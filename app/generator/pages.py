"""What the template of a generated list draws: plain lists and texts, made once a page."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol
from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import request
from flask_admin.model.base import ViewArgs
from flask_babel import gettext
from markupsafe import Markup
from sqlalchemy.orm import Session

from app.generator import tables
from app.generator.chips import chips, filter_columns, options_of
from app.generator.columns import Kept, choosable, exported
from app.generator.fields import label_of
from app.generator.files import FORMATS
from app.generator.listing import Listing, permitted
from app.generator.lookups import Lookup
from app.generator.paging import Page, Total
from app.generator.similar import can_be_similar, similar
from app.generator.spec import EntitySpec
from app.generator.tables import count_words
from app.models.pelaku import Pelaku
from app.teks import N_

Sentences = list[dict[str, str]]

PLACE = ("page", "page_size", "sesudah", "sebelum", "hitung")
"""What of a list's address says where in it a person is, and is no part of a search."""


class View(Protocol):
    """What the pages ask of the screens of one entity."""

    spec: EntitySpec
    specs: Mapping[str, EntitySpec]
    page_size: int
    _filters: Any
    drawn: dict[Any, Markup]

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
    view: View, args: ViewArgs, listing: Listing, found: Page, kept: Kept
) -> dict[str, Any]:
    """Return the context of `data/daftar.html`."""
    spec = view.spec
    ids = [row.id for row in found.rows]
    may = permitted(view.db(), spec, ids, ("show", "edit", "delete"))
    here = view._get_list_url(args)
    fresh = args.clone(page=0, extra_args={})
    sentences = chips(view, fresh)
    active = {
        key.partition("_")[2]: (key, str(value))
        for key, value in view._get_filters(args.filters).items()
    }
    return {
        "columns": tables.columns(view, listing, args, fresh),
        "rows": tables.table_rows(view, listing, found.rows, may, here),
        "milik": tables.MARKS,
        "count_text": gettext(N_("%(n)s data")) % {"n": count_words(found.total)},
        "page": args.page,
        "pager": tables.pager(view, fresh, found),
        "search": args.search or "",
        "search_label": _search_label(spec),
        "chips": sentences,
        "clear_url": view.get_url(".index_view"),
        "chooser": _chooser(view, listing.names),
        "tampilan": _searches(view, kept, here),
        "aktif": active,
        "filters": filter_columns(view, {key: value for key, (_, value) in active.items()}),
        "options_url": view._get_list_url(fresh.clone(extra_args={"pilihan": 1}))
        if "pilihan" not in request.args
        else None,
        "hidden_args": [
            (key, value) for key in ("sort", "desc") if (value := request.args.get(key))
        ],
        "actions": _bulk_acts(view, may, here),
        "edit_in_list": tables.cell_controls(spec, options_of) if may["edit"] else {},
        "return_url": here,
        "export_facts": _export_sheet(view, args, sentences, found.total, kept),
        "empty_text": _empty_text(view, args),
        **_similar(view, fresh, listing, found),
    }


def _bulk_acts(view: View, may: Mapping[str, set[int]], here: str) -> list[dict[str, str]]:
    """Return what may be done to many rows; an address carries the list, for "all of it"."""
    query = urlsplit(here).query
    acts = {
        "edit": {"teks": gettext("Ubah"), "tanya": "", "pintu": ".bulk_view"},
        "delete": {
            "teks": gettext("Hapus"),
            "tanya": gettext("Hapus data yang dipilih?"),
            "pintu": ".action_view",
        },
    }
    return [
        act | {"nama": name, "url": f"{view.get_url(act['pintu'])}?{query}"}
        for name, act in acts.items()
        if may[name]
    ]


def _similar(view: View, fresh: ViewArgs, listing: Listing, found: Page) -> dict[str, Any]:
    """Return texts like one that was not found, or the address that looks for them."""
    if found.rows or not can_be_similar(view.db(), listing):
        return {"mirip": [], "mirip_url": None}
    if "mirip" not in request.args:
        url = view._get_list_url(fresh.clone(extra_args={"mirip": 1}))
        return {"mirip": [], "mirip_url": url}
    texts = similar(view.db(), listing)
    urls = [view._get_list_url(fresh.clone(search=text)) for text in texts]
    return {"mirip": list(zip(texts, urls, strict=True)), "mirip_url": None}


def _kept(args: ViewArgs, view: View) -> dict[str, Any]:
    kept: dict[str, Any] = dict(view._get_filters(args.filters))
    kept.update(sort=args.sort, desc=args.sort_desc, search=args.search)
    return {key: value for key, value in kept.items() if value not in (None, "")}


def row_url(view: View, spec: EntitySpec, id_: int, here: str | None = None) -> str:
    """Return the address of a row: its own page where the model names one."""
    return tables.details_address(view, spec, here)(id_)


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
    pairs = [p for p in parse_qsl(urlsplit(here).query) if p[0] not in PLACE]
    return {
        "rows": [
            {"id": id_, "nama": nama, "url": f"{home}?{query}", "aktif": query == urlencode(pairs)}
            for id_, nama, query in kept.searches
        ],
        "saringan": urlencode(pairs),
    }


def _export_sheet(
    view: View, args: ViewArgs, sentences: Sentences, total: Total, kept: Kept
) -> dict[str, Any] | None:
    pelaku, name = view.pelaku(), view.spec.resource
    # Of two posts only one may export: then nobody has counted what that one holds.
    is_same = pelaku.area(name, "export") == pelaku.area(name, "list")
    return export_facts(view, args, sentences, total if is_same else None, kept)


def export_facts(
    view: View, args: ViewArgs, sentences: Sentences, total: Total | None, kept: Kept
) -> dict[str, Any] | None:
    """Return in words what an export would send, and the forms it can take; None for who may
    not, or where nothing is. ``total`` None: nobody has counted."""
    pelaku, spec = view.pelaku(), view.spec
    if not view.may("export"):
        return None
    fields = spec.pick(exported(spec, pelaku, kept))
    return (
        {
            "rows": None if total is None else count_words(total),
            "columns": [label_of(f) for f in fields],
            "filters": [chip["text"] for chip in sentences],
            "masked": any(f.mask for f in fields),
            "url": view.get_url(".export", **_kept(args, view)),
            "later": total is None or total.known is None,
            "later_url": view.get_url(".export_later", **_kept(args, view)),
            "formats": [(name, gettext(f.label)) for name, f in FORMATS.items()],
            "format": "csv",
        }
        if total is None or total.known != 0
        else None
    )
