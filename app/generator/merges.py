"""Merges two rows that are one: what each holds, which values are kept, and the act itself."""

from collections.abc import Collection
from typing import Any

from flask_babel import gettext
from sqlalchemy.orm import Session

from app.generator.fields import label_of
from app.generator.history import History, tell
from app.generator.pages import View
from app.generator.spec import EntitySpec, FieldSpec
from app.generator.writing import assign, delete, save
from app.models.gabung import count_references, move_references

SHORTEST_REASON = 5


def differing(spec: EntitySpec, kept: Any, gone: Any) -> tuple[FieldSpec, ...]:
    """Return the fields of the form in which the two rows differ."""
    fields = [f for f in spec.pick(spec.form_names) if not f.virtual and f.kind != "sandi"]
    return tuple(f for f in fields if getattr(kept, f.name) != getattr(gone, f.name))


def proposed(spec: EntitySpec, kept: Any, gone: Any) -> set[str]:
    """Return the fields to take from the row that goes: those that are blank in the other."""
    fields = differing(spec, kept, gone)
    return {f.name for f in fields if getattr(kept, f.name) in (None, "")}


def clashing(spec: EntitySpec, kept: Any, gone: Any) -> list[FieldSpec]:
    """Return the columns of the key in which the rows differ: they may be two after all."""
    return [f for f in differing(spec, kept, gone) if f.name in spec.screen.key]


def merge(
    session: Session,
    spec: EntitySpec,
    kept: Any,
    gone: Any,
    taken: Collection[str],
    note: str,
    history: History,
) -> None:
    """Merge ``gone`` into ``kept`` with these of its values, and flush; the caller commits.

    What points at it moves along; it lies in Sampah, its history stays with the kept row.

    Raises:
        BangkitError: somebody changed a row meanwhile, or the rules refuse; all is rolled back.
    """
    values = {f.name: getattr(gone, f.name) for f in spec.pick(taken)}

    def change() -> None:
        move_references(session, gone, kept)
        delete(session, spec, gone)  # first, so that its number is free
        assign(kept, values)

    with history.as_merged(gone, kept.id, note):
        save(session, spec, kept, change)


def merge_context(view: View, kept: Any, gone: Any, taken: Collection[str]) -> dict[str, Any]:
    """Return the context of `data/gabung.html`."""
    spec, session = view.spec, view.db()
    fields = differing(spec, kept, gone)
    pairs = {f.name: (getattr(kept, f.name), getattr(gone, f.name)) for f in fields}
    (rows,) = tell(session, view.specs, [(spec, pairs)])
    return {
        "simpan": {"id": kept.id, "label": gettext(str(kept)), "revisi": kept.revisi},
        "lepas": {"id": gone.id, "label": gettext(str(gone)), "revisi": gone.revisi},
        "rows": [
            {**row, "name": f.name, "taken": f.name in taken}
            for f, row in zip(fields, rows, strict=True)
        ],
        "beda_kunci": [label_of(f) for f in clashing(spec, kept, gone)],
        "ikut": [
            (gettext(view.specs[name].screen.label), number)
            for name, number in count_references(session, gone).items()
        ],
        "tukar_url": view.get_url(".merge_view", simpan=gone.id, lepas=kept.id),
        "back_url": view.get_url(".duplicates_view"),
    }
