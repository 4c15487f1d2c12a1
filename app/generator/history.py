"""What the pages of a row's history, of going back, and of Sampah draw; and what they ask for."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.generator.fields import WIB, label_of, show, show_date, show_moment
from app.generator.pages import View
from app.generator.spec import EntitySpec, FieldSpec
from app.models.base import Entity
from app.teks import N_

PER_PAGE = 20

UNSEEN = N_("(tidak terlihat)")
"""Stands for a related row that is gone, or outside the person's area."""


class Change(Protocol):
    """One change, as the port gives it; ``isi`` is column → (old, new).

    ``digabung``: it merged another row into the one whose history this is.
    """

    id: int
    waktu: datetime
    nama: str
    tindakan: str
    sumber_daya: str
    sebutan: str
    isi: Mapping[str, tuple[Any, Any]]
    catatan: str
    digabung: bool


class Discarded(Protocol):
    """One deleted row, as the port gives it."""

    id: int
    sebutan: str
    waktu: datetime
    nama: str


class History(Protocol):
    """The history of rows and what was deleted; `app.web.sejarah` answers for this request."""

    days: int

    def changes(
        self,
        row: Any,
        children: Sequence[type[Entity]],
        before: int | None,
        limit: int,
        merged: int | None,
    ) -> Sequence[Change]:
        """Return the newest changes of a row and its children, older than ``before``.

        ``merged``: of the row that this change merged into it, instead.
        """

    def values_before(self, row: Any, change_id: int, *, whole: bool) -> dict[str, Any]:
        """Return the values of a row from before a change: of its columns, or of all since."""

    def trash(
        self, model: type[Entity], *, group: str | None, before: int | None, limit: int
    ) -> Sequence[Discarded]:
        """Return what of a model was deleted and may be put back, newest first."""

    def put_back(self, model: type[Entity], trash_id: int, row: Any) -> None:
        """Fill a new row from what was deleted, with its children; the caller flushes."""

    def as_one(self) -> AbstractContextManager[str]:
        """Let what is deleted in the block be put back as one; give what names it."""

    def as_merged(self, gone: Any, kept_id: int, note: str) -> AbstractContextManager[None]:
        """Record what is flushed in the block as a merge, and ``gone`` with its last values."""

    def as_restored(self) -> AbstractContextManager[None]:
        """Record what is flushed in the block as restored."""


def has_history(spec: EntitySpec) -> bool:
    """Whether people write rows of this model; only then are changes recorded."""
    return bool({"add", "edit", "delete"} & set(spec.actions))


def children_of(view: View, spec: EntitySpec) -> list[EntitySpec]:
    """Return the entities edited in the form of this one that the person may see."""
    found = [view.specs[child.resource] for child in spec.inline]
    return [child for child in found if view.pelaku().may(child.resource, "show")]


@dataclass(frozen=True)
class Place:
    """Which part of a history is shown: of ``row``, or of the one ``merged`` into it."""

    row: Any
    before: int | None
    merged: int | None
    may_edit: bool

    def url(self, view: View, **more: Any) -> str:
        """Return the address of another part of it."""
        merged = {"gabung": self.merged} if self.merged else {}
        return view.get_url(".history_view", id=self.row.id, **(merged | more))


def history_context(view: View, found: Sequence[Change], place: Place) -> dict[str, Any]:
    """Return the context of `data/riwayat.html`; ``found`` may hold one change of the next page."""
    spec, row = view.spec, place.row
    has_older, found = len(found) > PER_PAGE, found[:PER_PAGE]
    told = [(view.specs[c.sumber_daya], c.isi) for c in found]
    titles = _titles(view.db(), view.specs, told)
    since = getattr(row, "created_at", None) if place.merged is None else None
    details = view.get_url(f"{spec.slug}.details_view", id=row.id)
    return {
        "row_label": gettext(str(row)),
        "merged": place.merged is not None,
        "changes": [_change(view, place, change, titles) for change in found],
        "since": show_moment(since) if since is not None and not has_older else "",
        "older_url": place.url(view, sebelum=found[-1].id) if has_older else None,
        "newest_url": place.url(view) if place.before is not None else None,
        "back_url": details if place.merged is None else place.url(view, gabung=None),
    }


