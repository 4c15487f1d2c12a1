"""The table of a generated list, and the pager below it: texts and addresses, made once a page.

What every row repeats (labels, classes, addresses but for the id) is made before the first row.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol
from urllib.parse import quote

from flask_admin.model.base import ViewArgs
from flask_babel import gettext
from markupsafe import Markup
from sqlalchemy import Row

from app.generator.fields import KINDS, label_of, show_number, shower
from app.generator.listing import Listing
from app.generator.paging import COUNT_MOST, Page, Total
from app.generator.reading import OFFSET_MOST
from app.generator.spec import EntitySpec, FieldSpec
from app.teks import N_

BUKA = Markup('<td class="{}" data-label="{}">')
"""The head of a cell that holds something, the same in every row."""

NUMBERS = ("angka", "desimal", "uang")
NARROW = ("tanggal", "jam", "nik")
WIDE = ("teks", "teks_panjang", "relasi", "json")

ID, REVISI, NAMA = "\ue000", "\ue001", "\ue002"
"""Stand in what is drawn for many rows, where each puts its own; an address quotes such letters."""

MARKS = {"id": ID, "revisi": REVISI, "nama": NAMA}

NO_ID = 1_987_654_321
"""Stands where the id of a row will, in an address that is made once for all rows."""


class View(Protocol):
    """What the table asks of the screens of one entity."""

    spec: EntitySpec
    page_size: int

    def get_url(self, endpoint: str, **kwargs: Any) -> str:
        """Return an address."""

    def _get_list_url(self, view_args: ViewArgs) -> str:
        """Return the address of the list in this state."""


class Sel(NamedTuple):
    """A cell: its text, whether it is a status, and the stored value where it is edited here."""

    text: str
    is_status: bool
    edited: str | None


class Pola(NamedTuple):
    """The addresses that rows of one kind have, `ID` in them; None where the person may not go.

    What surrounds the cells of a row is drawn once a kind, then filled for each row.
    """

    lihat: str | None
    ubah: str | None
    hapus: str | None


class Baris(NamedTuple):
    """A row of the table."""

    id: int
    revisi: int
    nama: str
    sel: list[Sel]
    pola: Pola


def class_of(field: FieldSpec) -> str:
    """Return how a column is set: numbers to the right, dates and codes narrow, texts wide."""
    if field.kind in NUMBERS:
        return "angka"
    if field.kind == "waktu":
        return "saat"
    return "rapat" if field.kind in NARROW else "luwes" if field.kind in WIDE else ""


def table_rows(
    view: View,
    listing: Listing,
    rows: Sequence[Row[Any]],
    may: Mapping[str, set[int]],
    here: str,
) -> list[Baris]:
    """Return the rows; an address of one carries ``here``, where the person comes back to."""
    spec = view.spec
    fields = spec.pick(listing.names)
    showers = [shower(field) for field in fields]
    statuses = [f.kind == "pilihan" and f.name.startswith("status") for f in fields]
    edited = [f.name in spec.screen.edit_in_list for f in fields]
    addresses = (
        ("show", details_address(view, spec, here)(ID)),
        ("edit", _address(view, ".edit_view", here)(ID)),
        ("delete", _address(view, ".delete_confirm_view", here)(ID)),
    )
    found = []
    for row in rows:
        id_, revisi, *values = tuple(row)[: 2 + len(fields)]
        may_edit = id_ in may["edit"]
        texts = [show(value) for show, value in zip(showers, values, strict=True)]
        found.append(
            Baris(
                id_,
                revisi,
                texts[0] or str(id_),
                [
                    Sel(text, status, stored(value) if may_edit and in_list else None)
                    for text, status, in_list, value in zip(
                        texts, statuses, edited, values, strict=True
                    )
                ],
                Pola(*(url if id_ in may[action] else None for action, url in addresses)),
            )
        )
    return found


def details_address(view: View, spec: EntitySpec, here: str | None) -> Callable[[object], str]:
    """Return how the address of a row's details is made: its own page where the model has one."""
    if spec.screen.page is not None:
        return _address(view, spec.screen.page, None)
    return _address(view, f"{spec.slug}.details_view", here)


