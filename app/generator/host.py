"""What Flask-Admin asks of a model backend, answered from a spec; and what a person may do here.

Flask-Admin gives routing, URL arguments and the filter registry; the spec gives the rest.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask_admin.model.base import BaseModelView, ViewArgs
from flask_admin.model.filters import BaseFilter
from flask_babel import gettext, lazy_gettext
from markupsafe import Markup
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.errors import DataTidakValidError
from app.generator import listing as rows
from app.generator.columns import Keep
from app.generator.editing import Editor
from app.generator.filters import OPERATORS, SUBTREE, operators_of, parse
from app.generator.history import History
from app.generator.imports.ports import Book
from app.generator.jobs import Jobs
from app.generator.lookups import Lookup
from app.generator.once import Once
from app.generator.paging import Place
from app.generator.spec import EntitySpec, FieldSpec
from app.models.pelaku import Pelaku
from app.models.policy import current_pelaku
from app.models.validation import INTEGER_LIMIT

ACTION_OF = {
    "index_view": "list",
    "tree_view": "list",
    "details_view": "show",
    "unmask_view": "show",
    "create_view": "add",
    "edit_view": "edit",
    "ajax_update": "edit",
    "delete_view": "delete",
    "delete_confirm_view": "delete",
    "action_view": "delete",
    "bulk_view": "edit",
    "export": "export",
    "export_csv": "export",
    "export_later": "export",
    "ajax_lookup": "list",
    "history_view": "show",
    "revert_view": "edit",
    "trash_view": "delete",
    "restore_view": "delete",
    "duplicates_view": "edit",
    "merge_view": "delete",
} | dict.fromkeys(
    (
        *("import_view", "import_template", "import_columns", "import_result"),
        *("import_run", "import_undo", "import_rejected"),
    ),
    "import",
)

STANDARD_ACTIONS = ("list", "show", "add", "edit", "delete", "export", "import")

Record = Callable[[EntitySpec, Pelaku, Sequence[str], int, str, str | None], None]
"""Writes the note of an export: entity, who, filters in words, rows, sha256, reason."""

Unmask = Callable[[EntitySpec, Any, str, str], str]
"""Logs and returns a sensitive value: entity, row, column, reason."""


PLACE_ARGS = ("sesudah", "sebelum", "hitung")
"""URL arguments of a place in a list: the row beside the page, and whether to count in full."""


def place_of(args: ViewArgs) -> Place:
    """Return the place in the list that an address names; what is no id is no place."""
    extra = args.extra_args
    after, before = (
        id_ if id_ is not None and 0 < id_ <= INTEGER_LIMIT else None
        for id_ in (extra.get("sesudah"), extra.get("sebelum"))
    )
    return Place(int(args.page or 0), after, before, bool(extra.get("hitung")))


class SpecFilter(BaseFilter):
    """One filter of a list, as Flask-Admin's registry holds it."""

    def __init__(self, field: FieldSpec, operator: str, *, is_tree: bool) -> None:
        super().__init__(field.name)
        self.field = field
        self.operator = operator
        self.is_tree = is_tree
        self.label = (SUBTREE if is_tree else OPERATORS[operator]).label

    @property
    def arg(self) -> str:
        """The name of the URL argument after its ``flt0_``."""
        return f"{self.field.name}_{self.operator}"

    def operation(self) -> Any:
        return lazy_gettext(self.label)

    def validate(self, value: str) -> bool:
        try:
            parse(self.field, self.operator, value)
        except DataTidakValidError:
            return False
        return True


