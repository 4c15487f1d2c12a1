"""Flask-Admin screens of one entity: list, details, form, delete, bulk, in-list edit, look-up, CSV.

Flask-Admin gives routing, URL arguments and the filter registry; rows come from `listing`, forms
from `forms`, and what a person may do from the `Pelaku` bound to the session.
"""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Response, abort, flash, redirect, request, stream_with_context, url_for
from flask_admin.base import expose
from flask_admin.helpers import get_redirect_target
from flask_admin.model.base import BaseModelView, ViewArgs
from flask_admin.model.filters import BaseFilter
from flask_babel import gettext, lazy_gettext, ngettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as BaseResponse

from app.errors import BangkitError, DataBerubahError, DataTidakValidError
from app.generator import details, pages
from app.generator import listing as rows
from app.generator.editing import Editor
from app.generator.exports import csv_lines
from app.generator.filters import OPERATORS, SUBTREE, operators_of, parse
from app.generator.listing import Listing
from app.generator.lookups import Lookup
from app.generator.spec import EntitySpec, FieldSpec
from app.generator.writing import delete, save
from app.models.policy import current_pelaku
from app.teks import N_

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
    "export": "export",
    "ajax_lookup": "list",
}

Record = Callable[[EntitySpec, Mapping[str, str], int, str], None]
"""Writes the log line of an export: entity, filters as text, rows, sha256."""

Unmask = Callable[[EntitySpec, Any, str, str], str]
"""Logs and returns a sensitive value: entity, row, column, reason."""


class SpecFilter(BaseFilter):
    """One filter of a list, as Flask-Admin's registry holds it."""

    def __init__(self, field: FieldSpec, operator: str, *, is_tree: bool) -> None:
        super().__init__(field.name)
        self.field = field
        self.operator = operator
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