def _address(view: View, endpoint: str, here: str | None) -> Callable[[object], str]:
    before, _, after = view.get_url(endpoint, id=NO_ID).partition(str(NO_ID))
    if here is not None:
        after += f"&url={quote(here, safe='')}"
    return lambda id_: f"{before}{id_}{after}"


def stored(value: Any) -> str:
    """Return a value as the control of a cell holds it."""
    if isinstance(value, bool):
        return "1" if value else "0"
    return "" if value is None else str(value)


def columns(view: View, listing: Listing, args: ViewArgs, fresh: ViewArgs) -> list[dict[str, Any]]:
    """Return the heads of the table, each with the address that orders by it."""
    found = []
    places = {name: index for index, name in enumerate(view.spec.screen.list)}
    sortable = set(view.spec.sortable)
    for field in view.spec.pick(listing.names):
        may_sort, index = field.name in sortable, places.get(field.name)
        sorted_ = ("desc" if args.sort_desc else "asc") if may_sort and args.sort == index else None
        turned = fresh.clone(sort=index, sort_desc=1 if sorted_ == "asc" else None)
        found.append(
            {
                "name": field.name,
                "label": label_of(field),
                "kelas": class_of(field),
                "buka": BUKA.format(class_of(field), label_of(field)),
                "sorted": sorted_,
                "sort_url": view._get_list_url(turned) if may_sort else None,
            }
        )
    return found


def cell_controls(spec: EntitySpec, options: Callable[[FieldSpec], Any]) -> dict[str, Any]:
    """Return the controls of the columns that are edited in the list."""
    return {
        field.name: {
            "type": KINDS[field.kind].input,
            "options": [("", "–")] * field.nullable + options(field),
        }
        for field in spec.pick(spec.screen.edit_in_list)
    }


def count_words(total: Total) -> str:
    """Return a count as the list says it: "590", "± 1.000.000", or "1.000+" where it stopped."""
    if total.known is not None:
        return str(show_number(total.known))
    if total.about is not None:
        return f"± {show_number(_rounded(total.about))}"
    return f"{show_number(COUNT_MOST)}+"


def _rounded(number: int) -> int:
    """Return an estimate without digits that it does not know."""
    unit: int = 10 ** max(0, len(str(number)) - 3)
    return round(number / unit) * unit


def pager(view: View, fresh: ViewArgs, found: Page) -> dict[str, Any]:
    """Return the addresses of the pages around this one, and which rows it shows.

    The first and the last page can be reached from everywhere; where nobody knows how many there
    are, the last ones are counted from the end.
    """
    number, known = found.number, found.total.known
    last = -1 if known is None else max(0, (known - 1) // view.page_size)
    ids = [row.id for row in found.rows] or [None]

    def url(page: int, beside: str = "", id_: int | None = None) -> str:
        is_near = (page if page >= 0 else -page - 1) * view.page_size <= OFFSET_MOST
        extra = {} if not beside or is_near or known is not None else {beside: id_}
        return view._get_list_url(fresh.clone(page=page, extra_args=extra))

    return {
        "first": url(0) if found.has_prev else None,
        "prev": url(number - 1, "sebelum", ids[0]) if found.has_prev else None,
        "next": url(number + 1, "sesudah", ids[-1]) if found.has_next else None,
        "last": url(last) if found.has_next else None,
        "text": _pager_text(view, found),
        "count_url": view._get_list_url(fresh.clone(page=number, extra_args={"hitung": 1}))
        if known is None
        else None,
    }


def _pager_text(view: View, found: Page) -> str:
    shown = len(found.rows)
    if found.number < 0:
        behind = (-found.number - 1) * view.page_size
        text = N_("%(dari)s–%(sampai)s dari akhir")
        facts = {"dari": show_number(behind + shown), "sampai": show_number(behind + 1)}
        return str(gettext(text) % facts)
    start = found.number * view.page_size
    return str(
        gettext(N_("%(dari)s–%(sampai)s dari %(total)s"))
        % {
            "dari": show_number(start + 1 if shown else 0),
            "sampai": show_number(start + shown),
            "total": count_words(found.total),
        }
    )