class HostView(BaseModelView):
    """The backend of the generated screens of ``spec``; rights are asked anew on each request."""

    column_display_pk = False
    can_set_page_size = False

    def __init__(
        self,
        spec: EntitySpec,
        specs: Mapping[str, EntitySpec],
        session: Callable[[], Session],
        *,
        settings: Mapping[str, Any],
        record: Record,
        unmask: Unmask,
        keep: Keep,
        book: Book,
        jobs: Jobs,
        once: Once,
        history: History,
    ) -> None:
        self.spec = spec
        self.specs = specs
        self.db = session
        self.record = record
        self.unmask = unmask
        self.keep = keep
        self.book = book
        self.jobs = jobs
        self.upload_mb = int(settings["BANGKIT_IMPOR_MAKS_MB"])
        self.once = once
        self.history = history
        self.page_size = int(settings["BANGKIT_HALAMAN_BARIS"])
        self.separator = str(settings["BANGKIT_CSV_PEMISAH"])
        self.drawn: dict[Any, Markup] = {}
        self.unit = str(settings["BANGKIT_NAMA_UNIT"])
        self.editor = Editor(spec, specs, session)
        super().__init__(spec.model, name=spec.screen.plural, endpoint=spec.slug, url=self._url())

    def _url(self) -> str:
        return f"/data/{self.spec.slug}"

    # What Flask-Admin asks of a model backend.

    def _refresh_cache(self) -> None:
        self._list_columns = [(name, name) for name in self.spec.screen.list]
        self._form_ajax_refs: dict[str, Any] = {}
        self._refresh_filters_cache()

    def get_filters(self) -> list[BaseFilter]:
        return [
            SpecFilter(field, operator, is_tree=self._is_tree(field) and operator == "sama")
            for field in self.spec.pick(self.spec.screen.filter)
            for operator in operators_of(field)
        ]

    def _is_tree(self, field: FieldSpec) -> bool:
        target = self.specs.get(field.target or "")
        return target is not None and target.screen.tree is not None

    def get_filter_arg(self, index: int, flt: BaseFilter) -> str:
        return str(flt.arg)

    def _get_list_extra_args(self) -> ViewArgs:
        """Read the list's own arguments; a foreign one is not carried from page to page."""
        args = super()._get_list_extra_args()
        read = {name: request.args.get(name, type=int) for name in PLACE_ARGS}
        args.extra_args = {name: value for name, value in read.items() if value is not None}
        args.search = (args.search or "").replace("\x00", "").strip()[:200] or None
        return args

    def _get_list_filter_args(self) -> list[Any]:
        """Read the filters of the address: an empty one is not set, a wrong one is told."""
        found = []
        for arg, values in request.args.lists():
            prefix, _, key = arg.partition("_")
            known = (self._filter_args or {}).get(key)
            value = ",".join(values) if key.endswith("_salah_satu") else values[0]
            if known is None or not prefix.startswith("flt") or not value.strip():
                continue
            index, flt = known
            if flt.validate(value):
                found.append((index, flt.name, value))
            else:
                text = gettext("Saringan %(kolom)s diabaikan: nilainya tidak dikenal.")
                flash(text % {"kolom": gettext(flt.field.label)}, "warning")
        return found

    def get_pk_value(self, model: Any) -> Any:
        return model.id

    def get_one(self, id: Any, action: str = "show") -> Any:
        return rows.load(self.db(), self.spec, id, action)

    # Rights.

    def pelaku(self) -> Pelaku:
        """Return the signed-in person; `_handle_view` has sent everyone else away."""
        pelaku = current_pelaku(self.db())
        if pelaku is None:
            raise TypeError("a generated screen without a signed-in person")
        return pelaku

    def may(self, action: str) -> bool:
        """Whether the signed-in person may do this here, in whatever area."""
        return self.pelaku().may(self.spec.resource, action)

    def _handle_view(self, name: str, **kwargs: Any) -> Any:
        if current_pelaku(self.db()) is None:
            here = request.script_root + request.full_path.rstrip("?")
            return redirect(url_for("AuthDBView.login", next=here))
        if not self.may(ACTION_OF[name]):
            abort(403)
        return None

    def _run_view(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Run the view once; the host would run it again after a TypeError of its own."""
        return fn(self, *args, **kwargs)

    def _rights(self) -> dict[str, bool]:
        return {a: self.may(a) for a in STANDARD_ACTIONS}

    def urls(self) -> dict[str, str]:
        """Return the addresses the templates link to."""
        names = {"list": "index_view", "new": "create_view", "delete": "delete_view"}
        names |= {"action": "action_view", "ajax_update": "ajax_update", "unmask": "unmask_view"}
        names |= {"delete_confirm": "delete_confirm_view", "trash": "trash_view"}
        names |= {"restore": "restore_view", "revert": "revert_view", "import": "import_view"}
        if self.spec.screen.duplicates:
            names["duplicates"] = "duplicates_view"
        if self.spec.screen.tree:
            names["tree"] = "tree_view"
        return {key: self.get_url(f".{name}") for key, name in names.items()}

    def _draw(self, template: str, **context: Any) -> str:
        return str(
            self.render(
                template,
                spec=self.spec,
                can=self._rights(),
                url=self.urls(),
                sampah_hari=self.history.days,
                **context,
            )
        )

    def _missing(self) -> Response:
        abort(404)

    def lookup(self, name: str) -> Lookup | None:
        """Return the look-up of a form field, or of ``anak.kolom`` of an inline child."""
        spec, column = self.spec, name
        if "." in name:
            relation, column = name.split(".", 1)
            child = next((c for c in self.spec.inline if c.relation == relation), None)
            if child is None:
                return None
            spec = self.specs[child.resource]
        field = spec.fields.get(column) if column in spec.form_names else None
        if field is None or field.target is None:
            return None
        return Lookup(self.db, self.specs, field, spec)

    def filter_lookup(self, name: str) -> Lookup | None:
        """Return the look-up of a filter; one on a tree takes any node, for its whole subtree."""
        field = self.spec.fields.get(name) if name in self.spec.screen.filter else None
        if field is None or field.target is None:
            return None
        return Lookup(
            self.db, self.specs, replace(field, pick=()) if self._is_tree(field) else field
        )