def _change(view: View, place: Place, change: Change, titles: Mapping[Any, str]) -> dict[str, Any]:
    spec = view.specs[change.sumber_daya]
    is_own = spec.resource == view.spec.resource and not change.digabung
    fields = _shown(view, spec, change.isi)
    return {
        "tindakan": gettext(change.tindakan),
        "anak": "" if is_own else f"{gettext(spec.screen.label)}: {gettext(change.sebutan)}",
        "nama": gettext(change.nama),
        "waktu": show_moment(change.waktu),
        # What a merged row held stands in its own history.
        "isi": [] if change.digabung else _pairs(fields, change.isi, titles),
        "lain": sum(name in spec.fields for name in change.isi) > len(fields),
        "catatan": change.catatan,
        "gabung_url": place.url(view, gabung=change.id) if change.digabung else None,
        "url": view.get_url(".revert_view", id=place.row.id, perubahan=change.id)
        if is_own and place.may_edit and any(f.name in spec.form_names for f in fields)
        else None,
    }


def _shown(view: View, spec: EntitySpec, isi: Mapping[str, Any]) -> tuple[FieldSpec, ...]:
    """Return the fields of a change that the person sees on the page or in the form of the row."""
    names = {name for names in spec.detail.values() for name in names}
    if view.pelaku().may(spec.resource, "edit"):
        names |= set(spec.form_names)
    secret = {f.name for f in spec.fields.values() if f.kind == "sandi" and not f.virtual}
    return spec.pick(n for n in isi if n in spec.fields and n in names | secret)


def _pairs(
    fields: Sequence[FieldSpec], isi: Mapping[str, Sequence[Any]], titles: Mapping[Any, str]
) -> list[dict[str, str]]:
    return [
        {"label": label_of(f), "lama": old, "baru": new}
        for f in fields
        for old, new in [[_text(f, value, titles) for value in isi[f.name]]]
    ]


def tell(
    session: Session,
    specs: Mapping[str, EntitySpec],
    changes: Sequence[tuple[EntitySpec, Mapping[str, Sequence[Any]]]],
) -> list[list[dict[str, str]]]:
    """Return each change (column → old, new) as label and two texts, as a person reads them."""
    titles = _titles(session, specs, changes)
    return [_pairs(spec.pick(isi), isi, titles) for spec, isi in changes]


def _text(field: FieldSpec, value: Any, titles: Mapping[Any, str]) -> str:
    if field.kind == "sandi":
        return "••••"
    if field.target is not None and value is not None:
        return titles.get((field.target, value)) or gettext(UNSEEN)
    return show(field, value)


def _titles(
    session: Session,
    specs: Mapping[str, EntitySpec],
    changes: Sequence[tuple[EntitySpec, Mapping[str, Sequence[Any]]]],
) -> dict[tuple[str, int], str]:
    """Return the titles of the related rows that the person may read, in one query a target."""
    wanted: dict[str, set[int]] = {}
    for spec, isi in changes:
        for field in spec.pick(n for n in isi if n in spec.fields):
            if field.target is not None:
                ids = {value for value in isi[field.name] if value is not None}
                wanted.setdefault(field.target, set()).update(ids)
    found = {}
    for target, ids in wanted.items():
        model: Any = specs[target].model
        query = select(model.id, getattr(model, specs[target].screen.title))
        for id_, title in session.execute(query.where(model.id.in_(ids))):
            found[target, id_] = gettext(str(title))
    return found


def differing(spec: EntitySpec, row: Any, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return those of ``values`` that a form may write and that the row does not have now."""
    may = {f.name for f in spec.pick(spec.form_names) if not f.virtual and f.kind != "sandi"}
    return {n: v for n, v in values.items() if n in may and getattr(row, n) != v}


def revert_context(view: View, row: Any, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the context of `data/kembalikan.html`: each value now, and as it would be."""
    pairs = {name: (getattr(row, name), value) for name, value in values.items()}
    (rows,) = tell(view.db(), view.specs, [(view.spec, pairs)])
    return {
        "row_label": gettext(str(row)),
        "row_id": row.id,
        "revisi": row.revisi,
        "rows": rows,
        "back_url": view.get_url(".history_view", id=row.id),
    }


def trash_context(
    view: View, found: Sequence[Discarded], *, days: int, before: int | None
) -> dict[str, Any]:
    """Return the context of `data/sampah.html`; ``found`` may hold one row of the next page."""
    has_older, found = len(found) > PER_PAGE, found[:PER_PAGE]
    return {
        "rows": [
            {
                "id": row.id,
                "sebutan": gettext(row.sebutan) or "–",
                "waktu": show_moment(row.waktu),
                "nama": row.nama,
                "sampai": _day(row.waktu + timedelta(days=days)),
            }
            for row in found
        ],
        "days": days,
        "older_url": view.get_url(".trash_view", sebelum=found[-1].id) if has_older else None,
        "newest_url": view.get_url(".trash_view") if before is not None else None,
        "back_url": view.get_url(".index_view"),
    }


def _day(moment: datetime) -> str:
    return show_date(moment.astimezone(WIB).date())