class EntityView(BaseModelView):
    """The generated screens of ``spec``; rights are asked anew on every request."""

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
    ) -> None:
        self.spec = spec
        self.specs = specs
        self.db = session
        self.record = record
        self.unmask = unmask
        self.page_size = int(settings["BANGKIT_HALAMAN_BARIS"])
        self.separator = str(settings["BANGKIT_CSV_PEMISAH"])
        self.editor = Editor(spec, specs, session)
        super().__init__(spec.model, name=spec.screen.plural, endpoint=spec.table, url=self._url())

    def _url(self) -> str:
        return f"/data/{self.spec.table}"

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

    def get_pk_value(self, model: Any) -> Any:
        return model.id

    def get_one(self, id: Any, action: str = "show") -> Any:
        return rows.load(self.db(), self.spec, id, action)

    # Rights.

    def may(self, action: str) -> bool:
        """Whether the signed-in person may do this here, in whatever area."""
        pelaku = current_pelaku(self.db())
        return pelaku is not None and pelaku.may(self.spec.resource, action)

    def _handle_view(self, name: str, **kwargs: Any) -> Any:
        if current_pelaku(self.db()) is None:
            return redirect(url_for("AuthDBView.login", next=request.full_path.rstrip("?")))
        if not self.may(ACTION_OF[name]):
            abort(403)
        return None

    def _rights(self) -> dict[str, bool]:
        return {a: self.may(a) for a in ("list", "show", "add", "edit", "delete", "export")}

    def urls(self) -> dict[str, str]:
        """Return the addresses the templates link to."""
        names = {"list": "index_view", "new": "create_view", "delete": "delete_view"}
        names |= {"action": "action_view", "ajax_update": "ajax_update", "unmask": "unmask_view"}
        names |= {"delete_confirm": "delete_confirm_view"}
        if self.spec.screen.tree:
            names["tree"] = "tree_view"
        return {key: self.get_url(f".{name}") for key, name in names.items()}

    def _draw(self, template: str, **context: Any) -> str:
        return str(
            self.render(template, spec=self.spec, can=self._rights(), url=self.urls(), **context)
        )

    def _missing(self) -> BaseResponse:
        abort(404)

    # List.

    def _listing(self, args: ViewArgs, names: tuple[str, ...], action: str = "list") -> Listing:
        column = self._get_column_by_idx(args.sort)
        order = None if column is None else ("-" if args.sort_desc else "") + str(column[0])
        filters = tuple(
            (flt.field.name, flt.operator, str(value))
            for index, _, value in args.filters or ()
            for flt in [self._filters[index]]
        )
        search = (args.search or "").replace("\x00", "") if self.spec.screen.search else ""
        return Listing(self.spec, names, search, filters, order, action=action)

    @expose("/")
    def index_view(self) -> str:
        """Show one page of the list."""
        args = self._get_list_extra_args()
        listing = self._listing(args, self.spec.screen.list)
        total = rows.count(self.db(), listing, self.specs)
        args.page = min(max(args.page, 0), max(0, (total - 1) // self.page_size))
        found = rows.page(
            self.db(),
            listing,
            self.specs,
            offset=args.page * self.page_size,
            limit=self.page_size,
        )
        return self._draw(
            "data/daftar.html", **pages.list_context(self, args, listing, found, total)
        )

    @expose("/export/csv/")
    def export(self) -> Response:
        """Send the list as CSV: same filters, order, scope and masks."""
        args = self._get_list_extra_args()
        listing = self._listing(args, self.spec.export_names, "export")
        words = {c["text"]: "" for c in pages.chips(self, args)} | {"cari": args.search or ""}

        def done(count: int, sha256: str) -> None:
            self.record(self.spec, words, count, sha256)

        lines = csv_lines(self.db(), listing, self.specs, self.separator, done)
        response = Response(stream_with_context(lines), mimetype="text/csv; charset=utf-8")
        response.headers["Content-Disposition"] = f'attachment; filename="{self.spec.table}.csv"'
        return response

    @expose("/pohon/")
    def tree_view(self) -> Any:
        """Show a self-referencing model as a tree."""
        if self.spec.screen.tree is None:
            return self._missing()
        return self._draw(
            "data/pohon.html", nodes=details.tree(self), list_url=self.get_url(".index_view")
        )

    # One row.

    @expose("/details/")
    def details_view(self) -> Any:
        """Show one row with its related lists."""
        row = self.get_one(request.args.get("id"))
        if row is None:
            return self._missing()
        return self._draw("data/rincian.html", **details.detail_context(self, row, {}))

    @expose("/unmask/", methods=("POST",))
    def unmask_view(self) -> Any:
        """Show a sensitive value once, for a reason that is logged."""
        column = request.form.get("kolom", "")
        row = self.get_one(request.form.get("id"), f"buka_{column}")
        if row is None or column not in self.spec.screen.sensitive:
            return self._missing()
        reason = request.form.get("alasan", "").strip()
        opened: dict[str, str] = {}
        if len(reason) < 5:
            flash(gettext("Tulis alasan membuka data ini, paling sedikit 5 huruf."), "error")
        else:
            opened[column] = self.unmask(self.spec, row, column, reason[:200])
        row = self.get_one(request.form.get("id"))
        if row is None:
            return self._missing()
        return self._draw("data/rincian.html", **details.detail_context(self, row, opened))

    @expose("/new/", methods=("GET", "POST"))
    def create_view(self) -> Any:
        """Show and take the form of a new row."""
        edit = self.editor.bind(None, request.form if request.method == "POST" else None)
        if request.method == "POST" and self._store(edit, N_("%(label)s sudah ditambahkan.")):
            return self._after(edit.row)
        return self._form_page(edit)

    @expose("/edit/", methods=("GET", "POST"))
    def edit_view(self) -> Any:
        """Show and take the form of an existing row."""
        row = self.get_one(request.args.get("id"), "edit")
        if row is None:
            return self._missing()
        edit = self.editor.bind(row, request.form if request.method == "POST" else None)
        if request.method == "POST" and self._store(edit, N_("Perubahan sudah disimpan.")):
            return self._after(edit.row)
        return self._form_page(edit)

    def _form_page(self, edit: Any) -> Any:
        context = edit.context(self.get_url(".ajax_lookup"))
        cancel = get_redirect_target() or self.get_url(".index_view")
        page = self._draw("data/form.html", cancel_url=cancel, return_url=cancel, **context)
        return (page, edit.status) if edit.status != 200 else page

    def _store(self, edit: Any, message: str) -> bool:
        if not edit.save():
            return False
        self.db().commit()
        flash(gettext(message) % {"label": gettext(self.spec.screen.label)}, "success")
        return True

    def _after(self, row: Any) -> BaseResponse:
        if "_add_another" in request.form:
            return redirect(self.get_url(".create_view"))
        if "_continue_editing" in request.form:
            return redirect(self.get_url(".edit_view", id=row.id))
        return redirect(get_redirect_target() or self.get_url(".index_view"))

    # Deleting.

    @expose("/delete/", methods=("POST",))
    def delete_view(self) -> BaseResponse:
        """Delete one row."""
        row = self.get_one(request.form.get("id"), "delete")
        if row is None:
            return self._missing()
        if self._delete(row):
            flash(gettext("Data sudah dihapus."), "success")
        return redirect(get_redirect_target() or self.get_url(".index_view"))

    @expose("/delete/confirm/")
    def delete_confirm_view(self) -> Any:
        """Ask before deleting, for a browser without script."""
        row = self.get_one(request.args.get("id"), "delete")
        if row is None:
            return self._missing()
        back = get_redirect_target() or self.get_url(".index_view")
        return self._draw(
            "data/hapus.html", row_label=str(row), row_id=row.id, return_url=back, cancel_url=back
        )

    def _delete(self, row: Any) -> bool:
        try:
            delete(self.db(), self.spec, row)
        except BangkitError as error:
            self.db().rollback()
            flash(gettext(error.message) % error.params, "error")
            return False
        self.db().commit()
        return True

    @expose("/action/", methods=("POST",))
    def action_view(self) -> BaseResponse:
        """Delete the ticked rows, each by itself; what cannot be deleted stays and is named."""
        done = 0
        for id_ in request.form.getlist("rowid")[:500]:
            row = self.get_one(id_, "delete")
            if row is None:
                return self._missing()
            done += self._delete(row)
        flash(
            ngettext("%(num)d data dihapus.", "%(num)d data dihapus.", done),
            "success" if done else "info",
        )
        return redirect(get_redirect_target() or self.get_url(".index_view"))

    # Small answers for the script.

    @expose("/ajax/lookup/")
    def ajax_lookup(self) -> Any:
        """Return choices of a relation as JSON ``[[id, label], …]``."""
        lookup = self.lookup(request.args.get("name", ""))
        if lookup is None:
            return self._missing()
        offset = max(0, request.args.get("offset", 0, type=int))
        return lookup.search(request.args.get("query", "")[:100], offset=min(offset, 10_000))

    def lookup(self, name: str) -> Lookup | None:
        """Return the look-up of a form field, a filter, or ``anak.kolom`` of an inline child."""
        spec, column = self.spec, name
        if "." in name:
            relation, column = name.split(".", 1)
            child = next((c for c in self.spec.inline if c.relation == relation), None)
            if child is None:
                return None
            spec = self.specs[child.resource]
        allowed = {*spec.form_names, *spec.screen.filter}
        field = spec.fields.get(column) if column in allowed else None
        if field is None or field.target is None:
            return None
        return Lookup(self.db, self.specs, field)

    @expose("/ajax/update/", methods=("POST",))
    def ajax_update(self) -> Any:
        """Change one column of one row from the list."""
        names = [n for n in self.spec.screen.edit_in_list if n in request.form]
        if len(names) != 1:
            return self._missing()
        row = self.get_one(request.form.get("list_form_pk"), "edit")
        if row is None:
            return self._missing()
        if request.form.get("revisi", type=int) != row.revisi:
            raise DataBerubahError(
                N_("Data ini baru saja diubah orang lain. Muat ulang daftarnya.")
            )
        field = self.editor.single(names[0], request.form)
        if not field.validate():
            raise DataTidakValidError({names[0]: str(field.summary()[0][2])})
        save(self.db(), self.spec, row, lambda: field[names[0]].populate_obj(row, names[0]))
        self.db().commit()
        return {"message": gettext("Tersimpan."), "revisi": row.revisi}
